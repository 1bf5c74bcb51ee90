//! Bulk sending as a person sees it: planned, looked through, sent side by side, paused, stopped, taken up, and never twice.

use std::collections::BTreeMap;
use std::time::Duration;

use model::bulk::{
    Bulk, BulkDecision, BulkDraft, BulkMessage, BulkOptions, BulkProblemKind, BulkQuery, BulkRecipient, BulkRow,
    BulkRowState, BulkShow, BulkSource, BulkState,
};
use model::desk::OwnAddress;
use model::failure::Code;
use model::message::Recipient;
use model::{BulkId, Reason};
use simulators::rocket_chat::Limit;
use simulators::{CHAT_AND_MESSENGER, Fault, Plan, RING_CENTRAL, ROCKET_CHAT};

use crate::support::{Desk, failure, wait_for};

/// Who sends.
const WHO: &str = "misaki";

fn fast() -> BulkOptions {
    BulkOptions { gap_ms: Some(0), ..BulkOptions::default() }
}

async fn file(desk: &Desk, system: &str, name: &str, text: &str, options: BulkOptions) -> BulkDraft {
    let connection = desk.id(system).await;
    let source = BulkSource::File { connection, name: name.into(), bytes: text.into(), text: String::new() };
    BulkDraft { title: String::new(), source, options }
}

/// A table with so many messages to the same person, each of another text.
fn table(rows: u32) -> String {
    let row = |n: u32| format!("t.kenichi@example.jp,第{n}号 {{{{name}}}} 様\r\n");
    format!("to,message\r\n{}", (1..=rows).map(row).collect::<String>())
}

async fn run(desk: &Desk, id: &BulkId) -> Bulk {
    let (news, _told) = tokio::sync::mpsc::unbounded_channel();
    desk.console.bulk_run_here(id, WHO, news, None).await.expect("a run")
}

/// Waits until a plan stands so.
async fn until(desk: &Desk, id: &BulkId, wanted: impl Fn(&Bulk) -> bool) -> Bulk {
    let mut events = desk.console.subscribe();
    loop {
        let bulk = desk.console.bulk_get(id).await.expect("the plan");
        if wanted(&bulk) {
            return bulk;
        }
        wait_for(&mut events, |event| matches!(event, model::event::Event::Changed { .. }).then_some(())).await;
    }
}

async fn rows(desk: &Desk, id: &BulkId, show: BulkShow) -> Vec<BulkRow> {
    let query = BulkQuery { show, ..BulkQuery::default() };
    desk.console.bulk_rows(id, query).await.expect("rows").rows
}

fn texts(desk: &Desk) -> Vec<String> {
    let cam = desk.office.chat_and_messenger.messages().into_iter().map(|it| it.message);
    let rocket = desk.office.rocket_chat.messages().into_iter().map(|it| it.msg);
    let ring = desk.office.ring_central.posts().into_iter().map(|it| it.text);
    cam.chain(rocket).chain(ring).filter(|it| it.starts_with('第')).collect()
}

/// Every text arrived, and none twice.
fn each_once(desk: &Desk, expected: usize) {
    let mut all = texts(desk);
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!((count, all.len()), (expected, expected));
}

