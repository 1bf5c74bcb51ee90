//! What a filter means in SQL: conditions that narrow any walk, and the ways in which a search finds calls by an index.

use model::ConnectionId;
use model::call::{CallFilter, Direction};
use model::phone;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

use super::NEVER;
use crate::code::Coded;
use crate::full_text::{Needle, Words};
use crate::outline::Key;
use crate::{Reader, StoreError, source};

/// A statement in the making, with its values in order.
#[derive(Default)]
pub(super) struct Query {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

impl Query {
    /// Adds a value and returns its parameter.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }
}

/// A filter, looked up: numbers of rows instead of ids.
pub(super) struct Plan {
    source: Option<i64>,
    from: Option<i64>,
    to: Option<i64>,
    direction: Option<Direction>,
    outcome: Option<i64>,
    needle: Option<Needle>,
    keys: Vec<String>,
    extension: Option<i64>,
}

/// One way in which a call can be found by an index of its own. Several may find the same call.
#[derive(Clone, Copy)]
enum Way {
    FromWords,
    ToWords,
    NoteWords,
    CustomerFrom,
    CustomerTo,
    CustomerNamed,
    PersonWords,
    FromNumber,
    ToNumber,
    Extension,
}

impl Plan {
    /// `None` where the filter names something that is not here, so that it finds nothing.
    pub(super) fn new(r: &Reader<'_>, filter: &CallFilter) -> Result<Option<Self>, StoreError> {
        let source = match &filter.connection {
            None => None,
            Some(connection) => match source::number(r, connection)? {
                None => return Ok(None),
                known => known,
            },
        };
        let keys = match &filter.number {
            None => Vec::new(),
            Some(number) => keys_of(r, number)?,
        };
        let extension = match &filter.person {
            None => None,
            Some(person) => match extension_of(r, person.as_str())? {
                None => return Ok(None),
                known => known,
            },
        };
        if filter.number.is_some() && keys.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            source,
            from: filter.from.map(model::Time::millis),
            to: filter.to.map(model::Time::millis),
            direction: filter.direction,
            outcome: filter.outcome.map(Coded::code),
            needle: Needle::new(&filter.search),
            keys,
            extension,
        }))
    }

    /// Whether the calls are found by an index of their own instead of a walk through time.
    pub(super) fn is_selective(&self) -> bool {
        !self.ways().is_empty()
    }

    /// The source whose every call the filter finds (`Some(None)`: of all of them), where it does no more than that.
    pub(super) fn whole(&self) -> Option<Option<i64>> {
        let narrows = self.from.is_some() || self.to.is_some() || self.direction.is_some() || self.outcome.is_some();
        (!narrows && !self.is_selective()).then_some(self.source)
    }

    fn ways(&self) -> &'static [Way] {
        if self.needle.is_some() {
            &[
                Way::FromWords,
                Way::ToWords,
                Way::NoteWords,
                Way::CustomerFrom,
                Way::CustomerTo,
                Way::CustomerNamed,
                Way::PersonWords,
            ]
        } else if !self.keys.is_empty() {
            &[Way::FromNumber, Way::ToNumber]
        } else if self.extension.is_some() {
            &[Way::Extension]
        } else {
            &[]
        }
    }

    /// Every call that the filter finds, newest first. Only for a selective filter.
    pub(super) fn found(&self, r: &Reader<'_>) -> Result<Vec<Key>, StoreError> {
        let mut keys: Vec<Key> = Vec::new();
        for way in self.ways() {
            let mut query =
                Query { text: "SELECT c.started_at, c.id FROM calls c WHERE ".to_owned(), ..Query::default() };
            let condition = self.condition(*way, &mut query);
            query.text.push_str(&condition);
            self.narrow(&mut query);
            let mut statement = r.conn.prepare_cached(&query.text)?;
            let rows =
                statement.query_map(rusqlite::params_from_iter(&query.values), |row| Ok((row.get(0)?, row.get(1)?)))?;
            for key in rows {
                keys.push(key?);
            }
        }
        keys.sort_unstable_by(|a, b| b.cmp(a));
        keys.dedup();
        Ok(keys)
    }

    fn condition(&self, way: Way, query: &mut Query) -> String {
        match way {
            Way::FromWords => format!("c.from_party IN ({})", self.words(Words::Party, query)),
            Way::ToWords => format!("c.to_party IN ({})", self.words(Words::Party, query)),
            Way::NoteWords => format!("c.note IS NOT NULL AND c.note IN ({})", self.words(Words::Note, query)),
            Way::CustomerFrom => self.customer_side("c.from_party", "<>", query),
            Way::CustomerTo => self.customer_side("c.to_party", "=", query),
            Way::CustomerNamed => format!(
                "c.customer IS NOT NULL AND (c.customer, c.source) IN
                   (SELECT k.external_id, k.source FROM customers k WHERE k.id IN ({}))",
                self.words(Words::Customer, query)
            ),
            Way::PersonWords => self.person_words(query),
            Way::FromNumber => format!("c.from_party IN ({})", self.numbers(query)),
            Way::ToNumber => format!("c.to_party IN ({})", self.numbers(query)),
            Way::Extension => {
                let extension = query.bind(self.extension);
                format!("c.id IN (SELECT w.call FROM call_people w WHERE w.extension = {extension})")
            }
        }
    }

    fn words(&self, words: Words, query: &mut Query) -> String {
        let parameter = query.bind(self.needle.as_ref().map(Needle::expression));
        words.matching(&parameter)
    }

    /// Calls whose outside number is that of a customer found by words, unless the system named another customer.
    fn customer_side(&self, side: &str, is_outbound: &str, query: &mut Query) -> String {
        let outbound = Direction::Outbound.code();
        let customers = self.words(Words::Customer, query);
        format!(
            "{side} IN (SELECT p.id FROM customer_numbers b JOIN parties p ON p.number_key = b.number_key
                        WHERE b.customer IN ({customers}))
             AND c.direction {is_outbound} {outbound}
             AND (c.customer IS NULL OR NOT EXISTS
               (SELECT 1 FROM customers k WHERE k.source = c.source AND k.external_id = c.customer))"
        )
    }

    fn person_words(&self, query: &mut Query) -> String {
        let patterns = self.needle.as_ref().map(Needle::patterns);
        let [words, digits] = patterns.map_or([None, None], |it| it.map(Some)).map(|it| query.bind(it));
        let user = model::person::PersonKind::User.code();
        format!(
            r"c.id IN (SELECT w.call FROM people p
                JOIN extensions e ON e.source = p.source AND e.external_id = p.external_id
                JOIN call_people w ON w.extension = e.id
                WHERE p.kind = {user} AND (p.folded LIKE {words} ESCAPE '\' OR p.folded LIKE {digits} ESCAPE '\'))"
        )
    }

    fn numbers(&self, query: &mut Query) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| query.bind(key.clone())).collect();
        format!("SELECT p.id FROM parties p WHERE p.number_key IN ({})", keys.join(", "))
    }

    /// Adds what every found call must be besides. The plus keeps SQLite from an index that does not know the order of time.
    pub(super) fn narrow(&self, query: &mut Query) {
        if let Some(source) = self.source {
            let source = query.bind(source);
            query.and(&format!("+c.source = {source}"));
        }
        // A call whose begin is not known is in no span of time.
        if self.from.is_some() || self.to.is_some() {
            let from = query.bind(self.from.unwrap_or(NEVER + 1));
            query.and(&format!("c.started_at >= {from}"));
        }
        if let Some(to) = self.to {
            let to = query.bind(to);
            query.and(&format!("c.started_at < {to}"));
        }
        if let Some(direction) = self.direction {
            let direction = query.bind(direction.code());
            query.and(&format!("c.direction = {direction}"));
        }
        if let Some(outcome) = self.outcome {
            let outcome = query.bind(outcome);
            query.and(&format!("c.outcome = {outcome}"));
        }
        self.narrow_further(query);
    }

    /// What could lead the way itself, but is asked for together with a search.
    fn narrow_further(&self, query: &mut Query) {
        if self.needle.is_some() && !self.keys.is_empty() {
            let (from, to) = (self.numbers(query), self.numbers(query));
            query.and(&format!("(+c.from_party IN ({from}) OR +c.to_party IN ({to}))"));
        }
        if self.extension.is_some() && (self.needle.is_some() || !self.keys.is_empty()) {
            let extension = query.bind(self.extension);
            query.and(&format!(
                "EXISTS (SELECT 1 FROM call_people w WHERE w.call = c.id AND w.extension = {extension})"
            ));
        }
    }
}

