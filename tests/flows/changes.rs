//! Changes of bookings since the last shift, over the real client: what a reading shows is told once, and nothing is invented.

use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};
use model::Day;
use model::booking_change::{BookingChange, BookingChangeKind, BookingThen, ChangesSince};
use model::event::{Event, Table};
use simulators::chat_and_messenger::BookingEdit;
use simulators::{CHAT_AND_MESSENGER, Fault};

use crate::support::{Desk, wait_for};

/// An hour of the office's calendar, on a wall clock in Tokyo. Nobody has a booking as early as this one.
fn wall(day: u32, hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 10, day).and_then(|it| it.and_hms_opt(hour, 0, 0)).expect("an hour")
}

/// Somebody books for an hour.
fn book(desk: &Desk, room: &str, title: &str, day: u32, hour: u32) -> String {
    desk.office.chat_and_messenger.book(room, title, "田中 健一", wall(day, hour), wall(day, hour + 1))
}

fn edit(desk: &Desk, id: &str, edit: &BookingEdit) {
    assert!(desk.office.chat_and_messenger.change(id, edit), "there is such a booking");
}

fn room(name: &str) -> BookingEdit {
    BookingEdit { room: Some(name.to_owned()), ..BookingEdit::default() }
}

fn hours(day: u32, hour: u32) -> BookingEdit {
    BookingEdit { start: Some(wall(day, hour)), end: Some(wall(day, hour + 1)), ..BookingEdit::default() }
}

/// A minute later everything is read again.
async fn read(desk: &Desk) {
    desk.office.clock.advance(Duration::from_secs(60));
    assert_eq!(desk.sync(CHAT_AND_MESSENGER).await.error, None);
}

/// What is told, the one seen last first.
async fn told(desk: &Desk) -> Vec<BookingChange> {
    let all = desk.console.booking_changes(ChangesSince::Evening).await.expect("the console's own data");
    assert_eq!(all.count as usize, all.changes.len());
    all.changes
}

/// A change in words: what became of it, and the room, day and hour before and after.
fn words(change: &BookingChange) -> String {
    let place = |it: &Option<BookingThen>| {
        let it = it.as_ref()?;
        let start = it.start.utc() + chrono::Duration::hours(9);
        Some(format!("{} {} {}", it.title, it.room, start.format("%d %H")))
    };
    let words: Vec<String> = [place(&change.before), place(&change.after)].into_iter().flatten().collect();
    format!("{:?}: {}", change.kind, words.join(" > "))
}

async fn all_words(desk: &Desk) -> Vec<String> {
    told(desk).await.iter().map(words).collect()
}

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn a_booking_that_is_made_moved_renamed_and_cancelled_is_told_each_time_it_is_read() {
    let desk = Desk::synced().await;
    assert_eq!(all_words(&desk).await, NOTHING, "a first reading tells nothing");
    let mut events = desk.console.subscribe();
    let id = book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    wait_for(&mut events, |event| match event {
        Event::Changed { tables } => tables.contains(&Table::Reservations).then_some(()),
        Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } => None,
    })
    .await;
    let added = told(&desk).await.remove(0);
    assert_eq!(words(&added), "Added: 来客 会議室 301 15 06");
    assert_eq!(added.after.as_ref().and_then(|it| it.owner.as_deref()), Some("田中 健一"));
    assert!(added.has_id && added.reservation.as_str().ends_with(&id));
    assert_eq!(added.seen_at.utc(), desk.office.clock.now(), "when it was seen, not when it was done");

    edit(&desk, &id, &hours(16, 7));
    read(&desk).await;
    edit(&desk, &id, &room("4"));
    read(&desk).await;
    edit(&desk, &id, &BookingEdit { title: Some("工場見学".to_owned()), ..BookingEdit::default() });
    read(&desk).await;
    assert!(desk.office.chat_and_messenger.cancel(&id));
    read(&desk).await;
    read(&desk).await;
    let expected = [
        "Cancelled: 工場見学 会議室 302 16 07",
        "Renamed: 来客 会議室 302 16 07 > 工場見学 会議室 302 16 07",
        "OtherRoom: 来客 会議室 301 16 07 > 来客 会議室 302 16 07",
        "Moved: 来客 会議室 301 15 06 > 来客 会議室 301 16 07",
        "Added: 来客 会議室 301 15 06",
    ];
    assert_eq!(all_words(&desk).await, expected);
    let desk = desk.restarted().await;
    assert_eq!(all_words(&desk).await, expected, "also after the program was started again");
    desk.office.clock.advance(Duration::from_secs(2 * 24 * 3_600));
    for since in [ChangesSince::Evening, ChangesSince::Midnight, ChangesSince::HandOver] {
        let later = desk.console.booking_changes(since).await.unwrap();
        assert_eq!((later.changes, later.count), (Vec::new(), 0), "two days later it is another shift: {since:?}");
    }
}