#[tokio::test]
async fn a_table_is_looked_through_before_anything_leaves() {
    let desk = Desk::synced().await;
    let text = "name,To,message,department\r\n\
                ,t.kenichi@example.jp,第1号 {{name}} 様,営業\r\n\
                ,T.Kenichi@example.jp,第1号 {{name}} 様,総務\r\n\
                ,nobody@example.jp,第2号 {{department}},x\r\n\
                ,s.daisuke@example.jp,第3号 {{department}},\r\n\
                ,s.daisuke@example.jp,,x\r\n\
                ,,第5号,x\r\n\
                ,s.daisuke@example.jp,第6号 {{ Department }},総務\r\n\
                broken\r\n";
    let draft = file(&desk, ROCKET_CHAT, "年末.csv", text, fast()).await;
    let bulk = desk.console.bulk_plan(draft, WHO).await.unwrap();
    assert_eq!((bulk.state, bulk.title.as_str(), bulk.created_by.as_str()), (BulkState::Planned, "年末.csv", WHO));
    assert_eq!((bulk.counts.total, bulk.counts.excluded, bulk.counts.waiting), (2, 6, 2));
    let found: Vec<_> = bulk.problems.iter().map(|it| (it.kind, it.rows)).collect();
    assert_eq!(
        found,
        [
            (BulkProblemKind::Unreadable, 1),
            (BulkProblemKind::NoRecipient, 1),
            (BulkProblemKind::NothingToSend, 1),
            (BulkProblemKind::EmptyField, 1),
            (BulkProblemKind::Doubled, 1),
            (BulkProblemKind::UnknownAddress, 1),
        ]
    );
    assert!(texts(&desk).is_empty());
    let all = rows(&desk, &bulk.id, BulkShow::All).await;
    assert_eq!((all[7].line, all[7].found[0].words.as_str()), (Some(9), "1 cells instead of 4"));
    assert_eq!((all[1].found[0].kind, all[1].found[0].with), (BulkProblemKind::Doubled, Some(1)));
    assert!(all[0].text.starts_with("第1号") && !all[0].text.contains("{{"), "{}", all[0].text);
    let done = run(&desk, &bulk.id).await;
    assert_eq!((done.state, done.counts.sent, done.counts.excluded), (BulkState::Done, 2, 6));
    each_once(&desk, 2);
    assert!(texts(&desk).contains(&"第6号 総務".to_owned()));
    assert!(desk.console.deliveries_list().await.unwrap().is_empty(), "the outbox is not flooded");
}

#[tokio::test]
async fn a_list_of_messages_goes_out_by_batch_or_one_by_one() {
    for by_batch in [true, false] {
        let desk = Desk::connected().await;
        let item =
            |n: u32| format!("{{\"property\":{{\"users\":\"t.kenichi@example.jp\"}},\"message\":\"第{n}号\"}},\r\n");
        let text = format!("\u{feff}messages=[\r\n{}{{\"message\":1}},]", (1..=120).map(item).collect::<String>());
        let options = BulkOptions { by_batch, ..fast() };
        let draft = file(&desk, CHAT_AND_MESSENGER, "messages.json", &text, options).await;
        let bulk = desk.console.bulk_plan(draft, WHO).await.unwrap();
        let bad = rows(&desk, &bulk.id, BulkShow::All).await.pop().unwrap();
        assert_eq!((bad.line, bad.state), (Some(122), BulkRowState::Excluded));
        assert_eq!((bulk.counts.total, bad.found[0].words.as_str()), (120, "messages[120].message"));
        desk.office.forget_requests(CHAT_AND_MESSENGER);
        let done = run(&desk, &bulk.id).await;
        assert_eq!((done.state, done.counts.sent), (BulkState::Done, 120));
        each_once(&desk, 120);
        assert_eq!(desk.office.requests(CHAT_AND_MESSENGER), if by_batch { 3 } else { 120 });
    }
}

#[tokio::test]
async fn a_limit_is_never_exceeded_and_the_lane_says_why_it_rests() {
    let desk = Desk::at(|plan| Plan { is_clock_running: true, ..plan }).await;
    desk.connect(ROCKET_CHAT).await;
    desk.office.rocket_chat.limit(Some(Limit { calls: 20, per: Duration::from_secs(3) }));
    let draft = file(&desk, ROCKET_CHAT, "a.csv", &table(50).replace(" {{name}}", ""), fast()).await;
    let bulk = desk.console.bulk_plan(draft, WHO).await.unwrap();
    let done = run(&desk, &bulk.id).await;
    assert_eq!((done.state, done.counts.sent), (BulkState::Done, 50));
    each_once(&desk, 50);
    assert_eq!(desk.office.rocket_chat.calls_over_limit(), 0, "not one request too many");
}

