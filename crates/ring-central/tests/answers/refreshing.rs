//! A sign-in that came from the browser: renewed with a token that is good once, kept in time, and ended at the system.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use model::connection::Connection;
use model::failure::Code;
use model::ports::{Keeper, Opening, Session, System};
use model::{Clock, ConnectionId, Failure, Reason, Secret, SystemId, Time, Why};
use tokio::sync::Notify;
use wiremock::Request;

use crate::desk::{Desk, json, trouble};

const TOKEN: &str = "restapi/oauth/token";
const REVOKE: &str = "restapi/oauth/revoke";
const PEOPLE: &str = "restapi/v1.0/account/~/extension";
const NOBODY: &str = r#"{"records":[],"paging":{"perPage":1000}}"#;
const OVER: &str = r#"{"error":"invalid_grant","error_description":"r1 was used"}"#;

/// A keyring that writes down what it is given, refuses, or makes its caller wait.
#[derive(Default)]
struct Ring {
    kept: Mutex<Vec<String>>,
    found: Mutex<Option<String>>,
    is_closed: Mutex<bool>,
    asked: Mutex<usize>,
    was_asked: Notify,
    waits_for: Mutex<Option<Arc<Notify>>>,
}

#[async_trait]
impl Keeper for Ring {
    async fn keep(&self, key: &str, secret: &Secret) -> Result<(), Failure> {
        assert_eq!(key, "refresh-token");
        *self.asked.lock().unwrap() += 1;
        self.was_asked.notify_one();
        let wait = self.waits_for.lock().unwrap().take();
        if let Some(wait) = wait {
            wait.notified().await;
        }
        if *self.is_closed.lock().unwrap() {
            return Err(Failure::SignedOut(Why::new(Reason::KeyringClosed, "")));
        }
        self.kept.lock().unwrap().push(secret.reveal().to_owned());
        Ok(())
    }

    async fn kept(&self, key: &str) -> Result<Option<Secret>, Failure> {
        assert_eq!(key, "refresh-token");
        Ok(self.found.lock().unwrap().as_deref().map(Secret::new))
    }
}

struct Fixed(Mutex<Time>);

impl Clock for Fixed {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }
}

/// A desk at which somebody signed in with the browser before.
struct Signed {
    desk: Desk,
    session: Session,
    ring: Arc<Ring>,
    clock: Arc<Fixed>,
}

