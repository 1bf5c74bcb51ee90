//! The nineteen resources of SmartConnect: each verb, nothing lost of a row, two people at once, and a service that stops in the middle.

use model::failure::Code;
use model::record::{RowChange, Updated};
use model::{ConnectionId, Failure, Raw, Reason};
use simulators::SMART_CONNECT;
use simulators::smart_connect::{OutcomeShape, RESOURCES, Resource, Shape, Stop};

use crate::support::{Desk, failure};

async fn desk() -> (Desk, ConnectionId) {
    let desk = Desk::empty().await;
    let id = desk.connect(SMART_CONNECT).await;
    (desk, id)
}

/// What was written, as `VERB path`.
fn writes(desk: &Desk) -> Vec<String> {
    let log = desk.office.log(SMART_CONNECT).into_iter().filter(|seen| seen.method != "GET");
    log.map(|seen| format!("{} {}", seen.method, seen.path.rsplit("RestService/").next().unwrap_or_default())).collect()
}

fn change(json: &str, seen: Option<&Raw>) -> RowChange {
    RowChange { fields: Raw(json.into()), seen: seen.cloned() }
}

/// A row for a resource, made of its own fields.
fn row(resource: &Resource, word: &str) -> Raw {
    let fields: Vec<_> = resource.fields.iter().map(|field| format!("\"{field}\":\"{word}\"")).collect();
    Raw(format!("{{{}}}", fields.join(",")))
}

#[tokio::test]
async fn each_resource_takes_each_of_its_verbs_and_no_other_reaches_the_wire() {
    let (desk, id) = desk().await;
    let console = &desk.console;
    for resource in &RESOURCES {
        let path = resource.path;
        desk.office.forget_requests(SMART_CONNECT);
        let made = console.records_create(&id, path, &row(resource, "7")).await;
        if resource.verbs.post {
            assert_eq!(writes(&desk), [format!("POST {path}")], "{made:?}");
            assert!(made.unwrap().key.is_some(), "{path}");
        } else {
            assert_eq!((failure(made).code(), desk.office.requests(SMART_CONNECT)), (Code::Invalid, 0), "{path}");
        }
        let rows = console.records_list(&id, path).await.unwrap();
        let key = if rows.is_empty() { resource.least } else { resource.least.max(rows.len() as u64) }.to_string();
        desk.office.forget_requests(SMART_CONNECT);
        let field = resource.fields[1];
        let changed = console.records_update(&id, path, &key, &change(&format!("{{\"{field}\":\"8\"}}"), None)).await;
        if resource.verbs.put {
            assert_eq!(writes(&desk), [format!("PUT {path}/{key}")], "{changed:?}");
            assert!(matches!(changed, Ok(Updated::Done(row)) if row.0.contains("\"8\"")), "{path}");
        } else {
            assert_eq!((failure(changed).code(), desk.office.requests(SMART_CONNECT)), (Code::Invalid, 0), "{path}");
        }
        desk.office.forget_requests(SMART_CONNECT);
        let gone = console.records_delete(&id, path, &key).await;
        if resource.verbs.delete {
            assert_eq!((gone, writes(&desk)), (Ok(()), vec![format!("DELETE {path}/{key}")]));
            let missing = failure(console.records_get(&id, path, &key).await);
            assert_eq!(missing.why().reason, Reason::NotFound, "{path}");
        } else {
            assert_eq!((failure(gone).code(), desk.office.requests(SMART_CONNECT)), (Code::Invalid, 0), "{path}");
        }
    }
}

#[tokio::test]
async fn the_first_row_of_the_reserved_ones_is_never_touched() {
    let (desk, id) = desk().await;
    for path in ["SIP-ServerConnection", "Online-Activation"] {
        let refused = desk.console.records_update(&id, path, "1", &change("{}", None)).await;
        assert_eq!(failure(refused).code(), Code::Invalid);
        assert_eq!(failure(desk.console.records_delete(&id, path, "1").await).code(), Code::Invalid);
    }
    assert_eq!(desk.office.requests(SMART_CONNECT), 0);
}

const URLS: &str = "IncomingCall-URL";

#[tokio::test]
async fn a_change_leaves_every_other_byte_of_the_row_as_it_was() {
    let (desk, id) = desk().await;
    let row = "{\"ID\" : \"1\", \"新しい項目\":{\"a\":[1,2.50,null]}, \"名称\":\"古い\",\"番号\":1564831284702237059123,\"URL\":\"https:\\/\\/x\",\"有効\":\"1\" }";
    desk.office.smart_connect.put_row(URLS, 1, row);
    for shape in [Shape::Plain, Shape::InD, Shape::InResult, Shape::AfterMark, Shape::Single] {
        desk.office.smart_connect.put_row(URLS, 1, row);
        desk.office.smart_connect.set_shape(shape);
        let done = desk.console.records_update(&id, URLS, "1", &change("{\"名称\":\"新しい\"}", None)).await.unwrap();
        assert!(matches!(done, Updated::Done(_)), "{shape:?}");
        let body = desk.office.log(SMART_CONNECT).iter().rev().find(|it| it.method == "PUT").unwrap().body.clone();
        assert_eq!(body.unwrap(), row.replace("古い", "新しい"), "{shape:?}");
    }
}

