//! What was done at systems through this console: who, when, from where, on what, and what became of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::record::FieldConflict;
use crate::staging::PLACEHOLDER;
use crate::{ConnectionId, DoneId, Raw, Time};

/// One write, as the log has it. Entries are only ever added; each bears the digest of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AuditEntry {
    /// Its number, from 1 without gaps.
    #[ts(type = "number")]
    pub number: u64,
    /// When it began.
    pub at: Time,
    /// Who works here, as the settings said then; empty where they said nothing.
    pub who: String,
    /// From where.
    pub through: Through,
    /// What was done, on what, and the answer.
    pub deed: Deed,
    /// What became of it; `None` where the program ended before it was known.
    pub outcome: Option<AuditOutcome>,
    /// The system's id or words; empty where there were none.
    pub detail: String,
    /// Where both sides are known: field by field what became different.
    pub differences: Vec<AuditDifference>,
    /// Whether it can be taken back by another write.
    pub can_put_back: bool,
    /// Whether another write took it back, or may have: it is not taken back a second time.
    pub is_put_back: bool,
    /// Digest of this entry and of all before it, in hexadecimal.
    pub hash: String,
}

/// What came of taking an entry back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "became")]
#[ts(export)]
pub enum AuditPutBack {
    /// It is as it was before.
    Done,
    /// A row that had been removed is there again, under another key where the system told it.
    UnderKey {
        /// The key.
        key: Option<String>,
    },
    /// Somebody changed the same since; nothing was written.
    Conflict {
        /// The fields in question.
        fields: Vec<FieldConflict>,
    },
}

/// The write that takes another one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayBack {
    /// The row that was made goes.
    DeleteRow,
    /// The row that went is made again.
    CreateRow,
    /// The fields that were changed get their values from before.
    UpdateRow,
    /// The note reads as before.
    WriteNote,
}

/// How a write can be taken back; `None` where it cannot: it was not done, not everything about it is known, or a secret value is needed,
/// of which only digests are kept.
#[must_use]
pub fn way_back(deed: &Deed, outcome: Option<AuditOutcome>) -> Option<WayBack> {
    if outcome != Some(AuditOutcome::Done) || deed.key.is_none() {
        return None;
    }
    let is_hidden = |text: &str| text.contains(PLACEHOLDER);
    let before = deed.before.as_ref();
    match deed.kind {
        AuditKind::RecordCreated => Some(WayBack::DeleteRow),
        AuditKind::RecordDeleted => before.filter(|raw| !is_hidden(&raw.0)).map(|_| WayBack::CreateRow),
        AuditKind::RecordChanged => {
            let changed = differences(before, deed.after.as_ref());
            let needs_secret = changed.iter().any(|it| it.before.as_deref().is_some_and(is_hidden));
            (!changed.is_empty() && !needs_secret).then_some(WayBack::UpdateRow)
        }
        AuditKind::Note => before.map(|_| WayBack::WriteNote),
        AuditKind::Message
        | AuditKind::ChatRoom
        | AuditKind::QuickCall
        | AuditKind::Customer
        | AuditKind::ConnectionAdded
        | AuditKind::ConnectionRemoved
        | AuditKind::SecretReplaced
        | AuditKind::SecretForgotten => None,
    }
}

/// What was done, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Deed {
    /// What.
    pub kind: AuditKind,
    /// At which connection.
    pub connection: ConnectionId,
    /// The connection's name then: it may have been removed since.
    pub connection_name: String,
    /// On what, in words: a recipient, the name of a chat room, the key of a row.
    pub subject: String,
    /// The resource of a row, as on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The key of a row, the id of a call, of a chat room or of a delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The record before, secrets as digests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Raw>,
    /// The record that was to be, secrets as digests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Raw>,
    /// The committed change that it is among those of its connection, where it was staged before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<DoneId>,
    /// The number of the entry that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub puts_back: Option<u64>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AuditKind {
    /// A message was sent, or a person said what became of one.
    Message,
    /// A chat room was made or changed.
    ChatRoom,
    /// A web-conference link was made.
    QuickCall,
    /// A row of an administration resource was made.
    RecordCreated,
    /// A row was changed.
    RecordChanged,
    /// A row was removed.
    RecordDeleted,
    /// A customer was added.
    Customer,
    /// A note was written to the system that keeps it.
    Note,
    /// A connection was made.
    ConnectionAdded,
    /// A connection was removed.
    ConnectionRemoved,
    /// A secret was replaced or brought by a sign-in.
    SecretReplaced,
    /// A secret was forgotten.
    SecretForgotten,
}

impl AuditKind {
    /// As it stands in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::ChatRoom => "chat_room",
            Self::QuickCall => "quick_call",
            Self::RecordCreated => "record_created",
            Self::RecordChanged => "record_changed",
            Self::RecordDeleted => "record_deleted",
            Self::Customer => "customer",
            Self::Note => "note",
            Self::ConnectionAdded => "connection_added",
            Self::ConnectionRemoved => "connection_removed",
            Self::SecretReplaced => "secret_replaced",
            Self::SecretForgotten => "secret_forgotten",
        }
    }
}

/// From where a write came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Through {
    /// A window.
    #[default]
    Window,
    /// The command line.
    CommandLine,
}

