//! The vendor's JSON, read tolerantly: numbers or texts as ids, words that are not known kept as text, parts that are missing.

mod person;
mod post;
mod text;

use std::borrow::Cow;

use model::Secret;
use rest::Answer;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

pub(crate) use person::{DirectoryEntry, Entry, GlipPerson, PresenceEntry, Recorded, RecordingEntry};
pub(crate) use post::{Shown, Taken};
pub(crate) use text::Text;
use text::{lenient, members};

/// A page of any list: the records untouched, and how to go on.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    #[serde(default)]
    pub(crate) records: Vec<Box<RawValue>>,
    pub(crate) navigation: Option<Navigation>,
    pub(crate) paging: Option<Paging>,
    pub(crate) sync_info: Option<SyncInfo>,
}

/// Links to other pages, or their tokens. A page that is not there is not named.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Navigation {
    pub(crate) next_page: Option<Link>,
    #[serde(default)]
    pub(crate) next_page_token: Text,
}

/// A link to another page.
#[derive(Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    pub(crate) uri: Text,
}

/// Only `perPage` is always there.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Paging {
    pub(crate) page: Text,
    pub(crate) total_pages: Text,
    pub(crate) total_elements: Text,
}

/// How a sync goes on.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SyncInfo {
    #[serde(default)]
    pub(crate) sync_token: Text,
    /// Only where records are pulled from the past on.
    #[serde(default)]
    pub(crate) newer_records_exist: Text,
}

/// A call of the call log.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Record {
    pub(crate) id: Text,
    pub(crate) session_id: Text,
    pub(crate) telephony_session_id: Text,
    pub(crate) start_time: Text,
    pub(crate) duration: Text,
    pub(crate) direction: Text,
    pub(crate) result: Text,
    pub(crate) deleted: Text,
    #[serde(deserialize_with = "lenient")]
    pub(crate) from: Side,
    #[serde(deserialize_with = "lenient")]
    pub(crate) to: Side,
    #[serde(deserialize_with = "lenient")]
    pub(crate) extension: Extension,
    #[serde(deserialize_with = "members")]
    pub(crate) legs: Vec<Step>,
}

/// A leg of a call.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Step {
    pub(crate) start_time: Text,
    pub(crate) duration: Text,
    pub(crate) result: Text,
    pub(crate) leg_type: Text,
    pub(crate) action: Text,
    pub(crate) master: Text,
    #[serde(deserialize_with = "lenient")]
    pub(crate) from: Side,
    #[serde(deserialize_with = "lenient")]
    pub(crate) to: Side,
    #[serde(deserialize_with = "lenient")]
    pub(crate) extension: Extension,
}

/// One side of a call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Side {
    pub(crate) phone_number: Text,
    pub(crate) extension_number: Text,
    pub(crate) extension_id: Text,
    pub(crate) name: Text,
    pub(crate) location: Text,
}

impl Side {
    /// The number, or the extension's number inside the office.
    pub(crate) fn number(&self) -> &str {
        self.phone_number.some().or_else(|| self.extension_number.some()).unwrap_or_default()
    }
}

/// The extension of a leg; its id is a number here and a text everywhere else.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Extension {
    pub(crate) id: Text,
}

/// A live change of a call.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Change {
    pub(crate) sequence: Text,
    pub(crate) telephony_session_id: Text,
    pub(crate) event_time: Text,
    #[serde(deserialize_with = "members")]
    pub(crate) parties: Vec<Participant>,
}

/// One party of a live call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Participant {
    pub(crate) id: Text,
    pub(crate) extension_id: Text,
    pub(crate) direction: Text,
    #[serde(deserialize_with = "lenient")]
    pub(crate) from: Side,
    #[serde(deserialize_with = "lenient")]
    pub(crate) to: Side,
    #[serde(deserialize_with = "lenient")]
    pub(crate) status: Status,
}

/// How a party is, and why.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    pub(crate) code: Text,
    pub(crate) reason: Text,
}

/// The first part of every frame of a socket.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FrameHead {
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    pub(crate) message_id: Text,
    pub(crate) status: Text,
    #[serde(deserialize_with = "lenient")]
    pub(crate) wsc: Thread,
}

/// With what the session of a socket is taken up again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Thread {
    pub(crate) token: Text,
}

/// The second part of the first frame of a socket.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Greeting {
    /// Seconds.
    pub(crate) recovery_timeout: Text,
    /// `Successful` or `Failed`; empty for a new session.
    pub(crate) recovery_state: Text,
}

/// The second part of a notification.
#[derive(Deserialize)]
pub(crate) struct Notification<'a> {
    #[serde(default)]
    pub(crate) event: Text,
    #[serde(borrow)]
    pub(crate) body: &'a RawValue,
}

/// A chat, a conversation or a post: what we need is its id, and a chat's name and size.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Named {
    pub(crate) id: Text,
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    pub(crate) name: Text,
    pub(crate) description: Text,
    pub(crate) status: Text,
    #[serde(deserialize_with = "members")]
    pub(crate) members: Vec<IgnoredAny>,
}

