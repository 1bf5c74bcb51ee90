//! Live changes joined to calls: each change tells only of the parties that changed, and may come out of order.

use std::collections::{BTreeMap, HashMap, VecDeque};

use model::call::{Direction, Outcome, Role, SeenCall};
use model::{Raw, Time};
use serde_json::value::RawValue;

use crate::record::{direction, party, time};
use crate::wire::{Change, Participant, Side};

/// Calls that are remembered; those that ended too, so that a late change does not make them ring again.
const REMEMBERED: usize = 500;

/// The calls that are going on, and the last ones that ended.
#[derive(Default)]
pub(crate) struct Switchboard {
    calls: HashMap<String, Ongoing>,
    order: VecDeque<String>,
}

/// What is known of one call so far.
#[derive(Default)]
struct Ongoing {
    started_at: Option<Time>,
    /// When the newest change of all happened.
    changed_at: Option<Time>,
    newest: Option<i64>,
    parties: BTreeMap<String, Known>,
}

/// A party as its newest change left it, and whether it ever spoke.
struct Known {
    last: Participant,
    sequence: Option<i64>,
    spoke: bool,
}

/// What became of a change.
pub(crate) enum Taken {
    /// The call as it is now.
    Call(Box<SeenCall>),
    /// Nothing that was not known.
    NothingNew,
    /// It names no call, or is none.
    NotUnderstood,
}

/// How a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Rings,
    Speaks,
    Voicemail,
    /// Left because the call went on elsewhere.
    HandedOn,
    Over,
    Unknown,
}

impl Switchboard {
    /// Takes in a change. Changes may come out of order: what each party was told last by the vendor's own count holds, whichever
    /// came first.
    pub(crate) fn take(&mut self, body: &RawValue, region: &str) -> Taken {
        let change: Option<Change> =
            Some(body.get()).filter(|it| it.starts_with('{')).and_then(|it| serde_json::from_str(it).ok());
        let Some((change, id)) = change.and_then(|it| it.telephony_session_id.owned().map(|id| (it, id))) else {
            return Taken::NotUnderstood;
        };
        if !self.calls.contains_key(&id) {
            self.order.push_back(id.clone());
            if self.order.len() > REMEMBERED
                && let Some(oldest) = self.order.pop_front()
            {
                self.calls.remove(&oldest);
            }
        }
        let call = self.calls.entry(id.clone()).or_default();
        if call.take(&change) { Taken::Call(Box::new(call.seen(&id, body, region))) } else { Taken::NothingNew }
    }
}

impl Ongoing {
    /// Whether the change says anything new.
    fn take(&mut self, change: &Change) -> bool {
        let sequence = change.sequence.0.parse::<i64>().ok();
        let at = time(&change.event_time);
        let mut is_news = self.parties.is_empty() && self.newest.is_none();
        if at.is_some_and(|at| self.started_at.is_none_or(|known| at < known)) {
            self.started_at = at;
            is_news = true;
        }
        if sequence.is_none() || sequence > self.newest {
            self.changed_at = at.or(self.changed_at);
            self.newest = sequence.or(self.newest);
        }
        for it in &change.parties {
            is_news |= self.take_party(it, sequence);
        }
        is_news
    }

    /// Of a party that is known from later on, an older change tells at most that it spoke once.
    fn take_party(&mut self, party: &Participant, sequence: Option<i64>) -> bool {
        let speaks = stage(party) == Stage::Speaks;
        match self.parties.get_mut(&name(party)) {
            None => {
                self.parties.insert(name(party), Known { last: party.clone(), sequence, spoke: speaks });
                true
            }
            Some(known) => {
                let is_newer = known.sequence.zip(sequence).is_none_or(|(known, new)| new > known);
                let is_news = is_newer || speaks && !known.spoke;
                known.spoke |= speaks;
                if is_newer {
                    known.last = party.clone();
                    known.sequence = sequence.or(known.sequence);
                }
                is_news
            }
        }
    }

    fn direction(&self) -> Direction {
        let has = |wanted: Direction| self.parties.values().any(|it| direction(&it.last.direction) == wanted);
        if has(Direction::Inbound) {
            Direction::Inbound
        } else if has(Direction::Outbound) {
            Direction::Outbound
        } else {
            Direction::Unknown
        }
    }

    fn outcome(&self, direction: Direction) -> Outcome {
        let has = |wanted: Stage| self.parties.values().any(|it| stage(&it.last) == wanted);
        if self.parties.values().any(|it| it.spoke) {
            Outcome::Answered
        } else if has(Stage::Voicemail) {
            Outcome::Voicemail
        } else if has(Stage::Rings) || has(Stage::HandedOn) {
            Outcome::Ringing
        } else if has(Stage::Over) {
            if direction == Direction::Outbound { Outcome::Failed } else { Outcome::Missed }
        } else {
            Outcome::Unknown
        }
    }

