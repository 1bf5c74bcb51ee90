//! Lists of rows as JSON, made piece by piece so that a million rows are never in memory at once.

use super::pages;
use super::resources::RESOURCES;
use super::search::Search;
use super::state::State;
use super::table::Row;
use crate::generator::calls::national;
use crate::lock;
use axum::body::{Body, Bytes};
use axum::response::Response;
use std::convert::Infallible;
use std::sync::Arc;

/// How lists are wrapped. The documented shape is [`Shape::Plain`]; the others are what services on the same platform
/// are known to send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// `[{…},{…}]`.
    #[default]
    Plain,
    /// `"[{…},{…}]"`: the list as a JSON string.
    InString,
    /// `{"d":[{…},{…}]}`.
    InD,
    /// `{…}` where the list has exactly one row, else as documented.
    Single,
}

/// A walk over the rows of one resource.
pub(super) struct Walk {
    resource: usize,
    /// The last key that was looked at.
    at: u64,
    is_descending: bool,
    /// How many rows may still follow.
    left: usize,
    only: Option<Search>,
    /// What stands before the next row: `[` before the first, then `,`.
    before: &'static str,
    is_over: bool,
}

/// Keys that are looked at for one piece of an answer.
const PIECE: usize = 500;

impl Walk {
    /// All rows, by ascending key.
    pub(super) fn all(resource: usize) -> Self {
        Self { resource, at: 0, is_descending: false, left: usize::MAX, only: None, before: "[", is_over: false }
    }

    /// The calls that a search asks for.
    pub(super) fn search(resource: usize, search: Search) -> Self {
        Self {
            at: if search.is_descending { u64::MAX } else { 0 },
            is_descending: search.is_descending,
            left: search.top.unwrap_or(usize::MAX),
            only: Some(search),
            ..Self::all(resource)
        }
    }

    /// The next piece of the list; nothing after its end.
    fn piece(&mut self, state: &State) -> Option<String> {
        if self.is_over {
            return None;
        }
        let mut out = String::new();
        let inner = lock(&state.inner);
        let table = &inner.tables[self.resource];
        for _ in 0..PIECE {
            let next = if self.is_descending { table.before(self.at) } else { table.after(self.at) };
            let Some(key) = next.filter(|_| self.left > 0) else {
                self.is_over = true;
                break;
            };
            self.at = key;
            if !self.wants(state, table.written(key), key) {
                continue;
            }
            let Some(row) = table.get(&state.office, key) else {
                continue;
            };
            out.push_str(std::mem::replace(&mut self.before, ","));
            write_row(&mut out, RESOURCES[self.resource].fields, &row);
            self.left -= 1;
        }
        if self.is_over {
            out.push_str(if self.before == "[" { "[]" } else { "]" });
        } else if out.is_empty() {
            // A piece without any byte could be taken for the end; a space means nothing.
            out.push(' ');
        }
        Some(out)
    }

    /// Whether the row is asked for, decided without making it where it is a generated one.
    fn wants(&self, state: &State, written: Option<&Row>, key: u64) -> bool {
        const FROM: usize = 2;
        const CUSTOMER: usize = 5;
        let Some(only) = self.only.as_ref().filter(|it| it.is_choosy()) else {
            return true;
        };
        if let Some(row) = written {
            return only.matches(&row[FROM], row[CUSTOMER].parse().unwrap_or(0));
        }
        let call = state.office.call(key);
        only.matches(
            &call.outside.as_deref().map(national).unwrap_or_default(),
            call.customer.map_or(0, |it| it as u64 + 1),
        )
    }
}

/// The rows of a walk in the shape that is switched on.
pub(super) fn list(state: Arc<State>, mut walk: Walk) -> Response {
    let shape = lock(&state.inner).shape;
    if shape == Shape::Plain {
        let pieces = futures::stream::unfold((state, walk), |(state, mut walk)| async move {
            let piece = walk.piece(&state)?;
            Some((Ok::<_, Infallible>(Bytes::from(piece)), (state, walk)))
        });
        return pages::json(Body::from_stream(pieces));
    }
    let before = walk.left;
    let text: String = std::iter::from_fn(|| walk.piece(&state)).collect();
    let is_single = before - walk.left == 1;
    pages::json(wrapped(shape, text, is_single))
}

/// One row or none, in the shape that is switched on.
pub(super) fn one(state: &State, resource: usize, key: Option<u64>) -> Response {
    let inner = lock(&state.inner);
    let mut text = String::from("[");
    let row = key.and_then(|key| inner.tables[resource].get(&state.office, key));
    if let Some(row) = &row {
        write_row(&mut text, RESOURCES[resource].fields, row);
    }
    text.push(']');
    pages::json(wrapped(inner.shape, text, row.is_some()))
}

fn wrapped(shape: Shape, list: String, is_single: bool) -> String {
    match shape {
        Shape::InString => quoted(&list),
        Shape::InD => format!("{{\"d\":{list}}}"),
        Shape::Single if is_single => list[1..list.len() - 1].to_owned(),
        Shape::Plain | Shape::Single => list,
    }
}

fn write_row(out: &mut String, fields: &[&str], row: &Row) {
    for (index, (field, value)) in fields.iter().zip(row).enumerate() {
        out.push_str(if index == 0 { "{" } else { "," });
        out.push_str(&quoted(field));
        out.push(':');
        out.push_str(&quoted(value));
    }
    out.push('}');
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
