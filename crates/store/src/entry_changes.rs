//! Changes of customers and people that were seen. Own data, which survives a rebuilt cache.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::call::Party;
use model::customer::Customer;
use model::entry_change::{EntryChange, EntryChangeKind, EntryList};
use model::person::{Person, PersonKind};
use model::{ConnectionId, Time, phone};
use rusqlite::{Row, params};

use crate::code::{self, Coded};
use crate::{Reader, StoreError, Writer, source};

/// Own data, for the reason of the changes of bookings: two readings that differed cannot be fetched again. Bounded by [`prune`].
pub(crate) const SCHEMA: &str = "
CREATE TABLE entry_changes (
  id INTEGER PRIMARY KEY,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  list INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  stood TEXT,
  stands TEXT,
  entries INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
);
CREATE INDEX entry_changes_by_time ON entry_changes (seen_at, id);
";

/// The most changes that are kept.
const MOST: i64 = 5_000;
/// More changes of one kind in one reading are one row with their number: an import of an address book hides nothing else.
const MANY: usize = 20;

const COLUMNS: &str = "connection, external_id, list, kind, name, stood, stands, entries, seen_at";

/// Keeps what a reading of an address book shows beside what is cached of it, before it is cached itself. A first reading shows nothing, nor
/// does one that lost everything.
///
/// # Errors
/// A database that cannot be read or written.
pub fn of_customers(
    w: &mut Writer<'_>,
    connection: &ConnectionId,
    customers: &[Customer],
    at: Time,
) -> Result<(), StoreError> {
    let mut known =
        known(w, connection, "SELECT external_id, name, company, numbers FROM customers WHERE source = $1", |row| {
            Ok((row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?, row.get::<_, String>(3)?))
        })?;
    let mut found = Found::begin(connection, EntryList::Customers, at);
    if known.is_empty() || customers.is_empty() {
        return Ok(());
    }
    let mut seen = BTreeSet::new();
    for customer in customers.iter().filter(|it| seen.insert(it.external_id.as_str())) {
        let Some((name, company, numbers)) = known.remove(&customer.external_id) else {
            found.add(&customer.external_id, EntryChangeKind::Added, &customer.name, (None, None));
            continue;
        };
        let of = (customer.external_id.as_str(), customer.name.as_str());
        found.name(of, &name);
        if company != customer.company {
            found.add(of.0, EntryChangeKind::Company, of.1, (company, customer.company.clone()));
        }
        let numbers: Vec<Party> = code::from_json(&numbers, "customers.numbers")?;
        let is_same = numbers.iter().map(|it| &it.raw).eq(customer.numbers.iter().map(|it| &it.raw));
        if !is_same {
            let shown = |numbers: &[Party]| numbers.iter().map(phone::shown).collect::<Vec<_>>();
            let (before, after) = (shown(&numbers), shown(&customer.numbers));
            // A number that is only written in another way, or stands in another place, is no other number.
            let only = |of: &[String], other: &[String]| {
                let only: Vec<_> = of.iter().filter(|it| !other.contains(it)).map(String::as_str).collect();
                (!only.is_empty()).then(|| only.join(" "))
            };
            let values = (only(&before, &after), only(&after, &before));
            if values != (None, None) {
                found.add(of.0, EntryChangeKind::Numbers, of.1, values);
            }
        }
    }
    for (external_id, (name, ..)) in known {
        found.add(&external_id, EntryChangeKind::Removed, &name, (None, None));
    }
    found.keep(w)
}

/// Keeps what a reading of a directory shows beside what is cached of it, before it is cached itself. A first reading shows nothing, nor
/// does one that lost everything.
///
/// # Errors
/// A database that cannot be read or written.
pub fn of_people(w: &mut Writer<'_>, connection: &ConnectionId, people: &[Person], at: Time) -> Result<(), StoreError> {
    let sql = "SELECT external_id, name, extension, is_active, kind FROM people WHERE source = $1";
    let mut known = known(w, connection, sql, |row| {
        Ok((row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?, row.get::<_, bool>(3)?, row.get::<_, i64>(4)?))
    })?;
    let mut found = Found::begin(connection, EntryList::People, at);
    if known.is_empty() || people.is_empty() {
        return Ok(());
    }
    let is_user = |kind: i64| kind == PersonKind::User.code();
    let mut seen = BTreeSet::new();
    for person in people.iter().filter(|it| seen.insert(it.external_id.as_str())) {
        let before = known.remove(&person.external_id);
        if person.kind != PersonKind::User {
            continue;
        }
        let Some((name, extension, was_active, _)) = before.filter(|it| is_user(it.3)) else {
            found.add(&person.external_id, EntryChangeKind::Added, &person.name, (None, None));
            continue;
        };
        let of = (person.external_id.as_str(), person.name.as_str());
        found.name(of, &name);
        if extension != person.extension {
            found.add(of.0, EntryChangeKind::Extension, of.1, (extension, person.extension.clone()));
        }
        match (was_active, person.is_active) {
            (true, false) => found.add(of.0, EntryChangeKind::SwitchedOff, of.1, (None, None)),
            (false, true) => found.add(of.0, EntryChangeKind::SwitchedOn, of.1, (None, None)),
            (true, true) | (false, false) => {}
        }
    }
    for (external_id, (name, ..)) in known.into_iter().filter(|(_, it)| is_user(it.3)) {
        found.add(&external_id, EntryChangeKind::Removed, &name, (None, None));
    }
    found.keep(w)
}

