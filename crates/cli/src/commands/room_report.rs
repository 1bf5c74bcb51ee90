//! `rooms report` and `rooms export`: how rooms are used, and files of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use chrono::{Datelike, Months};
use engine::Console;
use model::connection::Connection;
use model::export::TextEncoding;
use model::room_report::{PartUse, RoomExport, RoomExportKind, RoomFileFormat, RoomReport};
use model::{Day, Failure, Reason};

use super::rooms::with_rooms;
use crate::args::{Encoding, ExportRooms, Period, RoomFormat, Written};
use crate::input;
use crate::output::{Output, Table, local, or_dash, word};

pub(crate) async fn report(console: &Console, period: Period, output: Output) -> Result<ExitCode, Failure> {
    let (connection, from, days) = read(console, &period).await?;
    let report = console.room_report_of(&[connection], from, days).await?;
    output.answer(&report, || table(&report))
}

pub(crate) async fn export(console: &Console, asked: ExportRooms, output: Output) -> Result<ExitCode, Failure> {
    if asked.out.exists() {
        return Err(Failure::invalid(Reason::NameTaken, asked.out.display().to_string()));
    }
    let name = asked.out.file_name().map(|it| it.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| Failure::invalid(Reason::NotUsable, "--out"))?;
    let folder = asked.out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (connection, from, days) = read(console, &asked.period).await?;
    let export = RoomExport {
        what: match asked.what {
            Written::Bookings => RoomExportKind::Bookings,
            Written::Occupancy => RoomExportKind::Occupancy,
            Written::Times => RoomExportKind::Times,
            Written::Series => RoomExportKind::Series,
            Written::Overlaps => RoomExportKind::Overlaps,
        },
        format: match asked.format {
            RoomFormat::Csv => RoomFileFormat::Csv,
            RoomFormat::Xlsx => RoomFileFormat::Xlsx,
            RoomFormat::Ics => RoomFileFormat::Ical,
        },
        encoding: match asked.encoding {
            Encoding::Utf8Bom => TextEncoding::Utf8Bom,
            Encoding::Utf8 => TextEncoding::Utf8,
            Encoding::Cp932 => TextEncoding::Cp932,
        },
        name,
        from,
        days,
        words: BTreeMap::new(),
    };
    let written = console.rooms_export_of(&[connection], export, folder).await?;
    output.answer(&written, || Table::line(format!("{}: {} rows", written.file, written.rows)))
}

/// The connection and the days that are meant, read now unless that is not wanted.
async fn read(console: &Console, period: &Period) -> Result<(Connection, Day, u16), Failure> {
    let connection = with_rooms(console, &period.connection).await?;
    let (from, days) = match (&period.month, &period.from, period.days) {
        (Some(month), _, _) => {
            let first = input::day(&format!("{month}-01"))?;
            let next = first.0.checked_add_months(Months::new(1)).unwrap_or(first.0);
            (first, u16::try_from((next - first.0).num_days()).unwrap_or(31))
        }
        (None, Some(from), Some(days)) => (input::day(from)?, days),
        (None, _, _) => return Err(Failure::invalid(Reason::Missing, "--month, --from")),
    };
    if !period.offline {
        let mut months: Vec<(i32, u32)> = Vec::new();
        for day in from.0.iter_days().take(usize::from(days.min(92))) {
            if months.last() != Some(&(day.year(), day.month())) {
                months.push((day.year(), day.month()));
                console.room_board_read_one(&connection, Day(day)).await?;
            }
        }
    }
    Ok((connection, from, days))
}

fn table(report: &RoomReport) -> Table {
    let mut table = Table::new(["what", "used", "booked", "open", "words"]);
    let minutes = |it: u32| format!("{}:{:02}", it / 60, it % 60);
    let mut part = |what: String, it: &PartUse| {
        let used = format!("{} %", it.used);
        table.row([what, used, minutes(it.booked_minutes), minutes(it.open_minutes), String::new()]);
    };
    for it in &report.rooms {
        let whole = PartUse { open_minutes: it.open_minutes, booked_minutes: it.booked_minutes, used: it.used };
        part(it.name.clone(), &whole);
    }
    (0..)
        .zip(&report.hours)
        .filter(|(_, it)| it.booked_minutes > 0)
        .for_each(|(hour, it)| part(format!("{hour}:00"), it));
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    names.iter().zip(&report.weekdays).for_each(|(name, it)| part((*name).to_owned(), it));
    for it in &report.series {
        let signs: Vec<String> = it.signs.iter().map(word).collect();
        let words = format!("{} {} {}", it.title, or_dash(it.owner.as_deref()), signs.join(", "));
        let seen = format!("{}, {} of {}", word(&it.rhythm), it.times, it.expected);
        table.row([it.name.clone(), seen, local(Some(it.last)), String::new(), words]);
    }
    for it in &report.overlaps {
        let titles: Vec<&str> = it.bookings.iter().map(|one| one.title.as_str()).collect();
        let words = titles.join(" / ");
        table.row([it.name.clone(), "overlap".into(), local(Some(it.start)), local(Some(it.end)), words]);
    }
    table
}