/// The answer of the only address that needs no sign-in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Versions {
    pub(crate) api_versions: Vec<IgnoredAny>,
    #[serde(default)]
    pub(crate) server_version: Text,
}

/// Who we are.
#[derive(Deserialize)]
pub(crate) struct Myself {
    #[serde(default)]
    pub(crate) name: Text,
}

/// What a socket is opened with, once and within seconds.
#[derive(Deserialize)]
pub(crate) struct Ticket {
    pub(crate) uri: String,
    pub(crate) ws_access_token: Secret,
}

/// What an error says: the nested code first, because the one on top is an older name for it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) code: String,
    pub(crate) message: String,
    grant: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Errors {
    error_code: Text,
    message: Text,
    error: Text,
    #[serde(rename = "error_description")]
    error_description: Text,
    #[serde(deserialize_with = "members")]
    errors: Vec<OneError>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OneError {
    error_code: Text,
    message: Text,
    permission_name: Text,
}

impl Trouble {
    /// Reads any error answer; one that is no JSON is empty.
    pub(crate) fn read(answer: &Answer) -> Self {
        Self::parse(&answer.text().unwrap_or(Cow::Borrowed("")))
    }

    /// Reads the text of an error.
    pub(crate) fn parse(text: &str) -> Self {
        let all: Errors = serde_json::from_str(text).unwrap_or_default();
        let first = all.errors.into_iter().next().unwrap_or_default();
        let either = |a: &Text, b: &Text, c: &Text| a.some().or(b.some()).or(c.some()).unwrap_or_default().to_owned();
        let message = either(&first.message, &all.message, &all.error_description);
        let needs = first.permission_name.some().filter(|it| !message.contains(it));
        Self {
            code: either(&first.error_code, &all.error_code, &all.error),
            message: needs.map_or(message.clone(), |it| format!("{message} [{it}]")),
            grant: all.error.0,
        }
    }

    /// Code and message, the code first.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.code, self.message).trim().to_owned()
    }

    /// Whether the token endpoint refuses the credential or the application.
    pub(crate) fn is_refused_grant(&self) -> bool {
        matches!(self.grant.as_str(), "invalid_grant" | "invalid_client" | "unauthorized_client")
    }

    /// Whether what is refused was good once.
    pub(crate) fn is_expired(&self) -> bool {
        matches!(self.code.as_str(), "OAU-108" | "OAU-128" | "TokenExpired")
            || self.message.to_ascii_lowercase().contains("expired")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_texts_whether_they_come_as_numbers_or_not() {
        let check = |json: &str, expected: &str| {
            assert_eq!(serde_json::from_str::<Text>(json).unwrap().0, expected, "{json}");
        };
        check("22222222", "22222222");
        check("9223372036854775807", "9223372036854775807");
        check("18446744073709551615", "18446744073709551615");
        check("-1", "-1");
        check("\"33333333\"", "33333333");
        check("null", "");
        check("true", "true");
        check("{\"id\":[1]}", "");
        check("[1,{}]", "");
    }

    #[test]
    fn odd_members_do_not_cost_the_record() {
        let json = r#"{"id":7,"from":"nobody","to":null,"legs":[{"legType":"FindMe","extension":{"id":5}},42],"duration":"11","new":{}}"#;
        let record: Record = serde_json::from_str(json).unwrap();
        assert_eq!((record.id.0.as_str(), record.duration.0.as_str()), ("7", "11"));
        assert_eq!(record.from.number(), "");
        assert_eq!(record.legs.len(), 1);
        assert_eq!(record.legs[0].extension.id.0, "5");
        let record: Record = serde_json::from_str(r#"{"legs":null}"#).unwrap();
        assert!(record.legs.is_empty());
    }

    #[test]
    fn the_nested_code_of_an_error_counts() {
        let check = |json: &str, code: &str, words: &str| {
            let trouble = Trouble::parse(json);
            assert_eq!((trouble.code.as_str(), trouble.words().as_str()), (code, words), "{json}");
        };
        check(
            r#"{"errorCode":"InsufficientPermissions","message":"old","errors":[{"errorCode":"CMN-401","message":"Needs it","permissionName":"ReadCallLog"}]}"#,
            "CMN-401",
            "CMN-401 Needs it [ReadCallLog]",
        );
        check(r#"{"errorCode":"TokenInvalid","message":"Bad"}"#, "TokenInvalid", "TokenInvalid Bad");
        check(
            r#"{"error":"invalid_grant","error_description":"Token is expired"}"#,
            "invalid_grant",
            "invalid_grant Token is expired",
        );
        check("<html>", "", "");
        check(r#"{"errors":null}"#, "", "");
        assert!(Trouble::parse(r#"{"error":"invalid_grant"}"#).is_refused_grant());
        assert!(Trouble::parse(r#"{"errors":[{"errorCode":"OAU-128"}]}"#).is_expired());
    }
}
