//! What can be said of the whole desk at a glance, as an icon beside the clock of the computer says it.

use crate::call::{Call, Outcome};
use crate::connection::{ConnectionView, State};
use crate::event::{Event, Table};

/// How the desk is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glance {
    /// How many calls ring now; a call that two connections tell of is one.
    pub ringing: usize,
    /// How many missed calls wait.
    pub missed: u32,
    /// The names of the connections that need a person: not reached, or without a sign-in that works.
    pub needing: Vec<String>,
}

/// What an icon wears for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: all is well and nobody waits.
    None,
    /// Somebody rings, or missed calls wait.
    Calls,
    /// A connection needs a person.
    Trouble,
}

impl Glance {
    /// What an icon wears. A connection that needs a person comes first: calls may ring there that nobody is told of.
    #[must_use]
    pub fn mark(&self) -> Mark {
        match self {
            Self { needing, .. } if !needing.is_empty() => Mark::Trouble,
            Self { ringing: 0, missed: 0, .. } => Mark::None,
            Self { .. } => Mark::Calls,
        }
    }
}

/// What was told so far, as far as a glance needs it.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    ringing: Vec<Call>,
    connections: Vec<ConnectionView>,
}

impl Watch {
    /// Takes in what is told. Whether missed calls may wait, or wait no more, since then.
    pub fn hear(&mut self, event: &Event) -> bool {
        match event {
            Event::Snapshot { ringing, connections } => {
                (self.ringing, self.connections) = (ringing.clone(), connections.clone());
                true
            }
            Event::Call(news) => {
                let is_over = news.call.outcome != Outcome::Ringing;
                self.ringing.retain(|it| it.id != news.call.id && !(is_over && is_same(it, &news.call)));
                if !is_over {
                    self.ringing.push(news.call.clone());
                }
                false
            }
            Event::Connections { connections } => {
                self.connections.clone_from(connections);
                false
            }
            Event::Changed { tables } => tables.iter().any(|it| matches!(it, Table::Calls | Table::FollowUps)),
        }
    }

    /// How the desk is, with this many missed calls that wait.
    #[must_use]
    pub fn glance(&self, missed: u32) -> Glance {
        let is_first = |(at, call): &(usize, &Call)| !self.ringing.iter().take(*at).any(|it| is_same(it, call));
        let needs = |it: &&ConnectionView| matches!(it.state, State::Offline | State::SignedOut);
        Glance {
            ringing: self.ringing.iter().enumerate().filter(is_first).count(),
            missed,
            needing: self.connections.iter().filter(needs).map(|it| it.name.clone()).collect(),
        }
    }
}

