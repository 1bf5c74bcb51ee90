//! A batch of calls that is taken in together: what was looked up once stays known until its end.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, params};

use super::parties::Texts;
use super::same::Touched;
use super::spans::Counts;
use super::write::LIVE;
use crate::{StoreError, Writer, follow_ups};

/// What is known while a batch of one connection is written. Nothing of it outlives the write: another program may change the
/// database before the next.
pub(super) struct Batch {
    /// The connection's number.
    pub(super) source: i64,
    /// Parties, lines and notes.
    pub(super) texts: Texts,
    /// What changes in the counts of calls.
    pub(super) counts: Counts,
    /// Where calls have to be joined anew.
    pub(super) touched: Touched,
    /// Whether anything was said of missed calls of this connection, or sent about them.
    pub(super) is_followed_up: bool,
    extensions: HashMap<String, i64>,
    named: HashMap<String, i64>,
    live: HashSet<String>,
    last_row: i64,
}

impl Batch {
    /// Begins a batch.
    pub(super) fn begin(w: &Writer<'_>, source: i64) -> Result<Self, StoreError> {
        // A full stop comes right after the hyphen at the end of what every live id begins with.
        let sql = "SELECT external_id FROM calls WHERE source = $1 AND external_id >= $2 AND external_id < $3";
        let after = LIVE.replace('-', ".");
        let live = {
            let mut statement = w.conn.prepare_cached(sql)?;
            let rows = statement.query_map(params![source, LIVE, after], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let last_row =
            w.conn.prepare_cached("SELECT COALESCE(MAX(id), 0) FROM calls")?.query_one([], |row| row.get(0))?;
        Ok(Self {
            source,
            texts: Texts::default(),
            counts: Counts::default(),
            touched: Touched::default(),
            is_followed_up: follow_ups::any(w, source)?,
            extensions: HashMap::new(),
            named: HashMap::new(),
            live,
            last_row,
        })
    }

    /// Whether a live call with this id stood here; from now on it does not.
    pub(super) fn take_live(&mut self, external_id: &str) -> bool {
        self.live.remove(external_id)
    }

    /// The row of a call that is new. Told here and not asked for: an answer to every insert costs as much as the insert.
    pub(super) fn next_row(&mut self, external_id: &str) -> i64 {
        if external_id.starts_with(LIVE) {
            self.live.insert(external_id.to_owned());
        }
        self.last_row += 1;
        self.last_row
    }

    /// The row of an extension, made at its first use.
    pub(super) fn extension(&mut self, w: &mut Writer<'_>, external_id: &str) -> Result<i64, StoreError> {
        if let Some(row) = self.extensions.get(external_id) {
            return Ok(*row);
        }
        let mut find = w.conn.prepare_cached("SELECT id FROM extensions WHERE source = $1 AND external_id = $2")?;
        let known = find.query_one(params![self.source, external_id], |row| row.get(0)).optional()?;
        let row = match known {
            Some(row) => row,
            None => w
                .conn
                .prepare_cached("INSERT INTO extensions (source, external_id) VALUES ($1, $2) RETURNING id")?
                .query_one(params![self.source, external_id], |row| row.get(0))?,
        };
        self.extensions.insert(external_id.to_owned(), row);
        Ok(row)
    }

    /// The row of a customer that the system names, made at its first use.
    pub(super) fn named(&mut self, w: &mut Writer<'_>, external_id: &str) -> Result<i64, StoreError> {
        if let Some(row) = self.named.get(external_id) {
            return Ok(*row);
        }
        let mut find = w.conn.prepare_cached("SELECT id FROM call_customers WHERE source = $1 AND external_id = $2")?;
        let known = find.query_one(params![self.source, external_id], |row| row.get(0)).optional()?;
        let row = match known {
            Some(row) => row,
            None => w
                .conn
                .prepare_cached(
                    "INSERT INTO call_customers (source, external_id, customer) VALUES ($1, $2,
                       (SELECT k.id FROM customers k WHERE k.source = $1 AND k.external_id = $2)) RETURNING id",
                )?
                .query_one(params![self.source, external_id], |row| row.get(0))?,
        };
        self.named.insert(external_id.to_owned(), row);
        Ok(row)
    }
}
