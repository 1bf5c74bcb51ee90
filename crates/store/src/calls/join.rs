//! What is joined to a call at reading: the colleagues who took part, the customer of the outside number, and what another
//! connection told of the same call.

use std::collections::{BTreeMap, HashMap};

use model::call::{Call, CallPerson, CustomerRef, Direction, Party, SameCall};
use model::customer::Customer;
use model::person::PersonKind;
use model::{CallId, PersonId, SystemId, Time, phone};
use rusqlite::params;

use super::{NEVER, Row, SELECT};
use crate::code::Coded;
use crate::outline::Key;
use crate::source::Source;
use crate::{Reader, StoreError, call_sameness, customers, source};

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
        Ok(Self { id: row.get(0)?, source, call, customer: row.get(8)?, joined: row.get(19)? })
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

    /// The row that is shown for this call.
    pub(super) fn shown(&self) -> i64 {
        self.joined.unwrap_or(self.id)
    }
}

/// Every customer a call may be with: the one that a system names, else all with the outside number.
pub(super) fn customers_of(r: &Reader<'_>, outside: &Outside) -> Result<Vec<Customer>, StoreError> {
    match outside {
        (Some(row), _) => customers::at(r, *row),
        (None, Some(key)) => customers::by_key(r, key),
        (None, None) => Ok(Vec::new()),
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

/// What decides who the customer is: the row of the one that a system names, and the outside number.
pub(super) type Outside = (Option<i64>, Option<String>);

/// A call as it is shown, and what decides who its customer is.
pub(super) struct Joined {
    pub(super) call: Call,
    pub(super) outside: Outside,
}

/// Joins people, customers and other records of the same calls to rows.
pub(super) fn finish(r: &Reader<'_>, rows: Vec<Row>) -> Result<Vec<Call>, StoreError> {
    let desk = Desk::new(r)?;
    // Many calls of a page are with the same number.
    let mut known: HashMap<Outside, (Option<CustomerRef>, u32)> = HashMap::new();
    let mut calls = Vec::with_capacity(rows.len());
    for row in rows {
        let Joined { call, outside } = desk.join(row)?;
        let (customer, customer_count) = match known.get(&outside) {
            Some(found) => found.clone(),
            None => {
                let found = only(customers_of(r, &outside)?);
                known.entry(outside).or_insert(found).clone()
            }
        };
        calls.push(Call { customer, customer_count, ..call });
    }
    Ok(calls)
}

/// The customer, if it is exactly one, and how many there are.
pub(super) fn only(mut customers: Vec<Customer>) -> (Option<CustomerRef>, u32) {
    let count = u32::try_from(customers.len()).unwrap_or(u32::MAX);
    let one = if count == 1 { customers.pop() } else { None };
    (one.map(|it| CustomerRef { id: it.id, name: it.name, company: it.company }), count)
}

/// What is known while rows are joined.
pub(super) struct Desk<'a> {
    r: &'a Reader<'a>,
    sources: BTreeMap<i64, Source>,
    /// Whether a person said anything of any two calls.
    is_anything_said: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn new(r: &'a Reader<'a>) -> Result<Self, StoreError> {
        Ok(Self { r, sources: source::all(r)?, is_anything_said: call_sameness::any(r)? })
    }

    /// A call with its people and with what else is known of it: a record of another connection fills in what this one leaves empty.
    pub(super) fn join(&self, row: Row) -> Result<Joined, StoreError> {
        let others = self.others(&row)?;
        let mut people = people(self.r, &row, self.sources.get(&row.source))?;
        let mut outside = (row.customer, row.outside_key());
        let source = row.source;
        let mut call = row.call;
        for other in others {
            if people.is_empty() {
                people = self::people(self.r, &other, self.sources.get(&other.source))?;
            }
            outside = (outside.0.or(other.customer), outside.1.or_else(|| other.outside_key()));
            let is_by_hand = self.is_anything_said
                && call_sameness::said_of(self.r, source, &call.external_id)?.contains(&(other.id, true));
            let other = other.call;
            call.same.push(SameCall {
                id: other.id,
                connection: other.connection,
                started_at: other.started_at,
                outcome: other.outcome,
                line: other.line.clone(),
                is_by_hand,
            });
            call.note = call.note.or(other.note);
            call.line = call.line.or(other.line);
            fill(&mut call.from, other.from);
            fill(&mut call.to, other.to);
            call.duration_seconds = call.duration_seconds.or(other.duration_seconds);
        }
        Ok(Joined { call: Call { people, ..call }, outside })
    }

    /// Rows of other connections for the same call.
    pub(super) fn others(&self, row: &Row) -> Result<Vec<Row>, StoreError> {
        if self.sources.len() < 2 {
            return Ok(Vec::new());
        }
        let mut statement =
            self.r.conn.prepare_cached(&format!("{} WHERE c.joined = $1 ORDER BY c.source", *SELECT))?;
        let found = statement.query_and_then([row.shown()], |it| Row::read(it, &self.sources))?;
        let mut others: Vec<Row> = found.collect::<Result<_, _>>()?;
        others.retain(|it| it.id != row.id);
        if let Some(shown) = row.joined {
            let mut statement = self.r.conn.prepare_cached(&format!("{} WHERE c.id = $1", *SELECT))?;
            let found = statement.query_and_then([shown], |it| Row::read(it, &self.sources))?;
            others.splice(0..0, found.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(others)
    }
}

/// What is known of a side of a call, filled in where it is empty.
fn fill(party: &mut Party, other: Party) {
    if party.raw.is_empty() {
        let name = party.name.take();
        *party = Party { name: name.or(other.name), ..other };
        return;
    }
    party.name = party.name.take().or(other.name);
    party.location = party.location.take().or(other.location);
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
