//! What is joined to a call at reading: the colleagues who took part, the customer of the outside number, and what another
//! connection told of the same call.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use model::call::{Call, CallPerson, CustomerRef, Direction, Party, SameCall};
use model::customer::Customer;
use model::person::PersonKind;
use model::{CallId, PersonId, Time, phone};
use rusqlite::params;
use rusqlite::types::Value;

use super::{NEVER, Row, select};
use crate::code::Coded;
use crate::customers::InBrief;
use crate::outline::Key;
use crate::source::Sources;
use crate::{Reader, StoreError, call_sameness, customers, source};

impl Row {
    /// Reads the columns of [`super::select`].
    pub(super) fn read(row: &rusqlite::Row<'_>, sources: &Sources) -> Result<Self, StoreError> {
        let source: i64 = row.get(1)?;
        let connection = sources.get(&source).cloned().ok_or(StoreError::damaged("calls.source"))?;
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
            from: party(row, 9, 20)?,
            to: party(row, 13, 21)?,
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

/// A side of a call. A number that was written before it was kept as it is shown is made so now.
fn party(row: &rusqlite::Row<'_>, at: usize, shown: usize) -> Result<Party, StoreError> {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let party = Party {
        raw: row.get(at)?,
        e164: row.get(at + 1)?,
        name: some(row.get(at + 2)?),
        location: some(row.get(at + 3)?),
        ..Party::default()
    };
    Ok(match row.get(shown)? {
        Some(shown) => Party { shown, ..party },
        None => phone::with_shown(party),
    })
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
    Desk::new(r, &rows)?.finish(rows)
}

/// The customer, if it is exactly one, and how many there are.
pub(super) fn only(customers: &[Customer]) -> (Option<CustomerRef>, u32) {
    let count = u32::try_from(customers.len()).unwrap_or(u32::MAX);
    let one = match customers {
        [one] => Some(CustomerRef { id: one.id.clone(), name: one.name.clone(), company: one.company.clone() }),
        _ => None,
    };
    (one, count)
}

/// What is joined to the rows of a page: looked up for all of them together.
pub(super) struct Desk<'a> {
    r: &'a Reader<'a>,
    /// Rows of other connections, by the row that shows them; the one that shows them is among them where it is none of the page.
    others: HashMap<i64, Vec<Row>>,
    /// Colleagues who took part, by row.
    people: HashMap<i64, Vec<CallPerson>>,
    /// Whether a person said anything of any two calls; asked only where there is anything to say it of.
    is_anything_said: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn new(r: &'a Reader<'a>, rows: &[Row]) -> Result<Self, StoreError> {
        Self::beside(r, rows, std::iter::empty())
    }

    /// The same, and the people of further rows, which are no rows of the page.
    pub(super) fn beside(
        r: &'a Reader<'a>,
        rows: &[Row],
        further: impl Iterator<Item = i64>,
    ) -> Result<Self, StoreError> {
        let sources = source::all(r)?;
        let mut others: HashMap<i64, Vec<Row>> = HashMap::new();
        if sources.len() > 1 {
            let shown = list(rows.iter().map(Row::shown));
            let hidden = list(rows.iter().filter_map(|it| it.joined));
            // Those that are shown come first, then the others by their connection.
            let by = [("c.id", hidden), ("c.joined", shown)];
            for (column, wanted) in by.into_iter().filter(|(_, wanted)| !wanted.is_empty()) {
                let of_rows = select(&format!("rarray($1) x CROSS JOIN calls c ON {column} = x.value"));
                let mut statement = r.conn.prepare_cached(&of_rows)?;
                let rows = statement.query_and_then([wanted], |it| Row::read(it, &sources))?;
                let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
                rows.sort_by_key(|it| it.source);
                for row in rows {
                    others.entry(row.shown()).or_default().push(row);
                }
            }
        }
        let people = people(r, rows.iter().chain(others.values().flatten()).map(|it| it.id).chain(further))?;
        let is_anything_said = !others.is_empty() && call_sameness::any(r)?;
        Ok(Self { r, others, people, is_anything_said })
    }

