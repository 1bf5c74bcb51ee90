//! Bookings and reports of rooms written to files.

use std::collections::HashMap;
use std::path::Path;

use model::about::Ability;
use model::conference_room::Room;
use model::connection::Connection;
use model::export::{Exported, FileFormat};
use model::room_report::{PartUse, RoomExport, RoomExportKind, RoomFileFormat, RoomReport, Series};
use model::{Failure, Reason, RoomId, Time};
use sheet::{Cell, Table};

use crate::board::Zone;
use crate::console::Console;
use crate::export::{failure, moment, new_table, not_written};
use crate::ical;
use crate::room_report::Material;

const BOOKINGS: &[&str] = &["start", "end", "all_day", "room", "place", "title", "owner", "id"];
const OCCUPANCY: &[&str] =
    &["room", "place", "seats", "open_minutes", "booked_minutes", "used", "bookings", "overlaps", "id"];
const TIMES: &[&str] = &["part", "value", "open_minutes", "booked_minutes", "used"];
const SERIES: &[&str] =
    &["room", "title", "owner", "rhythm", "weekday", "time", "times", "expected", "first", "last", "signs"];
const OVERLAPS: &[&str] = &["room", "start", "end", "title", "owner", "of"];

/// A cell that owns its text.
enum Value {
    Text(String),
    Number(u32),
    Wall(Time),
    Nothing,
}

impl Console {
    /// Writes bookings or a report of the rooms of all connections to a file in a folder, out of the cache. Times are those where the
    /// rooms are.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for no day or more than 92, a name that is no file's, or iCalendar for anything but bookings; a cache or
    /// a folder that gives way. No file is left then.
    pub async fn rooms_export(&self, export: RoomExport, folder: &Path) -> Result<Exported, Failure> {
        let connections = self.connections_with(Ability::Rooms).await?;
        self.rooms_export_of(&connections, export, folder).await
    }

    /// As [`Console::rooms_export`], of these connections.
    ///
    /// # Errors
    /// As [`Console::rooms_export`].
    pub async fn rooms_export_of(
        &self,
        connections: &[Connection],
        export: RoomExport,
        folder: &Path,
    ) -> Result<Exported, Failure> {
        let zone = connections.first().map_or(Zone::Computer, Zone::of);
        let format = match export.format {
            RoomFileFormat::Csv => FileFormat::Csv,
            RoomFileFormat::Xlsx => FileFormat::Xlsx,
            RoomFileFormat::Ical => {
                let material = self.room_material(connections, export.from, export.days).await?;
                return self.ical_export(&material, &export, folder).await;
            }
        };
        let (head, rows) = match export.what {
            RoomExportKind::Bookings => {
                let material = self.room_material(connections, export.from, export.days).await?;
                (BOOKINGS, bookings(&material, &export))
            }
            what @ (RoomExportKind::Occupancy
            | RoomExportKind::Times
            | RoomExportKind::Series
            | RoomExportKind::Overlaps) => {
                let report = self.room_report_of(connections, export.from, export.days).await?;
                report_rows(what, &report, zone, &export)
            }
        };
        let folder = folder.to_owned();
        let writing = tokio::task::spawn_blocking(move || {
            let head: Vec<String> = head.iter().map(|it| word(&export, it)).collect();
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            let mut table = new_table(format, export.encoding, &export.name, &folder, &head)?;
            rows.iter().try_for_each(|it| row(&mut table, it, zone)).map_err(failure)?;
            let written = table.finish().map_err(failure)?;
            let (rows, file) = (rows.len() as u64, written.path.display().to_string());
            Ok(Exported { rows, file, replaced: written.replaced })
        });
        writing.await.map_err(|_| not_written())?
    }

    async fn ical_export(&self, material: &Material, export: &RoomExport, folder: &Path) -> Result<Exported, Failure> {
        if export.what != RoomExportKind::Bookings {
            return Err(Failure::invalid(Reason::NotUsable, "format"));
        }
        let rooms: HashMap<&RoomId, &Room> = material.rooms.iter().map(|it| (&it.id, it)).collect();
        let all: Vec<_> = material.reservations.iter().map(|it| (it, rooms.get(&it.room_id).copied())).collect();
        let name = export.name.trim();
        let stem = name.strip_suffix(".ics").unwrap_or(name).to_owned();
        let text = ical::calendar(&stem, &all, material.zone, self.now());
        let (folder, rows) = (folder.to_owned(), all.len() as u64);
        let writing = tokio::task::spawn_blocking(move || {
            sheet::write_whole(&folder, &format!("{stem}.ics"), text.as_bytes()).map_err(failure)
        });
        let path = writing.await.map_err(|_| not_written())??;
        Ok(Exported { rows, file: path.display().to_string(), replaced: 0 })
    }
}

