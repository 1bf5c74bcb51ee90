//! What two readings show and what they do not, by example.

use model::Raw;
use model::conference_room::UnplacedReason;

use super::*;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
/// A month of thirty days from minute 0.
const MONTH: (i64, i64) = (0, 30 * DAY);

fn at(minute: i64) -> Time {
    Time::from_millis(1_790_000_000_000 + minute * 60_000).unwrap()
}

/// A booking of an hour: its id, `-` where its system gives none, the room, the title, the owner and the minute of its begin.
fn booking(id: &str, room: &str, title: &str, owner: &str, start: i64) -> Reservation {
    Reservation {
        id: format!("c/{id}{room}{start}").into(),
        connection: "c".into(),
        own_id: (id != "-").then(|| id.to_owned()),
        room_id: format!("c/{room}").into(),
        title: title.to_owned(),
        owner: Some(owner.to_owned()),
        people: Vec::new(),
        start: at(start),
        end: at(start + HOUR),
        all_day: false,
        raw: Raw("{}".to_owned()),
    }
}

fn reading(reservations: &[Reservation]) -> Bookings {
    Bookings { reservations: reservations.to_vec(), unplaced: Vec::new() }
}

fn entry(own_id: Option<&str>, title: &str) -> Unplaced {
    let raw = Raw(format!("{own_id:?} {title}"));
    let (title, own_id) = (title.to_owned(), own_id.map(str::to_owned));
    Unplaced { reason: UnplacedReason::NoEnd, words: String::new(), title, own_id, raw }
}

/// The differences in words, such as `moved 301@60>302@120`.
fn told(before: &Bookings, now: &Bookings) -> Vec<String> {
    let place = |it: &Reservation| {
        let minute = (it.start.millis() - at(0).millis()) / 60_000;
        format!("{}@{minute} {}", it.room_id.as_str().trim_start_matches("c/"), it.title)
    };
    let words = |it: Difference<'_>| match (it.before, it.after) {
        (Some(old), Some(new)) => format!("{} > {}", place(old), place(new)),
        (Some(old), None) => format!("- {}", place(old)),
        (None, new) => format!("+ {}", new.map(place).unwrap_or_default()),
    };
    differences(before, now, (at(MONTH.0), at(MONTH.1))).into_iter().map(words).collect()
}

fn check_all(before: &[Reservation], now: &[Reservation], expected: &[&str]) {
    assert_eq!(told(&reading(before), &reading(now)), expected);
}

#[test]
fn a_booking_is_followed_by_its_id() {
    let before = booking("1", "301", "定例", "田中", 60);
    let check = |now: Reservation, expected: &str| check_all(std::slice::from_ref(&before), &[now], &[expected]);
    check(booking("1", "302", "定例", "田中", 60), "301@60 定例 > 302@60 定例");
    check(booking("1", "301", "定例", "田中", 120), "301@60 定例 > 301@120 定例");
    check(booking("1", "301", "月次", "田中", 60), "301@60 定例 > 301@60 月次");
    check(booking("1", "302", "月次", "田中", 3 * DAY), "301@60 定例 > 302@4320 月次");
    check_all(std::slice::from_ref(&before), &[], &["- 301@60 定例"]);
    check_all(&[], std::slice::from_ref(&before), &["+ 301@60 定例"]);
    check_all(std::slice::from_ref(&before), std::slice::from_ref(&before), &[]);
    let other_people = booking("1", "301", "定例", "鈴木", 60);
    check_all(std::slice::from_ref(&before), &[other_people], &[]);
}

#[test]
fn two_that_changed_places_are_two_that_moved() {
    let before = [booking("1", "301", "定例", "田中", 60), booking("2", "302", "面接", "伊藤", 60)];
    let now = [booking("1", "302", "定例", "田中", 60), booking("2", "301", "面接", "伊藤", 60)];
    check_all(&before, &now, &["301@60 定例 > 302@60 定例", "302@60 面接 > 301@60 面接"]);
}

#[test]
fn ids_that_changed_hands_are_no_change_of_the_board() {
    let rows = |ids: [&str; 3]| {
        [
            booking(ids[0], "301", "定例", "田中", 60),
            booking(ids[1], "302", "面接", "伊藤", 60),
            booking(ids[2], "303", "週次", "鈴木", 90),
        ]
    };
    check_all(&rows(["1", "2", "3"]), &rows(["2", "1", "3"]), &[]);
    check_all(&rows(["1", "2", "3"]), &rows(["2", "3", "1"]), &[]);
    check_all(&rows(["1", "2", "3"]), &rows(["7", "8", "9"]), &[]);
}

#[test]
fn one_that_takes_the_place_of_another_is_not_that_other() {
    let before = [booking("1", "301", "1on1", "小林", 60), booking("2", "301", "1on1", "小林", 120)];
    let now = [booking("1", "301", "1on1", "小林", 120), booking("2", "301", "1on1", "小林", 180)];
    check_all(&before, &now, &["301@60 1on1 > 301@120 1on1", "301@120 1on1 > 301@180 1on1"]);
}

