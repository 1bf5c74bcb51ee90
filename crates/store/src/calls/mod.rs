//! Calls: a narrow table for the lists, with what is large or repeated beside it, and what is joined at reading.

mod batch;
mod block;
mod filter;
mod fingerprint;
mod hits;
mod join;
mod last;
mod later;
mod lookup;
mod matching;
mod missed;
mod packed;
mod parties;
mod person_calls;
mod query;
mod read;
mod same;
mod shown;
mod spans;
mod volume;
mod ways;
mod write;

pub use block::{PageRows, block, count, page, page_calls, page_rows, place};
pub use missed::{Fate, Trace, shown, traces};
pub use read::{Told, beside, call, detail, latest_with_number, standing, told};
pub use volume::{lines, unknown_callers, volume};
pub use write::{remove, stop_ringing, upsert};

pub(crate) use later::{SCHEMA as LATER, take_over};
pub(crate) use person_calls::SCHEMA as PERSON_CALLS;
pub(crate) use shown::SCHEMA as SHOWN;
pub(crate) use write::{forget, settle_around, show_note};

use std::sync::LazyLock;

/// What `calls.started_at` holds where the begin is not known: before everything, so that those calls are at the end.
pub(crate) const NEVER: i64 = -(1 << 60);

/// In the cache, as the tables were at first; what came to them since is in `later`.
///
/// `parties`, `lines` and `notes` hold each distinct text once. A party is found again by the digest of its columns; its E.164
/// form is its key where it has one. `call_people` names extensions as the system does; who of
/// them is a colleague is found at reading. `fingerprint` stands for everything a system told of a call.
pub(crate) const SCHEMA: &str = "
CREATE TABLE parties (
  id INTEGER PRIMARY KEY,
  digest INTEGER NOT NULL,
  raw TEXT NOT NULL,
  name TEXT NOT NULL,
  location TEXT NOT NULL,
  number_key TEXT,
  is_e164 INTEGER NOT NULL
);
CREATE INDEX parties_by_digest ON parties (digest);
CREATE INDEX parties_by_number ON parties (number_key) WHERE number_key IS NOT NULL;
CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE calls (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  session_id TEXT,
  started_at INTEGER NOT NULL,
  duration INTEGER,
  direction INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  from_party INTEGER NOT NULL,
  to_party INTEGER NOT NULL,
  line INTEGER,
  note INTEGER,
  customer TEXT,
  fingerprint INTEGER NOT NULL,
  UNIQUE (source, external_id)
);
CREATE INDEX calls_in_lists ON calls (started_at, id, source, direction, outcome);
CREATE INDEX calls_by_from ON calls (from_party, started_at);
CREATE INDEX calls_by_to ON calls (to_party, started_at);
CREATE INDEX calls_that_ring ON calls (started_at) WHERE outcome = 1;
CREATE INDEX calls_by_session ON calls (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX calls_by_note ON calls (note) WHERE note IS NOT NULL;
CREATE INDEX calls_by_customer ON calls (customer, source) WHERE customer IS NOT NULL;
CREATE TABLE call_raw (call INTEGER PRIMARY KEY, dictionary INTEGER, packed BLOB NOT NULL);
CREATE TABLE call_legs (call INTEGER PRIMARY KEY, dictionary INTEGER, packed BLOB NOT NULL);
CREATE TABLE extensions (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  UNIQUE (source, external_id)
);
CREATE TABLE call_people (
  call INTEGER NOT NULL,
  extension INTEGER NOT NULL,
  role INTEGER NOT NULL,
  PRIMARY KEY (call, extension)
) WITHOUT ROWID;
CREATE INDEX calls_of_people ON call_people (extension, call);
";

/// A call as its row has it, before people and customers are joined.
struct Row {
    id: i64,
    source: i64,
    call: model::call::Call,
    /// The row of the customer that the system names, where an address book has it.
    customer: Option<i64>,
    /// The row by which this one is shown, where another connection told of the same call.
    joined: Option<i64>,
}

/// Reads the columns of [`Row::read`] of the calls `c` that this names, together with what is joined to them here.
fn select(calls: &str) -> String {
    static COLUMNS: LazyLock<String> = LazyLock::new(|| {
        let party =
            |it: &str| format!("{it}.raw, CASE WHEN {it}.is_e164 THEN {it}.number_key END, {it}.name, {it}.location");
        format!(
            "SELECT c.id, c.source, c.external_id, c.session_id, c.started_at, c.duration, c.direction, c.outcome, m.customer,
               {}, {}, l.text, n.text, c.joined, f.shown, t.shown FROM ",
            party("f"),
            party("t"),
        )
    });
    const JOINED: &str = " LEFT JOIN parties f ON f.id = c.from_party LEFT JOIN parties t ON t.id = c.to_party
      LEFT JOIN lines l ON l.id = c.line LEFT JOIN notes n ON n.id = c.note LEFT JOIN call_customers m ON m.id = c.named ";
    [COLUMNS.as_str(), calls, JOINED].concat()
}

/// The same, as far as what restricts or orders them.
static SELECT: LazyLock<String> = LazyLock::new(|| select("calls c"));
