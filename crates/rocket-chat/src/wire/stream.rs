//! Frames of the realtime stream: every one is a JSON object, and of those that are not known nothing is taken.

use serde::Deserialize;
use serde_json::{Value, json};

use super::lenient;

/// What the server says, as far as it means something here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The session stands.
    Connected,
    /// The session, the sign-in or a subscription is refused.
    No,
    /// Signed in.
    SignedIn,
    /// What was asked for is listened to.
    Ready,
    /// The server asks whether somebody is there.
    Ping(Option<String>),
    /// A room, by its id, came, went or may have another name; the fingerprint says as what it is known now.
    Room {
        /// Its id.
        id: String,
        /// Whether it came or went.
        is_news: bool,
        /// What of it is shown anywhere.
        shown: String,
    },
    /// Anything else.
    Nothing,
}

/// Ids of what is asked for.
const SIGN_IN: &str = "sign-in";
const STREAM: &str = "stream-notify-user";
/// What is told of the rooms of a user.
const EVENTS: [&str; 2] = ["rooms-changed", "subscriptions-changed"];

#[derive(Deserialize)]
struct Frame {
    #[serde(default)]
    msg: String,
    #[serde(default, deserialize_with = "lenient")]
    id: Option<String>,
    #[serde(default)]
    collection: String,
    #[serde(default)]
    error: Value,
    #[serde(default, deserialize_with = "lenient")]
    fields: Option<Fields>,
}

#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "eventName")]
    event: String,
    #[serde(default)]
    args: Vec<Value>,
}

/// Reads a frame.
pub(crate) fn said(text: &str) -> Said {
    let Ok(frame) = serde_json::from_str::<Frame>(text) else { return Said::Nothing };
    match frame.msg.as_str() {
        "connected" => Said::Connected,
        "failed" | "nosub" => Said::No,
        "ready" => Said::Ready,
        "ping" => Said::Ping(frame.id),
        "result" if frame.id.as_deref() == Some(SIGN_IN) => {
            if frame.error.is_null() {
                Said::SignedIn
            } else {
                Said::No
            }
        }
        "changed" if frame.collection == STREAM => frame.fields.map_or(Said::Nothing, room),
        _ => Said::Nothing,
    }
}

fn room(fields: Fields) -> Said {
    let is_about_rooms = EVENTS.iter().any(|event| fields.event.ends_with(&format!("/{event}")));
    let (Some(action), Some(about)) = (fields.args.first().and_then(Value::as_str), fields.args.get(1)) else {
        return Said::Nothing;
    };
    // A subscription names its room beside its own id.
    let id = about["rid"].as_str().or_else(|| about["_id"].as_str());
    let Some(id) = id.filter(|_| is_about_rooms) else { return Said::Nothing };
    let shown = ["t", "name", "fname", "archived", "usersCount"].map(|key| about[key].to_string()).join(" ");
    let kind = fields.event.rsplit('/').next().unwrap_or_default();
    Said::Room { id: format!("{kind} {id}"), is_news: action != "updated", shown }
}

/// The first frame.
pub(crate) fn connect() -> String {
    json!({ "msg": "connect", "version": "1", "support": ["1"] }).to_string()
}

/// Signs in with a token that the REST interface takes too.
pub(crate) fn sign_in(token: &str) -> String {
    json!({ "msg": "method", "method": "login", "id": SIGN_IN, "params": [{ "resume": token }] }).to_string()
}

/// What is listened to.
pub(crate) fn subscriptions(user: &str) -> [String; 2] {
    EVENTS.map(|event| {
        let params = json!([format!("{user}/{event}"), false]);
        json!({ "msg": "sub", "id": event, "name": STREAM, "params": params }).to_string()
    })
}

/// The answer to a ping.
pub(crate) fn pong(id: Option<&str>) -> String {
    match id {
        Some(id) => json!({ "msg": "pong", "id": id }).to_string(),
        None => json!({ "msg": "pong" }).to_string(),
    }
}

/// Asks whether the server is there.
pub(crate) fn ping() -> String {
    json!({ "msg": "ping" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_and_what_is_not_known_means_nothing() {
        let check = |text: &str, expected: Said| assert_eq!(said(text), expected, "{text}");
        check(r#"{"server_id":"0"}"#, Said::Nothing);
        check(r#"{"msg":"connected","session":"s1"}"#, Said::Connected);
        check(r#"{"msg":"failed","version":"1"}"#, Said::No);
        check(r#"{"msg":"ready","subs":["rooms-changed"]}"#, Said::Ready);
        check(r#"{"msg":"ping"}"#, Said::Ping(None));
        check(r#"{"msg":"ping","id":"7"}"#, Said::Ping(Some("7".into())));
        check(r#"{"msg":"result","id":"sign-in","result":{"id":"u1"}}"#, Said::SignedIn);
        check(r#"{"msg":"result","id":"sign-in","error":{"error":403}}"#, Said::No);
        check(r#"{"msg":"result","id":"other","error":{"error":403}}"#, Said::Nothing);
        for odd in ["", "[]", "7", "{", r#"{"msg":7}"#, r#"{"msg":"changed","collection":"stream-notify-user"}"#] {
            check(odd, Said::Nothing);
        }
        let changed = |event: &str, args: &str| {
            let fields = format!(r#"{{"eventName":"u1/{event}","args":{args}}}"#);
            said(&format!(r#"{{"msg":"changed","collection":"stream-notify-user","id":"id","fields":{fields}}}"#))
        };
        let room = changed("rooms-changed", r#"["updated",{"_id":"r1","t":"c","name":"a"}]"#);
        let shown = r#""c" "a" null null null"#.to_owned();
        assert_eq!(room, Said::Room { id: "rooms-changed r1".into(), is_news: false, shown });
        let gone = changed("subscriptions-changed", r#"["removed",{"_id":"s1","rid":"r1"}]"#);
        let nothing = "null null null null null".to_owned();
        assert_eq!(gone, Said::Room { id: "subscriptions-changed r1".into(), is_news: true, shown: nothing });
        assert_eq!(changed("message", r#"["updated",{"_id":"r1"}]"#), Said::Nothing);
        assert_eq!(changed("rooms-changed", "[]"), Said::Nothing);
    }
}
