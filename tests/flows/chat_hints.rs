//! The realtime stream of a chat as a hint: rooms that change are read at once where it stands, at their pace where it does not, and
//! whatever it says is never shown by itself.

use std::time::Duration;

use model::ConnectionId;
use model::event::{Event, Table};
use model::failure::Code;
use simulators::{Fault, ROCKET_CHAT};

use crate::support::{Desk, new, wait_for};

/// A desk with one chat that listens as the setting says, watched, with its rooms read.
async fn watched(push: &str) -> (Desk, ConnectionId) {
    let desk = Desk::empty().await;
    let mut account = new(desk.office.account(ROCKET_CHAT));
    account.settings.insert("push".into(), push.into());
    let id = desk.console.connection_add(account).await.expect("a new connection").id;
    let mut events = desk.console.subscribe();
    desk.console.watch(std::slice::from_ref(&id));
    let is_read = |event| matches!(event, Event::Changed { tables } if tables.contains(&Table::People)).then_some(());
    wait_for(&mut events, is_read).await;
    desk.office.clock.advance(Duration::from_secs(60));
    (desk, id)
}

/// Waits until so many sessions of the stream stand.
async fn standing(desk: &Desk, count: usize) {
    let search = async {
        while desk.office.rocket_chat.streams() != count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), search).await.expect("the stream stands");
}

async fn names(desk: &Desk, id: &ConnectionId) -> String {
    let found = desk.console.destinations_find(id, "").await.expect("the cache");
    found.into_iter().map(|it| it.name).collect::<Vec<_>>().join(" ")
}

fn rooms_changed(event: Event) -> Option<()> {
    matches!(event, Event::Changed { tables } if tables.contains(&Table::Destinations)).then_some(())
}

fn readings(desk: &Desk) -> usize {
    desk.office.log(ROCKET_CHAT).iter().filter(|it| it.path.contains("rooms.get")).count()
}

#[tokio::test]
async fn a_room_that_changes_is_read_at_once_where_the_stream_stands() {
    let (desk, id) = watched("on").await;
    standing(&desk, 1).await;
    let mut events = desk.console.subscribe();
    // Frames that make no sense, and events of nobody, are passed over.
    for odd in ["", "[]", "{", r#"{"msg":"changed","collection":"stream-notify-user","fields":{"eventName":7}}"#] {
        desk.office.rocket_chat.say_on_streams(odd);
    }
    desk.office.rocket_chat.say_on_streams(r#"{"msg":"ping","id":"p1"}"#);
    let before = readings(&desk);
    assert!(desk.office.rocket_chat.rename_room("sLs4Hb9vNcTd7JfQa", "sales-east"));
    assert!(desk.office.rocket_chat.delete_room("rcvR8kTn3pQwXy2Lm"));
    wait_for(&mut events, rooms_changed).await;
    let found = names(&desk, &id).await;
    assert!(found.contains("sales-east") && !found.contains("受付連絡"), "{found}");
    assert_eq!(readings(&desk), before + 1, "several hints are one reading");
    standing(&desk, 1).await;
}

#[tokio::test]
async fn the_stream_is_opened_only_where_it_was_asked_for() {
    let (desk, _) = watched("off").await;
    assert!(desk.office.log(ROCKET_CHAT).iter().all(|it| !it.path.contains("websocket")));
    assert_eq!(desk.office.rocket_chat.streams(), 0);
    let mut account = new(desk.office.account(ROCKET_CHAT));
    account.name = "Another".into();
    account.settings.insert("push".into(), "perhaps".into());
    let wrong = desk.console.connection_add(account).await.unwrap().id;
    let report = desk.console.sync(&[wrong], None).await.unwrap().pop().unwrap();
    assert_eq!(report.error.map(|it| (it.code, it.words)), Some((Code::Invalid, "push".to_owned())));
}

#[tokio::test]
async fn a_stream_that_is_cut_is_taken_up_again_and_what_was_missed_is_read() {
    let (desk, id) = watched("on").await;
    standing(&desk, 1).await;
    let mut events = desk.console.subscribe();
    desk.office.fault(ROCKET_CHAT, Fault::Status(502).only("websocket").next(1));
    desk.office.rocket_chat.cut_streams();
    standing(&desk, 0).await;
    assert!(desk.office.rocket_chat.rename_room("sLs4Hb9vNcTd7JfQa", "missed"));
    wait_for(&mut events, rooms_changed).await;
    assert!(names(&desk, &id).await.contains("missed"));
    standing(&desk, 1).await;
}

#[tokio::test]
async fn a_stream_that_is_refused_is_no_trouble_of_the_connection() {
    let desk = Desk::empty().await;
    desk.office.rocket_chat.refuse_streams(true);
    let mut account = new(desk.office.account(ROCKET_CHAT));
    account.settings.insert("push".into(), "on".into());
    let id = desk.console.connection_add(account).await.unwrap().id;
    desk.console.watch(std::slice::from_ref(&id));
    let tried = async {
        while desk.office.log(ROCKET_CHAT).iter().all(|it| !it.path.contains("websocket")) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), tried).await.expect("it was tried");
    assert_eq!(desk.sync(ROCKET_CHAT).await.error, None);
    assert_eq!(desk.view(ROCKET_CHAT).await.problem, None);
    assert_eq!(desk.office.rocket_chat.streams(), 0);
}
