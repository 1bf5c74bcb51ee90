//! What can be typed after `calls`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub(crate) enum Calls {
    /// List calls, newest first
    List(CallList),
    /// Show one call with its legs and the untouched record
    Show {
        /// Id of the call
        id: String,
    },
    /// Write the note of a call: to the system where it keeps notes, else here
    Note {
        /// Id of the call
        id: String,
        /// The note; an empty one is taken away
        #[arg(long)]
        text: String,
    },
    /// Tell of calls as they ring, change and end, one line each, until interrupted
    Watch(Watch),
    /// Ask a system for the calls with these numbers and keep what it finds
    Ask(Ask),
    /// Recordings of a call
    Recording(Recording),
}

impl Calls {
    /// The connection that is named, for the report of a failure.
    pub(super) fn connection(&self) -> Option<&str> {
        match self {
            Self::List(list) => list.connection.as_deref(),
            Self::Watch(watch) => watch.connection.as_deref(),
            Self::Ask(ask) => Some(&ask.connection),
            Self::Show { .. } | Self::Note { .. } | Self::Recording(_) => None,
        }
    }
}

#[derive(Group)]
pub(crate) struct Watch {
    /// Of this connection; of all that tell of calls where none is named
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// End after this many seconds
    #[arg(long = "for", value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
}

#[derive(Group)]
pub(crate) struct Ask {
    /// Name or id of the connection
    #[arg(long)]
    pub(crate) connection: String,
    /// Numbers in any written form
    #[arg(required = true, value_name = "NUMBER")]
    pub(crate) numbers: Vec<String>,
    /// The most calls to list
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
}

#[derive(Group)]
pub(crate) struct Recording {
    /// Id of the call
    pub(crate) id: String,
    /// Write the sound of the first recording to this new file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Group)]
pub(crate) struct CallList {
    /// Of this connection
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// Begun at this instant or later
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Begun before this instant
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// Names, numbers and notes that hold this text
    #[arg(long, default_value = "")]
    pub(crate) search: String,
    /// Which way
    #[arg(long)]
    pub(crate) direction: Option<Way>,
    /// What became of it
    #[arg(long)]
    pub(crate) outcome: Option<Became>,
    /// This number on either side, in any written form
    #[arg(long)]
    pub(crate) number: Option<String>,
    /// This colleague took part
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<String>,
    /// The most calls to list
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
    /// Go on after this cursor, the `next` of the page before
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Way {
    Inbound,
    Outbound,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Became {
    Ringing,
    Answered,
    Missed,
    Voicemail,
    Refused,
    Failed,
    Unknown,
}
