//! Writing calls as systems tell them: new ones, changed ones, and the log's word in place of the live one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::call::{Outcome, Party, Role, SeenCall};
use model::{CallId, ConnectionId, phone};
use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use super::packed::Packers;
use super::parties::Texts;
use super::same::{self, Touched};
use super::spans::{self, Counts};
use super::{NEVER, fingerprint, parties};
use crate::code::Coded;
use crate::{StoreError, Writer, call_notes, call_sameness, follow_ups, source};

/// What stands before the session in the id of a call that was told live and is not yet in the log.
pub(super) const LIVE: &str = "live-";

/// Takes in calls of a connection. `region` is the country whose national numbers it writes without a country code; a number
/// that its system did not make international is read with it. Returns how many calls are new or changed.
///
/// A live call has the external id `live-<session>`. Once the log has a call of this session, the live row goes and a note kept for
/// it is the log's; a live call that is told after its log row is not taken in again.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn upsert(
    w: &mut Writer<'_>,
    connection: &ConnectionId,
    region: Option<&str>,
    calls: &[SeenCall],
) -> Result<u64, StoreError> {
    let source = source::ensure(w, connection)?;
    // Nearly no connection has notes of its own: asked once, nothing is looked up for each call.
    let notes = call_notes::any(w, connection)?.then_some(connection);
    let mut batch = Batch::begin(w, source)?;
    let mut packers = None;
    let mut changed = 0;
    for told in calls {
        let call = international(told, region);
        let fingerprint = fingerprint::of_call(&call);
        let News::Yes { known } = news(w, &mut batch, &call, fingerprint)? else {
            continue;
        };
        let packers = match &mut packers {
            Some(packers) => packers,
            none => none.insert(Packers::new(w, source, calls)?),
        };
        let kept = kept_note(w, notes, &call)?;
        let row = put(w, &mut batch, known, &call, kept.as_deref(), fingerprint)?;
        put_people(w, &mut batch, (row, known.is_none()), &call)?;
        packers.put(w, (row, known.is_none()), &call)?;
        changed += 1;
    }
    let Batch { texts, mut counts, touched, .. } = batch;
    texts.index(w)?;
    same::settle(w, touched, &mut counts)?;
    counts.write(w)?;
    Ok(changed)
}

