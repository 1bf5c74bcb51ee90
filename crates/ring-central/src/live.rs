//! Calls as they ring, over the vendor's WebSocket: one subscription per socket, taken up again after a cut; where pushing is not
//! permitted, found by asking.

mod asking;
mod frames;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use model::connection::Limitation;
use model::ports::{Heard, LiveCalls};
use model::{Failure, Raw, Reason, Why};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use crate::client::{self, Client};
use crate::live::asking::Asking;
use crate::live::frames::{
    Socket, frame_or_beat, is_good, is_notice, lost, not_opened, parts, refused, send, text_frame,
};
use crate::telephony::{Switchboard, Taken};
use crate::wire::{Greeting, Notification, PresenceEntry};

/// How long opening, greeting and subscribing may take, each.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a session can be taken up again where the greeting does not say.
const USUAL_WINDOW: Duration = Duration::from_secs(180);
/// The longest pause between two tries to take a session up again. Each needs a ticket, of which there are five a minute.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Changes of every call of the account.
const CALLS: &str = "/restapi/v1.0/account/~/telephony/sessions";
/// Changes of everybody's presence.
const PRESENCE: &str = "/restapi/v1.0/account/~/presence?detailedTelephonyState=true";
/// What is subscribed to, the fullest first: not every account may hear of presence.
const FILTERS: &[&[&str]] = &[&[CALLS, PRESENCE], &[CALLS]];

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
            told: VecDeque::new(),
            session: None,
            window: USUAL_WINDOW,
            beats: 0,
        };
        stream::unfold(listening, |mut it| async move { it.next().await.map(|told| (told, it)) }).boxed()
    }
}

/// Where the line is between two items of the stream.
enum State {
    New,
    Open(Box<Socket>),
    /// Cut off since then.
    Cut(Instant),
    /// Pushing is not permitted.
    Asking(Box<Asking>),
    Over,
}

struct Listening {
    client: Arc<Client>,
    state: State,
    board: Switchboard,
    /// What was heard and not told yet.
    told: VecDeque<Heard>,
    /// With what the session is taken up again after a cut.
    session: Option<String>,
    /// How long after a cut that is possible.
    window: Duration,
    beats: u64,
}

impl Listening {
    async fn next(&mut self) -> Option<Result<Heard, Failure>> {
        loop {
            if let Some(heard) = self.told.pop_front() {
                return Some(Ok(heard));
            }
            if matches!(self.state, State::Over) {
                return None;
            }
            if let Err(failure) = self.go_on().await {
                self.state = State::Over;
                return Some(Err(failure));
            }
        }
    }

    async fn go_on(&mut self) -> Result<(), Failure> {
        match &mut self.state {
            State::Over => {}
            State::New => match self.open(None).await {
                Ok(_) => self.told.push_front(Heard::Listening(None)),
                Err(failure) if is_not_permitted(&failure) => {
                    self.state = State::Asking(Box::new(Asking::new(self.client.clone())));
                }
                Err(failure) => return Err(failure),
            },
            State::Open(socket) => match frame_or_beat(socket, &mut self.beats).await {
                Ok(frame) => self.take(&frame),
                Err(failure) if self.session.is_none() => return Err(failure),
                Err(_) => {
                    self.state = State::Cut(Instant::now());
                    self.told.push_back(Heard::Interrupted);
                }
            },
            State::Cut(since) => {
                let since = *since;
                self.come_back(since).await?;
            }
            State::Asking(asking) => match asking.look().await? {
                Some(heard) => self.told.extend(heard),
                // Permissions change: now and then pushing is tried again.
                None => self.state = State::New,
            },
        }
        Ok(())
    }

