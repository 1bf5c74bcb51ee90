//! Two hundred calls in a minute through both systems: each is recorded once, none is doubled or lost, nothing goes on ringing, and what
//! is told of one call comes in its order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::Console;
use futures::FutureExt;
use model::ConnectionId;
use model::call::{Call, Outcome};
use model::event::{CallEvent, CallNews};
use simulators::{RING_CENTRAL, SMART_CONNECT};

use crate::reception::{Reception, news};
use crate::support::wait_for;

const CALLS: usize = 200;
/// How many ring at the same time.
const AT_ONCE: usize = 12;
/// Two hundred of it are a minute.
const APART: Duration = Duration::from_millis(300);

/// The number of each caller, of whom nobody is known.
fn caller(nth: usize) -> String {
    format!("045560{nth:04}")
}

fn e164(nth: usize) -> String {
    format!("+8145560{nth:04}")
}

/// Every third call is answered.
fn is_answered(nth: usize) -> bool {
    nth.is_multiple_of(3)
}

fn outcome(nth: usize) -> Outcome {
    if is_answered(nth) { Outcome::Answered } else { Outcome::Missed }
}

fn system(nth: usize) -> &'static str {
    if nth.is_multiple_of(2) { RING_CENTRAL } else { SMART_CONNECT }
}

/// What was told of each caller, in its order.
#[derive(Default)]
struct Told(BTreeMap<String, Vec<(CallEvent, Outcome)>>);

impl Told {
    fn take(&mut self, news: &CallNews) {
        let caller = news.call.from.e164.clone().expect("each caller has a number");
        self.0.entry(caller).or_default().push((news.event, news.call.outcome));
    }

    fn has(&self, nth: usize, kinds: &[CallEvent]) -> bool {
        self.0.get(&e164(nth)).is_some_and(|told| told.iter().any(|(event, _)| kinds.contains(event)))
    }
}

/// Lets the calls come, some at the same time, and takes in what is told until each is over.
async fn go_by(reception: &mut Reception) -> Told {
    let (mut told, mut ids) = (Told::default(), Vec::new());
    for nth in 0..CALLS + AT_ONCE {
        if nth < CALLS {
            ids.push(reception.rings(system(nth), &caller(nth), None));
        }
        if let Some(before) = nth.checked_sub(AT_ONCE / 2).filter(|it| *it < CALLS && is_answered(*it)) {
            reception.desk.office.answer(&ids[before]);
        }
        if let Some(before) = nth.checked_sub(AT_ONCE) {
            reception.desk.office.hang_up(&ids[before]);
        }
        reception.desk.office.clock.advance(APART);
        // What is pushed comes at once; the other system is looked at now and then.
        while nth < CALLS && system(nth) == RING_CENTRAL && !told.has(nth, &[CallEvent::Ringing]) {
            told.take(&wait_for(&mut reception.events, news).await);
        }
    }
    // Of the calls that it looked past, the log says that they are over.
    assert_eq!(reception.desk.sync(SMART_CONNECT).await.error, None);
    while !(0..CALLS).all(|nth| told.has(nth, &[CallEvent::Ended, CallEvent::Recorded])) {
        told.take(&wait_for(&mut reception.events, news).await);
    }
    told
}

/// The calls of the minute that a connection has, by their caller.
async fn recorded(reception: &Reception, id: &ConnectionId) -> BTreeMap<String, Vec<Call>> {
    let mut all: BTreeMap<String, Vec<Call>> = BTreeMap::new();
    for call in reception.desk.calls_of(id).await {
        let Some(caller) = call.from.e164.clone().filter(|it| it.starts_with("+8145560")) else { continue };
        all.entry(caller).or_default().push(call);
    }
    all
}

fn is_in_order(told: &[(CallEvent, Outcome)]) -> bool {
    let place = |event: CallEvent| match event {
        CallEvent::Ringing => 0,
        CallEvent::Changed => 1,
        CallEvent::Ended => 2,
        CallEvent::Recorded => 3,
    };
    let once = |kind| told.iter().filter(|(event, _)| *event == kind).count() <= 1;
    told.is_sorted_by_key(|(event, _)| place(*event))
        && told.first().is_some_and(|(event, _)| *event == CallEvent::Ringing)
        && [CallEvent::Ringing, CallEvent::Ended, CallEvent::Recorded].into_iter().all(once)
}

