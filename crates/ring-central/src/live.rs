//! Calls as they ring, over the vendor's WebSocket: one ticket, one socket, one subscription.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream};
use futures::{SinkExt, StreamExt};
use model::call::SeenCall;
use model::ports::{Heard, LiveCalls};
use model::{Failure, Reason, Why};
use serde_json::json;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::client::{self, Client};
use crate::telephony::Switchboard;
use crate::wire::{FrameHead, Notification, Trouble};

/// How long opening, greeting and subscribing may take, each.
const PATIENCE: Duration = Duration::from_secs(15);
/// Silence after which a sign of life is sent, as the vendor asks; as long again without one from there ends the line.
const SILENCE: Duration = Duration::from_secs(30);
/// Changes of every call of the account.
const EVENTS: &str = "/restapi/v1.0/account/~/telephony/sessions";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The push channel of one account.
pub(crate) struct Line {
    client: Arc<Client>,
}

impl Line {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

impl LiveCalls for Line {
    fn listen(&self) -> BoxStream<'static, Result<Heard, Failure>> {
        let listening = Listening {
            client: self.client.clone(),
            state: State::New,
            board: Switchboard::default(),
            early: VecDeque::new(),
            beats: 0,
        };
        stream::unfold(listening, |mut it| async move { it.next().await.map(|told| (told, it)) }).boxed()
    }
}

/// Where the line is between two items of the stream.
enum State {
    New,
    Open(Box<Socket>),
    Over,
}

struct Listening {
    client: Arc<Client>,
    state: State,
    board: Switchboard,
    /// Notifications that came before the subscription was confirmed.
    early: VecDeque<String>,
    beats: u64,
}

impl Listening {
    async fn next(&mut self) -> Option<Result<Heard, Failure>> {
        let told = self.hear().await;
        if let Some(Err(_)) = &told {
            self.state = State::Over;
        }
        told
    }

    async fn hear(&mut self) -> Option<Result<Heard, Failure>> {
        loop {
            while let Some(frame) = self.early.pop_front() {
                if let Some(call) = self.call(&frame) {
                    return Some(Ok(Heard::Call(Box::new(call))));
                }
            }
            let frame = match &mut self.state {
                State::Over => return None,
                State::New => match self.open().await {
                    Ok(socket) => {
                        self.state = State::Open(Box::new(socket));
                        return Some(Ok(Heard::Listening(None)));
                    }
                    Err(failure) => return Some(Err(failure)),
                },
                State::Open(socket) => match frame_or_beat(socket, &mut self.beats).await {
                    Ok(frame) => frame,
                    Err(failure) => return Some(Err(failure)),
                },
            };
            if let Some(call) = self.call(&frame) {
                return Some(Ok(Heard::Call(Box::new(call))));
            }
        }
    }

    /// The call that a notification is about; every other frame is a sign of life only.
    fn call(&mut self, frame: &str) -> Option<SeenCall> {
        let (head, parts) = parts(frame)?;
        let notice: Notification<'_> = serde_json::from_str(parts.get(1).filter(|_| is_notice(&head))?.get()).ok()?;
        let is_call = notice.event.0.is_empty() || notice.event.0.contains("telephony/sessions");
        if is_call { self.board.take(notice.body, &self.client.region) } else { None }
    }

    async fn open(&mut self) -> Result<Socket, Failure> {
        let (mut url, ticket) = client::ticket(&self.client).await?;
        if !self.client.may_open(&url) {
            return Err(Failure::Refused(Why::new(Reason::PlainHttp, url.host_str().unwrap_or_default())));
        }
        url.query_pairs_mut().append_pair("access_token", ticket.reveal());
        let opening = timeout(PATIENCE, tokio_tungstenite::connect_async(url.as_str())).await;
        let (mut socket, _) = opening.map_err(|_| lost(Reason::TimedOut))?.map_err(|error| not_opened(&error))?;
        timeout(PATIENCE, self.greet(&mut socket)).await.map_err(|_| lost(Reason::TimedOut))??;
        timeout(PATIENCE, self.subscribe(&mut socket)).await.map_err(|_| lost(Reason::TimedOut))??;
        Ok(socket)
    }

