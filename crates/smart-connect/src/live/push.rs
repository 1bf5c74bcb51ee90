//! The server's notice socket. What it tells is not documented, so that any frame only means that it is worth looking now.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use model::{ConnectionId, Failure, Reason, Why};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use url::Url;

/// The socket's path below the address of the computer, with its slash at the end.
const PATH: &str = "WebSocket/";
/// How long opening and saying goodbye may take, each.
const PATIENCE: Duration = Duration::from_secs(10);
/// From one sign of life to the next; the vendor recommends five minutes, and asks for ten at the longest.
const ALIVE: Duration = Duration::from_secs(300);
/// The first pause before the socket is opened again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(120));

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The hints of one server. The socket is opened again whenever it is lost, and closed when this is dropped.
pub(super) struct Hints {
    hint: Arc<Notify>,
    /// Dropping it ends the task that holds the socket.
    _open: oneshot::Sender<()>,
}

impl Hints {
    /// Begins to listen at the server whose REST interface is at `rest`.
    pub(super) fn open(rest: &Url, connection: &ConnectionId) -> Self {
        Self::with(Line { address: address(rest), name: name(connection), alive: ALIVE, pauses: PAUSES })
    }

    fn with(line: Line) -> Self {
        let hint = Arc::new(Notify::new());
        let (open, closed) = oneshot::channel();
        tokio::spawn(line.stay(hint.clone(), closed));
        Self { hint, _open: open }
    }

    /// Waits for the next hint; several that came before are one.
    pub(super) async fn next(&self) {
        self.hint.notified().await;
    }
}

/// Where the socket is, beside the REST interface.
fn address(rest: &Url) -> Url {
    let mut url = rest.clone();
    let _is_web = url.set_scheme(if rest.scheme() == "https" { "wss" } else { "ws" });
    let above = rest.path().trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above).to_owned();
    url.set_path(&format!("{above}/{PATH}"));
    url
}

/// The name by which the server knows this program. A quotation mark would end it early.
fn name(connection: &ConnectionId) -> String {
    let plain: String =
        connection.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(48).collect();
    format!("Frontdesk-{plain}")
}

/// Whether the socket can be opened. Nothing is said on it, so that nothing changes at the server.
///
/// # Errors
/// [`Failure::Offline`] where it cannot.
pub(crate) async fn can_be_opened(rest: &Url) -> Result<(), Failure> {
    let mut socket = connect(&address(rest)).await?;
    let _closed = timeout(PATIENCE, socket.close(None)).await;
    Ok(())
}

async fn connect(address: &Url) -> Result<Socket, Failure> {
    let lost = |reason| Failure::Offline(Why::new(reason, "WebSocket"));
    let opening = timeout(PATIENCE, tokio_tungstenite::connect_async(address.as_str())).await;
    let (socket, _) = opening.map_err(|_| lost(Reason::TimedOut))?.map_err(|_| lost(Reason::ConnectionLost))?;
    Ok(socket)
}

/// The socket of one server, and how patient it is.
struct Line {
    address: Url,
    name: String,
    alive: Duration,
    pauses: (Duration, Duration),
}

impl Line {
    /// Keeps the socket open until `closed`; after each loss the pause doubles, and a frame makes it short again.
    async fn stay(self, hint: Arc<Notify>, mut closed: oneshot::Receiver<()>) {
        let mut pause = self.pauses.0;
        loop {
            let lost = tokio::select! {
                _ = &mut closed => return,
                socket = connect(&self.address) => socket,
            };
            if let Ok(mut socket) = lost
                && self.listen(&mut socket, &hint, &mut closed, &mut pause).await.is_break()
            {
                self.say_goodbye(&mut socket).await;
                return;
            }
            tokio::select! {
                _ = &mut closed => return,
                () = sleep(pause) => {}
            }
            pause = (pause * 2).min(self.pauses.1);
        }
    }

