//! How strict the simulated systems are, and how trouble is made: asked over real connections on loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod chat_and_messenger;
mod office;
mod rocket_chat;
mod smart_connect;

use chrono::{DateTime, Utc};
use serde_json::Value;
use simulators::{Account, Office, Plan};

/// A Wednesday morning in Tokyo.
fn now() -> DateTime<Utc> {
    "2026-10-14T01:42:00Z".parse().unwrap()
}

async fn small_office() -> Office {
    Office::start(Plan::small(now())).await.unwrap()
}

/// A client that neither follows redirections nor uses a proxy.
#[expect(clippy::disallowed_methods, reason = "this crate must not know the client under test")]
fn client() -> reqwest::Client {
    // Whichever test comes first installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

fn secret<'a>(account: &'a Account, key: &str) -> &'a str {
    account.secrets.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str()).unwrap()
}

/// The status and the JSON of an answer; `null` where it is something else.
async fn read(answer: reqwest::Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}
