//! Reports by example: an office week with two rooms.

use model::Raw;
use model::room_overlay::OpenHours;
use model::room_report::{DeadSign, Rhythm};

use super::*;
use crate::room_calendar::{Hours, calendar_day};
use crate::whereabouts::tests::{connection, person};

fn zone() -> Zone {
    Zone::Named("Asia/Tokyo".parse().unwrap())
}

fn room(id: &str) -> Room {
    Room {
        id: RoomId(format!("rooms/{id}")),
        connection: "rooms".into(),
        external_id: id.into(),
        name: format!("会議室 {id}"),
        capacity: Some(8),
        place: None,
        note: None,
        equipment: vec![],
        hours: None,
        raw: Raw("{}".into()),
    }
}

/// A booking of a room from one time on the wall to another.
fn booking(room: &str, title: &str, owner: &str, start: &str, end: &str) -> Reservation {
    let at = |text: &str| Time::parse(&format!("{text}:00+09:00")).unwrap();
    Reservation {
        id: ReservationId(format!("rooms/{title} {start}")),
        connection: "rooms".into(),
        own_id: None,
        room_id: RoomId(format!("rooms/{room}")),
        title: title.into(),
        owner: (!owner.is_empty()).then(|| owner.to_owned()),
        people: vec![],
        start: at(start),
        end: at(end),
        all_day: false,
        raw: Raw("{}".into()),
    }
}

/// Four weeks from Monday 5 October 2026, open from nine to six; the 12th is a holiday.
fn material(mut reservations: Vec<Reservation>) -> Material {
    reservations.sort_by_key(|it| (it.start, it.end));
    let first: chrono::NaiveDate = "2026-10-05".parse().unwrap();
    let hours = Hours { opens: 9, closes: 18, holidays: Default::default() };
    let days = first.iter_days().take(28).map(|day| calendar_day(zone(), day, &hours)).collect();
    Material { zone: zone(), days, rooms: vec![room("301"), room("302")], reservations }
}

fn office(people: Vec<model::person::Person>) -> crate::whereabouts::Office {
    let connections = [connection("chat"), connection("phone"), connection("rooms")];
    let directory = crate::links::Directory { people, connections: connections.to_vec(), ..Default::default() };
    crate::whereabouts::Office::new(directory, None, HashMap::new(), Time::parse("2026-10-14T10:42:00+09:00").unwrap())
}

#[test]
fn a_room_is_used_by_the_opening_hours_of_working_days_and_overlaps_count_once() {
    let material = material(vec![
        booking("301", "朝", "", "2026-10-05T08:00", "2026-10-05T10:00"),
        booking("301", "重", "", "2026-10-05T09:30", "2026-10-05T11:00"),
        booking("301", "祝", "", "2026-10-12T09:00", "2026-10-12T18:00"),
        booking("301", "土", "", "2026-10-10T09:00", "2026-10-10T18:00"),
    ]);
    let [used, free] = &material.by_room()[..] else { panic!("two rooms") };
    assert_eq!((used.open_minutes, used.booked_minutes), (19 * 540, 120), "from nine to eleven on the one Monday");
    assert_eq!((used.used, used.bookings, used.overlaps), (1, 4, 1));
    assert_eq!((free.booked_minutes, free.used, free.bookings), (0, 0, 0));

    let hours = material.by_hour();
    assert_eq!(hours.len(), 24);
    assert_eq!((hours[8].booked_minutes, hours[9].booked_minutes, hours[11].booked_minutes), (60, 60, 0));
    assert_eq!(hours[9].open_minutes, 19 * 60 * 2);
    let weekdays = material.by_weekday();
    assert_eq!(weekdays[0].booked_minutes, 120 + 540, "a holiday is a Monday too");
    assert_eq!((weekdays[5].booked_minutes, weekdays[6].booked_minutes), (540, 0));
    assert_eq!(weekdays[5].used, 13, "one of two rooms on one of four Saturdays");

    let overlaps = material.overlaps();
    assert_eq!(overlaps.len(), 1);
    assert_eq!(overlaps[0].bookings.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["朝", "重"]);
}

#[test]
fn a_room_with_hours_of_its_own_is_counted_by_them() {
    let mut material = material(vec![
        booking("301", "夜", "", "2026-10-05T17:00", "2026-10-05T20:00"),
        booking("302", "夜", "", "2026-10-05T17:00", "2026-10-05T20:00"),
    ]);
    material.rooms[0].hours = Some(OpenHours { opens_at: 18, closes_at: 22 });
    let [own, office] = &material.by_room()[..] else { panic!("two rooms") };
    assert_eq!((own.open_minutes, own.booked_minutes), (19 * 240, 120));
    assert_eq!((office.open_minutes, office.booked_minutes), (19 * 540, 60));
    let hours = material.by_hour();
    assert_eq!((hours[17].open_minutes, hours[17].booked_minutes), (19 * 60, 60), "one of them is closed then");
    assert_eq!((hours[19].open_minutes, hours[19].booked_minutes), (19 * 60 * 2, 120));
    assert_eq!(material.by_weekday()[0].booked_minutes, 120 + 60);
}