    fn is_over(&self) -> bool {
        !self.parties.is_empty() && self.parties.values().all(|it| stage(&it.last) == Stage::Over)
    }

    fn seen(&self, id: &str, body: &RawValue, region: &str) -> SeenCall {
        let way = self.direction();
        let of_way = || self.parties.values().map(|it| &it.last).filter(|it| direction(&it.direction) == way);
        let side = |of: fn(&Participant) -> &Side| {
            let known = of_way().map(of).find(|side| !side.number().is_empty() || side.name.some().is_some());
            party(known.unwrap_or(&Side::default()), region)
        };
        let (from, to) = (side(|it| &it.from), side(|it| &it.to));
        let number = Some(&to.raw).filter(|it| !it.is_empty()).cloned();
        let line = to.name.clone().or(number).filter(|_| way != Direction::Outbound);
        let ended = self.changed_at.filter(|_| self.is_over());
        let span = ended.zip(self.started_at).map(|(end, start)| (end.millis() - start.millis()) / 1_000);
        SeenCall {
            external_id: format!("live-{id}"),
            session_id: Some(id.to_owned()),
            started_at: self.started_at,
            duration_seconds: span.and_then(|seconds| u32::try_from(seconds).ok()),
            direction: way,
            outcome: self.outcome(way),
            from,
            to,
            line,
            extensions: self.extensions(),
            customer_external_id: None,
            note: None,
            legs: Vec::new(),
            raw: Raw(body.get().to_owned()),
        }
    }

    fn extensions(&self) -> Vec<(String, Role)> {
        let mut found: BTreeMap<String, Role> = BTreeMap::new();
        for it in self.parties.values() {
            if let Some(id) = it.last.extension_id.owned() {
                let role = found.entry(id).or_insert(Role::Rang);
                if it.spoke {
                    *role = Role::Spoke;
                }
            }
        }
        found.into_iter().collect()
    }
}

/// What tells one party of a call from another; not every party has an id.
fn name(party: &Participant) -> String {
    let named = party.id.some().or_else(|| party.extension_id.some());
    named.map_or_else(|| format!("{} {}", party.direction.0, party.from.number()), str::to_owned)
}

/// Reasons for which a party leaves while its call goes on.
const HANDED_ON: &[&str] = &[
    "BlindTransfer",
    "AttendedTransfer",
    "CallSwitch",
    "CallFlip",
    "Pickup",
    "CallPickup",
    "Parked",
    "Park",
    "Monitoring",
];

