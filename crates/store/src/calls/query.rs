//! A statement in the making: its text and what is bound to it, in the order of the parameters.

use std::rc::Rc;

use rusqlite::ToSql;
use rusqlite::types::Value;

use super::hits::Rows;

/// A statement in the making, with its values in order.
pub(super) struct Query {
    pub(super) text: String,
    pub(super) values: Vec<Box<dyn ToSql>>,
}

impl Query {
    /// A statement that begins like this.
    pub(super) fn from(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds a value and returns its parameter.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(Box::new(value.into()));
        format!("${}", self.values.len())
    }

    /// Adds rows and returns a subquery for them.
    pub(super) fn bind_rows(&mut self, rows: &Rows) -> String {
        self.values.push(Box::new(Rc::clone(rows)));
        format!("SELECT value FROM rarray(${})", self.values.len())
    }

    /// Adds a condition.
    pub(super) fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }
}