#[tokio::test]
async fn two_that_changed_rooms_are_two_that_moved() {
    let desk = Desk::connected().await;
    let (one, other) = (book(&desk, "3", "来客", 15, 6), book(&desk, "4", "面談", 15, 6));
    read(&desk).await;
    edit(&desk, &one, &room("4"));
    edit(&desk, &other, &room("3"));
    read(&desk).await;
    let mut words = all_words(&desk).await;
    words.sort();
    let expected = [
        "OtherRoom: 来客 会議室 301 15 06 > 来客 会議室 302 15 06",
        "OtherRoom: 面談 会議室 302 15 06 > 面談 会議室 301 15 06",
    ];
    assert_eq!(words, expected);
}

#[tokio::test]
async fn a_booking_of_an_hour_that_is_over_is_told_too() {
    let desk = Desk::connected().await;
    let id = book(&desk, "3", "来客", 13, 6);
    read(&desk).await;
    assert!(desk.office.chat_and_messenger.cancel(&id));
    read(&desk).await;
    assert_eq!(all_words(&desk).await, ["Cancelled: 来客 会議室 301 13 06"]);
}

#[tokio::test]
async fn a_reading_that_fails_or_breaks_off_invents_nothing() {
    let desk = Desk::connected().await;
    let id = book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    let broken = [Fault::Reset, Fault::Status(500), Fault::CutJson, Fault::WrongJson, Fault::Html, Fault::TokenExpired];
    for fault in broken {
        desk.office.fault(CHAT_AND_MESSENGER, fault.clone());
        desk.office.clock.advance(Duration::from_secs(60));
        assert!(desk.sync(CHAT_AND_MESSENGER).await.error.is_some(), "{fault:?}");
        assert_eq!(all_words(&desk).await, NOTHING, "{fault:?}");
        desk.office.heal(CHAT_AND_MESSENGER);
    }
    edit(&desk, &id, &room("4"));
    read(&desk).await;
    let expected = ["OtherRoom: 来客 会議室 301 15 06 > 来客 会議室 302 15 06"];
    assert_eq!(all_words(&desk).await, expected, "the next good reading is compared with the last good one");
}

#[tokio::test]
async fn a_reading_that_lost_everything_is_not_believed() {
    let desk = Desk::synced().await;
    let office = &desk.office.chat_and_messenger;
    for day in 1..=31 {
        let day = NaiveDate::from_ymd_opt(2026, 10, day).expect("a day");
        for booking in office.bookings(day) {
            assert!(office.cancel(&booking.id));
        }
    }
    read(&desk).await;
    let empty = desk.console.booking_changes(ChangesSince::Evening).await.unwrap();
    assert_eq!((empty.count, empty.compared_from), (0, None), "servers also say so that did not understand");
    book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    assert_eq!(all_words(&desk).await, NOTHING, "this is a first reading again");
    book(&desk, "4", "面談", 15, 6);
    read(&desk).await;
    assert_eq!(all_words(&desk).await, ["Added: 面談 会議室 302 15 06"]);
}

#[tokio::test]
async fn a_month_that_begins_within_a_week_is_compared_before_its_first_day() {
    let desk = Desk::synced().await;
    // Monday 26 October.
    desk.office.clock.advance(Duration::from_secs(12 * 24 * 3_600));
    read(&desk).await;
    let day = |hour| NaiveDate::from_ymd_opt(2026, 11, 2).and_then(|it| it.and_hms_opt(hour, 0, 0)).expect("an hour");
    desk.office.chat_and_messenger.book("3", "来客", "田中 健一", day(6), day(7));
    read(&desk).await;
    assert_eq!(all_words(&desk).await, ["Added: 来客 会議室 301 02 06"]);
}

