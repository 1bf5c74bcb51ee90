//! What every test sits at: a server that gives tokens, a session with it, and the questions that reached it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::connection::Connection;
use model::ports::{KeepsNothing, Opening, Session, System};
use model::{Clock, ConnectionId, Failure, Secret, SystemId, Time};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// A clock that a test moves.
#[derive(Clone)]
pub(crate) struct Hands(Arc<Mutex<Time>>);

impl Clock for Hands {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }
}

impl Hands {
    pub(crate) fn forward(&self, by: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(by);
    }
}

/// A server and a session with it.
pub(crate) struct Desk {
    pub(crate) server: MockServer,
    pub(crate) session: Session,
    pub(crate) hands: Hands,
}

pub(crate) fn open(
    url: &str,
    secrets: &[(&str, &str)],
    settings: &[(&str, &str)],
) -> Result<(Session, Hands), Failure> {
    let pairs =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let connection = Connection {
        id: ConnectionId::from("c1"),
        name: "telephones".into(),
        system: SystemId::from("ring-central"),
        url: url.to_owned(),
        settings: pairs(settings),
        allow_http: false,
    };
    let secrets: BTreeMap<_, _> = secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(value))).collect();
    let hands = Hands(Arc::new(Mutex::new(Time::parse("2026-10-14T02:00:00Z").unwrap())));
    let session = ring_central::RingCentral.open(Opening {
        connection,
        secrets,
        clock: Arc::new(hands.clone()),
        keeper: Arc::new(KeepsNothing),
    })?;
    Ok((session, hands))
}

impl Desk {
    /// A desk whose server signs everybody in.
    pub(crate) async fn new() -> Self {
        let desk = Self::locked().await;
        let token =
            r#"{"access_token":"t1","token_type":"bearer","expires_in":3600,"scope":"ReadCallLog","owner_id":"1"}"#;
        desk.gives("POST", "restapi/oauth/token", json(200, token)).await;
        desk
    }

    /// A desk whose server does not sign anybody in yet.
    pub(crate) async fn locked() -> Self {
        let server = MockServer::start().await;
        let (session, hands) = open(&server.uri(), &[("jwt", "j.w.t")], &[("client-id", "app")]).unwrap();
        Self { server, session, hands }
    }

    pub(crate) async fn gives(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        Mock::given(method(verb)).and(path(format!("/{at}"))).respond_with(answer).mount(&self.server).await;
    }

    pub(crate) async fn gives_once(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(format!("/{at}"))).respond_with(answer);
        mock.up_to_n_times(1).mount(&self.server).await;
    }

    /// Everything that reached the server, signing in apart.
    pub(crate) async fn asked(&self) -> Vec<Request> {
        let mut asked = self.server.received_requests().await.unwrap();
        asked.retain(|it| it.url.path() != "/restapi/oauth/token");
        asked
    }

    /// How often somebody signed in.
    pub(crate) async fn sign_ins(&self) -> usize {
        let asked = self.server.received_requests().await.unwrap();
        asked.iter().filter(|it| it.url.path() == "/restapi/oauth/token").count()
    }
}

pub(crate) fn json(status: u16, body: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.into(), "application/json")
}

/// The vendor's error: an older word on top, the code below.
pub(crate) fn trouble(status: u16, top: &str, code: &str, message: &str) -> ResponseTemplate {
    json(
        status,
        format!(
            r#"{{"errorCode":"{top}","message":"{message}","errors":[{{"errorCode":"{code}","message":"{message}"}}]}}"#
        ),
    )
}

/// The value of a query key.
pub(crate) fn query(request: &Request, key: &str) -> Option<String> {
    request.url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
}
