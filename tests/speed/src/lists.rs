//! Lists, searches and exports over a full cache, each beside the best SQL by hand on the same file: the same rows with the same
//! columns, and how many there are.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::Console;
use model::Time;
use model::call::{CallFilter, Outcome};
use model::export::{CallColumn, CallExport, ExportColumn, FileFormat, TextEncoding};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use serde_json::{Value as Json, json};

use crate::words::{FAMILIES, phrase};
use crate::{Outcome as Measured, p95};

/// A list by its name, what is asked of the console, and the same asked by hand: a condition on `c`, and what is bound to it.
struct Question {
    name: &'static str,
    filter: CallFilter,
    condition: String,
    values: Vec<Value>,
}

/// Asks for first pages and for the middle, each kind of list so often, every time another one or after a change, so that nothing is
/// answered from memory.
pub(crate) async fn measure(data: &Path, times: u32) -> Measured<Json> {
    let console = console(data).await?;
    let newest = console.calls_page(CallFilter::default(), None, 1).await?;
    let newest = newest.calls.first().and_then(|it| it.started_at).ok_or("the cache has no calls")?;
    let by_hand = open(data)?;
    let mut figures = serde_json::Map::new();
    for turn in 0..times {
        for question in questions(newest, turn) {
            touch(data)?;
            let (took, total) = ours(&console, &question.filter, None).await?;
            let (floor, expected) = hand(&by_hand, &question)?;
            if total != expected {
                return Err(format!("{}: {total} calls, by hand {expected}", question.name).into());
            }
            note(&mut figures, question.name, took, floor);
            if question.name == "none" {
                touch(data)?;
                let (took, _) = ours(&console, &question.filter, Some(total / 200)).await?;
                note(&mut figures, "middle", took, floor);
            }
        }
    }
    console.stop();
    let told = figures.into_iter().map(|(name, times)| {
        let of = |key: &str| times[key].as_array().into_iter().flatten().filter_map(Json::as_f64).collect::<Vec<_>>();
        (name, json!({ "ms": p95(of("ms")), "floor_ms": p95(of("floor_ms")) }))
    });
    Ok(Json::Object(told.collect()))
}

/// A console over the cache; it asks no system.
async fn console(data: &Path) -> Measured<Console> {
    Ok(shell::open_with(data, Arc::new(engine::MemoryVault::default())).await?.console)
}

fn note(figures: &mut serde_json::Map<String, Json>, name: &str, took: f64, floor: f64) {
    let entry = figures.entry(name).or_insert_with(|| json!({ "ms": [], "floor_ms": [] }));
    for (key, value) in [("ms", took), ("floor_ms", floor)] {
        if let Some(times) = entry[key].as_array_mut() {
            times.push(value.into());
        }
    }
}

