//! Notes: written to the system that keeps them, kept here where it does not.

use model::call::{CallNoted, SeenCall};
use model::connection::State;
use model::failure::Code;
use model::{Failure, Raw, Reason, Why};

use crate::double::{Desk, Has, conflict, refused, seen};

fn text(noted: CallNoted) -> Option<String> {
    match noted {
        CallNoted::Done(call) => call.note,
        CallNoted::Conflict(conflict) => panic!("{conflict:?}"),
    }
}

#[tokio::test]
async fn a_note_is_kept_here_where_the_system_keeps_none_and_survives_a_sync() {
    let desk = Desk::with(Has::default()).await;
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    let noted = desk.console.call_note(&desk.call("1"), " 折り返し待ち ", None).await.unwrap();
    assert_eq!(text(noted).as_deref(), Some("折り返し待ち"));
    desk.reads(vec![SeenCall { duration_seconds: Some(90), ..seen("1", 0, "0355500142") }]).await;
    assert_eq!(desk.note("1").await.as_deref(), Some("折り返し待ち"));
    assert_eq!(desk.found("折り返し").await.len(), 1);
    let noted = desk.console.call_note(&desk.call("1"), "", None).await.unwrap();
    assert_eq!(text(noted), None);
    assert_eq!(desk.found("折り返し").await.len(), 0);
}

#[tokio::test]
async fn a_note_goes_to_the_system_that_keeps_notes_with_the_record_that_was_seen() {
    let desk = Desk::with(Has { notes: true, ..Has::default() }).await;
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    let noted = desk.console.call_note(&desk.call("1"), "済み", None).await.unwrap();
    assert_eq!(text(noted).as_deref(), Some("済み"));
    assert_eq!(desk.system.asked(), ["note 1 済み over {\"id\":\"1\",\"memo\":\"\"}"], "the cached record");
    assert_eq!(desk.console.call_show(&desk.call("1")).await.unwrap().raw.0, "{\"id\":\"1\",\"memo\":\"済み\"}");
    assert_eq!(desk.found("済み").await.len(), 1);
    let id = desk.call("1");
    let kept = desk.store.read(move |r| store::call_notes::get(r, &id)).await.unwrap();
    assert_eq!(kept, None, "what the system keeps is not kept here as well");
    let older = Raw("{\"id\":\"1\",\"memo\":\"older\"}".into());
    desk.console.call_note(&desk.call("1"), "", Some(older)).await.unwrap();
    assert_eq!(desk.system.asked(), ["note 1  over {\"id\":\"1\",\"memo\":\"older\"}"], "the record of the screen");
    assert_eq!(desk.note("1").await, None);
}

#[tokio::test]
async fn a_change_of_somebody_else_is_told_and_read_and_nothing_is_written() {
    let desk = Desk::with(Has { notes: true, search: true, ..Has::default() }).await;
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    {
        let mut state = desk.system.state();
        state.is_changed_meanwhile = true;
        state.calls[0].note = Some("theirs".into());
    }
    let noted = desk.console.call_note(&desk.call("1"), "ours", None).await.unwrap();
    assert_eq!(noted, CallNoted::Conflict(conflict()));
    assert_eq!(desk.note("1").await.as_deref(), Some("theirs"), "the next look shows what stands there");
}

#[tokio::test]
async fn a_record_without_a_place_for_a_note_has_it_kept_here() {
    let desk = Desk::with(Has { notes: true, ..Has::default() }).await;
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    desk.system.state().refusals.push_back(Failure::invalid(Reason::NotOffered, "note"));
    let noted = desk.console.call_note(&desk.call("1"), "here", None).await.unwrap();
    assert_eq!(text(noted).as_deref(), Some("here"));
    let noted = desk.console.call_note(&desk.call("1"), "there", None).await.unwrap();
    assert_eq!(text(noted).as_deref(), Some("there"), "once the system keeps it, the one here has its end");
    desk.reads(vec![SeenCall { note: Some("changed there".into()), ..seen("1", 0, "0355500142") }]).await;
    assert_eq!(desk.note("1").await.as_deref(), Some("changed there"));
}

#[tokio::test]
async fn what_the_system_refuses_is_not_kept_here_as_if_it_were_written() {
    let desk = Desk::with(Has { notes: true, ..Has::default() }).await;
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    let unknown = Failure::Unknown(Why::new(Reason::OutcomeUnknown, ""));
    for (failure, code) in [(refused(Reason::NoPermission), Code::Refused), (unknown, Code::UnknownOutcome)] {
        desk.system.state().refusals.push_back(failure);
        let outcome = desk.console.call_note(&desk.call("1"), "lost", None).await.unwrap_err();
        assert_eq!(outcome.code(), code);
        assert_eq!(desk.note("1").await, None);
    }
    let views = desk.console.connections_list().await.unwrap();
    assert_eq!(views[0].state, State::Ok, "a refusal in words is an answer like any other");
}

#[tokio::test]
async fn there_is_no_note_without_a_call_and_none_without_an_end() {
    let desk = Desk::with(Has::default()).await;
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    let nobody = desk.console.call_note(&desk.call("9"), "x", None).await.unwrap_err();
    assert_eq!(nobody.why().reason, Reason::NoSuchThing);
    let long = desk.console.call_note(&desk.call("1"), &"あ".repeat(10_001), None).await.unwrap_err();
    assert_eq!(long.why().reason, Reason::TooLong);
}
