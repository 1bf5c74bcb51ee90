//! The rooms board over the real client: bookings in every shape and at odd times, rooms that change between readings, and a server
//! that goes while its rooms are on screen.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use model::booking_change::{BookingChange, BookingChangeKind, ChangesSince};
use model::conference_room::{Reservation, RoomBoard, UnplacedReason};
use model::connection::State;
use model::failure::Code;
use model::room_overlay::{OpenHours, RoomOverlay};
use model::{ConnectionId, Day, RoomId, Time};
use simulators::chat_and_messenger::{BookingEdit, Shape};
use simulators::{CHAT_AND_MESSENGER, Office, Plan};

use crate::support::{Desk, NOW, failure, new};

fn day(text: &str) -> Day {
    Day(text.parse().expect("a day"))
}

/// A time on the wall of the rooms, such as `2026-10-15 06:00`.
fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time")
}

/// A desk connected to the rooms alone, whose times are read in this zone; in the computer's where there is none.
async fn desk(zone: Option<&str>) -> (Desk, ConnectionId) {
    let desk = Desk::empty().await;
    let mut connection = new(desk.office.account(CHAT_AND_MESSENGER));
    connection.settings.remove("time-zone");
    connection.settings.extend(zone.map(|zone| ("time-zone".to_owned(), zone.to_owned())));
    let id = desk.console.connection_add(connection).await.expect("a new connection").id;
    (desk, id)
}

/// The board of a day, read now.
async fn read(desk: &Desk, on: &str) -> RoomBoard {
    desk.console.room_board_read(day(on)).await.expect("the month is read");
    desk.console.room_board(day(on)).await.expect("the cache")
}

/// Somebody books room 会議室 301.
fn book(desk: &Desk, title: &str, start: &str, end: &str) -> String {
    desk.office.chat_and_messenger.book("3", title, "田中 健一", wall(start), wall(end))
}

fn titled<'a>(board: &'a RoomBoard, title: &str) -> Vec<&'a Reservation> {
    board.reservations.iter().filter(|it| it.title == title).collect()
}

/// Begin and end in UTC of the only booking with a title.
fn span(board: &RoomBoard, title: &str) -> String {
    let [only] = titled(board, title)[..] else { panic!("one booking of {title} in {board:?}") };
    format!("{} {}", only.start.utc().format("%d %H:%M"), only.end.utc().format("%d %H:%M"))
}

/// How many hours a day has.
fn hours(board: &RoomBoard) -> i64 {
    (board.ends_at.millis() - board.begins_at.millis()) / 3_600_000
}

#[tokio::test]
async fn every_shape_that_the_vendor_may_mean_makes_the_same_board() {
    let (desk, _) = desk(Some("Asia/Tokyo")).await;
    book(&desk, "来客", "2026-10-14 06:00", "2026-10-14 07:00");
    let told = |board: &RoomBoard| {
        let one = |it: &Reservation| {
            (it.id.clone(), it.room_id.clone(), it.title.clone(), it.owner.clone(), it.start, it.end, it.all_day)
        };
        let mut all: Vec<_> = board.reservations.iter().map(one).collect();
        all.sort();
        let reasons: BTreeSet<String> =
            board.unplaced.iter().map(|it| format!("{:?} {}", it.reason, it.title)).collect();
        (all, reasons)
    };
    let first = told(&read(&desk, "2026-10-14").await);
    assert!(first.0.len() > 20, "a whole working day");
    assert_eq!(first.1, ["EndsBeforeStart 設備点検", "NoSuchRoom 臨時打合せ"].map(String::from).into());
    for shape in
        [Shape::Wrapped, Shape::ById, Shape::ListsById, Shape::OldKey, Shape::Flat, Shape::ObjectsById, Shape::Rooms]
    {
        desk.office.chat_and_messenger.shape(shape);
        assert_eq!(told(&read(&desk, "2026-10-14").await), first, "{shape:?}");
        let changes = desk.console.booking_changes(ChangesSince::Evening).await.unwrap();
        assert_eq!(changes.changes, [], "another shape is no change: {shape:?}");
    }
}