/// Another edition of the calls, as after a call that came in: what was remembered of lists is worth nothing.
fn touch(data: &Path) -> Measured<()> {
    let conn = Connection::open_with_flags(data.join("cache.db"), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.execute("UPDATE editions SET number = number + 1", [])?;
    Ok(())
}

async fn ours(console: &Console, filter: &CallFilter, block: Option<u64>) -> Measured<(f64, u64)> {
    let begun = Instant::now();
    let block = console.calls_block(filter.clone(), block.unwrap_or(0)).await?;
    Ok((begun.elapsed().as_secs_f64() * 1_000.0, block.total))
}

fn questions(newest: Time, turn: u32) -> Vec<Question> {
    const DAY: u64 = 24 * 60 * 60;
    let empty = CallFilter::default();
    let family = FAMILIES[turn as usize % FAMILIES.len()];
    let digits = format!("{:04}", (turn * 397 + 1_234) % 10_000);
    let from = newest.minus(Duration::from_secs(DAY * (30 + 7 * u64::from(turn))));
    let to = from.plus(Duration::from_secs(DAY));
    let words = |text: &str| vec![Value::from(phrase(text)); 3];
    let narrow = format!("({SEARCH}) AND c.outcome = {} AND c.line = (SELECT id FROM lines WHERE text = 'Sales')", 3);
    vec![
        Question { name: "none", filter: empty.clone(), condition: "1".to_owned(), values: Vec::new() },
        Question {
            name: "day",
            filter: CallFilter { from: Some(from), to: Some(to), ..empty.clone() },
            condition: "c.started_at >= $1 AND c.started_at < $2".to_owned(),
            values: vec![Value::from(from.millis()), Value::from(to.millis())],
        },
        Question {
            name: "number",
            filter: CallFilter { search: digits.clone(), ..empty.clone() },
            condition: SEARCH.to_owned(),
            values: words(&digits),
        },
        Question {
            name: "name",
            filter: CallFilter { search: family.to_owned(), ..empty.clone() },
            condition: SEARCH.to_owned(),
            values: words(family),
        },
        Question {
            name: "outcome, line and text",
            filter: CallFilter {
                search: family.to_owned(),
                outcome: Some(Outcome::Missed),
                line: Some("Sales".to_owned()),
                ..empty
            },
            condition: narrow,
            values: words(family),
        },
    ]
}

/// Calls that hold a text, by every index that there is: what it finds is one list of rows.
const SEARCH: &str = "c.id IN (SELECT COALESCE(f.joined, f.id) FROM (
  WITH hit AS MATERIALIZED (SELECT rowid AS id FROM party_words WHERE party_words MATCH $1),
    customer AS MATERIALIZED (SELECT rowid AS id FROM customer_words WHERE customer_words MATCH $2),
    party AS MATERIALIZED (SELECT p.id FROM customer k JOIN customer_numbers b ON b.customer = k.id
      JOIN parties p ON p.number_key = b.number_key)
  SELECT c.id, c.joined FROM calls c WHERE c.from_party IN (SELECT id FROM hit)
  UNION ALL SELECT c.id, c.joined FROM calls c WHERE c.to_party IN (SELECT id FROM hit)
  UNION ALL SELECT c.id, c.joined FROM calls c WHERE c.from_party IN (SELECT id FROM party) AND c.direction <> 2
    AND (c.named IS NULL OR c.named IN (SELECT id FROM call_customers WHERE customer IS NULL))
  UNION ALL SELECT c.id, c.joined FROM calls c WHERE c.to_party IN (SELECT id FROM party) AND c.direction = 2
    AND (c.named IS NULL OR c.named IN (SELECT id FROM call_customers WHERE customer IS NULL))
  UNION ALL SELECT c.id, c.joined FROM calls c WHERE c.named IN
    (SELECT m.id FROM customer k JOIN call_customers m ON m.customer = k.id)
  UNION ALL SELECT c.id, c.joined FROM calls c WHERE c.note IN
    (SELECT rowid FROM note_words WHERE note_words MATCH $3)
  UNION ALL SELECT w.id, w.joined FROM people p JOIN extensions e ON e.source = p.source AND e.external_id = p.external_id
    JOIN person_calls w ON w.extension = e.id WHERE p.kind = 1 AND p.folded LIKE $4
) f)";

/// The columns of a row as a list shows it: what joins to it is looked up as the rows are.
pub(crate) const ROW: &str =
    "SELECT c.id, c.external_id, c.started_at, c.duration, c.direction, c.outcome, f.raw, f.number_key, f.name,
    t.raw, t.number_key, t.name, l.text, n.text, (SELECT count(*) FROM calls j WHERE j.joined = c.id),
    (SELECT group_concat(p.name) FROM call_people w JOIN extensions e ON e.id = w.extension
       JOIN people p ON p.source = e.source AND p.external_id = e.external_id WHERE w.call = c.id),
    COALESCE((SELECT k.name FROM call_customers m JOIN customers k ON k.id = m.customer WHERE m.id = c.named),
      (SELECT max(k.name) FROM customer_numbers b JOIN customers k ON k.id = b.customer
       WHERE b.number_key = CASE c.direction WHEN 2 THEN t.number_key ELSE f.number_key END))
  FROM calls c LEFT JOIN parties f ON f.id = c.from_party LEFT JOIN parties t ON t.id = c.to_party
  LEFT JOIN lines l ON l.id = c.line LEFT JOIN notes n ON n.id = c.note";