#[tokio::test]
async fn every_answer_of_the_service_to_a_write_is_understood_and_its_no_is_told_in_its_words() {
    let (desk, id) = desk().await;
    let service = &desk.office.smart_connect;
    for shape in [OutcomeShape::Documented, OutcomeShape::LowerCase, OutcomeShape::Bool, OutcomeShape::Number] {
        service.set_outcome_shape(shape);
        let done = desk.console.records_update(&id, URLS, "1", &change("{\"有効\":\"0\"}", None)).await;
        assert!(matches!(done, Ok(Updated::Done(_))), "{shape:?}: {done:?}");
    }
    service.set_outcome_shape(OutcomeShape::Missing);
    let odd = failure(desk.console.records_update(&id, URLS, "1", &change("{\"有効\":\"1\"}", None)).await);
    assert!(matches!(odd, Failure::Refused(_) | Failure::Unknown(_)), "{odd:?}");
    service.set_outcome_shape(OutcomeShape::Documented);
    service.set_refusal(Some("ライセンスがありません"));
    let refused = failure(desk.console.records_delete(&id, URLS, "1").await);
    assert_eq!((refused.code(), refused.why().words.as_str()), (Code::Refused, "ライセンスがありません"));
}

#[tokio::test]
async fn two_rows_made_at_once_are_told_apart_where_that_is_possible() {
    let (desk, id) = desk().await;
    let service = &desk.office.smart_connect;
    let wanted = Raw("{\"ID\":\"0\",\"名称\":\"受付\",\"URL\":\"https://a\",\"有効\":\"1\"}".into());
    service.race_on_post(URLS, &[("名称", "総務"), ("URL", "https://b"), ("有効", "1")]);
    let made = desk.console.records_create(&id, URLS, &wanted).await.unwrap();
    let row = made.row.expect("ours is the other one");
    assert!(row.0.contains("受付") && made.key.is_some(), "{row:?}");
    service.race_on_post(URLS, &[("名称", "受付"), ("URL", "https://a"), ("有効", "1")]);
    let twin = desk.console.records_create(&id, URLS, &wanted).await.unwrap();
    assert_eq!((twin.key, twin.row), (None, None), "nobody can tell which of two equal rows is ours");
    assert_eq!(writes(&desk).len(), 2, "made, and never made again");
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_shown_and_not_written_over() {
    let (desk, id) = desk().await;
    let seen = desk.console.records_get(&id, URLS, "1").await.unwrap();
    assert!(desk.office.smart_connect.edit(URLS, 1, "URL", "https://theirs"));
    let ours = change("{\"URL\":\"https://ours\"}", Some(&seen));
    let Updated::Conflict(conflict) = desk.console.records_update(&id, URLS, "1", &ours).await.unwrap() else {
        panic!("they changed it too");
    };
    let field = &conflict.fields[0];
    assert_eq!((conflict.fields.len(), field.name.as_str()), (1, "URL"));
    assert_eq!((field.now.0.as_str(), field.wanted.0.as_str()), ("\"https://theirs\"", "\"https://ours\""));
    assert_eq!(writes(&desk), [""; 0], "nothing was written");
    let other = change("{\"有効\":\"0\"}", Some(&seen));
    assert!(matches!(desk.console.records_update(&id, URLS, "1", &other).await, Ok(Updated::Done(_))), "another field");
    let kept = desk.office.smart_connect.raw_row(URLS, 1).unwrap();
    assert!(kept.contains("https://theirs"), "theirs is still there: {kept}");
}

#[tokio::test]
async fn a_service_that_stops_in_the_middle_leaves_no_doubt_unsaid_and_nothing_is_sent_twice() {
    for (stop, is_done) in [(Stop::BeforeDoing, false), (Stop::AfterDoing, true)] {
        let (desk, id) = desk().await;
        let service = &desk.office.smart_connect;
        let rows = service.raw_row(URLS, 1);
        service.stop_after_writes(1, stop);
        let unknown =
            failure(desk.console.records_update(&id, URLS, "1", &change("{\"URL\":\"https://x\"}", None)).await);
        assert_eq!((unknown.code(), unknown.why().reason), (Code::UnknownOutcome, Reason::OutcomeUnknown), "{stop:?}");
        let offline =
            failure(desk.console.records_update(&id, URLS, "1", &change("{\"URL\":\"https://y\"}", None)).await);
        assert_eq!(offline.code(), Code::Offline, "its row cannot be read, so nothing is written");
        service.go_on();
        assert_eq!(writes(&desk).len(), 1, "{stop:?}");
        assert_eq!(service.raw_row(URLS, 1) != rows, is_done, "{stop:?}");
    }
}
