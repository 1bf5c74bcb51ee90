//! Conference rooms and their bookings.

use std::collections::BTreeSet;

use model::conference_room::{Bookings, Reservation, Room, Unplaced, UnplacedReason};
use model::event::Table;
use model::{Raw, ReservationId, RoomId};
use store::Store;

use crate::making::{at, office, read, store, write};

const DAY: i64 = 24 * 60;

fn room(external_id: &str) -> Room {
    Room {
        id: RoomId::from(""),
        connection: office(),
        external_id: external_id.to_owned(),
        name: format!("会議室{external_id}"),
        capacity: Some(8),
        place: None,
        note: None,
        equipment: vec!["Projector".to_owned()],
        hours: None,
        raw: Raw("{}".to_owned()),
    }
}

fn booking(id: &str, title: &str, start: i64, end: i64) -> Reservation {
    Reservation {
        id: ReservationId::from(id),
        connection: office(),
        own_id: (!id.is_empty()).then(|| id.to_owned()),
        room_id: RoomId::from("R1"),
        title: title.to_owned(),
        owner: None,
        people: vec!["tanaka@example.jp".to_owned()],
        start: at(start),
        end: at(end),
        all_day: false,
        raw: Raw("{}".to_owned()),
    }
}

/// A month of thirty days from minute 0.
async fn month(store: &Store, reservations: Vec<Reservation>, read_at: i64) -> (u64, BTreeSet<Table>) {
    let unplaced = vec![Unplaced {
        reason: UnplacedReason::NoEnd,
        words: "end".to_owned(),
        title: "?".to_owned(),
        own_id: None,
        raw: Raw("{}".to_owned()),
    }];
    let bookings = Bookings { reservations, unplaced };
    let written = store
        .write(move |w| {
            store::reservations::replace(w, &office(), at(0), at(30 * DAY), "2026-10", &bookings, at(read_at))
        })
        .await
        .unwrap();
    (written.value, written.tables)
}

async fn titles(store: &Store, from: i64, to: i64) -> Vec<String> {
    let board = read(store, move |r| store::reservations::board(r, at(from), at(to), &[])).await;
    board.0.into_iter().map(|it| it.title).collect()
}

#[tokio::test]
async fn rooms_keep_their_systems_order() {
    let store = store().await;
    let rooms = [room("R2"), room("R1")];
    let again = rooms.clone();
    assert_eq!(write(&store, move |w| store::rooms::replace(w, &office(), &rooms)).await, [Table::Rooms].into());
    assert!(write(&store, move |w| store::rooms::replace(w, &office(), &again)).await.is_empty());
    let all = read(&store, store::rooms::all).await;
    assert_eq!(all.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["c1/R2", "c1/R1"]);
    assert_eq!(all[0].equipment, ["Projector"]);
}

#[tokio::test]
async fn a_month_read_again_announces_how_fresh_it_is() {
    let store = store().await;
    let both = || vec![booking("1", "朝会", 60, 90), booking("2", "面接", 2 * DAY, 2 * DAY + 60)];
    assert_eq!(month(&store, both(), 0).await, (3, [Table::Reservations].into()));
    assert_eq!(month(&store, both(), 5).await, (0, [Table::Reservations].into()), "boards say how old they are");
    let months = [(office(), "2026-10".to_owned())];
    let (bookings, unplaced, read_at) =
        read(&store, move |r| store::reservations::board(r, at(0), at(DAY), &months)).await;
    assert_eq!(read_at, Some(at(5)), "it is known to be fresh");
    assert_eq!((bookings.len(), unplaced.len()), (1, 1));
    assert_eq!((bookings[0].id.as_str(), bookings[0].room_id.as_str()), ("c1/1", "c1/R1"));
    assert_eq!(month(&store, vec![booking("2", "面接", 2 * DAY, 2 * DAY + 60)], 6).await.0, 1, "one is gone");
    assert!(titles(&store, 0, DAY).await.is_empty());
}

#[tokio::test]
async fn a_board_shows_what_touches_its_day() {
    let store = store().await;
    let bookings = vec![
        booking("1", "over midnight", DAY - 30, DAY + 30),
        booking("2", "ends at midnight", DAY - 60, DAY),
        booking("3", "no length", DAY, DAY),
        booking("4", "next day", 2 * DAY, 2 * DAY + 5),
    ];
    month(&store, bookings, 0).await;
    assert_eq!(titles(&store, DAY, 2 * DAY).await, ["over midnight", "no length"]);
}

