//! What people said of missed calls, taken or done, and which messages went out about them. Own data, which survives a rebuilt cache.

use std::collections::HashMap;

use model::worklist::{FollowUpMark, FollowUpMessage, FollowUpStep};
use model::{CallId, ConnectionId, DeliveryId, DraftId, Time};
use rusqlite::params;

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer, calls, deliveries, source};

/// Own data. A call is named as its system names it. Of several records of one call any may carry what was said.
pub(crate) const SCHEMA: &str = "
CREATE TABLE follow_ups (
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  step INTEGER NOT NULL,
  who TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (connection, external_id)
);
CREATE TABLE follow_up_messages (
  draft TEXT PRIMARY KEY,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX follow_up_messages_by_call ON follow_up_messages (connection, external_id);
";

/// Says the same of several missed calls, over whatever was said of them or of other records of them. Returns what that was, for
/// [`restore`]. A call that is not there is left out.
///
/// # Errors
/// A database that cannot be written.
pub fn say(
    w: &mut Writer<'_>,
    ids: &[CallId],
    step: FollowUpStep,
    who: &str,
    at: Time,
) -> Result<Vec<FollowUpMark>, StoreError> {
    let (mut former, mut standing) = (Vec::new(), Vec::new());
    for id in ids {
        if let Some(id) = calls::standing(w, id)? {
            former.extend(clear(w, &id)?);
            standing.push(id);
        }
    }
    for call in standing {
        put(w, &FollowUpMark { call, step, who: who.to_owned(), at })?;
    }
    Ok(former)
}

/// Takes back what was said of these calls last: what [`say`] returned stands there again.
///
/// # Errors
/// A database that cannot be written.
pub fn restore(w: &mut Writer<'_>, ids: &[CallId], former: &[FollowUpMark]) -> Result<(), StoreError> {
    for id in ids {
        if let Some(id) = calls::standing(w, id)? {
            clear(w, &id)?;
        }
    }
    former.iter().try_for_each(|mark| put(w, mark))
}

/// Everything that was said, by the call of which it was said.
///
/// # Errors
/// A database that cannot be read.
pub fn all(r: &Reader<'_>) -> Result<HashMap<CallId, FollowUpMark>, StoreError> {
    let mut statement = r.conn.prepare_cached("SELECT connection, external_id, step, who, at FROM follow_ups")?;
    let marks = statement.query_and_then([], read)?.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(marks.into_iter().map(|mark| (mark.call.clone(), mark)).collect())
}

/// Notes that a message is about a call, before it is handed over. The same draft a second time changes nothing.
///
/// # Errors
/// A database that cannot be written.
pub fn send(w: &mut Writer<'_>, id: &CallId, draft: &DraftId, name: &str, at: Time) -> Result<(), StoreError> {
    let id = calls::standing(w, id)?.unwrap_or_else(|| id.clone());
    let (connection, external_id) = parts(&id);
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO follow_up_messages (draft, connection, external_id, name, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (draft) DO NOTHING",
    )?;
    statement.execute(params![draft.as_str(), connection, external_id, name, at.millis()])?;
    Ok(())
}

/// The last message about any of these calls that was really handed over.
///
/// # Errors
/// A database that cannot be read.
pub fn last_message(r: &Reader<'_>, ids: &[CallId]) -> Result<Option<FollowUpMessage>, StoreError> {
    let mut newest: Option<FollowUpMessage> = None;
    for id in ids {
        let (connection, external_id) = parts(id);
        let sql = "SELECT d.id, m.name FROM follow_up_messages m JOIN deliveries d ON d.draft = m.draft
            WHERE m.connection = $1 AND m.external_id = $2 ORDER BY d.created_at DESC, d.id DESC LIMIT 1";
        let mut statement = r.conn.prepare_cached(sql)?;
        let mut rows = statement.query([connection, external_id])?;
        let Some(row) = rows.next()? else { continue };
        let Some(delivery) = deliveries::get(r, &DeliveryId(row.get(0)?))? else { continue };
        if newest.as_ref().is_none_or(|it| it.delivery.created_at < delivery.created_at) {
            newest = Some(FollowUpMessage { name: row.get(1)?, delivery });
        }
    }
    Ok(newest)
}

/// Whether anything of a connection's calls is kept here.
pub(crate) fn any(r: &Reader<'_>, source: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM sources s WHERE s.id = $1
        AND (EXISTS (SELECT 1 FROM follow_ups f WHERE f.connection = s.connection)
          OR EXISTS (SELECT 1 FROM follow_up_messages m WHERE m.connection = s.connection))";
    Ok(r.conn.prepare_cached(sql)?.exists([source])?)
}

/// Gives what is kept of one call to another, which has taken its place.
pub(crate) fn hand_on(w: &mut Writer<'_>, source: i64, from: &str, to: &str) -> Result<(), StoreError> {
    let Some(connection) = source::all(w)?.get(&source).cloned() else {
        return Ok(());
    };
    for table in ["follow_ups", "follow_up_messages"] {
        let sql = format!("UPDATE OR REPLACE {table} SET external_id = $1 WHERE connection = $2 AND external_id = $3");
        w.conn.prepare_cached(&sql)?.execute(params![to, connection.as_str(), from])?;
    }
    Ok(())
}

/// Forgets what is kept of a connection's calls, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    for table in ["follow_ups", "follow_up_messages"] {
        w.conn.prepare_cached(&format!("DELETE FROM {table} WHERE connection = $1"))?.execute([connection.as_str()])?;
    }
    Ok(())
}

/// Takes away what was said of any record of a call, and returns it.
fn clear(w: &mut Writer<'_>, id: &CallId) -> Result<Vec<FollowUpMark>, StoreError> {
    let same = calls::call(w, id)?.into_iter().flat_map(|call| call.same).map(|other| other.id);
    let ids: Vec<CallId> = std::iter::once(id.clone()).chain(same).collect();
    let mut taken = Vec::new();
    for id in &ids {
        let (connection, external_id) = parts(id);
        let sql = "DELETE FROM follow_ups WHERE connection = $1 AND external_id = $2
            RETURNING connection, external_id, step, who, at";
        let mut statement = w.conn.prepare_cached(sql)?;
        let rows = statement.query_and_then([connection, external_id], read)?;
        taken.extend(rows.collect::<Result<Vec<_>, StoreError>>()?);
    }
    Ok(taken)
}

fn put(w: &mut Writer<'_>, mark: &FollowUpMark) -> Result<(), StoreError> {
    let (connection, external_id) = parts(&mark.call);
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO follow_ups (connection, external_id, step, who, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (connection, external_id) DO UPDATE SET step = excluded.step, who = excluded.who, at = excluded.at",
    )?;
    statement.execute(params![connection, external_id, mark.step.code(), mark.who, mark.at.millis()])?;
    Ok(())
}

fn read(row: &rusqlite::Row<'_>) -> Result<FollowUpMark, StoreError> {
    Ok(FollowUpMark {
        call: CallId(format!("{}/{}", row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
        step: Coded::decode(row.get(2)?)?,
        who: row.get(3)?,
        at: code::time(row.get(4)?)?,
    })
}

fn parts(id: &CallId) -> (&str, &str) {
    id.as_str().split_once('/').unwrap_or((id.as_str(), ""))
}
