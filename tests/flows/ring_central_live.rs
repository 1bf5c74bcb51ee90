//! Live calls of RingCentral: a socket that is cut, comes back or does not, disorder, and no right to be pushed to.

use futures::stream::BoxStream;
use model::call::{Call, Outcome};
use model::connection::{Limitation, State};
use model::event::{CallEvent, CallNews, Event};
use model::{ConnectionId, Time};
use simulators::{RING_CENTRAL, Ring};

use crate::support::{Desk, wait_for};

struct Line {
    desk: Desk,
    id: ConnectionId,
    events: BoxStream<'static, Event>,
}

impl Line {
    /// A desk that is read and listens.
    async fn standing() -> Self {
        let mut line = Self::begun(|_| {}).await;
        line.is(State::Live).await;
        line
    }

    async fn begun(change: impl FnOnce(&Desk)) -> Self {
        let desk = Desk::empty().await;
        let id = desk.connect(RING_CENTRAL).await;
        change(&desk);
        desk.sync(RING_CENTRAL).await;
        let events = desk.console.subscribe();
        desk.console.watch(std::slice::from_ref(&id));
        Self { desk, id, events }
    }

    /// Waits until the connection is in this state.
    async fn is(&mut self, state: State) {
        let id = self.id.clone();
        wait_for(&mut self.events, |event| match event {
            Event::Connections { connections } | Event::Snapshot { connections, .. } => {
                connections.into_iter().find(|it| it.id == id && it.state == state).map(drop)
            }
            Event::Call(_) | Event::Changed { .. } => None,
        })
        .await;
    }

    /// The next news of a call of this kind.
    async fn next(&mut self, kind: CallEvent) -> Call {
        wait_for(&mut self.events, |event| match event {
            Event::Call(news) if news.event == kind => Some(news.call),
            Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } | Event::Changed { .. } => None,
        })
        .await
    }

    /// The news that a call is over: its last change, or its record of the log if that is quicker.
    async fn over(&mut self) -> Box<CallNews> {
        wait_for(&mut self.events, |event| match event {
            Event::Call(news) if matches!(news.event, CallEvent::Ended | CallEvent::Recorded) => Some(news),
            Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } | Event::Changed { .. } => None,
        })
        .await
    }

    fn ring(&self) -> String {
        self.desk.office.ring(Ring { system: RING_CENTRAL, from: "0355500142".into(), line: None })
    }
}

#[tokio::test]
async fn a_call_is_pushed_whole_as_it_rings_is_answered_and_ends() {
    let mut line = Line::standing().await;
    let ring = line.ring();
    let call = line.next(CallEvent::Ringing).await;
    assert_eq!((call.outcome, call.from.e164.as_deref()), (Outcome::Ringing, Some("+81355500142")));
    line.desk.office.answer(&ring);
    assert_eq!(line.next(CallEvent::Changed).await.outcome, Outcome::Answered);
    line.desk.office.hang_up(&ring);
    let over = line.over().await.call;
    assert_eq!((&over.session_id, over.outcome), (&call.session_id, Outcome::Answered));
    line.ring();
    let news = wait_for(&mut line.events, |event| match event {
        Event::Call(news) if news.event == CallEvent::Ringing => Some(news),
        Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } | Event::Changed { .. } => None,
    })
    .await;
    // The log may have taken it over by now.
    let logged = line.desk.console.call_show(&over.id).await.expect("it stands").call;
    let is_before = news.recent.iter().any(|it| it.id == over.id || it.id == logged.id);
    assert!(is_before, "the call before comes with the ring");
    assert!(!news.recent.iter().any(|it| it.id == news.call.id));
}

#[tokio::test]
async fn a_socket_that_is_cut_comes_back_and_tells_what_it_missed() {
    let mut line = Line::standing().await;
    let ring = line.ring();
    line.next(CallEvent::Ringing).await;
    line.desk.office.ring_central.cut_sockets();
    line.desk.office.answer(&ring);
    assert_eq!(line.next(CallEvent::Changed).await.outcome, Outcome::Answered, "told though the line was cut");
    assert_eq!(line.desk.office.ring_central.recoveries(), 1);
    line.desk.office.hang_up(&ring);
    line.over().await;
}

#[tokio::test]
async fn a_session_that_cannot_be_taken_up_again_is_subscribed_anew_and_the_gap_is_filled_from_the_log() {
    let mut line = Line::standing().await;
    let ring = line.ring();
    line.next(CallEvent::Ringing).await;
    let ring_central = line.desk.office.ring_central.clone();
    ring_central.set_recovery(false);
    ring_central.cut_sockets();
    line.desk.office.hang_up(&ring);
    // Which of the two is told first depends on how quickly the log is read.
    let (mut ringing_now, mut recorded) = (None, None);
    let recorded = wait_for(&mut line.events, |event| {
        match event {
            Event::Snapshot { ringing, .. } => ringing_now = Some(ringing),
            Event::Call(news) if news.event == CallEvent::Recorded => recorded = Some(news.call),
            Event::Call(_) | Event::Connections { .. } | Event::Changed { .. } => {}
        }
        recorded.clone().filter(|_| ringing_now.is_some())
    })
    .await;
    assert_eq!(ringing_now, Some(Vec::new()), "nobody knows whether it still rings");
    assert_eq!(recorded.outcome, Outcome::Missed, "what became of it is in the log");
    assert!(!recorded.external_id.starts_with("live-"));
    let calls = line.desk.calls_of(&line.id).await;
    assert_eq!(calls.iter().filter(|it| it.session_id == recorded.session_id).count(), 1, "once, not twice");
    assert_eq!(ring_central.recoveries(), 0);
    line.ring();
    line.next(CallEvent::Ringing).await;
}