#[tokio::test]
async fn a_booking_until_24_00_or_over_midnight_stands_on_the_days_that_it_touches() {
    let (desk, _) = desk(Some("Asia/Tokyo")).await;
    book(&desk, "棚卸し", "2026-10-15 00:00", "2026-10-16 00:00");
    book(&desk, "夜間作業", "2026-10-15 22:00", "2026-10-16 02:00");
    let first = read(&desk, "2026-10-15").await;
    let whole = titled(&first, "棚卸し");
    assert!(whole[0].raw.0.contains("2026/10/15 24:00"), "as the server tells it: {}", whole[0].raw.0);
    assert!(whole[0].all_day);
    assert_eq!((whole[0].start, whole[0].end), (first.begins_at, first.ends_at));
    assert_eq!(span(&first, "夜間作業"), "15 13:00 15 17:00");
    let second = desk.console.room_board(day("2026-10-16")).await.unwrap();
    assert_eq!(titled(&second, "棚卸し").len(), 0, "the end is exclusive");
    assert_eq!(span(&second, "夜間作業"), "15 13:00 15 17:00");
    let calendar = desk.console.room_calendar(day("2026-10-15"), 2).await.unwrap();
    let line = calendar.rooms.iter().find(|it| it.room.external_id == "3").expect("the room");
    let night = [line.times[0].last(), line.times[1].first()].map(|it| it.map(|time| (time.0, time.1)));
    assert_eq!(night, [Some((22 * 60, 24 * 60)), Some((0, 120))], "cut at midnight on either day");
}

#[tokio::test]
async fn a_booking_that_ends_before_it_starts_is_in_the_tray_and_never_on_the_board() {
    let (desk, _) = desk(Some("Asia/Tokyo")).await;
    let id = book(&desk, "逆さま", "2026-10-15 10:00", "2026-10-15 09:30");
    let board = read(&desk, "2026-10-15").await;
    assert_eq!(titled(&board, "逆さま").len(), 0);
    let tray = board.unplaced.iter().find(|it| it.title == "逆さま").expect("it is shown");
    assert_eq!((tray.reason, tray.words.as_str()), (UnplacedReason::EndsBeforeStart, "2026/10/15 09:30"));
    assert!(tray.raw.0.contains(&id));
    let calendar = desk.console.room_calendar(day("2026-10-12"), 7).await.unwrap();
    assert_eq!(calendar.unplaced as usize, board.unplaced.len(), "and counted in the week");
}

#[tokio::test]
async fn times_without_a_zone_are_those_of_the_connection_also_where_the_clock_changes() {
    let (desk, _) = desk(Some("Europe/Berlin")).await;
    book(&desk, "spring", "2026-03-29 01:30", "2026-03-29 03:30");
    book(&desk, "in the gap", "2026-03-29 02:30", "2026-03-29 04:00");
    book(&desk, "autumn", "2026-10-25 01:30", "2026-10-25 04:00");
    let spring = read(&desk, "2026-03-29").await;
    assert_eq!(span(&spring, "spring"), "29 00:30 29 01:30", "an hour by the clock on the wall is none that day");
    assert_eq!(span(&spring, "in the gap"), "29 01:00 29 02:00", "what the clock skips begins when it goes on");
    assert_eq!(hours(&spring), 23);
    let autumn = read(&desk, "2026-10-25").await;
    assert_eq!(span(&autumn, "autumn"), "24 23:30 25 03:00");
    assert_eq!(hours(&autumn), 25);
}

#[tokio::test]
async fn without_a_zone_of_the_connection_times_are_those_of_the_computer() {
    let (desk, _) = desk(None).await;
    book(&desk, "来客", "2026-10-15 06:00", "2026-10-15 07:00");
    let board = read(&desk, "2026-10-15").await;
    assert_eq!(board.zone, "", "the computer's own");
    let start = titled(&board, "来客")[0].start.utc().with_timezone(&chrono::Local).naive_local();
    assert_eq!(start, wall("2026-10-15 06:00"));
}

#[tokio::test]
async fn a_week_over_the_edge_of_a_month_says_of_either_month_whether_it_was_read() {
    let (desk, _) = desk(Some("Asia/Tokyo")).await;
    book(&desk, "夜間作業", "2026-10-31 22:00", "2026-11-01 02:00");
    book(&desk, "来客", "2026-11-04 06:00", "2026-11-04 07:00");
    desk.console.room_board_read(day("2026-10-28")).await.unwrap();
    let week = async || desk.console.room_calendar(day("2026-10-26"), 14).await.unwrap();
    let counts = |line: &model::room_calendar::RoomLine| (line.bookings[5], line.bookings[6], line.bookings[9]);
    let of_301 = |all: model::room_calendar::RoomCalendar| {
        let line = all.rooms.into_iter().find(|it| it.room.external_id == "3").expect("the room");
        (all.months.iter().map(|it| it.read_at.is_some()).collect::<Vec<_>>(), counts(&line))
    };
    assert_eq!(of_301(week().await), (vec![true, false], (1, 1, 0)), "what reaches into November is known");
    desk.console.room_board_read(day("2026-11-01")).await.unwrap();
    let (months, (saturday, sunday, wednesday)) = of_301(week().await);
    assert_eq!((months, saturday, sunday), (vec![true, true], 1, 1), "and stays when November does not tell it");
    assert!(wednesday >= 1);
    let changes = desk.console.booking_changes(ChangesSince::Evening).await.unwrap();
    assert_eq!(changes.changes, []);
}

