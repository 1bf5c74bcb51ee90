//! What can be typed after `people` and `customers`.

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum People {
    /// List people known to any system
    List {
        /// Names and addresses that hold this text
        #[arg(long, default_value = "")]
        search: String,
    },
    /// Everybody whom a telephone number, an extension, an e-mail address or an id means, with the reason
    Match {
        /// A number in any written form, an e-mail address or an id
        #[arg(value_name = "NUMBER_OR_ID")]
        text: String,
    },
    /// Who is there and who speaks
    Presence {
        /// Of this connection; of all that know it where none is named
        #[arg(long)]
        connection: Option<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Customers {
    /// List customers by reading
    List {
        /// Of this connection
        #[arg(long)]
        connection: Option<String>,
        /// Names, companies, addresses and numbers that hold this text
        #[arg(long, default_value = "")]
        search: String,
    },
    /// Show one customer
    Show {
        /// Id of the customer
        id: String,
    },
}
