//! The ledger: one row for each message to one recipient, and the drafts they came from. Own data.

use std::time::Duration;

use model::audit::{AuditKind, AuditOutcome, Deed};
use model::failure::Problem;
use model::message::{Delivery, DeliveryState, Draft, Recipient};
use model::{ConnectionId, DeliveryId, DraftId, Raw, Time};
use rusqlite::{OptionalExtension, Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer, audit, connections};

/// How much of a text the log of writes keeps, in characters.
const LOGGED_CHARACTERS: usize = 200;

/// Own data. One draft is one delivery, which is what makes a second press harmless.
pub(crate) const SCHEMA: &str = "
CREATE TABLE deliveries (
  id TEXT PRIMARY KEY,
  draft TEXT NOT NULL UNIQUE,
  connection TEXT NOT NULL,
  recipient TEXT NOT NULL,
  text TEXT NOT NULL,
  state INTEGER NOT NULL,
  detail TEXT NOT NULL,
  problem TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  leased_until INTEGER
);
CREATE INDEX deliveries_by_time ON deliveries (created_at, id);
CREATE INDEX deliveries_by_state ON deliveries (state, created_at);
CREATE TABLE drafts (id TEXT PRIMARY KEY, body TEXT NOT NULL);
";

const SELECT: &str = "SELECT id, draft, connection, recipient, text, state, detail, problem, created_at, settled_at, file FROM deliveries";

/// Takes a message into the ledger. `false` when its draft, or its id, is there already: then nothing was changed, and nothing
/// must be sent.
///
/// # Errors
/// A database that cannot be written.
pub fn add(w: &mut Writer<'_>, delivery: &Delivery) -> Result<bool, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO deliveries
           (id, draft, connection, recipient, text, state, detail, problem, created_at, settled_at, file)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
    )?;
    let added = statement.execute(params![
        delivery.id.as_str(),
        delivery.draft.as_str(),
        delivery.connection.as_str(),
        code::to_json(&delivery.to)?,
        delivery.text,
        delivery.state.code(),
        delivery.detail,
        delivery.problem.as_ref().map(code::to_json).transpose()?,
        delivery.created_at.millis(),
        delivery.settled_at.map(Time::millis),
        delivery.file.as_ref().map(code::to_json).transpose()?,
    ])?;
    Ok(added == 1)
}

/// Keeps the whole draft beside its delivery, so that a message that waits can still be sent after a restart. Announces nothing.
///
/// # Errors
/// A database that cannot be written.
pub fn keep_draft(w: &mut Writer<'_>, draft: &Draft) -> Result<(), StoreError> {
    let mut statement =
        w.conn.prepare_cached("INSERT INTO drafts (id, body) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")?;
    statement.execute(params![draft.id.as_str(), code::to_json(draft)?])?;
    Ok(())
}

/// The draft of a delivery, if it was kept.
///
/// # Errors
/// A database that cannot be read.
pub fn draft(r: &Reader<'_>, id: &DraftId) -> Result<Option<Draft>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT body FROM drafts WHERE id = $1")?;
    let body: Option<String> = statement.query_one([id.as_str()], |row| row.get(0)).optional()?;
    body.map(|text| code::from_json(&text, "drafts.body")).transpose()
}

/// Claims a delivery that waits or is paused, for the caller alone. `false` where it is not there to be claimed: another has
/// it, or it was settled. A claim never becomes free by itself, because nobody knows whether the message left; past its `lease`
/// it is told by [`abandoned`].
///
/// # Errors
/// A database that cannot be written.
pub fn claim(w: &mut Writer<'_>, id: &DeliveryId, now: Time, lease: Duration) -> Result<bool, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "UPDATE deliveries SET state = $1, leased_until = $2, settled_at = NULL WHERE id = $3 AND state IN ($4, $5)",
    )?;
    let claimed = statement.execute(params![
        DeliveryState::Sending.code(),
        now.plus(lease).millis(),
        id.as_str(),
        DeliveryState::Waiting.code(),
        DeliveryState::Paused.code(),
    ])?;
    Ok(claimed == 1)
}

/// Writes down what became of a delivery, also in the log of writes. `at` is kept where the state is final: sent, refused or unknown.
///
/// # Errors
/// A database that cannot be written.
pub fn settle(
    w: &mut Writer<'_>,
    id: &DeliveryId,
    state: DeliveryState,
    detail: &str,
    problem: Option<&Problem>,
    at: Time,
) -> Result<(), StoreError> {
    let is_final = match state {
        DeliveryState::Sent | DeliveryState::Refused | DeliveryState::Unknown => true,
        DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Paused => false,
    };
    let mut statement = w.conn.prepare_cached(
        "UPDATE deliveries SET state = $1, detail = $2, problem = $3, settled_at = $4, leased_until = NULL
         WHERE id = $5 AND (state <> $1 OR detail <> $2 OR problem IS DISTINCT FROM $3)",
    )?;
    let changed = statement.execute(params![
        state.code(),
        detail,
        problem.map(code::to_json).transpose()?,
        is_final.then_some(at.millis()),
        id.as_str(),
    ])?;
    if changed == 1 { log(w, id, at) } else { Ok(()) }
}