    /// Until the socket is lost, or nobody wants to hear any more.
    async fn listen(
        &self,
        socket: &mut Socket,
        hint: &Notify,
        closed: &mut oneshot::Receiver<()>,
        pause: &mut Duration,
    ) -> ControlFlow<()> {
        if self.say(socket, "Regist").await.is_err() {
            return ControlFlow::Continue(());
        }
        let mut due = Instant::now() + self.alive;
        loop {
            tokio::select! {
                _ = &mut *closed => return ControlFlow::Break(()),
                () = tokio::time::sleep_until(due) => {
                    due = Instant::now() + self.alive;
                    if self.say(socket, "KeepAlive").await.is_err() {
                        return ControlFlow::Continue(());
                    }
                }
                frame = socket.next() => match frame {
                    Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                        *pause = self.pauses.0;
                        hint.notify_one();
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return ControlFlow::Continue(()),
                },
            }
        }
    }

    async fn say(&self, socket: &mut Socket, word: &str) -> Result<(), ()> {
        let frame = Message::text(format!("{word}('{}')", self.name));
        match timeout(PATIENCE, socket.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(()),
        }
    }

    async fn say_goodbye(&self, socket: &mut Socket) {
        if self.say(socket, "UnRegist").await.is_ok() {
            let _closed = timeout(PATIENCE, socket.close(None)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn line(listener: &TcpListener, alive: Duration) -> Line {
        let rest = format!("http://{}/CTI_SmartConnectService/RestService", listener.local_addr().unwrap());
        let pauses = (Duration::from_millis(1), Duration::from_millis(4));
        let name = name(&ConnectionId::from("c'1"));
        Line { address: address(&Url::parse(&rest).unwrap()), name, alive, pauses }
    }

    async fn opened(listener: &TcpListener) -> WebSocketStream<TcpStream> {
        tokio_tungstenite::accept_async(listener.accept().await.unwrap().0).await.unwrap()
    }

    async fn said(socket: &mut WebSocketStream<TcpStream>) -> String {
        socket.next().await.unwrap().unwrap().into_text().unwrap().to_string()
    }

    #[test]
    fn the_socket_is_beside_the_rest_interface() {
        let check = |rest: &str, expected: &str| assert_eq!(address(&Url::parse(rest).unwrap()).as_str(), expected);
        check(
            "http://192.168.10.20:55963/CTI_SmartConnectService/RestService",
            "ws://192.168.10.20:55963/CTI_SmartConnectService/WebSocket/",
        );
        check(
            "https://pbx.example/gate/CTI_SmartConnectService/RestService/",
            "wss://pbx.example/gate/CTI_SmartConnectService/WebSocket/",
        );
    }

    #[tokio::test]
    async fn a_name_is_given_kept_alive_and_given_again_after_a_loss() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hints = Hints::with(line(&listener, Duration::from_millis(5)));
        let mut socket = opened(&listener).await;
        assert_eq!(said(&mut socket).await, "Regist('Frontdesk-c1')", "a quotation mark cannot end the name");
        assert_eq!(said(&mut socket).await, "KeepAlive('Frontdesk-c1')");
        assert_eq!(said(&mut socket).await, "KeepAlive('Frontdesk-c1')");
        drop(socket);
        // Somebody who listens there but is no such socket is only a further loss.
        drop(listener.accept().await.unwrap());
        let mut socket = opened(&listener).await;
        assert_eq!(said(&mut socket).await, "Regist('Frontdesk-c1')");
        socket.send(Message::binary(vec![1, 2])).await.unwrap();
        hints.next().await;
        drop(hints);
        let goodbye = loop {
            let word = said(&mut socket).await;
            if !word.starts_with("KeepAlive") {
                break word;
            }
        };
        assert_eq!(goodbye, "UnRegist('Frontdesk-c1')");
    }

    #[tokio::test]
    async fn a_test_of_the_socket_says_nothing_on_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = line(&listener, ALIVE).address.join("../RestService").unwrap();
        let (tested, heard) = tokio::join!(can_be_opened(&address), async { opened(&listener).await.next().await });
        assert_eq!(tested, Ok(()));
        assert!(matches!(heard, None | Some(Ok(Message::Close(_)))), "{heard:?}");
        drop(listener);
        let failure = can_be_opened(&address).await.unwrap_err();
        assert_eq!(failure, Failure::Offline(Why::new(Reason::ConnectionLost, "WebSocket")));
    }
}
