//! Presence: whether people speak, are being called, or say that they are away.

use super::extensions::{Extension, extension_uri};
use super::ids;
use super::live::Live;
use super::push::{Push, Topic};
use super::query::Query;
use super::refusal::Refusal;
use super::state::{Inner, State};
use crate::lock;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What people say of themselves, and how often anybody's presence was told.
#[derive(Debug, Default)]
pub(super) struct Presence {
    said: BTreeMap<i64, String>,
    told: u64,
}

/// Calls that are told of one extension at once.
const MOST_CALLS: usize = 7;

impl State {
    /// Somebody sets their own status, such as `Available`, `Busy` or `Offline`. An unknown extension is ignored.
    pub fn set_presence(&self, extension_id: &str, user_status: &str) {
        let Some(extension) = self.extension(extension_id) else {
            return;
        };
        let inner = &mut *lock(&self.inner);
        inner.presence.said.insert(self.extension_id(extension), user_status.to_owned());
        self.tell_presence(inner, &[extension]);
    }

    /// Tells the presence of people after it may have changed.
    pub(super) fn tell_presence(&self, inner: &mut Inner, who: &[Extension]) {
        for extension in who.iter().filter(|it| matches!(it, Extension::User(_))) {
            inner.presence.told += 1;
            let mut body = self.presence_of(inner, *extension);
            let id = self.extension_id(*extension).to_string();
            body["extensionId"] = id.clone().into();
            body["sequence"] = inner.presence.told.into();
            self.push(Push { topic: Topic::Presence(id), body, number: 0 });
        }
    }

    fn presence_of(&self, inner: &Inner, extension: Extension) -> Value {
        let own: Vec<&Live> = inner.live.values().filter(|it| it.entry.involves(extension)).collect();
        let speaks = |it: &Live| matches!((extension, it.answered), (Extension::User(me), Some((who, _))) if me == who);
        let rings = |it: &Live| it.answered.is_none();
        let state = match (own.iter().any(|it| speaks(it)), own.iter().any(|it| rings(it))) {
            (true, _) => "CallConnected",
            (false, true) => "Ringing",
            (false, false) => "NoCall",
        };
        let said = inner.presence.said.get(&self.extension_id(extension)).map_or("Available", String::as_str);
        let calls = own.iter().filter(|it| speaks(it) || rings(it)).take(MOST_CALLS);
        json!({
            "presenceStatus": if state == "NoCall" { said } else { "Busy" },
            "telephonyStatus": state,
            "userStatus": said,
            "dndStatus": "TakeAllCalls",
            "activeCalls": calls.map(|it| active_call(it, if speaks(it) { "CallConnected" } else { "Ringing" })).collect::<Vec<_>>(),
        })
    }

    /// The presence of one extension; its calls only where the query asks for them.
    pub(super) fn presence(&self, extension: Extension, query: &Query, base: &str) -> Result<Value, Refusal> {
        let is_detailed = query.word("detailedTelephonyState", &["true", "false"])? == Some("true");
        let mut state = self.presence_of(&lock(&self.inner), extension);
        if let Some(state) = state.as_object_mut().filter(|_| !is_detailed) {
            state.shift_remove("activeCalls");
        }
        let id = self.extension_id(extension);
        let uri = extension_uri(base, id);
        state["uri"] = format!("{uri}/presence").into();
        state["extension"] = json!({ "id": id, "uri": uri, "extensionNumber": self.extension_number(extension) });
        Ok(state)
    }
}

fn active_call(live: &Live, state: &str) -> Value {
    json!({
        "id": ids::record(live.entry.n),
        "direction": "Inbound",
        "from": live.entry.call.outside,
        "to": crate::generator::calls::LINES[live.entry.call.line].number,
        "telephonyStatus": state,
        "sessionId": ids::session(live.entry.n),
        "telephonySessionId": ids::telephony(live.entry.n),
    })
}
