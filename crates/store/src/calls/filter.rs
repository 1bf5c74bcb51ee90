//! What a filter means in SQL: conditions that narrow any walk, and the ways in which a search finds calls by an index.

use std::rc::Rc;

use model::call::{CallFilter, CallerKind, Direction};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};

use super::hits::{Hits, Rows};
use super::lookup::{extension_of, keys_of};
use super::query::Query;
use super::ways::Way;
use super::{NEVER, spans};
use crate::code::Coded;
use crate::full_text::Needle;
use crate::outline::Key;
use crate::{Reader, StoreError, source};

/// The least digits of a number that somebody outside could have.
const LEAST_OUTSIDE: usize = 7;

/// A filter, looked up: numbers of rows instead of ids.
pub(super) struct Plan {
    source: Option<i64>,
    from: Option<i64>,
    to: Option<i64>,
    direction: Option<Direction>,
    outcome: Option<i64>,
    line: Option<i64>,
    needle: Option<Needle>,
    keys: Vec<String>,
    extension: Option<i64>,
    customer: Option<i64>,
    caller: Option<CallerKind>,
}

impl Plan {
    /// `None` where the filter names something that is not here, so that it finds nothing.
    pub(super) fn new(r: &Reader<'_>, filter: &CallFilter) -> Result<Option<Self>, StoreError> {
        let mut plan = Self {
            source: None,
            from: filter.from.map(model::Time::millis),
            to: filter.to.map(model::Time::millis),
            direction: filter.direction,
            outcome: filter.outcome.map(Coded::code),
            line: None,
            needle: Needle::new(&filter.search),
            keys: Vec::new(),
            extension: None,
            customer: None,
            caller: filter.caller,
        };
        if let Some(connection) = &filter.connection {
            plan.source = source::number(r, connection)?;
        }
        if let Some(number) = &filter.number {
            plan.keys = keys_of(r, number)?;
        }
        if let Some(person) = &filter.person {
            plan.extension = extension_of(r, person.as_str())?;
        }
        if let Some(line) = &filter.line {
            let mut find = r.conn.prepare_cached("SELECT id FROM lines WHERE text = $1")?;
            plan.line = find.query_one([line], |row| row.get(0)).optional()?;
        }
        if let Some(customer) = &filter.customer {
            plan.customer = crate::customers::row(r, customer)?;
        }
        let is_missing = filter.connection.is_some() && plan.source.is_none()
            || filter.number.is_some() && plan.keys.is_empty()
            || filter.person.is_some() && plan.extension.is_none()
            || filter.line.is_some() && plan.line.is_none()
            || filter.customer.is_some() && plan.customer.is_none();
        Ok((!is_missing).then_some(plan))
    }

    /// Whether the calls are found by an index of their own instead of a walk through time.
    pub(super) fn is_selective(&self) -> bool {
        !self.ways().is_empty()
    }

