//! What a search finds before any call is looked at: parties, notes and customers, each looked up once.

use std::collections::HashSet;
use std::rc::Rc;

use rusqlite::types::Value;
use rusqlite::{ToSql, params};

use super::ways::Way;
use crate::full_text::{Needle, Words};
use crate::{Reader, StoreError};

/// Numbers of rows, as one parameter of a statement.
pub(super) type Rows = Rc<Vec<Value>>;

/// The rows that hold what is searched for.
pub(super) struct Hits {
    /// Sides of calls.
    pub(super) parties: Rows,
    /// Notes.
    pub(super) notes: Rows,
    /// Sides of calls with a number of a customer, those that are hits themselves left out.
    pub(super) customer_parties: Rows,
    /// Customers as calls name them.
    pub(super) named: Rows,
}

impl Hits {
    /// Looks them up.
    pub(super) fn find(r: &Reader<'_>, needle: &Needle) -> Result<Self, StoreError> {
        let expression = needle.expression();
        let words = |words: Words| rows(r, &words.matching("$1"), &expression);
        let (parties, customers) = (words(Words::Party)?, words(Words::Customer)?);
        let known: HashSet<i64> = parties.iter().copied().collect();
        let customers = list(customers);
        let mut of_customers = rows(
            r,
            "SELECT p.id FROM rarray($1) k JOIN customer_numbers b ON b.customer = k.value
             JOIN parties p ON p.number_key = b.number_key",
            &customers,
        )?;
        of_customers.retain(|row| !known.contains(row));
        let named = rows(r, "SELECT m.id FROM rarray($1) k JOIN call_customers m ON m.customer = k.value", &customers)?;
        Ok(Self {
            parties: list(parties),
            notes: list(words(Words::Note)?),
            customer_parties: list(of_customers),
            named: list(named),
        })
    }

    /// Whether nothing can be found by this way.
    pub(super) fn is_empty(&self, way: Way) -> bool {
        match way {
            Way::FromWords | Way::ToWords => self.parties.is_empty(),
            Way::NoteWords => self.notes.is_empty(),
            Way::CustomerFrom | Way::CustomerTo => self.customer_parties.is_empty(),
            Way::CustomerNamed => self.named.is_empty(),
            Way::ChosenFrom
            | Way::ChosenTo
            | Way::ChosenNamed
            | Way::PersonWords
            | Way::FromNumber
            | Way::ToNumber
            | Way::Extension
            | Way::CallerFrom
            | Way::CallerTo => false,
        }
    }
}

fn rows(r: &Reader<'_>, sql: &str, parameter: &impl ToSql) -> Result<Vec<i64>, StoreError> {
    let mut statement = r.conn.prepare_cached(sql)?;
    Ok(statement.query_map(params![parameter], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// In rising order, so that an index is gone through in one direction.
fn list(mut rows: Vec<i64>) -> Rows {
    rows.sort_unstable();
    rows.dedup();
    Rc::new(rows.into_iter().map(Value::from).collect())
}