/// A message to the same person by all three chats, so many times each.
async fn to_three(desk: &Desk, each: u32) -> BulkDraft {
    let mut recipients = Vec::new();
    for n in 0..each {
        for system in [CHAT_AND_MESSENGER, ROCKET_CHAT, RING_CENTRAL] {
            recipients.push(BulkRecipient {
                connection: desk.id(system).await,
                to: Recipient::People(vec!["t.kenichi@example.jp".into()]),
                fields: BTreeMap::from([("No".to_owned(), format!("{n} {system}"))]),
                text: None,
                mentions: vec![],
            });
        }
    }
    let message = BulkMessage { text: "第{{no}}号".into(), ..BulkMessage::default() };
    BulkDraft { title: "三つ".into(), source: BulkSource::Composed { message, recipients }, options: fast() }
}

#[tokio::test]
async fn a_test_of_a_plan_reaches_the_person_who_plans_and_touches_no_row() {
    let desk = Desk::synced().await;
    let bulk = desk.console.bulk_plan(to_three(&desk, 3).await, WHO).await.unwrap();
    let refused = desk.console.bulk_test(&bulk.id, None).await.unwrap();
    assert_eq!((refused.deliveries.len(), refused.refused.len(), texts(&desk).len()), (0, 3, 0));
    let person = &desk.office.rocket_chat.people()[2];
    let mut settings = desk.console.settings_get().await.unwrap();
    let own = [(CHAT_AND_MESSENGER, &person.email), (ROCKET_CHAT, &person.username), (RING_CENTRAL, &person.email)];
    for (system, address) in own {
        let to = Recipient::People(vec![address.clone()]);
        settings.messages.me.push(OwnAddress { connection: desk.id(system).await, to });
    }
    desk.console.settings_set(settings).await.unwrap();
    // The fifth row stands for its connection, the first one for each of the others.
    let handed = desk.console.bulk_test(&bulk.id, Some(5)).await.unwrap();
    until(&desk, &bulk.id, |_| texts(&desk).len() == 3).await;
    let mut tested = texts(&desk);
    tested.sort();
    let [cam, rocket, ring] = [CHAT_AND_MESSENGER, ROCKET_CHAT, RING_CENTRAL];
    let mut expected = [format!("第0 {cam}号"), format!("第1 {rocket}号"), format!("第0 {ring}号")];
    expected.sort();
    assert_eq!(tested, expected);
    assert!(
        handed.deliveries.iter().all(|it| own.iter().any(|(_, own)| it.to == Recipient::People(vec![(*own).clone()])))
    );
    let letters = desk.office.chat_and_messenger.messages();
    assert!(
        letters.iter().all(|it| !it.message.starts_with('第') || it.users == [person.email.clone()]),
        "{letters:?}"
    );
    let now = desk.console.bulk_get(&bulk.id).await.unwrap();
    assert_eq!((now.state, now.counts, now.started_at), (BulkState::Planned, bulk.counts, None));
    assert_eq!((bulk.tested_at, now.tested_at), (None, Some(desk.now())));
    let done = run(&desk, &bulk.id).await;
    assert_eq!((done.state, done.counts.sent, texts(&desk).len()), (BulkState::Done, 9, 12));
    assert_eq!(failure(desk.console.bulk_test(&BulkId("nothing".into()), None).await).code(), Code::Invalid);
}