#[tokio::test]
async fn bookings_without_an_id_or_with_the_same_one_stay_apart() {
    let store = store().await;
    let bookings = || {
        vec![
            booking("", "a", 60, 90),
            booking("", "b", 60, 120),
            booking("", "c", 60, 90),
            booking("7", "weekly", 60, 90),
            booking("7", "weekly", 7 * DAY, 7 * DAY + 30),
        ]
    };
    month(&store, bookings(), 0).await;
    let board = read(&store, |r| store::reservations::board(r, at(0), at(30 * DAY), &[])).await;
    let ids: BTreeSet<_> = board.0.iter().map(|it| it.id.clone()).collect();
    assert_eq!(ids.len(), 5, "{ids:?}");
    assert_eq!(month(&store, bookings(), 1).await.0, 0, "the ids are the same at the next reading");
}

#[tokio::test]
async fn a_booking_across_two_months_goes_when_either_says_so() {
    let store = store().await;
    let across = booking("1", "across", 30 * DAY - 60, 30 * DAY + 60);
    let next = Bookings { reservations: vec![across.clone()], unplaced: Vec::new() };
    write(&store, move |w| {
        store::reservations::replace(w, &office(), at(30 * DAY), at(60 * DAY), "2026-11", &next, at(0))
    })
    .await;
    month(&store, vec![across], 0).await;
    assert_eq!(titles(&store, 0, 60 * DAY).await, ["across"]);
    month(&store, Vec::new(), 1).await;
    assert!(titles(&store, 0, 60 * DAY).await.is_empty());
}

#[tokio::test]
async fn a_booking_that_begins_in_a_month_that_was_read_stays_when_the_next_one_does_not_tell_it() {
    let store = store().await;
    let november = async |key: &'static str| {
        write(&store, move |w| {
            store::reservations::replace(w, &office(), at(30 * DAY), at(60 * DAY), key, &Bookings::default(), at(0))
        })
        .await
    };
    month(&store, vec![booking("1", "over midnight", 30 * DAY - 60, 30 * DAY + 60)], 0).await;
    november("2026-11").await;
    assert_eq!(titles(&store, 30 * DAY, 31 * DAY).await, ["over midnight"]);
    month(&store, Vec::new(), 1).await;
    assert!(titles(&store, 30 * DAY, 31 * DAY).await.is_empty(), "its own month says that it is gone");
}

#[tokio::test]
async fn a_board_tells_when_one_of_its_months_was_never_read() {
    let store = store().await;
    month(&store, Vec::new(), 3).await;
    let ask = async |months: Vec<&'static str>| {
        let months: Vec<_> = months.into_iter().map(|it| (office(), it.to_owned())).collect();
        read(&store, move |r| store::reservations::board(r, at(0), at(1), &months)).await.2
    };
    assert_eq!(ask(vec!["2026-10"]).await, Some(at(3)));
    assert_eq!(ask(vec!["2026-10", "2026-11"]).await, None);
}

#[tokio::test]
async fn a_month_comes_back_as_it_was_read_and_remembers_since_when_it_can_be_compared() {
    let store = store().await;
    month(&store, vec![booking("1", "朝会", 60, 90), booking("", "面接", 120, 150)], 0).await;
    let again = read(&store, |r| store::reservations::of_month(r, &office(), (at(0), at(30 * DAY)), "2026-10")).await;
    let own: Vec<_> = again.reservations.iter().map(|it| it.own_id.as_deref()).collect();
    assert_eq!((own, again.unplaced.len()), (vec![Some("1"), None], 1));
    let other = "c2".into();
    let none = read(&store, move |r| store::reservations::of_month(r, &other, (at(0), at(30 * DAY)), "2026-10")).await;
    assert_eq!(none, Bookings::default());

    let from = async || read(&store, |r| store::reservations::compared_from(r, &office(), "2026-10")).await;
    assert_eq!(from().await, None);
    let set = async |from: Option<i64>| {
        let from = from.map(at);
        write(&store, move |w| store::reservations::set_compared_from(w, &office(), "2026-10", from)).await
    };
    assert_eq!(set(Some(7)).await, [Table::Reservations].into(), "it says since when changes can be told");
    month(&store, Vec::new(), 9).await;
    assert_eq!(from().await, Some(at(7)), "another reading leaves it");
    set(None).await;
    assert_eq!(from().await, None);
}
