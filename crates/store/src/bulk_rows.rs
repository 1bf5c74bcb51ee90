//! The rows of plans of many messages. What became of a row is what became of its delivery in the ledger.

use std::time::Duration;

use model::bulk::{BulkPage, BulkProblem, BulkQuery, BulkRow, BulkShow, BulkState};
use model::failure::Problem;
use model::message::{DeliveryState, Recipient};
use model::{BulkId, ConnectionId, DeliveryId, Raw, Time};
use rusqlite::{OptionalExtension, Row, params};

pub use crate::bulks::Mark;
use crate::bulks::{self, bit, row_state};
use crate::code::{self, Coded};
use crate::deliveries;
use crate::full_text::{self, Needle};
use crate::{Reader, StoreError, Writer};

/// The most rows of a page.
const PAGE: u32 = 200;

const SELECT: &str = "SELECT r.position, r.line, r.connection, r.recipient, r.name, r.text, r.found, r.delivery,
  r.is_excluded, r.mark, d.state, d.detail, d.problem, d.settled_at
  FROM bulk_rows r LEFT JOIN deliveries d ON d.id = r.delivery";

/// A row as it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRow {
    /// Its place, from 1.
    pub position: u32,
    /// Its line in the file.
    pub line: Option<u32>,
    /// Connection.
    pub connection: ConnectionId,
    /// To whom.
    pub to: Recipient,
    /// Their name.
    pub name: Option<String>,
    /// The text as it is sent.
    pub text: String,
    /// Addresses to mention.
    pub mentions: Vec<String>,
    /// Its attachment cards, where they are not those of every row.
    pub attachments: Option<Raw>,
    /// What was found.
    pub found: Vec<BulkProblem>,
    /// Whether it is left out because of that.
    pub is_excluded: bool,
    /// The id that its delivery will have.
    pub delivery: DeliveryId,
}

/// What leaves of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its place.
    pub position: u32,
    /// Its delivery.
    pub delivery: DeliveryId,
    /// To whom.
    pub to: Recipient,
    /// The text.
    pub text: String,
    /// Addresses to mention.
    pub mentions: Vec<String>,
    /// Its attachment cards, where they are not those of every row.
    pub attachments: Option<Raw>,
}

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which.
    pub delivery: DeliveryId,
    /// What became of it; waiting where nothing of it left.
    pub state: DeliveryState,
    /// The system's id or words.
    pub detail: String,
    /// Why.
    pub problem: Option<Problem>,
}

/// Adds the rows of a plan.
///
/// # Errors
/// A database that cannot be written.
pub fn add(w: &mut Writer<'_>, bulk: &BulkId, rows: &[NewRow]) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO bulk_rows (bulk, position, line, connection, recipient, name, text, mentions, found, kinds,
           is_excluded, delivery, folded, attachments)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )?;
    for row in rows {
        let addresses: &[String] = match &row.to {
            Recipient::People(people) => people,
            Recipient::Room(room) => std::slice::from_ref(room),
        };
        let words = row.name.iter().chain(addresses).map(String::as_str);
        let kinds = row.found.iter().fold(0, |bits, it| bits | bit(it.kind));
        statement.execute(params![
            bulk.as_str(),
            row.position,
            row.line,
            row.connection.as_str(),
            code::to_json(&row.to)?,
            row.name,
            row.text,
            code::to_json(&row.mentions)?,
            code::to_json(&row.found)?,
            kinds,
            row.is_excluded,
            row.delivery.as_str(),
            full_text::join(&full_text::segments(words, [])),
            row.attachments.as_ref().map(|it| &it.0),
        ])?;
    }
    Ok(())
}

