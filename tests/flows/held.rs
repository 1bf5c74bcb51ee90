//! Messages that wait for a connection that cannot be reached: they leave once, when it answers again, and never without a person's will.

use model::event::{Event, Table};
use model::failure::{Code, Reason};
use model::message::{Delivery, DeliveryState, Draft, Recipient};
use model::{DeliveryId, DraftId};
use simulators::{CHAT_AND_MESSENGER, ROCKET_CHAT};

use crate::support::{Desk, arrived, somebody, wait_for};

/// A text to somebody through these systems, as the composer hands it over.
async fn drafts(desk: &Desk, text: &str, systems: &[&str]) -> Vec<Draft> {
    let id = desk.console.draft_new();
    let mut all = Vec::new();
    for system in systems {
        all.push(Draft { id: id.clone(), ..desk.draft(system, somebody(), text).await });
    }
    all
}

/// What a draft became, once all of it stands so.
async fn until(desk: &Desk, id: &DraftId, wanted: impl Fn(&Delivery) -> bool) -> Vec<Delivery> {
    let mut events = desk.console.subscribe();
    loop {
        let all = desk.console.deliveries_of(id).await.expect("the ledger");
        if !all.is_empty() && all.iter().all(&wanted) {
            return all;
        }
        let is_told = |event| matches!(event, Event::Changed { tables } if tables.contains(&Table::Deliveries));
        wait_for(&mut events, |event| is_told(event).then_some(())).await;
    }
}

fn is_held(it: &Delivery) -> bool {
    it.state == DeliveryState::Paused && it.problem.as_ref().is_some_and(|problem| problem.code == Code::Offline)
}

/// One message to Chat&Messenger, which cannot be reached.
async fn held(desk: &Desk, text: &str) -> (DraftId, DeliveryId) {
    desk.office.switch_off(CHAT_AND_MESSENGER).await;
    let drafts = drafts(desk, text, &[CHAT_AND_MESSENGER]).await;
    let id = drafts[0].id.clone();
    desk.console.outbox_hold_all(drafts).await.expect("the ledger");
    let kept = until(desk, &id, is_held).await;
    (id, kept[0].id.clone())
}

#[tokio::test]
async fn a_message_that_waits_for_its_connection_leaves_once_when_that_answers() {
    let desk = Desk::synced().await;
    desk.office.switch_off(CHAT_AND_MESSENGER).await;
    let drafts = drafts(&desk, "once it answers", &[CHAT_AND_MESSENGER, ROCKET_CHAT]).await;
    let id = drafts[0].id.clone();
    let handed = desk.console.outbox_hold_all(drafts.clone()).await.unwrap();
    assert_eq!((handed.deliveries.len(), handed.refused.len()), (2, 0));
    let now = until(&desk, &id, |it| is_held(it) || it.state == DeliveryState::Sent).await;
    assert_eq!(now.iter().filter(|it| is_held(it)).count(), 1, "the one that can be reached has it: {now:?}");
    // Another press, and looks while nothing has changed.
    desk.console.outbox_hold_all(drafts.clone()).await.unwrap();
    desk.console.outbox_look().await.unwrap();
    assert_eq!(arrived(&desk.office, "once it answers"), 1);
    desk.office.switch_on(CHAT_AND_MESSENGER).await.unwrap();
    desk.sync(CHAT_AND_MESSENGER).await;
    let looks = tokio::join!(desk.console.outbox_look(), desk.console.outbox_look());
    looks.0.and(looks.1).unwrap();
    until(&desk, &id, |it| it.state == DeliveryState::Sent).await;
    desk.console.outbox_hold_all(drafts).await.unwrap();
    desk.console.outbox_look().await.unwrap();
    assert_eq!(arrived(&desk.office, "once it answers"), 2);
}

#[tokio::test]
async fn a_running_program_sends_by_itself_what_waited_also_in_an_earlier_process() {
    let desk = Desk::synced().await;
    let (id, _) = held(&desk, "over a restart").await;
    let desk = desk.restarted().await;
    desk.console.start().await.unwrap();
    until(&desk, &id, is_held).await;
    assert_eq!(arrived(&desk.office, "over a restart"), 0);
    desk.office.switch_on(CHAT_AND_MESSENGER).await.unwrap();
    until(&desk, &id, |it| it.state == DeliveryState::Sent).await;
    assert_eq!(arrived(&desk.office, "over a restart"), 1);
    desk.console.stop();
}

#[tokio::test]
async fn what_waited_too_long_is_given_back_to_a_person() {
    let desk = Desk::synced().await;
    let (id, delivery) = held(&desk, "twelve hours later").await;
    desk.office.clock.advance(std::time::Duration::from_secs(13 * 60 * 60));
    desk.office.switch_on(CHAT_AND_MESSENGER).await.unwrap();
    desk.sync(CHAT_AND_MESSENGER).await;
    desk.console.outbox_look().await.unwrap();
    let now = until(&desk, &id, |it| it.state == DeliveryState::Refused).await;
    assert_eq!(now[0].problem.as_ref().map(|it| it.reason), Some(Reason::HeldTooLong));
    assert_eq!(arrived(&desk.office, "twelve hours later"), 0);
    desk.console.outbox_again(&delivery).await.unwrap();
    until(&desk, &id, |it| it.state == DeliveryState::Sent).await;
    assert_eq!(arrived(&desk.office, "twelve hours later"), 1);
}

#[tokio::test]
async fn a_person_tries_it_now_or_takes_it_back() {
    let desk = Desk::synced().await;
    let (id, delivery) = held(&desk, "now or never").await;
    desk.console.outbox_again(&delivery).await.unwrap();
    until(&desk, &id, is_held).await;
    let withdrawn = desk.console.outbox_withdraw(&delivery).await.unwrap();
    assert_eq!(withdrawn.problem.map(|it| it.reason), Some(Reason::Withdrawn));
    desk.office.switch_on(CHAT_AND_MESSENGER).await.unwrap();
    desk.sync(CHAT_AND_MESSENGER).await;
    desk.console.outbox_look().await.unwrap();
    assert_eq!(arrived(&desk.office, "now or never"), 0);
    // Who did not ask to wait is told at once.
    desk.office.switch_off(CHAT_AND_MESSENGER).await;
    let drafts = drafts(&desk, "at once", &[CHAT_AND_MESSENGER]).await;
    let id = drafts[0].id.clone();
    desk.console.outbox_add_all(drafts).await.unwrap();
    let now = until(&desk, &id, |it| it.settled_at.is_some()).await;
    assert_eq!((now[0].state, &now[0].to), (DeliveryState::Refused, &somebody() as &Recipient));
}
