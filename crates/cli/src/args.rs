//! What can be typed: the commands and their options.

mod bulk;
mod calls;
mod cti;
mod messages;
mod people;
mod rooms;

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};

pub(crate) use bulk::{Bulk, PlanBulk, Show};
pub(crate) use calls::{Ask, Became, CallList, Caller, Calls, Encoding, Export, Filter, Format, Recording, Watch, Way};
pub(crate) use cti::{Cti, Restore};
pub(crate) use messages::{Outbox, Send};
pub(crate) use people::{Customers, ExportCustomers, ImportCustomers, People};
pub(crate) use rooms::{Answered, AskOrganiser, ExportRooms, Period, Reservations, RoomFormat, Rooms, Written};

/// One console over conference rooms, calls, chat rooms and messages. Secrets are read from standard input or from an environment
/// variable that you name, never from an argument.
#[derive(Parser)]
#[command(name = "frontdesk-cli", version)]
pub(crate) struct Args {
    /// Folder for everything the console stores [default: the platform's folder for application data]
    #[arg(long, global = true, env = "FRONTDESK_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Answer with one JSON document
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Add, list, sign in, test and remove connections
    #[command(subcommand)]
    Connections(Connections),
    /// Read what is new of these connections, or of all
    Sync {
        /// Names or ids of connections
        names: Vec<String>,
        /// Read calls from this instant on, at the first fill
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
    },
    /// List, show, note and watch calls
    #[command(subcommand)]
    Calls(Calls),
    /// List conference rooms and their bookings
    #[command(subcommand)]
    Rooms(Rooms),
    /// List and change chat rooms
    #[command(subcommand)]
    ChatRooms(ChatRooms),
    /// List people, linked across systems, and find out who a number or an id means
    #[command(subcommand)]
    People(People),
    /// List customers of the address books, and add some from a file
    #[command(subcommand)]
    Customers(Customers),
    /// Send one message
    Send(Send),
    /// List what was sent, and settle what nobody knows of it
    #[command(subcommand)]
    Outbox(Outbox),
    /// Send many messages from a file: planned first, paused and taken up at will
    #[command(subcommand)]
    Bulk(Bulk),
    /// Make a web-conference link
    #[command(subcommand)]
    QuickCall(QuickCall),
    /// Read and change administration resources
    #[command(subcommand)]
    Cti(Cti),
    /// List, check and export what was done at systems through this console
    #[command(subcommand)]
    Audit(Audit),
    /// Look at every connection and at the program itself, and say in plain words how they are
    Doctor {
        /// Names or ids of connections; all where none is named
        names: Vec<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Connections {
    /// Add a connection; its secrets go to the keyring
    Add(AddConnection),
    /// List connections
    List,
    /// Test a connection without changing anything
    Test {
        /// Name or id
        name: String,
    },
    /// Sign in with the page of the system in the browser, or with a user name and a password where it takes them
    SignIn(SignIn),
    /// Remove a connection, its secrets and its cached data
    Remove {
        /// Name or id
        name: String,
    },
}

#[derive(Group)]
pub(crate) struct SignIn {
    /// Name or id
    pub(crate) name: String,
    /// Only print the address of the page, and open no browser
    #[arg(long, conflicts_with = "user")]
    pub(crate) no_open: bool,
    /// User name or e-mail address, for a system that takes a password
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// `password`, and `code` where a second factor is known beforehand: KEY reads one line of standard input, KEY=env:VAR reads an
    /// environment variable. A code that is asked for later is read from standard input too
    #[arg(long, value_name = "KEY", requires = "user")]
    pub(crate) secret: Vec<String>,
    /// Have the code of the second factor mailed
    #[arg(long, requires = "user")]
    pub(crate) by_email: bool,
}

#[derive(Group)]
pub(crate) struct AddConnection {
    /// Kind of system; an unknown one lists those that there are
    pub(crate) system: String,
    /// Name of the connection
    #[arg(long)]
    pub(crate) name: String,
    /// Address
    #[arg(long)]
    pub(crate) url: String,
    /// A setting that is not secret
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// A secret: KEY reads one line of standard input, KEY=env:VAR reads an environment variable
    #[arg(long, value_name = "KEY")]
    pub(crate) secret: Vec<String>,
    /// Agree to plain http to another computer: the token travels unencrypted
    #[arg(long)]
    pub(crate) allow_http: bool,
}

#[derive(Subcommand)]
pub(crate) enum ChatRooms {
    /// List the chat rooms kept here, or those of a system that lists them itself
    List {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
    },
    /// List how a chat room once was here, the newest first
    Versions {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
        /// Id or name of the room
        room: String,
    },
    /// Create a room at a system that lists its rooms itself
    Create {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
        /// Name
        #[arg(long)]
        name: String,
        /// Only its members know of it
        #[arg(long)]
        private: bool,
        /// User names of its members, joined by commas
        #[arg(long, value_delimiter = ',')]
        member: Vec<String>,
    },
    /// Give a room another name at a system that lists its rooms itself
    Rename {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
        /// Id of the room
        id: String,
        /// The new name
        #[arg(long)]
        name: String,
    },
    /// Create or change a chat room; the answer is the room as the server has it after
    Apply {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
        /// File with one `chatRoom` object
        file: PathBuf,
        /// Print the difference and send nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// What was done at systems.
#[derive(Subcommand)]
pub(crate) enum Audit {
    /// List writes and what became of them, newest first
    List {
        #[command(flatten)]
        asked: AuditAsked,
        /// So many at most
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Check that no entry was changed or removed
    Verify,
    /// Write the log to a CSV file
    Export {
        #[command(flatten)]
        asked: AuditAsked,
        /// The file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Which entries of the log.
#[derive(clap::Args)]
pub(crate) struct AuditAsked {
    /// Not before this
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Only of this connection, by its name or id
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// Only what did not go as it should
    #[arg(long)]
    pub(crate) problems: bool,
    /// Only with these words
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum QuickCall {
    /// Make a link that works until a given instant
    Create {
        /// Name or id of the connection
        #[arg(long)]
        connection: String,
        /// When it ends
        #[arg(long, value_name = "TIME")]
        expires: String,
        /// `password` reads one line of standard input, `password=env:VAR` an environment variable
        #[arg(long, value_name = "password")]
        secret: Option<String>,
    },
}

impl Command {
    /// The connection that a command names, for the report of its failure.
    pub(crate) fn connection(&self) -> Option<&str> {
        match self {
            Self::Connections(
                Connections::Test { name } | Connections::SignIn(SignIn { name, .. }) | Connections::Remove { name },
            ) => Some(name),
            Self::Connections(Connections::Add(new)) => Some(&new.name),
            Self::Calls(calls) => calls.connection(),
            Self::Rooms(rooms) => rooms.connection(),
            Self::ChatRooms(
                ChatRooms::List { connection }
                | ChatRooms::Versions { connection, .. }
                | ChatRooms::Create { connection, .. }
                | ChatRooms::Rename { connection, .. }
                | ChatRooms::Apply { connection, .. },
            ) => Some(connection),
            Self::Send(send) => Some(&send.connection),
            Self::Bulk(Bulk::Plan(plan)) => Some(&plan.connection),
            Self::QuickCall(QuickCall::Create { connection, .. }) => Some(connection),
            Self::Cti(cti) => Some(cti.connection()),
            Self::People(People::Presence { connection }) => connection.as_deref(),
            Self::Customers(Customers::List { connection, .. }) => connection.as_deref(),
            Self::Customers(Customers::Import(import)) => import.connection.as_deref(),
            Self::Customers(Customers::Export(export)) => export.connection.as_deref(),
            Self::Connections(Connections::List)
            | Self::Sync { .. }
            | Self::Outbox(_)
            | Self::Audit(_)
            | Self::Bulk(_)
            | Self::People(
                People::List { .. }
                | People::Match { .. }
                | People::Health
                | People::Link { .. }
                | People::Separate { .. },
            )
            | Self::Customers(Customers::Show { .. })
            | Self::Doctor { .. } => None,
        }
    }
}