#[test]
fn what_comes_again_is_found_and_doubted_only_for_a_reason() {
    let weekly = |title: &str, room: &str, owner: &str, hour: &str| -> Vec<Reservation> {
        ["2026-10-07", "2026-10-14", "2026-10-21"]
            .map(|day| booking(room, title, owner, &format!("{day}T{hour}:00"), &format!("{day}T{hour}:50")))
            .into()
    };
    let mut all = weekly("定例", "301", "田中 健一", "10");
    all.extend(weekly("定例(旧)", "302", "田中 健一", "10"));
    all.extend(weekly("朝会", "301", "退職 太郎", "13"));
    all.extend(weekly("倉庫", "302", "だれか", "15"));
    all.push(booking("302", "面談", "田中 健一", "2026-10-05T15:00", "2026-10-05T16:00"));
    let material = material(all);
    let left = model::person::Person { is_active: false, ..person("chat", "2", "退職 太郎", "") };
    let office = office(vec![person("chat", "1", "田中 健一", "t@example.jp"), left]);
    let unanswered = [ReservationId("rooms/倉庫 2026-10-07T15:00".into())];
    let now = Time::parse("2026-10-14T10:42:00+09:00").unwrap();
    let since = Day("2026-10-05".parse().unwrap());
    let series = material.series(&Doubts { office: &office, unanswered: &unanswered, now }, since);
    let told: Vec<_> = series.iter().map(|it| (it.title.as_str(), it.times, it.signs.clone())).collect();
    assert_eq!(
        told,
        [
            ("倉庫", 3, vec![DeadSign::OrganiserUnknown, DeadSign::Unanswered]),
            ("定例", 3, vec![DeadSign::OrganiserElsewhere]),
            ("定例(旧)", 3, vec![DeadSign::OrganiserElsewhere]),
            ("朝会", 3, vec![DeadSign::OrganiserLeft]),
        ],
        "what was there once is no series"
    );
    assert_eq!((series[0].rhythm, series[0].times, series[0].expected), (Rhythm::Weekly, 3, 3));
    assert_eq!((series[0].weekday, series[0].booking.as_str()), (3, "rooms/倉庫 2026-10-14T15:00"), "the next one");
    assert_eq!(series[1].booking.as_str(), "rooms/定例 2026-10-21T10:00", "today's has begun already");
}

#[test]
fn a_booking_knows_its_rhythm_and_what_is_alike_but_elsewhere_is_no_part_of_it() {
    let days = ["2026-10-07", "2026-10-14", "2026-10-21"];
    let weekly = |room: &str, owner: &str, hour: &str| {
        days.map(|day| booking(room, "定例", owner, &format!("{day}T{hour}:00"), &format!("{day}T{hour}:50")))
    };
    let mut all: Vec<Reservation> = weekly("301", "田中 健一", "10").into();
    all.push(booking("301", "定例", "田中 健一", "2026-10-15T10:00", "2026-10-15T11:00"));
    all.push(booking("302", "定例", "田中 健一", "2026-10-28T10:00", "2026-10-28T11:00"));
    let material = material(all);
    let of = |start: &str| material.reservations.iter().find(|it| it.id.as_str().ends_with(start)).unwrap();
    let again = material.again(of("2026-10-14T10:00")).unwrap();
    assert_eq!((again.rhythm, again.weekday, again.nth, again.times, again.expected), (Rhythm::Weekly, 3, 2, 3, 3));
    assert_eq!(material.again(of("2026-10-15T10:00")), None, "once is no rhythm");
    assert_eq!(material.again(of("2026-10-28T10:00")), None, "another room is another booking");
}

#[test]
fn without_a_directory_nobody_is_missing_in_it() {
    let days = ["2026-10-07", "2026-10-14", "2026-10-21"];
    let all = days.map(|day| booking("301", "定例", "だれか", &format!("{day}T10:00"), &format!("{day}T11:00")));
    let material = material(all.into());
    let office = office(vec![]);
    let doubts = Doubts { office: &office, unanswered: &[], now: Time::parse("2026-10-14T10:42:00+09:00").unwrap() };
    let since = Day("2026-10-05".parse().unwrap());
    assert_eq!(material.series(&doubts, since)[0].signs, []);
    let later = Day("2026-10-22".parse().unwrap());
    assert_eq!(material.series(&doubts, later), [], "what did not come again in these days is none of theirs");
}