impl Signed {
    async fn with(secrets: &[(&str, &str)]) -> Self {
        let desk = Desk::locked().await;
        desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
        let ring = Arc::new(Ring::default());
        let clock = Arc::new(Fixed(Mutex::new(Time::parse("2026-10-14T02:00:00Z").unwrap())));
        let connection = Connection {
            id: ConnectionId::from("c1"),
            name: "telephones".into(),
            system: SystemId::from("ring-central"),
            url: desk.server.uri(),
            settings: BTreeMap::from([("client-id".to_owned(), "app".to_owned())]),
            allow_http: false,
        };
        let secrets = secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(value))).collect();
        let opening = Opening { connection, secrets, clock: clock.clone(), keeper: ring.clone() };
        let session = ring_central::RingCentral.open(opening).unwrap();
        Self { desk, session, ring, clock }
    }

    async fn new() -> Self {
        Self::with(&[("refresh-token", "r1")]).await
    }

    async fn grants(&self, access: &str, refresh: &str) {
        let body = format!(
            r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":3600,"refresh_token":"{refresh}","refresh_token_expires_in":604800}}"#
        );
        self.desk.gives_once("POST", TOKEN, json(200, body)).await;
    }

    async fn asks(&self) -> Result<usize, Failure> {
        self.session.people.as_ref().unwrap().people().await.map(|people| people.len())
    }

    async fn forms(&self, path: &str) -> Vec<String> {
        let all = self.desk.server.received_requests().await.unwrap();
        let here = all.iter().filter(|it| it.url.path().ends_with(path));
        here.map(|it| String::from_utf8(it.body.clone()).unwrap()).collect()
    }

    async fn bearers(&self) -> Vec<String> {
        let asked = self.desk.server.received_requests().await.unwrap();
        let bearer = |it: &Request| it.headers.get("authorization").map(|it| it.to_str().unwrap().to_owned());
        asked.iter().filter(|it| it.url.path().ends_with("/extension")).filter_map(bearer).collect()
    }

    fn forward(&self, seconds: u64) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.plus(Duration::from_secs(seconds));
    }

    fn kept(&self) -> Vec<String> {
        self.ring.kept.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_and_goes_before_a_pasted_credential() {
    let signed = Signed::with(&[("refresh-token", "r1"), ("jwt", "j.w.t")]).await;
    signed.grants("t1", "r2").await;
    assert_eq!(signed.asks().await, Ok(0));
    assert_eq!(signed.forms(TOKEN).await, ["grant_type=refresh_token&refresh_token=r1&client_id=app"]);
    assert_eq!((signed.bearers().await, signed.kept()), (vec!["Bearer t1".to_owned()], vec!["r2".to_owned()]));
}

#[tokio::test]
async fn a_confidential_application_refreshes_with_its_secret_in_the_header() {
    let signed = Signed::with(&[("refresh-token", "r1"), ("client-secret", "hush")]).await;
    signed.grants("t1", "r2").await;
    signed.asks().await.unwrap();
    assert_eq!(signed.forms(TOKEN).await, ["grant_type=refresh_token&refresh_token=r1"]);
    let all = signed.desk.server.received_requests().await.unwrap();
    assert_eq!(all[0].headers["authorization"], "Basic YXBwOmh1c2g=");
}

#[tokio::test]
async fn each_refresh_uses_the_token_of_the_one_before() {
    let signed = Signed::new().await;
    signed.grants("t1", "r2").await;
    signed.grants("t2", "r3").await;
    signed.asks().await.unwrap();
    signed.forward(3_541);
    signed.asks().await.unwrap();
    let forms = signed.forms(TOKEN).await;
    assert!(forms[0].contains("refresh_token=r1") && forms[1].contains("refresh_token=r2"), "{forms:?}");
    assert_eq!(signed.kept(), ["r2", "r3"]);
}

#[tokio::test]
async fn a_new_refresh_token_is_safe_before_the_new_access_token_is_used() {
    let signed = Signed::new().await;
    signed.grants("t1", "r2").await;
    let opens = Arc::new(Notify::new());
    *signed.ring.waits_for.lock().unwrap() = Some(opens.clone());
    let asking = signed.asks();
    tokio::pin!(asking);
    tokio::select! {
        outcome = &mut asking => panic!("it waits for the keyring: {outcome:?}"),
        () = signed.ring.was_asked.notified() => {}
    }
    assert_eq!(signed.bearers().await, [""; 0], "nothing was asked with the new token");
    opens.notify_one();
    assert_eq!(asking.await, Ok(0));
    assert_eq!((signed.kept(), signed.bearers().await.len()), (vec!["r2".to_owned()], 1));
}

#[tokio::test]
async fn a_question_that_is_given_up_while_keeping_loses_no_token() {
    let signed = Signed::new().await;
    signed.grants("t1", "r2").await;
    signed.grants("t2", "r3").await;
    *signed.ring.waits_for.lock().unwrap() = Some(Arc::new(Notify::new()));
    tokio::select! {
        outcome = signed.asks() => panic!("it waits for the keyring: {outcome:?}"),
        () = signed.ring.was_asked.notified() => {}
    }
    assert_eq!(signed.asks().await, Ok(0));
    assert_eq!(signed.kept(), ["r2", "r3"], "what was not kept is kept before anything else");
    assert!(signed.forms(TOKEN).await[1].contains("refresh_token=r2"));
}

#[tokio::test]
async fn two_questions_at_once_refresh_once() {
    let signed = Signed::new().await;
    signed.grants("t1", "r2").await;
    let (a, b, c) = tokio::join!(signed.asks(), signed.asks(), signed.asks());
    assert_eq!((a, b, c), (Ok(0), Ok(0), Ok(0)));
    assert_eq!(signed.forms(TOKEN).await.len(), 1);
}

#[tokio::test]
async fn a_token_that_is_refused_in_the_middle_is_refreshed_without_a_word() {
    let signed = Signed::new().await;
    signed.grants("t1", "r2").await;
    signed.grants("t2", "r3").await;
    signed.asks().await.unwrap();
    signed.desk.server.reset().await;
    signed.grants("t2", "r3").await;
    signed.desk.gives_once("GET", PEOPLE, trouble(401, "TokenInvalid", "OAU-128", "no")).await;
    signed.desk.gives("GET", PEOPLE, json(200, NOBODY)).await;
    assert_eq!(signed.asks().await, Ok(0));
    assert_eq!(signed.bearers().await, ["Bearer t1", "Bearer t2"]);
    assert_eq!(signed.kept(), ["r2", "r3"]);
}

#[tokio::test]
async fn a_keyring_that_does_not_open_stops_nothing_and_is_asked_again_after_a_while() {
    let signed = Signed::new().await;
    *signed.ring.is_closed.lock().unwrap() = true;
    signed.grants("t1", "r2").await;
    assert_eq!(signed.asks().await, Ok(0), "the token in memory is used");
    *signed.ring.is_closed.lock().unwrap() = false;
    signed.forward(599);
    signed.asks().await.unwrap();
    assert_eq!((*signed.ring.asked.lock().unwrap(), signed.kept().len()), (1, 0), "nobody is asked in a hurry");
    signed.forward(1);
    signed.asks().await.unwrap();
    signed.asks().await.unwrap();
    assert_eq!((*signed.ring.asked.lock().unwrap(), signed.kept()), (2, vec!["r2".to_owned()]));
    assert_eq!(signed.forms(TOKEN).await.len(), 1);
}

#[tokio::test]
async fn an_answer_without_another_refresh_token_leaves_the_one_there_is() {
    let signed = Signed::new().await;
    signed.desk.gives("POST", TOKEN, json(200, r#"{"access_token":"t1","expires_in":3600}"#)).await;
    signed.asks().await.unwrap();
    signed.forward(3_600);
    signed.asks().await.unwrap();
    assert_eq!(signed.kept(), [""; 0]);
    assert!(signed.forms(TOKEN).await.iter().all(|form| form.contains("refresh_token=r1")));
}

#[tokio::test]
async fn a_sign_in_that_is_over_says_so_and_never_shows_the_token() {
    let signed = Signed::new().await;
    signed.desk.gives("POST", TOKEN, json(400, OVER)).await;
    let failure = signed.asks().await.unwrap_err();
    assert_eq!((failure.code(), failure.why().reason), (Code::SignedOut, Reason::TokenExpired));
    assert!(!failure.to_string().contains("r1"), "{failure}");
    assert_eq!(signed.bearers().await, [""; 0]);
}

#[tokio::test]
async fn a_sign_in_that_is_over_leaves_the_work_to_the_pasted_credential() {
    let signed = Signed::with(&[("refresh-token", "r1"), ("jwt", "j.w.t")]).await;
    signed.desk.gives_once("POST", TOKEN, json(400, OVER)).await;
    signed.desk.gives("POST", TOKEN, json(200, r#"{"access_token":"t1","expires_in":3600,"refresh_token":"x"}"#)).await;
    assert_eq!(signed.asks().await, Ok(0));
    signed.forward(3_600);
    assert_eq!(signed.asks().await, Ok(0));
    let forms = signed.forms(TOKEN).await;
    let grants: Vec<_> = forms.iter().map(|form| form.contains("assertion=j.w.t")).collect();
    assert_eq!(grants, [false, true, true], "{forms:?}");
    assert_eq!(signed.kept(), [""; 0], "a pasted credential stays what it is");
}

#[tokio::test]
async fn a_token_that_another_program_renewed_is_taken_from_the_keyring() {
    let signed = Signed::new().await;
    *signed.ring.found.lock().unwrap() = Some("r7".into());
    signed.desk.gives_once("POST", TOKEN, json(400, OVER)).await;
    signed.grants("t1", "r8").await;
    assert_eq!(signed.asks().await, Ok(0));
    assert!(signed.forms(TOKEN).await[1].contains("refresh_token=r7"));
    assert_eq!(signed.kept(), ["r8"]);
}

#[tokio::test]
async fn a_refused_application_says_nothing_about_the_token() {
    for answer in [
        json(401, r#"{"error":"invalid_client"}"#),
        json(400, r#"{"error":"invalid_client","errors":[{"errorCode":"OAU-153","message":"no such client"}]}"#),
        json(400, r#"{"error":"unauthorized_client"}"#),
        json(401, r#"{"errors":[{"errorCode":"OAU-121","message":"no such client"}]}"#),
    ] {
        let signed = Signed::with(&[("refresh-token", "r1"), ("jwt", "j.w.t")]).await;
        signed.desk.gives("POST", TOKEN, answer).await;
        let failure = signed.asks().await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (Code::SignedOut, Reason::TokenRefused), "{failure}");
        assert_eq!(signed.forms(TOKEN).await.len(), 1, "the other credential would be refused as well");
    }
}

#[tokio::test]
async fn a_system_that_is_down_costs_no_sign_in() {
    let signed = Signed::with(&[("refresh-token", "r1"), ("jwt", "j.w.t")]).await;
    signed.desk.gives("POST", TOKEN, trouble(503, "ServiceUnavailable", "CMN-201", "down")).await;
    assert_eq!(signed.asks().await.unwrap_err().code(), Code::Offline);
    assert!(signed.forms(TOKEN).await.iter().all(|form| form.contains("refresh_token=r1")));
}

#[tokio::test]
async fn signing_out_revokes_the_newest_refresh_token() {
    let signed = Signed::new().await;
    signed.grants("t1", "r2").await;
    signed.desk.gives("POST", REVOKE, json(200, "")).await;
    signed.asks().await.unwrap();
    signed.session.signed_in.as_ref().unwrap().sign_out().await.unwrap();
    assert_eq!(signed.forms(REVOKE).await, ["token=r2&client_id=app"]);
}

#[tokio::test]
async fn signing_out_of_a_pasted_credential_revokes_the_access_token_alone() {
    let signed = Signed::with(&[("jwt", "j.w.t")]).await;
    signed.desk.gives("POST", TOKEN, json(200, r#"{"access_token":"t1","expires_in":3600}"#)).await;
    signed.desk.gives("POST", REVOKE, json(200, "")).await;
    let signed_in = signed.session.signed_in.as_ref().unwrap();
    signed_in.sign_out().await.unwrap();
    assert_eq!(signed.forms(REVOKE).await, [""; 0], "nobody had signed in");
    signed.asks().await.unwrap();
    signed_in.sign_out().await.unwrap();
    assert_eq!(signed.forms(REVOKE).await, ["token=t1&client_id=app"]);
}
