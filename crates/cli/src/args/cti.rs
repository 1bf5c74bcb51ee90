//! What can be typed after `cti`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum Cti {
    /// List the resources and what each allows
    Resources {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// List every row of a resource
    List {
        /// Path name, such as ContainmentLine
        resource: String,
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// Show one row of a resource
    Get {
        /// Path name, such as ContainmentLine
        resource: String,
        /// Key of the row
        key: String,
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// Make a row; the system chooses its key
    Create {
        /// Path name, such as ContainmentLine
        resource: String,
        /// File with one JSON object; - is standard input
        file: PathBuf,
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// Change some fields of a row; everything else stays as it is there
    Update {
        /// Path name, such as ContainmentLine
        resource: String,
        /// Key of the row
        key: String,
        /// File with one JSON object that holds only the fields to change; - is standard input
        file: PathBuf,
        /// File with the row as you saw it: nothing is written where one of these fields is different there by now
        #[arg(long, value_name = "FILE")]
        seen: Option<PathBuf>,
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// Remove a row
    Delete {
        /// Path name, such as ContainmentLine
        resource: String,
        /// Key of the row
        key: String,
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
}

impl Cti {
    /// The connection that is named.
    pub(crate) fn connection(&self) -> &str {
        match self {
            Self::Resources { connection }
            | Self::List { connection, .. }
            | Self::Get { connection, .. }
            | Self::Create { connection, .. }
            | Self::Update { connection, .. }
            | Self::Delete { connection, .. } => connection,
        }
    }
}
