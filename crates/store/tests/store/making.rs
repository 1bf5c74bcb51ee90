//! Small things that the tests are made of.

use std::collections::BTreeSet;

use model::call::{CallFilter, Direction, Leg, Outcome, Party, SeenCall};
use model::connection::Connection;
use model::customer::Customer;
use model::event::Table;
use model::person::{Person, PersonKind};
use model::{ConnectionId, CustomerId, PersonId, Raw, SystemId, Time};
use store::{Reader, Store, StoreError, Writer};

pub(crate) const OFFICE: &str = "c1";

pub(crate) fn office() -> ConnectionId {
    ConnectionId::from(OFFICE)
}

pub(crate) fn connection(id: &str, name: &str) -> Connection {
    Connection {
        id: ConnectionId::from(id),
        name: name.to_owned(),
        system: SystemId::from("some-system"),
        url: "https://pbx.example.com".to_owned(),
        settings: [("user-id".to_owned(), "u1".to_owned())].into(),
        allow_http: false,
    }
}

/// A database with one connection.
pub(crate) async fn store() -> Store {
    let store = Store::in_memory().await.unwrap();
    write(&store, |w| store::connections::insert(w, &connection(OFFICE, "Office"))).await;
    store
}

/// Writes and returns what is to be announced.
pub(crate) async fn write<T: Send + 'static>(
    store: &Store,
    f: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError> + Send + 'static,
) -> BTreeSet<Table> {
    store.write(f).await.unwrap().tables
}

pub(crate) async fn read<T: Send + 'static>(
    store: &Store,
    f: impl FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.read(f).await.unwrap()
}

pub(crate) fn at(minutes: i64) -> Time {
    Time::from_millis(1_790_000_000_000 + minutes * 60_000).unwrap()
}

pub(crate) fn number(raw: &str) -> Party {
    model::phone::party(raw, "JP")
}

pub(crate) fn seen(external_id: &str, minute: i64, from: Party) -> SeenCall {
    SeenCall {
        external_id: external_id.to_owned(),
        session_id: None,
        started_at: Some(at(minute)),
        duration_seconds: Some(30),
        direction: Direction::Inbound,
        outcome: Outcome::Answered,
        from,
        to: number("0355500100"),
        line: Some("Front".to_owned()),
        extensions: Vec::new(),
        customer_external_id: None,
        note: None,
        legs: Vec::new(),
        raw: Raw(format!("{{\"id\":\"{external_id}\"}}")),
    }
}

pub(crate) fn leg(name: &str) -> Leg {
    Leg {
        started_at: Some(at(0)),
        duration_seconds: Some(4),
        name: name.to_owned(),
        outcome: Outcome::Missed,
        extension_id: Some("101".to_owned()),
        kind: "FindMe".to_owned(),
        is_master: false,
    }
}

pub(crate) fn person(external_id: &str, name: &str, kind: PersonKind) -> Person {
    Person {
        id: PersonId::from(""),
        connection: office(),
        external_id: external_id.to_owned(),
        name: name.to_owned(),
        email: Some(format!("{external_id}@example.com")),
        username: None,
        numbers: Vec::new(),
        extension: Some(external_id.to_owned()),
        kind,
        is_active: true,
    }
}

pub(crate) fn customer(external_id: &str, name: &str, raw_number: &str) -> Customer {
    Customer {
        id: CustomerId::from(""),
        connection: office(),
        external_id: external_id.to_owned(),
        name: name.to_owned(),
        kana: None,
        company: None,
        numbers: vec![number(raw_number)],
        email: None,
        address: None,
        note: None,
    }
}

pub(crate) async fn take_in(store: &Store, calls: Vec<SeenCall>) -> BTreeSet<Table> {
    write(store, move |w| store::calls::upsert(w, &office(), Some("JP"), &calls)).await
}

/// The system's ids of the first block that a filter finds.
pub(crate) async fn found(store: &Store, filter: CallFilter) -> Vec<String> {
    let block = read(store, move |r| store::calls::block(r, &filter, 0)).await;
    assert_eq!(block.total.min(100), block.calls.len() as u64, "the total and the block tell the same");
    block.calls.into_iter().map(|it| it.external_id).collect()
}

pub(crate) fn searching(text: &str) -> CallFilter {
    CallFilter { search: text.to_owned(), ..CallFilter::default() }
}
