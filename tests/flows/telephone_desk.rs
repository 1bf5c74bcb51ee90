//! The telephone desk over real clients: notes that follow a call into the log, who a number means, and the doctor.

use model::call::{Call, CallNoted, Outcome};
use model::connection::State;
use model::diagnosis::LineCheck;
use model::event::{CallEvent, CallNews, Event};
use model::failure::Code;
use model::matching::{MatchKind, MatchReason};
use simulators::{RING_CENTRAL, ROCKET_CHAT, Ring, SMART_CONNECT};

use crate::support::{Desk, failure, wait_for};

fn news(event: Event) -> Option<CallNews> {
    match event {
        Event::Call(news) => Some(*news),
        Event::Snapshot { .. } | Event::Connections { .. } | Event::Changed { .. } => None,
    }
}

fn done(noted: CallNoted) -> Call {
    match noted {
        CallNoted::Done(call) => *call,
        CallNoted::Conflict(conflict) => panic!("{conflict:?}"),
    }
}

#[tokio::test]
async fn a_note_on_a_call_that_rings_is_the_logs_note_after_it() {
    let desk = Desk::synced().await;
    let mut events = desk.console.subscribe();
    let id = desk.id(RING_CENTRAL).await;
    desk.console.watch(std::slice::from_ref(&id));
    if desk.view(RING_CENTRAL).await.state != State::Live {
        wait_for(&mut events, |event| match event {
            Event::Connections { connections } | Event::Snapshot { connections, .. } => {
                connections.into_iter().find(|it| it.id == id && it.state == State::Live).map(drop)
            }
            Event::Call(_) | Event::Changed { .. } => None,
        })
        .await;
    }
    let session = desk.office.ring(Ring { system: RING_CENTRAL, from: "0355500142".into(), line: Some("101".into()) });
    let ringing = wait_for(&mut events, |event| news(event).filter(|it| it.event == CallEvent::Ringing)).await.call;
    let noted = desk.console.call_note(&ringing.id, "折り返し待ち", None).await.unwrap();
    assert_eq!(done(noted).id, ringing.id);

    desk.office.hang_up(&session);
    wait_for(&mut events, |event| news(event).filter(|it| it.call.outcome != Outcome::Ringing)).await;
    // The log is read again some time after a call; here a person asks for it.
    desk.office.clock.advance(std::time::Duration::from_secs(60));
    desk.sync(RING_CENTRAL).await;
    let logged = desk.calls().await.into_iter().find(|it| it.session_id == ringing.session_id).expect("the log's call");
    assert_ne!(logged.id, ringing.id);
    assert_eq!(logged.note.as_deref(), Some("折り返し待ち"));
    let late = desk.console.call_note(&ringing.id, "済み", None).await.unwrap();
    assert_eq!(done(late).id, logged.id, "whoever still looks at the live call means the log's");
    desk.console.stop();
}

#[tokio::test]
async fn a_note_survives_the_end_of_the_program_and_another_sync() {
    let desk = Desk::synced().await;
    let ring = desk.id(RING_CENTRAL).await;
    let call = desk.calls().await.into_iter().find(|call| call.connection == ring).expect("a call");
    desk.console.call_note(&call.id, "折り返し待ち", None).await.unwrap();
    let desk = desk.restarted().await;
    desk.sync(RING_CENTRAL).await;
    assert_eq!(desk.console.call_show(&call.id).await.unwrap().call.note.as_deref(), Some("折り返し待ち"));
}

#[tokio::test]
async fn a_colleague_is_meant_by_the_id_of_their_extension_in_every_system() {
    let desk = Desk::synced().await;
    let (ring, rocket) = (desk.id(RING_CENTRAL).await, desk.id(ROCKET_CHAT).await);
    let all = desk.console.people_list("").await.unwrap();
    let both = |it: &&model::person::LinkedPerson| {
        [&ring, &rocket].iter().all(|id| it.identities.iter().any(|one| one.connection == **id))
    };
    let person = all.iter().find(both).expect("somebody whom both know");
    let extension = person.identities.iter().find(|it| it.connection == ring).expect("an extension");
    let found = desk.console.people_match(&extension.external_id).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, found[0].reason), (MatchKind::Colleague, MatchReason::Id));
    assert_eq!(found[0].person.as_ref(), Some(person), "with every system that knows them");
    let queue = desk.console.people_match("601").await.unwrap();
    assert_eq!(queue.iter().map(|it| it.kind).collect::<Vec<_>>(), [MatchKind::Queue], "a queue is no colleague");
}

#[tokio::test]
async fn the_doctor_looks_at_every_system_and_one_that_is_off_hides_no_other() {
    let desk = Desk::synced().await;
    for look in desk.console.doctor(&[]).await.unwrap() {
        let name = look.view.name;
        assert!(look.check_up.is_fine(), "{name}: {:?}", look.check_up);
        assert!(!matches!(look.line, Some(LineCheck::Fails(_))), "{name}: {:?}", look.line);
        assert_eq!((look.log_problem, look.oddities), (None, 0), "{name}");
    }
    desk.office.switch_off(SMART_CONNECT).await;
    let looks = desk.console.doctor(&[]).await.unwrap();
    let ill: Vec<_> = looks.iter().filter(|it| !it.check_up.is_fine()).map(|it| it.view.system.as_str()).collect();
    assert_eq!(ill, [SMART_CONNECT]);
}

#[tokio::test]
async fn a_line_is_tried_without_being_kept() {
    let desk = Desk::synced().await;
    let id = desk.id(RING_CENTRAL).await;
    assert_eq!(desk.console.line_try(&id).await.unwrap(), Some(LineCheck::Stands(None)));
    desk.office.switch_off(RING_CENTRAL).await;
    let line = desk.console.line_try(&id).await.unwrap();
    assert!(matches!(&line, Some(LineCheck::Fails(problem)) if problem.code == Code::Offline), "{line:?}");
}

#[tokio::test]
async fn a_record_that_may_not_be_changed_is_refused_before_anything_is_sent() {
    let desk = Desk::connected().await;
    let id = desk.id(SMART_CONNECT).await;
    let row = model::Raw("{}".into());
    let outcomes = [
        desk.console.records_delete(&id, "ReceivedCall-Record", "1").await,
        desk.console.records_create(&id, "ConnectedClient", &row).await.map(drop),
        desk.console.records_create(&id, "Nonsense", &row).await.map(drop),
    ];
    for outcome in outcomes {
        assert_eq!(failure(outcome).code(), Code::Invalid);
    }
    assert_eq!(desk.office.requests(SMART_CONNECT), 0);
}