#[test]
fn an_id_that_was_given_to_another_booking_is_one_gone_and_one_new() {
    let before = [booking("1", "301", "定例", "田中", 60)];
    let now = [booking("1", "502", "面接", "伊藤", 300)];
    check_all(&before, &now, &["- 301@60 定例", "+ 502@300 面接"]);
}

#[test]
fn what_repeats_under_one_id_is_compared_one_by_one() {
    let week = |days: &[i64]| days.iter().map(|day| booking("9", "301", "朝会", "渡辺", day * DAY)).collect::<Vec<_>>();
    check_all(&week(&[1, 8, 15]), &week(&[1, 9, 15]), &["301@11520 朝会 > 301@12960 朝会"]);
    check_all(&week(&[1, 8, 15]), &week(&[1, 15]), &["- 301@11520 朝会"]);
    check_all(&week(&[1, 8]), &week(&[1, 8, 15]), &["+ 301@21600 朝会"]);
    check_all(&week(&[1]), &week(&[8, 15]), &["- 301@1440 朝会", "+ 301@11520 朝会", "+ 301@21600 朝会"]);
    // One booking of two rooms.
    let rooms = |names: [&str; 2]| names.map(|room| booking("9", room, "説明会", "伊藤", 60));
    check_all(&rooms(["301", "302"]), &rooms(["301", "303"]), &["302@60 説明会 > 303@60 説明会"]);
}

#[test]
fn without_an_id_a_change_is_one_gone_and_one_new() {
    let before = [booking("-", "301", "定例", "田中", 60), booking("-", "302", "面接", "伊藤", 60)];
    check_all(&before, &before, &[]);
    let now = [booking("-", "301", "定例", "田中", 120), booking("-", "302", "面接", "伊藤", 60)];
    check_all(&before, &now, &["- 301@60 定例", "+ 301@120 定例"]);
    check_all(&before[..1], &[booking("5", "301", "定例", "田中", 60)], &[]);
}

#[test]
fn what_can_no_longer_be_placed_is_not_cancelled_and_not_new_when_it_can_again() {
    let placed = [booking("1", "301", "定例", "田中", 60), booking("-", "302", "面接", "伊藤", 60)];
    for hiding in [entry(Some("1"), "")].into_iter().chain([entry(None, "定例"), entry(None, "")]) {
        let hidden = Bookings { reservations: placed[1..].to_vec(), unplaced: vec![hiding] };
        assert_eq!(told(&reading(&placed), &hidden), [""; 0]);
        assert_eq!(told(&hidden, &reading(&placed)), [""; 0]);
    }
    let other = Bookings { reservations: placed[1..].to_vec(), unplaced: vec![entry(Some("7"), "定例")] };
    assert_eq!(told(&reading(&placed), &other), ["- 301@60 定例"], "an entry with another id is another booking");
    let known = Bookings { reservations: placed.to_vec(), unplaced: vec![entry(None, "")] };
    let gone = Bookings { reservations: placed[1..].to_vec(), unplaced: vec![entry(None, "")] };
    assert_eq!(told(&known, &gone), ["- 301@60 定例"], "what could not be placed before either hides nothing");
}

#[test]
fn what_reaches_into_another_month_is_told_only_where_it_is_in_both() {
    let end = 30 * DAY - HOUR / 2;
    let across = booking("1", "301", "夜間作業", "小林", end);
    check_all(std::slice::from_ref(&across), &[], &[]);
    check_all(&[], std::slice::from_ref(&across), &[]);
    check_all(&[booking("1", "301", "夜間作業", "小林", -HOUR / 2)], &[], &[]);
    check_all(&[across], &[booking("1", "302", "夜間作業", "小林", end)], &["301@43170 夜間作業 > 302@43170 夜間作業"]);
}

#[test]
fn a_reading_that_lost_everything_is_doubtful_and_a_small_one_is_not() {
    let three = [1, 2, 3].map(|hour| booking(&hour.to_string(), "301", "定例", "田中", hour * HOUR));
    assert!(is_doubtful(&reading(&three), &reading(&[])));
    assert!(!is_doubtful(&reading(&three[..2]), &reading(&[])));
    assert!(!is_doubtful(&reading(&three), &reading(&three[..1])));
    assert!(!is_doubtful(&reading(&[]), &reading(&[])));
}

#[test]
fn a_clock_that_was_changed_moves_no_booking() {
    let by = |hours: i64| [1, 2, 3].map(|n| booking(&n.to_string(), "301", "定例", "田中", (n + hours) * HOUR));
    check_all(&by(0), &by(9), &[]);
    let mut two = by(0).to_vec();
    two[0].start = at(30 * HOUR);
    two[0].end = at(31 * HOUR);
    check_all(&by(0), &two, &["301@60 定例 > 301@1800 定例"]);
}
