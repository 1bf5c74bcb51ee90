//! The running simulators: how to connect to the two telephone systems, and their remote control.

use std::collections::BTreeMap;

use model::Secret;
use model::connection::NewConnection;
use reqwest::Client;
use serde_json::{Value, json};

use crate::Outcome;

/// The systems that are measured: those with a call log.
const MEASURED: [&str; 2] = ["ring-central", "smart-connect"];

/// The telephone systems of a simulated office.
pub(crate) struct Office {
    /// Each system, in the order of [`MEASURED`].
    pub(crate) systems: Vec<Telephones>,
    /// A plain client, for the floor and the remote control.
    pub(crate) client: Client,
}

/// One telephone system.
#[derive(Clone)]
pub(crate) struct Telephones {
    /// Its kind, such as `ring-central`.
    pub(crate) system: String,
    /// Its address.
    pub(crate) url: String,
    settings: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
}

impl Office {
    /// Reads what the simulators print with `--json`.
    pub(crate) fn read(document: &Value) -> Outcome<Self> {
        rest::install_tls();
        let accounts = document["systems"].as_array().ok_or("the simulators name no systems")?;
        let find = |system: &str| accounts.iter().find(|it| it["system"] == system).map(telephones);
        let systems: Option<Vec<_>> = MEASURED.iter().map(|system| find(system)).collect();
        Ok(Self { systems: systems.ok_or("a system is missing")?, client: client()? })
    }

    /// How many requests a system got since they were last forgotten, and their paths with their queries, oldest first.
    pub(crate) async fn requests(&self, of: &Telephones) -> Outcome<(u64, Vec<String>)> {
        let answer = self.client.get(format!("{}/_simulator/requests", of.url)).send().await?.error_for_status()?;
        let told: Value = serde_json::from_slice(&answer.bytes().await?)?;
        let count = told["count"].as_u64().ok_or("no count of requests")?;
        let seen = told["requests"].as_array().into_iter().flatten();
        Ok((count, seen.filter_map(|it| it["path"].as_str().map(str::to_owned)).collect()))
    }

    /// Begins to count the requests of a system anew.
    pub(crate) async fn forget_requests(&self, of: &Telephones) -> Outcome<()> {
        self.client.delete(format!("{}/_simulator/requests", of.url)).send().await?.error_for_status()?;
        Ok(())
    }

    /// Lets a system ring; the answer is its id of the call.
    pub(crate) async fn ring(&self, of: &Telephones, from: &str) -> Outcome<String> {
        let answer = self.control(of, "ring", &json!({ "from": from })).await?;
        Ok(answer["id"].as_str().ok_or("a call without an id")?.to_owned())
    }

    /// Ends a call.
    pub(crate) async fn hang_up(&self, of: &Telephones, id: &str) -> Outcome<()> {
        self.control(of, "hang-up", &json!({ "id": id })).await.map(|_| ())
    }

    async fn control(&self, of: &Telephones, what: &str, body: &Value) -> Outcome<Value> {
        let request = self.client.post(format!("{}/_simulator/{what}", of.url)).json(body);
        let answer = request.send().await?.error_for_status()?.bytes().await?;
        Ok(if answer.is_empty() { Value::Null } else { serde_json::from_slice(&answer)? })
    }
}

impl Telephones {
    /// What a person would enter to connect to it.
    pub(crate) fn connection(&self) -> NewConnection {
        NewConnection {
            system: self.system.as_str().into(),
            name: self.system.clone(),
            url: self.url.clone(),
            settings: self.settings.clone(),
            secrets: self.secrets().collect(),
            allow_http: false,
        }
    }

    /// Its secrets by key.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = (String, Secret)> + '_ {
        self.secrets.iter().map(|(key, value)| (key.clone(), Secret::new(value)))
    }

    /// The value of a secret or a setting that the floor signs in with.
    pub(crate) fn word(&self, key: &str) -> &str {
        self.secrets.get(key).or_else(|| self.settings.get(key)).map_or("", String::as_str)
    }
}

fn telephones(account: &Value) -> Telephones {
    let pairs = |of: &str| -> BTreeMap<String, String> {
        let fields = account[of].as_object().into_iter().flatten();
        fields.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
    };
    let text = |key: &str| account[key].as_str().unwrap_or_default().to_owned();
    Telephones { system: text("system"), url: text("url"), settings: pairs("settings"), secrets: pairs("secrets") }
}

#[expect(clippy::disallowed_methods, reason = "the floor is what the bare library does, without our client around it")]
fn client() -> Outcome<Client> {
    Ok(Client::builder().no_proxy().tls_certs_only([]).build()?)
}
