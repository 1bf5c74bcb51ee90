//! Changes of bookings that were seen: kept whole, bounded, and gone with their connection.

use model::booking_change::{BookingChange, BookingChangeKind, BookingThen};
use model::event::Table;
use model::{ConnectionId, ReservationId, RoomId};
use store::Store;

use crate::making::{at, connection, office, read, store, write};

const DAY: i64 = 24 * 60;

fn change(id: &str, kind: BookingChangeKind, minute: i64) -> BookingChange {
    let then = |room: &str| BookingThen {
        room_id: RoomId(format!("c1/{room}")),
        room: format!("会議室 {room}"),
        title: "来客".to_owned(),
        owner: Some("田中 健一".to_owned()),
        start: at(60),
        end: at(120),
        all_day: false,
    };
    BookingChange {
        connection: office(),
        reservation: ReservationId(format!("c1/{id}")),
        kind,
        before: (kind != BookingChangeKind::Added).then(|| then("301")),
        after: (kind != BookingChangeKind::Cancelled).then(|| then("302")),
        has_id: true,
        seen_at: at(minute),
    }
}

async fn add(store: &Store, change: &BookingChange) {
    let change = change.clone();
    let tables = write(store, move |w| store::booking_changes::add(w, &change)).await;
    assert_eq!(tables, [Table::Reservations].into());
}

async fn since(store: &Store, minute: i64, limit: u32) -> (Vec<BookingChange>, u32) {
    read(store, move |r| store::booking_changes::since(r, at(minute), limit)).await
}

#[tokio::test]
async fn what_was_seen_comes_back_whole_the_last_first() {
    let store = store().await;
    let all = [
        change("1", BookingChangeKind::Added, 0),
        change("1", BookingChangeKind::OtherRoom, 5),
        change("2", BookingChangeKind::Cancelled, 5),
    ];
    for it in &all {
        add(&store, it).await;
    }
    let [first, second, third] = all;
    assert_eq!(since(&store, 0, 9).await, (vec![third.clone(), second.clone(), first], 3));
    assert_eq!(since(&store, 1, 9).await, (vec![third.clone(), second], 2));
    assert_eq!(since(&store, 0, 1).await, (vec![third], 3), "the others are counted");
    assert_eq!(since(&store, 6, 9).await, (vec![], 0));
}

#[tokio::test]
async fn only_the_last_change_of_a_booking_is_taken_out_and_only_where_it_fits() {
    let store = store().await;
    let gone = change("1", BookingChangeKind::Cancelled, 0);
    add(&store, &gone).await;
    let take = async |id: &'static str, kind, fits: bool| {
        let id = ReservationId(format!("c1/{id}"));
        store.write(move |w| store::booking_changes::take_last(w, &id, kind, |_| fits)).await.unwrap().value
    };
    assert_eq!(take("1", BookingChangeKind::Added, true).await, None);
    assert_eq!(take("1", BookingChangeKind::Cancelled, false).await, None);
    assert_eq!(take("2", BookingChangeKind::Cancelled, true).await, None);
    assert_eq!(take("1", BookingChangeKind::Cancelled, true).await, Some(gone.clone()));
    assert_eq!(since(&store, 0, 9).await.1, 0);
    add(&store, &gone).await;
    add(&store, &change("1", BookingChangeKind::Added, 1)).await;
    assert_eq!(take("1", BookingChangeKind::Cancelled, true).await, None, "it was booked again since");
}

#[tokio::test]
async fn old_changes_and_hand_overs_go_and_so_do_too_many() {
    let store = store().await;
    for minute in [0, 10 * DAY] {
        add(&store, &change("1", BookingChangeKind::Added, minute)).await;
        write(&store, move |w| store::booking_changes::hand_over(w, at(minute))).await;
    }
    write(&store, |w| store::booking_changes::prune(w, at(DAY))).await;
    assert_eq!(since(&store, 0, 9).await.1, 1);
    let handed = async |until: i64| read(&store, move |r| store::booking_changes::handed_over_at(r, at(until))).await;
    assert_eq!((handed(9 * DAY).await, handed(11 * DAY).await), (None, Some(at(10 * DAY))));
    let many = change("2", BookingChangeKind::Added, 11 * DAY);
    write(&store, move |w| (0..5_100).try_for_each(|_| store::booking_changes::add(w, &many))).await;
    write(&store, |w| store::booking_changes::prune(w, at(DAY))).await;
    assert_eq!(since(&store, 0, 1).await.1, 5_000);
    assert!(
        write(&store, |w| store::booking_changes::prune(w, at(DAY))).await.is_empty(),
        "nothing to forget, nothing told"
    );
}

#[tokio::test]
async fn a_hand_over_is_remembered_without_a_word() {
    let store = store().await;
    for _ in 0..2 {
        assert!(write(&store, |w| store::booking_changes::hand_over(w, at(5))).await.is_empty());
    }
}

#[tokio::test]
async fn the_changes_of_a_removed_connection_go_and_others_stay() {
    let store = store().await;
    write(&store, |w| store::connections::insert(w, &connection("c2", "Other"))).await;
    add(&store, &change("1", BookingChangeKind::Added, 0)).await;
    let mut other = change("1", BookingChangeKind::Added, 1);
    (other.connection, other.reservation) = (ConnectionId::from("c2"), ReservationId::from("c2/1"));
    add(&store, &other).await;
    write(&store, |w| store::connections::remove(w, &office())).await;
    assert_eq!(since(&store, 0, 9).await, (vec![other], 1));
}
