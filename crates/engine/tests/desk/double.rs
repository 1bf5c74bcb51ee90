//! A system that keeps calls, customers and rows in memory, answers what a test wants, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use engine::{Console, MemoryVault, Parts};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::stream::{self, BoxStream};
use model::about::{Ability, About, Field, Mark};
use model::call::{Call, CallFilter, Direction, Outcome, Party, SeenCall};
use model::connection::{Check, CheckStep, CheckUp, Limitation, NewConnection};
use model::customer::{Customer, NewCustomer};
use model::event::Table;
use model::failure::Problem;
use model::person::Person;
use model::ports::{
    CallLog, CallNotes, CallSearch, CallStep, Customers, Heard, LiveCalls, Noted, Opening, People, RecordWrites,
    Recordings, Records, Session, System, Tested,
};
use model::record::{Conflict, Created, FieldConflict, Resource, ResourceGroup, RowChange, Updated, Verb};
use model::recording::{NamedRecording, Recording};
use model::{CallId, Clock, ConnectionId, CustomerId, Failure, Raw, Reason, SystemId, Time, Why};
use store::Store;

/// What a session of the double has.
#[derive(Default, Clone, Copy)]
pub(crate) struct Has {
    pub(crate) notes: bool,
    pub(crate) writes: bool,
    pub(crate) search: bool,
    pub(crate) recordings: bool,
    pub(crate) live: bool,
    pub(crate) secret: bool,
}

/// What the double knows and does.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) calls: Vec<SeenCall>,
    pub(crate) customers: Vec<Customer>,
    /// How often the customers can be read yet; `None`: always.
    pub(crate) reads_left: Option<u32>,
    /// The connection of customers that are added.
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) people: Vec<Person>,
    /// People whom the directory does not list.
    pub(crate) strangers: Vec<Person>,
    /// What the next writes answer instead of being done.
    pub(crate) refusals: VecDeque<Failure>,
    /// Whether the next write meets a change of somebody else.
    pub(crate) is_changed_meanwhile: bool,
    pub(crate) limitation: Option<Limitation>,
    pub(crate) line: Option<Failure>,
    /// What is said here is heard on the line, once somebody listens.
    pub(crate) says: Option<UnboundedSender<Heard>>,
    /// What was asked, oldest first.
    pub(crate) asked: Vec<String>,
}

/// The system.
#[derive(Clone)]
pub(crate) struct Double(Arc<Mutex<State>>, Has);

impl Double {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while it holds this")
    }

    /// What was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }

    fn ask(&self, what: impl Into<String>) {
        self.state().asked.push(what.into());
    }

    fn refusal(&self) -> Result<(), Failure> {
        self.state().refusals.pop_front().map_or(Ok(()), Err)
    }
}

/// A clock that stands.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Time {
        at(0)
    }
}

/// A clock that stands at noon of 14 October 2026 in Tokyo.
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Time {
        Time::parse("2026-10-14T03:00:00Z").expect("an instant")
    }
}

pub(crate) fn at(minutes: i64) -> Time {
    Time::from_millis(1_790_000_000_000 + minutes * 60_000).expect("an instant")
}

/// A console connected to the double.
pub(crate) struct Desk {
    pub(crate) console: Console,
    pub(crate) system: Double,
    pub(crate) store: Store,
    pub(crate) id: ConnectionId,
}

impl Desk {
    pub(crate) async fn with(has: Has) -> Self {
        let store = Store::in_memory().await.expect("a store");
        let system = Double(Arc::default(), has);
        let console = Console::new(Parts {
            store: store.clone(),
            vault: Arc::new(MemoryVault::default()),
            clock: Arc::new(Standing),
            systems: vec![Arc::new(system.clone())],
        });
        let id = console.connection_add(new("Office")).await.expect("a connection").id;
        system.state().connection = Some(id.clone());
        Self { console, system, store, id }
    }

    /// Another connection to the same system.
    pub(crate) async fn another(&self, name: &str) -> ConnectionId {
        self.console.connection_add(new(name)).await.expect("a connection").id
    }

    /// The double has these calls, and they are read.
    pub(crate) async fn reads(&self, calls: Vec<SeenCall>) {
        self.system.state().calls = calls;
        let reports = self.console.sync(&[], None).await.expect("reports");
        assert_eq!(reports[0].error, None);
        self.system.asked();
    }

    pub(crate) fn call(&self, external_id: &str) -> CallId {
        CallId(format!("{}/{external_id}", self.id))
    }

    pub(crate) async fn note(&self, external_id: &str) -> Option<String> {
        self.console.call_show(&self.call(external_id)).await.expect("a call").call.note
    }

    pub(crate) async fn found(&self, text: &str) -> Vec<Call> {
        let filter = CallFilter { search: text.to_owned(), ..CallFilter::default() };
        self.console.calls_page(filter, None, 100).await.expect("the cache").calls
    }
}

fn new(name: &str) -> NewConnection {
    NewConnection {
        system: SystemId::from("double"),
        name: name.into(),
        url: "https://pbx.example".into(),
        settings: [].into(),
        secrets: [].into(),
        allow_http: false,
    }
}

