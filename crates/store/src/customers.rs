//! Customers of every address book, found by any part of a name and by number.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use model::call::{CustomerRef, Party};
use model::customer::Customer;
use model::{ConnectionId, CustomerId, phone};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};

use crate::full_text::{self, Needle, Words};
use crate::{Reader, StoreError, Writer, code, source};

/// In the cache. A number stands for itself in `customer_numbers`, by the key that two written forms of it share.
pub(crate) const SCHEMA: &str = "
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kana TEXT,
  company TEXT,
  numbers TEXT NOT NULL,
  email TEXT,
  address TEXT,
  note TEXT,
  UNIQUE (source, external_id)
);
CREATE TABLE customer_numbers (
  number_key TEXT NOT NULL,
  customer INTEGER NOT NULL,
  PRIMARY KEY (number_key, customer)
) WITHOUT ROWID;
CREATE INDEX customer_numbers_by_customer ON customer_numbers (customer);
";

/// The columns that [`read`] reads, of `customers k JOIN sources s`.
const SELECT: &str =
    "SELECT s.connection, k.external_id, k.name, k.kana, k.company, k.numbers, k.email, k.address, k.note
  FROM customers k JOIN sources s ON s.id = k.source";

const ORDER: &str = "ORDER BY COALESCE(k.kana, k.name), k.name, k.id";