/// Puts a delivery whose outcome is known into the log of writes. Of a long text its beginning is kept there, and its digest.
fn log(w: &mut Writer<'_>, id: &DeliveryId, at: Time) -> Result<(), StoreError> {
    let Some(delivery) = get(w, id)? else { return Ok(()) };
    let outcome = match delivery.state {
        DeliveryState::Sent => AuditOutcome::Done,
        DeliveryState::Refused => AuditOutcome::Refused,
        DeliveryState::Unknown => AuditOutcome::Unknown,
        DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Paused => return Ok(()),
    };
    let named = connections::get(w, &delivery.connection)?;
    let text: String = delivery.text.chars().take(LOGGED_CHARACTERS).collect();
    let mut sent = serde_json::json!({ "to": delivery.to, "text": text, "sha256": audit::sha256(&delivery.text) });
    if let Some(file) = &delivery.file {
        sent["file"] = serde_json::json!({ "name": file.name, "size": file.size, "sha256": file.sha256 });
    }
    let deed = Deed {
        kind: AuditKind::Message,
        connection: delivery.connection,
        connection_name: named.map(|it| it.name).unwrap_or_default(),
        subject: match delivery.to {
            Recipient::People(people) => people.join(", "),
            Recipient::Room(room) => room,
        },
        resource: None,
        key: Some(id.to_string()),
        before: None,
        after: Some(Raw(sent.to_string())),
        done: None,
        puts_back: None,
    };
    audit::append(w, deed, at, Some(audit::End { outcome, detail: delivery.detail, key: None, after: None }))?;
    Ok(())
}

/// Lengthens a claim that still stands. `false`: it was settled meanwhile, and nothing may leave any more.
///
/// # Errors
/// A database that cannot be written.
pub fn renew(w: &mut Writer<'_>, id: &DeliveryId, now: Time, lease: Duration) -> Result<bool, StoreError> {
    let mut statement =
        w.conn.prepare_cached("UPDATE deliveries SET leased_until = $1 WHERE id = $2 AND state = $3")?;
    Ok(statement.execute(params![now.plus(lease).millis(), id.as_str(), DeliveryState::Sending.code()])? == 1)
}

/// Puts a claimed delivery back among those that wait: nothing of it has left. The claim's owner keeps it until `now` and `lease`
/// are over, so that nobody takes it for left behind. `false`: it was settled meanwhile.
///
/// # Errors
/// A database that cannot be written.
pub fn hold(w: &mut Writer<'_>, id: &DeliveryId, now: Time, lease: Duration) -> Result<bool, StoreError> {
    let mut statement =
        w.conn.prepare_cached("UPDATE deliveries SET state = $1, leased_until = $2 WHERE id = $3 AND state = $4")?;
    let held = statement.execute(params![
        DeliveryState::Waiting.code(),
        now.plus(lease).millis(),
        id.as_str(),
        DeliveryState::Sending.code(),
    ])?;
    Ok(held == 1)
}

/// Takes up a delivery again that a person wants to have sent after all: one that was refused, is unknown or is paused. Whoever
/// takes it up has `lease` to claim it. `false` where it stands otherwise: then nothing was changed, and nothing must be sent.
///
/// # Errors
/// A database that cannot be written.
pub fn take_up(w: &mut Writer<'_>, id: &DeliveryId, now: Time, lease: Duration) -> Result<bool, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "UPDATE deliveries SET state = $1, leased_until = $2, detail = '', problem = NULL, settled_at = NULL
         WHERE id = $3 AND state IN ($4, $5, $6)",
    )?;
    let taken = statement.execute(params![
        DeliveryState::Waiting.code(),
        now.plus(lease).millis(),
        id.as_str(),
        DeliveryState::Refused.code(),
        DeliveryState::Unknown.code(),
        DeliveryState::Paused.code(),
    ])?;
    Ok(taken == 1)
}

/// Deliveries that were claimed and not settled within their lease, oldest first: whoever had them is gone or stuck.
///
/// # Errors
/// A database that cannot be read.
pub fn abandoned(r: &Reader<'_>, now: Time) -> Result<Vec<Delivery>, StoreError> {
    let sql = format!("{SELECT} WHERE state = $1 AND leased_until <= $2 ORDER BY created_at, id");
    let values = params![DeliveryState::Sending.code(), now.millis()];
    r.conn.prepare_cached(&sql)?.query_and_then(values, read)?.collect()
}

/// One delivery.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} WHERE id = $1"))?;
    statement.query_and_then([id.as_str()], read)?.next().transpose()
}

/// Everything that a draft of the composer became: the delivery that bears its id, and those of its recipients, whose ids begin with
/// it.
///
/// # Errors
/// A database that cannot be read.
pub fn of_draft(r: &Reader<'_>, id: &DraftId) -> Result<Vec<Delivery>, StoreError> {
    // What comes after `-` in the order of signs is `.`: between the two are the ids that begin with this one.
    let sql = format!(
        "{SELECT} WHERE draft = $1 OR (draft > $1 || '-' AND draft < $1 || '.') ORDER BY created_at DESC, id DESC"
    );
    r.conn.prepare_cached(&sql)?.query_and_then([id.as_str()], read)?.collect()
}