#[tokio::test]
async fn a_room_counts_as_the_people_in_it() {
    let desk = Desk::synced().await;
    let connection = desk.id(ROCKET_CHAT).await;
    let rooms = desk.console.destinations_find(&connection, "general").await.unwrap();
    let size =
        rooms.iter().find(|it| it.name == "general").and_then(|it| it.members).expect("the server says how many");
    let text = "room,message\r\n#general,第1号\r\n";
    let draft = file(&desk, ROCKET_CHAT, "a.csv", text, fast()).await;
    assert_eq!(desk.console.bulk_plan(draft.clone(), WHO).await.unwrap().problems, []);
    let mut settings = desk.console.settings_get().await.unwrap();
    settings.messages.review_room_above = size - 1;
    desk.console.settings_set(settings).await.unwrap();
    let bulk = desk.console.bulk_plan(draft, WHO).await.unwrap();
    assert_eq!((bulk.problems[0].kind, bulk.problems[0].excluded), (BulkProblemKind::LargeRoom, 0));
    let row = &rows(&desk, &bulk.id, BulkShow::Waiting).await[0];
    assert_eq!(row.found[0].words, size.to_string(), "{row:?}");
    let ring = desk.id(RING_CENTRAL).await;
    let teams = desk.console.destinations_find(&ring, "Sales").await.unwrap();
    assert!(teams.iter().any(|it| it.members.is_some_and(|size| size > 1)), "{teams:?}");
}

#[tokio::test]
async fn lanes_go_side_by_side_and_one_that_rests_holds_no_other() {
    let desk = Desk::connected().await;
    let bulk = desk.console.bulk_plan(to_three(&desk, 5).await, WHO).await.unwrap();
    desk.office.switch_off(CHAT_AND_MESSENGER).await;
    desk.console.bulk_run(&bulk.id, WHO).await.unwrap();
    let resting = until(&desk, &bulk.id, |it| it.counts.sent == 10).await;
    assert_eq!((resting.state, resting.counts.total - resting.counts.sent), (BulkState::Running, 5));
    let lane = resting.lanes.iter().find(|it| it.counts.sent == 0).unwrap();
    assert_eq!((lane.counts.total, resting.lanes.len()), (5, 3));
    desk.office.switch_on(CHAT_AND_MESSENGER).await.unwrap();
    let done = until(&desk, &bulk.id, |it| it.state == BulkState::Done).await;
    assert_eq!((done.counts.sent, done.lanes.iter().any(|it| it.rest.is_some())), (15, false));
    each_once(&desk, 15);
}

#[tokio::test]
async fn a_pause_acts_between_two_sends_and_a_stop_withholds_the_rest() {
    let desk = Desk::connected().await;
    let options = BulkOptions { gap_ms: Some(20), ..fast() };
    let text = table(200).replace(" {{name}}", "");
    let bulk =
        desk.console.bulk_plan(file(&desk, CHAT_AND_MESSENGER, "a.csv", &text, options).await, WHO).await.unwrap();
    desk.console.bulk_run(&bulk.id, WHO).await.unwrap();
    until(&desk, &bulk.id, |it| it.counts.sent >= 3).await;
    desk.console.bulk_pause(&bulk.id).await.unwrap();
    let paused = until(&desk, &bulk.id, |it| it.state == BulkState::Paused).await;
    assert_eq!((paused.counts.sending, paused.counts.unknown), (0, 0));
    assert_eq!(texts(&desk).len(), paused.counts.sent as usize, "nothing leaves any more");
    desk.console.bulk_run(&bulk.id, WHO).await.unwrap();
    until(&desk, &bulk.id, |it| it.counts.sent > paused.counts.sent + 3).await;
    desk.console.bulk_stop(&bulk.id).await.unwrap();
    let stopped = until(&desk, &bulk.id, |it| it.state == BulkState::Stopped && it.counts.sending == 0).await;
    assert_eq!(stopped.counts.sent + stopped.counts.withheld, 200);
    each_once(&desk, stopped.counts.sent as usize);
    let again = until(&desk, &bulk.id, |it| it.ended_at.is_some()).await;
    assert_eq!(again.counts.waiting, 0);
    let refused = failure(desk.console.bulk_run(&bulk.id, WHO).await);
    assert!(matches!(refused.why().reason, Reason::Withdrawn | Reason::AskedTwice), "{refused:?}");
    assert_eq!(failure(desk.console.bulk_remove(&bulk.id).await).code(), Code::Invalid);
}

