//! Recordings: which a call has, what the vendor says of one, and the sound from the vendor's own hosts.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::ports::Recordings;
use model::recording::{NamedRecording, Recording};
use model::{Failure, Raw, Reason, Why};
use rest::{Request, Server};
use url::Url;

use crate::client::{Client, HEAVY, in_path};
use crate::wire::{Recorded, RecordingEntry};

/// How long the sound may take: an hour of talk over a slow line.
const DEADLINE: Duration = Duration::from_secs(300);

/// The recordings of one account.
pub(crate) struct Sounds {
    client: Arc<Client>,
}

impl Sounds {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    /// The server of an address, if it is one that the token may go to.
    fn home_of(&self, url: &Url) -> Option<&Server> {
        let own = [Some(self.client.server()), self.client.media.as_ref()];
        own.into_iter().flatten().find(|server| server.url().origin() == url.origin())
    }
}

/// The recordings that a record of the log names.
pub(crate) fn named(raw: &Raw) -> Vec<NamedRecording> {
    let record: Recorded = serde_json::from_str(&raw.0).unwrap_or_default();
    let mut named: Vec<NamedRecording> = Vec::new();
    for id in record.ids() {
        if named.iter().all(|known| known.id != id) {
            named.push(NamedRecording { id });
        }
    }
    named
}

#[async_trait]
impl Recordings for Sounds {
    async fn about(&self, id: &str) -> Result<Recording, Failure> {
        let path = format!("restapi/v1.0/account/~/recording/{}", in_path(id));
        let entry: RecordingEntry = self.client.ask(|| Request::get(&path).group(HEAVY)).await?.json()?;
        Ok(Recording {
            id: entry.id.owned().unwrap_or_else(|| id.to_owned()),
            content_type: entry.content_type.0.clone(),
            duration_seconds: entry.duration.0.parse().ok(),
            url: entry.content_uri.0.clone(),
        })
    }

    async fn content(&self, recording: &Recording) -> Result<Vec<u8>, Failure> {
        let url = Url::parse(&recording.url).map_err(|_| Failure::surprise("contentUri"))?;
        let elsewhere = || Why::new(Reason::RedirectedAway, url.host_str().unwrap_or_default());
        let home = self.home_of(&url).ok_or_else(|| Failure::Refused(elsewhere()))?;
        let path = url.path().strip_prefix(home.url().path()).unwrap_or(url.path()).trim_start_matches('/');
        let make = || {
            let sound = Request::get(path).group(HEAVY).deadline(DEADLINE);
            url.query_pairs().fold(sound, |it, (key, value)| it.query(&key, value))
        };
        Ok(self.client.ask_at(home, make).await?.bytes().to_vec())
    }
}
