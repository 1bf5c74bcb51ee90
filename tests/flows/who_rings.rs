//! Who rings is told whole and at once: several at a time, through both systems, through a queue, without a number, from a number of
//! several customers, and while a connection is signed out.

use std::collections::BTreeSet;

use model::call::{Call, CallFilter, Outcome, Role};
use model::connection::State;
use model::event::{CallEvent, Event};
use model::failure::Code;
use model::worklist::FollowUpState;
use simulators::{Fault, RING_CENTRAL, SMART_CONNECT};

use crate::reception::{CALLER, CALLER_E164, Reception, connections, news};
use crate::support::wait_for;

/// Another number that nobody in the simulated office has.
const OTHER: &str = "0455500888";
const OTHER_E164: &str = "+81455500888";

fn number(call: &Call) -> Option<&str> {
    call.from.e164.as_deref()
}

fn numbers(calls: &[Call]) -> Vec<Option<&str>> {
    calls.iter().map(number).collect()
}

#[tokio::test]
async fn two_calls_at_once_are_two_and_each_ends_by_itself() {
    let mut reception = Reception::open().await;
    let first = reception.rings(RING_CENTRAL, CALLER, Some("204"));
    assert_eq!(number(&reception.next(CallEvent::Ringing).await.call), Some(CALLER_E164));
    reception.later(2);
    let second = reception.rings(RING_CENTRAL, OTHER, Some("204"));
    assert_eq!(number(&reception.next(CallEvent::Ringing).await.call), Some(OTHER_E164));
    assert_eq!(numbers(&reception.ringing().await), [Some(CALLER_E164), Some(OTHER_E164)], "the first one first");

    reception.later(5);
    reception.desk.office.answer(&second);
    let answered = reception.next(CallEvent::Changed).await.call;
    assert_eq!((number(&answered), answered.outcome), (Some(OTHER_E164), Outcome::Answered));
    assert_eq!(numbers(&reception.ringing().await), [Some(CALLER_E164)]);
    reception.desk.office.hang_up(&first);
    let missed = reception.over_of(CALLER_E164).await.call;
    assert_eq!((number(&missed), missed.outcome), (Some(CALLER_E164), Outcome::Missed));
    assert_eq!(reception.ringing().await, []);
    reception.later(30);
    reception.desk.office.hang_up(&second);
    let over = reception.over_of(OTHER_E164).await.call;
    assert_eq!((number(&over), over.outcome), (Some(OTHER_E164), Outcome::Answered));

    reception.read().await;
    let list = reception.worklist().await;
    let waits = |e164: &str| list.open.iter().filter(|it| number(&it.call) == Some(e164)).count();
    assert_eq!((waits(CALLER_E164), waits(OTHER_E164)), (1, 0), "only what nobody took waits");
}

#[tokio::test]
async fn a_call_that_rings_in_both_systems_is_told_as_one_and_stays_one() {
    let mut reception = Reception::open().await;
    let cloud = reception.rings(RING_CENTRAL, CALLER, None);
    let one = reception.next(CallEvent::Ringing).await;
    reception.later(1);
    let office = reception.rings(SMART_CONNECT, CALLER, None);
    let other = reception.next(CallEvent::Ringing).await;
    assert_ne!(one.call.connection, other.call.connection);
    let names = |call: &Call, id: &model::CallId| call.same.iter().any(|it| it.id == *id);
    assert!(names(&other.call, &one.call.id), "the second ring says whose it is: {:?}", other.call.same);
    assert!(!other.recent.iter().any(|it| it.id == one.call.id), "it is no earlier call of the same number");
    let listed = async |reception: &Reception| {
        let filter = CallFilter { number: Some(CALLER.to_owned()), ..CallFilter::default() };
        reception.desk.console.calls_block(filter, 0).await.unwrap().calls
    };
    assert_eq!(listed(&reception).await.len(), 1, "one row while it rings");

    reception.later(20);
    for id in [&cloud, &office] {
        reception.desk.office.hang_up(id);
    }
    let ends = [reception.over_is().await.call.connection, reception.over_is().await.call.connection];
    assert_ne!(ends[0], ends[1], "each system says that it is over");
    assert_eq!(reception.ringing().await, []);
    reception.read().await;
    let rows = listed(&reception).await;
    assert_eq!(rows.iter().map(|it| (it.outcome, it.same.len())).collect::<Vec<_>>(), [(Outcome::Missed, 1)]);
    let list = reception.worklist().await;
    let entries: Vec<_> = list.open.iter().filter(|it| number(&it.call) == Some(CALLER_E164)).collect();
    assert_eq!(entries.iter().map(|it| (it.state, it.calls.len())).collect::<Vec<_>>(), [(FollowUpState::New, 1)]);
}