fn word(export: &RoomExport, code: &str) -> String {
    export.words.get(code).cloned().unwrap_or_else(|| code.to_owned())
}

fn row(table: &mut Table, values: &[Value], zone: Zone) -> Result<(), sheet::Error> {
    let cell = |value| match value {
        &Value::Number(number) => Cell::Number(number),
        &Value::Wall(time) => Cell::Moment(moment(zone.wall(time))),
        Value::Text(text) => Cell::Text(text),
        Value::Nothing => Cell::Empty,
    };
    table.row(&values.iter().map(cell).collect::<Vec<_>>())
}

fn text(it: impl Into<String>) -> Value {
    Value::Text(it.into())
}

fn maybe(it: Option<&String>) -> Value {
    it.map_or(Value::Nothing, |it| Value::Text(it.clone()))
}

fn bookings(material: &Material, export: &RoomExport) -> Vec<Vec<Value>> {
    let rooms: HashMap<&RoomId, &Room> = material.rooms.iter().map(|it| (&it.id, it)).collect();
    let row = |it: &model::conference_room::Reservation| {
        let room = rooms.get(&it.room_id);
        vec![
            Value::Wall(it.start),
            Value::Wall(it.end),
            text(word(export, if it.all_day { "yes" } else { "no" })),
            text(room.map_or(it.room_id.as_str(), |room| room.name.as_str())),
            maybe(room.and_then(|room| room.place.as_ref())),
            text(&it.title),
            maybe(it.owner.as_ref()),
            text(it.id.as_str()),
        ]
    };
    material.reservations.iter().map(row).collect()
}

/// The head and the rows of a report.
fn report_rows(
    what: RoomExportKind,
    report: &RoomReport,
    zone: Zone,
    export: &RoomExport,
) -> (&'static [&'static str], Vec<Vec<Value>>) {
    match what {
        RoomExportKind::Occupancy | RoomExportKind::Bookings => (OCCUPANCY, occupancy(report)),
        RoomExportKind::Times => (TIMES, times(report, export)),
        RoomExportKind::Series => (SERIES, report.series.iter().map(|it| series(it, zone, export)).collect()),
        RoomExportKind::Overlaps => (OVERLAPS, overlaps(report)),
    }
}

fn occupancy(report: &RoomReport) -> Vec<Vec<Value>> {
    let row = |it: &model::room_report::RoomUse| {
        vec![
            text(&it.name),
            maybe(it.place.as_ref()),
            it.seats.map_or(Value::Nothing, Value::Number),
            Value::Number(it.open_minutes),
            Value::Number(it.booked_minutes),
            Value::Number(it.used.into()),
            Value::Number(it.bookings),
            Value::Number(it.overlaps),
            text(it.room.as_str()),
        ]
    };
    report.rooms.iter().map(row).collect()
}

fn times(report: &RoomReport, export: &RoomExport) -> Vec<Vec<Value>> {
    let row = |part: &str, value: Value, it: &PartUse| {
        let numbers = [it.open_minutes, it.booked_minutes, it.used.into()].map(Value::Number);
        [text(word(export, part)), value].into_iter().chain(numbers).collect()
    };
    let hours = (0_u32..).zip(&report.hours).map(|(hour, it)| row("hour", Value::Number(hour), it));
    let days = (1_u32..).zip(&report.weekdays);
    let days = days.map(|(day, it)| row("weekday", text(word(export, &format!("weekday_{day}"))), it));
    hours.chain(days).collect()
}

/// The code of a word that stands in a file.
fn code<T: serde::Serialize>(it: &T) -> String {
    serde_json::to_value(it).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

fn series(it: &Series, zone: Zone, export: &RoomExport) -> Vec<Value> {
    let clock = |time: Time| zone.wall(time).format("%H:%M").to_string();
    let signs: Vec<String> = it.signs.iter().map(|sign| word(export, &code(sign))).collect();
    vec![
        text(&it.name),
        text(&it.title),
        maybe(it.owner.as_ref()),
        text(word(export, &code(&it.rhythm))),
        text(word(export, &format!("weekday_{}", it.weekday))),
        text(format!("{}–{}", clock(it.first), clock(it.first_end))),
        Value::Number(it.times.into()),
        Value::Number(it.expected.into()),
        Value::Wall(it.first),
        Value::Wall(it.last),
        text(signs.join(", ")),
    ]
}

/// A row for each booking; the last column says of which overlap it is.
fn overlaps(report: &RoomReport) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for (number, overlap) in (1_u32..).zip(&report.overlaps) {
        for it in &overlap.bookings {
            rows.push(vec![
                text(&overlap.name),
                Value::Wall(it.start),
                Value::Wall(it.end),
                text(&it.title),
                maybe(it.owner.as_ref()),
                Value::Number(number),
            ]);
        }
    }
    rows
}