    /// Rows of the page with all that is joined to them, as calls.
    pub(super) fn finish(&self, rows: Vec<Row>) -> Result<Vec<Call>, StoreError> {
        let joined = rows.into_iter().map(|row| self.join(row)).collect::<Result<Vec<_>, _>>()?;
        let (mut named, mut numbers) = (HashSet::new(), HashSet::new());
        for Joined { outside, .. } in &joined {
            match outside {
                (Some(row), _) => _ = named.insert(*row),
                (None, Some(key)) if !numbers.contains(key) => _ = numbers.insert(key.clone()),
                (None, _) => {}
            }
        }
        let customers = InBrief::find(self.r, named, numbers)?;
        let calls = joined.into_iter().map(|Joined { call, outside }| {
            let (customer, customer_count) = match &outside {
                (Some(row), _) => customers.at(*row).map_or((None, 0), |it| (Some(it.clone()), 1)),
                (None, Some(key)) => match customers.with_key(key) {
                    Some((one, 1)) => (Some(one.clone()), 1),
                    Some((_, several)) => (None, *several),
                    None => (None, 0),
                },
                (None, None) => (None, 0),
            };
            Call { customer, customer_count, ..call }
        });
        Ok(calls.collect())
    }

    /// A call with its people and with what else is known of it: a record of another connection fills in what this one leaves empty.
    pub(super) fn join(&self, row: Row) -> Result<Joined, StoreError> {
        let mut people = self.people_of(&row);
        let mut outside = (row.customer, row.outside_key());
        let source = row.source;
        let (id, shown) = (row.id, row.shown());
        let mut call = row.call;
        for other in self.of_same(shown, id) {
            if people.is_empty() {
                people = self.people_of(other);
            }
            outside = (outside.0.or(other.customer), outside.1.or_else(|| other.outside_key()));
            let is_by_hand = self.is_anything_said
                && call_sameness::said_of(self.r, source, &call.external_id)?.contains(&(other.id, true));
            let other = other.call.clone();
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
    pub(super) fn others(&self, row: &Row) -> impl Iterator<Item = &Row> {
        self.of_same(row.shown(), row.id)
    }

    fn of_same(&self, shown: i64, besides: i64) -> impl Iterator<Item = &Row> {
        self.others.get(&shown).into_iter().flatten().filter(move |it| it.id != besides)
    }

    /// Colleagues who took part, by row.
    pub(super) fn people(&self) -> &HashMap<i64, Vec<CallPerson>> {
        &self.people
    }

    fn people_of(&self, row: &Row) -> Vec<CallPerson> {
        self.people.get(&row.id).cloned().unwrap_or_default()
    }
}

fn list(rows: impl Iterator<Item = i64>) -> Rc<Vec<Value>> {
    Rc::new(rows.map(Value::from).collect())
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

/// Colleagues only, under the names that all directories together give them: an extension may as well be a queue, a menu or a program, and those did not take part.
pub(super) fn people(
    r: &Reader<'_>,
    rows: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, Vec<CallPerson>>, StoreError> {
    let sources = source::all(r)?;
    let mut statement = r.conn.prepare_cached(
        "SELECT w.call, p.source, p.external_id, COALESCE(p.called, p.name) AS shown, p.email, w.role
         FROM rarray($1) x CROSS JOIN call_people w ON w.call = x.value JOIN extensions e ON e.id = w.extension
         JOIN people p ON p.source = e.source AND p.external_id = e.external_id WHERE p.kind = $2",
    )?;
    let mut found = statement.query(params![list(rows), PersonKind::User.code()])?;
    let mut people: HashMap<i64, Vec<CallPerson>> = HashMap::new();
    while let Some(it) = found.next()? {
        let source = sources.get(&it.get(1)?).ok_or(StoreError::damaged("people.source"))?;
        let external_id: String = it.get(2)?;
        let system = source::system(r, source)?;
        people.entry(it.get(0)?).or_default().push(CallPerson {
            id: PersonId(format!("{source}/{external_id}")),
            name: it.get(3)?,
            email: it.get(4)?,
            system,
            external_id,
            role: Coded::decode(it.get(5)?)?,
        });
    }
    for of_one in people.values_mut().filter(|it| it.len() > 1) {
        of_one.sort_by(|a, b| (a.role.code(), &a.name, &a.external_id).cmp(&(b.role.code(), &b.name, &b.external_id)));
    }
    Ok(people)
}