/// Makes the address book of a connection what the system says now. Returns how many entries are new, changed or gone.
///
/// # Errors
/// A connection that is not there, or a database that cannot be written.
pub fn replace(w: &mut Writer<'_>, connection: &ConnectionId, customers: &[Customer]) -> Result<u64, StoreError> {
    let source = source::ensure(w, connection)?;
    let mut seen = BTreeSet::new();
    let mut changed = 0;
    for customer in customers {
        if seen.insert(customer.external_id.as_str()) && upsert(w, source, customer)? {
            changed += 1;
        }
    }
    let known: Vec<(i64, String)> = {
        let mut statement = w.conn.prepare_cached("SELECT id, external_id FROM customers WHERE source = $1")?;
        let rows = statement.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (row, _) in known.iter().filter(|(_, external_id)| !seen.contains(external_id.as_str())) {
        remove(w, *row)?;
        changed += 1;
    }
    Ok(changed)
}

fn upsert(w: &mut Writer<'_>, source: i64, customer: &Customer) -> Result<bool, StoreError> {
    let mut statement = w.conn.prepare_cached(
        "INSERT INTO customers (source, external_id, name, kana, company, numbers, email, address, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (source, external_id) DO UPDATE SET
           name = excluded.name, kana = excluded.kana, company = excluded.company, numbers = excluded.numbers,
           email = excluded.email, address = excluded.address, note = excluded.note
         WHERE customers.name <> excluded.name OR customers.kana IS DISTINCT FROM excluded.kana
           OR customers.company IS DISTINCT FROM excluded.company OR customers.numbers <> excluded.numbers
           OR customers.email IS DISTINCT FROM excluded.email OR customers.address IS DISTINCT FROM excluded.address
           OR customers.note IS DISTINCT FROM excluded.note
         RETURNING id",
    )?;
    // As they are shown, so that whoever rings is told of at once.
    let numbers: Vec<Party> = customer.numbers.iter().cloned().map(phone::with_shown).collect();
    let values = params![
        source,
        customer.external_id,
        customer.name,
        customer.kana,
        customer.company,
        code::to_json(&numbers)?,
        customer.email,
        customer.address,
        customer.note,
    ];
    let Some(row) = statement.query_one(values, |row| row.get::<_, i64>(0)).optional()? else {
        return Ok(false);
    };
    forget_words(w, row)?;
    for key in customer.numbers.iter().filter_map(phone::key).collect::<BTreeSet<_>>() {
        let sql = "INSERT INTO customer_numbers (number_key, customer) VALUES ($1, $2)";
        w.conn.prepare_cached(sql)?.execute(params![key, row])?;
    }
    Words::Customer.insert(w, row, &segments(customer))?;
    // Calls that name this customer show it from now on.
    let sql = "UPDATE call_customers SET customer = $1
        WHERE source = $2 AND external_id = $3 AND customer IS DISTINCT FROM $1";
    w.conn.prepare_cached(sql)?.execute(params![row, source, customer.external_id])?;
    Ok(true)
}

fn segments(customer: &Customer) -> Vec<String> {
    let words = [Some(&customer.name), customer.kana.as_ref(), customer.company.as_ref(), customer.email.as_ref()];
    let numbers = customer.numbers.iter().flat_map(|it| std::iter::once(&it.raw).chain(&it.e164));
    full_text::segments(words.into_iter().flatten().map(String::as_str), numbers.map(String::as_str))
}

fn remove(w: &mut Writer<'_>, row: i64) -> Result<(), StoreError> {
    forget_words(w, row)?;
    w.conn.prepare_cached("UPDATE call_customers SET customer = NULL WHERE customer = $1")?.execute([row])?;
    w.conn.prepare_cached("DELETE FROM customers WHERE id = $1")?.execute([row])?;
    Ok(())
}

fn forget_words(w: &mut Writer<'_>, row: i64) -> Result<(), StoreError> {
    Words::Customer.delete(w, row)?;
    w.conn.prepare_cached("DELETE FROM customer_numbers WHERE customer = $1")?.execute([row])?;
    Ok(())
}

/// Every customer whose name, reading, company, e-mail address or number holds this text, by reading. An empty text finds
/// everybody.
///
/// # Errors
/// A database that cannot be read.
pub fn find(r: &Reader<'_>, text: &str) -> Result<Vec<Customer>, StoreError> {
    let Some(needle) = Needle::new(text) else {
        return r.conn.prepare_cached(&format!("{SELECT} {ORDER}"))?.query_and_then([], read)?.collect();
    };
    let matching = Words::Customer.matching("$1");
    let mut statement = r.conn.prepare_cached(&format!("{SELECT} WHERE k.id IN ({matching}) {ORDER}"))?;
    statement.query_and_then([needle.expression()], read)?.collect()
}

/// Every customer with this number, given as [`model::phone::key`] makes it.
///
/// # Errors
/// A database that cannot be read.
pub fn by_key(r: &Reader<'_>, key: &str) -> Result<Vec<Customer>, StoreError> {
    // Most numbers have one customer: those of one number are ordered here, as `ORDER` does, without a table of their own.
    let mut statement = r.conn.prepare_cached(&format!(
        "{SELECT} JOIN customer_numbers n ON n.customer = k.id WHERE n.number_key = $1 ORDER BY n.customer"
    ))?;
    let mut found: Vec<Customer> = statement.query_and_then([key], read)?.collect::<Result<_, StoreError>>()?;
    found.sort_by(|a, b| {
        (a.kana.as_ref().unwrap_or(&a.name), &a.name).cmp(&(b.kana.as_ref().unwrap_or(&b.name), &b.name))
    });
    Ok(found)
}

/// Customers in brief by row and by number, as pages of calls show them.
pub(crate) struct InBrief {
    by_row: HashMap<i64, CustomerRef>,
    by_key: HashMap<String, (CustomerRef, u32)>,
}

impl InBrief {
    /// Looks up all of them at once.
    pub(crate) fn find(r: &Reader<'_>, rows: HashSet<i64>, keys: HashSet<String>) -> Result<Self, StoreError> {
        let sources = source::all(r)?;
        let read = |row: &Row<'_>| -> Result<CustomerRef, StoreError> {
            let source = sources.get(&row.get(1)?).ok_or(StoreError::damaged("customers.source"))?;
            let external_id: String = row.get(2)?;
            let id = CustomerId(format!("{source}/{external_id}"));
            Ok(CustomerRef { id, name: row.get(3)?, company: row.get(4)? })
        };
        let mut found = Self { by_row: HashMap::new(), by_key: HashMap::new() };
        if !rows.is_empty() {
            let sql = "SELECT k.id, k.source, k.external_id, k.name, k.company
                FROM rarray($1) x JOIN customers k ON k.id = x.value";
            let mut statement = r.conn.prepare_cached(sql)?;
            let mut rows = statement.query([list(rows)])?;
            while let Some(row) = rows.next()? {
                found.by_row.insert(row.get(0)?, read(row)?);
            }
        }
        if !keys.is_empty() {
            let sql = "SELECT n.number_key, k.source, k.external_id, k.name, k.company
                FROM rarray($1) x JOIN customer_numbers n ON n.number_key = x.value JOIN customers k ON k.id = n.customer";
            let mut statement = r.conn.prepare_cached(sql)?;
            let mut rows = statement.query([list(keys)])?;
            while let Some(row) = rows.next()? {
                match found.by_key.entry(row.get(0)?) {
                    Entry::Occupied(mut known) => known.get_mut().1 += 1,
                    Entry::Vacant(place) => _ = place.insert((read(row)?, 1)),
                }
            }
        }
        Ok(found)
    }

    /// The customer of a row.
    pub(crate) fn at(&self, row: i64) -> Option<&CustomerRef> {
        self.by_row.get(&row)
    }

    /// One of the customers with a number, and how many there are.
    pub(crate) fn with_key(&self, key: &str) -> Option<&(CustomerRef, u32)> {
        self.by_key.get(key)
    }
}

