//! Calls of SmartConnect: read in bounded steps, found by number, noted, and followed through a restored backup.

use std::collections::BTreeSet;

use model::call::{Call, CallNoted, Outcome};
use model::connection::State;
use model::event::{CallEvent, Event};
use model::{CallId, ConnectionId};
use simulators::smart_connect::TimeFormat;
use simulators::{Plan, Ring, SMART_CONNECT};

use crate::support::{Desk, wait_for};

async fn desk(calls: usize) -> (Desk, ConnectionId) {
    let desk = Desk::at(|plan| Plan { cti_calls: calls, ..plan }).await;
    let id = desk.connect(SMART_CONNECT).await;
    assert_eq!(desk.sync(SMART_CONNECT).await.error, None);
    (desk, id)
}

fn paths(desk: &Desk) -> Vec<String> {
    let log = desk.office.log(SMART_CONNECT);
    log.iter().map(|seen| seen.path.rsplit("RestService/").next().unwrap_or_default().to_owned()).collect()
}

fn ring(desk: &Desk) -> String {
    desk.office.ring(Ring { system: SMART_CONNECT, from: "0355500142".into(), line: None })
}

/// Begins to watch, and waits until every change is found.
async fn watched(desk: &Desk, id: &ConnectionId) -> futures::stream::BoxStream<'static, Event> {
    let mut events = desk.console.subscribe();
    desk.console.watch(std::slice::from_ref(id));
    wait_for(&mut events, |event| match event {
        Event::Connections { connections } | Event::Snapshot { connections, .. } => {
            connections.into_iter().find(|it| it.id == *id && it.state == State::Live).map(drop)
        }
        Event::Call(_) | Event::Changed { .. } => None,
    })
    .await;
    events
}

async fn next(events: &mut futures::stream::BoxStream<'static, Event>, kind: CallEvent) -> Call {
    wait_for(events, |event| match event {
        Event::Call(news) if news.event == kind => Some(news.call),
        Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } | Event::Changed { .. } => None,
    })
    .await
}

#[tokio::test]
async fn fifty_thousand_records_are_read_without_ever_asking_for_all_and_watched_by_the_newest() {
    let (desk, id) = desk(50_000).await;
    assert_eq!(desk.calls_of(&id).await.len(), 50_000);
    assert_eq!(desk.office.smart_connect.asked_for_all(), 0);
    desk.office.forget_requests(SMART_CONNECT);
    let mut events = watched(&desk, &id).await;
    let rung = ring(&desk);
    let call = next(&mut events, CallEvent::Ringing).await;
    assert_eq!(call.external_id, rung);
    desk.sync(SMART_CONNECT).await;
    let calls: Vec<_> = paths(&desk).into_iter().filter(|path| path.starts_with("ReceivedCall-Record")).collect();
    let most = calls.iter().map(|path| path.split('/').nth(1).unwrap().parse::<u32>().unwrap()).max().unwrap();
    assert!(most <= 200, "a poll asks for the newest only: {calls:?}");
    assert_eq!(desk.office.smart_connect.asked_for_all(), 0);
}

#[tokio::test]
async fn a_restored_backup_is_taken_quietly_and_the_next_call_rings() {
    let (desk, id) = desk(400).await;
    let mut events = watched(&desk, &id).await;
    ring(&desk);
    next(&mut events, CallEvent::Ringing).await;
    desk.office.smart_connect.restore(380);
    let rings = wait_for(&mut events, |event| match event {
        Event::Snapshot { ringing, .. } => Some(ringing),
        Event::Call(news) if news.event == CallEvent::Ringing => panic!("a restored call does not ring: {news:?}"),
        Event::Call(_) | Event::Connections { .. } | Event::Changed { .. } => None,
    })
    .await;
    assert_eq!(rings, [], "what rang is no longer there");
    desk.sync(SMART_CONNECT).await;
    assert_eq!(desk.calls_of(&id).await.len(), 380, "what the backup does not have is gone");
    let rung = ring(&desk);
    assert_eq!(rung, "381");
    let call = next(&mut events, CallEvent::Ringing).await;
    assert_eq!(call.external_id, rung, "the first that rings is the new one");
    desk.office.hang_up(&rung);
    let over = next(&mut events, CallEvent::Ended).await;
    assert_eq!((over.external_id, over.outcome), (rung, Outcome::Missed));
}

#[tokio::test]
async fn a_call_that_was_answered_goes_on_until_its_length_is_known() {
    let (desk, id) = desk(3).await;
    let mut events = watched(&desk, &id).await;
    let rung = ring(&desk);
    next(&mut events, CallEvent::Ringing).await;
    desk.office.answer(&rung);
    let answered = next(&mut events, CallEvent::Changed).await;
    assert_eq!((answered.outcome, answered.duration_seconds), (Outcome::Answered, None), "somebody speaks");
    desk.office.clock.advance(std::time::Duration::from_secs(95));
    desk.office.hang_up(&rung);
    let over = next(&mut events, CallEvent::Ended).await;
    assert_eq!((over.outcome, over.duration_seconds), (Outcome::Answered, Some(95)));
}