#[tokio::test]
async fn what_nobody_knows_is_decided_by_a_person_and_too_much_of_it_stops_the_lane() {
    let desk = Desk::connected().await;
    desk.office.fault(CHAT_AND_MESSENGER, Fault::LoseAnswer.only("sendMessage"));
    let text = table(20).replace(" {{name}}", "");
    let bulk =
        desk.console.bulk_plan(file(&desk, CHAT_AND_MESSENGER, "a.csv", &text, fast()).await, WHO).await.unwrap();
    let paused = run(&desk, &bulk.id).await;
    assert_eq!((paused.state, paused.counts.unknown, paused.counts.waiting), (BulkState::Paused, 5, 15));
    assert_eq!(paused.lanes[0].rest.as_ref().unwrap().until, None, "a person has to look");
    assert_eq!(rows(&desk, &bulk.id, BulkShow::NeedsYou).await.len(), 5);
    desk.office.heal(CHAT_AND_MESSENGER);
    let decide = async |row, decision| desk.console.bulk_decide(&bulk.id, row, decision, WHO).await.unwrap().state;
    assert_eq!(decide(1, BulkDecision::Arrived).await, BulkRowState::Sent);
    assert_eq!(decide(2, BulkDecision::Leave).await, BulkRowState::Left);
    assert_eq!(decide(3, BulkDecision::Again).await, BulkRowState::Waiting, "it goes with the others");
    assert_eq!(decide(20, BulkDecision::Again).await, BulkRowState::Waiting, "nothing to decide");
    let done = run(&desk, &bulk.id).await;
    assert_eq!((done.state, done.counts.sent, done.counts.unknown, done.counts.left), (BulkState::Done, 17, 2, 1));
    assert_eq!(texts(&desk).len(), 21, "only what a person wanted left again");
    let retried = desk.console.bulk_retry(&bulk.id, true, WHO).await.unwrap();
    assert_eq!(retried.counts.left, 1, "what was left alone stays");
    let done = until(&desk, &bulk.id, |it| it.state == BulkState::Done).await;
    assert_eq!((done.counts.sent, texts(&desk).len()), (19, 23));
}

#[tokio::test]
async fn a_system_that_knows_our_ids_is_asked_and_nothing_stays_in_doubt() {
    let desk = Desk::connected().await;
    desk.office.fault(ROCKET_CHAT, Fault::LoseAnswer.only("chat.sendMessage").next(4));
    let text = table(10).replace(" {{name}}", "");
    let bulk = desk.console.bulk_plan(file(&desk, ROCKET_CHAT, "a.csv", &text, fast()).await, WHO).await.unwrap();
    let done = run(&desk, &bulk.id).await;
    assert_eq!((done.state, done.counts.sent), (BulkState::Done, 10));
    each_once(&desk, 10);
}

#[tokio::test]
async fn a_lane_that_is_signed_out_waits_and_what_was_refused_can_be_retried() {
    let desk = Desk::connected().await;
    let bulk = desk.console.bulk_plan(to_three(&desk, 4).await, WHO).await.unwrap();
    desk.office.fault(ROCKET_CHAT, Fault::Status(401).only("chat.sendMessage"));
    desk.office.fault(RING_CENTRAL, Fault::Status(403).only("/posts").next(2));
    let paused = run(&desk, &bulk.id).await;
    assert_eq!((paused.state, paused.counts.sent, paused.counts.refused), (BulkState::Paused, 6, 2));
    assert_eq!((paused.counts.paused, paused.counts.waiting), (1, 3));
    let rocket = paused.lanes.iter().find(|it| it.rest.is_some()).unwrap();
    assert_eq!(rocket.rest.as_ref().unwrap().problem.code, Code::SignedOut);
    desk.office.heal(ROCKET_CHAT);
    desk.console.outbox_look().await.unwrap();
    assert_eq!(texts(&desk).len(), 6, "nothing goes on by itself");
    let done = run(&desk, &bulk.id).await;
    assert_eq!((done.state, done.counts.sent, done.counts.refused), (BulkState::Done, 10, 2));
    desk.console.bulk_retry(&bulk.id, false, WHO).await.unwrap();
    let done = until(&desk, &bulk.id, |it| it.state == BulkState::Done).await;
    assert_eq!((done.counts.sent, done.counts.refused), (12, 0));
    each_once(&desk, 12);
}

