//! What can be typed after `rooms`.

use clap::{Args as Group, Subcommand};

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
        }
    }
}