fn stage(party: &Participant) -> Stage {
    match party.status.code.0.as_str() {
        "Setup" | "Proceeding" => Stage::Rings,
        "Answered" | "Hold" | "Parked" => Stage::Speaks,
        "VoiceMail" | "Voicemail" => Stage::Voicemail,
        "Gone" | "Disconnected" if HANDED_ON.contains(&party.status.reason.0.as_str()) => Stage::HandedOn,
        "Gone" | "Disconnected" => Stage::Over,
        _ => Stage::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(sequence: u32, parties: &[(&str, &str, &str)]) -> String {
        let party = |(id, code, reason): &(&str, &str, &str)| {
            format!(
                r#"{{"id":"{id}","extensionId":"{id}0","direction":"Inbound","from":{{"phoneNumber":"+12155550101","name":"ANNE"}},"to":{{"phoneNumber":"+16505550100","name":"Sales"}},"status":{{"code":"{code}","reason":"{reason}"}}}}"#
            )
        };
        let parties: Vec<_> = parties.iter().map(party).collect();
        format!(
            r#"{{"sequence":{sequence},"telephonySessionId":"s-1","eventTime":"2026-10-14T01:00:{sequence:02}Z","parties":[{}]}}"#,
            parties.join(",")
        )
    }

    fn told(board: &mut Switchboard, json: &str) -> Option<SeenCall> {
        match board.take(serde_json::from_str(json).unwrap(), "US") {
            Taken::Call(call) => Some(*call),
            Taken::NothingNew | Taken::NotUnderstood => None,
        }
    }

    fn outcomes(changes: &[String]) -> Vec<Option<Outcome>> {
        let mut board = Switchboard::default();
        changes.iter().map(|json| told(&mut board, json).map(|call| call.outcome)).collect()
    }

    #[test]
    fn a_call_rings_is_answered_and_stays_answered_when_it_ends() {
        let mut board = Switchboard::default();
        let ring = told(&mut board, &change(1, &[("p1", "Setup", ""), ("p2", "Proceeding", "")])).unwrap();
        assert_eq!((ring.external_id.as_str(), ring.session_id.as_deref()), ("live-s-1", Some("s-1")));
        assert_eq!((ring.outcome, ring.direction), (Outcome::Ringing, Direction::Inbound));
        assert_eq!((ring.from.name.as_deref(), ring.from.e164.as_deref()), (Some("ANNE"), Some("+12155550101")));
        assert_eq!(ring.line.as_deref(), Some("Sales"));
        assert_eq!(ring.extensions, [("p10".to_owned(), Role::Rang), ("p20".to_owned(), Role::Rang)]);
        let answered = told(&mut board, &change(2, &[("p2", "Answered", "")])).unwrap();
        assert_eq!(answered.outcome, Outcome::Answered);
        assert_eq!(answered.extensions[1], ("p20".to_owned(), Role::Spoke));
        assert_eq!(answered.duration_seconds, None);
        let over = told(&mut board, &change(9, &[("p1", "Gone", ""), ("p2", "Disconnected", "")])).unwrap();
        assert_eq!((over.outcome, over.duration_seconds), (Outcome::Answered, Some(8)));
        assert_eq!(over.started_at, ring.started_at);
    }

    #[test]
    fn what_comes_late_puts_the_beginning_right_and_nothing_else() {
        let mut board = Switchboard::default();
        told(&mut board, &change(5, &[("p1", "Answered", "")])).unwrap();
        let late = told(&mut board, &change(3, &[("p1", "Proceeding", "")])).unwrap();
        assert_eq!(late.outcome, Outcome::Answered);
        assert_eq!(late.started_at.unwrap().to_string(), "2026-10-14T01:00:03.000Z");
        assert!(told(&mut board, &change(4, &[("p1", "Proceeding", "")])).is_none(), "now it says nothing new");
        let over = [change(5, &[("p1", "Disconnected", "")]), change(4, &[("p1", "Setup", "")])];
        assert_eq!(outcomes(&over), [Some(Outcome::Missed); 2], "an ended call does not ring again");
        let spoke = [change(5, &[("p1", "Disconnected", "")]), change(4, &[("p1", "Answered", "")])];
        assert_eq!(outcomes(&spoke), [Some(Outcome::Missed), Some(Outcome::Answered)], "somebody had spoken after all");
        let another = [change(5, &[("p1", "Disconnected", "")]), change(4, &[("p2", "Answered", "")])];
        assert_eq!(outcomes(&another)[1], Some(Outcome::Answered), "a late change may be about somebody else");
    }

    proptest::proptest! {
        #[test]
        fn a_call_is_the_same_in_the_end_in_whichever_order_its_changes_came(
            codes in proptest::collection::vec((0_usize..3, 0_usize..7), 1..8),
            seed in proptest::prelude::any::<proptest::sample::Index>(),
            turns in proptest::collection::vec(proptest::prelude::any::<proptest::sample::Index>(), 8),
        ) {
            const CODES: [&str; 7] = ["Setup", "Proceeding", "Answered", "Hold", "VoiceMail", "Gone", "Disconnected"];
            let mut changes: Vec<String> = codes.iter().enumerate().map(|(at, (party, code))| {
                change(at as u32 + 1, &[(["p1", "p2", "p3"][*party], CODES[*code], "")])
            }).collect();
            let end = |changes: &[String]| {
                let mut board = Switchboard::default();
                let last = changes.iter().filter_map(|json| told(&mut board, json)).last().unwrap();
                SeenCall { raw: Raw(String::new()), ..last }
            };
            let in_order = end(&changes);
            changes.rotate_left(seed.index(codes.len()));
            for turn in &turns {
                let at = turn.index(changes.len());
                let it = changes.remove(at);
                changes.insert(0, it);
            }
            proptest::prop_assert_eq!(end(&changes), in_order);
        }
    }

    #[test]
    fn each_end_has_its_outcome() {
        let ring = || change(1, &[("p1", "Setup", "")]);
        let last = |code: &str, reason: &str| outcomes(&[ring(), change(2, &[("p1", code, reason)])])[1];
        assert_eq!(last("VoiceMail", ""), Some(Outcome::Voicemail));
        assert_eq!(last("Disconnected", ""), Some(Outcome::Missed));
        assert_eq!(last("Gone", "BlindTransfer"), Some(Outcome::Ringing), "it rings somewhere else now");
        assert_eq!(last("Hold", ""), Some(Outcome::Answered));
        assert_eq!(last("Levitating", ""), Some(Outcome::Unknown));
    }

    #[test]
    fn odd_changes_are_left_out() {
        let mut board = Switchboard::default();
        for json in ["{}", "[]", "42", r#"{"telephonySessionId":null,"parties":[]}"#] {
            assert!(told(&mut board, json).is_none(), "{json}");
        }
        let bare = told(&mut board, r#"{"telephonySessionId":"s-2","parties":"none"}"#).unwrap();
        assert_eq!((bare.outcome, bare.direction), (Outcome::Unknown, Direction::Unknown));
    }
}