#[tokio::test]
async fn who_got_the_same_before_is_named() {
    let desk = Desk::connected().await;
    let text = table(3).replace(" {{name}}", "");
    let bulk = desk.console.bulk_plan(file(&desk, ROCKET_CHAT, "a.csv", &text, fast()).await, WHO).await.unwrap();
    run(&desk, &bulk.id).await;
    let draft = file(&desk, ROCKET_CHAT, "b.csv", &table(4).replace(" {{name}}", ""), fast()).await;
    let second = desk.console.bulk_plan(draft.clone(), WHO).await.unwrap();
    let got = second.problems.iter().find(|it| it.kind == BulkProblemKind::GotBefore).unwrap();
    assert_eq!((got.rows, got.excluded, second.counts.total), (3, 0, 4));
    let query = BulkQuery { found: Some(BulkProblemKind::GotBefore), ..BulkQuery::default() };
    let page = desk.console.bulk_rows(&second.id, query).await.unwrap();
    assert!(page.total == 3 && page.rows.iter().all(|it| it.found.iter().any(|one| one.at.is_some())));
    desk.console.bulk_remove(&second.id).await.unwrap();
    let skips = BulkDraft { options: BulkOptions { skips_got_before: true, ..fast() }, ..draft };
    let third = desk.console.bulk_plan(skips, WHO).await.unwrap();
    assert_eq!((third.counts.total, third.counts.excluded), (1, 3));
    assert_eq!(desk.console.bulk_list().await.unwrap().len(), 2);
}

/// Messages of a plan that is interrupted.
const MANY: u32 = 400;

/// How a plan stands once whoever was at it has gone. Nobody tells of that, so it is looked for.
async fn left_behind(desk: &Desk, id: &BulkId) -> Bulk {
    let gone = async {
        loop {
            let bulk = desk.console.bulk_get(id).await.expect("the plan");
            if bulk.state != BulkState::Running {
                return bulk;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), gone).await.expect("nobody is at it any more")
}

#[tokio::test]
async fn a_program_that_ends_in_the_middle_goes_on_from_there_when_somebody_says_so() {
    for system in [ROCKET_CHAT, CHAT_AND_MESSENGER] {
        let mut desk = Desk::connected().await;
        let text = table(MANY).replace(" {{name}}", "");
        // So many, so slowly, that it is not over before it was seen to be in the middle.
        let options = BulkOptions { gap_ms: Some(5), ..fast() };
        let bulk = desk.console.bulk_plan(file(&desk, system, "a.csv", &text, options).await, WHO).await.unwrap();
        let mut doubtful = 0;
        for least in [10, 30] {
            desk.console.bulk_run(&bulk.id, WHO).await.unwrap();
            until(&desk, &bulk.id, |it| it.counts.sent >= least).await;
            desk = desk.restarted().await;
            assert_eq!(left_behind(&desk, &bulk.id).await.state, BulkState::Interrupted, "{system}");
            let before = texts(&desk).len();
            desk.console.outbox_look().await.unwrap();
            assert_eq!(texts(&desk).len(), before, "{system}: nothing goes on by itself");
        }
        let done = run(&desk, &bulk.id).await;
        assert_eq!((done.state, done.counts.sent + done.counts.unknown), (BulkState::Done, MANY), "{system}");
        doubtful += done.counts.unknown;
        assert!(doubtful <= 2, "{system}: {doubtful}");
        let mut all = texts(&desk);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), texts(&desk).len(), "{system}: none twice");
        assert!(all.len() >= (MANY - doubtful) as usize, "{system}");
    }
}