/// Reads the log of a connection again and again until nobody wants it any more, as it is read after each call in a busy minute.
async fn read_on(console: Console, id: ConnectionId, is_wanted: Arc<AtomicBool>) {
    while is_wanted.load(Ordering::Acquire) {
        for report in console.sync(std::slice::from_ref(&id), None).await.expect("reports") {
            assert_eq!(report.error, None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_calls_in_a_minute_are_recorded_once_each_and_told_in_order() {
    let mut reception = Reception::open().await;
    let is_wanted = Arc::new(AtomicBool::new(true));
    let id = reception.desk.id(RING_CENTRAL).await;
    let reading = tokio::spawn(read_on(reception.desk.console.clone(), id, is_wanted.clone()));
    let mut told = go_by(&mut reception).await;
    is_wanted.store(false, Ordering::Release);
    reading.await.expect("the log could be read");
    assert_eq!(reception.ringing().await, [], "nothing goes on ringing");
    reception.read().await;
    while let Some(Some(event)) = futures::StreamExt::next(&mut reception.events).now_or_never() {
        news(event).iter().for_each(|it| told.take(it));
    }
    assert_eq!(told.0.len(), CALLS);
    for nth in 0..CALLS {
        let of = &told.0[&e164(nth)];
        assert!(is_in_order(of), "{nth} at {}: {of:?}", system(nth));
        assert_eq!(of.last().map(|it| it.1), Some(outcome(nth)), "{nth} at {}: {of:?}", system(nth));
    }
    for (place, system) in [RING_CENTRAL, SMART_CONNECT].into_iter().enumerate() {
        let all = recorded(&reception, &reception.desk.id(system).await).await;
        let expected: BTreeSet<String> = (0..CALLS).filter(|nth| nth % 2 == place).map(e164).collect();
        assert_eq!(all.keys().cloned().collect::<BTreeSet<_>>(), expected, "none is lost at {system}");
        for nth in (0..CALLS).filter(|nth| nth % 2 == place) {
            let calls = &all[&e164(nth)];
            assert_eq!(calls.iter().map(|it| it.outcome).collect::<Vec<_>>(), [outcome(nth)], "{nth} at {system}");
            assert!(!calls[0].external_id.starts_with("live-"), "{nth} is in the log");
        }
    }
    assert_eq!(reception.ringing().await, []);
    let waiting = reception.worklist().await.open;
    let missed = (0..CALLS).filter(|nth| !is_answered(*nth)).count();
    let of_the_minute =
        waiting.iter().filter(|it| it.call.from.e164.as_deref().is_some_and(|it| it.starts_with("+8145560")));
    assert_eq!(of_the_minute.count(), missed);
}

#[tokio::test]
async fn a_call_whose_end_was_looked_past_is_told_to_be_over_by_the_log() {
    let mut reception = Reception::open().await;
    let long = reception.rings(SMART_CONNECT, &caller(0), None);
    assert_eq!(reception.next(CallEvent::Ringing).await.call.external_id, long);
    let short = |reception: &Reception, nth: usize| {
        let id = reception.rings(SMART_CONNECT, &caller(nth), None);
        reception.desk.office.hang_up(&id);
    };
    (1..=10).for_each(|nth| short(&reception, nth));
    for _ in 1..=10 {
        reception.next(CallEvent::Ended).await;
    }
    // A look shows fifty rows: five that are known, but no longer the one that rings.
    reception.desk.office.hang_up(&long);
    (11..=55).for_each(|nth| short(&reception, nth));
    for _ in 11..=55 {
        assert_ne!(reception.next(CallEvent::Ended).await.call.external_id, long);
    }
    assert_eq!(reception.ringing().await.len(), 1);
    assert_eq!(reception.desk.sync(SMART_CONNECT).await.error, None);
    let over = reception.next(CallEvent::Ended).await.call;
    assert_eq!((over.external_id, over.outcome), (long, Outcome::Missed));
    assert_eq!(reception.ringing().await, []);
}
