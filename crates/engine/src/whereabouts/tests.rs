//! Whose booking is whose, by example.

use model::conference_room::Room;
use model::connection::Connection;
use model::person::{Availability, PersonKind};
use model::{Day, Raw};

use super::*;
use crate::links::Directory;

pub(crate) fn person(connection: &str, id: &str, name: &str, email: &str) -> Person {
    Person {
        id: format!("{connection}/{id}").into(),
        connection: connection.into(),
        external_id: id.into(),
        name: name.into(),
        email: (!email.is_empty()).then(|| email.to_owned()),
        username: None,
        numbers: Vec::new(),
        extension: None,
        kind: PersonKind::User,
        is_active: true,
    }
}

pub(crate) fn connection(id: &str) -> Connection {
    let url = format!("https://{id}.example");
    Connection { id: id.into(), name: id.into(), system: id.into(), url, settings: [].into(), allow_http: false }
}

fn at(minute: i64) -> Time {
    Time::from_millis(1_790_000_000_000 + minute * 60_000).unwrap()
}

fn booking(connection: &str, title: &str, owner: &str, people: &[&str], (start, end): (i64, i64)) -> Reservation {
    Reservation {
        id: format!("{connection}/{title}").into(),
        connection: connection.into(),
        own_id: None,
        room_id: "rooms/b".into(),
        title: title.into(),
        owner: (!owner.is_empty()).then(|| owner.to_owned()),
        people: people.iter().map(|it| (*it).to_owned()).collect(),
        start: at(start),
        end: at(end),
        all_day: false,
        raw: Raw("{}".into()),
    }
}

fn board(reservations: Vec<Reservation>) -> RoomBoard {
    RoomBoard {
        day: Day("2026-09-21".parse().unwrap()),
        begins_at: at(-600),
        ends_at: at(600),
        zone: String::new(),
        opens_at: at(-300),
        closes_at: at(300),
        is_weekend: false,
        holiday: None,
        hours: Vec::new(),
        rooms: vec![Room {
            id: "rooms/b".into(),
            connection: "rooms".into(),
            external_id: "b".into(),
            name: "Room B".into(),
            capacity: None,
            place: None,
            note: None,
            equipment: Vec::new(),
            hours: None,
            raw: Raw("{}".into()),
        }],
        reservations,
        unplaced: Vec::new(),
        read_at: Some(at(-1)),
    }
}

fn office(people: Vec<Person>, reservations: Vec<Reservation>) -> Office {
    let connections = [connection("chat"), connection("phone"), connection("rooms")];
    Office::new(
        Directory { people, connections: connections.to_vec(), ..Directory::default() },
        Some(board(reservations)),
        HashMap::new(),
        at(0),
    )
}

fn titles(office: &Office, id: &str) -> (Vec<String>, Option<String>) {
    let id = PersonId::from(id);
    let found = office.whereabouts(office.person(&id).unwrap(), &id);
    (found.now.into_iter().map(|it| it.title).collect(), found.next.map(|it| it.title))
}

fn tanaka() -> Vec<Person> {
    vec![
        person("chat", "t.kenichi", "田中 健一", "T.Kenichi@example.jp"),
        person("phone", "63309", "Kenichi Tanaka", "t.kenichi@example.jp"),
    ]
}

#[test]
fn somebody_is_in_the_room_that_is_booked_under_any_of_their_names_or_addresses() {
    let check = |owner: &str, people: &[&str], is_theirs: bool| {
        let office = office(tanaka(), vec![booking("rooms", "x", owner, people, (-30, 30))]);
        for id in ["chat/t.kenichi", "phone/63309"] {
            assert_eq!(titles(&office, id).0.len(), usize::from(is_theirs), "{owner} {people:?} {id}");
        }
    };
    check("田中 健一", &[], true);
    check("田中　健一", &[], true);
    check("kenichi tanaka", &[], true);
    check("鈴木 大輔", &["t.kenichi@EXAMPLE.jp"], true);
    check("鈴木 大輔", &["田中健一"], true);
    check("田中", &[], false);
    check("田中 健一郎", &[], false);
    check("", &[], false);
    check("", &["63309"], false);
}

#[test]
fn an_id_is_somebody_at_its_own_connection_only() {
    let people = vec![person("rooms", "u7", "田中 健一", "")];
    let of = |connection| office(people.clone(), vec![booking(connection, "x", "", &["u7"], (-30, 30))]);
    assert_eq!(titles(&of("rooms"), "rooms/u7").0, ["x"]);
    assert_eq!(titles(&of("chat"), "rooms/u7").0, [""; 0]);
}

#[test]
fn two_of_one_name_are_never_guessed_between() {
    let people =
        vec![person("chat", "1", "田中 健一", "one@example.jp"), person("chat", "2", "田中　健一", "two@example.jp")];
    let bookings = vec![
        booking("rooms", "by name", "田中 健一", &[], (-30, 30)),
        booking("rooms", "by address", "田中 健一", &["two@example.jp"], (10, 30)),
    ];
    let office = office(people, bookings);
    assert_eq!(titles(&office, "chat/1"), (vec![], None));
    assert_eq!(titles(&office, "chat/2"), (vec![], Some("by address".to_owned())));
    let id = PersonId::from("chat/1");
    assert!(office.whereabouts(office.person(&id).unwrap(), &id).is_name_shared);
}

#[test]
fn now_ends_when_the_booking_does_and_next_is_the_first_of_today_after_it() {
    let theirs = |title, span| booking("rooms", title, "田中 健一", &[], span);
    let bookings = vec![
        theirs("tomorrow", (700, 730)),
        theirs("later", (90, 120)),
        theirs("soon", (30, 60)),
        theirs("over", (-60, 0)),
        theirs("begins", (0, 30)),
    ];
    assert_eq!(titles(&office(tanaka(), bookings), "phone/63309"), (vec!["begins".into()], Some("soon".into())));
    let twice = vec![theirs("one", (-10, 10)), theirs("two", (-5, 20))];
    assert_eq!(titles(&office(tanaka(), twice), "phone/63309").0, ["one", "two"], "both are told");
    let only = office(tanaka(), vec![theirs("tomorrow", (700, 730))]);
    assert_eq!(titles(&only, "phone/63309"), (vec![], None));
}

#[test]
fn of_two_telephones_the_one_that_is_spoken_over_tells() {
    let told = |id: &str, is_on_call| Presence {
        external_id: id.to_owned(),
        availability: Availability::Available,
        is_on_call,
    };
    let presences = [("chat/t.kenichi", told("t.kenichi", false)), ("phone/63309", told("63309", true))];
    let presences = presences.into_iter().map(|(id, it)| (PersonId::from(id), it)).collect();
    let connections = [connection("chat"), connection("phone")];
    let office = Office::new(
        Directory { people: tanaka(), connections: connections.to_vec(), ..Directory::default() },
        None,
        presences,
        at(0),
    );
    let id = PersonId::from("chat/t.kenichi");
    let found = office.whereabouts(office.person(&id).unwrap(), &id);
    assert!(found.presence.is_some_and(|it| it.is_on_call));
    assert_eq!(found.read_at, None, "nothing follows from there being no booking");
}
