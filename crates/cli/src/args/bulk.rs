//! Many messages planned as one.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};

/// Many messages: planned first, sent by `run`.
#[derive(Subcommand)]
pub(crate) enum Bulk {
    /// Look a file of messages through and keep it as a plan; nothing is sent
    Plan(PlanBulk),
    /// Send what waits of a plan; an interruption stops between two sends, and the next run goes on from there
    Run {
        /// Id of the plan
        id: String,
    },
    /// How far a plan is
    Status {
        /// Id of the plan
        id: String,
    },
    /// Send again what was refused
    Retry {
        /// Id of the plan
        id: String,
        /// And what is unknown, which may arrive twice where the system does not know our ids
        #[arg(long)]
        unknown: bool,
    },
    /// List the plans, newest first
    List,
    /// List the rows of a plan with what became of each
    Rows {
        /// Id of the plan
        id: String,
        /// Only these
        #[arg(long, value_enum, default_value_t = Show::All)]
        show: Show,
        /// Rows that come before the first one shown; 200 are shown at most
        #[arg(long, default_value_t = 0)]
        offset: u32,
    },
    /// Pause a plan, whichever program is sending it
    Pause {
        /// Id of the plan
        id: String,
    },
    /// End a plan for good; what has not left is withheld
    Stop {
        /// Id of the plan
        id: String,
    },
    /// Say of a row whether it arrived, where nobody knows
    Decide {
        /// Id of the plan
        id: String,
        /// Its number in the plan
        row: u32,
        /// It arrived
        #[arg(long, required_unless_present = "leave", conflicts_with = "leave")]
        arrived: bool,
        /// Leave it as it is
        #[arg(long)]
        leave: bool,
    },
    /// Forget a plan of which nothing was sent
    Remove {
        /// Id of the plan
        id: String,
    },
}

#[derive(Group)]
pub(crate) struct PlanBulk {
    /// A list of messages as Chat&Messenger documents it, or a table with columns to or users, room or send, message or text; every
    /// other column is a {{field}}
    pub(crate) file: PathBuf,
    /// Name or id of the connection
    #[arg(long)]
    pub(crate) connection: String,
    /// How the plan is called
    #[arg(long, default_value = "")]
    pub(crate) title: String,
    /// The text for rows that bring none
    #[arg(long, default_value = "")]
    pub(crate) text: String,
    /// Several messages in one request, where the system takes them so
    #[arg(long)]
    pub(crate) by_batch: bool,
    /// Milliseconds between two requests, where the system names no limit
    #[arg(long, value_name = "MS")]
    pub(crate) gap: Option<u32>,
    /// Write to addresses that the directory does not know all the same
    #[arg(long)]
    pub(crate) to_unknown: bool,
    /// Leave guests out
    #[arg(long)]
    pub(crate) skip_guests: bool,
    /// Leave out who got this very text in the last seven days
    #[arg(long)]
    pub(crate) skip_got_before: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Show {
    /// Every row
    All,
    /// Refused, unknown, or waiting for a sign-in
    NeedsYou,
    /// Not sent yet
    Waiting,
    /// The system has it
    Delivered,
}
