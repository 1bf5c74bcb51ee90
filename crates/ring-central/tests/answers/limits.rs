//! Limits: what is left alone while a penalty runs, and what the vendor's codes mean.

use std::time::Duration;

use model::{Failure, Reason};
use wiremock::ResponseTemplate;

use crate::desk::{Desk, json, trouble};

const LOG: &str = "restapi/v1.0/account/~/call-log";
const PEOPLE: &str = "restapi/v1.0/account/~/extension";
const DIRECTORY: &str = "restapi/v1.0/account/~/directory/entries";
const NOBODY: &str = r#"{"records":[]}"#;

fn limited(code: &str, retry_after: Option<&str>) -> ResponseTemplate {
    let answer = trouble(429, "RequestRateExceeded", code, "Request rate exceeded");
    retry_after.map_or(answer.clone(), |seconds| answer.insert_header("retry-after", seconds))
}

async fn calls(desk: &Desk) -> Result<(), Failure> {
    desk.session.calls.as_ref().unwrap().step(None, None).await.map(drop)
}

async fn people(desk: &Desk) -> Result<(), Failure> {
    desk.session.people.as_ref().unwrap().people().await.map(drop)
}

#[tokio::test]
async fn while_a_penalty_runs_not_one_request_leaves_to_its_group_and_others_go_on() {
    for (retry_after, seconds) in [(Some("7"), 7), (None, 30)] {
        let desk = Desk::new().await;
        desk.gives("GET", LOG, limited("CMN-301", retry_after)).await;
        desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
        desk.gives("GET", DIRECTORY, json(200, NOBODY)).await;
        for _ in 0..3 {
            let Err(Failure::SlowDown(wait, why)) = calls(&desk).await else { panic!("it is limited") };
            assert_eq!(why.reason, Reason::LimitReached);
            assert!(wait <= Duration::from_secs(seconds) && wait > Duration::from_secs(seconds - 2), "{wait:?}");
        }
        assert_eq!(people(&desk).await, Ok(()), "another group is free");
        let asked = desk.asked().await;
        assert_eq!(asked.iter().filter(|it| it.url.path().ends_with("call-log")).count(), 1);
    }
}

#[tokio::test]
async fn a_limit_over_everything_shuts_every_group() {
    let desk = Desk::new().await;
    desk.gives("GET", LOG, limited("CMN-310", Some("9"))).await;
    desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
    assert!(matches!(calls(&desk).await, Err(Failure::SlowDown(..))));
    assert!(matches!(people(&desk).await, Err(Failure::SlowDown(..))));
    assert_eq!(desk.asked().await.len(), 1);
}

#[tokio::test]
async fn a_request_that_is_being_answered_already_is_no_penalty() {
    let desk = Desk::new().await;
    desk.gives("GET", LOG, limited("CMN-304", None)).await;
    let Err(Failure::SlowDown(wait, why)) = calls(&desk).await else { panic!("it is asked twice") };
    assert_eq!((wait, why.reason), (Duration::from_secs(2), Reason::AskedTwice));
}

#[tokio::test]
async fn headers_of_either_spelling_correct_the_pace() {
    for name in ["x-rate-limit", "x-ratelimit"] {
        let desk = Desk::new().await;
        let answer = json(200, NOBODY)
            .insert_header(format!("{name}-group"), "heavy")
            .insert_header(format!("{name}-limit"), "10")
            .insert_header(format!("{name}-remaining"), "0")
            .insert_header(format!("{name}-window"), "600");
        desk.gives("GET", LOG, answer).await;
        assert_eq!(calls(&desk).await, Ok(()));
        let Err(Failure::SlowDown(wait, _)) = calls(&desk).await else { panic!("{name}: nothing is left") };
        assert!(wait > Duration::from_secs(590), "{wait:?}");
        assert_eq!(desk.asked().await.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn the_directorys_own_codes_are_told_in_its_words() {
    for (status, code, expected) in [
        (403, "ADG-101", Reason::NoPermission),
        (404, "ADG-107", Reason::NotFound),
        (400, "ADG-121", Reason::SystemRefused),
    ] {
        let desk = Desk::new().await;
        desk.gives("GET", PEOPLE, trouble(403, "InsufficientPermissions", "CMN-401", "no")).await;
        let body = format!(r#"{{"errors":[{{"errorCode":"{code}","message":"directory says no"}}]}}"#);
        desk.gives("GET", DIRECTORY, json(status, body)).await;
        let refused = desk.session.presences.as_ref().unwrap();
        desk.gives("GET", "restapi/v1.0/account/~/presence", json(status, format!(r#"{{"errorCode":"{code}"}}"#)))
            .await;
        let failure = refused.presences().await.unwrap_err();
        assert_eq!((failure.why().reason, failure.why().words.as_str()), (expected, code));
    }
}
