//! The calls we make: reads by whichever method the server takes, writes as one POST whose outcome is never guessed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::conference_room::Room;
use model::connection::Connection;
use model::{Clock, ConnectionId, Failure, Reason, Secret, Why};
use rest::{Answer, Dialect, Request, Server, Setup};

use crate::times::Zone;
use crate::wire::{Errors, Fields, Json, Reply, has_bookings, is_status, refusal};

/// An open connection to one server.
pub(crate) struct Client {
    server: Server,
    token: Secret,
    pub(crate) connection: ConnectionId,
    pub(crate) zone: Zone,
    pub(crate) clock: Arc<dyn Clock>,
    /// The form field that takes the arguments of a quick call as one object; `None` where each has a field of its own.
    pub(crate) quick_call_field: Option<String>,
    /// Which way of asking worked last, by the question's name.
    ways: Mutex<BTreeMap<&'static str, usize>>,
    known_rooms: Mutex<Option<Vec<Room>>>,
}

/// Something to read, and the calls that may answer it, best first.
pub(crate) struct Question {
    name: &'static str,
    calls: [&'static str; 2],
    fits: fn(&Reply) -> Fit,
}

/// Whether an answer is one to the question.
#[derive(PartialEq, Eq)]
enum Fit {
    Yes,
    /// It may be, but another way of asking may give more.
    Perhaps,
    No,
}

impl Question {
    /// The list of conference rooms. Servers from before the calls were split have only the last one.
    pub(crate) const ROOMS: Self = Self {
        name: "rooms",
        calls: ["getConferenceMaster", "getConferenceRooms"],
        fits: |reply| if is_status(reply) { Fit::Yes } else { Fit::No },
    };

    /// The bookings of a month or a day.
    pub(crate) const BOOKINGS: Self = Self {
        name: "bookings",
        calls: ["getConferenceRoomStatus", "getConferenceRooms"],
        fits: |reply| match (has_bookings(reply), is_status(reply)) {
            (true, _) => Fit::Yes,
            (false, true) => Fit::Perhaps,
            (false, false) => Fit::No,
        },
    };

    /// Every call by POST and then by GET: the vendor's words name the one, a sample shows the other.
    fn ways(&self) -> [(&'static str, bool); 4] {
        let [new, old] = self.calls;
        [(new, true), (new, false), (old, true), (old, false)]
    }
}

/// What a server says once it took a write.
pub(crate) enum Taken {
    /// An answer that is a JSON object.
    Understood(Reply),
    /// Anything else; its text for a person to see, and what kind of text that is.
    NotUnderstood(String),
}

/// What the vendor says differently from HTTP.
struct Cam;

impl Dialect for Cam {
    fn failure(&self, answer: &Answer) -> Option<Failure> {
        // The vendor does not say which status an error has, so its words count wherever HTTP itself says less, and in
        // an answer that HTTP calls good.
        let words = || Some(words(answer)).filter(|words| !words.is_empty());
        match answer.status {
            403 => Some(Failure::Refused(Why::new(Reason::NoPlan, words().unwrap_or_default().join("; ")))),
            200..300 | 400 | 402 | 405..=407 | 409..=428 | 500 => words().map(|words| refusal(&words)),
            _ => None,
        }
    }

    fn words(&self, answer: &Answer) -> String {
        words(answer).join("; ")
    }
}

fn words(answer: &Answer) -> Vec<String> {
    match Reply::read(answer).map(|reply| reply.errors()) {
        Some(Errors::Words(words)) => words,
        Some(Errors::None | Errors::Empty) | None => Vec::new(),
    }
}

impl Client {
    pub(crate) fn new(
        connection: &Connection,
        token: Secret,
        zone: Zone,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let quick_call_field = quick_call_field(connection)?;
        let (url, allow_http) = (connection.url.clone(), connection.allow_http);
        let setup = Setup { url, allow_http, limits: Vec::new(), clock: Arc::clone(&clock) };
        Ok(Self {
            server: Server::new(setup, Cam)?,
            token,
            connection: connection.id.clone(),
            zone,
            clock,
            quick_call_field,
            ways: Mutex::default(),
            known_rooms: Mutex::default(),
        })
    }

    /// The server's host, which is all that a test of the connection can name.
    pub(crate) fn host(&self) -> String {
        self.server.url().host_str().unwrap_or_default().to_owned()
    }

