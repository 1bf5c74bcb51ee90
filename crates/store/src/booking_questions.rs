//! Questions to organisers whether a booking is still needed, and what was written down of their answers. Own data.

use model::booking_change::BookingThen;
use model::booking_detail::BookingAnswer;
use model::message::Delivery;
use model::{ConnectionId, DeliveryId, DraftId, ReservationId, Time};
use rusqlite::{Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer, deliveries};

/// Own data. How the booking stood is written whole, because it may be gone when the answer comes.
pub(crate) const SCHEMA: &str = "
CREATE TABLE booking_questions (
  draft TEXT PRIMARY KEY,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  booking TEXT NOT NULL,
  name TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  answer INTEGER,
  answered_at INTEGER
);
CREATE INDEX booking_questions_by_booking ON booking_questions (connection, external_id);
";

const COLUMNS: &str = "draft, connection, external_id, booking, name, asked_at, answer, answered_at";

/// A question as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The draft that asked.
    pub draft: DraftId,
    /// The booking.
    pub reservation: ReservationId,
    /// The booking as it stood then.
    pub booking: BookingThen,
    /// Who was asked.
    pub name: String,
    /// When.
    pub asked_at: Time,
    /// What was written down, and when.
    pub answer: Option<(BookingAnswer, Time)>,
}

/// Notes a question before its message is handed over. The same draft a second time changes nothing.
///
/// # Errors
/// A database that cannot be written.
pub fn add(w: &mut Writer<'_>, question: &Kept) -> Result<(), StoreError> {
    let (connection, external_id) = parts(&question.reservation);
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO booking_questions (draft, connection, external_id, booking, name, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (draft) DO NOTHING",
    )?;
    statement.execute(params![
        question.draft.as_str(),
        connection,
        external_id,
        code::to_json(&question.booking)?,
        question.name,
        question.asked_at.millis(),
    ])?;
    Ok(())
}

/// Writes the answer down, or takes it back. Whether there is such a question.
///
/// # Errors
/// A database that cannot be written.
pub fn answer(w: &mut Writer<'_>, draft: &DraftId, answer: Option<(BookingAnswer, Time)>) -> Result<bool, StoreError> {
    let mut statement =
        w.conn.prepare_cached("UPDATE booking_questions SET answer = $1, answered_at = $2 WHERE draft = $3")?;
    let (answer, at) = (answer.map(|(it, _)| it.code()), answer.map(|(_, at)| at.millis()));
    Ok(statement.execute(params![answer, at, draft.as_str()])? > 0)
}

/// The questions about a booking, the newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn of(r: &Reader<'_>, reservation: &ReservationId) -> Result<Vec<Kept>, StoreError> {
    let (connection, external_id) = parts(reservation);
    let mut statement = r.conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM booking_questions WHERE connection = $1 AND external_id = $2
         ORDER BY asked_at DESC, draft DESC"
    ))?;
    statement.query_and_then([connection, external_id], read)?.collect()
}

/// Every question that was asked at `since` or later, the newest first.
///
/// # Errors
/// A database that cannot be read.
pub fn since(r: &Reader<'_>, since: Time) -> Result<Vec<Kept>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM booking_questions WHERE asked_at >= $1 ORDER BY asked_at DESC, draft DESC"
    ))?;
    statement.query_and_then([since.millis()], read)?.collect()
}

/// The message of a question; `None` where it never came into the ledger.
///
/// # Errors
/// A database that cannot be read.
pub fn delivery(r: &Reader<'_>, draft: &DraftId) -> Result<Option<Delivery>, StoreError> {
    // One draft is one delivery, which bears the draft's id.
    deliveries::get(r, &DeliveryId(draft.0.clone()))
}

/// Forgets the questions about the bookings of a connection, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM booking_questions WHERE connection = $1")?.execute([connection.as_str()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Kept, StoreError> {
    let connection = ConnectionId(row.get(1)?);
    let answer: Option<i64> = row.get(6)?;
    let at: Option<i64> = row.get(7)?;
    Ok(Kept {
        draft: DraftId(row.get(0)?),
        reservation: ReservationId(format!("{connection}/{}", row.get::<_, String>(2)?)),
        booking: code::from_json(&row.get::<_, String>(3)?, "booking_questions.booking")?,
        name: row.get(4)?,
        asked_at: code::time(row.get(5)?)?,
        answer: match (answer, at) {
            (Some(answer), Some(at)) => Some((BookingAnswer::decode(answer)?, code::time(at)?)),
            _ => None,
        },
    })
}

fn parts(id: &ReservationId) -> (&str, &str) {
    id.as_str().split_once('/').unwrap_or((id.as_str(), ""))
}