impl Through {
    /// As it stands in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::CommandLine => "command_line",
        }
    }
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AuditOutcome {
    /// The system took it.
    Done,
    /// It was not taken, or nothing left.
    Refused,
    /// It left, and nobody knows whether it arrived.
    Unknown,
}

impl AuditOutcome {
    /// As it stands in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// One field that became different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AuditDifference {
    /// The field, as on the wire.
    pub field: String,
    /// Before, as text or JSON; `None` where it was not there.
    pub before: Option<String>,
    /// After; `None` where it went.
    pub after: Option<String>,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct AuditFilter {
    /// Not before this.
    pub from: Option<Time>,
    /// Only of this connection.
    pub connection: Option<ConnectionId>,
    /// Only of these kinds; empty for all.
    pub kinds: Vec<AuditKind>,
    /// Only from here.
    pub through: Option<Through>,
    /// Only what did not go as it should: refused, unknown, or never told.
    pub only_problems: bool,
    /// Words that stand in it somewhere; width, kana and case do not matter.
    pub search: String,
}

/// Entries of a filter, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// The number to go on before; `None` at the end.
    #[ts(type = "number | null")]
    pub next: Option<u64>,
    /// How many entries the log has in all.
    #[ts(type = "number")]
    pub total: u64,
}

/// The log to be written to a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AuditExport {
    /// Which entries.
    pub filter: AuditFilter,
    /// Name of the file, without folder; its ending is added where it is missing.
    pub name: String,
    /// What stands for a code such as `record_changed`, and above a column such as `at`; the code itself where nothing is given.
    pub words: BTreeMap<String, String>,
}

/// Whether the log is as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "state")]
#[ts(export)]
pub enum AuditVerdict {
    /// Every entry follows from the one before, to the last that was ever written.
    Whole {
        /// How many there are, outcomes included.
        #[ts(type = "number")]
        entries: u64,
        /// Since when; `None` where there are none.
        since: Option<Time>,
    },
    /// From this number on nothing can be relied on: an entry was changed or is missing.
    Broken {
        /// The first that does not fit.
        #[ts(type = "number")]
        number: u64,
    },
}

/// What became different between two records, in the order of the fields after, then of those that went. Records that are no JSON
/// objects are compared as a whole.
#[must_use]
pub fn differences(before: Option<&Raw>, after: Option<&Raw>) -> Vec<AuditDifference> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    let (Some(old), Some(new)) = (fields(before), fields(after)) else {
        let whole = |raw: &Raw| Some(raw.0.clone());
        let differ = before != after;
        return differ
            .then(|| AuditDifference { field: String::new(), before: whole(before), after: whole(after) })
            .into_iter()
            .collect();
    };
    let of = |list: &[(String, String)], name: &str| list.iter().find(|it| it.0 == name).map(|it| it.1.clone());
    let kept = new.iter().map(|(name, value)| (name, of(&old, name), Some(value.clone())));
    let gone = old.iter().filter(|(name, _)| of(&new, name).is_none());
    kept.chain(gone.map(|(name, value)| (name, Some(value.clone()), None)))
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| AuditDifference { field: name.clone(), before, after })
        .collect()
}

/// The fields of an object in their order; texts without quotes, everything else as it stands.
fn fields(raw: &Raw) -> Option<Vec<(String, String)>> {
    let map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&raw.0).ok()?;
    let text = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(map.into_iter().map(|(name, value)| (name, text(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_KINDS: [AuditKind; 12] = [
        AuditKind::Message,
        AuditKind::ChatRoom,
        AuditKind::QuickCall,
        AuditKind::RecordCreated,
        AuditKind::RecordChanged,
        AuditKind::RecordDeleted,
        AuditKind::Customer,
        AuditKind::Note,
        AuditKind::ConnectionAdded,
        AuditKind::ConnectionRemoved,
        AuditKind::SecretReplaced,
        AuditKind::SecretForgotten,
    ];

    #[test]
    fn codes_are_those_of_the_json() {
        fn check<T: Serialize>(value: T, code: &str) {
            assert_eq!(serde_json::to_value(value).unwrap(), code);
        }
        for kind in ALL_KINDS {
            check(kind, kind.code());
        }
        for through in [Through::Window, Through::CommandLine] {
            check(through, through.code());
        }
        for outcome in [AuditOutcome::Done, AuditOutcome::Refused, AuditOutcome::Unknown] {
            check(outcome, outcome.code());
        }
    }

    #[test]
    fn a_difference_names_what_changed_came_and_went() {
        let raw = |text: &str| Raw(text.to_owned());
        let before = raw(r#"{"回線No":"2","代理内線番号":"30","種別":"電話","備考":"x"}"#);
        let after = raw(r#"{"回線No":"2","代理内線番号":"31","種別":"電話","新":1}"#);
        let found = differences(Some(&before), Some(&after));
        let words: Vec<String> =
            found.iter().map(|it| format!("{} {:?} {:?}", it.field, it.before, it.after)).collect();
        assert_eq!(
            words,
            [r#"代理内線番号 Some("30") Some("31")"#, r#"新 None Some("1")"#, r#"備考 Some("x") None"#],
            "in the order of the fields after, then what went"
        );
        assert_eq!(differences(None, Some(&after)), []);
        assert_eq!(differences(Some(&raw("[1]")), Some(&raw("[1,2]"))).len(), 1, "no objects: as a whole");
    }
}
