//! Changes of customers and people since the last shift, over the real clients: what a reading shows is told once, and a first one
//! tells nothing.

use model::booking_change::ChangesSince;
use model::entry_change::{EntryChange, EntryChangeKind, EntryList};
use simulators::ring_central::Change;
use simulators::{RING_CENTRAL, SMART_CONNECT};

use crate::support::Desk;

async fn told(desk: &Desk) -> Vec<EntryChange> {
    let all = desk.console.booking_changes(ChangesSince::Evening).await.expect("the console's own data");
    assert_eq!(all.entry_count as usize, all.entries.len());
    all.entries
}

#[tokio::test]
async fn another_number_and_somebody_who_left_are_told_once_with_the_connection_that_says_so() {
    let desk = Desk::synced().await;
    assert!(told(&desk).await.is_empty(), "a first reading tells nothing");
    assert!(desk.office.smart_connect.edit("CustomerAddress", 3, "TEL2", "0355509999"));
    assert_eq!(desk.sync(SMART_CONNECT).await.error, None);
    desk.office.ring_central.change_person(1, Change { has_left: true, ..Change::default() });
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
    let all = told(&desk).await;
    let [left, number] = all.as_slice() else { panic!("two changes: {all:?}") };
    assert_eq!((number.list, number.kind), (EntryList::Customers, EntryChangeKind::Numbers));
    assert_eq!((number.external_id.as_str(), number.after.as_deref()), ("3", Some("03-5550-9999")));
    assert_eq!(number.connection, desk.id(SMART_CONNECT).await);
    assert_eq!((left.list, left.connection.clone()), (EntryList::People, desk.id(RING_CENTRAL).await));
    assert_eq!(left.kind, EntryChangeKind::SwitchedOff);
    for system in [SMART_CONNECT, RING_CENTRAL] {
        assert_eq!(desk.sync(system).await.error, None);
    }
    assert_eq!(told(&desk).await, all, "nothing is told twice");
}