    /// Nothing may be sent before the server has greeted.
    async fn greet(&self, socket: &mut Socket) -> Result<(), Failure> {
        loop {
            let frame = text_frame(socket).await?;
            let Some((head, parts)) = parts(&frame) else { continue };
            match head.kind.0.as_str() {
                "ConnectionDetails" if is_good(&head) => return Ok(()),
                "ConnectionDetails" | "Error" => return Err(refused(&head, &parts)),
                _ => {}
            }
        }
    }

    async fn subscribe(&mut self, socket: &mut Socket) -> Result<(), Failure> {
        let request = json!([
            { "type": "ClientRequest", "messageId": "subscribe", "method": "POST", "path": "/restapi/v1.0/subscription" },
            { "eventFilters": [EVENTS], "deliveryMode": { "transportType": "WebSocket" } }
        ]);
        send(socket, &request.to_string()).await?;
        loop {
            let frame = text_frame(socket).await?;
            let Some((head, parts)) = parts(&frame) else { continue };
            if is_notice(&head) {
                self.early.push_back(frame.clone());
            } else if head.message_id.0 == "subscribe" || head.kind.0 == "Error" {
                return if is_good(&head) { Ok(()) } else { Err(refused(&head, &parts)) };
            }
        }
    }
}

/// Every frame is an array: a head, and what belongs to it. Anything else is left out.
fn parts(frame: &str) -> Option<(FrameHead, Vec<&RawValue>)> {
    let parts: Vec<&RawValue> = serde_json::from_str(frame).ok()?;
    let head = serde_json::from_str(parts.first()?.get()).ok()?;
    Some((head, parts))
}

fn is_notice(head: &FrameHead) -> bool {
    head.kind.0 == "ServerNotification"
}

fn is_good(head: &FrameHead) -> bool {
    head.kind.0 != "Error" && head.status.some().is_none_or(|status| status.starts_with('2'))
}

/// What the server's no means: a missing permission is one, anything else is a line that may work later.
fn refused(head: &FrameHead, parts: &[&RawValue]) -> Failure {
    let words = parts.get(1).map_or_else(String::new, |body| Trouble::parse(body.get()).words());
    let words = if words.is_empty() { head.status.0.clone() } else { words };
    match head.status.0.as_str() {
        "401" => Failure::Offline(Why::new(Reason::ConnectionLost, words)),
        "403" => Failure::Refused(Why::new(Reason::NoPermission, words)),
        status if status.starts_with('4') && status != "429" => {
            Failure::Refused(Why::new(Reason::SystemRefused, words))
        }
        _ => Failure::Offline(Why::new(Reason::SystemFault, words)),
    }
}

fn lost(reason: Reason) -> Failure {
    Failure::Offline(Why::new(reason, ""))
}

/// The error may hold the address with the ticket in it, so that none of it is shown.
fn not_opened(error: &tungstenite::Error) -> Failure {
    if let tungstenite::Error::Http(answer) = error {
        return Failure::Offline(Why::new(Reason::ConnectionLost, format!("HTTP {}", answer.status().as_u16())));
    }
    let nobody = std::io::ErrorKind::ConnectionRefused;
    let is_refused = matches!(error, tungstenite::Error::Io(error) if error.kind() == nobody);
    lost(if is_refused { Reason::NothingListens } else { Reason::ConnectionLost })
}

async fn send(socket: &mut Socket, frame: &str) -> Result<(), Failure> {
    socket.send(Message::text(frame)).await.map_err(|_| lost(Reason::ConnectionLost))
}

/// The next text frame. Pings are answered by the library while it waits.
async fn text_frame(socket: &mut Socket) -> Result<String, Failure> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(lost(Reason::ConnectionLost)),
            Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
        }
    }
}

/// The next text frame; a silence is broken by a sign of life, and a second silence in a row ends the line.
async fn frame_or_beat(socket: &mut Socket, beats: &mut u64) -> Result<String, Failure> {
    if let Ok(frame) = timeout(SILENCE, text_frame(socket)).await {
        return frame;
    }
    *beats += 1;
    send(socket, &json!([{ "type": "Heartbeat", "messageId": format!("beat-{beats}") }]).to_string()).await?;
    timeout(SILENCE, text_frame(socket)).await.unwrap_or_else(|_| Err(lost(Reason::TimedOut)))
}