/// A number in any written form as every key that it has here. What is typed as people of its country dial it is looked up among
/// the numbers of the calls, so that nobody has to say which country is meant.
fn keys_of(r: &Reader<'_>, number: &str) -> Result<Vec<String>, StoreError> {
    let typed = phone::party(number, "");
    let Some(key) = phone::key(&typed) else {
        return Ok(Vec::new());
    };
    let mut keys = vec![key];
    match &typed.e164 {
        Some(e164) => keys.extend(phone::national_digits(e164)),
        None => {
            let digits = phone::digits(number);
            let Some(needle) = Needle::new(&digits) else {
                return Ok(keys);
            };
            let mut statement = r.conn.prepare_cached(&format!(
                "SELECT DISTINCT number_key FROM parties WHERE is_e164 AND id IN ({})",
                Words::Party.matching("$1")
            ))?;
            for key in statement.query_map([needle.expression()], |row| row.get::<_, String>(0))? {
                let key = key?;
                if phone::national_digits(&key).as_ref() == Some(&digits) {
                    keys.push(key);
                }
            }
        }
    }
    Ok(keys)
}

/// The row of a colleague's extension; `None` where they never took part in a call.
fn extension_of(r: &Reader<'_>, person: &str) -> Result<Option<i64>, StoreError> {
    let Some((connection, external_id)) = person.split_once('/') else {
        return Ok(None);
    };
    let Some(source) = source::number(r, &ConnectionId::from(connection))? else {
        return Ok(None);
    };
    let mut statement = r.conn.prepare_cached("SELECT id FROM extensions WHERE source = $1 AND external_id = $2")?;
    Ok(statement.query_one(params![source, external_id], |row| row.get(0)).optional()?)
}
