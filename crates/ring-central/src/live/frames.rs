//! Frames of the push channel: arrays of a head and what belongs to it, sent and read one at a time.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use model::{Failure, Reason, Why};
use serde_json::json;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::wire::{FrameHead, Trouble};

/// Silence after which a sign of life is sent, as the vendor asks; half as long without one from there ends the line.
const SILENCE: Duration = Duration::from_secs(30);

/// An open socket.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Every frame is an array: a head, and what belongs to it. Anything else is left out.
pub(super) fn parts(frame: &str) -> Option<(FrameHead, Vec<&RawValue>)> {
    let parts: Vec<&RawValue> = serde_json::from_str(frame).ok()?;
    let head = serde_json::from_str(parts.first()?.get()).ok()?;
    Some((head, parts))
}

pub(super) fn is_notice(head: &FrameHead) -> bool {
    head.kind.0 == "ServerNotification"
}

pub(super) fn is_good(head: &FrameHead) -> bool {
    head.kind.0 != "Error" && head.status.some().is_none_or(|status| status.starts_with('2'))
}

/// What the server's no means: a missing permission is one, anything else is a line that may work later.
pub(super) fn refused(head: &FrameHead, parts: &[&RawValue]) -> Failure {
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

pub(super) fn lost(reason: Reason) -> Failure {
    Failure::Offline(Why::new(reason, ""))
}

/// The error may hold the address with the ticket in it, so that none of it is shown.
pub(super) fn not_opened(error: &tungstenite::Error) -> Failure {
    if let tungstenite::Error::Http(answer) = error {
        return Failure::Offline(Why::new(Reason::ConnectionLost, format!("HTTP {}", answer.status().as_u16())));
    }
    let nobody = std::io::ErrorKind::ConnectionRefused;
    let is_refused = matches!(error, tungstenite::Error::Io(error) if error.kind() == nobody);
    lost(if is_refused { Reason::NothingListens } else { Reason::ConnectionLost })
}

pub(super) async fn send(socket: &mut Socket, frame: &str) -> Result<(), Failure> {
    socket.send(Message::text(frame)).await.map_err(|_| lost(Reason::ConnectionLost))
}

/// The next text frame. Pings are answered by the library while it waits.
pub(super) async fn text_frame(socket: &mut Socket) -> Result<String, Failure> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(lost(Reason::ConnectionLost)),
            Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
        }
    }
}

/// The next text frame; a silence is broken by a sign of life, and a second silence in a row ends the line.
pub(super) async fn frame_or_beat(socket: &mut Socket, beats: &mut u64) -> Result<String, Failure> {
    if let Ok(frame) = timeout(SILENCE, text_frame(socket)).await {
        return frame;
    }
    *beats += 1;
    send(socket, &json!([{ "type": "Heartbeat", "messageId": format!("beat-{beats}") }]).to_string()).await?;
    timeout(SILENCE / 2, text_frame(socket)).await.unwrap_or_else(|_| Err(lost(Reason::TimedOut)))
}