fn list(values: HashSet<impl Into<Value>>) -> Rc<Vec<Value>> {
    Rc::new(values.into_iter().map(Into::into).collect())
}

/// Customers by an id: the whole one of this console, or that of their system, which several systems may have.
///
/// # Errors
/// A database that cannot be read.
pub fn with_id(r: &Reader<'_>, id: &str) -> Result<Vec<Customer>, StoreError> {
    let mut statement = r.conn.prepare_cached(&format!(
        "{SELECT} WHERE k.external_id = $1 OR s.connection || '/' || k.external_id = $1 {ORDER}"
    ))?;
    statement.query_and_then([id], read)?.collect()
}

/// The row of a customer, by its whole id here.
pub(crate) fn row(r: &Reader<'_>, id: &CustomerId) -> Result<Option<i64>, StoreError> {
    let Some((connection, external_id)) = id.as_str().split_once('/') else {
        return Ok(None);
    };
    let Some(source) = source::number(r, &ConnectionId::from(connection))? else {
        return Ok(None);
    };
    let mut find = r.conn.prepare_cached("SELECT id FROM customers WHERE source = $1 AND external_id = $2")?;
    Ok(find.query_one(params![source, external_id], |row| row.get(0)).optional()?)
}

/// The customer of a row.
pub(crate) fn at(r: &Reader<'_>, row: i64) -> Result<Vec<Customer>, StoreError> {
    r.conn.prepare_cached(&format!("{SELECT} WHERE k.id = $1"))?.query_and_then([row], read)?.collect()
}

/// Forgets the address book of a connection.
pub(crate) fn forget(w: &mut Writer<'_>, source: i64) -> Result<(), StoreError> {
    let rows: Vec<i64> = {
        let mut statement = w.conn.prepare_cached("SELECT id FROM customers WHERE source = $1")?;
        statement.query_map([source], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    rows.into_iter().try_for_each(|row| remove(w, row))
}

/// A number as it is shown; a former version kept it without.
fn ready(number: Party) -> Party {
    if number.shown.is_empty() { phone::with_shown(number) } else { number }
}

fn read(row: &Row<'_>) -> Result<Customer, StoreError> {
    let connection = ConnectionId(row.get(0)?);
    let external_id: String = row.get(1)?;
    let numbers: Vec<Party> = code::from_json(&row.get::<_, String>(5)?, "customers.numbers")?;
    Ok(Customer {
        id: CustomerId(format!("{connection}/{external_id}")),
        connection,
        external_id,
        name: row.get(2)?,
        kana: row.get(3)?,
        company: row.get(4)?,
        numbers: numbers.into_iter().map(ready).collect(),
        email: row.get(6)?,
        address: row.get(7)?,
        note: row.get(8)?,
    })
}
