//! Ringing calls, found by looking at the newest rows every three seconds.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use model::Failure;
use model::call::{Outcome, SeenCall};
use model::ports::{Heard, LiveCalls};

use crate::client::Client;
use crate::wire::{self, CallRows};

/// From one look to the next; the vendor's own viewers look every two to five seconds.
const EVERY: Duration = Duration::from_secs(3);
/// Rows of one look.
const ROWS: u32 = 50;
/// Rows that are remembered, so that a row which leaves the window and returns is not taken for a change.
const REMEMBERED: usize = 500;

/// The newest rows of one server, looked at again and again.
pub(crate) struct Poll {
    client: Arc<Client>,
    every: Duration,
}

impl Poll {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client, every: EVERY }
    }
}

impl LiveCalls for Poll {
    fn listen(&self) -> BoxStream<'static, Result<Heard, Failure>> {
        let looking = Looking {
            client: self.client.clone(),
            every: self.every,
            window: Window::default(),
            found: VecDeque::new(),
            is_over: false,
        };
        stream::unfold(looking, |mut looking| async move { looking.next().await.map(|it| (it, looking)) }).boxed()
    }
}

/// The state between two items of the stream.
struct Looking {
    client: Arc<Client>,
    every: Duration,
    window: Window,
    found: VecDeque<Heard>,
    is_over: bool,
}

impl Looking {
    async fn next(&mut self) -> Option<Result<Heard, Failure>> {
        while !self.is_over {
            if let Some(heard) = self.found.pop_front() {
                return Some(Ok(heard));
            }
            if self.window.is_filled() {
                tokio::time::sleep(self.every).await;
            }
            if let Err(failure) = self.look().await {
                self.is_over = true;
                return Some(Err(failure));
            }
        }
        None
    }

    async fn look(&mut self) -> Result<(), Failure> {
        let zone = self.client.zone();
        let rows = self
            .client
            .calls(ROWS, |rows| {
                let mut reader = CallRows::new(zone);
                rows.iter().map(|row| (wire::digest(row), reader.call(row))).collect::<Vec<_>>()
            })
            .await?;
        if !self.window.is_filled() {
            self.found.push_back(Heard::Listening(None));
        }
        self.found.extend(self.window.take(rows).into_iter().map(|call| Heard::Call(Box::new(call))));
        Ok(())
    }
}

/// What the last looks saw, by the number of the row.
#[derive(Debug, Default)]
struct Window {
    known: Option<BTreeMap<u64, u64>>,
}

impl Window {
    fn is_filled(&self) -> bool {
        self.known.is_some()
    }

    /// The calls to tell of, oldest first. The first look, and one after the numbers went down, only fills.
    fn take(&mut self, rows: Vec<(u64, SeenCall)>) -> Vec<SeenCall> {
        let mut rows: Vec<_> = rows
            .into_iter()
            .filter_map(|(digest, call)| Some((call.external_id.parse::<u64>().ok()?, digest, call)))
            .collect();
        rows.sort_by_key(|(id, ..)| *id);
        let newest = rows.last().map(|(id, ..)| *id);
        let highest = self.known.as_ref().map(|known| known.keys().next_back().copied().unwrap_or(0));
        let Some(highest) = highest.filter(|highest| newest.is_none_or(|newest| newest >= *highest)) else {
            self.known = Some(rows.into_iter().map(|(id, digest, _)| (id, digest)).collect());
            return Vec::new();
        };
        let known = self.known.get_or_insert_default();
        let mut told = Vec::new();
        for (id, digest, call) in rows {
            match known.insert(id, digest) {
                None if id > highest => told.extend(rings(call)),
                Some(before) if before != digest => told.push(call),
                None | Some(_) => {}
            }
        }
        while known.len() > REMEMBERED {
            known.pop_first();
        }
        told
    }
}

