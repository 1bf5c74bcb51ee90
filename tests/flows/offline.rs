//! Every screen answers from this computer, whatever the systems do.

use std::time::Duration;

use model::connection::State;
use model::event::{Event, Table};
use model::failure::Code;
use model::{Day, Time};
use simulators::{CHAT_AND_MESSENGER, SMART_CONNECT, SYSTEMS};

use crate::support::{Desk, wait_for};

#[tokio::test]
async fn the_last_state_is_shown_with_every_system_unreachable() {
    let desk = Desk::synced().await;
    let calls = desk.calls().await;
    let day = Day("2026-10-14".parse().unwrap());
    let board = desk.console.room_board(day).await.unwrap();
    for system in SYSTEMS {
        desk.office.switch_off(system).await;
    }
    let desk = desk.restarted().await;
    assert_eq!(desk.calls().await, calls);
    assert_eq!(desk.console.room_board(day).await.unwrap(), board);
    for view in desk.console.connections_list().await.unwrap() {
        assert!(view.last_ok_at.is_some(), "{} says how old its data are", view.name);
    }
    for report in desk.console.sync(&[], None).await.unwrap() {
        assert_eq!(report.error.map(|it| it.code), Some(Code::Offline));
    }
    assert_eq!(desk.calls().await, calls, "a sync that fails loses nothing");
    assert!(desk.console.connections_list().await.unwrap().iter().all(|view| view.state == State::Offline));
}

/// Reading that brings nothing new is news all the same: what is on screen is as fresh as that.
#[tokio::test]
async fn a_window_hears_how_fresh_its_data_are_though_nothing_in_them_changed() {
    let desk = Desk::synced().await;
    let day = Day("2026-10-14".parse().unwrap());
    let (id, before) = (desk.id(CHAT_AND_MESSENGER).await, desk.console.room_board(day).await.unwrap().read_at);
    let mut events = desk.console.subscribe();
    desk.office.clock.advance(Duration::from_secs(61));
    assert_eq!(desk.sync(CHAT_AND_MESSENGER).await.error, None);
    let now = Time::from(desk.office.clock.now());
    let (mut has_told_when, mut has_told_board) = (false, false);
    while !(has_told_when && has_told_board) {
        wait_for(&mut events, |event| {
            match event {
                Event::Connections { connections } => {
                    has_told_when |= connections.iter().any(|it| it.id == id && it.last_ok_at == Some(now));
                }
                Event::Changed { tables } => has_told_board |= tables.contains(&Table::Reservations),
                Event::Snapshot { .. } | Event::Call(_) => {}
            }
            (has_told_when || has_told_board).then_some(())
        })
        .await;
    }
    let read_at = desk.console.room_board(day).await.unwrap().read_at;
    assert!(read_at > before && read_at == Some(now), "{before:?} {read_at:?}");
}

#[tokio::test]
async fn one_system_that_is_off_does_not_harm_the_others() {
    let desk = Desk::connected().await;
    desk.office.switch_off(SMART_CONNECT).await;
    let off = desk.id(SMART_CONNECT).await;
    for report in desk.console.sync(&[], None).await.unwrap() {
        let is_off = report.connection.as_ref() == Some(&off);
        assert_eq!(report.error.is_some(), is_off, "{report:?}");
    }
    let states = desk.console.connections_list().await.unwrap();
    assert!(states.iter().all(|view| (view.state == State::Offline) == (view.id == off)), "{states:?}");
    desk.office.switch_on(SMART_CONNECT).await.unwrap();
    assert_eq!(desk.sync(SMART_CONNECT).await.error, None, "it is well again");
    assert_eq!(desk.view(SMART_CONNECT).await.state, State::Ok);
}

#[tokio::test]
async fn removing_a_connection_removes_its_data_and_only_its_data() {
    let desk = Desk::synced().await;
    let gone = desk.id(SMART_CONNECT).await;
    desk.console.connection_remove(&gone).await.unwrap();
    let calls = desk.calls().await;
    assert!(!calls.is_empty() && calls.iter().all(|call| call.connection != gone));
    assert_eq!(desk.console.connections_list().await.unwrap().len(), 3);
}
