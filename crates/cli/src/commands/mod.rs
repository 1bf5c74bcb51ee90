//! The commands: each is a call into the console and a way to print its answer.

mod calls;
mod chat_rooms;
mod connections;
mod cti;
mod messages;
mod rooms;

use std::process::ExitCode;

use engine::Console;
use model::Failure;

use crate::args::Command;
use crate::output::Output;

/// Runs a command.
///
/// # Errors
/// What the console answers; the caller prints it.
pub(crate) async fn run(console: &Console, command: Command, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Command::Connections(command) => connections::run(console, command, output).await,
        Command::Sync { names, from } => connections::sync(console, &names, from.as_deref(), output).await,
        Command::Calls(command) => calls::run(console, command, output).await,
        Command::Rooms(command) => rooms::run(console, command, output).await,
        Command::ChatRooms(command) => chat_rooms::run(console, command, output).await,
        Command::People(command) => connections::people(console, command, output).await,
        Command::Send(command) => messages::send(console, command, output).await,
        Command::QuickCall(command) => messages::quick_call(console, command, output).await,
        Command::Cti(command) => cti::run(console, command, output).await,
    }
}