#[tokio::test]
async fn a_room_that_is_renamed_and_then_removed_keeps_its_bookings_and_their_story() {
    let (desk, _) = desk(Some("Asia/Tokyo")).await;
    let id = book(&desk, "来客", "2026-10-15 06:00", "2026-10-15 07:00");
    read(&desk, "2026-10-15").await;
    assert!(desk.office.chat_and_messenger.rename_room("3", "青の間"));
    let later = BookingEdit { start: Some(wall("2026-10-15 06:30")), ..BookingEdit::default() };
    assert!(desk.office.chat_and_messenger.change(&id, &later));
    let board = read(&desk, "2026-10-15").await;
    let room = board.rooms.iter().find(|it| it.external_id == "3").expect("the same room");
    assert_eq!((room.name.as_str(), &room.id), ("青の間", &titled(&board, "来客")[0].room_id));
    let changes = desk.console.booking_changes(ChangesSince::Evening).await.unwrap().changes;
    let [BookingChange { kind: BookingChangeKind::Moved, after: Some(after), .. }] = &changes[..] else {
        panic!("a new name is no change of a booking: {changes:?}");
    };
    assert_eq!(after.room, "青の間");

    assert!(desk.office.chat_and_messenger.remove_room("3"));
    let board = read(&desk, "2026-10-15").await;
    assert!(board.rooms.iter().all(|it| it.external_id != "3"));
    assert_eq!(titled(&board, "来客").len(), 0);
    let tray = board.unplaced.iter().find(|it| it.title == "来客").expect("it is still booked");
    assert_eq!((tray.reason, tray.words.as_str()), (UnplacedReason::NoSuchRoom, "3"));
    let again = desk.console.booking_changes(ChangesSince::Evening).await.unwrap().changes;
    assert_eq!(again, changes, "nothing was cancelled");
}

#[tokio::test]
async fn two_bookings_that_changed_their_hours_are_two_that_moved() {
    let (desk, _) = desk(Some("Asia/Tokyo")).await;
    let early = book(&desk, "来客", "2026-10-15 06:00", "2026-10-15 07:00");
    let late = book(&desk, "面談", "2026-10-15 07:00", "2026-10-15 08:00");
    read(&desk, "2026-10-15").await;
    let to = |start: &str, end: &str| BookingEdit {
        start: Some(wall(start)),
        end: Some(wall(end)),
        ..BookingEdit::default()
    };
    let office = &desk.office.chat_and_messenger;
    assert!(office.change(&early, &to("2026-10-15 07:00", "2026-10-15 08:00")));
    assert!(office.change(&late, &to("2026-10-15 06:00", "2026-10-15 07:00")));
    let board = read(&desk, "2026-10-15").await;
    assert_eq!((span(&board, "面談"), span(&board, "来客")), ("14 21:00 14 22:00".into(), "14 22:00 14 23:00".into()));
    let changes = desk.console.booking_changes(ChangesSince::Evening).await.unwrap().changes;
    assert_eq!(changes.iter().map(|it| it.kind).collect::<Vec<_>>(), [BookingChangeKind::Moved; 2]);
}

#[tokio::test]
async fn a_server_that_goes_while_its_rooms_are_shown_leaves_them_with_their_age() {
    let (desk, id) = desk(Some("Asia/Tokyo")).await;
    let before = read(&desk, "2026-10-14").await;
    desk.office.switch_off(CHAT_AND_MESSENGER).await;
    desk.office.clock.advance(std::time::Duration::from_secs(600));
    let refused = failure(desk.console.room_board_read(day("2026-10-14")).await);
    assert_eq!(refused.code(), Code::Offline);
    assert_eq!(desk.console.room_board(day("2026-10-14")).await.unwrap(), before, "as of the last reading");
    let state = async || {
        let all = desk.console.connections_list().await.unwrap();
        all.into_iter().find(|it| it.id == id).map(|it| it.state)
    };
    assert_eq!(state().await, Some(State::Offline));
    book(&desk, "来客", "2026-10-14 06:00", "2026-10-14 07:00");
    desk.office.switch_on(CHAT_AND_MESSENGER).await.expect("its port is free");
    let after = read(&desk, "2026-10-14").await;
    assert_eq!((titled(&after, "来客").len(), after.read_at), (1, Some(desk.now())));
    assert_ne!(state().await, Some(State::Offline));
}