pub(crate) fn seen(external_id: &str, minute: i64, number: &str) -> SeenCall {
    SeenCall {
        external_id: external_id.to_owned(),
        session_id: None,
        started_at: Some(at(minute)),
        duration_seconds: Some(30),
        direction: Direction::Inbound,
        outcome: Outcome::Answered,
        from: model::phone::party(number, "JP"),
        to: Party::default(),
        line: None,
        extensions: Vec::new(),
        customer_external_id: None,
        note: None,
        legs: Vec::new(),
        raw: Raw(format!("{{\"id\":\"{external_id}\",\"memo\":\"\"}}")),
    }
}

pub(crate) fn customer(id: &ConnectionId, external_id: &str, name: &str, number: &str) -> Customer {
    Customer {
        id: CustomerId(format!("{id}/{external_id}")),
        connection: id.clone(),
        external_id: external_id.to_owned(),
        name: name.to_owned(),
        kana: None,
        company: None,
        numbers: vec![model::phone::party(number, "JP")],
        email: Some(format!("{external_id}@customer.example")),
        address: None,
        note: None,
    }
}

pub(crate) fn refused(reason: Reason) -> Failure {
    Failure::Refused(Why::new(reason, ""))
}

impl System for Double {
    fn about(&self) -> About {
        let secret = Field::typed("token", true, false);
        About {
            id: SystemId::from("double"),
            name: "Double".into(),
            mark: Mark::Square,
            url_example: String::new(),
            url_default: String::new(),
            fields: if self.1.secret { vec![secret] } else { vec![] },
            longest_text: None,
            grammar: model::about::Grammar::Plain,
            messages_per_minute: None,
            messages_per_day: None,
            abilities: if self.1.notes {
                vec![Ability::Calls, Ability::CallNotes, Ability::Customers, Ability::Records]
            } else {
                vec![Ability::Calls, Ability::Customers, Ability::Records]
            },
            signs_in_by_browser: false,
            signs_in_by_password: false,
        }
    }

    fn recordings_named(&self, raw: &Raw) -> Vec<NamedRecording> {
        let ids = ["r1", "r2"].into_iter().filter(|id| raw.0.contains(id));
        ids.map(|id| NamedRecording { id: id.to_owned() }).collect()
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        if self.1.secret && opening.secrets.is_empty() {
            return Err(Failure::SignedOut(Why::new(Reason::SecretMissing, "token")));
        }
        let double = Arc::new(self.clone());
        let mut session = Session::new(double.clone());
        session.calls = Some(double.clone());
        session.customers = Some(double.clone());
        session.people = Some(double.clone());
        session.records = Some(double.clone());
        session.record_writes = self.1.writes.then(|| double.clone() as _);
        session.notes = self.1.notes.then(|| double.clone() as _);
        session.call_search = self.1.search.then(|| double.clone() as _);
        session.recordings = self.1.recordings.then(|| double.clone() as _);
        session.live = self.1.live.then(|| double.clone() as _);
        Ok(session)
    }
}

#[async_trait]
impl Tested for Double {
    async fn check_up(&self) -> CheckUp {
        let problem = self.refusal().err().as_ref().map(Problem::from);
        let step = CheckStep { what: Check::Reached, found: "1".into(), problem };
        CheckUp { at: at(0), signed_in_as: Some("西村".into()), steps: vec![step] }
    }
}

#[async_trait]
impl CallLog for Double {
    async fn step(&self, _: Option<&str>, _: Option<Time>) -> Result<CallStep, Failure> {
        self.ask("log");
        let state = self.state();
        let (calls, limitation) = (state.calls.clone(), state.limitation);
        Ok(CallStep { calls, cursor: "read".into(), limitation, ..CallStep::default() })
    }
}

#[async_trait]
impl Customers for Double {
    async fn customers(&self) -> Result<Vec<Customer>, Failure> {
        self.ask("customers");
        let mut state = self.state();
        if state.reads_left == Some(0) {
            return Err(Failure::Offline(Why::new(Reason::ConnectionLost, "")));
        }
        state.reads_left = state.reads_left.map(|left| left - 1);
        Ok(state.customers.clone())
    }

    async fn add(&self, new: &NewCustomer) -> Result<Customer, Failure> {
        self.ask(format!("add {}", new.name));
        self.refusal()?;
        let mut state = self.state();
        let id = state.connection.clone().expect("a connection");
        let key = format!("n{}", state.customers.len() + 1);
        let mut made = customer(&id, &key, &new.name, "");
        made.numbers = new.numbers.iter().map(|it| model::phone::party(it, "JP")).collect();
        state.customers.push(made.clone());
        Ok(made)
    }
}

#[async_trait]
impl People for Double {
    async fn people(&self) -> Result<Vec<Person>, Failure> {
        Ok(self.state().people.clone())
    }

    async fn look_up(&self, ids: &[String]) -> Result<Vec<Person>, Failure> {
        self.ask(format!("look up {}", ids.join(",")));
        self.refusal()?;
        let strangers = self.state().strangers.clone();
        Ok(strangers.into_iter().filter(|it| ids.contains(&it.external_id)).collect())
    }
}

