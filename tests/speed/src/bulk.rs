//! Many messages at a system's limit: how fast they leave, whether one is ever too many, and what the ledger costs of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Console, MemoryVault};
use model::bulk::{BulkDraft, BulkOptions, BulkSource, BulkState};
use model::connection::{Connection, NewConnection};
use model::message::{Draft, Guise, Message, Recipient};
use model::ports::{Chat, KeepsNothing, Opening};
use model::{Clock, ConnectionId, DeliveryId, DraftId, Secret, Time};
use serde_json::{Value, json};
use simulators::rocket_chat::Limit;
use simulators::{Office, Plan, ROCKET_CHAT};

use crate::Outcome;

/// Who gets every message.
const TO: &str = "t.kenichi@example.jp";
/// Messages that are sent without a limit, for the cost of the ledger.
const FREE: u32 = 2_000;

/// The clock of this computer.
struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "a limit goes by the computer's clock")]
    fn now(&self) -> Time {
        Time::from(chrono::Utc::now())
    }
}

/// Sends so many messages through a connection that takes `limit` of them in each span of so many seconds.
pub(crate) async fn measure(data: &Path, messages: u32, limit: u32, seconds: u32) -> Outcome<Value> {
    let office = Office::start(Plan { is_clock_running: true, ..Plan::small(Wall.now().utc()) }).await?;
    let console = shell::open_with(data, Arc::new(MemoryVault::default())).await?.console;
    let id = connect(&console, &office).await?;
    // Once beforehand, so that the address is known.
    send(&console, &id, 1, "before").await?;
    let free = send(&console, &id, FREE, "free").await?;
    let bare = bare(&office).await?;
    office.rocket_chat.limit(Some(Limit { calls: limit, per: Duration::from_secs(seconds.into()) }));
    let taken = send(&console, &id, messages, "limited").await?;
    let arrived = office.rocket_chat.messages().iter().filter(|it| it.msg.starts_with("limited")).count();
    let over = office.rocket_chat.calls_over_limit();
    office.stop().await;
    // Nobody can be faster: every span but the last is used up, and then the rest leaves as fast as it can.
    let spans = messages.div_ceil(limit).saturating_sub(1);
    let last = f64::from(messages - spans * limit) * free / f64::from(FREE);
    let least = f64::from(spans * seconds) + last;
    Ok(json!({
        "messages": messages, "arrived": arrived, "over": over, "seconds": taken, "least_seconds": least,
        "per_second": f64::from(messages) / taken, "most_per_second": f64::from(messages) / least,
        "ledger_ms": (free - bare) * 1_000.0 / f64::from(FREE), "free_seconds": free, "bare_seconds": bare,
    }))
}

async fn connect(console: &Console, office: &Office) -> Outcome<ConnectionId> {
    let account = office.account(ROCKET_CHAT);
    let connection = NewConnection {
        system: account.system.into(),
        name: String::new(),
        url: account.url,
        settings: account.settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        secrets: secrets(account.secrets.into_iter()),
        allow_http: false,
    };
    Ok(console.connection_add(connection).await?.id)
}

fn secrets(all: impl Iterator<Item = (&'static str, String)>) -> BTreeMap<String, Secret> {
    all.map(|(key, value)| (key.to_owned(), Secret::new(&value))).collect()
}

/// Plans and sends so many messages; the seconds from the first to the last.
async fn send(console: &Console, connection: &ConnectionId, messages: u32, stem: &str) -> Outcome<f64> {
    let rows: String = (0..messages).map(|n| format!("{TO},{stem} {n}\n")).collect();
    let source = BulkSource::File {
        connection: connection.clone(),
        name: stem.to_owned(),
        bytes: format!("to,message\n{rows}").into_bytes(),
        text: String::new(),
    };
    let draft = BulkDraft { title: String::new(), source, options: BulkOptions::default() };
    let plan = console.bulk_plan(draft, "bench").await?;
    let (news, _unheard) = tokio::sync::mpsc::unbounded_channel();
    let begun = Instant::now();
    let done = console.bulk_run_here(&plan.id, "bench", news, None).await?;
    let taken = begun.elapsed().as_secs_f64();
    if done.state != BulkState::Done || done.counts.sent != messages {
        return Err(format!("the plan ended as {:?} with {:?}", done.state, done.counts).into());
    }
    Ok(taken)
}

/// Sends as many messages without any ledger; the seconds that takes.
async fn bare(office: &Office) -> Outcome<f64> {
    let account = office.account(ROCKET_CHAT);
    let connection = Connection {
        id: "bare".into(),
        name: String::new(),
        system: account.system.into(),
        url: account.url,
        settings: account.settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        allow_http: false,
    };
    let system = shell::systems().into_iter().find(|it| it.about().id == connection.system).ok_or("no such system")?;
    let secrets = secrets(account.secrets.into_iter());
    let opening = Opening { connection, secrets, clock: Arc::new(Wall), keeper: Arc::new(KeepsNothing) };
    let chat: Arc<dyn Chat> = system.open(opening)?.chat.ok_or("it has no chat")?;
    chat.send(&message(FREE)).await?;
    let begun = Instant::now();
    for number in 0..FREE {
        chat.send(&message(number)).await?;
    }
    Ok(begun.elapsed().as_secs_f64())
}

fn message(number: u32) -> Message {
    let draft = Draft {
        id: DraftId(format!("bare{number:013}")),
        connection: "bare".into(),
        to: Recipient::People(vec![TO.to_owned()]),
        text: format!("bare {number}"),
        mentions: Vec::new(),
        sealed: false,
        attachments: None,
        guise: Guise::default(),
        thread: None,
        file: None,
    };
    Message { id: DeliveryId(draft.id.0.clone()), draft }
}