#[tokio::test]
async fn a_month_on_screen_is_read_again_now_and_then_and_no_more_when_nobody_looks() {
    let (desk, _) = desk(Some("Asia/Tokyo")).await;
    let minutes = async |count: u64| {
        desk.office.clock.advance(std::time::Duration::from_secs(count * 60));
        assert_eq!(desk.sync(CHAT_AND_MESSENGER).await.error, None);
    };
    desk.console.room_calendar(day("2026-12-01"), 31).await.unwrap();
    minutes(6).await;
    let read_at = async || desk.console.room_calendar(day("2026-12-01"), 31).await.unwrap().months[0].read_at;
    assert_eq!(read_at().await, None, "a month that was never read waits for a person");
    desk.console.room_board_read(day("2026-12-01")).await.unwrap();
    let first = read_at().await;
    minutes(2).await;
    assert_eq!(read_at().await, first, "not every minute");
    minutes(2).await;
    assert_eq!(read_at().await, first);
    minutes(2).await;
    let second = read_at().await;
    assert_eq!(second, Some(desk.now()), "but every five");
    minutes(10).await;
    let all = desk.console.connections_with(model::about::Ability::Rooms).await.unwrap();
    let board = desk.console.room_board_of(&all, day("2026-12-01")).await.unwrap();
    assert_eq!(board.read_at, second, "nobody looked");
}

#[tokio::test]
async fn what_this_desk_says_of_a_room_is_shown_everywhere_and_comes_back_from_a_file() {
    let (desk, id) = desk(Some("Asia/Tokyo")).await;
    read(&desk, "2026-10-14").await;
    let room = |own: &str| RoomId(format!("{id}/{own}"));
    let said = RoomOverlay {
        seats: Some(10),
        place: Some("別館".to_owned()),
        equipment: Some(vec!["プロジェクター".to_owned()]),
        hours: Some(OpenHours { opens_at: 10, closes_at: 24 }),
        order: Some(1),
        ..RoomOverlay::default()
    };
    desk.console.room_overlay_set(&room("3"), said.clone()).await.unwrap();
    let hidden = RoomOverlay { is_hidden: true, ..RoomOverlay::default() };
    desk.console.room_overlay_set(&room("4"), hidden.clone()).await.unwrap();
    let board = read(&desk, "2026-10-14").await;
    let first = &board.rooms[0];
    assert_eq!((first.name.as_str(), first.capacity, first.place.as_deref()), ("会議室 301", Some(10), Some("別館")));
    assert_eq!(first.equipment, ["プロジェクター"]);
    assert!(board.rooms.iter().all(|it| it.id != room("4")));
    assert!(board.reservations.iter().all(|it| it.room_id != room("4")), "nor are its bookings counted");
    let calendar = desk.console.room_calendar(day("2026-10-12"), 7).await.unwrap();
    assert_eq!((calendar.rooms.len(), calendar.rooms[0].room.id.clone()), (board.rooms.len(), room("3")));
    let report = desk.console.room_report(day("2026-10-12"), 7).await.unwrap();
    assert_eq!((report.rooms.len(), report.rooms[0].seats), (board.rooms.len(), Some(10)));
    let open: Vec<u32> = report.rooms.iter().map(|it| it.open_minutes).collect();
    assert_eq!((open[0], open[1]), (4 * 14 * 60, 4 * 10 * 60), "the twelfth is a holiday");
    let [own] = &board.hours[..] else { panic!("one room has hours of its own") };
    assert_eq!((own.room.clone(), own.closes_at), (room("3"), board.ends_at));
    assert_eq!(board.opens_at.to_string(), "2026-10-13T23:00:00.000Z", "the others open when the office does");
    let bookings = desk.console.room_bookings(room("3"), day("2026-10-14"), 1).await.unwrap();
    assert_eq!(bookings.days[0].opens_at, own.opens_at);

    let folder = tempfile::tempdir().unwrap();
    let file = desk.console.room_overlays_export("会議室", folder.path()).await.unwrap();
    assert_eq!(file.rows, 2);
    let text = std::fs::read_to_string(&file.file).unwrap();
    for own in ["3", "4"] {
        desk.console.room_overlay_set(&room(own), RoomOverlay::default()).await.unwrap();
    }
    assert!(desk.console.room_overlays().await.unwrap().iter().all(|it| it.overlay == RoomOverlay::default()));
    let import = desk.console.room_overlays_import(&text).await.unwrap();
    assert_eq!((import.taken, import.unknown), (vec![room("3"), room("4")], vec![]));
    let all = desk.console.room_overlays().await.unwrap();
    let of = |own: &str| all.iter().find(|it| it.room.id == room(own)).expect("a room");
    assert_eq!((&of("3").overlay, &of("4").overlay), (&said, &hidden));
    assert_eq!(of("3").room.capacity, Some(8), "what the system tells is beside it");

    let other = r#"[{"connection":"elsewhere","id":"99","name":"会議室 501","seats":5},
        {"connection":"elsewhere","id":"98","name":"どこにもない部屋"}]"#;
    let import = desk.console.room_overlays_import(other).await.unwrap();
    assert_eq!((import.taken, import.unknown), (vec![room("8")], vec!["どこにもない部屋".to_owned()]));
    assert_eq!(failure(desk.console.room_overlays_import("[{").await).code(), Code::Invalid);
    let backwards =
        r#"[{"connection":"elsewhere","id":"99","name":"会議室 501","hours":{"opens_at":18,"closes_at":9}}]"#;
    assert_eq!(failure(desk.console.room_overlays_import(backwards).await).code(), Code::Invalid);
    let kept = desk.console.room_overlays().await.unwrap();
    assert_eq!(
        kept.iter().find(|it| it.room.id == room("8")).expect("a room").overlay.seats,
        Some(5),
        "nothing was taken"
    );
}

