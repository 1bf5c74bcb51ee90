//! Rooms written to files, each read again by a reader of its own.

use icalendar::{Calendar, CalendarComponent, Component, DatePerhapsTime, EventLike};
use model::export::TextEncoding;
use model::room_report::{RoomExport, RoomExportKind, RoomFileFormat};
use model::{Day, Reason, Time};
use simulators::CHAT_AND_MESSENGER;

use crate::support::{Desk, failure};

fn export(what: RoomExportKind, format: RoomFileFormat) -> RoomExport {
    RoomExport {
        what,
        format,
        encoding: TextEncoding::Utf8,
        name: "rooms".to_owned(),
        from: Day("2026-10-01".parse().expect("a day")),
        days: 31,
        words: [("room".to_owned(), "会議室".to_owned())].into(),
    }
}

async fn written(desk: &Desk, export: RoomExport) -> (String, u64) {
    let folder = tempfile::tempdir().expect("room for a folder");
    let exported = desk.console.rooms_export(export, folder.path()).await.expect("a file");
    (std::fs::read_to_string(exported.file).expect("UTF-8"), exported.rows)
}

/// A booking with everything that a calendar file has to escape.
const TITLE: &str = "見積, 検討; \\ 一回目\n二回目 — とても長い件名が七十五バイトを超えて続く場合の折り返し";

async fn desk() -> Desk {
    let desk = Desk::connected().await;
    let wall = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
    let office = &desk.office.chat_and_messenger;
    office.book("3", TITLE, "田中 健一", wall("2026-10-15 06:00"), wall("2026-10-15 07:30"));
    office.book("3", "棚卸し", "山本 亮", wall("2026-10-17 00:00"), wall("2026-10-19 00:00"));
    office.book("3", "点呼", "山本 亮", wall("2026-10-15 06:00"), wall("2026-10-15 06:00"));
    assert_eq!(desk.sync(CHAT_AND_MESSENGER).await.error, None);
    desk
}

#[tokio::test]
async fn bookings_go_into_a_calendar_file_that_another_program_reads_as_they_are() {
    let desk = desk().await;
    let (text, rows) = written(&desk, export(RoomExportKind::Bookings, RoomFileFormat::Ical)).await;
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "lines as RFC 5545 has them");
    let calendar: Calendar = text.parse().expect("iCalendar");
    let events: Vec<_> = calendar.components.iter().filter_map(CalendarComponent::as_event).collect();
    assert_eq!(events.len() as u64, rows);
    let month = desk.console.room_calendar(Day("2026-10-01".parse().unwrap()), 31).await.unwrap();
    let zone = month.zone;
    assert_eq!(zone, "Asia/Tokyo");

    let find = |title: &str| {
        let found: Vec<_> = events.iter().filter(|it| it.get_summary() == Some(title)).collect();
        assert_eq!(found.len(), 1, "{title}");
        found[0]
    };
    let at = |text: &str| DatePerhapsTime::from(Time::parse(text).expect("an instant").utc());
    let long = find(TITLE);
    assert_eq!(long.get_start(), Some(at("2026-10-15T06:00:00+09:00")));
    assert_eq!(long.get_end(), Some(at("2026-10-15T07:30:00+09:00")));
    assert_eq!(long.get_location(), Some("会議室 301 (3F)"));
    let contacts: Vec<_> = long.multi_properties()["CONTACT"].iter().map(|it| it.value()).collect();
    assert_eq!(contacts, ["田中 健一"]);
    let days = find("棚卸し");
    let date = |text: &str| DatePerhapsTime::Date(text.parse().expect("a day"));
    assert_eq!((days.get_start(), days.get_end()), (Some(date("2026-10-17")), Some(date("2026-10-19"))));
    assert_eq!(find("点呼").get_end(), None, "what has no length has no end");
    let uids: std::collections::BTreeSet<_> = events.iter().filter_map(|it| it.get_uid()).collect();
    assert_eq!(uids.len(), events.len(), "each has a name of its own");
    let (again, _) = written(&desk, export(RoomExportKind::Bookings, RoomFileFormat::Ical)).await;
    assert_eq!(again, text, "and keeps it");
}

#[tokio::test]
async fn bookings_and_reports_go_into_tables() {
    let desk = desk().await;
    let (text, rows) = written(&desk, export(RoomExportKind::Bookings, RoomFileFormat::Csv)).await;
    let (head, _) = text.split_once("\r\n").expect("lines");
    assert_eq!(head, "start,end,all_day,会議室,place,title,owner,id", "in the words that were given");
    assert!(text.contains("2026-10-15 06:00:00,2026-10-15 07:30:00,no,会議室 301,3F,\"見積, 検討"), "{text}");
    assert!(rows > 100);

    let report = desk.console.room_report(Day("2026-10-01".parse().unwrap()), 31).await.unwrap();
    let counts = [
        (RoomExportKind::Occupancy, report.rooms.len()),
        (RoomExportKind::Times, 31),
        (RoomExportKind::Series, report.series.len()),
        (RoomExportKind::Overlaps, report.overlaps.iter().map(|it| it.bookings.len()).sum()),
    ];
    for (what, count) in counts {
        let (text, rows) = written(&desk, export(what, RoomFileFormat::Csv)).await;
        assert_eq!((rows as usize, text.matches("\r\n").count()), (count, count + 1), "{what:?}: {text}");
        assert!(count > 0, "{what:?}");
    }
    let used = report.rooms.iter().find(|it| it.name == "会議室 301").expect("the room");
    assert!(used.used > 20 && used.open_minutes == 21 * 600, "{used:?}");
    assert!(report.hours[10].used > report.hours[20].used);
    assert_eq!((report.working_days, report.months.len()), (21, 1));
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_before_anything_is() {
    let desk = Desk::connected().await;
    let folder = tempfile::tempdir().expect("room for a folder");
    let refused =
        async |export: RoomExport| failure(desk.console.rooms_export(export, folder.path()).await).why().reason;
    assert_eq!(refused(export(RoomExportKind::Series, RoomFileFormat::Ical)).await, Reason::NotUsable);
    let bookings = |format| export(RoomExportKind::Bookings, format);
    for days in [0, 93] {
        assert_eq!(refused(RoomExport { days, ..bookings(RoomFileFormat::Csv) }).await, Reason::NotUsable);
    }
    for format in [RoomFileFormat::Csv, RoomFileFormat::Ical] {
        let named = RoomExport { name: "a/b".to_owned(), ..bookings(format) };
        assert_eq!(refused(named).await, Reason::NotUsable);
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
}
