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
    /// Write calls to a file, newest first
    Export(Export),
}

impl Calls {
    /// The connection that is named, for the report of a failure.
    pub(super) fn connection(&self) -> Option<&str> {
        match self {
            Self::List(list) => list.filter.connection.as_deref(),
            Self::Export(export) => export.filter.connection.as_deref(),
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
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// The most calls to list
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
    /// Go on after this cursor, the `next` of the page before
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Group)]
pub(crate) struct Export {
    /// What kind of file
    #[arg(long)]
    pub(crate) format: Format,
    /// The new file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How a CSV file writes its letters
    #[arg(long, default_value = "utf-8-bom")]
    pub(crate) encoding: Encoding,
    /// Hide all but the last four digits of outside numbers
    #[arg(long)]
    pub(crate) hide_numbers: bool,
    /// Write over a file that is there already
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) filter: Filter,
}

/// Which calls are meant.
#[derive(Group)]
pub(crate) struct Filter {
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
    /// Of this line or queue, by its exact name
    #[arg(long)]
    pub(crate) line: Option<String>,
    /// With this customer
    #[arg(long, value_name = "ID")]
    pub(crate) customer: Option<String>,
    /// Whether an address book has the outside number
    #[arg(long)]
    pub(crate) caller: Option<Caller>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Caller {
    Known,
    Unknown,
    Withheld,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Xlsx,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Encoding {
    #[value(name = "utf-8-bom")]
    Utf8Bom,
    #[value(name = "utf-8")]
    Utf8,
    Cp932,
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
