//! Signing in with the vendor's page in the browser.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::connection::Connection;
use model::failure::Code;
use model::ports::{BrowserSignIn, KeepsNothing, Opening, System};
use model::{Clock, ConnectionId, Failure, Reason, Secret, SystemId, Time};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};
use wiremock::ResponseTemplate;

use crate::desk::{Desk, json};

const TOKEN: &str = "restapi/oauth/token";
const REVOKE: &str = "restapi/oauth/revoke";
const HOST: &str = "https://platform.ringcentral.com";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Time {
        Time::parse("2026-10-14T03:00:00Z").unwrap()
    }
}

fn begin(url: &str, settings: &[(&str, &str)], secrets: &[(&str, &str)]) -> Result<Box<dyn BrowserSignIn>, Failure> {
    let connection = Connection {
        id: ConnectionId::from("c1"),
        name: "telephones".into(),
        system: SystemId::from("ring-central"),
        url: url.to_owned(),
        settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        allow_http: false,
    };
    let secrets = secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(value))).collect();
    let opening = Opening { connection, secrets, clock: Arc::new(Noon), keeper: Arc::new(KeepsNothing) };
    ring_central::RingCentral.sign_in(opening)
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn page(sign_in: &dyn BrowserSignIn) -> BTreeMap<String, String> {
    pairs(Url::parse(&sign_in.page()).unwrap().query().unwrap())
}

/// A server, a sign-in with it, and the query with which the browser comes back from it.
async fn started(secrets: &[(&str, &str)]) -> (Desk, Box<dyn BrowserSignIn>, String) {
    let desk = Desk::locked().await;
    let sign_in = begin(&desk.server.uri(), &[("client-id", "app")], secrets).unwrap();
    let back = format!("?code=c%2B1&state={}&expires_in=60", page(&*sign_in)["state"]);
    (desk, sign_in, back)
}

async fn sent(desk: &Desk) -> Vec<wiremock::Request> {
    desk.server.received_requests().await.unwrap()
}

#[test]
fn the_page_asks_for_a_code_with_a_proof_of_who_asked() {
    let sign_in = begin(&format!("{HOST}/"), &[("client-id", " a&b ")], &[]).unwrap();
    assert!(sign_in.page().starts_with(&format!("{HOST}/restapi/oauth/authorize?response_type=code&")));
    let page = page(&*sign_in);
    assert_eq!(page["client_id"], "a&b");
    assert_eq!(page["redirect_uri"], "http://127.0.0.1:47821/signed-in");
    assert_eq!(page["code_challenge_method"], "S256");
    assert_eq!(URL_SAFE_NO_PAD.decode(&page["code_challenge"]).unwrap().len(), 32);
    assert_eq!(URL_SAFE_NO_PAD.decode(&page["state"]).unwrap().len(), 32, "256 bits");
    assert_eq!(page.len(), 6);
}

#[test]
fn no_two_sign_ins_are_alike() {
    let (a, b) = (begin(HOST, &[("client-id", "a")], &[]).unwrap(), begin(HOST, &[("client-id", "a")], &[]).unwrap());
    let (a, b) = (page(&*a), page(&*b));
    assert!(a["state"] != b["state"] && a["code_challenge"] != b["code_challenge"]);
}

#[test]
fn where_the_browser_comes_back_to_can_be_chosen_on_this_computer() {
    let check = |address: &str, expected: Result<&str, Reason>| {
        let outcome = begin(HOST, &[("client-id", "app"), ("redirect-uri", address)], &[]);
        let found = outcome.map(|it| (it.comes_back_to(), page(&*it)["redirect_uri"].clone()));
        let expected = expected.map(|it| (it.to_owned(), it.to_owned()));
        assert_eq!(found.map_err(|failure| failure.why().reason), expected, "{address}");
    };
    check(" http://localhost:9000/back ", Ok("http://localhost:9000/back"));
    check("http://[::1]:9000", Ok("http://[::1]:9000"));
    check("", Ok("http://127.0.0.1:47821/signed-in"));
    check("http://10.0.0.5:9000/back", Err(Reason::NotUsable));
    check("https://localhost:9000/back", Err(Reason::NotUsable));
    check("http://localhost/back", Err(Reason::NotUsable));
}

#[test]
fn a_sign_in_without_an_application_is_found_before_anything_is_sent() {
    let failure = begin(HOST, &[], &[]).err().unwrap();
    assert_eq!((failure.code(), failure.why().words.as_str()), (Code::Invalid, "client-id"));
}