/// Writes a delivery for every row that is to be sent and has none yet.
///
/// # Errors
/// A database that cannot be written.
pub fn make_deliveries(w: &mut Writer<'_>, bulk: &BulkId, now: Time) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO deliveries (id, draft, connection, recipient, text, state, detail, created_at, bulk)
         SELECT delivery, delivery, connection, recipient, text, $1, '', $2, bulk FROM bulk_rows
         WHERE bulk = $3 AND NOT is_excluded ORDER BY position ON CONFLICT DO NOTHING",
    )?;
    statement.execute(params![DeliveryState::Waiting.code(), now.millis(), bulk.as_str()])?;
    Ok(())
}

/// A page of the rows.
///
/// # Errors
/// A database that cannot be read.
pub fn page(r: &Reader<'_>, bulk: &BulkId, query: &BulkQuery) -> Result<BulkPage, StoreError> {
    let [pattern, digits] =
        Needle::new(&query.search).map_or_else(|| ["%".to_owned(), "%".to_owned()], |it| it.patterns());
    let kinds = query.found.map_or(0, bit);
    let rows = "r.bulk = $1 AND ($2 = 0 OR (r.kinds & $2) <> 0) AND (r.folded LIKE $3 ESCAPE '\\' OR r.folded LIKE $4 ESCAPE '\\')";
    let states = shown(query.show);
    let order = if query.is_backwards { "DESC" } else { "ASC" };
    let sql = format!("{SELECT} WHERE {rows} AND {states} ORDER BY r.position {order} LIMIT $5 OFFSET $6");
    let values = params![bulk.as_str(), kinds, pattern, digits, PAGE, query.offset];
    let found = r.conn.prepare_cached(&sql)?.query_and_then(values, read)?.collect::<Result<_, _>>()?;
    let sql = format!(
        "SELECT COUNT(*) FROM bulk_rows r LEFT JOIN deliveries d ON d.id = r.delivery WHERE {rows} AND {states}"
    );
    let total =
        r.conn.prepare_cached(&sql)?.query_one(params![bulk.as_str(), kinds, pattern, digits], |row| row.get(0));
    Ok(BulkPage { rows: found, total: total? })
}

/// The condition of what is shown, with the numbers of `DeliveryState` and [`Mark`].
fn shown(show: BulkShow) -> &'static str {
    match show {
        BulkShow::All => "TRUE",
        BulkShow::NeedsYou => "NOT r.is_excluded AND d.state IN (4, 5, 6) AND r.mark IS NULL",
        BulkShow::Waiting => "NOT r.is_excluded AND COALESCE(d.state, 1) IN (1, 2)",
        BulkShow::Delivered => "d.state = 3",
    }
}

/// One row.
///
/// # Errors
/// A database that cannot be read.
pub fn get(r: &Reader<'_>, bulk: &BulkId, position: u32) -> Result<Option<BulkRow>, StoreError> {
    let sql = format!("{SELECT} WHERE r.bulk = $1 AND r.position = $2");
    r.conn.prepare_cached(&sql)?.query_and_then(params![bulk.as_str(), position], read)?.next().transpose()
}

/// Rows after a position in their order, for a report.
///
/// # Errors
/// A database that cannot be read.
pub fn after(r: &Reader<'_>, bulk: &BulkId, position: u32, limit: u32) -> Result<Vec<BulkRow>, StoreError> {
    let sql = format!("{SELECT} WHERE r.bulk = $1 AND r.position > $2 ORDER BY r.position LIMIT $3");
    r.conn.prepare_cached(&sql)?.query_and_then(params![bulk.as_str(), position, limit], read)?.collect()
}

/// What waits to leave through a connection after a position, in its order.
///
/// # Errors
/// A database that cannot be read.
pub fn waiting(
    r: &Reader<'_>,
    bulk: &BulkId,
    connection: &ConnectionId,
    position: u32,
    limit: u32,
) -> Result<Vec<Outgoing>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT r.position, r.delivery, r.recipient, r.text, r.mentions, r.attachments
         FROM bulk_rows r JOIN deliveries d ON d.id = r.delivery
         WHERE r.bulk = $1 AND r.connection = $2 AND r.position > $3 AND d.state IN ($4, $5)
         ORDER BY r.position LIMIT $6",
    )?;
    let values = params![
        bulk.as_str(),
        connection.as_str(),
        position,
        DeliveryState::Waiting.code(),
        DeliveryState::Paused.code(),
        limit
    ];
    statement.query_and_then(values, outgoing)?.collect()
}

