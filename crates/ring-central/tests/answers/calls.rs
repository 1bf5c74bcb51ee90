//! The call log in steps: the first fill, the sync after it, and everything that may come between.

use std::time::Duration;

use model::call::Outcome;
use model::connection::Limitation;
use model::failure::Code;
use model::ports::CallStep;
use model::{Failure, Time};
use wiremock::ResponseTemplate;

use crate::desk::{Desk, json, query, trouble};

const LOG: &str = "restapi/v1.0/account/~/call-log";
const SYNC: &str = "restapi/v1.0/account/~/call-log-sync";
const OWN_LOG: &str = "restapi/v1.0/account/~/extension/~/call-log";
const OWN_SYNC: &str = "restapi/v1.0/account/~/extension/~/call-log-sync";
const DETAILED: &str = include_str!("../fixtures/detailed.json");

fn record(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","sessionId":"1","startTime":"2026-10-14T01:00:00Z","direction":"Inbound","result":"Missed"}}"#
    )
}

/// A page with a link whose host must not be followed.
fn page(records: &[String], next: Option<u32>) -> ResponseTemplate {
    let next = next.map_or(String::new(), |page| {
        format!(r#""nextPage":{{"uri":"https://elsewhere.example/restapi/v1.0/account/1/call-log?view=Detailed&direction=Inbound&direction=Outbound&page={page}&perPage=100"}}"#)
    });
    json(
        200,
        format!(
            r#"{{"uri":"x","records":[{}],"paging":{{"perPage":100}},"navigation":{{{next}}}}}"#,
            records.join(",")
        ),
    )
}

fn synced(records: &[String], token: &str) -> ResponseTemplate {
    json(
        200,
        format!(r#"{{"records":[{}],"syncInfo":{{"syncType":"ISync","syncToken":"{token}"}}}}"#, records.join(",")),
    )
}

async fn step(desk: &Desk, cursor: Option<&str>) -> Result<CallStep, Failure> {
    desk.session.calls.as_ref().unwrap().step(cursor, None).await
}

/// Steps to the end.
async fn walk(desk: &Desk, mut cursor: Option<String>) -> Vec<CallStep> {
    let mut steps = Vec::new();
    loop {
        let next = step(desk, cursor.as_deref()).await.unwrap();
        cursor = Some(next.cursor.clone());
        let goes_on = next.has_more;
        steps.push(next);
        if !goes_on {
            return steps;
        }
    }
}

fn ids(steps: &[CallStep]) -> Vec<&str> {
    steps.iter().flat_map(|step| &step.calls).map(|call| call.external_id.as_str()).collect()
}

fn record_at(id: &str, at: &str) -> String {
    record(id).replace("2026-10-14T01:00:00Z", at)
}

#[tokio::test]
async fn a_first_fill_goes_back_from_a_fixed_end_that_comes_closer_and_then_takes_a_token() {
    let desk = Desk::new().await;
    let first = [record_at("a", "2026-10-14T00:30:00Z"), record_at("b", "2026-10-13T00:10:00Z")];
    desk.gives_once("GET", LOG, page(&first, Some(2))).await;
    desk.gives("GET", LOG, page(&[record_at("b", "2026-10-13T00:10:00Z"), DETAILED.to_owned()], None)).await;
    desk.gives_once("GET", SYNC, synced(&[record("d")], "s1")).await;
    desk.gives("GET", SYNC, synced(&[], "s2")).await;
    let steps = walk(&desk, None).await;
    assert_eq!(ids(&steps), ["a", "b", "b", "abcdef0123456789", "d"]);
    assert_eq!(steps[1].calls[1].outcome, Outcome::Missed);
    let asked = desk.asked().await;
    let of = |index: usize, key: &str| query(&asked[index], key);
    assert_eq!(of(0, "view").as_deref(), Some("Detailed"));
    assert_eq!(of(0, "perPage").as_deref(), Some("250"));
    assert_eq!(of(0, "dateTo").as_deref(), Some("2026-10-14T02:00:00.000Z"));
    assert_eq!(of(0, "dateFrom").as_deref(), Some("2024-10-13T02:00:00.000Z"));
    assert_eq!(of(1, "dateTo").as_deref(), Some("2026-10-13T00:10:01.000Z"), "the second itself is read again");
    assert_eq!(of(1, "dateFrom"), of(0, "dateFrom"));
    assert_eq!(of(1, "page"), None, "a page would shift as soon as a call is deleted");
    assert_eq!((of(2, "syncType").as_deref(), of(2, "recordCount").as_deref()), (Some("FSync"), Some("250")));
    assert_eq!(of(2, "dateFrom").as_deref(), Some("2026-10-13T20:00:00.000Z"));
    let later = walk(&desk, Some(steps[2].cursor.clone())).await;
    assert_eq!((ids(&later).len(), later.len()), (0, 1), "nothing new costs one request");
    let asked = desk.asked().await;
    assert_eq!(
        (query(&asked[3], "syncType").as_deref(), query(&asked[3], "syncToken").as_deref()),
        (Some("ISync"), Some("s1"))
    );
    let last = walk(&desk, Some(later[0].cursor.clone())).await;
    assert_eq!(last.len(), 1);
    assert_eq!(query(&desk.asked().await[4], "syncToken").as_deref(), Some("s2"));
}

#[tokio::test]
async fn where_a_whole_page_began_in_one_second_its_link_is_followed_at_our_host() {
    let desk = Desk::new().await;
    desk.gives_once("GET", LOG, page(&[record("a")], Some(2))).await;
    desk.gives_once("GET", LOG, page(&[record("b")], Some(2))).await;
    desk.gives("GET", LOG, page(&[record("c")], None)).await;
    desk.gives("GET", SYNC, synced(&[], "s1")).await;
    let steps = walk(&desk, None).await;
    assert_eq!(ids(&steps), ["a", "b", "c"]);
    let asked = desk.asked().await;
    let second = "view=Detailed&direction=Inbound&direction=Outbound&page=2&perPage=100";
    assert_eq!(asked[2].url.query(), Some(second), "the query of the link, every key of it");
}

#[tokio::test]
async fn a_fill_tells_how_far_it_is_and_how_long_the_limit_makes_it_take() {
    let desk = Desk::new().await;
    let half = [record_at("a", "2026-10-14T01:59:00Z"), record_at("b", "2026-10-09T02:00:00Z")];
    desk.gives("GET", LOG, page(&half, Some(2))).await;
    let since = Time::parse("2026-10-04T02:00:00Z").unwrap();
    let first = desk.session.calls.as_ref().unwrap().step(None, Some(since)).await.unwrap();
    let fill = first.fill.unwrap();
    assert_eq!(fill.permille, 500);
    assert_eq!(fill.left, Some(Duration::from_secs(6)), "one page more, of ten a minute");
    desk.gives("GET", SYNC, synced(&[], "s1")).await;
    assert_eq!(step(&desk, Some(FOLLOW)).await.unwrap().fill, None, "a sync is no fill");
}

#[tokio::test]
async fn where_the_usual_sync_is_not_offered_the_other_one_is_used_from_then_on() {
    const EXTRACT: &str = "restapi/v1.0/account/~/call-log-extract-sync";
    let more = |id: &str, token: &str, is_more: bool| {
        json(
            200,
            format!(
                r#"{{"records":[{}],"syncInfo":{{"syncToken":"{token}","newerRecordsExist":{is_more}}}}}"#,
                record(id)
            ),
        )
    };
    let desk = Desk::new().await;
    desk.gives("GET", LOG, page(&[record("a")], None)).await;
    desk.gives("GET", SYNC, trouble(404, "ResourceNotFound", "CMN-120", "Invalid URI")).await;
    desk.gives_once("GET", EXTRACT, more("b", "e1", true)).await;
    desk.gives_once("GET", EXTRACT, more("c", "e2", false)).await;
    desk.gives("GET", EXTRACT, more("d", "e3", false)).await;
    let steps = walk(&desk, None).await;
    assert_eq!(ids(&steps), ["a", "b", "c"]);
    let later = walk(&desk, Some(steps.last().unwrap().cursor.clone())).await;
    assert_eq!(ids(&later), ["d"]);
    let asked: Vec<_> =
        desk.asked().await.iter().map(|it| (it.url.path()[1..].to_owned(), query(it, "syncToken"))).collect();
    let token = |it: &str| Some(it.to_owned());
    assert_eq!(asked[1], (SYNC.to_owned(), None));
    assert_eq!(asked[3], (EXTRACT.to_owned(), token("e1")));
    assert_eq!(asked[4], (EXTRACT.to_owned(), token("e2")), "the other one is not tried again");
}

#[tokio::test]
async fn the_company_log_is_tried_again_once_in_each_session_and_read_whole_when_it_is_permitted() {
    let desk = Desk::new().await;
    let own = FOLLOW.replace("company", "own");
    desk.gives_once("GET", LOG, trouble(403, "InsufficientPermissions", "CMN-408", "no")).await;
    desk.gives("GET", OWN_SYNC, synced(&[], "s1")).await;
    let refused = step(&desk, Some(&own)).await.unwrap();
    assert_eq!(refused.limitation, Some(Limitation::OwnCallsOnly), "it says so");
    let refused = step(&desk, Some(&refused.cursor)).await.unwrap();
    assert_eq!(desk.asked().await.len(), 3, "once");
    let (session, _) = crate::desk::open(&desk.server.uri(), &[("jwt", "j.w.t")], &[("client-id", "app")]).unwrap();
    desk.gives("GET", LOG, page(&[record("a")], None)).await;
    let permitted = session.calls.unwrap().step(Some(&refused.cursor), None).await.unwrap();
    assert_eq!((permitted.limitation, ids(std::slice::from_ref(&permitted))), (None, vec!["a"]));
    let asked = desk.asked().await;
    assert_eq!(query(asked.last().unwrap(), "dateFrom").as_deref(), Some("2024-10-13T02:00:00.000Z"), "all of it");
}

#[tokio::test]
async fn a_first_fill_goes_no_further_back_than_asked() {
    let desk = Desk::new().await;
    desk.gives("GET", LOG, page(&[], None)).await;
    let since = Time::parse("2026-10-01T00:00:00+09:00").unwrap();
    desk.session.calls.as_ref().unwrap().step(None, Some(since)).await.unwrap();
    assert_eq!(query(&desk.asked().await[0], "dateFrom").as_deref(), Some("2026-09-30T15:00:00.000Z"));
}

#[tokio::test]
async fn without_the_permission_for_the_companys_log_the_own_one_is_read_from_then_on() {
    for code in ["CMN-408", "CMN-401"] {
        let desk = Desk::new().await;
        desk.gives("GET", LOG, trouble(403, "InsufficientPermissions", code, "no")).await;
        desk.gives("GET", OWN_LOG, page(&[record("a")], None)).await;
        desk.gives("GET", OWN_SYNC, synced(&[], "s1")).await;
        let steps = walk(&desk, None).await;
        assert_eq!(ids(&steps), ["a"]);
        walk(&desk, Some(steps.last().unwrap().cursor.clone())).await;
        let asked: Vec<_> = desk.asked().await.iter().map(|it| it.url.path()[1..].to_owned()).collect();
        assert_eq!(asked, [LOG, OWN_LOG, OWN_SYNC, OWN_SYNC], "{code}: the cursor remembers whose log it is");
    }
}

#[tokio::test]
async fn without_any_permission_it_is_refused() {
    let desk = Desk::new().await;
    desk.gives("GET", LOG, trouble(403, "InsufficientPermissions", "CMN-401", "no")).await;
    desk.gives("GET", OWN_LOG, trouble(403, "InsufficientPermissions", "CMN-401", "no")).await;
    assert_eq!(step(&desk, None).await.unwrap_err().code(), Code::Refused);
}

const FOLLOW: &str = r#"{"scope":"company","covered":"2026-10-14T01:30:00Z","phase":{"follow":{"token":"old"}}}"#;

#[tokio::test]
async fn a_token_that_is_over_begins_a_new_sync() {
    let full = "[max sync record number limit is exceeded]";
    for (code, words) in [("CLG-101", "x"), ("CLG-103", "x"), ("CLG-105", "x"), ("CMN-101", full)] {
        let desk = Desk::new().await;
        desk.gives_once("GET", SYNC, trouble(400, "InvalidParameter", code, words)).await;
        desk.gives("GET", SYNC, synced(&[record("a")], "new")).await;
        let steps = walk(&desk, Some(FOLLOW.into())).await;
        assert_eq!(ids(&steps), ["a"], "{code}");
        let asked = desk.asked().await;
        assert_eq!(query(&asked[1], "syncType").as_deref(), Some("FSync"));
        assert_eq!(query(&asked[1], "dateFrom").as_deref(), Some("2026-10-13T19:30:00.000Z"));
    }
}

#[tokio::test]
async fn other_refusals_of_a_sync_are_told() {
    let desk = Desk::new().await;
    desk.gives("GET", SYNC, trouble(400, "InvalidParameter", "CMN-101", "syncType")).await;
    assert_eq!(step(&desk, Some(FOLLOW)).await.unwrap_err().code(), Code::Refused);
    assert_eq!(desk.asked().await.len(), 1);
}

#[tokio::test]
async fn calls_that_were_deleted_are_gone() {
    let desk = Desk::new().await;
    let gone = r#"{"id":"a","deleted":true}"#.to_owned();
    desk.gives("GET", SYNC, synced(&[gone, record("b")], "s2")).await;
    let step = step(&desk, Some(FOLLOW)).await.unwrap();
    assert_eq!((step.gone.as_slice(), ids(std::slice::from_ref(&step))), (&["a".to_owned()][..], vec!["b"]));
    assert_eq!(query(&desk.asked().await[0], "showDeleted").as_deref(), Some("true"));
}

#[tokio::test]
async fn a_sync_that_may_have_left_something_out_is_followed_by_pages() {
    let desk = Desk::new().await;
    let many: Vec<_> = (0..250).map(|id| record(&id.to_string())).collect();
    desk.gives_once("GET", SYNC, synced(&many, "s2")).await;
    desk.gives("GET", LOG, page(&[record("older")], None)).await;
    desk.gives("GET", SYNC, synced(&[], "s3")).await;
    let steps = walk(&desk, Some(FOLLOW.into())).await;
    assert_eq!(ids(&steps).len(), 251);
    let asked = desk.asked().await;
    assert_eq!(query(&asked[1], "dateFrom").as_deref(), Some("2026-10-13T19:30:00.000Z"));
    assert_eq!(query(&asked[2], "syncType").as_deref(), Some("FSync"));
}

#[tokio::test]
async fn after_more_than_a_month_pages_are_read_instead() {
    let desk = Desk::new().await;
    desk.gives_once("GET", SYNC, trouble(400, "InvalidParameter", "CLG-104", "expired")).await;
    desk.gives("GET", LOG, page(&[record("a")], None)).await;
    desk.gives("GET", SYNC, synced(&[], "s2")).await;
    desk.hands.forward(Duration::from_secs(40 * 24 * 3_600));
    let steps = walk(&desk, Some(FOLLOW.into())).await;
    assert_eq!(ids(&steps), ["a"]);
    let asked = desk.asked().await;
    assert_eq!(query(&asked[1], "dateFrom").as_deref(), Some("2026-10-13T19:30:00.000Z"), "from where it stopped");
}

#[tokio::test]
async fn odd_pages_end_the_walk_and_odd_records_are_kept() {
    for body in [
        r#"{"records":[{"id":"a"},7,{"noId":true}]}"#,
        r#"{"records":[{"id":"a"},7,{"noId":true}],"navigation":{"nextPage":null},"paging":{"perPage":100}}"#,
        r#"{"records":[{"id":"a"},7,{"noId":true}],"navigation":{"nextPage":{"uri":""}}}"#,
    ] {
        let desk = Desk::new().await;
        desk.gives("GET", LOG, json(200, body)).await;
        desk.gives("GET", SYNC, json(200, r#"{"records":[]}"#)).await;
        let steps = walk(&desk, None).await;
        assert_eq!((steps.len(), ids(&steps).len()), (2, 3), "{body}");
        assert_eq!(steps[0].not_understood, 3, "none of them says when it began");
        assert_eq!(steps[0].calls[1].raw.0, "7");
    }
}

#[tokio::test]
async fn a_link_that_leads_nowhere_new_ends_the_walk() {
    let desk = Desk::new().await;
    desk.gives("GET", LOG, page(&[record("a")], Some(2))).await;
    desk.gives("GET", SYNC, synced(&[], "s1")).await;
    assert_eq!(walk(&desk, None).await.len(), 4, "from its end, from there, by its link, and the token");
}

#[tokio::test]
async fn a_cursor_that_cannot_be_read_begins_anew() {
    let desk = Desk::new().await;
    desk.gives("GET", LOG, page(&[record("a")], None)).await;
    let step = step(&desk, Some("{}")).await.unwrap();
    assert_eq!((ids(std::slice::from_ref(&step)), step.has_more), (vec!["a"], true));
}