    /// The list of rooms as it was last read.
    pub(crate) fn known_rooms(&self) -> MutexGuard<'_, Option<Vec<Room>>> {
        self.known_rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ways(&self) -> MutexGuard<'_, BTreeMap<&'static str, usize>> {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks by the way that worked last, else by each until an answer fits.
    ///
    /// # Errors
    /// What the server refuses; `Surprise(NotThisKind)` where it answers JSON that is none of this system's,
    /// `Surprise(HtmlInstead)` for web pages, `Refused(NotFound)` where it has none of the calls.
    pub(crate) async fn read(&self, question: &Question, parameters: &[(&str, &str)]) -> Result<Reply, Failure> {
        let ways = question.ways();
        let remembered = self.ways().get(question.name).copied();
        let order = remembered.into_iter().chain((0..ways.len()).filter(|index| Some(*index) != remembered));
        let mut perhaps = None;
        let mut misfits = Vec::new();
        for index in order {
            let (call, is_post) = ways[index];
            match self.ask(call, is_post, parameters).await? {
                Ok(reply) => match (question.fits)(&reply) {
                    Fit::Yes => {
                        self.ways().insert(question.name, index);
                        return Ok(reply);
                    }
                    // What worked before is believed when a month is empty.
                    Fit::Perhaps if remembered == Some(index) => return Ok(reply),
                    Fit::Perhaps => perhaps = perhaps.or(Some(reply)),
                    Fit::No => misfits.push(Failure::Surprise(Why::new(Reason::NotThisKind, call))),
                },
                Err(misfit) => misfits.push(misfit),
            }
        }
        perhaps.ok_or_else(|| most_telling(misfits))
    }

    /// Asks once. The inner error is an answer by which another way may still work.
    async fn ask(
        &self,
        call: &str,
        is_post: bool,
        parameters: &[(&str, &str)],
    ) -> Result<Result<Reply, Failure>, Failure> {
        let request = if is_post {
            Request::post(call).form(parameters).as_read()
        } else {
            parameters.iter().fold(Request::get(call), |request, (key, value)| request.query(key, *value))
        };
        let answer = self.server.ask(self.signed(request).accept_status(&[404, 405, 501])).await?;
        if !answer.is_success() {
            return Ok(Err(Failure::Refused(Why::new(Reason::NotFound, format!("HTTP {} {call}", answer.status)))));
        }
        let Some(reply) = Reply::read(&answer) else {
            let reason = if answer.is_html() { Reason::HtmlInstead } else { Reason::NotThisKind };
            return Ok(Err(Failure::Surprise(Why::new(reason, call))));
        };
        if reply.errors() == Errors::Empty && !is_status(&reply) {
            return Err(wordless());
        }
        Ok(Ok(reply))
    }

    /// Sends a write once. `payload` is the key that a good answer has, where that is known.
    ///
    /// # Errors
    /// What the server refuses, and `Unknown` where it may have arrived. Never a failure once the server took it.
    pub(crate) async fn write(&self, request: Request, payload: Option<&str>) -> Result<Taken, Failure> {
        let answer = self.server.ask(self.signed(request)).await?;
        let Some(reply) = Reply::read(&answer) else {
            return Ok(Taken::NotUnderstood(self.shown(&answer)));
        };
        let has_payload = payload.map_or_else(|| reply.says_more(), |key| reply.payload(&[key]).is_some());
        if reply.errors() == Errors::Empty && !has_payload {
            return Err(wordless());
        }
        Ok(Taken::Understood(reply))
    }

    /// Sends a write once and hands back its whole text.
    ///
    /// # Errors
    /// As [`Client::write`].
    pub(crate) async fn write_for_text(&self, request: Request) -> Result<String, Failure> {
        let answer = self.server.ask(self.signed(request)).await?;
        Ok(String::from_utf8_lossy(answer.bytes()).trim_start_matches('\u{feff}').to_owned())
    }

    /// The beginning of an answer for a person to see; of a web page only that it is one.
    fn shown(&self, answer: &Answer) -> String {
        let text = answer.text().unwrap_or_default().replace(self.token.reveal(), "…");
        let text = if answer.is_html() { "text/html" } else { text.trim() };
        let start: String = text.chars().take(200).filter(|c| !c.is_control()).collect();
        if start.is_empty() { format!("HTTP {}", answer.status) } else { format!("HTTP {}: {start}", answer.status) }
    }

    fn signed(&self, request: Request) -> Request {
        request.secret_header("x-cam-apitoken", &self.token)
    }
}

/// Key of how the arguments of a quick call are sent, which the vendor shows for its JavaScript client alone: `flat`, each in a field
/// of its own, or `json:<field>`, as one object.
pub(crate) const QUICK_CALL: &str = "quick-call";

fn quick_call_field(connection: &Connection) -> Result<Option<String>, Failure> {
    match connection.settings.get(QUICK_CALL).map(|it| it.trim()) {
        None | Some("" | "flat") => Ok(None),
        Some(form) => match form.strip_prefix("json:").map(str::trim) {
            Some(field) if !field.is_empty() => Ok(Some(field.to_owned())),
            Some(_) | None => Err(Failure::invalid(Reason::NotUsable, QUICK_CALL)),
        },
    }
}

/// The arguments of a quick call as one object; as secret as its password.
pub(crate) fn quick_call_object(millis: i64, password: &Secret) -> Secret {
    let fields = [("expiredDate", Json::written(&millis)), ("password", Json::from_text(password.reveal()))];
    let fields = Fields(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
    Secret::new(&Json::written(&fields).raw().0)
}

/// An empty `errors` and nothing else.
fn wordless() -> Failure {
    refusal(&["errors".to_owned()])
}

/// The failure that says most about the server: not this kind, before a page, before a call that is not there.
fn most_telling(misfits: Vec<Failure>) -> Failure {
    const TELLING: [Reason; 2] = [Reason::NotThisKind, Reason::HtmlInstead];
    let rank = |failure: &Failure| TELLING.iter().position(|it| *it == failure.why().reason).unwrap_or(TELLING.len());
    misfits.into_iter().min_by_key(rank).unwrap_or_else(|| Failure::Surprise(Why::new(Reason::NotThisKind, "")))
}
