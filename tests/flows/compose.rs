//! One text to several recipients in several systems: all of them or none, each once, and a test that reaches nobody else.

use futures::StreamExt;
use futures::future::join_all;
use model::desk::{OwnAddress, QuietHours};
use model::event::{Event, Table};
use model::failure::{Code, Reason};
use model::message::{Delivery, DeliveryState, Draft, HandedOver, Recipient, Template};
use simulators::{CHAT_AND_MESSENGER, Fault, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, arrived, failure, somebody, wait_for};

/// A text to several recipients, as the composer hands it over: all with the id of one draft.
async fn drafts(desk: &Desk, text: &str, to: &[(&str, Recipient)]) -> Vec<Draft> {
    let id = desk.console.draft_new();
    let mut all = Vec::new();
    for (system, to) in to {
        all.push(Draft { id: id.clone(), ..desk.draft(system, to.clone(), text).await });
    }
    all
}

fn person(address: &str) -> Recipient {
    Recipient::People(vec![address.to_owned()])
}

/// Waits until nothing of these is under way any more.
async fn settled(desk: &Desk, handed: &HandedOver) -> Vec<Delivery> {
    let mut events = desk.console.subscribe();
    let wanted: Vec<_> = handed.deliveries.iter().map(|it| it.id.clone()).collect();
    let search = async {
        loop {
            let all = desk.console.deliveries_list().await.expect("the ledger");
            let ours: Vec<_> = all.into_iter().filter(|it| wanted.contains(&it.id)).collect();
            if ours.iter().all(|it| it.settled_at.is_some() || it.state == DeliveryState::Paused) {
                return ours;
            }
            while !matches!(events.next().await, Some(Event::Changed { tables }) if tables.contains(&Table::Deliveries))
            {
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), search).await.expect("everything is settled")
}

#[tokio::test]
async fn one_text_reaches_people_of_three_systems_once_each() {
    let desk = Desk::synced().await;
    let [one, two] = [0, 1].map(|at| desk.office.rocket_chat.people()[at].email.clone());
    let all = [
        (CHAT_AND_MESSENGER, person(&one)),
        (CHAT_AND_MESSENGER, person(&two)),
        (ROCKET_CHAT, person(&one)),
        (RING_CENTRAL, somebody()),
        // Twice in the list is once in the world.
        (CHAT_AND_MESSENGER, person(&one)),
    ];
    let drafts = drafts(&desk, "来客です", &all).await;
    let handed = desk.console.outbox_add_all(drafts.clone()).await.unwrap();
    assert_eq!(handed.refused, []);
    assert_eq!(handed.deliveries.len(), 4);
    for delivery in settled(&desk, &handed).await {
        assert_eq!(delivery.state, DeliveryState::Sent, "{delivery:?}");
        assert!(delivery.draft.0.starts_with(drafts[0].id.0.as_str()), "{delivery:?}");
    }
    assert_eq!(arrived(&desk.office, "来客です"), 4);
}

#[tokio::test]
async fn pressing_send_to_many_twice_or_after_a_restart_sends_once() {
    let desk = Desk::synced().await;
    let all = [(CHAT_AND_MESSENGER, somebody()), (ROCKET_CHAT, somebody()), (RING_CENTRAL, somebody())];
    let drafts = drafts(&desk, "once for everybody", &all).await;
    let drafts_id = drafts[0].id.clone();
    let presses = join_all((0..4).map(|_| desk.console.outbox_add_all(drafts.clone()))).await;
    let mut ids = presses.into_iter().map(|it| it.unwrap().deliveries.into_iter().map(|it| it.id).collect::<Vec<_>>());
    let first = ids.next().unwrap();
    assert!(ids.all(|it| it == first));
    let handed = desk.console.outbox_add_all(drafts.clone()).await.unwrap();
    settled(&desk, &handed).await;
    let desk = desk.restarted().await;
    let again = desk.console.outbox_add_all(drafts).await.unwrap();
    assert!(again.deliveries.iter().all(|it| it.state == DeliveryState::Sent), "{again:?}");
    assert_eq!(arrived(&desk.office, "once for everybody"), 3);
    assert_eq!(desk.console.deliveries_of(&drafts_id).await.unwrap().len(), 3);
    assert_eq!(desk.console.deliveries_of(&desk.console.draft_new()).await.unwrap(), []);
    assert_eq!(desk.console.sent_today(&desk.id(ROCKET_CHAT).await).await.unwrap(), 1);
}

#[tokio::test]
async fn where_one_of_many_cannot_be_sent_none_is_and_it_is_named() {
    let desk = Desk::synced().await;
    let all = [(CHAT_AND_MESSENGER, somebody()), (ROCKET_CHAT, person("a, b")), (RING_CENTRAL, somebody())];
    let mut drafts = drafts(&desk, "all or none", &all).await;
    let handed = desk.console.outbox_add_all(drafts.clone()).await.unwrap();
    assert_eq!(handed.deliveries, []);
    let [refused] = handed.refused.as_slice() else { panic!("{handed:?}") };
    assert_eq!((&refused.to, refused.problem.code), (&person("a, b"), Code::Invalid));
    assert_eq!(desk.console.deliveries_list().await.unwrap(), []);
    assert_eq!(arrived(&desk.office, "all or none"), 0);
    drafts.remove(1);
    let handed = desk.console.outbox_add_all(drafts).await.unwrap();
    settled(&desk, &handed).await;
    assert_eq!(arrived(&desk.office, "all or none"), 2);
}

#[tokio::test]
async fn each_of_many_has_an_outcome_of_its_own() {
    let desk = Desk::synced().await;
    desk.office.fault(CHAT_AND_MESSENGER, Fault::LoseAnswer.only("sendMessage").next(1));
    let all = [(CHAT_AND_MESSENGER, somebody()), (ROCKET_CHAT, person("nobody.at.all")), (RING_CENTRAL, somebody())];
    let drafts = drafts(&desk, "mixed", &all).await;
    let handed = desk.console.outbox_add_all(drafts.clone()).await.unwrap();
    let ended = settled(&desk, &handed).await;
    let state = |draft: &Draft| ended.iter().find(|it| it.connection == draft.connection).map(|it| it.state);
    assert_eq!(state(&drafts[0]), Some(DeliveryState::Unknown));
    assert_eq!(state(&drafts[1]), Some(DeliveryState::Refused));
    assert_eq!(state(&drafts[2]), Some(DeliveryState::Sent));
}

#[tokio::test]
async fn a_test_reaches_the_person_who_writes_and_nobody_else() {
    let desk = Desk::synced().await;
    let me = desk.office.rocket_chat.people()[2].email.clone();
    let all = [(CHAT_AND_MESSENGER, somebody()), (CHAT_AND_MESSENGER, person("s.daisuke@example.jp"))];
    let mut drafts = drafts(&desk, "only for me", &all).await;
    drafts[0].mentions = vec!["t.kenichi@example.jp".into()];
    let refused = desk.console.outbox_test(drafts.clone()).await.unwrap();
    assert_eq!(refused.deliveries, []);
    assert_eq!(refused.refused[0].problem.reason, Reason::Missing);
    let mut settings = desk.console.settings_get().await.unwrap();
    let own = OwnAddress { connection: drafts[0].connection.clone(), to: person(&me) };
    settings.messages.me = vec![own];
    desk.console.settings_set(settings).await.unwrap();
    let handed = desk.console.outbox_test(drafts.clone()).await.unwrap();
    settled(&desk, &handed).await;
    let letters = desk.office.chat_and_messenger.messages();
    let ours: Vec<_> = letters.iter().filter(|it| it.message == "only for me").collect();
    assert_eq!(ours.len(), 1, "{ours:?}");
    assert_eq!(handed.deliveries[0].to, person(&me));
    // The draft itself is still to be sent.
    drafts[0].mentions.clear();
    let sent = desk.console.outbox_add_all(drafts).await.unwrap();
    settled(&desk, &sent).await;
    assert_eq!(arrived(&desk.office, "only for me"), 3);
}

fn minutes(count: u64) -> std::time::Duration {
    std::time::Duration::from_secs(60 * count)
}

#[tokio::test]
async fn a_plan_leaves_once_when_its_time_comes_while_the_program_runs() {
    let desk = Desk::synced().await;
    let all = [(CHAT_AND_MESSENGER, somebody()), (ROCKET_CHAT, somebody())];
    let drafts = drafts(&desk, "in ten minutes", &all).await;
    let id = drafts[0].id.clone();
    let at = desk.now().plus(minutes(10));
    let made = desk.console.plan_add(drafts, at).await.unwrap();
    assert_eq!(made.planned.map(|it| it.due_at), Some(at));
    desk.console.plans_look().await.unwrap();
    assert_eq!(desk.console.deliveries_of(&id).await.unwrap(), []);
    desk.office.clock.advance(minutes(11));
    let (one, other) = tokio::join!(desk.console.plans_look(), desk.console.plans_look());
    one.and(other).unwrap();
    let handed = HandedOver { deliveries: desk.console.deliveries_of(&id).await.unwrap(), refused: vec![] };
    assert_eq!(handed.deliveries.len(), 2);
    settled(&desk, &handed).await;
    assert_eq!(arrived(&desk.office, "in ten minutes"), 2);
    assert_eq!(desk.console.plans().await.unwrap(), []);
    // Whoever comes late sends nothing.
    assert_eq!(desk.console.plan_send(&id).await.unwrap(), HandedOver::default());
}

#[tokio::test]
async fn what_came_due_while_the_program_did_not_run_waits_for_a_person() {
    let desk = Desk::synced().await;
    let drafts = drafts(&desk, "due over night", &[(CHAT_AND_MESSENGER, somebody())]).await;
    let id = drafts[0].id.clone();
    let at = desk.now().plus(minutes(1));
    desk.console.plan_add(drafts, at).await.unwrap();
    let desk = desk.restarted().await;
    // Only a minute late: whether it is late decides nothing, only that nobody ran.
    desk.office.clock.advance(minutes(2));
    let mut events = desk.console.subscribe();
    desk.console.start().await.unwrap();
    let is_marked = |event| matches!(event, Event::Changed { tables } if tables.contains(&Table::Planned));
    wait_for(&mut events, |event| is_marked(event).then_some(())).await;
    desk.console.plans_look().await.unwrap();
    let plans = desk.console.plans().await.unwrap();
    assert_eq!(plans.iter().map(|it| (it.due_at, it.is_missed)).collect::<Vec<_>>(), [(at, true)]);
    assert_eq!(arrived(&desk.office, "due over night"), 0);
    let later = desk.now().plus(minutes(5));
    desk.console.plan_move(&id, later).await.unwrap();
    assert!(!desk.console.plans().await.unwrap()[0].is_missed);
    let handed = desk.console.plan_send(&id).await.unwrap();
    settled(&desk, &handed).await;
    assert_eq!(arrived(&desk.office, "due over night"), 1);
    desk.console.stop();
}

#[tokio::test]
async fn a_plan_whose_time_passed_long_ago_or_that_cannot_be_sent_waits_for_a_person() {
    let desk = Desk::synced().await;
    let late = drafts(&desk, "the computer slept", &[(CHAT_AND_MESSENGER, somebody())]).await;
    desk.console.plan_add(late.clone(), desk.now().plus(minutes(1))).await.unwrap();
    desk.office.clock.advance(minutes(30));
    desk.console.plans_look().await.unwrap();
    assert!(desk.console.plans().await.unwrap()[0].is_missed);
    desk.console.plan_drop(&late[0].id).await.unwrap();
    let gone = drafts(&desk, "its connection went", &[(ROCKET_CHAT, somebody())]).await;
    desk.console.plan_add(gone.clone(), desk.now().plus(minutes(1))).await.unwrap();
    desk.console.connection_remove(&gone[0].connection).await.unwrap();
    desk.office.clock.advance(minutes(2));
    desk.console.plans_look().await.unwrap();
    assert!(desk.console.plans().await.unwrap()[0].is_missed);
    assert_eq!(desk.console.deliveries_list().await.unwrap(), []);
}

#[tokio::test]
async fn a_plan_that_cannot_be_sent_or_lies_in_the_past_is_not_kept() {
    let desk = Desk::synced().await;
    let bad = drafts(&desk, "x", &[(CHAT_AND_MESSENGER, somebody()), (ROCKET_CHAT, person("a, b"))]).await;
    let made = desk.console.plan_add(bad.clone(), desk.now().plus(minutes(1))).await.unwrap();
    assert_eq!((made.planned, made.refused.len()), (None, 1));
    let past = desk.console.plan_add(bad[..1].to_vec(), desk.now()).await;
    assert_eq!(failure(past).code(), Code::Invalid);
    assert_eq!(desk.console.plans().await.unwrap(), []);
}

#[tokio::test]
async fn nothing_that_was_planned_leaves_in_the_quiet_hours() {
    let desk = Desk::synced().await;
    let mut settings = desk.console.settings_get().await.unwrap();
    // Every hour but one is quiet, whatever zone the computer is in.
    let hour = u8::try_from(chrono::Timelike::hour(&desk.now().utc().with_timezone(&chrono::Local))).unwrap();
    settings.messages.quiet = Some(QuietHours { from: hour, to: (hour + 23) % 24 });
    desk.console.settings_set(settings).await.unwrap();
    let drafts = drafts(&desk, "quiet", &[(CHAT_AND_MESSENGER, somebody())]).await;
    let asked = desk.now().plus(minutes(1));
    let made = desk.console.plan_add(drafts, asked).await.unwrap().planned.unwrap();
    assert!(made.due_at > asked.plus(minutes(21 * 60)), "{made:?}");
}

#[tokio::test]
async fn a_template_is_kept_changed_and_forgotten() {
    let desk = Desk::empty().await;
    let new = |name: &str, text: &str| Template {
        id: String::new().as_str().into(),
        name: name.into(),
        text: text.into(),
        attachments: String::new(),
    };
    let first = desk.console.template_save(new(" 折り返し ", "{{caller}} 様より")).await.unwrap();
    let second = desk.console.template_save(new("来客", "受付へ")).await.unwrap();
    assert_eq!(first.name, "折り返し");
    for bad in [new(" ", "x"), new("x", " ")] {
        assert_eq!(failure(desk.console.template_save(bad).await).code(), Code::Invalid);
    }
    let changed = desk.console.template_save(Template { text: "変更".into(), ..first.clone() }).await.unwrap();
    assert_eq!(desk.console.templates().await.unwrap(), [changed, second.clone()]);
    desk.console.template_remove(&first.id).await.unwrap();
    let desk = desk.restarted().await;
    assert_eq!(desk.console.templates().await.unwrap(), [second]);
}
