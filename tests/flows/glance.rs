//! What is said of the whole desk at a glance: it follows calls that ring, missed calls that wait and connections that fail.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::BoxStream;
use model::connection::State;
use model::event::Event;
use model::glance::{Glance, Mark};
use model::worklist::FollowUpStep;
use simulators::{RING_CENTRAL, Ring};

use crate::support::{Desk, wait_for};

/// The longest that a glance is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The next glances until one is as wanted.
async fn until(glances: &mut BoxStream<'static, Glance>, wanted: impl Fn(&Glance) -> bool) -> Glance {
    let find = async {
        loop {
            let glance = glances.next().await.expect("it goes on");
            if wanted(&glance) {
                return glance;
            }
        }
    };
    tokio::time::timeout(PATIENCE, find).await.expect("the desk is as wanted")
}

#[tokio::test]
async fn a_missed_call_is_seen_until_somebody_closes_it() {
    let desk = Desk::synced().await;
    let mut glances = desk.console.glances();
    let before = until(&mut glances, |_| true).await;
    let open = desk.console.follow_ups("").await.unwrap().open_count;
    assert_eq!((before.ringing, before.missed, before.needing.len()), (0, open, 0));

    let id = desk.office.ring(Ring { system: RING_CENTRAL, from: "0455500777".into(), line: None });
    desk.office.clock.advance(Duration::from_secs(12));
    desk.office.hang_up(&id);
    desk.office.clock.advance(Duration::from_secs(60));
    desk.sync(RING_CENTRAL).await;
    let missed = until(&mut glances, |it| it.missed == open + 1).await;
    assert_eq!(missed.mark(), Mark::Calls);

    let list = desk.console.follow_ups("").await.unwrap();
    let entry = list.open.iter().find(|it| it.call.from.e164.as_deref() == Some("+81455500777")).expect("it waits");
    desk.console.follow_up_say(&entry.calls, FollowUpStep::Done, "misaki").await.unwrap();
    until(&mut glances, |it| it.missed == open).await;
}

#[tokio::test]
async fn a_call_is_seen_while_it_rings() {
    let desk = Desk::synced().await;
    let mut events = desk.console.subscribe();
    desk.console.start().await.unwrap();
    let id = desk.id(RING_CENTRAL).await;
    // Only what is told live rings.
    let is_live = |event| match event {
        Event::Connections { connections } | Event::Snapshot { connections, .. } => {
            connections.into_iter().find(|it| it.id == id && it.state == State::Live).map(drop)
        }
        Event::Call(_) | Event::Changed { .. } => None,
    };
    wait_for(&mut events, is_live).await;
    let mut glances = desk.console.glances();
    let id = desk.office.ring(Ring { system: RING_CENTRAL, from: "0455500777".into(), line: None });
    until(&mut glances, |it| it.ringing == 1).await;
    desk.office.hang_up(&id);
    until(&mut glances, |it| it.ringing == 0).await;
    desk.console.stop();
}
