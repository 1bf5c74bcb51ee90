//! Signing in, being signed out, and the test of a connection.

use std::time::Duration;

use model::connection::Check;
use model::failure::Code;
use model::{Failure, Reason};
use wiremock::ResponseTemplate;
use wiremock::matchers::{header, path};

use crate::desk::{Desk, json, open, query, trouble};

const PEOPLE: &str = "restapi/v1.0/account/~/extension";
const NOBODY: &str = r#"{"records":[],"paging":{"perPage":1000}}"#;

async fn people(desk: &Desk) -> Result<usize, Failure> {
    desk.session.people.as_ref().unwrap().people().await.map(|people| people.len())
}

#[tokio::test]
async fn a_public_application_names_itself_in_the_form() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
    assert_eq!(people(&desk).await, Ok(0));
    let all = desk.server.received_requests().await.unwrap();
    let form = String::from_utf8(all[0].body.clone()).unwrap();
    assert_eq!(form, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=j.w.t&client_id=app");
    assert_eq!(all[0].headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!all[0].headers.contains_key("authorization"));
    assert_eq!(all[1].headers["authorization"], "Bearer t1");
}

#[tokio::test]
async fn a_confidential_application_signs_in_with_its_secret() {
    let desk = Desk::locked().await;
    let secrets = [("jwt", "j.w.t"), ("client-secret", "hush")];
    let (session, _) = open(&desk.server.uri(), &secrets, &[("client-id", "app")]).unwrap();
    let basic = wiremock::Mock::given(path("/restapi/oauth/token")).and(header("authorization", "Basic YXBwOmh1c2g="));
    basic.respond_with(json(200, r#"{"access_token":"t1","expires_in":3600}"#)).mount(&desk.server).await;
    desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
    assert!(session.people.unwrap().people().await.is_ok());
    let form = String::from_utf8(desk.server.received_requests().await.unwrap()[0].body.clone()).unwrap();
    assert!(!form.contains("client_id") && !form.contains("hush"), "the secret goes into the header alone");
}

#[tokio::test]
async fn many_questions_at_once_sign_in_once() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
    let (a, b, c) = tokio::join!(people(&desk), people(&desk), people(&desk));
    assert_eq!((a, b, c), (Ok(0), Ok(0), Ok(0)));
    assert_eq!(desk.sign_ins().await, 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
    people(&desk).await.unwrap();
    desk.hands.forward(Duration::from_secs(3_500));
    people(&desk).await.unwrap();
    assert_eq!(desk.sign_ins().await, 1);
    desk.hands.forward(Duration::from_secs(41));
    people(&desk).await.unwrap();
    assert_eq!(desk.sign_ins().await, 2, "within the last minute another one is fetched");
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_renewed_without_a_word() {
    for code in ["OAU-128", "OAU-149", "OAU-213", "CMN-405"] {
        let desk = Desk::locked().await;
        desk.gives_once("POST", "restapi/oauth/token", json(200, r#"{"access_token":"t1","expires_in":3600}"#)).await;
        desk.gives_once("POST", "restapi/oauth/token", json(200, r#"{"access_token":"t2","expires_in":3600}"#)).await;
        desk.gives_once("GET", PEOPLE, trouble(401, "TokenInvalid", code, "no")).await;
        desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
        assert_eq!(people(&desk).await, Ok(0), "{code}");
        let sent: Vec<_> = desk.asked().await.iter().map(|it| it.headers["authorization"].clone()).collect();
        assert_eq!(sent, ["Bearer t1", "Bearer t2", "Bearer t2"], "the last one asks for the directory");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_twice_signs_out() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, trouble(401, "TokenInvalid", "OAU-129", "corrupted")).await;
    let failure = people(&desk).await.unwrap_err();
    assert_eq!((failure.code(), failure.why().reason), (Code::SignedOut, Reason::TokenRefused));
    assert_eq!((desk.asked().await.len(), desk.sign_ins().await), (2, 2), "once more and no oftener");
}

#[tokio::test]
async fn a_credential_that_is_refused_signs_out_and_is_never_shown() {
    let check = async |status: u16, body: &str, code: Code, reason: Reason| {
        let desk = Desk::locked().await;
        desk.gives("POST", "restapi/oauth/token", json(status, body)).await;
        let failure = people(&desk).await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (code, reason), "{body}");
        assert!(!failure.to_string().contains("j.w.t"), "{failure}");
        assert!(desk.asked().await.is_empty());
    };
    let refused = r#"{"error":"invalid_grant","error_description":"j.w.t is no good"}"#;
    check(400, refused, Code::SignedOut, Reason::TokenRefused).await;
    let expired = r#"{"error":"invalid_grant","errors":[{"errorCode":"OAU-128","message":"Token is expired"}]}"#;
    check(400, expired, Code::SignedOut, Reason::TokenExpired).await;
    check(401, r#"{"error":"invalid_client"}"#, Code::SignedOut, Reason::TokenRefused).await;
    check(400, r#"{"error":"unsupported_grant_type"}"#, Code::Refused, Reason::SystemRefused).await;
    check(415, "", Code::Refused, Reason::SystemRefused).await;
    check(200, r#"{"token_type":"bearer"}"#, Code::Surprise, Reason::Unreadable).await;
    check(200, "<html></html>", Code::Surprise, Reason::HtmlInstead).await;
}

#[tokio::test]
async fn settings_and_secrets_that_are_missing_are_found_before_anything_is_sent() {
    let check = |url: &str, secrets: &[(&str, &str)], settings: &[(&str, &str)], code: Code, reason: Reason| {
        let failure = open(url, secrets, settings).err().unwrap();
        assert_eq!((failure.code(), failure.why().reason), (code, reason));
    };
    let (jwt, app) = ([("jwt", "j.w.t")], [("client-id", "app")]);
    let host = "https://platform.ringcentral.com";
    check(host, &[], &app, Code::SignedOut, Reason::SecretMissing);
    check(host, &jwt, &[("client-id", " ")], Code::Invalid, Reason::Missing);
    check("http://10.0.0.5", &jwt, &app, Code::Invalid, Reason::PlainHttp);
    check("platform", &jwt, &app, Code::Invalid, Reason::BadAddress);
}

async fn healthy() -> Desk {
    let desk = Desk::new().await;
    desk.gives("GET", "restapi", json(200, r#"{"apiVersions":[{"versionString":"1.0.57"}],"serverVersion":"26.3"}"#))
        .await;
    desk.gives("GET", "restapi/v1.0/account/~/extension/~", json(200, r#"{"id":1,"name":"Anne Green"}"#)).await;
    desk.gives("GET", PEOPLE, json(200, r#"{"records":[],"paging":{"perPage":1,"totalElements":12}}"#)).await;
    desk.gives("GET", "team-messaging/v1/recent/chats", json(200, r#"{"records":[]}"#)).await;
    desk.gives(
        "POST",
        "restapi/oauth/wstoken",
        json(200, r#"{"uri":"wss://ws/","ws_access_token":"w","expires_in":30}"#),
    )
    .await;
    desk
}

#[tokio::test]
async fn a_connection_is_tested_step_by_step() {
    let desk = healthy().await;
    let refused = trouble(403, "InsufficientPermissions", "CMN-408", "[ReadCompanyCallLog] permission");
    desk.gives("GET", "restapi/v1.0/account/~/call-log", refused).await;
    desk.gives("GET", "restapi/v1.0/account/~/extension/~/call-log", json(200, NOBODY)).await;
    let found = desk.session.check.check_up().await;
    assert_eq!(found.signed_in_as.as_deref(), Some("Anne Green"));
    let steps: Vec<_> =
        found.steps.iter().map(|step| (step.what, step.found.as_str(), step.problem.is_none())).collect();
    let expected = [
        (Check::Reached, "26.3", true),
        (Check::SignedIn, "Anne Green", true),
        (Check::ReadCalls, "", true),
        (Check::ReadPeople, "12", true),
        (Check::SendMessages, "", true),
        (Check::LiveCalls, "", true),
    ];
    assert_eq!(steps, expected, "the own log is enough");
}

#[tokio::test]
async fn a_test_tells_which_permission_is_missing() {
    let desk = healthy().await;
    let refused = || trouble(403, "InsufficientPermissions", "CMN-401", "needs [ReadCallLog]");
    desk.gives("GET", "restapi/v1.0/account/~/call-log", refused()).await;
    desk.gives("GET", "restapi/v1.0/account/~/extension/~/call-log", refused()).await;
    let found = desk.session.check.check_up().await;
    let problem = found.steps[2].problem.as_ref().unwrap();
    assert_eq!((problem.reason, problem.words.as_str()), (Reason::NoPermission, "CMN-401 needs [ReadCallLog]"));
    assert!(found.steps[3].problem.is_none(), "the other steps are tried all the same");
}

#[tokio::test]
async fn another_kind_of_server_is_recognised() {
    for answer in [
        ResponseTemplate::new(404),
        json(200, r#"{"ok":true}"#),
        json(200, r#"{"apiVersions":[]}"#),
        ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html"),
    ] {
        let desk = Desk::new().await;
        desk.gives("GET", "restapi", answer).await;
        let found = desk.session.check.check_up().await;
        let problems: Vec<_> = found.steps.iter().map(|step| step.problem.as_ref().map(|it| it.reason)).collect();
        assert_eq!(problems, [Some(Reason::NotThisKind)]);
        assert_eq!(desk.sign_ins().await, 0, "no credential goes to a stranger");
    }
}

#[tokio::test]
async fn every_failure_is_sorted_by_what_happens_next() {
    let check = async |answer: ResponseTemplate, code: Code, reason: Reason, words: &str| {
        let desk = Desk::new().await;
        desk.gives("GET", PEOPLE, answer).await;
        let failure = people(&desk).await.unwrap_err();
        let why = failure.why();
        assert_eq!((failure.code(), why.reason), (code, reason), "{failure}");
        assert!(why.words.starts_with(words), "{failure}");
    };
    check(
        trouble(403, "InsufficientPermissions", "CMN-402", "admin"),
        Code::Refused,
        Reason::NoPermission,
        "CMN-402 admin",
    )
    .await;
    check(json(403, r#"{"errors":[{"errorCode":"ADG-100"}]}"#), Code::Refused, Reason::NoPermission, "ADG-100").await;
    check(trouble(404, "ResourceNotFound", "CMN-102", "none"), Code::Refused, Reason::NotFound, "CMN-102 none").await;
    check(trouble(400, "InvalidParameter", "CMN-101", "page"), Code::Refused, Reason::SystemRefused, "CMN-101 page")
        .await;
    check(trouble(503, "ServiceUnavailable", "CMN-201", "down"), Code::Offline, Reason::SystemFault, "CMN-201 down")
        .await;
    check(trouble(500, "InternalError", "CMN-203", "fault"), Code::Offline, Reason::SystemFault, "CMN-203 fault").await;
    check(json(200, r#"{"records":[{"#), Code::Surprise, Reason::Unreadable, "records[0]: ").await;
    check(json(200, r#"{"records":7}"#), Code::Surprise, Reason::Unreadable, "records: ").await;
    let page = ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html");
    check(page, Code::Surprise, Reason::HtmlInstead, "HTTP 200").await;
}

#[tokio::test]
async fn nothing_is_sent_within_a_penalty() {
    let desk = Desk::new().await;
    let limited = trouble(429, "TooManyRequests", "CMN-301", "rate").insert_header("retry-after", "60");
    desk.gives("GET", PEOPLE, limited.insert_header("x-rate-limit-group", "medium")).await;
    for _ in 0..2 {
        let Failure::SlowDown(wait, why) = people(&desk).await.unwrap_err() else { panic!("a limit") };
        assert_eq!((wait.as_secs_f64().ceil(), why.reason), (60.0, Reason::LimitReached));
    }
    assert_eq!(desk.asked().await.len(), 1, "a request in the penalty would begin it anew");
}

#[tokio::test]
async fn the_servers_count_is_heeded_in_both_spellings() {
    for name in ["x-rate-limit-remaining", "x-ratelimit-remaining"] {
        let desk = Desk::new().await;
        desk.gives("GET", PEOPLE, json(200, NOBODY).insert_header(name, "0")).await;
        let failure = people(&desk).await.unwrap_err();
        assert_eq!(
            (failure.code(), desk.asked().await.len()),
            (Code::SlowDown, 1),
            "{name}: the directory has to wait"
        );
        assert_eq!(query(&desk.asked().await[0], "perPage").as_deref(), Some("1000"));
    }
}
