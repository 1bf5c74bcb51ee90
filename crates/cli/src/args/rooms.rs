//! What can be typed after `rooms`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};

use super::Encoding;

#[derive(Subcommand)]
pub(crate) enum Rooms {
    /// List conference rooms
    List {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// List bookings of a month or a day
    Reservations(Reservations),
    /// Show how rooms are used: by room, hour and weekday, what comes again, and what overlaps
    Report(Period),
    /// Write bookings or a report to a file
    Export(ExportRooms),
    /// Show one booking: what readings showed of it, who booked it, and what they were asked
    Show {
        /// Id of the booking
        id: String,
    },
    /// Ask who booked a room whether it is still needed
    Ask(AskOrganiser),
    /// Write down what they answered
    Answer {
        /// Id of the question
        question: String,
        /// The answer
        #[arg(value_enum)]
        answer: Answered,
    },
}

/// Days of the rooms of a connection; a month, or days from one on.
#[derive(Group)]
pub(crate) struct Period {
    /// Name or id of the connection
    #[arg(long)]
    pub(crate) connection: String,
    /// A month, such as 2019-08
    #[arg(long, value_name = "MONTH", required_unless_present = "from", conflicts_with = "from")]
    pub(crate) month: Option<String>,
    /// The first day, such as 2019-08-01
    #[arg(long, value_name = "DAY", requires = "days")]
    pub(crate) from: Option<String>,
    /// How many days, at most 92
    #[arg(long, value_name = "COUNT", requires = "from")]
    pub(crate) days: Option<u16>,
    /// Count what was read before, and ask the system for nothing
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Group)]
pub(crate) struct ExportRooms {
    #[command(flatten)]
    pub(crate) period: Period,
    /// What is written
    #[arg(long, value_enum, default_value = "bookings")]
    pub(crate) what: Written,
    /// Kind of file
    #[arg(long, value_enum)]
    pub(crate) format: RoomFormat,
    /// How a CSV file writes its letters
    #[arg(long, value_enum, default_value = "utf-8-bom")]
    pub(crate) encoding: Encoding,
    /// The file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// What of rooms is written to a file.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Written {
    Bookings,
    /// Use by room
    Occupancy,
    /// Use by hour and weekday
    Times,
    /// What comes again
    Series,
    Overlaps,
}

/// Kinds of files.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoomFormat {
    Csv,
    Xlsx,
    /// iCalendar, for bookings alone
    Ics,
}

#[derive(Group)]
pub(crate) struct AskOrganiser {
    /// Id of the booking
    pub(crate) id: String,
    /// The text
    #[arg(long)]
    pub(crate) text: String,
    /// Name or id of the connection that the message leaves through; needed where several reach them as well
    #[arg(long)]
    pub(crate) connection: Option<String>,
}

/// What an organiser answered.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Answered {
    /// The room is needed
    Needed,
    /// The room can be given to others
    NotNeeded,
    /// Nothing yet: takes an answer back
    Nothing,
}

#[derive(Group)]
pub(crate) struct Reservations {
    /// Name or id of the connection
    #[arg(long)]
    pub(crate) connection: String,
    /// A month, such as 2019-08
    #[arg(long, value_name = "MONTH", required_unless_present = "day", conflicts_with = "day")]
    pub(crate) month: Option<String>,
    /// A day, such as 2019-08-01
    #[arg(long, value_name = "DAY")]
    pub(crate) day: Option<String>,
}

impl Rooms {
    /// The connection that a command names.
    pub(crate) fn connection(&self) -> Option<&str> {
        match self {
            Self::List { connection } => Some(connection),
            Self::Reservations(which) => Some(&which.connection),
            Self::Report(period) => Some(&period.connection),
            Self::Export(export) => Some(&export.period.connection),
            Self::Ask(ask) => ask.connection.as_deref(),
            Self::Show { .. } | Self::Answer { .. } => None,
        }
    }
}
