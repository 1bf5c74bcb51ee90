//! Readings of a month over rooms that are made up: one at a time, and without ids what can be seen and no more.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use engine::{Console, MemoryVault, Parts};
use model::about::{Ability, About, Mark};
use model::booking_change::{BookingChangeKind, ChangesSince};
use model::conference_room::{Bookings, Period, Reservation, Room};
use model::connection::{CheckUp, NewConnection};
use model::ports::{ConferenceRooms, Opening, Session, System, Tested};
use model::{Clock, Day, Failure, Raw, SystemId, Time};
use store::Store;

use crate::double::Noon;

/// What the house answers, and how many ask at the same time.
#[derive(Default)]
struct House {
    hours: Mutex<Vec<u32>>,
    asking: AtomicUsize,
    most_asking: AtomicUsize,
}

struct MadeUp(Arc<House>);
struct Desk(Arc<House>, String);

impl System for MadeUp {
    fn about(&self) -> About {
        About {
            id: SystemId::from("made-up"),
            name: "Made up".into(),
            mark: Mark::Circle,
            url_example: "https://example.jp".into(),
            url_default: "https://example.jp".into(),
            fields: vec![],
            longest_text: None,
            grammar: model::about::Grammar::Plain,
            messages_per_minute: None,
            messages_per_day: None,
            abilities: vec![Ability::Rooms],
            signs_in_by_browser: false,
            signs_in_by_password: false,
        }
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let desk = Arc::new(Desk(self.0.clone(), opening.connection.id.to_string()));
        Ok(Session { rooms: Some(desk.clone()), ..Session::new(desk) })
    }
}

#[async_trait]
impl Tested for Desk {
    async fn check_up(&self) -> CheckUp {
        CheckUp { at: Noon.now(), signed_in_as: None, steps: vec![] }
    }
}

#[async_trait]
impl ConferenceRooms for Desk {
    async fn rooms(&self) -> Result<Vec<Room>, Failure> {
        Ok(vec![])
    }

    async fn bookings(&self, _: Period) -> Result<Bookings, Failure> {
        let asking = self.0.asking.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most_asking.fetch_max(asking, Ordering::SeqCst);
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        self.0.asking.fetch_sub(1, Ordering::SeqCst);
        let hours = self.0.hours.lock().unwrap().clone();
        let reservations = hours.into_iter().map(|hour| self.booking(hour)).collect();
        Ok(Bookings { reservations, unplaced: vec![] })
    }

    fn zone(&self) -> Option<String> {
        None
    }
}

impl Desk {
    /// A booking without an id of its own.
    fn booking(&self, hour: u32) -> Reservation {
        let at = |hour: u32| Time::parse(&format!("2026-10-15T{hour:02}:00:00Z")).unwrap();
        let connection = self.1.as_str();
        Reservation {
            id: format!("{connection}/301@{hour}").as_str().into(),
            connection: connection.into(),
            own_id: None,
            room_id: format!("{connection}/301").as_str().into(),
            title: "来客".into(),
            owner: None,
            people: vec![],
            start: at(hour),
            end: at(hour + 1),
            all_day: false,
            raw: Raw("{}".into()),
        }
    }
}

async fn desk(hours: &[u32]) -> (Console, Arc<House>) {
    let house = Arc::new(House::default());
    set(&house, hours);
    let console = Console::new(Parts {
        store: Store::in_memory().await.unwrap(),
        vault: Arc::new(MemoryVault::default()),
        clock: Arc::new(Noon),
        systems: vec![Arc::new(MadeUp(house.clone()))],
    });
    let new = NewConnection {
        system: "made-up".into(),
        name: String::new(),
        url: "https://example.jp".into(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
        allow_http: false,
    };
    console.connection_add(new).await.unwrap();
    console.room_board_read(october()).await.unwrap();
    (console, house)
}

fn set(house: &House, hours: &[u32]) {
    *house.hours.lock().unwrap() = hours.to_vec();
}

fn october() -> Day {
    Day("2026-10-14".parse().unwrap())
}

#[tokio::test]
async fn a_connection_is_asked_for_its_bookings_by_one_at_a_time() {
    let (console, house) = desk(&[3]).await;
    let outcomes = futures::future::join_all((0..5).map(|_| console.room_board_read(october()))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(house.most_asking.load(Ordering::SeqCst), 1, "an older answer never comes after a newer one");
    assert_eq!(console.booking_changes(ChangesSince::Evening).await.unwrap().changes, []);
}

#[tokio::test]
async fn without_ids_a_move_is_one_gone_and_one_new_and_says_that_nobody_can_know() {
    let (console, house) = desk(&[3, 6]).await;
    set(&house, &[3, 8]);
    console.room_board_read(october()).await.unwrap();
    let all = console.booking_changes(ChangesSince::Evening).await.unwrap();
    let mut kinds: Vec<_> = all.changes.iter().map(|it| (it.kind, it.has_id)).collect();
    kinds.sort();
    assert_eq!(kinds, [(BookingChangeKind::Added, false), (BookingChangeKind::Cancelled, false)]);
    let room = all.changes.iter().filter_map(|it| it.after.as_ref()).map(|it| it.room.as_str()).next();
    assert_eq!(room, Some("301"), "a room that the list does not have is called by its id");
}
