//! What can be typed after `cti`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
    /// Write every row of every resource to one file, without secret values
    Snapshot {
        /// The file; it must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// Say what became different since a snapshot
    Drift {
        /// The snapshot; - is standard input
        file: PathBuf,
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// Stage rows as a snapshot has them, and commit them where that is said
    Restore(Restore),
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

#[derive(Args)]
pub(crate) struct Restore {
    /// The snapshot; - is standard input
    pub(crate) file: PathBuf,
    /// A row that is different, such as ContainmentLine/2; may be given several times
    #[arg(long, value_name = "RESOURCE/KEY", required_unless_present = "all")]
    pub(crate) row: Vec<String>,
    /// Every row that can be put back
    #[arg(long, conflicts_with = "row")]
    pub(crate) all: bool,
    /// Commit what was staged; without it, it waits for the window
    #[arg(long)]
    pub(crate) commit: bool,
    /// A resource where a write may start something on the service computer; may be given several times
    #[arg(long, value_name = "RESOURCE", requires = "commit")]
    pub(crate) confirm: Vec<String>,
    /// Name or id of the connection
    #[arg(long)]
    pub(crate) connection: String,
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
            | Self::Snapshot { connection, .. }
            | Self::Drift { connection, .. }
            | Self::Delete { connection, .. } => connection,
            Self::Restore(restore) => &restore.connection,
        }
    }
}