    /// What leads to the calls: the one that most likely finds the fewest. The others narrow what it finds.
    fn ways(&self) -> &'static [Way] {
        if self.needle.is_some() {
            Way::BY_WORDS
        } else if !self.keys.is_empty() {
            Way::BY_NUMBER
        } else if self.customer.is_some() {
            Way::BY_CUSTOMER
        } else if self.extension.is_some() {
            Way::BY_PERSON
        } else if self.caller.is_some() {
            Way::BY_CALLER
        } else {
            &[]
        }
    }

    /// Every call that the filter finds, newest first. Only for a selective filter. A call that is shown by another connection's
    /// record is found by either.
    pub(super) fn found(&self, r: &Reader<'_>) -> Result<Vec<Key>, StoreError> {
        let hits = self.needle.as_ref().map(|needle| Hits::find(r, needle)).transpose()?;
        let (mut keys, mut shown_by): (Vec<Key>, Vec<i64>) = (Vec::new(), Vec::new());
        for way in self.ways() {
            if hits.as_ref().is_some_and(|hits| hits.is_empty(*way)) {
                continue;
            }
            let table = self.table(*way);
            let mut query = Query::from(&format!("SELECT c.started_at, c.id, c.joined FROM {table} c WHERE "));
            let condition = self.condition(*way, "c", hits.as_ref(), &mut query);
            query.text.push_str(&condition);
            let narrow = self.narrowing("c", &mut query).join(" AND ");
            match (narrow.is_empty(), self.source) {
                (true, _) => {}
                (false, Some(_)) => query.and(&narrow),
                // What is shown elsewhere is narrowed there.
                (false, None) => query.and(&format!("(c.joined IS NOT NULL OR ({narrow}))")),
            }
            let mut statement = r.conn.prepare_cached(&query.text)?;
            let mut rows = statement.query(params_from_iter(&query.values))?;
            while let Some(row) = rows.next()? {
                match row.get(2)? {
                    Some(shown) if self.source.is_none() => shown_by.push(shown),
                    Some(_) | None => keys.push((row.get(0)?, row.get(1)?)),
                }
            }
        }
        if !shown_by.is_empty() {
            let mut known: Vec<i64> = keys.iter().map(|(_, id)| *id).collect();
            known.sort_unstable();
            shown_by.sort_unstable();
            shown_by.dedup();
            shown_by.retain(|id| known.binary_search(id).is_err());
            self.shown(r, &shown_by, &mut keys)?;
        }
        keys.sort_unstable_by(|a, b| b.cmp(a));
        keys.dedup();
        Ok(keys)
    }

    /// Those of the calls that the rest of the filter lets through.
    fn shown(&self, r: &Reader<'_>, ids: &[i64], keys: &mut Vec<Key>) -> Result<(), StoreError> {
        let ids: Rows = Rc::new(ids.iter().copied().map(Value::from).collect());
        let mut query = Query::from("SELECT c.started_at, c.id FROM calls c WHERE c.id IN (");
        let rows = query.bind_rows(&ids);
        query.text.push_str(&format!("{rows})"));
        for condition in self.narrowing("c", &mut query) {
            query.and(&condition);
        }
        let mut statement = r.conn.prepare_cached(&query.text)?;
        let mut rows = statement.query(params_from_iter(&query.values))?;
        while let Some(row) = rows.next()? {
            keys.push((row.get(0)?, row.get(1)?));
        }
        Ok(())
    }

    /// The table that answers a way by itself: what lists ask of a person's calls lies together, unless more of them is asked.
    fn table(&self, way: Way) -> &'static str {
        let is_of_person = matches!(way, Way::PersonWords | Way::Extension);
        let asks_more = !self.keys.is_empty() || self.customer.is_some() || self.caller.is_some();
        if is_of_person && !asks_more { "person_calls" } else { "calls" }
    }

    /// How a call is found by one way. `c` is what the table of calls is called.
    fn condition(&self, way: Way, c: &str, hits: Option<&Hits>, query: &mut Query) -> String {
        let hit = |rows: fn(&Hits) -> &Rows, query: &mut Query| match hits {
            Some(hits) => query.bind_rows(rows(hits)),
            // Words always lead the way, so that there are hits wherever they are asked for.
            None => "SELECT 0 WHERE 0".to_owned(),
        };
        match way {
            Way::FromWords => format!("{c}.from_party IN ({})", hit(|it| &it.parties, query)),
            Way::ToWords => format!("{c}.to_party IN ({})", hit(|it| &it.parties, query)),
            Way::NoteWords => format!("{c}.note IS NOT NULL AND {c}.note IN ({})", hit(|it| &it.notes, query)),
            Way::CustomerFrom | Way::CustomerTo => {
                let parties = hit(|it| &it.customer_parties, query);
                format!("{} AND {}", side(way, c, &parties), UNNAMED.replace("c.", &format!("{c}.")))
            }
            Way::CustomerNamed => format!("{c}.named IS NOT NULL AND {c}.named IN ({})", hit(|it| &it.named, query)),
            Way::ChosenFrom | Way::ChosenTo => {
                let customers = query.bind(self.customer);
                let parties = format!(
                    "SELECT p.id FROM customer_numbers b JOIN parties p ON p.number_key = b.number_key
                     WHERE b.customer = {customers}"
                );
                format!("{} AND {}", side(way, c, &parties), UNNAMED.replace("c.", &format!("{c}.")))
            }
            Way::ChosenNamed => format!(
                "{c}.named IS NOT NULL AND {c}.named IN (SELECT m.id FROM call_customers m WHERE m.customer = {})",
                query.bind(self.customer)
            ),
            Way::PersonWords => self.of_persons(way, c, &self.person_words(query)),
            Way::FromNumber => format!("{c}.from_party IN ({})", self.numbers(query)),
            Way::ToNumber => format!("{c}.to_party IN ({})", self.numbers(query)),
            Way::Extension => {
                let extension = query.bind(self.extension);
                self.of_persons(way, c, &extension)
            }
            Way::CallerFrom | Way::CallerTo => self.caller(way, c),
        }
    }

    /// Callers whose number an address book has, or has not, or who withheld it. A customer that the system names is known.
    fn caller(&self, way: Way, c: &str) -> String {
        let unnamed = UNNAMED.replace("c.", &format!("{c}."));
        let in_book = "EXISTS (SELECT 1 FROM customer_numbers b WHERE b.number_key = p.number_key)";
        match self.caller {
            Some(CallerKind::Withheld) => {
                format!("{} AND {unnamed}", side(way, c, "SELECT p.id FROM parties p WHERE p.number_key IS NULL"))
            }
            Some(CallerKind::Known) => {
                let parties = format!("SELECT p.id FROM parties p WHERE p.number_key IS NOT NULL AND {in_book}");
                format!("({} OR NOT {unnamed})", side(way, c, &parties))
            }
            // Fewer digits than anybody outside could have are a telephone of the office.
            Some(CallerKind::Unknown) | None => {
                let parties = format!(
                    "SELECT p.id FROM parties p WHERE p.number_key IS NOT NULL
                       AND (p.is_e164 OR length(p.number_key) >= {LEAST_OUTSIDE}) AND NOT {in_book}"
                );
                format!("{} AND {unnamed}", side(way, c, &parties))
            }
        }
    }

    /// Calls in which one of these extensions took part. Where it leads the way over the calls of persons, they are all there.
    fn of_persons(&self, way: Way, c: &str, extensions: &str) -> String {
        if self.ways().contains(&way) && self.table(way) == "person_calls" {
            return format!("{c}.extension IN ({extensions})");
        }
        format!("{c}.id IN (SELECT w.id FROM person_calls w WHERE w.extension IN ({extensions}))")
    }

    /// The extensions of colleagues whose name, address or number holds what was typed.
    fn person_words(&self, query: &mut Query) -> String {
        let patterns = self.needle.as_ref().map(Needle::patterns);
        let [words, digits] = patterns.map_or([None, None], |it| it.map(Some)).map(|it| query.bind(it));
        let user = model::person::PersonKind::User.code();
        format!(
            r"SELECT e.id FROM people p JOIN extensions e ON e.source = p.source AND e.external_id = p.external_id
              WHERE p.kind = {user} AND (p.folded LIKE {words} ESCAPE '\' OR p.folded LIKE {digits} ESCAPE '\'
                OR p.called_folded LIKE {words} ESCAPE '\')"
        )
    }

    fn numbers(&self, query: &mut Query) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| query.bind(key.clone())).collect();
        format!("SELECT p.id FROM parties p WHERE p.number_key IN ({})", keys.join(", "))
    }

    /// What every call of the list must be besides that began from one instant to another. Without a connection only those are
    /// listed that are shown themselves. One lower and one upper bound of time in all: SQLite goes through the index by one of each
    /// kind and would look at every call between it and the others.
    pub(super) fn narrow(&self, query: &mut Query, (begin, end): (i64, i64)) {
        let begin = query.bind(begin.max(self.begin().unwrap_or(begin)));
        let end = query.bind(end.min(self.to.unwrap_or(end)));
        query.and(&format!("c.started_at >= {begin} AND c.started_at < {end}"));
        if self.source.is_none() {
            query.and("c.joined IS NULL");
        }
        for condition in self.narrowing_besides_time("c", query) {
            query.and(&condition);
        }
    }

    /// From when the filter finds calls. A call whose begin is not known is in no span of time.
    fn begin(&self) -> Option<i64> {
        self.from.or(self.to.map(|_| NEVER + 1))
    }

    /// The conditions.
    fn narrowing(&self, c: &str, query: &mut Query) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(begin) = self.begin() {
            all.push(format!("{c}.started_at >= {}", query.bind(begin)));
        }
        if let Some(to) = self.to {
            all.push(format!("{c}.started_at < {}", query.bind(to)));
        }
        all.append(&mut self.narrowing_besides_time(c, query));
        all
    }

    /// The conditions that do not ask when a call began. The plus keeps SQLite from an index that does not know the order of time.
    fn narrowing_besides_time(&self, c: &str, query: &mut Query) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(source) = self.source {
            all.push(format!("+{c}.source = {}", query.bind(source)));
        }
        let coded = [("direction", self.direction.map(Coded::code)), ("outcome", self.outcome), ("line", self.line)];
        for (column, code) in coded {
            if let Some(code) = code {
                all.push(format!("+{c}.{column} = {}", query.bind(code)));
            }
        }
        self.narrowing_further(c, query, &mut all);
        all
    }

    /// What could lead the way itself, but is asked for together with what does.
    fn narrowing_further(&self, c: &str, query: &mut Query, all: &mut Vec<String>) {
        let leading = self.ways();
        let mut any = |is_set: bool, ways: &'static [Way]| {
            if is_set && ways != leading {
                let conditions: Vec<String> = ways.iter().map(|way| self.condition(*way, c, None, query)).collect();
                all.push(format!("({})", conditions.join(" OR ")));
            }
        };
        any(!self.keys.is_empty(), Way::BY_NUMBER);
        any(self.customer.is_some(), Way::BY_CUSTOMER);
        any(self.extension.is_some(), Way::BY_PERSON);
        any(self.caller.is_some(), Way::BY_CALLER);
    }

    /// The weeks in which the filter finds calls by a walk through time, and how many, newest first. Weeks at the ends of the
    /// filter's time are counted call by call.
    pub(super) fn spans(&self, r: &Reader<'_>) -> Result<Vec<(i64, u64)>, StoreError> {
        let mut query = Query::from("SELECT c.span, sum(c.calls) FROM call_spans c WHERE 1 = 1");
        if self.source.is_none() {
            query.and("c.is_joined = 0");
        }
        let columns = [
            ("source", self.source),
            ("direction", self.direction.map(Coded::code)),
            ("outcome", self.outcome),
            ("line", self.line),
        ];
        for (column, code) in columns {
            if let Some(code) = code {
                let code = query.bind(code);
                query.and(&format!("c.{column} = {code}"));
            }
        }
        let (from, to) = (self.from, self.to);
        if from.is_some() || to.is_some() {
            let first = query.bind(spans::of(from.unwrap_or(NEVER + 1)));
            query.and(&format!("c.span >= {first}"));
        }
        if let Some(to) = to {
            let last = query.bind(spans::of(to.saturating_sub(1)));
            query.and(&format!("c.span <= {last}"));
        }
        query.text.push_str(" GROUP BY c.span ORDER BY c.span DESC");
        let mut statement = r.conn.prepare_cached(&query.text)?;
        let count = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.max(0).unsigned_abs()));
        let rows = statement.query_map(params_from_iter(&query.values), count)?;
        let mut spans: Vec<(i64, u64)> = rows.collect::<Result<_, _>>()?;
        for (span, calls) in &mut spans {
            let (begin, end) = spans::bounds(*span);
            if from.is_some_and(|from| from > begin) || to.is_some_and(|to| to < end) {
                *calls = self.count_within(r, begin, end)?;
            }
        }
        spans.retain(|(_, calls)| *calls > 0);
        Ok(spans)
    }

    /// How many calls the filter finds by a walk from one instant to another.
    pub(super) fn count_within(&self, r: &Reader<'_>, begin: i64, end: i64) -> Result<u64, StoreError> {
        let mut query = Query::from("SELECT count(*) FROM calls c WHERE 1 = 1");
        self.narrow(&mut query, (begin, end));
        let mut statement = r.conn.prepare_cached(&query.text)?;
        let calls: i64 = statement.query_one(params_from_iter(&query.values), |row| row.get(0))?;
        Ok(u64::try_from(calls).unwrap_or_default())
    }
}

/// A call names no customer, or one whom no address book has.
const UNNAMED: &str = "(c.named IS NULL OR c.named IN (SELECT m.id FROM call_customers m WHERE m.customer IS NULL))";

/// Whether the outside of a call is one of these parties.
fn side(way: Way, c: &str, parties: &str) -> String {
    let outbound = Direction::Outbound.code();
    match way {
        Way::CustomerTo | Way::ChosenTo | Way::CallerTo => {
            format!("{c}.to_party IN ({parties}) AND +{c}.direction = {outbound}")
        }
        Way::FromWords
        | Way::ToWords
        | Way::NoteWords
        | Way::CustomerFrom
        | Way::CustomerNamed
        | Way::ChosenFrom
        | Way::ChosenNamed
        | Way::PersonWords
        | Way::FromNumber
        | Way::ToNumber
        | Way::Extension
        | Way::CallerFrom => format!("{c}.from_party IN ({parties}) AND +{c}.direction <> {outbound}"),
    }
}
