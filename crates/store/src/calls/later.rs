//! What came to the tables of calls after their first form: the same call told by two connections, customers by number,
//! counted spans of time, and indexes from which lists and searches are answered without a look at the rows.

use rusqlite::Transaction;
use rusqlite_migration::{HookError, HookResult};

use super::same;
use crate::Writer;

/// In the cache. `joined` is the row that shows this one, where another connection told of the same call; empty where it is
/// shown itself. `named` is the customer that the system names, whose `customer` is empty while no address book has it.
/// `call_spans` counts the calls of each week: weeks since 1970 in UTC, and the place of a call whose begin is not known.
pub(crate) const SCHEMA: &str = "
CREATE TABLE call_customers (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  customer INTEGER,
  UNIQUE (source, external_id)
);
INSERT INTO call_customers (source, external_id, customer)
  SELECT d.source, d.customer, k.id
  FROM (SELECT DISTINCT source, customer FROM calls WHERE customer IS NOT NULL) d
  LEFT JOIN customers k ON k.source = d.source AND k.external_id = d.customer;
CREATE INDEX call_customers_by_customer ON call_customers (customer);
ALTER TABLE calls ADD COLUMN joined INTEGER;
ALTER TABLE calls ADD COLUMN named INTEGER;
DROP INDEX calls_in_lists;
DROP INDEX calls_by_from;
DROP INDEX calls_by_to;
DROP INDEX calls_by_note;
DROP INDEX calls_by_customer;
UPDATE calls SET named =
  (SELECT m.id FROM call_customers m WHERE m.source = calls.source AND m.external_id = calls.customer)
  WHERE customer IS NOT NULL;
ALTER TABLE calls DROP COLUMN customer;
CREATE INDEX calls_in_lists ON calls (started_at, id, source, direction, outcome, line, joined);
CREATE INDEX calls_by_from ON calls (from_party, started_at, source, direction, outcome, line, joined, named);
CREATE INDEX calls_by_to ON calls (to_party, started_at, source, direction, outcome, line, joined, named);
CREATE INDEX calls_by_note ON calls (note, started_at, source, direction, outcome, line, joined) WHERE note IS NOT NULL;
CREATE INDEX calls_by_named ON calls (named, started_at, source, direction, outcome, line, joined) WHERE named IS NOT NULL;
CREATE INDEX calls_by_joined ON calls (joined) WHERE joined IS NOT NULL;
ALTER TABLE sources DROP COLUMN calls;
CREATE TABLE call_spans (
  span INTEGER NOT NULL,
  source INTEGER NOT NULL,
  direction INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  line INTEGER NOT NULL,
  is_joined INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (span, source, direction, outcome, line, is_joined)
) WITHOUT ROWID;
";

/// Joins and counts what is there already.
pub(crate) fn take_over(transaction: &Transaction<'_>) -> HookResult {
    let mut w = Writer::over(transaction);
    same::settle_everything(&mut w).map_err(|error| HookError::Hook(error.to_string()))
}