#[tokio::test]
async fn a_queue_is_told_as_the_line_and_whoever_it_rings_as_people() {
    let mut reception = Reception::open().await;
    let id = reception.rings(RING_CENTRAL, CALLER, Some("Sales"));
    let call = reception.next(CallEvent::Ringing).await.call;
    let everybody = reception.desk.console.people_list("").await.unwrap();
    let identities: Vec<_> = everybody.iter().flat_map(|it| &it.identities).collect();
    assert_eq!(call.people.len(), 2, "{:?}", call.people);
    assert!(call.people.iter().all(|it| it.role == Role::Rang));
    assert!(call.people.iter().all(|it| identities.iter().any(|one| one.external_id == it.external_id)));
    assert!(call.line.as_deref().is_some_and(|it| it.contains("Sales")), "{:?}", call.line);
    reception.later(15);
    reception.desk.office.hang_up(&id);
    reception.over_is().await;
    reception.read().await;
    let list = reception.worklist().await;
    let entry = list.open.iter().find(|it| number(&it.call) == Some(CALLER_E164)).expect("it waits");
    let rang = |call: &Call| call.people.iter().map(|it| it.id.clone()).collect::<BTreeSet<_>>();
    assert_eq!(rang(&entry.call), rang(&call), "the log says the same");
    let told: Vec<_> = entry.colleagues.iter().map(|it| &it.person).collect();
    let expected = everybody.iter().filter(|it| it.identities.iter().any(|one| rang(&call).contains(&one.id)));
    let expected: BTreeSet<_> = expected.map(|it| &it.id).collect();
    assert_eq!((told.len(), told.into_iter().collect::<BTreeSet<_>>()), (2, expected), "and they are whom to tell");
}

#[tokio::test]
async fn withheld_numbers_are_nobodys_and_two_of_them_are_never_one() {
    let mut reception = Reception::open().await;
    let before = reception.worklist().await.open.len();
    let mut ids = Vec::new();
    for system in [RING_CENTRAL, SMART_CONNECT] {
        ids.push(match system {
            RING_CENTRAL => reception.rings(system, "", Some("204")),
            _ => reception.desk.office.smart_connect.ring_withheld("非通知", "0355500100").to_string(),
        });
        let told = reception.next(CallEvent::Ringing).await;
        assert_eq!((number(&told.call), told.call.customer_count, told.call.same.len()), (None, 0, 0), "{system}");
        assert_eq!((told.customers.len(), told.recent.len()), (0, 0), "{system}: nothing is known of nobody");
    }
    assert_eq!(reception.ringing().await.len(), 2);
    reception.later(10);
    reception.desk.office.hang_up(&ids[0]);
    assert!(reception.desk.office.smart_connect.edit("ReceivedCall-Record", ids[1].parse().unwrap(), "対応", "不在"));
    for _ in &ids {
        reception.over_is().await;
    }
    assert_eq!(reception.ringing().await, []);
    reception.read().await;
    let list = reception.worklist().await;
    assert_eq!(list.open.len(), before + 2);
    assert!(
        list.open.iter().filter(|it| number(&it.call).is_none()).all(|it| it.calls.len() == 1),
        "each stands alone"
    );
}

