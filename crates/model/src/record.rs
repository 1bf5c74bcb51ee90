//! Rows whose fields we do not know, and the untouched JSON of rows that we do.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// JSON text exactly as a system gave it: order, unknown keys and long numbers untouched. It crosses to the web view as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct Raw(pub String);

impl Raw {
    /// What we know ourselves, as JSON; `null` for what cannot be written so.
    #[must_use]
    pub fn of(value: &impl Serialize) -> Self {
        Self(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
    }
}

/// A set of rows that a system lets an administrator look after, such as 収容回線.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Resource {
    /// Path name, exactly as on the wire.
    pub path: String,
    /// The system's own name for it.
    pub name: String,
    /// The field whose value identifies a row.
    pub key: String,
    /// What the system allows: any of `list`, `get`, `create`, `update`, `delete`.
    pub verbs: Vec<Verb>,
    /// The least key that may be read or written by itself; rows below it can only be looked at.
    pub least_key: u32,
    /// Where it stands on screen.
    pub group: ResourceGroup,
    /// Fields that are published for it, in their order; empty where they are learnt from the rows alone.
    pub fields: Vec<String>,
    /// Whether a write may run or start something at the system's computer, so that a person confirms it by typing.
    pub starts_something: bool,
    /// Whether its rows are addresses that the system opens when a call comes in.
    pub opens_on_call: bool,
    /// Whether its rows come and go by themselves.
    pub is_live: bool,
    /// Something that people should know before they rely on it.
    pub caution: Option<ResourceCaution>,
}

/// What the rows of a [`Resource`] are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ResourceGroup {
    /// Lines, calls and those who call.
    Telephone,
    /// What happens when a call comes in.
    Incoming,
    /// The service itself.
    Service,
}

/// A warning about a [`Resource`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ResourceCaution {
    /// It works through LINE Notify, which ended on 31 March 2025.
    LineNotifyEnded,
}

/// Parts of the names of fields that hold secrets, as they are compared: folded, so that case, width and kana do not matter.
const SECRETS: [&str; 10] =
    ["パスワード", "password", "pass", "pw", "トークン", "token", "ライセンス", "シリアル", "認証", "キー"];

/// Whether a field holds a secret, by its name.
#[must_use]
pub fn is_secret(field: &str) -> bool {
    let name = crate::text::fold(field);
    SECRETS.iter().any(|part| name.contains(part))
}

/// One thing that can be done with the rows of a [`Resource`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verb {
    /// Read all rows.
    List,
    /// Read one row.
    Get,
    /// Make a row.
    Create,
    /// Change a row.
    Update,
    /// Remove a row.
    Delete,
}

/// A change of some fields of a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct RowChange {
    /// One JSON object with only the fields to change.
    pub fields: Raw,
    /// The row as the person saw it: where one of the fields is different there by now, nothing is written. `None` writes whatever
    /// stands there.
    pub seen: Option<Raw>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Updated {
    /// It was written; the row as it is there now.
    Done(Raw),
    /// Somebody else changed the same fields meanwhile; nothing was written.
    Conflict(Conflict),
}

/// What stands in the way of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Conflict {
    /// The row as it is there now.
    pub now: Raw,
    /// The fields in question.
    pub fields: Vec<FieldConflict>,
}

/// One field that two people changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FieldConflict {
    /// Its name on the wire.
    pub name: String,
    /// Its value as the person saw it; JSON text, `null` where it was not there.
    pub seen: Raw,
    /// Its value there now.
    pub now: Raw,
    /// The value that was to be written.
    pub wanted: Raw,
}

/// A row that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Created {
    /// The key that the system chose; `None` where others made equal rows at the same time, so that nobody can tell which is ours.
    pub key: Option<String>,
    /// The row as it is there now, where its key is known.
    pub row: Option<Raw>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_secret_by_its_name_whatever_its_width_or_case() {
        let names =
            ["パスワード", "ﾊﾟｽﾜｰﾄﾞ", "SIP_Password", "ＰＷ", "アクセストークン", "ライセンス番号", "認証ID", "APIキー"];
        assert!(names.iter().all(|name| is_secret(name)));
        assert!(SECRETS.iter().all(|part| crate::text::fold(part) == *part));
        assert!(!["ID", "名称", "着信TEL", "メールアドレス"].iter().any(|name| is_secret(name)));
    }
}