#[tokio::test]
async fn odd_times_are_read_and_withheld_callers_are_shown_in_the_words_of_the_service() {
    let formats = [
        TimeFormat::Slashed,
        TimeFormat::SlashedPadded,
        TimeFormat::Dashed,
        TimeFormat::Iso,
        TimeFormat::Compact,
        TimeFormat::Split,
        TimeFormat::WcfDate,
    ];
    let mut begins: Vec<Vec<_>> = Vec::new();
    for format in formats {
        let desk = Desk::empty().await;
        let id = desk.connect(SMART_CONNECT).await;
        desk.office.smart_connect.set_time_format(format);
        let report = desk.sync(SMART_CONNECT).await;
        assert_eq!((report.error, report.not_understood), (None, 0), "{format:?}");
        begins.push(desk.calls_of(&id).await.iter().map(|call| call.started_at).collect());
        assert_eq!(begins[0], *begins.last().unwrap(), "{format:?} says the same");
    }
    let (desk, id) = desk(3).await;
    for word in ["非通知", "公衆電話", "表示圏外", ""] {
        let key = desk.office.smart_connect.ring_withheld(word, "0355500100");
        desk.sync(SMART_CONNECT).await;
        let call = desk.console.call_show(&CallId(format!("{id}/{key}"))).await.unwrap().call;
        assert_eq!((call.from.raw.as_str(), call.from.e164, call.customer_count), (word, None, 0));
    }
}

#[tokio::test]
async fn calls_are_asked_for_by_number_six_at_a_time_with_the_literal_sign_between_them() {
    let (desk, id) = desk(60).await;
    let known: BTreeSet<_> = desk.calls_of(&id).await.into_iter().filter_map(|call| call.from.e164).collect();
    let known: Vec<_> = known.into_iter().filter(|it| it.starts_with("+81")).take(7).collect();
    assert_eq!(known.len(), 7);
    desk.office.forget_requests(SMART_CONNECT);
    let found = desk.console.calls_ask(&id, &known, 50).await.unwrap();
    assert!(found.calls.len() >= 7, "{}", found.calls.len());
    assert!(found.calls.iter().all(|call| call.from.e164.as_ref().is_some_and(|it| known.contains(it))));
    let asked: Vec<_> = paths(&desk).iter().map(|path| path.matches('&').count()).collect();
    assert_eq!(asked, [5, 0], "six and one: {:?}", paths(&desk));
    desk.office.forget_requests(SMART_CONNECT);
    let none = desk.console.calls_ask(&id, &["非通知".to_owned(), "#31".to_owned()], 50).await.unwrap();
    assert_eq!((none.calls.len(), desk.office.requests(SMART_CONNECT)), (0, 0), "such a number cannot be asked for");
}

#[tokio::test]
async fn a_note_is_written_where_the_service_keeps_it_and_another_ones_note_is_shown_instead() {
    let (desk, id) = desk(12).await;
    let call = desk.calls_of(&id).await.into_iter().next().expect("a call");
    let noted = desk.console.call_note(&call.id, "折り返し 15:00", None).await.unwrap();
    let CallNoted::Done(done) = noted else { panic!("nobody else wrote") };
    assert_eq!(done.note.as_deref(), Some("折り返し 15:00"));
    let key = call.external_id.parse().unwrap();
    let row = desk.office.smart_connect.raw_row("ReceivedCall-Record", key).unwrap();
    assert!(row.contains("折り返し 15:00"), "{row}");
    assert!(desk.office.smart_connect.edit("ReceivedCall-Record", key, "メモ", "済み"));
    let CallNoted::Conflict(conflict) = desk.console.call_note(&call.id, "不要", None).await.unwrap() else {
        panic!("somebody else wrote");
    };
    assert_eq!(conflict.fields[0].now.0, "\"済み\"");
    assert!(desk.office.smart_connect.raw_row("ReceivedCall-Record", key).unwrap().contains("済み"), "theirs stays");
}

#[tokio::test]
async fn the_notice_socket_is_used_only_where_it_was_asked_for() {
    for push in ["", "on"] {
        let desk = Desk::empty().await;
        let mut connection = crate::support::new(desk.office.account(SMART_CONNECT));
        connection.settings.insert("push".into(), push.into());
        let id = desk.console.connection_add(connection).await.unwrap().id;
        let mut events = watched(&desk, &id).await;
        // Each ring is found by looking, whether or not the socket stands already.
        let mut is_registered = false;
        for _ in 0..4 {
            ring(&desk);
            next(&mut events, CallEvent::Ringing).await;
            is_registered |= !desk.office.smart_connect.registered().is_empty();
            if is_registered {
                break;
            }
        }
        assert_eq!(is_registered, push == "on", "{push:?}");
    }
}
