//! How a write of a row stands in the log of writes: before and after, with digests in the place of secret values.

use std::future::Future;

use model::audit::{AuditKind, Deed};
use model::record::{Created, Updated, is_secret};
use model::{ConnectionId, DoneId, Failure, Raw};

use crate::audit::Done;
use crate::console::Console;
use crate::records::row::{Fields, is_nothing};
use crate::records::secrets::digest;

/// A write of one row.
pub(crate) struct RowWrite<'a> {
    pub(crate) connection: &'a ConnectionId,
    pub(crate) kind: AuditKind,
    pub(crate) resource: &'a str,
    /// The key of the row; `None` where it has none yet.
    pub(crate) key: Option<&'a str>,
    /// The row as it was read before, where there is one.
    pub(crate) before: Option<Fields>,
    /// The row as it is to be; `None` where it goes.
    pub(crate) after: Option<Fields>,
    /// What it is and what it takes back.
    pub(crate) ties: Ties,
}

/// How a write belongs to others.
#[derive(Debug, Default, Clone)]
pub(crate) struct Ties {
    /// The committed change that it is.
    pub(crate) done: Option<DoneId>,
    /// The number of the entry of the log that it takes back.
    pub(crate) puts_back: Option<u64>,
}

/// What a write of a row answers, for the log.
pub(crate) trait Answered {
    /// The key that the system chose.
    fn key(&self) -> Option<String> {
        None
    }
    /// The row as it is there now, where that is known.
    fn row(&self) -> Option<&Raw> {
        None
    }
    /// Whether nothing was written because somebody else was faster.
    fn met_conflict(&self) -> bool {
        false
    }
}

impl Answered for Created {
    fn key(&self) -> Option<String> {
        self.key.clone()
    }

    fn row(&self) -> Option<&Raw> {
        self.row.as_ref()
    }
}

impl Answered for Updated {
    fn row(&self) -> Option<&Raw> {
        match self {
            Self::Done(row) => Some(row),
            Self::Conflict(_) => None,
        }
    }

    fn met_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

impl Answered for () {}

impl Console {
    /// Writes a row, once, with its place in the log: where that cannot be written, nothing is sent.
    pub(crate) async fn write_row<T: Answered>(
        &self,
        row: RowWrite<'_>,
        act: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let before = row.before.as_ref().map(|plain| (plain, hidden(plain, None)));
        let hide = |plain: &Fields| hidden(plain, before.as_ref()).raw();
        let subject = row.key.map_or_else(|| row.resource.to_owned(), |key| format!("{} {key}", row.resource));
        let deed = Deed {
            resource: Some(row.resource.to_owned()),
            key: row.key.map(str::to_owned),
            before: before.as_ref().map(|(_, hidden)| hidden.raw()),
            after: row.after.as_ref().map(&hide),
            done: row.ties.done.clone(),
            puts_back: row.ties.puts_back,
            ..self.deed(row.kind, row.connection, subject).await?
        };
        let done = |answer: &T| Done {
            key: answer.key(),
            after: answer.row().and_then(|raw| Fields::read(raw).ok()).as_ref().map(&hide),
            met_conflict: answer.met_conflict(),
            ..Done::default()
        };
        self.audited(deed, act, done).await
    }
}

/// The row with digests in the place of its secret values. A value that was there before keeps its digest, so that it does not look
/// changed.
fn hidden(row: &Fields, before: Option<&(&Fields, Fields)>) -> Fields {
    row.map(|name, value| {
        if !is_secret(name) || is_nothing(value) {
            return None;
        }
        let known = before.filter(|(plain, _)| plain.get(name) == Some(value));
        Some(known.and_then(|(_, hidden)| hidden.get(name)).map_or_else(|| digest(value), str::to_owned))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Fields {
        Fields::read(&Raw(text.to_owned())).unwrap()
    }

    #[test]
    fn secrets_are_digests_and_those_that_stay_do_not_look_changed() {
        let before = row(r#"{"ID":"2","パスワード":"ひらけごま","名称":"x","トークン":"t"}"#);
        let after = row(r#"{"ID":"2","パスワード":"ひらけごま","名称":"y","トークン":"u"}"#);
        let known = (&before, hidden(&before, None));
        let logged = hidden(&after, Some(&known));
        assert_eq!(logged.get("パスワード"), known.1.get("パスワード"));
        assert_ne!(logged.get("トークン"), known.1.get("トークン"));
        let text = format!("{}{}", known.1.raw().0, logged.raw().0);
        assert!(!text.contains("ひらけごま") && !text.contains(":\"t\"") && !text.contains(":\"u\""), "{text}");
        let changed = model::audit::differences(Some(&known.1.raw()), Some(&logged.raw()));
        let names: Vec<&str> = changed.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(names, ["名称", "トークン"]);
    }
}