#[async_trait]
impl Records for Double {
    fn resources(&self) -> Vec<Resource> {
        let resource = |path: &str, verbs: &[Verb]| Resource {
            path: path.into(),
            name: path.into(),
            key: "ID".into(),
            verbs: verbs.to_vec(),
            least_key: 1,
            group: ResourceGroup::Telephone,
            fields: vec![],
            starts_something: false,
            opens_on_call: false,
            is_live: false,
            caution: None,
        };
        let all = [Verb::List, Verb::Get, Verb::Create, Verb::Update, Verb::Delete];
        vec![
            resource("Customer", &all),
            resource("Call", &all[..4]),
            resource("Line", &all),
            resource("Seen", &all[..2]),
        ]
    }

    async fn list(&self, _: &str) -> Result<Vec<Raw>, Failure> {
        Ok(Vec::new())
    }

    async fn get(&self, _: &str, _: &str) -> Result<Option<Raw>, Failure> {
        Ok(None)
    }

    fn shown_as(&self, resource: &str) -> Vec<Table> {
        match resource {
            "Customer" => vec![Table::Customers],
            "Call" => vec![Table::Calls],
            _ => Vec::new(),
        }
    }
}

#[async_trait]
impl RecordWrites for Double {
    async fn create(&self, resource: &str, row: &Raw) -> Result<Created, Failure> {
        self.ask(format!("create {resource} {}", row.0));
        self.refusal()?;
        Ok(Created { key: Some("7".into()), row: Some(row.clone()) })
    }

    async fn update(&self, resource: &str, key: &str, change: &RowChange) -> Result<Updated, Failure> {
        self.ask(format!("update {resource}/{key} {}", change.fields.0));
        self.refusal()?;
        if self.state().is_changed_meanwhile && change.seen.is_some() {
            return Ok(Updated::Conflict(conflict()));
        }
        Ok(Updated::Done(change.fields.clone()))
    }

    async fn delete(&self, resource: &str, key: &str) -> Result<(), Failure> {
        self.ask(format!("delete {resource}/{key}"));
        self.refusal()
    }

    fn request_line(&self, resource: &str, _: Verb, key: Option<&str>) -> Result<(String, String), Failure> {
        Ok(("WRITE".into(), format!("{resource}/{}", key.unwrap_or_default())))
    }
}

pub(crate) fn conflict() -> Conflict {
    let text = |it: &str| Raw(format!("\"{it}\""));
    let field = FieldConflict { name: "memo".into(), seen: text(""), now: text("theirs"), wanted: text("ours") };
    Conflict { now: Raw("{\"id\":\"1\",\"memo\":\"theirs\"}".into()), fields: vec![field] }
}

#[async_trait]
impl CallNotes for Double {
    async fn write(&self, external_id: &str, note: &str, seen: &Raw) -> Result<Noted, Failure> {
        self.ask(format!("note {external_id} {note} over {}", seen.0));
        self.refusal()?;
        let mut state = self.state();
        if state.is_changed_meanwhile {
            return Ok(Noted::Conflict(conflict()));
        }
        let call = state.calls.iter_mut().find(|call| call.external_id == external_id).expect("a call of the log");
        call.note = (!note.is_empty()).then(|| note.to_owned());
        call.raw = Raw(format!("{{\"id\":\"{external_id}\",\"memo\":\"{note}\"}}"));
        Ok(Noted::Done(Box::new(call.clone())))
    }
}

#[async_trait]
impl CallSearch for Double {
    async fn find(&self, numbers: &[String], _: Option<&str>, most: u32) -> Result<Vec<SeenCall>, Failure> {
        self.ask(format!("find {} most {most}", numbers.join(",")));
        self.refusal()?;
        let state = self.state();
        let mut found: Vec<_> = state.calls.iter().filter(|it| numbers.contains(&it.from.raw)).cloned().collect();
        found.reverse();
        found.truncate(most as usize);
        Ok(found)
    }
}

#[async_trait]
impl Recordings for Double {
    async fn about(&self, id: &str) -> Result<Recording, Failure> {
        self.refusal()?;
        let url = format!("https://media.pbx.example/{id}");
        Ok(Recording { id: id.into(), content_type: "audio/mpeg".into(), duration_seconds: Some(12), url })
    }

    async fn content(&self, recording: &Recording) -> Result<Vec<u8>, Failure> {
        self.ask(format!("sound of {}", recording.id));
        self.refusal()?;
        Ok(recording.id.clone().into_bytes())
    }
}

impl LiveCalls for Double {
    fn listen(&self) -> BoxStream<'static, Result<Heard, Failure>> {
        self.ask("listen");
        let mut state = self.state();
        if let Some(failure) = state.line.clone() {
            return stream::iter([Err(failure)]).boxed();
        }
        let (says, heard) = unbounded();
        state.says = Some(says);
        stream::iter([Ok(Heard::Hint), Ok(Heard::Listening(Some(Limitation::AskedNotPushed)))])
            .chain(heard.map(Ok))
            .boxed()
    }
}
