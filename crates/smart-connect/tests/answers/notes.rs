//! Notes on calls: written into the call's own record, and never over somebody else's.

use model::failure::Code;
use model::ports::Noted;
use model::{Raw, Reason};
use wiremock::MockServer;

use crate::support::{DONE, bodies, gives, gives_once, json, sent, session, takes};

const BEFORE: &str =
    r#"{ "ID":"7","着信日時":"2026/10/14 10:31:04", "備考":"x","ｍｅｍｏ":"","big":1234567890123456789 }"#;

fn raw(text: &str) -> Raw {
    Raw(text.to_owned())
}

#[tokio::test]
async fn a_note_goes_into_the_first_note_field_and_nothing_else_changes() {
    let server = MockServer::start().await;
    let after = BEFORE.replace(r#""ｍｅｍｏ":"""#, r#""ｍｅｍｏ":"折り返し\n\"至急\"""#);
    gives_once(&server, "ReceivedCall-Record/7", json(format!("[{BEFORE}]"))).await;
    gives(&server, "ReceivedCall-Record/7", json(format!("[{after}]"))).await;
    takes(&server, "PUT", "ReceivedCall-Record/7", json(DONE)).await;
    // Somebody changed another field meanwhile, which is no conflict.
    let seen = raw(&BEFORE.replace(r#""備考":"x""#, r#""備考":"y""#));
    let noted = session(&server).notes.unwrap().write("7", "折り返し\n\"至急\"", &seen).await.unwrap();
    let Noted::Done(call) = noted else { panic!("{noted:?}") };
    assert_eq!((call.external_id.as_str(), call.note.as_deref()), ("7", Some("折り返し\n\"至急\"")));
    assert_eq!(call.raw.0, after);
    assert_eq!(bodies(&server).await, [("application/json; charset=utf-8".to_owned(), after)]);
    let paths = ["GET", "PUT", "GET"].map(|verb| format!("{verb} /ReceivedCall-Record/7"));
    assert_eq!(sent(&server).await, paths);
}

#[tokio::test]
async fn an_empty_note_takes_it_away() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/7", json(r#"[{"ID":7,"メモ":"x"}]"#)).await;
    takes(&server, "PUT", "ReceivedCall-Record/7", json(DONE)).await;
    let noted = session(&server).notes.unwrap().write("7", "", &raw(r#"{"ID":7,"メモ":"x"}"#)).await.unwrap();
    assert!(matches!(noted, Noted::Done(_)));
    assert_eq!(bodies(&server).await[0].1, r#"{"ID":7,"メモ":""}"#);
}

#[tokio::test]
async fn somebody_elses_note_is_a_conflict_unless_it_says_the_same() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/7", json(r#"[{"ID":"7","メモ":"彩へ"}]"#)).await;
    takes(&server, "PUT", "ReceivedCall-Record/7", json(DONE)).await;
    let notes = session(&server).notes.unwrap();
    let seen = raw(r#"{"ID":"7","メモ":null}"#);
    let Noted::Conflict(conflict) = notes.write("7", "林へ", &seen).await.unwrap() else { panic!("it was written") };
    assert_eq!(conflict.now.0, r#"{"ID":"7","メモ":"彩へ"}"#);
    let field = &conflict.fields[0];
    let values = [&field.seen, &field.now, &field.wanted].map(|raw| raw.0.as_str());
    assert_eq!((field.name.as_str(), values), ("メモ", ["null", r#""彩へ""#, r#""林へ""#]));
    assert_eq!(conflict.fields.len(), 1);
    assert!(bodies(&server).await.is_empty(), "nothing was written");
    assert!(matches!(notes.write("7", "彩へ", &seen).await.unwrap(), Noted::Done(_)));
}

#[tokio::test]
async fn what_can_have_no_note_is_refused() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/7", json(r#"[{"ID":"7","対応":"済"}]"#)).await;
    gives(&server, "ReceivedCall-Record/8", json("[]")).await;
    let notes = session(&server).notes.unwrap();
    let check = async |id: &str, seen: &str, code: Code, reason: Reason| {
        let failure = notes.write(id, "x", &raw(seen)).await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (code, reason), "{id} {seen}");
    };
    check("row-00ff", "{}", Code::Invalid, Reason::NotUsable).await;
    check("7", "[]", Code::Invalid, Reason::NotUsable).await;
    assert!(sent(&server).await.is_empty());
    check("7", "{}", Code::Invalid, Reason::NotOffered).await;
    check("8", "{}", Code::Refused, Reason::NotFound).await;
    assert!(bodies(&server).await.is_empty());
}
