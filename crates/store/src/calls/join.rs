//! What is joined to a call at reading: the colleagues who took part, and the customer of the outside number.

use std::collections::{BTreeMap, HashMap};

use model::call::{Call, CallPerson, CustomerRef, Direction, Party};
use model::customer::Customer;
use model::person::PersonKind;
use model::{CallId, PersonId, SystemId, Time, phone};
use rusqlite::params;

use super::{NEVER, Row};
use crate::code::Coded;
use crate::outline::Key;
use crate::source::Source;
use crate::{Reader, StoreError, customers, source};

impl Row {
    /// Reads the columns of [`super::SELECT`].
    pub(super) fn read(row: &rusqlite::Row<'_>, sources: &BTreeMap<i64, Source>) -> Result<Self, StoreError> {
        let source: i64 = row.get(1)?;
        let connection =
            sources.get(&source).map(|it| it.connection.clone()).ok_or(StoreError::damaged("calls.source"))?;
        let external_id: String = row.get(2)?;
        let started_at: i64 = row.get(4)?;
        let call = Call {
            id: CallId(format!("{connection}/{external_id}")),
            connection,
            external_id,
            session_id: row.get(3)?,
            started_at: Some(started_at).filter(|it| *it != NEVER).and_then(Time::from_millis),
            duration_seconds: row.get(5)?,
            direction: Coded::decode(row.get(6)?)?,
            outcome: Coded::decode(row.get(7)?)?,
            from: party(row, 9)?,
            to: party(row, 13)?,
            line: row.get(17)?,
            people: Vec::new(),
            customer: None,
            customer_count: 0,
            note: row.get(18)?,
            legs: Vec::new(),
            same: Vec::new(),
        };
        Ok(Self { id: row.get(0)?, source, call, customer: row.get(8)? })
    }

    /// Place in the lists.
    pub(super) fn key(&self) -> Key {
        (self.call.started_at.map_or(NEVER, Time::millis), self.id)
    }

    /// The key of the outside number: of who rang, or of whom we rang.
    pub(super) fn outside_key(&self) -> Option<String> {
        phone::key(match self.call.direction {
            Direction::Outbound => &self.call.to,
            Direction::Inbound | Direction::Unknown => &self.call.from,
        })
    }

    /// Every customer this call may be with: the one that the system names, else all with the outside number.
    pub(super) fn customers(&self, r: &Reader<'_>) -> Result<Vec<Customer>, StoreError> {
        if let Some(external_id) = &self.customer
            && let Some(customer) = customers::named(r, self.source, external_id)?
        {
            return Ok(vec![customer]);
        }
        self.outside_key().map_or(Ok(Vec::new()), |key| customers::by_key(r, &key))
    }
}

fn party(row: &rusqlite::Row<'_>, at: usize) -> Result<Party, StoreError> {
    let some = |text: String| (!text.is_empty()).then_some(text);
    Ok(phone::with_shown(Party {
        raw: row.get(at)?,
        e164: row.get(at + 1)?,
        name: some(row.get(at + 2)?),
        location: some(row.get(at + 3)?),
        ..Party::default()
    }))
}

/// What decides who the customer is: the one that a source names, and the outside number.
type Outside = (Option<(i64, String)>, Option<String>);

/// Joins people and customers to rows.
pub(super) fn finish(r: &Reader<'_>, rows: Vec<Row>) -> Result<Vec<Call>, StoreError> {
    let sources = source::all(r)?;
    // Many calls of a page are with the same number.
    let mut known: HashMap<Outside, (Option<CustomerRef>, u32)> = HashMap::new();
    let mut calls = Vec::with_capacity(rows.len());
    for row in rows {
        let people = people(r, &row, sources.get(&row.source))?;
        let key = (row.customer.clone().map(|it| (row.source, it)), row.outside_key());
        let (customer, customer_count) = match known.get(&key) {
            Some(found) => found.clone(),
            None => known.entry(key).or_insert(only(row.customers(r)?)).clone(),
        };
        calls.push(Call { people, customer, customer_count, ..row.call });
    }
    Ok(calls)
}

/// The customer, if it is exactly one, and how many there are.
fn only(mut customers: Vec<Customer>) -> (Option<CustomerRef>, u32) {
    let count = u32::try_from(customers.len()).unwrap_or(u32::MAX);
    let one = if count == 1 { customers.pop() } else { None };
    (one.map(|it| CustomerRef { id: it.id, name: it.name, company: it.company }), count)
}

/// Colleagues only: an extension may as well be a queue, a menu or a program, and those did not take part.
fn people(r: &Reader<'_>, row: &Row, source: Option<&Source>) -> Result<Vec<CallPerson>, StoreError> {
    let system = source.map_or_else(|| SystemId::from(""), |it| it.system.clone());
    let mut statement = r.conn.prepare_cached(
        "SELECT p.external_id, p.name, p.email, w.role
         FROM call_people w JOIN extensions e ON e.id = w.extension
         JOIN people p ON p.source = e.source AND p.external_id = e.external_id
         WHERE w.call = $1 AND p.kind = $2 ORDER BY w.role, p.name, p.external_id",
    )?;
    let rows = statement.query_and_then(params![row.id, PersonKind::User.code()], |it| {
        let external_id: String = it.get(0)?;
        Ok::<_, StoreError>(CallPerson {
            id: PersonId(format!("{}/{external_id}", row.call.connection)),
            name: it.get(1)?,
            email: it.get(2)?,
            system: system.clone(),
            external_id,
            role: Coded::decode(it.get(3)?)?,
        })
    })?;
    rows.collect()
}