#[tokio::test]
async fn a_picture_of_a_room_is_shown_and_other_files_are_not() {
    let (desk, id) = desk(Some("Asia/Tokyo")).await;
    read(&desk, "2026-10-14").await;
    let room = RoomId(format!("{id}/3"));
    let folder = tempfile::tempdir().unwrap();
    let photo = async |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let overlay = RoomOverlay { photo: Some(path.display().to_string()), ..RoomOverlay::default() };
        desk.console.room_overlay_set(&room, overlay).await.unwrap();
        desk.console.room_photo(&room).await
    };
    let shown = photo("a.png", b"\x89PNG\r\n\x1a\n").await.unwrap();
    assert!(shown.is_some_and(|it| it.starts_with("data:image/png;base64,iVBORw")));
    assert_eq!(photo("passwords.txt", b"root:x:0:0").await.unwrap(), None);
    let gone = RoomOverlay { photo: Some("/nowhere/a.png".to_owned()), ..RoomOverlay::default() };
    desk.console.room_overlay_set(&room, gone).await.unwrap();
    assert_eq!(failure(desk.console.room_photo(&room).await).code(), Code::Invalid);
}

#[tokio::test]
async fn the_bookings_of_one_connection_are_told_without_those_of_another() {
    let (desk, one) = desk(Some("Asia/Tokyo")).await;
    let now = Time::parse(NOW).expect("an instant").utc();
    let branch = Office::start(Plan { seed: 7, ..Plan::small(now) }).await.expect("a second office");
    let mut second = new(branch.account(CHAT_AND_MESSENGER));
    second.name = "Branch".to_owned();
    let other = desk.console.connection_add(second).await.expect("a connection").id;
    let all = read(&desk, "2026-10-14").await;
    let of = |id: &ConnectionId| all.reservations.iter().filter(|it| it.connection == *id).count();
    assert!(of(&one) > 0 && of(&other) > 0, "the board of the day has both");
    let connections = desk.console.connections_with(model::about::Ability::Rooms).await.unwrap();
    for connection in connections {
        let only = std::slice::from_ref(&connection);
        let board = desk.console.room_board_of(only, day("2026-10-14")).await.unwrap();
        assert!(board.reservations.iter().all(|it| it.connection == connection.id));
        assert_eq!(board.reservations.len(), of(&connection.id));
        let month = desk.console.room_month_of(only, day("2026-10-14")).await.unwrap();
        assert!(month.reservations.iter().all(|it| it.connection == connection.id));
    }
}

#[test]
fn the_days_of_these_tests_are_what_they_say() {
    let weekday = |on: &str| on.parse::<NaiveDate>().expect("a day").format("%a").to_string();
    assert_eq!(["2026-10-26", "2026-10-31", "2026-11-04"].map(weekday), ["Mon", "Sat", "Wed"]);
}
