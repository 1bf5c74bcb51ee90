//! Calls that go on: they ring, somebody answers, they end and enter the call log.

use super::extensions::Extension;
use super::ids::{self, ACCOUNT_ID};
use super::push::{Push, Topic};
use super::records::{Entry, instant};
use super::state::State;
use crate::generator::calls::{Call, Direction, LINES, Outcome};
use crate::generator::customers::{customer, usual_number};
use crate::lock;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

/// A call that goes on.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) entry: Entry,
    /// Counts the notifications of this call.
    sequence: u32,
    /// A notification that waits for the next one, to come after it.
    held: Option<Push>,
    pub(super) answered: Option<(usize, DateTime<Utc>)>,
}

/// How many telephones of a team ring.
pub(super) const TEAM: usize = 3;

impl State {
    /// A call from `from` (E.164; empty for a withheld number) begins to ring, at one extension, by its short number or
    /// id, or at the team behind a line, by the line's name, number or queue; without a target at the main line.
    /// Answers the `telephonySessionId`.
    pub fn ring(&self, from: &str, to_extension: Option<&str>) -> String {
        let target = to_extension.map_or(Extension::Queue(0), |it| self.target(it));
        let (line, rang) = match target {
            Extension::User(index) => (0, vec![index]),
            Extension::Queue(line) => (line, self.team(line)),
            Extension::Menu => (0, self.team(0)),
        };
        let call = Call {
            started_at: self.now(),
            direction: Direction::Inbound,
            outside: Some(from.to_owned()).filter(|it| !it.is_empty()),
            line,
            rang_for: 0,
            seconds: 0,
            outcome: Outcome::Missed,
            customer: self.customer_with(from),
            rang,
            spoke: None,
            note: "",
        };
        let inner = &mut *lock(&self.inner);
        let n = inner.next_live;
        inner.next_live += 1;
        let is_direct = matches!(target, Extension::User(_));
        let mut live = Live { entry: Entry::new(n, call, is_direct), sequence: 0, held: None, answered: None };
        let parties = self.parties(&live.entry);
        self.tell(&mut live, "Proceeding", &parties);
        inner.live.insert(n, live);
        self.tell_presence(inner, &parties);
        ids::telephony(n)
    }

    /// The person whose telephone rang last takes the call. An unknown id, or a call that was answered, is ignored.
    pub fn answer(&self, id: &str) {
        let inner = &mut *lock(&self.inner);
        let Some(live) = ids::of_telephony(id).and_then(|n| inner.live.get_mut(&n)) else {
            return;
        };
        let Some(who) = live.entry.call.rang.last().copied().filter(|_| live.answered.is_none()) else {
            return;
        };
        live.answered = Some((who, self.now()));
        self.tell(live, "Answered", &[Extension::User(who)]);
        let parties = self.parties(&live.entry);
        self.tell_presence(inner, &parties);
    }

    /// The call ends and enters the call log: as answered if somebody took it, else as missed. An unknown id is ignored.
    pub fn hang_up(&self, id: &str) {
        let now = self.now();
        let inner = &mut *lock(&self.inner);
        let Some(mut live) = ids::of_telephony(id).and_then(|n| inner.live.remove(&n)) else {
            return;
        };
        let call = &mut live.entry.call;
        let seconds = |from: DateTime<Utc>, to: DateTime<Utc>| u32::try_from((to - from).num_seconds()).unwrap_or(0);
        match live.answered {
            Some((who, at)) => {
                call.outcome = Outcome::Answered;
                call.spoke = Some(who);
                call.rang_for = seconds(call.started_at, at);
                call.seconds = seconds(at, now);
            }
            None => call.rang_for = seconds(call.started_at, now),
        }
        let parties = self.parties(&live.entry);
        self.tell(&mut live, "Disconnected", &parties);
        inner.finished.push(live.entry);
        self.tell_presence(inner, &parties);
    }

    /// Who the words of a caller of [`Self::ring`] mean; the main line if nobody.
    fn target(&self, words: &str) -> Extension {
        let line = LINES.iter().position(|it| it.name.eq_ignore_ascii_case(words) || it.number == words);
        let by_line = line.map(Extension::Queue);
        by_line
            .or_else(|| self.extension_numbered(words))
            .or_else(|| self.extension(words))
            .unwrap_or(Extension::Queue(0))
    }