fn hand(conn: &Connection, question: &Question) -> Measured<(f64, u64)> {
    let mut values = question.values.clone();
    if question.condition.contains("$4") {
        let text = question.filter.search.clone();
        values.push(Value::from(format!("%{text}%")));
    }
    let begun = Instant::now();
    let is_search = question.condition.contains("MATCH");
    if is_search {
        // What is found is found once, for the count and for the page.
        let sql = format!(
            "CREATE TEMP TABLE found AS SELECT c.id, c.started_at FROM calls c WHERE c.joined IS NULL AND {}",
            question.condition
        );
        conn.execute(&sql, params_from_iter(&values))?;
        values.clear();
    }
    let (total, page) = if is_search {
        let page =
            "JOIN (SELECT id FROM found ORDER BY started_at DESC, id DESC LIMIT 100) p ON p.id = c.id".to_owned();
        ("SELECT count(*) FROM found".to_owned(), format!("{ROW} {page}"))
    } else {
        let narrow = format!("c.joined IS NULL AND {}", question.condition);
        let total = if question.name == "none" {
            "SELECT sum(calls) FROM call_spans WHERE is_joined = 0".to_owned()
        } else {
            format!("SELECT count(*) FROM calls c WHERE {narrow}")
        };
        (total, format!("{ROW} WHERE {narrow} ORDER BY c.started_at DESC, c.id DESC LIMIT 100"))
    };
    let total: i64 = conn.prepare_cached(&total)?.query_row(params_from_iter(&values), |row| row.get(0))?;
    let mut statement = conn.prepare_cached(&page)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params_from_iter(&values))?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            read += usize::from(row.get::<_, Value>(column)? != Value::Null);
        }
    }
    std::hint::black_box(read);
    drop(rows);
    let took = begun.elapsed().as_secs_f64() * 1_000.0;
    if is_search {
        drop(statement);
        conn.flush_prepared_statement_cache();
        conn.execute("DROP TABLE found", [])?;
    }
    Ok((took, u64::try_from(total)?))
}

/// The cache, for SQL by hand.
pub(crate) fn open(data: &Path) -> Measured<Connection> {
    let conn = Connection::open_with_flags(data.join("cache.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "cache_size", -16_000)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(conn)
}

/// Writes every call to a CSV file and to a workbook, and beside it reads the same rows and writes their bare bytes.
pub(crate) async fn export(data: &Path) -> Measured<Json> {
    let console = console(data).await?;
    let mut figures = serde_json::Map::new();
    for (name, format) in [("csv", FileFormat::Csv), ("xlsx", FileFormat::Xlsx)] {
        let folder = data.join(format!("export-{name}"));
        std::fs::create_dir_all(&folder)?;
        let begun = Instant::now();
        let written = console
            .calls_export(everything(format), &folder, shell::wall_clock, |_| {}, Arc::default())
            .await?
            .ok_or("nobody cancelled it")?;
        figures.insert(format!("{name}_s"), begun.elapsed().as_secs_f64().into());
        figures.insert(format!("{name}_bytes"), std::fs::metadata(&written.file)?.len().into());
        figures.insert("rows".to_owned(), written.rows.into());
        std::fs::remove_file(&written.file)?;
    }
    console.stop();
    figures.insert("peak_kib".to_owned(), crate::fill::peak_memory()?.into());
    figures.insert("floor_s".to_owned(), bare(data)?.into());
    Ok(Json::Object(figures))
}

fn everything(format: FileFormat) -> CallExport {
    use CallColumn::{Caller, Company, Connections, Direction, Id, Line, Note, Number, Outcome, Seconds, Spoke, Time};
    let columns = [Time, Outcome, Direction, Connections, Caller, Company, Number, Line, Spoke, Seconds, Note, Id];
    CallExport {
        filter: CallFilter::default(),
        format,
        encoding: TextEncoding::Utf8Bom,
        name: "calls".to_owned(),
        hides_numbers: false,
        columns: columns.map(|column| ExportColumn { column, heading: format!("{column:?}") }).into(),
        words: std::collections::BTreeMap::new(),
    }
}

/// Reads the rows of the whole list in one go and writes their values, separated by commas.
fn bare(data: &Path) -> Measured<f64> {
    use std::io::Write;
    let conn = open(data)?;
    let path = data.join("bare.csv");
    let begun = Instant::now();
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    let sql = format!("{ROW} WHERE c.joined IS NULL ORDER BY c.started_at DESC, c.id DESC");
    let mut statement = conn.prepare(&sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            match row.get_ref(column)? {
                rusqlite::types::ValueRef::Text(text) => file.write_all(text)?,
                rusqlite::types::ValueRef::Integer(number) => write!(file, "{number}")?,
                rusqlite::types::ValueRef::Null
                | rusqlite::types::ValueRef::Real(_)
                | rusqlite::types::ValueRef::Blob(_) => {}
            }
            file.write_all(b",")?;
        }
        file.write_all(b"\r\n")?;
    }
    file.flush()?;
    std::fs::remove_file(path)?;
    Ok(begun.elapsed().as_secs_f64())
}