#[tokio::test]
async fn a_booking_that_can_no_longer_be_placed_is_not_cancelled() {
    let desk = Desk::connected().await;
    let id = book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    let backwards = BookingEdit { end: Some(wall(15, 5)), ..BookingEdit::default() };
    for unplaced in [backwards, BookingEdit { room: Some("99".to_owned()), ..hours(15, 6) }] {
        edit(&desk, &id, &unplaced);
        read(&desk).await;
    }
    assert_eq!(all_words(&desk).await, NOTHING);
    edit(&desk, &id, &room("3"));
    read(&desk).await;
    assert_eq!(all_words(&desk).await, NOTHING, "nor is it new when it can be placed again");
}

#[tokio::test]
async fn a_month_that_is_read_for_the_first_time_tells_nothing_and_a_move_into_it_is_one_change() {
    let desk = Desk::connected().await;
    let november = Day("2026-11-02".parse().unwrap());
    let id = book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    desk.console.room_board_read(november).await.unwrap();
    assert_eq!(all_words(&desk).await, NOTHING);
    let day = |hour| NaiveDate::from_ymd_opt(2026, 11, 4).and_then(|it| it.and_hms_opt(hour, 0, 0));
    edit(&desk, &id, &BookingEdit { start: day(6), end: day(7), ..BookingEdit::default() });
    read(&desk).await;
    assert_eq!(all_words(&desk).await, ["Cancelled: 来客 会議室 301 15 06"], "all that October shows");
    desk.console.room_board_read(november).await.unwrap();
    let expected = ["Moved: 来客 会議室 301 15 06 > 来客 会議室 301 04 06"];
    assert_eq!(all_words(&desk).await, expected, "November shows where it went");
    assert_eq!(told(&desk).await[0].kind, BookingChangeKind::Moved);
}

#[tokio::test]
async fn a_cache_that_is_read_anew_tells_nothing_false_and_keeps_what_was_told() {
    let desk = Desk::synced().await;
    let id = book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    let first = told(&desk).await;
    assert_eq!(first.len(), 1);
    let from = desk.console.booking_changes(ChangesSince::Evening).await.unwrap().compared_from;
    edit(&desk, &id, &room("4"));
    desk.console.stop();
    std::fs::write(desk.folder.path().join("cache.db"), b"no database any more").unwrap();
    let desk = desk.restarted().await;
    let lost = desk.console.booking_changes(ChangesSince::Evening).await.unwrap();
    assert_eq!((lost.changes, lost.compared_from), (first.clone(), None), "until it is read nothing can be compared");
    read(&desk).await;
    let again = desk.console.booking_changes(ChangesSince::Evening).await.unwrap();
    assert_eq!(again.changes, first, "what changed in between was not seen");
    assert!(again.compared_from > from, "and it is said from when on readings are compared");
    edit(&desk, &id, &hours(15, 8));
    read(&desk).await;
    assert_eq!(all_words(&desk).await[0], "Moved: 来客 会議室 302 15 06 > 来客 会議室 302 15 08");
}

#[tokio::test]
async fn a_hand_over_begins_a_shift_and_a_second_print_has_the_same_changes() {
    let desk = Desk::connected().await;
    read(&desk).await;
    book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    let count = async |desk: &Desk| desk.console.booking_changes(ChangesSince::HandOver).await.unwrap().count;
    assert_eq!(count(&desk).await, 1, "before the first hand-over it is since the evening");
    desk.office.clock.advance(Duration::from_secs(60));
    desk.console.handed_over().await.unwrap();
    assert_eq!(count(&desk).await, 1, "a second print shows the same");
    desk.office.clock.advance(Duration::from_secs(31 * 60));
    let handed = desk.console.booking_changes(ChangesSince::HandOver).await.unwrap();
    assert_eq!((handed.count, Some(handed.since)), (0, handed.handed_over_at));
    book(&desk, "4", "面談", 15, 6);
    read(&desk).await;
    assert_eq!(count(&desk).await, 1, "what came after it");
}

#[tokio::test]
async fn the_changes_of_a_connection_go_with_it() {
    let desk = Desk::synced().await;
    book(&desk, "3", "来客", 15, 6);
    read(&desk).await;
    assert_eq!(told(&desk).await.len(), 1);
    desk.console.connection_remove(&desk.id(CHAT_AND_MESSENGER).await).await.unwrap();
    assert_eq!(all_words(&desk).await, NOTHING);
}