    /// Takes the session up again while that is possible. Where the vendor no longer knows it, what was missed is not told by itself.
    async fn come_back(&mut self, since: Instant) -> Result<(), Failure> {
        let mut pause = Duration::ZERO;
        loop {
            sleep(pause).await;
            let session = self.session.take();
            match self.open(session.as_deref()).await {
                Ok(is_recovered) => {
                    let gap = (!is_recovered).then_some(Heard::Gap);
                    // What was pushed while the line came up is told after it.
                    for heard in [Some(Heard::Listening(None)), gap].into_iter().flatten() {
                        self.told.push_front(heard);
                    }
                    if !is_recovered {
                        self.catch_up().await;
                    }
                    return Ok(());
                }
                Err(failure @ (Failure::Offline(_) | Failure::SlowDown(..))) => {
                    self.session = self.session.take().or(session);
                    pause = (pause * 2).clamp(Duration::from_secs(1), LONGEST_PAUSE);
                    if let Failure::SlowDown(wait, _) = &failure {
                        pause = pause.max(*wait);
                    }
                    if since.elapsed() + pause > self.window {
                        return Err(failure);
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Asks once for the calls that go on: one that began to ring while the line was down is not pushed, and no log has it yet.
    /// Where that is not answered, the log tells of it when it is over.
    async fn catch_up(&mut self) {
        let calls = Asking::new(self.client.clone()).now().await.unwrap_or_default();
        self.told.extend(calls.into_iter().map(|call| Heard::Call(Box::new(call))));
    }

    /// Opens a socket and subscribes; whether the session was taken up again, so that nothing was missed.
    async fn open(&mut self, session: Option<&str>) -> Result<bool, Failure> {
        let (mut url, ticket) = client::ticket(&self.client).await?;
        if !self.client.may_open(&url) {
            return Err(Failure::Refused(Why::new(Reason::PlainHttp, url.host_str().unwrap_or_default())));
        }
        url.query_pairs_mut().append_pair("access_token", ticket.reveal());
        if let Some(session) = session {
            url.query_pairs_mut().append_pair("wsc", session);
        }
        let opening = timeout(PATIENCE, tokio_tungstenite::connect_async(url.as_str())).await;
        let (mut socket, _) = opening.map_err(|_| lost(Reason::TimedOut))?.map_err(|error| not_opened(&error))?;
        let greeting = timeout(PATIENCE, self.greet(&mut socket)).await.map_err(|_| lost(Reason::TimedOut))??;
        let seconds = greeting.recovery_timeout.0.parse().ok().map(Duration::from_secs);
        self.window = seconds.unwrap_or(USUAL_WINDOW);
        let is_recovered = session.is_some() && greeting.recovery_state.0 == "Successful";
        if !is_recovered {
            timeout(PATIENCE, self.subscribe(&mut socket)).await.map_err(|_| lost(Reason::TimedOut))??;
        }
        self.state = State::Open(Box::new(socket));
        Ok(is_recovered)
    }

    /// Nothing may be sent before the server has greeted.
    async fn greet(&mut self, socket: &mut Socket) -> Result<Greeting, Failure> {
        loop {
            let frame = text_frame(socket).await?;
            let Some((head, parts)) = parts(&frame) else { continue };
            match head.kind.0.as_str() {
                "ConnectionDetails" if is_good(&head) => {
                    self.session = head.wsc.token.owned();
                    return Ok(parts.get(1).and_then(|body| serde_json::from_str(body.get()).ok()).unwrap_or_default());
                }
                "ConnectionDetails" | "Error" => return Err(refused(&head, &parts)),
                _ => {}
            }
        }
    }

    async fn subscribe(&mut self, socket: &mut Socket) -> Result<(), Failure> {
        let mut outcome = Ok(());
        for (at, filters) in FILTERS.iter().enumerate() {
            outcome = self.subscribe_to(socket, &format!("subscribe-{at}"), filters).await;
            if !matches!(&outcome, Err(failure) if is_not_permitted(failure)) {
                break;
            }
        }
        outcome
    }

    async fn subscribe_to(&mut self, socket: &mut Socket, id: &str, filters: &[&str]) -> Result<(), Failure> {
        let request = json!([
            { "type": "ClientRequest", "messageId": id, "method": "POST", "path": "/restapi/v1.0/subscription" },
            { "eventFilters": filters, "deliveryMode": { "transportType": "WebSocket" } }
        ]);
        send(socket, &request.to_string()).await?;
        loop {
            let frame = text_frame(socket).await?;
            let Some((head, parts)) = parts(&frame) else { continue };
            if is_notice(&head) {
                self.take(&frame);
            } else if head.message_id.0 == id || head.kind.0 == "Error" {
                return if is_good(&head) { Ok(()) } else { Err(refused(&head, &parts)) };
            }
        }
    }

    /// Takes in a frame of an open line. What is not a notification is a sign of life; what cannot be read is kept.
    fn take(&mut self, frame: &str) {
        let not_understood = || Heard::NotUnderstood(Raw(frame.to_owned()));
        let Some((head, parts)) = parts(frame) else {
            return self.told.push_back(not_understood());
        };
        if let Some(token) = head.wsc.token.owned() {
            self.session = Some(token);
        }
        if !is_notice(&head) {
            if !SIGNS_OF_LIFE.contains(&head.kind.0.as_str()) {
                self.told.push_back(not_understood());
            }
            return;
        }
        let notice: Option<Notification<'_>> = parts.get(1).and_then(|body| serde_json::from_str(body.get()).ok());
        let Some(notice) = notice else {
            return self.told.push_back(not_understood());
        };
        let event = notice.event.0.as_str();
        let heard = if event.is_empty() || event.contains("telephony/sessions") {
            match self.board.take(notice.body, &self.client.region) {
                Taken::Call(call) => Some(Heard::Call(call)),
                Taken::NothingNew => None,
                Taken::NotUnderstood => Some(not_understood()),
            }
        } else if event.contains("/presence") {
            let entry: Option<PresenceEntry> = serde_json::from_str(notice.body.get()).ok();
            Some(entry.and_then(|it| it.presence()).map_or_else(not_understood, Heard::Presence))
        } else {
            Some(not_understood())
        };
        self.told.extend(heard);
    }
}

/// Kinds of frames that say no more than that somebody is there.
const SIGNS_OF_LIFE: &[&str] = &["Heartbeat", "ClientRequest", "ClientResponse", "ConnectionDetails", "Error"];

/// Whether this account may not have the push channel, or not these events.
fn is_not_permitted(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(why) if matches!(why.reason, Reason::NoPermission | Reason::NotFound))
}

impl Asking {
    /// What stands in the place of pushing.
    const INSTEAD: Limitation = Limitation::AskedNotPushed;
}
