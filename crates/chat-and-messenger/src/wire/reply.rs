//! The envelope of every answer: `errors` in every shape it may have, and the payload wherever it stands.

use model::{Failure, Reason, Why};
use rest::Answer;

use super::{Fields, Json};

/// Keys that may hold the words of an error object.
const WORDS: &[&str] = &["message", "msg", "error", "reason", "detail", "code"];

/// Keys that may hold the whole answer one level down.
const WRAPPERS: &[&str] = &["result", "data"];

/// An answer that is a JSON object.
pub(crate) struct Reply {
    top: Fields,
    inner: Option<Fields>,
}

/// What `errors` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Errors {
    /// There is none.
    None,
    /// An empty list or object: an error only where the payload is missing, for the vendor's own sample stops there.
    Empty,
    /// The errors, flattened.
    Words(Vec<String>),
}

impl Reply {
    /// Reads an answer; `None` where it is no JSON object.
    pub(crate) fn read(answer: &Answer) -> Option<Self> {
        if answer.is_html() {
            return None;
        }
        let text = answer.text().ok()?;
        Self::of(Json::parse(text.trim()).ok()?.opened().fields()?)
    }

    fn of(top: Fields) -> Option<Self> {
        let inner = WRAPPERS.iter().filter_map(|key| top.get(key)).find_map(|value| value.clone().opened().fields());
        Some(Self { top, inner })
    }

    /// The first of these payload keys that holds an object or a list.
    pub(crate) fn payload(&self, keys: &[&str]) -> Option<Json> {
        let levels = [Some(&self.top), self.inner.as_ref()];
        let found = |fields: &Fields, key: &str| {
            let value = fields.get(key)?.clone().opened();
            (value.list().is_some() || value.fields().is_some()).then_some(value)
        };
        levels.into_iter().flatten().find_map(|fields| keys.iter().find_map(|key| found(fields, key)))
    }

    /// What `errors` says, on either level.
    pub(crate) fn errors(&self) -> Errors {
        let levels = [Some(&self.top), self.inner.as_ref()];
        let value = levels.into_iter().flatten().find_map(|fields| fields.get("errors"));
        value.map_or(Errors::None, |value| errors(&value.clone().opened()))
    }

    /// Whether anything but `errors` is in it.
    pub(crate) fn says_more(&self) -> bool {
        self.top.0.iter().any(|(key, value)| key != "errors" && !value.is_null())
    }

    /// The system's id of what was made, where the answer has one.
    pub(crate) fn id(&self) -> Option<String> {
        let levels = [self.inner.as_ref(), Some(&self.top)];
        levels.into_iter().flatten().find_map(|fields| fields.text(&["messageId", "id"]))
    }
}

fn errors(value: &Json) -> Errors {
    if value.is_null() || value.raw().0 == "false" || value.string().is_some_and(|text| text.trim().is_empty()) {
        return Errors::None;
    }
    let is_empty = value.list().is_some_and(|list| list.is_empty()) || value.fields().is_some_and(|it| it.0.is_empty());
    if is_empty {
        return Errors::Empty;
    }
    let items = value.list().unwrap_or_else(|| vec![value.clone()]);
    Errors::Words(items.iter().map(words).collect())
}

/// The words of one error, or its JSON where it has none that we know.
fn words(error: &Json) -> String {
    let words = error.text().or_else(|| error.fields().and_then(|fields| fields.text(WORDS)));
    words.unwrap_or_else(|| error.raw().0)
}

/// What the errors of an answer mean. The vendor documents no codes, so the words decide: a token that is not accepted, a
/// plan without the interface, or any other refusal.
pub(crate) fn refusal(errors: &[String]) -> Failure {
    let words = errors.join("; ");
    let low = words.to_lowercase();
    let says = |any: &[&str]| any.iter().any(|word| low.contains(word));
    let is_token = says(&["token", "トークン"]);
    let is_bad = says(&[
        "invalid",
        "illegal",
        "wrong",
        "expired",
        "unauthori",
        "required",
        "missing",
        "not valid",
        "不正",
        "無効",
        "期限",
    ]);
    if is_token && is_bad {
        return Failure::SignedOut(Why::new(Reason::TokenRefused, words));
    }
    if says(&["plan", "プラン", "enterprise"]) {
        return Failure::Refused(Why::new(Reason::NoPlan, words));
    }
    Failure::Refused(Why::new(Reason::SystemRefused, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_come_in_every_shape() {
        let check = |text: &str, expected: &[&str]| {
            let expected = expected.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(errors(&Json::parse(text).unwrap()), Errors::Words(expected), "{text}");
        };
        check(r#""no such user""#, &["no such user"]);
        check(r#"["a","b"]"#, &["a", "b"]);
        check(r#"[{"code":"E100","message":"a"},{"reason":"b"}]"#, &["a", "b"]);
        check(r#"{"detail":"a"}"#, &["a"]);
        check(r#"{"odd":{"x":1}}"#, &[r#"{"odd":{"x":1}}"#]);
        check("1", &["1"]);
        check("true", &["true"]);
        for none in ["null", "false", r#""""#, r#"" ""#] {
            assert_eq!(errors(&Json::parse(none).unwrap()), Errors::None, "{none}");
        }
        for empty in ["[]", "{}"] {
            assert_eq!(errors(&Json::parse(empty).unwrap()), Errors::Empty, "{empty}");
        }
    }

    #[test]
    fn the_payload_is_found_wherever_it_stands() {
        let check = |text: &str, expected: Option<&str>| {
            let reply = Reply::of(Json::parse(text).unwrap().opened().fields().unwrap()).unwrap();
            assert_eq!(reply.payload(&["rooms"]).map(|it| it.raw().0).as_deref(), expected, "{text}");
        };
        check(r#"{"rooms":[1]}"#, Some("[1]"));
        check(r#"{"rooms":"[1]"}"#, Some("[1]"));
        check(r#"{"result":{"rooms":{"a":1}}}"#, Some(r#"{"a":1}"#));
        check(r#"{"data":"{\"rooms\":[2]}"}"#, Some("[2]"));
        check(r#""{\"rooms\":[3]}""#, Some("[3]"));
        check(r#"{"rooms":null}"#, None);
        check(r#"{"others":[1]}"#, None);
    }
}