/// A new row is a ring, even where it already says how the call ended: that follows at once as a change.
fn rings(call: SeenCall) -> impl Iterator<Item = SeenCall> {
    let ring = SeenCall { outcome: Outcome::Ringing, ..call.clone() };
    let end = (call.outcome != Outcome::Unknown).then_some(call);
    [Some(ring), end].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use model::connection::Connection;
    use model::ports::{KeepsNothing, Opening};
    use model::{Clock, ConnectionId, SystemId, Time};
    use serde_json::value::RawValue;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::times::Zone;

    fn rows(json: &[&str]) -> Vec<(u64, SeenCall)> {
        let mut reader = CallRows::new(Zone::Computer);
        let read = |text: &&str| {
            let row: &RawValue = serde_json::from_str(text).unwrap();
            (wire::digest(row), reader.call(row))
        };
        json.iter().map(read).collect()
    }

    fn told(window: &mut Window, json: &[&str]) -> Vec<(String, Outcome)> {
        window.take(rows(json)).into_iter().map(|call| (call.external_id, call.outcome)).collect()
    }

    fn is(id: &str, outcome: Outcome) -> (String, Outcome) {
        (id.to_owned(), outcome)
    }

    #[test]
    fn the_first_look_fills_silently_and_a_new_number_rings() {
        let mut window = Window::default();
        assert_eq!(told(&mut window, &[r#"{"ID":"9"}"#, r#"{"ID":"10"}"#]), []);
        assert_eq!(told(&mut window, &[r#"{"ID":"10"}"#, r#"{"ID":"9"}"#]), []);
        let three = [r#"{"ID":"12"}"#, r#"{"ID":"11"}"#, r#"{"ID":"10"}"#];
        assert_eq!(
            told(&mut window, &three),
            [is("11", Outcome::Ringing), is("12", Outcome::Ringing)],
            "numbers, not texts"
        );
        assert_eq!(told(&mut window, &three), [], "a ring is told once");
    }

    #[test]
    fn a_changed_row_is_told_as_it_is_now() {
        let mut window = Window::default();
        told(&mut window, &[r#"{"ID":"1"}"#]);
        assert_eq!(told(&mut window, &[r#"{"ID":"2","対応":""}"#]), [is("2", Outcome::Ringing)]);
        assert_eq!(told(&mut window, &[r#"{"ID":"2","対応":"応答"}"#]), [is("2", Outcome::Answered)]);
        let ended = r#"{"ID":"3","種別":"不在着信"}"#;
        assert_eq!(told(&mut window, &[ended]), [is("3", Outcome::Ringing), is("3", Outcome::Missed)]);
    }

    #[test]
    fn numbers_that_go_down_only_fill_again() {
        let mut window = Window::default();
        told(&mut window, &[r#"{"ID":"100"}"#]);
        assert_eq!(told(&mut window, &[r#"{"ID":"40"}"#, r#"{"ID":"39"}"#]), []);
        assert_eq!(told(&mut window, &[r#"{"ID":"41"}"#]), [is("41", Outcome::Ringing)]);
    }

    #[test]
    fn the_first_call_of_an_empty_log_rings() {
        let mut window = Window::default();
        assert_eq!(told(&mut window, &[]), []);
        assert_eq!(told(&mut window, &[r#"{"ID":"1"}"#]), [is("1", Outcome::Ringing)]);
        assert_eq!(told(&mut window, &[]), [], "an empty answer changes nothing");
        assert_eq!(told(&mut window, &[r#"{"ID":"1"}"#]), []);
    }

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Time {
            Time::parse("2026-10-14T02:00:00Z").unwrap()
        }
    }

    #[tokio::test]
    async fn a_call_that_comes_between_two_looks_rings_and_a_failure_ends_the_listening() {
        let server = MockServer::start().await;
        let at = || path("/CTI_SmartConnectService/RestService/ReceivedCall-Record/50/True/0/Null");
        for (status, body) in [(200, r#"[{"ID":"1"}]"#), (200, r#"[{"ID":"2"},{"ID":"1"}]"#), (403, "")] {
            let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
            Mock::given(at()).respond_with(answer).up_to_n_times(1).mount(&server).await;
        }
        let connection = Connection {
            id: ConnectionId::from("c1"),
            name: String::new(),
            system: SystemId::from(crate::ID),
            url: server.uri(),
            settings: Default::default(),
            allow_http: false,
        };
        let opening =
            Opening { connection, secrets: Default::default(), clock: Arc::new(Still), keeper: Arc::new(KeepsNothing) };
        let client = Arc::new(Client::open(opening).unwrap());
        let told: Vec<_> = Poll { client, every: Duration::ZERO }.listen().collect().await;
        assert_eq!(told.len(), 3);
        assert_eq!(told[0], Ok(Heard::Listening(None)));
        let Ok(Heard::Call(call)) = &told[1] else { panic!("{:?}", told[1]) };
        assert_eq!((call.external_id.as_str(), call.outcome), ("2", Outcome::Ringing));
        assert_eq!(told[2].as_ref().unwrap_err().why().reason, model::Reason::NoPermission);
    }
}
