//! Ringing calls, found by looking at the newest rows every three seconds, and at once where the server hints at something.

pub(crate) mod push;
mod window;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use model::Failure;
use model::ports::{Heard, LiveCalls};

use crate::client::Client;
use crate::wire::{self, CallRows};
use push::Hints;
use window::{Found, Window};

/// From one look to the next; the vendor's own viewers look every two to five seconds.
const EVERY: Duration = Duration::from_secs(3);
/// Rows of one look.
const ROWS: u32 = 50;
/// Rows of a second look, where more calls came between two looks than one shows.
const WIDE: u32 = 500;
/// The least from one look to the next, however many hints come.
const PAUSE: Duration = Duration::from_millis(300);

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
            reader: CallRows::new(self.client.zone()),
            client: self.client.clone(),
            every: self.every,
            window: Window::default(),
            found: VecDeque::new(),
            hints: None,
            is_over: false,
        };
        stream::unfold(looking, |mut looking| async move { looking.next().await.map(|it| (it, looking)) }).boxed()
    }
}

/// The state between two items of the stream.
struct Looking {
    client: Arc<Client>,
    reader: CallRows,
    every: Duration,
    window: Window,
    found: VecDeque<Heard>,
    /// The push channel, once it is opened. Dropping it hangs up.
    hints: Option<Hints>,
    is_over: bool,
}

impl Looking {
    async fn next(&mut self) -> Option<Result<Heard, Failure>> {
        while !self.is_over {
            if let Some(heard) = self.found.pop_front() {
                return Some(Ok(heard));
            }
            if self.window.is_filled() {
                self.wait().await;
            }
            if let Err(failure) = self.look().await {
                self.is_over = true;
                return Some(Err(failure));
            }
        }
        None
    }

    /// Until the next look is due, or the server hints that there is something to see.
    async fn wait(&mut self) {
        if !self.client.is_pushed() {
            return tokio::time::sleep(self.every).await;
        }
        let client = &self.client;
        let hints = self.hints.get_or_insert_with(|| Hints::open(client.url(), client.connection()));
        let hint = async {
            tokio::time::sleep(PAUSE).await;
            hints.next().await;
        };
        let _due_or_hinted = tokio::time::timeout(self.every, hint).await;
    }

    async fn look(&mut self) -> Result<(), Failure> {
        let mut rows = self.rows(ROWS).await?;
        // Every row is new: there may be more behind them.
        if rows.len() == ROWS as usize && !self.window.reaches(&rows) {
            rows = self.rows(WIDE).await?;
            if rows.len() == WIDE as usize && !self.window.reaches(&rows) {
                self.found.push_back(Heard::Hint);
            }
        }
        match self.window.take(rows) {
            Found::First => self.found.push_back(Heard::Listening(None)),
            Found::SetBack => self.found.push_back(Heard::Gap),
            Found::Calls(calls) => self.found.extend(calls.into_iter().map(|call| Heard::Call(Box::new(call)))),
        }
        Ok(())
    }