    fn team(&self, line: usize) -> Vec<usize> {
        let members = (0..self.people.len())
            .filter(|&it| LINES[line].departments.contains(&self.people[it].department.as_str()))
            .take(TEAM);
        let members: Vec<usize> = members.collect();
        if members.is_empty() { vec![self.me_index()] } else { members }
    }

    fn customer_with(&self, number: &str) -> Option<usize> {
        (0..self.customers).find(|&index| usual_number(index) == number)
    }

    /// The queue if there is one, then everybody whose telephone rings.
    fn parties(&self, entry: &Entry) -> Vec<Extension> {
        let queue = (!entry.is_direct).then_some(Extension::Queue(entry.call.line));
        queue.into_iter().chain(entry.call.rang.iter().map(|it| Extension::User(*it))).collect()
    }

    fn tell(&self, live: &mut Live, code: &str, who: &[Extension]) {
        live.sequence += 1;
        let parties: Vec<Value> = who.iter().map(|it| self.party(live, *it, code)).collect();
        let body = json!({
            "sequence": live.sequence,
            "sessionId": ids::session(live.entry.n),
            "telephonySessionId": ids::telephony(live.entry.n),
            "serverId": "10.0.0.1",
            "eventTime": instant(self.now()),
            "parties": parties,
            "origin": { "type": "Call" },
        });
        let extensions = who.iter().map(|it| self.extension_id(*it).to_string()).collect();
        let push = Push { topic: Topic::Telephony(extensions), body, number: 0 };
        let is_last = code == "Disconnected";
        match live.held.take() {
            None if self.is_disordered.load(Ordering::SeqCst) && !is_last => live.held = Some(push),
            earlier => [Some(push), earlier].into_iter().flatten().for_each(|it| self.push(it)),
        }
    }

    /// Whether notifications of one call change places in pairs: a later one goes out before an earlier one. The last
    /// of a call is never held back.
    pub fn set_disorder(&self, is_on: bool) {
        self.is_disordered.store(is_on, Ordering::SeqCst);
        if !is_on {
            let held = lock(&self.inner).live.values_mut().filter_map(|it| it.held.take()).collect::<Vec<_>>();
            held.into_iter().for_each(|it| self.push(it));
        }
    }

    fn party(&self, live: &Live, extension: Extension, code: &str) -> Value {
        let place = self.parties(&live.entry).iter().position(|it| *it == extension).unwrap_or(0);
        let is_missed = code == "Disconnected" && live.answered.is_none();
        json!({
            "accountId": ACCOUNT_ID,
            "extensionId": self.extension_id(extension).to_string(),
            "id": format!("p-{}-{}", ids::record(live.entry.n), place + 1),
            "direction": "Inbound",
            "to": {
                "phoneNumber": LINES[live.entry.call.line].number,
                "name": self.extension_name(extension),
                "extensionId": self.extension_id(extension).to_string(),
            },
            "from": self.caller(&live.entry),
            "status": { "code": code, "rcc": false },
            "missedCall": is_missed,
            "standAlone": false,
            "muted": false,
        })
    }

    fn caller(&self, entry: &Entry) -> Value {
        let Some(number) = &entry.call.outside else {
            return json!({ "name": "Anonymous" });
        };
        match entry.call.customer {
            Some(index) => json!({ "phoneNumber": number, "name": customer(self.seed, index).name }),
            None => json!({ "phoneNumber": number }),
        }
    }

    /// The session of a call that goes on.
    pub(super) fn session(&self, id: &str) -> Option<Value> {
        let inner = lock(&self.inner);
        let live = inner.live.get(&ids::of_telephony(id)?)?;
        let code = if live.answered.is_some() { "Answered" } else { "Proceeding" };
        let parties: Vec<Value> = self.parties(&live.entry).iter().map(|it| self.party(live, *it, code)).collect();
        Some(json!({
            "id": id,
            "creationTime": instant(live.entry.call.started_at),
            "origin": { "type": "Call" },
            "parties": parties,
        }))
    }
}