/// What is cached of a list, by the system's id.
fn known<T>(
    r: &Reader<'_>,
    connection: &ConnectionId,
    sql: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<HashMap<String, T>, StoreError> {
    let Some(source) = source::number(r, connection)? else { return Ok(HashMap::new()) };
    let mut statement = r.conn.prepare_cached(sql)?;
    let rows = statement.query_map([source], |row| Ok((row.get::<_, String>(0)?, read(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What one reading shows, by kind.
struct Found<'a> {
    connection: &'a ConnectionId,
    list: EntryList,
    at: Time,
    by_kind: BTreeMap<EntryChangeKind, Vec<EntryChange>>,
}

impl<'a> Found<'a> {
    fn begin(connection: &'a ConnectionId, list: EntryList, at: Time) -> Self {
        Self { connection, list, at, by_kind: BTreeMap::new() }
    }

    fn name(&mut self, (external_id, name): (&str, &str), before: &str) {
        if before != name {
            let values = (Some(before.to_owned()), Some(name.to_owned()));
            self.add(external_id, EntryChangeKind::Renamed, name, values);
        }
    }

    fn add(
        &mut self,
        external_id: &str,
        kind: EntryChangeKind,
        name: &str,
        (before, after): (Option<String>, Option<String>),
    ) {
        let change = EntryChange {
            connection: self.connection.clone(),
            external_id: external_id.to_owned(),
            list: self.list,
            kind,
            name: name.to_owned(),
            before,
            after,
            count: 1,
            seen_at: self.at,
        };
        self.by_kind.entry(kind).or_default().push(change);
    }

    fn keep(self, w: &mut Writer<'_>) -> Result<(), StoreError> {
        for (kind, mut changes) in self.by_kind {
            if changes.len() > MANY {
                let count = u32::try_from(changes.len()).unwrap_or(u32::MAX);
                changes = vec![EntryChange {
                    connection: self.connection.clone(),
                    external_id: String::new(),
                    list: self.list,
                    kind,
                    name: String::new(),
                    before: None,
                    after: None,
                    count,
                    seen_at: self.at,
                }];
            }
            changes.sort_by(|a, b| (&a.name, &a.external_id).cmp(&(&b.name, &b.external_id)));
            changes.iter().try_for_each(|it| add(w, it))?;
        }
        Ok(())
    }
}

fn add(w: &mut Writer<'_>, change: &EntryChange) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(&format!(
        "INSERT INTO entry_changes ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    ))?;
    statement.execute(params![
        change.connection.as_str(),
        change.external_id,
        change.list.code(),
        change.kind.code(),
        change.name,
        change.before,
        change.after,
        change.count,
        change.seen_at.millis(),
    ])?;
    Ok(())
}

/// Changes seen at `since` or later, the one seen last first, at most `limit`; and how many rows there are in all.
///
/// # Errors
/// A database that cannot be read.
pub fn since(r: &Reader<'_>, since: Time, limit: u32) -> Result<(Vec<EntryChange>, u32), StoreError> {
    let mut counting = r.conn.prepare_cached("SELECT COUNT(*) FROM entry_changes WHERE seen_at >= $1")?;
    let count = counting.query_one([since.millis()], |row| row.get(0))?;
    let mut statement = r.conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entry_changes WHERE seen_at >= $1 ORDER BY seen_at DESC, id DESC LIMIT $2"
    ))?;
    let changes = statement.query_and_then(params![since.millis(), limit], read)?.collect::<Result<_, StoreError>>()?;
    Ok((changes, count))
}

/// Forgets what was seen before `before`, and of the rest all but the last five thousand.
///
/// # Errors
/// A database that cannot be written.
pub fn prune(w: &mut Writer<'_>, before: Time) -> Result<(), StoreError> {
    let mut statement = w.conn.prepare_cached(
        "DELETE FROM entry_changes
         WHERE seen_at < $1 OR id <= (SELECT COALESCE(MAX(id), 0) FROM entry_changes) - $2",
    )?;
    statement.execute(params![before.millis(), MOST])?;
    Ok(())
}

/// Forgets the changes of a connection, whose id never comes again.
pub(crate) fn forget(w: &mut Writer<'_>, connection: &ConnectionId) -> Result<(), StoreError> {
    w.conn.prepare_cached("DELETE FROM entry_changes WHERE connection = $1")?.execute([connection.as_str()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<EntryChange, StoreError> {
    Ok(EntryChange {
        connection: ConnectionId(row.get(0)?),
        external_id: row.get(1)?,
        list: Coded::decode(row.get(2)?)?,
        kind: Coded::decode(row.get(3)?)?,
        name: row.get(4)?,
        before: row.get(5)?,
        after: row.get(6)?,
        count: row.get(7)?,
        seen_at: code::time(row.get(8)?)?,
    })
}