    async fn rows(&mut self, top: u32) -> Result<Vec<window::Row>, Failure> {
        let page = self.client.newest(top).await?;
        let read = |row: wire::Row<'_>| (wire::mark(row.raw), self.reader.call(&row));
        let mut read = read;
        page.rows()?.map(|row| row.map(&mut read)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use futures::SinkExt;
    use model::call::Outcome;
    use model::connection::Connection;
    use model::ports::{KeepsNothing, Opening};
    use model::{Clock, ConnectionId, SystemId, Time};
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Time {
            Time::parse("2026-10-14T02:00:00Z").unwrap()
        }
    }

    fn poll(url: &str, every: Duration, push: &str) -> Poll {
        let connection = Connection {
            id: ConnectionId::from("c1"),
            name: String::new(),
            system: SystemId::from(crate::ID),
            url: url.to_owned(),
            settings: BTreeMap::from([("push".to_owned(), push.to_owned())]),
            allow_http: false,
        };
        let opening =
            Opening { connection, secrets: BTreeMap::new(), clock: Arc::new(Still), keeper: Arc::new(KeepsNothing) };
        Poll { client: Arc::new(Client::open(opening).unwrap()), every }
    }

    async fn answers(server: &MockServer, top: u32, answers: &[(u16, String)]) {
        let at = format!("/CTI_SmartConnectService/RestService/ReceivedCall-Record/{top}/True/0/Null");
        for (status, body) in answers {
            let answer = ResponseTemplate::new(*status).set_body_raw(body.clone(), "application/json");
            Mock::given(path(&at)).respond_with(answer).up_to_n_times(1).mount(server).await;
        }
    }

    fn rows(high: u64, low: u64) -> (u16, String) {
        let rows: Vec<_> = (low..=high).rev().map(|id| format!(r#"{{"ID":"{id}"}}"#)).collect();
        (200, format!("[{}]", rows.join(",")))
    }

    fn told(heard: Vec<Result<Heard, Failure>>) -> Vec<String> {
        let one = |heard: Result<Heard, Failure>| match heard {
            Ok(Heard::Call(call)) => format!("{} {:?}", call.external_id, call.outcome),
            Ok(other) => format!("{other:?}"),
            Err(failure) => format!("{:?}", failure.why().reason),
        };
        heard.into_iter().map(one).collect()
    }

    fn end() -> (u16, String) {
        (403, String::new())
    }

    #[tokio::test]
    async fn a_call_that_comes_between_two_looks_rings_and_a_failure_ends_the_listening() {
        let server = MockServer::start().await;
        answers(&server, 50, &[rows(1, 1), rows(2, 1), end()]).await;
        let heard = poll(&server.uri(), Duration::ZERO, "").listen().collect().await;
        assert_eq!(told(heard), ["Listening(None)", "2 Ringing", "NoPermission"]);
    }

    #[tokio::test]
    async fn more_calls_than_one_look_shows_are_not_lost() {
        let server = MockServer::start().await;
        answers(&server, 50, &[rows(1, 1), rows(80, 31), rows(700, 651), end()]).await;
        answers(&server, 500, &[rows(80, 1), rows(700, 201)]).await;
        let heard = told(poll(&server.uri(), Duration::ZERO, "off").listen().collect().await);
        let rings = (2..=80).map(|id| format!("{id} Ringing"));
        let hinted = (201..=700).map(|id| format!("{id} Ringing"));
        let expected: Vec<_> = std::iter::once("Listening(None)".to_owned())
            .chain(rings)
            .chain(["Hint".to_owned()])
            .chain(hinted)
            .chain(["NoPermission".to_owned()])
            .collect();
        assert_eq!(heard, expected, "what even the wider look does not reach is left to the log");
    }

    #[tokio::test]
    async fn a_server_that_was_set_back_is_taken_quietly() {
        let server = MockServer::start().await;
        answers(&server, 50, &[rows(90, 50), rows(60, 20), rows(61, 20), end()]).await;
        let heard = poll(&server.uri(), Duration::ZERO, "").listen().collect().await;
        assert_eq!(told(heard), ["Listening(None)", "Gap", "61 Ringing", "NoPermission"]);
    }

    /// A notice socket and the rows beside it, on one port.
    async fn pushing(answers: Vec<String>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let said = tokio::spawn(async move {
            let mut answers = answers.into_iter();
            let (mut said, mut socket) = (Vec::new(), None);
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut start = [0; 40];
                stream.peek(&mut start).await.unwrap();
                if start.starts_with(b"GET /CTI_SmartConnectService/WebSocket/ ") {
                    let mut opened = tokio_tungstenite::accept_async(stream).await.unwrap();
                    said.push(opened.next().await.unwrap().unwrap().into_text().unwrap().to_string());
                    opened.send("何かの通知".into()).await.unwrap();
                    socket = Some(opened);
                    continue;
                }
                let Some(body) = answers.next() else {
                    // The line ends here: the client says goodbye on its socket.
                    stream
                        .write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                        .await
                        .unwrap();
                    while let Some(Ok(frame)) = socket.as_mut().unwrap().next().await {
                        if let Ok(text) = frame.into_text()
                            && !text.is_empty()
                        {
                            said.push(text.to_string());
                        }
                    }
                    return said;
                };
                let mut request = [0; 2_048];
                let _length = stream.read(&mut request).await.unwrap();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
                if let Some(opened) = &mut socket {
                    opened.send("もう一つ".into()).await.unwrap();
                }
            }
        });
        (url, said)
    }

    #[tokio::test]
    async fn a_notice_makes_it_look_at_once_and_is_not_told_itself() {
        let (url, said) = pushing(vec![rows(1, 1).1, rows(2, 1).1]).await;
        // No look is due within the test: only a notice can bring the second.
        let mut line = poll(&url, Duration::from_secs(86_400), "on").listen();
        assert_eq!(line.next().await, Some(Ok(Heard::Listening(None))));
        let Some(Ok(Heard::Call(call))) = line.next().await else { panic!("no call") };
        assert_eq!((call.external_id.as_str(), call.outcome), ("2", Outcome::Ringing));
        assert_eq!(line.next().await.unwrap().unwrap_err().why().reason, model::Reason::NoPermission);
        drop(line);
        assert_eq!(said.await.unwrap(), ["Regist('Frontdesk-c1')", "UnRegist('Frontdesk-c1')"]);
    }

    #[tokio::test]
    async fn a_notice_socket_that_cannot_be_opened_leaves_the_looking_alone() {
        let server = MockServer::start().await;
        answers(&server, 50, &[rows(1, 1), rows(2, 1), end()]).await;
        let heard = poll(&server.uri(), Duration::from_millis(1), "on").listen().collect().await;
        assert_eq!(told(heard), ["Listening(None)", "2 Ringing", "NoPermission"]);
    }
}