#[tokio::test]
async fn a_code_is_exchanged_with_its_proof_for_a_refresh_token() {
    let (desk, sign_in, back) = started(&[]).await;
    let body = r#"{"access_token":"t1","token_type":"bearer","expires_in":3600,"refresh_token":"r1","scope":"x"}"#;
    desk.gives("POST", TOKEN, json(200, body)).await;
    let secrets = sign_in.finish(&back).await.unwrap();
    let found: Vec<_> = secrets.iter().map(|(key, secret)| (key.as_str(), secret.reveal())).collect();
    assert_eq!(found, [("refresh-token", "r1")]);
    let all = sent(&desk).await;
    assert_eq!(all[0].headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!all[0].headers.contains_key("authorization"));
    let form = pairs(std::str::from_utf8(&all[0].body).unwrap());
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!((form["code"].as_str(), form["client_id"].as_str()), ("c+1", "app"));
    assert_eq!(form["redirect_uri"], sign_in.comes_back_to());
    assert!((43..=128).contains(&form["code_verifier"].len()), "RFC 7636, 4.1");
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    assert_eq!(hash, page(&*sign_in)["code_challenge"], "the page showed its hash and not the proof");
    assert_eq!(form.len(), 5);
}

#[tokio::test]
async fn a_confidential_application_exchanges_with_its_secret_in_the_header() {
    let (desk, sign_in, back) = started(&[("client-secret", "hush")]).await;
    desk.gives("POST", TOKEN, json(200, r#"{"access_token":"t1","refresh_token":"r1"}"#)).await;
    sign_in.finish(&back).await.unwrap();
    let all = sent(&desk).await;
    assert_eq!(all[0].headers["authorization"], "Basic YXBwOmh1c2g=");
    let form = pairs(std::str::from_utf8(&all[0].body).unwrap());
    assert!(form.contains_key("code_verifier") && !form.contains_key("client_id"), "{form:?}");
    assert!(!sign_in.page().contains("hush"));
}

#[tokio::test]
async fn an_answer_of_another_sign_in_is_not_taken_and_nothing_is_sent() {
    let (desk, sign_in, _) = started(&[]).await;
    for query in ["code=c1&state=another", "code=c1", "code=c1&state=", "", "?error=access_denied&state=another"] {
        let failure = sign_in.finish(query).await.err().unwrap();
        assert_eq!((failure.code(), failure.why().reason), (Code::Invalid, Reason::SignInMixedUp), "{query}");
    }
    assert!(sent(&desk).await.is_empty());
}

#[tokio::test]
async fn a_code_is_exchanged_once() {
    let (desk, sign_in, back) = started(&[]).await;
    desk.gives("POST", TOKEN, json(500, "")).await;
    let lost = sign_in.finish(&back).await.err().unwrap();
    assert_eq!((lost.code(), lost.why().reason), (Code::Offline, Reason::SignInCutShort), "{lost}");
    let again = sign_in.finish(&back).await.err().unwrap();
    assert_eq!(again.why().reason, Reason::SignInMixedUp);
    assert_eq!(sent(&desk).await.len(), 1);
}

#[tokio::test]
async fn a_person_who_says_no_is_heard() {
    let check = async |query: &str, reason: Reason, words: &str| {
        let (desk, sign_in, _) = started(&[]).await;
        let query = format!("{query}&state={}", page(&*sign_in)["state"]);
        let failure = sign_in.finish(&query).await.err().unwrap();
        assert_eq!((failure.code(), failure.why().reason), (Code::Refused, reason), "{query}");
        assert_eq!(failure.why().words, words);
        assert!(sent(&desk).await.is_empty());
    };
    check("error=access_denied&error_description=x", Reason::SignInDeclined, "").await;
    check("error=server_error&error_description=Try%0Alater", Reason::SystemRefused, "server_error Trylater").await;
}

#[tokio::test]
async fn what_the_exchange_answers_is_told_without_the_code() {
    let check = async |answer: ResponseTemplate, code: Code, reason: Reason| {
        let (desk, sign_in, back) = started(&[]).await;
        desk.gives("POST", TOKEN, answer).await;
        let failure = sign_in.finish(&back).await.err().unwrap();
        assert_eq!((failure.code(), failure.why().reason), (code, reason), "{failure}");
        assert!(!failure.to_string().contains("c+1"), "{failure}");
    };
    let refused = r#"{"error":"invalid_grant","error_description":"code c+1 is no good"}"#;
    check(json(400, refused), Code::Refused, Reason::SystemRefused).await;
    check(json(401, r#"{"error":"invalid_client"}"#), Code::Refused, Reason::SystemRefused).await;
    check(json(200, r#"{"token_type":"bearer"}"#), Code::Surprise, Reason::Unreadable).await;
    let page = ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html");
    check(page, Code::Surprise, Reason::HtmlInstead).await;
}

#[tokio::test]
async fn a_sign_in_without_a_refresh_token_says_what_to_switch_on_and_leaves_nothing_open() {
    for body in [r#"{"access_token":"t1","expires_in":3600}"#, r#"{"access_token":"t1","refresh_token":""}"#] {
        let (desk, sign_in, back) = started(&[]).await;
        desk.gives("POST", TOKEN, json(200, body)).await;
        desk.gives("POST", REVOKE, json(200, "")).await;
        let failure = sign_in.finish(&back).await.err().unwrap();
        assert_eq!((failure.code(), failure.why().reason), (Code::Refused, Reason::SignInNotLasting));
        let all = sent(&desk).await;
        assert_eq!(all[1].url.path(), "/restapi/oauth/revoke");
        assert_eq!(all[1].body, b"token=t1&client_id=app");
    }
}