/// Whether two connections tell of one call, by what either of them says.
fn is_same(one: &Call, other: &Call) -> bool {
    let names = |one: &Call, other: &Call| one.same.iter().any(|it| it.id == other.id);
    one.id == other.id || names(one, other) || names(other, one)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::call::{Direction, Party, SameCall};
    use crate::event::{CallEvent, CallNews};
    use crate::{CallId, ConnectionId, SystemId, Time};

    fn call(id: &str, outcome: Outcome) -> Call {
        Call {
            id: CallId::from(id),
            connection: ConnectionId::from("c"),
            external_id: id.to_owned(),
            session_id: None,
            started_at: None,
            duration_seconds: None,
            direction: Direction::Inbound,
            outcome,
            from: Party::default(),
            to: Party::default(),
            line: None,
            people: Vec::new(),
            customer: None,
            customer_count: 0,
            note: None,
            legs: Vec::new(),
            same: Vec::new(),
        }
    }

    /// The same call as another connection tells of it.
    fn told_by_another(id: &str, other: &str) -> Call {
        let same = SameCall {
            id: CallId::from(other),
            connection: ConnectionId::from("d"),
            started_at: None,
            outcome: Outcome::Ringing,
            line: None,
            is_by_hand: false,
        };
        Call { same: vec![same], ..call(id, Outcome::Ringing) }
    }

    fn news(call: Call) -> Event {
        let at = Time::from_millis(0).unwrap();
        Event::Call(Box::new(CallNews {
            event: CallEvent::Changed,
            at,
            call,
            customers: Vec::new(),
            recent: Vec::new(),
        }))
    }

    fn connection(name: &str, state: State) -> ConnectionView {
        ConnectionView {
            id: ConnectionId::from(name),
            name: name.to_owned(),
            system: SystemId::from("any"),
            url: String::new(),
            settings: BTreeMap::new(),
            state,
            last_ok_at: None,
            problem: None,
            is_plain_http: false,
            secrets: Vec::new(),
            reading: None,
            limitations: Vec::new(),
            not_understood: 0,
        }
    }

    #[test]
    fn an_icon_says_that_somebody_waits_and_first_that_a_connection_needs_a_person() {
        let mark = |ringing, missed, needing: &[&str]| {
            let needing = needing.iter().map(|it| (*it).to_owned()).collect();
            Glance { ringing, missed, needing }.mark()
        };
        assert_eq!(mark(0, 0, &[]), Mark::None);
        assert_eq!(mark(1, 0, &[]), Mark::Calls);
        assert_eq!(mark(0, 3, &[]), Mark::Calls);
        assert_eq!(mark(1, 3, &["Desk"]), Mark::Trouble);
    }

    #[test]
    fn a_call_rings_until_it_is_told_that_it_does_not() {
        let mut watch = Watch::default();
        watch.hear(&news(call("c/1", Outcome::Ringing)));
        watch.hear(&news(call("c/1", Outcome::Ringing)));
        assert_eq!(watch.glance(0).ringing, 1);
        watch.hear(&news(call("c/1", Outcome::Answered)));
        assert_eq!(watch.glance(0).ringing, 0);
        watch.hear(&news(call("c/2", Outcome::Ringing)));
        watch.hear(&Event::Snapshot { ringing: Vec::new(), connections: Vec::new() });
        assert_eq!(watch.glance(0).ringing, 0, "what a new snapshot does not have rings no more");
    }

    #[test]
    fn a_call_that_two_connections_tell_of_rings_once_and_ends_once() {
        let mut watch = Watch::default();
        watch.hear(&news(call("c/1", Outcome::Ringing)));
        watch.hear(&news(told_by_another("d/1", "c/1")));
        watch.hear(&news(call("c/2", Outcome::Ringing)));
        assert_eq!(watch.glance(0).ringing, 2);
        watch.hear(&news(call("c/1", Outcome::Missed)));
        assert_eq!(watch.glance(0).ringing, 1);
    }

    #[test]
    fn only_a_connection_that_is_not_reached_or_signed_out_needs_a_person() {
        let states = [
            (State::New, false),
            (State::Reading, false),
            (State::Ok, false),
            (State::Live, false),
            (State::Limited, false),
            (State::Offline, true),
            (State::SignedOut, true),
            (State::Troubled, false),
        ];
        for (state, expected) in states {
            let mut watch = Watch::default();
            watch.hear(&Event::Connections { connections: vec![connection("Desk", state)] });
            assert_eq!(watch.glance(0).needing, if expected { vec!["Desk"] } else { Vec::new() }, "{state:?}");
        }
    }

    #[test]
    fn missed_calls_are_counted_anew_when_calls_or_what_was_said_of_them_changed() {
        let mut watch = Watch::default();
        let changed = |tables: &[Table]| Event::Changed { tables: tables.to_vec() };
        assert!(watch.hear(&changed(&[Table::Rooms, Table::Calls])));
        assert!(watch.hear(&changed(&[Table::FollowUps])));
        assert!(!watch.hear(&changed(&[Table::Rooms, Table::Settings])));
        assert!(!watch.hear(&news(call("c/1", Outcome::Ringing))));
        assert_eq!(watch.glance(4).missed, 4);
    }
}
