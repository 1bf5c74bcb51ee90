//! The realtime stream of the server, as a hint alone: that rooms came, went or changed their name is a reason to read them, and nothing
//! that the stream tells is shown by itself.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream};
use futures::{SinkExt, StreamExt};
use model::ports::Hints;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use url::Url;

use crate::client::Client;
use crate::wire::stream::{Said, connect, ping, pong, said, sign_in, subscriptions};

/// The socket's path below the address of the server.
const PATH: &str = "websocket";
/// How long each step of opening may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// So long the server may be silent; it pings every half minute.
const SILENCE: Duration = Duration::from_secs(90);
/// The first pause before the socket is opened again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(120));

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The stream of one server.
pub(crate) struct Line {
    client: Arc<Client>,
}

impl Line {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

impl Hints for Line {
    fn listen(&self) -> BoxStream<'static, ()> {
        let listening = Listening {
            client: self.client.clone(),
            socket: None,
            pause: Duration::ZERO,
            was_lost: false,
            is_ready: false,
            known: HashMap::new(),
        };
        stream::unfold(listening, |mut it| async move {
            it.next().await;
            Some(((), it))
        })
        .boxed()
    }
}

/// The state between two hints.
struct Listening {
    client: Arc<Client>,
    socket: Option<Box<Socket>>,
    /// Before the next opening.
    pause: Duration,
    /// Whether the stream stood before, so that something may have been missed.
    was_lost: bool,
    /// Whether the socket that is open listens already.
    is_ready: bool,
    /// As what each room was told last.
    known: HashMap<String, String>,
}

impl Listening {
    /// Until there is a reason to read the rooms. A stream that is lost is opened again, after pauses that double.
    async fn next(&mut self) {
        loop {
            let Some(mut socket) = self.socket.take() else {
                sleep(self.pause).await;
                self.pause = (self.pause * 2).clamp(PAUSES.0, PAUSES.1);
                self.socket = open(&self.client).await.map(Box::new);
                self.is_ready = false;
                continue;
            };
            match self.hear(&mut socket).await {
                Heard::Hint => {
                    self.socket = Some(socket);
                    return;
                }
                Heard::Ready => {
                    self.socket = Some(socket);
                    self.pause = PAUSES.0;
                    let is_first = !std::mem::replace(&mut self.is_ready, true);
                    if is_first && std::mem::replace(&mut self.was_lost, true) {
                        return;
                    }
                }
                Heard::Nothing => self.socket = Some(socket),
                Heard::Lost => {}
            }
        }
    }

    /// One frame, or a silence that is too long.
    async fn hear(&mut self, socket: &mut Socket) -> Heard {
        let text = match timeout(SILENCE, text(socket)).await {
            Ok(Some(text)) => text,
            Ok(None) => return Heard::Lost,
            Err(_) => {
                // A server that is there answers.
                let is_asked = say(socket, ping()).await;
                let answered = timeout(PATIENCE, text(socket)).await.ok().flatten();
                match answered.filter(|_| is_asked) {
                    Some(text) => text,
                    None => return Heard::Lost,
                }
            }
        };
        match said(&text) {
            Said::Ping(id) => {
                let is_said = say(socket, pong(id.as_deref())).await;
                if is_said { Heard::Nothing } else { Heard::Lost }
            }
            Said::No => Heard::Lost,
            Said::Room { id, is_news, shown } => {
                // A room that was never told before may have had another name: it is read once.
                let is_other = self.known.insert(id, shown.clone()).is_none_or(|before| before != shown);
                if is_news || is_other { Heard::Hint } else { Heard::Nothing }
            }
            Said::Ready => Heard::Ready,
            Said::Connected | Said::SignedIn | Said::Nothing => Heard::Nothing,
        }
    }
}

enum Heard {
    Hint,
    Ready,
    Nothing,
    Lost,
}

/// Where the socket is, beside the REST interface.
fn address(server: &Url) -> Url {
    let mut url = server.clone();
    let _is_web = url.set_scheme(if server.scheme() == "https" { "wss" } else { "ws" });
    url.set_path(&format!("{}/{PATH}", server.path().trim_end_matches('/')));
    url
}

/// A socket that is signed in and listens; `None` where any step is refused or takes too long.
async fn open(client: &Client) -> Option<Socket> {
    let address = address(client.url());
    let opening = timeout(PATIENCE, tokio_tungstenite::connect_async(address.as_str())).await;
    let (mut socket, _) = opening.ok()?.ok()?;
    let key = client.key();
    for (frame, wanted) in [(connect(), Said::Connected), (sign_in(key.token.reveal()), Said::SignedIn)] {
        if !say(&mut socket, frame).await || !timeout(PATIENCE, until(&mut socket, &wanted)).await.unwrap_or(false) {
            return None;
        }
    }
    for frame in subscriptions(&key.user_id) {
        if !say(&mut socket, frame).await {
            return None;
        }
    }
    Some(socket)
}

/// Waits for an answer; whether it came.
async fn until(socket: &mut Socket, wanted: &Said) -> bool {
    while let Some(text) = text(socket).await {
        match said(&text) {
            Said::Ping(id) => {
                if !say(socket, pong(id.as_deref())).await {
                    return false;
                }
            }
            Said::No => return false,
            found if found == *wanted => return true,
            Said::Connected | Said::SignedIn | Said::Ready | Said::Room { .. } | Said::Nothing => {}
        }
    }
    false
}

/// The next text; `None` once the socket is over.
async fn text(socket: &mut Socket) -> Option<String> {
    loop {
        match socket.next().await? {
            Ok(Message::Text(text)) => return Some(text.to_string()),
            Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            Ok(Message::Close(_)) | Err(_) => return None,
        }
    }
}

async fn say(socket: &mut Socket, frame: String) -> bool {
    matches!(timeout(PATIENCE, socket.send(Message::text(frame))).await, Ok(Ok(())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_is_beside_the_rest_interface() {
        let check = |server: &str, expected: &str| assert_eq!(address(&Url::parse(server).unwrap()).as_str(), expected);
        check("https://rocket.example.jp", "wss://rocket.example.jp/websocket");
        check("http://10.0.0.5:3000/chat/", "ws://10.0.0.5:3000/chat/websocket");
    }
}