/// What leaves of the row that a delivery belongs to, and the plan it is in.
///
/// # Errors
/// A database that cannot be read.
pub fn of_delivery(r: &Reader<'_>, id: &DeliveryId) -> Result<Option<(BulkId, Outgoing)>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT position, delivery, recipient, text, mentions, attachments, bulk FROM bulk_rows WHERE delivery = $1",
    )?;
    let row = |row: &Row<'_>| Ok((BulkId(row.get(6)?), outgoing(row)?));
    statement.query_and_then([id.as_str()], row)?.next().transpose()
}

/// The connections through which something of a plan waits.
///
/// # Errors
/// A database that cannot be read.
pub fn connections_waiting(r: &Reader<'_>, bulk: &BulkId) -> Result<Vec<ConnectionId>, StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT DISTINCT connection FROM deliveries WHERE bulk = $1 AND state IN ($2, $3) ORDER BY connection",
    )?;
    let values = params![bulk.as_str(), DeliveryState::Waiting.code(), DeliveryState::Paused.code()];
    statement.query_and_then(values, |row| Ok(ConnectionId(row.get(0)?)))?.collect()
}

/// The deliveries of a plan that stand so.
///
/// # Errors
/// A database that cannot be read.
pub fn deliveries_in(r: &Reader<'_>, bulk: &BulkId, state: DeliveryState) -> Result<Vec<DeliveryId>, StoreError> {
    let mut statement =
        r.conn.prepare_cached("SELECT id FROM deliveries WHERE bulk = $1 AND state = $2 ORDER BY id")?;
    statement.query_and_then(params![bulk.as_str(), state.code()], |row| Ok(DeliveryId(row.get(0)?)))?.collect()
}

/// One step of a connection: writes down how the last messages ended, and claims the next where the plan still runs. Answers with
/// those that were claimed; `None` where the plan does not run any more.
///
/// # Errors
/// A database that cannot be written.
pub fn step(
    w: &mut Writer<'_>,
    bulk: &BulkId,
    settled: &[Settled],
    next: &[DeliveryId],
    now: Time,
    lease: Duration,
) -> Result<Option<Vec<DeliveryId>>, StoreError> {
    for it in settled {
        if it.state == DeliveryState::Waiting {
            deliveries::hold(w, &it.delivery, now, lease)?;
        } else {
            deliveries::settle(w, &it.delivery, it.state, &it.detail, it.problem.as_ref(), now)?;
        }
    }
    if bulks::state(w, bulk)? != Some(BulkState::Running) {
        return Ok(None);
    }
    let mut claimed = Vec::with_capacity(next.len());
    for id in next {
        if deliveries::claim(w, id, now, lease)? {
            claimed.push(id.clone());
        }
    }
    Ok(Some(claimed))
}

/// Withholds what has not left of a plan. How many.
///
/// # Errors
/// A database that cannot be written.
pub fn withhold(
    w: &mut Writer<'_>,
    bulk: &BulkId,
    detail: &str,
    problem: &Problem,
    now: Time,
) -> Result<(), StoreError> {
    for state in [DeliveryState::Waiting, DeliveryState::Paused] {
        for id in deliveries_in(w, bulk, state)? {
            deliveries::settle(w, &id, DeliveryState::Refused, detail, Some(problem), now)?;
            mark(w, &id, Some(Mark::Withheld))?;
        }
    }
    Ok(())
}

