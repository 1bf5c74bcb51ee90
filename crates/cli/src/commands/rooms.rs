//! `rooms`.

use std::collections::HashMap;
use std::process::ExitCode;

use engine::Console;
use model::about::Ability;
use model::conference_room::{Reservation, Room, Unplaced};
use model::connection::Connection;
use model::{Failure, Reason, RoomId};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::args::{Reservations, Rooms};
use crate::commands::{booking, room_report};
use crate::input;
use crate::output::{Output, Table, local, or_dash, with_raw, word};

/// The bookings of a period, and what could not be placed; each with its untouched record.
#[derive(Serialize)]
struct Answer {
    reservations: Vec<Box<RawValue>>,
    unplaced: Vec<Box<RawValue>>,
}

pub(crate) async fn run(console: &Console, command: Rooms, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Rooms::List { connection } => list(console, &connection, output).await,
        Rooms::Reservations(which) => reservations(console, which, output).await,
        Rooms::Report(period) => room_report::report(console, period, output).await,
        Rooms::Export(export) => room_report::export(console, export, output).await,
        Rooms::Show { id } => booking::show(console, id, output).await,
        Rooms::Ask(ask) => booking::ask(console, ask, output).await,
        Rooms::Answer { question, answer } => booking::answer(console, question, answer, output).await,
    }
}

async fn list(console: &Console, name: &str, output: Output) -> Result<ExitCode, Failure> {
    let connection = with_rooms(console, name).await?;
    let rooms = console.rooms_read(&connection).await?;
    let answer = rooms.iter().map(|room: &Room| with_raw(room, &room.raw)).collect::<Result<Vec<_>, _>>()?;
    output.answer(&answer, || {
        let mut table = Table::new(["name", "seats", "place", "id"]);
        for room in &rooms {
            let seats = room.capacity.map_or_else(|| "–".to_owned(), |seats| seats.to_string());
            table.row([room.name.clone(), seats, or_dash(room.place.as_deref()), room.id.0.clone()]);
        }
        table
    })
}

async fn reservations(console: &Console, which: Reservations, output: Output) -> Result<ExitCode, Failure> {
    let connection = with_rooms(console, &which.connection).await?;
    let day = match (&which.month, &which.day) {
        (Some(month), _) => input::day(&format!("{month}-01"))?,
        (None, Some(day)) => input::day(day)?,
        (None, None) => return Err(Failure::invalid(Reason::Missing, "--month, --day")),
    };
    console.room_board_read_one(&connection, day).await?;
    let connections = [connection];
    let board = console.room_board_of(&connections, day).await?;
    let names: HashMap<RoomId, String> = board.rooms.into_iter().map(|room| (room.id, room.name)).collect();
    let (reservations, unplaced) = if which.month.is_some() {
        let month = console.room_month_of(&connections, day).await?;
        (month.reservations, month.unplaced)
    } else {
        (board.reservations, board.unplaced)
    };
    let placed = reservations.iter().map(|it: &Reservation| with_raw(it, &it.raw)).collect::<Result<Vec<_>, _>>()?;
    let tray = unplaced.iter().map(|it: &Unplaced| with_raw(it, &it.raw)).collect::<Result<Vec<_>, _>>()?;
    output.answer(&Answer { reservations: placed, unplaced: tray }, || table(&reservations, &unplaced, &names))
}

fn table(reservations: &[Reservation], unplaced: &[Unplaced], names: &HashMap<RoomId, String>) -> Table {
    let mut table = Table::new(["start", "end", "room", "title", "owner"]);
    for it in reservations {
        table.row([
            local(Some(it.start)),
            local(Some(it.end)),
            names.get(&it.room_id).unwrap_or(&it.room_id.0).clone(),
            it.title.clone(),
            or_dash(it.owner.as_deref()),
        ]);
    }
    for it in unplaced {
        let why = format!("not placed: {} {}", word(&it.reason), it.words);
        table.row([why, String::new(), String::new(), it.title.clone(), String::new()]);
    }
    table
}

pub(super) async fn with_rooms(console: &Console, name: &str) -> Result<Connection, Failure> {
    let view = console.connection_named(name).await?;
    let all = console.connections_with(Ability::Rooms).await?;
    all.into_iter().find(|it| it.id == view.id).ok_or_else(|| Failure::invalid(Reason::NotOffered, view.name))
}