#[tokio::test]
async fn a_call_that_began_to_ring_while_the_line_was_down_rings_once_it_is_up() {
    let mut line = Line::standing().await;
    let ring_central = line.desk.office.ring_central.clone();
    ring_central.set_recovery(false);
    ring_central.cut_sockets();
    let ring = line.ring();
    let call = line.next(CallEvent::Ringing).await;
    assert_eq!(call.from.e164.as_deref(), Some("+81355500142"));
    assert_eq!(ring_central.recoveries(), 0, "nothing of it was pushed");
    line.desk.office.hang_up(&ring);
    let over = line.over().await.call;
    let calls = line.desk.calls_of(&line.id).await;
    assert_eq!(calls.iter().filter(|it| it.session_id == over.session_id).count(), 1, "once, not twice");
}

#[tokio::test]
async fn changes_that_come_in_disorder_are_put_right_by_what_they_say() {
    let mut line = Line::standing().await;
    line.desk.office.ring_central.set_disorder(true);
    let ring = line.ring();
    line.desk.office.answer(&ring);
    line.desk.office.hang_up(&ring);
    // Whether the last change or the record of the log comes first, it is over and was answered.
    let over = line.over().await.call;
    let kept = line.desk.calls_of(&line.id).await.into_iter().find(|it| it.session_id == over.session_id);
    assert_eq!(kept.map(|it| it.outcome), Some(Outcome::Answered));
}

#[tokio::test]
async fn what_the_socket_says_that_nobody_understands_is_kept_and_counted_and_the_line_goes_on() {
    let mut line = Line::standing().await;
    for frame in ["[", r#"[{"type":"Levitation"}]"#, r#"{"type":"ServerNotification"}"#] {
        line.desk.office.ring_central.say_raw(frame);
    }
    line.ring();
    line.next(CallEvent::Ringing).await;
    assert_eq!(line.desk.view(RING_CENTRAL).await.not_understood, 3);
}

#[tokio::test]
async fn without_the_right_to_be_pushed_to_calls_are_found_by_asking_and_that_is_said() {
    for scope in ["WebSocketsSubscription", "CallControl"] {
        let mut line = Line::begun(|desk| {
            desk.office.ring_central.set_permission(scope, false);
            desk.office.ring(Ring { system: RING_CENTRAL, from: "0355500142".into(), line: None });
        })
        .await;
        let call = line.next(CallEvent::Ringing).await;
        assert_eq!(call.from.e164.as_deref(), Some("+81355500142"), "{scope}");
        let view = line.desk.view(RING_CENTRAL).await;
        assert_eq!((view.limitations.as_slice(), view.problem), (&[Limitation::AskedNotPushed][..], None), "{scope}");
    }
}

#[tokio::test]
async fn presence_comes_with_the_calls() {
    let mut line = Line::standing().await;
    let me = line.desk.office.ring_central.me().extension_id.to_string();
    line.desk.office.ring_central.set_presence(&me, "Busy");
    wait_for(&mut line.events, |event| match event {
        Event::Changed { tables } => tables.contains(&model::event::Table::People).then_some(()),
        Event::Call(_) | Event::Connections { .. } | Event::Snapshot { .. } => None,
    })
    .await;
    let told = line.desk.console.presences();
    let mine = told.values().find(|it| it.external_id == me).expect("mine is told");
    assert_eq!(mine.availability, model::person::Availability::Busy);
    let all = line.desk.console.presences_read(&[]).await.unwrap();
    assert!(all.len() > 5 && all.values().any(|it| it.external_id == me), "everybody's can be asked for");
}

#[tokio::test]
async fn a_call_that_rang_before_anybody_listened_is_in_the_list_once_it_is_over() {
    let desk = Desk::empty().await;
    let id = desk.connect(RING_CENTRAL).await;
    let begun = Time::from(desk.office.clock.now());
    let ring = desk.office.ring(Ring { system: RING_CENTRAL, from: "0355500142".into(), line: None });
    desk.office.hang_up(&ring);
    desk.sync(RING_CENTRAL).await;
    let newest = desk.calls_of(&id).await.into_iter().next().expect("a call");
    assert_eq!((newest.started_at, newest.outcome), (Some(begun), Outcome::Missed));
}

#[tokio::test]
async fn a_socket_that_has_lived_its_time_is_replaced() {
    let day = std::time::Duration::from_secs(86_400);
    // Long enough to subscribe on a busy computer, and over before anybody tires of waiting.
    let short = std::time::Duration::from_secs(2);
    let mut line = Line::begun(|desk| desk.office.ring_central.set_socket_limits(day, short)).await;
    line.is(State::Live).await;
    line.desk.office.ring_central.set_socket_limits(day, day);
    line.is(State::Ok).await;
    line.is(State::Live).await;
    line.ring();
    line.next(CallEvent::Ringing).await;
}
