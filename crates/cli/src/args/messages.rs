//! Messages: one to send, and those that were sent.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

#[derive(Group)]
pub(crate) struct Send {
    /// Name or id of the connection
    #[arg(long)]
    pub(crate) connection: String,
    /// Addresses joined by commas
    #[arg(long, value_delimiter = ',', required_unless_present = "room", conflicts_with = "room")]
    pub(crate) to: Vec<String>,
    /// Name or id of a room
    #[arg(long)]
    pub(crate) room: Option<String>,
    /// The text; beside a file it is its caption and may be left out
    #[arg(long, required_unless_present = "file")]
    pub(crate) text: Option<String>,
    /// A file to send with it, read again when it leaves
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<PathBuf>,
    /// Addresses to mention, joined by commas
    #[arg(long, value_delimiter = ',')]
    pub(crate) mention: Vec<String>,
    /// Ask for a receipt when opened
    #[arg(long)]
    pub(crate) sealed: bool,
    /// File with an array of attachments
    #[arg(long, value_name = "FILE.json")]
    pub(crate) attachments: Option<PathBuf>,
    /// Name to show as the sender
    #[arg(long)]
    pub(crate) alias: Option<String>,
    /// Emoji to show beside the sender
    #[arg(long)]
    pub(crate) emoji: Option<String>,
    /// Address of a picture of the sender
    #[arg(long)]
    pub(crate) avatar: Option<String>,
    /// Id of the message that this one answers
    #[arg(long, value_name = "ID")]
    pub(crate) thread: Option<String>,
}

/// What was sent, and what nobody knows of it.
#[derive(Subcommand)]
pub(crate) enum Outbox {
    /// List messages and what became of them, newest first
    List {
        /// Only those before this delivery
        #[arg(long, value_name = "ID")]
        before: Option<String>,
        /// So many at most
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Ask the system what became of a message, where it knows our id
    Ask {
        /// Id of the delivery
        id: String,
    },
    /// Say what you found out about a message of which nobody knows whether it arrived
    Decide {
        /// Id of the delivery
        id: String,
        /// It arrived
        #[arg(long, required_unless_present = "lost", conflicts_with = "lost")]
        arrived: bool,
        /// It did not arrive
        #[arg(long)]
        lost: bool,
    },
    /// Take back a message that waits for its connection to be signed in
    Withdraw {
        /// Id of the delivery
        id: String,
    },
    /// Send a message again that was refused or did not arrive, under the same id
    Again {
        /// Id of the delivery
        id: String,
    },
}
