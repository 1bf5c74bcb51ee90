//! The rate limits and the ways in which they are told.

use super::super::Spelling;
use super::*;
use std::time::Duration;

#[tokio::test]
async fn real_limits_refuse_the_eleventh_heavy_request_and_start_the_penalty_again() {
    let desk = Desk::open().await;
    desk.state.set_limits(true);
    for left in (0..10).rev() {
        let answer = desk.ask(Method::GET, LOG, None).await;
        assert_eq!(answer.headers()["x-rate-limit-remaining"], left.to_string().as_str());
        assert_eq!(
            (&answer.headers()["x-rate-limit-group"], &answer.headers()["x-rate-limit-window"]),
            (&"heavy".parse().unwrap(), &"60".parse().unwrap())
        );
    }
    let active = "/restapi/v1.0/account/~/active-calls";
    let answer = desk.ask(Method::GET, active, None).await;
    assert_eq!(answer.headers()["retry-after"], "60");
    assert_eq!(read_refusal(answer).await, refusal(429, "CMN-301"));
    desk.wait(59);
    assert_eq!(desk.refused(active).await, refusal(429, "CMN-301"));
    desk.wait(59);
    assert_eq!(desk.refused(active).await, refusal(429, "CMN-301"), "the penalty started again");
    desk.wait(60);
    desk.get(active).await;
}

#[tokio::test]
async fn a_group_can_have_a_limit_of_its_own() {
    let desk = Desk::open().await;
    desk.state.set_limit(Group::Light, 1);
    let chats = "/team-messaging/v1/recent/chats";
    desk.get(chats).await;
    assert_eq!(desk.refused(chats).await, refusal(429, "CMN-301"));
}

#[tokio::test]
async fn requests_that_come_while_a_penalty_runs_are_counted() {
    let desk = Desk::open().await;
    desk.state.set_limit(Group::Heavy, 1);
    desk.get(LOG).await;
    assert_eq!(desk.refused(LOG).await, refusal(429, "CMN-301"));
    assert_eq!(desk.state.requests_in_penalty(), 0, "the one that starts the penalty is not in it");
    assert_eq!(desk.refused(LOG).await, refusal(429, "CMN-301"));
    desk.get("/restapi/v1.0/account/~/extension/~").await;
    assert_eq!(desk.state.requests_in_penalty(), 1, "another group is not meant");
}

#[tokio::test]
async fn the_window_can_be_shorter_than_a_second() {
    let desk = Desk::open().await;
    desk.state.set_window(Duration::from_millis(250));
    desk.state.set_limit(Group::Heavy, 1);
    desk.get(LOG).await;
    let answer = desk.ask(Method::GET, LOG, None).await;
    assert_eq!(
        (&answer.headers()["x-rate-limit-window"], &answer.headers()["retry-after"]),
        (&"0.25".parse().unwrap(), &"1".parse().unwrap())
    );
    *desk.now.lock().unwrap() += TimeDelta::milliseconds(250);
    desk.get(LOG).await;
    desk.state.set_window(Duration::from_millis(2_500));
    let answer = desk.ask(Method::GET, LOG, None).await;
    assert_eq!(answer.headers()["x-rate-limit-window"], "2", "whole seconds from one second on");
}

#[tokio::test]
async fn the_headers_of_a_limit_can_be_spelled_otherwise_or_be_missing() {
    let desk = Desk::open().await;
    desk.state.set_limit(Group::Heavy, 1);
    desk.state.set_limit_headers(Spelling::Joined);
    let answer = desk.ask(Method::GET, LOG, None).await;
    assert_eq!(
        (&answer.headers()["x-ratelimit-group"], &answer.headers()["x-ratelimit-remaining"]),
        (&"heavy".parse().unwrap(), &"0".parse().unwrap())
    );
    assert!(!answer.headers().contains_key("x-rate-limit-group"));
    desk.state.set_limit_headers(Spelling::None);
    desk.state.set_retry_after(false);
    let answer = desk.ask(Method::GET, LOG, None).await;
    assert!(!answer.headers().keys().any(|it| it.as_str().contains("limit") || it == "retry-after"));
    assert_eq!(read_refusal(answer).await, refusal(429, "CMN-301"));
}

#[tokio::test]
async fn the_same_request_beside_one_that_is_being_answered_can_be_refused() {
    let desk = Desk::open().await;
    desk.state.set_duplicates_refused(true);
    let (one, other) = tokio::join!(desk.ask(Method::GET, LOG, None), desk.ask(Method::GET, LOG, None));
    let (fine, refused) = if one.status() == StatusCode::OK { (one, other) } else { (other, one) };
    assert_eq!(fine.status(), StatusCode::OK);
    assert_eq!(read_refusal(refused).await, refusal(429, "CMN-304"));
    let different = format!("{LOG}?perPage=2");
    let (one, other) = tokio::join!(desk.ask(Method::GET, LOG, None), desk.ask(Method::GET, &different, None));
    assert_eq!((one.status(), other.status()), (StatusCode::OK, StatusCode::OK));
}