#[tokio::test]
async fn a_number_of_three_customers_is_a_list_and_never_a_guess() {
    let mut reception = Reception::open().await;
    for key in ["3", "4", "5"] {
        assert!(reception.desk.office.smart_connect.edit("CustomerAddress", key.parse().unwrap(), "TEL2", CALLER));
    }
    assert_eq!(reception.desk.sync(SMART_CONNECT).await.error, None);
    let id = reception.rings(RING_CENTRAL, CALLER, Some("204"));
    let told = reception.next(CallEvent::Ringing).await;
    let mut ids: Vec<_> = told.customers.iter().map(|it| it.external_id.clone()).collect();
    ids.sort();
    assert_eq!(
        (ids, told.call.customer.as_ref(), told.call.customer_count),
        (vec!["3".into(), "4".into(), "5".into()], None, 3)
    );
    reception.later(10);
    reception.desk.office.hang_up(&id);
    reception.over_is().await;
    reception.read().await;
    let list = reception.worklist().await;
    let entry = list.open.iter().find(|it| number(&it.call) == Some(CALLER_E164)).expect("it waits");
    assert_eq!((entry.call.customer.as_ref(), entry.call.customer_count), (None, 3), "nor does the worklist guess");
    let detail = reception.desk.console.call_show(&entry.call.id).await.unwrap();
    assert_eq!(detail.customers.len(), 3);
}

#[tokio::test]
async fn while_one_connection_is_signed_out_the_other_rings_at_once_and_nothing_stale_goes_on_ringing() {
    let mut reception = Reception::open().await;
    reception.rings(RING_CENTRAL, CALLER, Some("204"));
    reception.next(CallEvent::Ringing).await;
    assert_eq!(reception.ringing().await.len(), 1);
    let cloud = reception.desk.id(RING_CENTRAL).await;
    reception.desk.office.fault(RING_CENTRAL, Fault::Status(401));
    reception.desk.office.ring_central.cut_sockets();
    // Which of the two is told first depends on whether the line or the log is refused first.
    let (mut ringing_now, mut problem) = (None, None);
    let problem = wait_for(&mut reception.events, |event| {
        if let Event::Snapshot { ringing, .. } = &event {
            ringing_now = Some(ringing.len());
        }
        let view = connections(event).into_iter().flatten().find(|it| it.id == cloud && it.state == State::SignedOut);
        problem = view.and_then(|it| it.problem).or(problem.take());
        problem.clone().filter(|_| ringing_now.is_some())
    })
    .await;
    assert_eq!((problem.code, ringing_now), (Code::SignedOut, Some(0)), "nobody knows whether it still rings");
    assert_eq!(reception.ringing().await, []);

    reception.rings(SMART_CONNECT, OTHER, None);
    let told = wait_for(&mut reception.events, |event| news(event).filter(|it| it.event == CallEvent::Ringing)).await;
    assert_eq!(number(&told.call), Some(OTHER_E164));
    assert_eq!(numbers(&reception.ringing().await), [Some(OTHER_E164)]);
    assert_eq!(reception.desk.view(RING_CENTRAL).await.state, State::SignedOut, "it goes on saying so");

    // Signed in again, the line stands and tells of what rings from then on.
    reception.desk.office.heal(RING_CENTRAL);
    let (key, value) = reception.desk.office.account(RING_CENTRAL).secrets.pop().unwrap();
    let secret = model::Secret::new(&value);
    reception.desk.console.connection_replace_secret(&cloud, key, secret).await.unwrap();
    wait_for(&mut reception.events, |event| {
        connections(event)?.into_iter().find(|it| it.id == cloud && it.state == State::Live).map(drop)
    })
    .await;
    reception.rings(RING_CENTRAL, "0455500999", Some("204"));
    let told = reception.next(CallEvent::Ringing).await.call;
    assert_eq!(number(&told), Some("+81455500999"));
}

#[tokio::test]
async fn a_sign_in_that_is_forgotten_takes_its_ringing_call_along() {
    let mut reception = Reception::open().await;
    let cloud = reception.desk.id(RING_CENTRAL).await;
    reception.rings(RING_CENTRAL, CALLER, Some("204"));
    reception.next(CallEvent::Ringing).await;
    reception.rings(SMART_CONNECT, OTHER, None);
    reception.next(CallEvent::Ringing).await;
    assert_eq!(reception.ringing().await.len(), 2);
    let (key, _) = reception.desk.office.account(RING_CENTRAL).secrets.pop().unwrap();
    reception.desk.console.connection_forget_secret(&cloud, key).await.unwrap();
    assert_eq!(numbers(&reception.ringing().await), [Some(OTHER_E164)], "the other one rings on");
    wait_for(&mut reception.events, |event| {
        connections(event)?.into_iter().find(|it| it.id == cloud && it.state == State::SignedOut).map(drop)
    })
    .await;
}
