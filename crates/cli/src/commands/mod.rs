//! The commands: each is a call into the console and a way to print its answer.

mod audit;
mod booking;
mod bulk;
mod calls;
mod chat_rooms;
mod connections;
mod cti;
mod cti_snapshot;
mod customers;
mod customers_import;
mod doctor;
mod exports;
mod messages;
mod people;
mod recordings;
mod room_report;
mod rooms;
mod sync;
mod watch;
mod words;

use std::path::Path;
use std::process::ExitCode;

use engine::Console;
use model::Failure;

use crate::args::Command;
use crate::output::Output;

/// Runs a command.
///
/// # Errors
/// What the console answers; the caller prints it.
pub(crate) async fn run(console: &Console, command: Command, dir: &Path, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Command::Connections(command) => connections::run(console, command, output).await,
        Command::Sync { names, from } => sync::run(console, &names, from.as_deref(), output).await,
        Command::Calls(command) => calls::run(console, command, output).await,
        Command::Rooms(command) => rooms::run(console, command, output).await,
        Command::ChatRooms(command) => chat_rooms::run(console, command, output).await,
        Command::People(command) => people::run(console, command, output).await,
        Command::Send(command) => messages::send(console, command, output).await,
        Command::Outbox(command) => messages::outbox(console, command, output).await,
        Command::Bulk(command) => bulk::run(console, command, output).await,
        Command::QuickCall(command) => messages::quick_call(console, command, output).await,
        Command::Cti(command) => cti::run(console, command, output).await,
        Command::Customers(command) => customers::run(console, command, output).await,
        Command::Audit(command) => audit::run(console, command, output).await,
        Command::Doctor { names } => doctor::run(console, &names, dir, output).await,
    }
}

/// From now on an interruption does not end the program in the middle of a write: it stops between two sends, never inside one.
fn sees_it_through(output: Output) {
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            output.progress("It is on its way; its outcome is waited for.");
        }
    });
}
