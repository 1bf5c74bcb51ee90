//! One request as the routes see it: who asks, its query and its body, both strictly read.

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::answer::Refusal;

/// A request that is known to come from somebody.
pub(crate) struct Ask {
    /// Id of the user; empty for routes that need no sign-in.
    pub(crate) user: String,
    /// The token it came with.
    pub(crate) token: String,
    /// How the code of a second factor is given, and the code.
    pub(crate) method: Option<String>,
    pub(crate) code: Option<String>,
    /// What stands after the name of the route, between slashes.
    pub(crate) arguments: Vec<String>,
    /// Query parameters in order.
    pub(crate) query: Vec<(String, String)>,
    /// The body; empty for a GET.
    pub(crate) body: Map<String, Value>,
}

/// A stretch of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Where it begins.
    pub(crate) offset: usize,
    /// How many at most; `None` for everything.
    pub(crate) count: Option<usize>,
}

impl Page {
    /// The stretch of `all`.
    pub(crate) fn of<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        let rest = all.get(self.offset..).unwrap_or_default();
        &rest[..self.count.unwrap_or(rest.len()).min(rest.len())]
    }
}

impl Ask {
    /// The one value of a query parameter.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field of the body that must be a text that is not empty.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::invalid(&format!("must have required property '{name}' as a string")))
    }

    /// A field of the body that may be missing but must be a text.
    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.body.get(name) {
            None => Ok(None),
            Some(value) => match value.as_str() {
                Some(text) => Ok(Some(text)),
                None => Err(Refusal::invalid(&format!("/{name} must be string"))),
            },
        }
    }

    /// Refuses fields of the body that the route does not know.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        if self.body.keys().all(|key| known.contains(&key.as_str())) {
            return Ok(());
        }
        Err(Refusal::invalid("must NOT have additional properties"))
    }

    /// Refuses query parameters that the route does not know.
    pub(crate) fn only_query(&self, known: &[&str]) -> Result<(), Refusal> {
        if self.query.iter().all(|(key, _)| known.contains(&key.as_str())) {
            return Ok(());
        }
        Err(Refusal::invalid("must NOT have additional properties"))
    }

    /// `offset` and `count`: 50 where none is asked for, never more than 100, and everything for 0.
    pub(crate) fn page(&self) -> Result<Page, Refusal> {
        let offset = self.number("offset")?.unwrap_or(0);
        let count = match self.number("count")? {
            None => Some(50),
            Some(0) => None,
            Some(count) => Some(count.min(100)),
        };
        Ok(Page { offset, count })
    }

    fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let parsed = self.one(name).map(str::parse).transpose();
        parsed.map_err(|_| Refusal::invalid(&format!("/{name} must be number")))
    }

    /// The parameter `sort`: JSON of field names with 1 or -1, in order.
    pub(crate) fn sort(&self) -> Result<Vec<(String, bool)>, Refusal> {
        let Some(text) = self.one("sort") else {
            return Ok(Vec::new());
        };
        let refused = || Refusal::coded(&format!("Invalid sort parameter provided: \"{text}\""), "error-invalid-sort");
        let fields: Map<String, Value> = serde_json::from_str(text).map_err(|_| refused())?;
        let direction = |value: &Value| match value.as_i64() {
            Some(1) => Ok(true),
            Some(-1) => Ok(false),
            _ => Err(refused()),
        };
        fields.iter().map(|(key, value)| Ok((key.clone(), direction(value)?))).collect()
    }
}

/// Reads a JSON body; an empty one is an empty object.
pub(crate) fn body(headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("application/json") {
        return Err(Refusal::invalid("the body must be application/json"));
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Refusal::plain("Invalid JSON in the body")),
    }
}
