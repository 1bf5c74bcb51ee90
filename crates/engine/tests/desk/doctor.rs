//! The doctor: how a connection is, looked at from every side.

use model::connection::{Limitation, State};
use model::diagnosis::{Diagnosis, LineCheck};
use model::failure::Code;
use model::{Raw, Reason};

use crate::double::{Desk, Has, at, refused, seen};

async fn look(desk: &Desk) -> Diagnosis {
    desk.console.doctor(&[]).await.unwrap().pop().expect("one connection")
}

#[tokio::test]
async fn a_connection_that_is_well_says_as_whom_and_how_it_hears() {
    let desk = Desk::with(Has { live: true, ..Has::default() }).await;
    let first = look(&desk).await;
    assert!(first.check_up.is_fine() && !first.log_was_read);
    assert_eq!(first.check_up.signed_in_as.as_deref(), Some("西村"));
    assert_eq!(first.line, Some(LineCheck::Stands(Some(Limitation::AskedNotPushed))));
    assert!(!desk.system.asked().contains(&"log".to_owned()), "a first fill is not begun by looking");

    desk.system.state().limitation = Some(Limitation::OwnCallsOnly);
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    let second = look(&desk).await;
    assert_eq!((second.log_was_read, second.log_problem), (true, None));
    assert_eq!(second.view.limitations, [Limitation::OwnCallsOnly]);
    assert_eq!(second.view.last_ok_at, Some(at(0)));
}

#[tokio::test]
async fn a_line_that_does_not_stand_and_what_was_not_understood_are_told() {
    let desk = Desk::with(Has { live: true, ..Has::default() }).await;
    desk.system.state().line = Some(refused(Reason::NoPermission));
    let id = desk.id.clone();
    desk.store
        .write(move |w| {
            store::oddities::keep(w, &id, at(1), &Raw("{}".into()))?;
            store::oddities::keep(w, &id, at(2), &Raw("[]".into()))
        })
        .await
        .unwrap();
    let look = look(&desk).await;
    assert!(matches!(&look.line, Some(LineCheck::Fails(problem)) if problem.reason == Reason::NoPermission));
    assert_eq!((look.oddities, look.newest_oddity_at), (2, Some(at(2))));
    let silent = Desk::with(Has::default()).await;
    assert_eq!(silent.console.line_try(&silent.id).await.unwrap(), None, "it does not tell of calls at all");
}

#[tokio::test]
async fn nothing_more_is_asked_of_a_system_that_does_not_answer_or_whose_key_is_missing() {
    let desk = Desk::with(Has { live: true, ..Has::default() }).await;
    desk.reads(vec![]).await;
    desk.system.state().refusals.push_back(refused(Reason::NoPlan));
    let ill = look(&desk).await;
    assert_eq!((ill.view.state, ill.line, desk.system.asked()), (State::Troubled, None, vec![]));
    let locked = Desk::with(Has { live: true, secret: true, ..Has::default() }).await;
    let ill = look(&locked).await;
    assert_eq!(ill.view.state, State::SignedOut);
    assert_eq!(ill.check_up.steps[0].problem.as_ref().map(|it| it.code), Some(Code::SignedOut));
    assert!(ill.view.secrets.iter().all(|it| !it.is_kept));
    assert_eq!(locked.system.asked(), [""; 0]);
    assert_eq!(locked.console.doctor(&["nothing".into()]).await.unwrap_err().code(), Code::Invalid);
}
