//! What can be typed after `people` and `customers`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

use super::calls::{Encoding, Format};

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
    /// People who may be the same, are missing in other systems, are from outside or have left
    Health,
    /// Say that two identities of different systems are one person
    Link {
        /// Id of the one
        one: String,
        /// Id of the other
        other: String,
    },
    /// Say that two identities are two people, whatever the systems suggest
    Separate {
        /// Id of the one
        one: String,
        /// Id of the other
        other: String,
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
    /// Write customers to a file that an import reads again
    Export(ExportCustomers),
    /// Look at a table of customers, and put those who are new into an address book with --apply
    Import(ImportCustomers),
}

#[derive(Group)]
pub(crate) struct ExportCustomers {
    /// What kind of file
    #[arg(long)]
    pub(crate) format: Format,
    /// The new file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How a CSV file writes its letters
    #[arg(long, default_value = "utf-8-bom")]
    pub(crate) encoding: Encoding,
    /// Of this connection
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// Names, companies, addresses and numbers that hold this text
    #[arg(long, default_value = "")]
    pub(crate) search: String,
    /// Write over a file that is there already
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Group)]
pub(crate) struct ImportCustomers {
    /// CSV file with a head: name, kana, company, number, number2, number3, email, address, note, or their Japanese names; `-` is
    /// standard input
    pub(crate) file: PathBuf,
    /// Name or id of the connection, where several have an address book
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// Write, instead of showing what would be written
    #[arg(long)]
    pub(crate) apply: bool,
    /// Leave out columns that are not known here
    #[arg(long)]
    pub(crate) ignore_unknown: bool,
}