/// How many messages left through a connection since `since`, as far as this ledger knows.
///
/// # Errors
/// A database that cannot be read.
pub fn sent_since(r: &Reader<'_>, connection: &ConnectionId, since: Time) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM deliveries WHERE connection = $1 AND created_at >= $2 AND state IN ($3, $4)";
    let (sent, unknown) = (DeliveryState::Sent.code(), DeliveryState::Unknown.code());
    let values = params![connection.as_str(), since.millis(), sent, unknown];
    Ok(r.conn.prepare_cached(sql)?.query_one(values, |row| row.get(0))?)
}

/// The deliveries handed over last, newest first, without those that belong to a plan of many.
///
/// # Errors
/// A database that cannot be read.
pub fn recent(r: &Reader<'_>, limit: u32) -> Result<Vec<Delivery>, StoreError> {
    let mut statement =
        r.conn.prepare_cached(&format!("{SELECT} WHERE bulk IS NULL ORDER BY created_at DESC, id DESC LIMIT $1"))?;
    statement.query_and_then([limit], read)?.collect()
}

/// The deliveries handed over before one, newest first, without those that belong to a plan of many; none where there is no such
/// one.
///
/// # Errors
/// A database that cannot be read.
pub fn before(r: &Reader<'_>, id: &DeliveryId, limit: u32) -> Result<Vec<Delivery>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE bulk IS NULL AND (created_at, id) < (SELECT created_at, id FROM deliveries WHERE id = $1)
         ORDER BY created_at DESC, id DESC LIMIT $2"
    );
    r.conn.prepare_cached(&sql)?.query_and_then(params![id.as_str(), limit], read)?.collect()
}

/// Deliveries that wait and that nobody is about to send any more, oldest first: what holds them is over, or for so long as
/// `patience` nobody took them. What belongs to a plan of many waits with it for as long as that takes.
///
/// # Errors
/// A database that cannot be read.
pub fn left_waiting(r: &Reader<'_>, now: Time, patience: Duration, limit: u32) -> Result<Vec<Delivery>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE bulk IS NULL AND state = $1 AND IFNULL(leased_until <= $2, created_at < $3)
         ORDER BY created_at, id LIMIT $4"
    );
    let values = params![DeliveryState::Waiting.code(), now.millis(), now.minus(patience).millis(), limit];
    r.conn.prepare_cached(&sql)?.query_and_then(values, read)?.collect()
}

/// Deliveries of a connection that wait for a person, oldest first; of all connections for `None`. Those of a plan of many are not
/// among them: a plan goes on only when a person says so.
///
/// # Errors
/// A database that cannot be read.
pub fn paused(r: &Reader<'_>, connection: Option<&ConnectionId>) -> Result<Vec<Delivery>, StoreError> {
    let sql =
        format!("{SELECT} WHERE bulk IS NULL AND state = $1 AND IFNULL(connection = $2, 1) ORDER BY created_at, id");
    let values = params![DeliveryState::Paused.code(), connection.map(ConnectionId::as_str)];
    r.conn.prepare_cached(&sql)?.query_and_then(values, read)?.collect()
}

/// Deliveries that were handed over since `since` and have been unknown at least since `settled`, newest first; at most `limit` of
/// each connection, so that one that cannot be asked takes no place of another.
///
/// # Errors
/// A database that cannot be read.
pub fn doubtful(r: &Reader<'_>, since: Time, settled: Time, limit: u32) -> Result<Vec<Delivery>, StoreError> {
    let sql =
        "SELECT id, draft, connection, recipient, text, state, detail, problem, created_at, settled_at, file FROM (
           SELECT *, ROW_NUMBER() OVER (PARTITION BY connection ORDER BY created_at DESC, id DESC) AS place
           FROM deliveries WHERE state = $1 AND created_at >= $2 AND settled_at <= $3
         ) AS newest WHERE place <= $4 ORDER BY created_at DESC, id DESC";
    let values = params![DeliveryState::Unknown.code(), since.millis(), settled.millis(), limit];
    r.conn.prepare_cached(sql)?.query_and_then(values, read)?.collect()
}

fn read(row: &Row<'_>) -> Result<Delivery, StoreError> {
    let problem: Option<String> = row.get(7)?;
    Ok(Delivery {
        id: DeliveryId(row.get(0)?),
        draft: DraftId(row.get(1)?),
        connection: ConnectionId(row.get(2)?),
        to: code::from_json(&row.get::<_, String>(3)?, "deliveries.recipient")?,
        text: row.get(4)?,
        state: Coded::decode(row.get(5)?)?,
        detail: row.get(6)?,
        // A reason that a newer version knew: the row matters more.
        problem: problem.and_then(|text| serde_json::from_str(&text).ok()),
        created_at: code::time(row.get(8)?)?,
        settled_at: row.get::<_, Option<i64>>(9)?.map(code::time).transpose()?,
        file: row.get::<_, Option<String>>(10)?.and_then(|text| serde_json::from_str(&text).ok()),
    })
}