/// Notes what was said of a row.
///
/// # Errors
/// A database that cannot be written.
pub fn mark(w: &mut Writer<'_>, delivery: &DeliveryId, mark: Option<Mark>) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached("UPDATE bulk_rows SET mark = $1 WHERE delivery = $2")?;
    statement.execute(params![mark.map(Coded::code), delivery.as_str()])?;
    Ok(())
}

/// Takes up again what was refused, and what is unknown where that is wanted. What was withheld stays. How many.
///
/// # Errors
/// A database that cannot be written.
pub fn take_up(
    w: &mut Writer<'_>,
    bulk: &BulkId,
    with_unknown: bool,
    now: Time,
    lease: Duration,
) -> Result<u32, StoreError> {
    let mut taken = 0;
    let states: &[_] =
        if with_unknown { &[DeliveryState::Refused, DeliveryState::Unknown] } else { &[DeliveryState::Refused] };
    for state in states {
        for id in deliveries_in(w, bulk, *state)? {
            let sql = "SELECT mark FROM bulk_rows WHERE delivery = $1";
            let marked: Option<Option<i64>> =
                w.conn.prepare_cached(sql)?.query_one([id.as_str()], |row| row.get(0)).optional()?;
            // What somebody left alone, or withheld, is not meant by everything.
            if marked.flatten().is_none() && deliveries::take_up(w, &id, now, lease)? {
                taken += 1;
            }
        }
    }
    Ok(taken)
}

/// What went out or may have gone out since an instant: connection, recipient as it is kept, text, and when.
///
/// # Errors
/// A database that cannot be read.
pub fn sent_since(
    r: &Reader<'_>,
    since: Time,
    mut each: impl FnMut(ConnectionId, Recipient, &str, Time),
) -> Result<(), StoreError> {
    let mut statement = r.conn.prepare_cached(
        "SELECT connection, recipient, text, COALESCE(settled_at, created_at) FROM deliveries
         WHERE created_at >= $1 AND state IN ($2, $3, $4)",
    )?;
    let [sent, sending, unknown] =
        [DeliveryState::Sent, DeliveryState::Sending, DeliveryState::Unknown].map(Coded::code);
    let mut rows = statement.query(params![since.millis(), sent, sending, unknown])?;
    while let Some(row) = rows.next()? {
        let to = code::from_json(&row.get::<_, String>(1)?, "deliveries.recipient")?;
        let text: String = row.get(2)?;
        each(ConnectionId(row.get(0)?), to, &text, code::time(row.get(3)?)?);
    }
    Ok(())
}

pub(crate) fn outgoing(row: &Row<'_>) -> Result<Outgoing, StoreError> {
    Ok(Outgoing {
        position: row.get(0)?,
        delivery: DeliveryId(row.get(1)?),
        to: code::from_json(&row.get::<_, String>(2)?, "bulk_rows.recipient")?,
        text: row.get(3)?,
        mentions: code::from_json(&row.get::<_, String>(4)?, "bulk_rows.mentions")?,
        attachments: row.get::<_, Option<String>>(5)?.map(Raw),
    })
}

fn read(row: &Row<'_>) -> Result<BulkRow, StoreError> {
    let problem: Option<String> = row.get(12)?;
    Ok(BulkRow {
        position: row.get(0)?,
        line: row.get(1)?,
        connection: ConnectionId(row.get(2)?),
        to: code::from_json(&row.get::<_, String>(3)?, "bulk_rows.recipient")?,
        name: row.get(4)?,
        text: row.get(5)?,
        found: code::from_json(&row.get::<_, String>(6)?, "bulk_rows.found")?,
        delivery: DeliveryId(row.get(7)?),
        state: row_state(row, 8)?,
        detail: row.get::<_, Option<String>>(11)?.unwrap_or_default(),
        // A reason that a newer version knew: the row matters more.
        problem: problem.and_then(|text| serde_json::from_str(&text).ok()),
        at: row.get::<_, Option<i64>>(13)?.map(code::time).transpose()?,
    })
}
