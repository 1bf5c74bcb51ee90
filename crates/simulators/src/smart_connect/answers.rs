//! Lists of rows as JSON, made piece by piece so that a million rows are never in memory at once.

use super::pages;
use super::resources::{RECEIVED_CALLS, RESOURCES};
use super::row::{Row, Stored, quoted};
use super::search::Search;
use super::state::{Inner, State};
use super::times::{TimeFormat, told};
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
    /// `{"GetContainmentLineResult":[{…},{…}]}`, with the name of the resource.
    InResult,
    /// `null` where the list is empty, else as documented.
    NullForEmpty,
    /// As documented, after the mark for the order of bytes.
    AfterMark,
    /// Nothing at all where the list is empty, else as documented.
    NothingForEmpty,
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
            out.push_str(&inner.written_row(self.resource, &row));
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
    fn wants(&self, state: &State, written: Option<&Stored>, key: u64) -> bool {
        let fields = RESOURCES[RECEIVED_CALLS].fields;
        let Some(only) = self.only.as_ref().filter(|it| it.is_choosy()) else {
            return true;
        };
        if let Some(row) = written {
            let customer = row.get(fields, "顧客ID").parse().unwrap_or(0);
            return only.matches(&row.get(fields, "相手TEL"), customer);
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
    // The spaces of pieces without a row mean nothing, but would stand inside the wrapping.
    pages::json(wrapped(shape, text.trim_start().to_owned(), is_single, walk.resource))
}

/// One row or none, in the shape that is switched on.
pub(super) fn one(state: &State, resource: usize, key: Option<u64>) -> Response {
    let inner = lock(&state.inner);
    let mut text = String::from("[");
    let row = key.and_then(|key| inner.tables[resource].get(&state.office, key));
    if let Some(row) = &row {
        text.push_str(&inner.written_row(resource, row));
    }
    text.push(']');
    pages::json(wrapped(inner.shape, text, row.is_some(), resource))
}

fn wrapped(shape: Shape, list: String, is_single: bool, resource: usize) -> String {
    let is_empty = list == "[]";
    match shape {
        Shape::InString => quoted(&list),
        Shape::InD => format!("{{\"d\":{list}}}"),
        Shape::Single if is_single => list[1..list.len() - 1].to_owned(),
        Shape::InResult => format!("{{\"Get{}Result\":{list}}}", RESOURCES[resource].path.replace('-', "")),
        Shape::NullForEmpty if is_empty => "null".to_owned(),
        Shape::NothingForEmpty if is_empty => String::new(),
        Shape::AfterMark => format!("\u{FEFF}{list}"),
        Shape::Plain | Shape::Single | Shape::NullForEmpty | Shape::NothingForEmpty => list,
    }
}

impl Inner {
    /// A row as it is answered: with the fields that were added, and a call's time in the format that is switched on.
    pub(super) fn written_row(&self, resource: usize, row: &Stored) -> String {
        let fields = RESOURCES[resource].fields;
        let extras = &self.tables[resource].extras;
        let is_plain = resource != RECEIVED_CALLS || self.time_format == TimeFormat::Slashed;
        match row {
            Stored::Raw(_, text) => text.clone(),
            Stored::Known(row) if is_plain && extras.is_empty() => object(fields, row),
            Stored::Known(_) => {
                let members = row.members(fields);
                let mut members = if is_plain { members } else { told(members, self.time_format) };
                members.0.extend(extras.iter().cloned());
                members.text()
            }
        }
    }
}

/// A row of texts alone, which most are, written at once.
fn object(fields: &[&str], row: &Row) -> String {
    let mut out = String::with_capacity(400);
    for (index, (field, value)) in fields.iter().zip(row).enumerate() {
        out.push_str(if index == 0 { "{\"" } else { ",\"" });
        // No name of a field has a sign that JSON would escape.
        out.push_str(field);
        out.push_str("\":");
        out.push_str(&quoted(value));
    }
    out.push('}');
    out
}