/// Looks again at which calls are the same as these.
pub(crate) fn settle_around(w: &mut Writer<'_>, ids: &[CallId]) -> Result<(), StoreError> {
    let (mut touched, mut counts) = (Touched::default(), Counts::default());
    for id in ids {
        let Some((connection, external_id)) = id.as_str().split_once('/') else { continue };
        let Some(source) = source::number(w, &ConnectionId::from(connection))? else { continue };
        let sql = "SELECT id, started_at FROM calls WHERE source = $1 AND external_id = $2";
        let mut find = w.conn.prepare_cached(sql)?;
        let found: Option<(i64, i64)> =
            find.query_one(params![source, external_id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((row, started_at)) = found {
            touched.call(row, started_at);
        }
    }
    same::settle(w, touched, &mut counts)?;
    counts.write(w)
}

/// Calls that began before this instant and are still said to ring ring no longer; what became of them is unknown until their
/// system tells. Not every system tells that a call stopped ringing. Returns how many there were.
///
/// # Errors
/// A database that cannot be written.
pub fn stop_ringing(w: &mut Writer<'_>, before: model::Time) -> Result<u64, StoreError> {
    // The literal is the code of `Outcome::Ringing`: only so the index of these few rows is used.
    let rows: Vec<i64> = {
        let sql = "SELECT id FROM calls WHERE outcome = 1 AND started_at < $1";
        let mut statement = w.conn.prepare_cached(sql)?;
        statement.query_map([before.millis()], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let mut counts = Counts::default();
    let outcome = Outcome::Unknown.code();
    for row in &rows {
        let Some(seen) = same::one(w, *row)? else { continue };
        // Without a fingerprint whatever the system tells next is taken in.
        let sql = "UPDATE calls SET outcome = $1, fingerprint = 0 WHERE id = $2";
        w.conn.prepare_cached(sql)?.execute([outcome, *row])?;
        counts.take(seen.kind);
        counts.add(spans::Kind { outcome, ..seen.kind });
    }
    counts.write(w)?;
    Ok(rows.len() as u64)
}

/// The call with the numbers of both sides read in the connection's region, where the system left them national.
fn international<'a>(told: &'a SeenCall, region: Option<&str>) -> Cow<'a, SeenCall> {
    let mut call = Cow::Borrowed(told);
    let read = |side: &Party| side.e164.is_none().then(|| phone::e164(&side.raw, region?)).flatten();
    if let Some(e164) = read(&told.from) {
        call.to_mut().from.e164 = Some(e164);
    }
    if let Some(e164) = read(&told.to) {
        call.to_mut().to.e164 = Some(e164);
    }
    call
}

/// A call that is there already: its row, and what it counts as.
#[derive(Clone, Copy)]
struct Known {
    row: i64,
    kind: spans::Kind,
}

/// Whether a call has to be written.
enum News {
    No,
    /// With the row that it has, if it is known.
    Yes {
        known: Option<Known>,
    },
}

/// Shows a note at a call that is in the cache. `None` takes it away; then the next word of the system is taken in whatever it
/// is, because it may have a note of its own.
pub(crate) fn show_note(
    w: &mut Writer<'_>,
    connection: &ConnectionId,
    external_id: &str,
    text: Option<&str>,
) -> Result<(), StoreError> {
    let Some(source) = source::number(w, connection)? else {
        return Ok(());
    };
    let mut texts = Texts::default();
    let note = text.map(|text| texts.note(w, text)).transpose()?;
    texts.index(w)?;
    let sql = "UPDATE calls SET note = $1, fingerprint = CASE WHEN $1 IS NULL THEN 0 ELSE fingerprint END
        WHERE source = $2 AND external_id = $3 AND note IS DISTINCT FROM $1";
    w.conn.prepare_cached(sql)?.execute(params![note, source, external_id])?;
    Ok(())
}

/// Compares a call with its row. The log's call takes the live row away; a live call after the log's is no news.
fn news(w: &mut Writer<'_>, batch: &mut Batch, call: &SeenCall, fingerprint: i64) -> Result<News, StoreError> {
    let sql = "SELECT fingerprint, id, started_at, source, direction, outcome, line, joined
        FROM calls WHERE source = $1 AND external_id = $2";
    let known: Option<(i64, Known)> = w
        .conn
        .prepare_cached(sql)?
        .query_one(params![batch.source, call.external_id], |row| Ok((row.get(0)?, known(row, 1)?)))
        .optional()?;
    if known.is_some_and(|(before, _)| before == fingerprint) {
        return Ok(News::No);
    }
    let yes = News::Yes { known: known.map(|(_, known)| known) };
    let Some(session) = call.session_id.as_deref().filter(|it| !it.is_empty()) else {
        return Ok(yes);
    };
    let live = format!("{LIVE}{session}");
    if call.external_id != live {
        if batch.take_live(&live) {
            if call_sameness::any(w)? {
                call_sameness::hand_on(w, batch.source, &live, &call.external_id)?;
            }
            remove_row(w, batch.source, &live, &mut batch.touched, &mut batch.counts)?;
        }
        if batch.is_followed_up {
            follow_ups::hand_on(w, batch.source, &live, &call.external_id)?;
        }
        return Ok(yes);
    }
    let sql = "SELECT 1 FROM calls WHERE session_id = $1 AND source = $2 AND external_id <> $3";
    let is_in_log = w.conn.prepare_cached(sql)?.exists(params![session, batch.source, live])?;
    Ok(if is_in_log { News::No } else { yes })
}

fn known(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Known> {
    let kind = spans::Kind {
        started_at: row.get(at + 1)?,
        source: row.get(at + 2)?,
        direction: row.get(at + 3)?,
        outcome: row.get(at + 4)?,
        line: row.get(at + 5)?,
        joined: row.get(at + 6)?,
    };
    Ok(Known { row: row.get(at)?, kind })
}

/// The note that a person wrote here, after it was taken over from the live call whose place this one takes. `notes` is the
/// connection, where any note of it is kept.
fn kept_note(w: &mut Writer<'_>, notes: Option<&ConnectionId>, call: &SeenCall) -> Result<Option<String>, StoreError> {
    let Some(connection) = notes else {
        return Ok(None);
    };
    let live = call.session_id.as_deref().filter(|it| !it.is_empty()).map(|session| format!("{LIVE}{session}"));
    if let Some(live) = live.filter(|live| *live != call.external_id) {
        call_notes::hand_on(w, connection, &live, &call.external_id)?;
    }
    call_notes::text(w, connection, &call.external_id)
}

/// Writes the row of a call: over the one that is known, or a new one. `kept` is the note of a person here, which stands before the
/// system's.
fn put(
    w: &mut Writer<'_>,
    batch: &mut Batch,
    known: Option<Known>,
    call: &SeenCall,
    kept: Option<&str>,
    fingerprint: i64,
) -> Result<i64, StoreError> {
    let from = batch.texts.party(w, &call.from)?;
    let to = batch.texts.party(w, &call.to)?;
    let line = call.line.as_deref().map(|text| batch.texts.line(w, text)).transpose()?;
    let note = kept.or(call.note.as_deref()).filter(|it| !it.is_empty());
    let note = note.map(|text| batch.texts.note(w, text)).transpose()?;
    let named = call.customer_external_id.as_deref().map(|named| batch.named(w, named)).transpose()?;
    let row = known.map_or_else(|| batch.next_row(&call.external_id), |it| it.row);
    let started_at = call.started_at.map_or(NEVER, model::Time::millis);
    let (direction, outcome) = (call.direction.code(), call.outcome.code());
    let kind = spans::Kind { started_at, source: batch.source, direction, outcome, line, joined: None };
    if let Some(before) = known {
        same::dissolve(w, row, &mut batch.touched, &mut batch.counts)?;
        batch.counts.take(before.kind);
        batch.touched.place(before.kind.started_at);
    }
    batch.counts.add(kind);
    batch.touched.call(row, started_at);
    let mut statement = w.conn.prepare_cached(match known {
        None => {
            "INSERT INTO calls (source, external_id, session_id, started_at, duration, direction, outcome, from_party, to_party,
               line, note, named, fingerprint, id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        }
        Some(_) => {
            "UPDATE calls SET source = $1, external_id = $2, session_id = $3, started_at = $4, duration = $5,
               direction = $6, outcome = $7, from_party = $8, to_party = $9, line = $10, note = $11, named = $12,
               fingerprint = $13, joined = NULL
             WHERE id = $14"
        }
    })?;
    statement.execute(params![
        batch.source,
        call.external_id,
        call.session_id,
        started_at,
        call.duration_seconds,
        direction,
        outcome,
        from,
        to,
        line,
        note,
        named,
        fingerprint,
        row,
    ])?;
    Ok(row)
}

/// Who took part, by the system's ids. Whoever spoke did not only ring.
fn put_people(
    w: &mut Writer<'_>,
    batch: &mut Batch,
    (row, is_new): (i64, bool),
    call: &SeenCall,
) -> Result<(), StoreError> {
    if !is_new {
        w.conn.prepare_cached("DELETE FROM call_people WHERE call = $1")?.execute([row])?;
    }
    let mut roles: BTreeMap<&str, Role> = BTreeMap::new();
    for (extension, role) in &call.extensions {
        let kept = roles.entry(extension).or_insert(*role);
        if *role == Role::Spoke {
            *kept = Role::Spoke;
        }
    }
    for (extension, role) in roles {
        let extension = batch.extension(w, extension)?;
        let sql = "INSERT INTO call_people (call, extension, role) VALUES ($1, $2, $3)";
        w.conn.prepare_cached(sql)?.execute(params![row, extension, role.code()])?;
    }
    Ok(())
}

/// Takes calls out that the system no longer has. Returns how many there were.
///
/// # Errors
/// A database that cannot be written.
pub fn remove(w: &mut Writer<'_>, connection: &ConnectionId, external_ids: &[String]) -> Result<u64, StoreError> {
    let Some(source) = source::number(w, connection)? else {
        return Ok(0);
    };
    let (mut touched, mut counts) = (Touched::default(), Counts::default());
    let mut removed = 0;
    for external_id in external_ids {
        removed += u64::from(remove_row(w, source, external_id, &mut touched, &mut counts)?);
    }
    same::settle(w, touched, &mut counts)?;
    counts.write(w)?;
    Ok(removed)
}

fn remove_row(
    w: &mut Writer<'_>,
    source: i64,
    external_id: &str,
    touched: &mut Touched,
    counts: &mut Counts,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM calls WHERE source = $1 AND external_id = $2
        RETURNING id, started_at, source, direction, outcome, line, joined";
    let gone: Option<Known> =
        w.conn.prepare_cached(sql)?.query_one(params![source, external_id], |row| known(row, 0)).optional()?;
    let Some(Known { row, kind }) = gone else {
        return Ok(false);
    };
    for table in ["call_raw", "call_legs", "call_people"] {
        w.conn.prepare_cached(&format!("DELETE FROM {table} WHERE call = $1"))?.execute([row])?;
    }
    counts.take(kind);
    touched.place(kind.started_at);
    // What a person joined with it may have begun far away, and is free for others now.
    if let Some(shown) = kind.joined {
        let sql = "SELECT started_at FROM calls WHERE id = $1";
        let started_at = w.conn.prepare_cached(sql)?.query_one([shown], |row| row.get(0)).optional()?;
        started_at.into_iter().for_each(|it| touched.call(shown, it));
    }
    same::dissolve(w, row, touched, counts)?;
    Ok(true)
}

/// Forgets every call of a connection.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    let (mut touched, mut counts) = (Touched::default(), Counts::default());
    let showing: Vec<i64> = {
        let sql = "SELECT DISTINCT j.joined FROM calls j JOIN calls c ON c.id = j.joined WHERE c.source = $1";
        w.conn.prepare_cached(sql)?.query_map([source], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for row in showing {
        same::dissolve(w, row, &mut touched, &mut counts)?;
    }
    for table in ["call_raw", "call_legs", "call_people"] {
        let sql = format!("DELETE FROM {table} WHERE call IN (SELECT id FROM calls WHERE source = $1)");
        w.conn.execute(&sql, [source])?;
    }
    for table in ["calls", "extensions", "call_customers"] {
        w.conn.execute(&format!("DELETE FROM {table} WHERE source = $1"), [source])?;
    }
    same::settle(w, touched, &mut counts)?;
    counts.write(w)?;
    w.conn.execute("DELETE FROM call_spans WHERE source = $1", [source])?;
    parties::sweep(w)
}
