//! The live feed: calls as they ring, written to the cache, joined there with people and customers, and pushed whole.

use std::time::Duration;

use futures::StreamExt;
use model::call::{Call, Outcome, SeenCall};
use model::event::{CallEvent, CallNews, Event};
use model::ports::{Heard, LiveCalls};
use model::{CallId, ConnectionId, Failure, Raw, Time};
use store::calls::Told;

use crate::console::{Console, lock};
use crate::schedule::AFTER_A_CALL;

/// How long a call is believed to ring though the system has written something else about it meanwhile: a record without
/// an outcome is also what a call that still rings looks like.
const RINGS_AT_LEAST: Duration = Duration::from_secs(60);
/// How long a call is believed to ring at most. Not every system tells that it stopped.
const RINGS_AT_MOST: Duration = Duration::from_secs(300);

/// How many calls that were told live are remembered until the log has them.
const REMEMBERED: usize = 500;
/// What stands before the session in the id of a call that is not in the log yet.
const LIVE: &str = "live-";

/// A call that rings.
#[derive(Debug, Clone)]
pub(crate) struct Ring {
    pub(crate) call: Call,
    /// When we heard of it.
    since: Time,
}

impl Console {
    /// Listens until the line is lost; the failure says why. What rang is cleared then: nobody knows whether it still does.
    pub(crate) async fn listen(&self, id: &ConnectionId, live: &dyn LiveCalls) -> Result<(), Failure> {
        let mut line = live.listen();
        let mut outcome = Ok(());
        while let Some(heard) = line.next().await {
            outcome = match heard {
                Ok(heard) => self.hear(id, heard).await,
                Err(failure) => Err(failure),
            };
            if outcome.is_err() {
                break;
            }
        }
        self.clear_ringing(id).await;
        self.change_health(id, |health| {
            health.is_live = false;
            health.of_line = None;
        })
        .await;
        outcome
    }

    async fn hear(&self, id: &ConnectionId, heard: Heard) -> Result<(), Failure> {
        match heard {
            Heard::Listening(limitation) => {
                self.note(id, &Ok::<_, Failure>(())).await;
                self.change_health(id, |health| {
                    health.is_live = true;
                    health.of_line = limitation;
                })
                .await;
                // What happened before the line stood is in the log only.
                self.read_log_soon(id, Duration::ZERO);
            }
            Heard::Call(call) => self.take_in(id, *call).await?,
            Heard::Interrupted => self.change_health(id, |health| health.is_live = false).await,
            Heard::Gap => {
                self.clear_ringing(id).await;
                self.read_log_soon(id, Duration::ZERO);
            }
            Heard::Hint => self.read_log_soon(id, Duration::ZERO),
            Heard::Presence(presence) => self.take_presence(id, presence),
            Heard::NotUnderstood(raw) => {
                self.keep_oddity(id, raw).await?;
            }
        }
        Ok(())
    }

    /// Writes a call and pushes it whole, but only where it says something new: to the cache, or to this process. Another one, such
    /// as the window beside the command line, may have written it a moment ago.
    pub(crate) async fn take_in(&self, id: &ConnectionId, seen: SeenCall) -> Result<(), Failure> {
        let call_id = CallId(format!("{id}/{}", seen.external_id));
        let connection = id.clone();
        let session = seen.session_id.clone();
        let is_first = session.as_ref().is_some_and(|session| self.remember_session(id, session));
        let told = self
            .write(move |w| {
                store::calls::upsert(w, &connection, None, std::slice::from_ref(&seen))?;
                store::calls::told(w, &call_id)
            })
            .await?;
        if let (None, Some(session), true) = (&told, &session, is_first) {
            // The log has the call and said so long ago; this is a late word of its line.
            self.forget_session(id, session);
        }
        if let Some(told) = told.filter(|told| self.is_news(&told.call)) {
            if told.call.outcome != Outcome::Ringing {
                self.read_log_soon(id, AFTER_A_CALL);
            }
            self.push(told);
        }
        Ok(())
    }

    /// Whether this process has not told exactly this before.
    fn is_news(&self, call: &Call) -> bool {
        let mut told = lock(&self.0.told);
        if told.iter().any(|known| known == call) {
            return false;
        }
        told.retain(|known| known.id != call.id);
        told.push_back(call.clone());
        if told.len() > REMEMBERED {
            told.pop_front();
        }
        true
    }

    fn push(&self, told: Told) {
        let event = {
            let mut ringing = lock(&self.0.ringing);
            let known = ringing.get(&told.call.id).map(|ring| ring.since);
            if told.call.outcome == Outcome::Ringing {
                let since = known.unwrap_or_else(|| self.now());
                ringing.insert(told.call.id.clone(), Ring { call: told.call.clone(), since });
            } else {
                ringing.remove(&told.call.id);
            }
            event_of(&told.call, known.is_some())
        };
        self.tell_call(event, told);
    }

    fn tell_call(&self, event: CallEvent, told: Told) {
        let Told { call, customers, last_calls } = told;
        self.tell(Event::Call(Box::new(CallNews { event, at: self.now(), call, customers, recent: last_calls })));
    }

    /// Tells of the calls that rang here and are now in the log.
    pub(crate) async fn tell_recorded(&self, id: &ConnectionId, calls: &[(String, Option<String>)]) {
        for (external_id, session) in calls {
            let Some(session) = session else {
                self.tell_over(CallId(format!("{id}/{external_id}"))).await;
                continue;
            };
            if external_id.starts_with(LIVE) || !self.forget_session(id, session) {
                continue;
            }
            let live = CallId(format!("{id}/{LIVE}{session}"));
            if lock(&self.0.ringing).remove(&live).is_some() {
                self.tell(self.snapshot().await);
            }
            let call_id = CallId(format!("{id}/{external_id}"));
            match self.0.store.read_at_once(|r| store::calls::told(r, &call_id)).await {
                Ok(Some(told)) => self.tell_call(CallEvent::Recorded, told),
                Ok(None) => {}
                Err(failure) => tracing::warn!(reason = ?failure.why().reason, "a recorded call could not be told"),
            }
        }
    }

    /// Tells that a call which still rings here is over, where the log says so: a line that looks at the newest calls now and then may
    /// have looked past its end in a busy minute.
    async fn tell_over(&self, call_id: CallId) {
        if !lock(&self.0.ringing).contains_key(&call_id) {
            return;
        }
        match self.0.store.read_at_once(|r| store::calls::told(r, &call_id)).await {
            Ok(Some(told)) => {
                // A record without an outcome is also what a call that still rings looks like.
                let is_over = !matches!(told.call.outcome, Outcome::Ringing | Outcome::Unknown);
                if is_over && self.is_news(&told.call) {
                    self.push(told);
                }
            }
            Ok(None) => {}
            Err(failure) => tracing::warn!(reason = ?failure.why().reason, "a call that is over could not be told"),
        }
    }

    /// Whether it was not remembered before.
    fn remember_session(&self, id: &ConnectionId, session: &str) -> bool {
        let mut heard = lock(&self.0.heard);
        if heard.iter().any(|(of, known)| of == id && known == session) {
            return false;
        }
        heard.push_back((id.clone(), session.to_owned()));
        if heard.len() > REMEMBERED {
            heard.pop_front();
        }
        true
    }

    fn forget_session(&self, id: &ConnectionId, session: &str) -> bool {
        let mut heard = lock(&self.0.heard);
        let at = heard.iter().position(|(of, known)| of == id && known == session);
        at.and_then(|at| heard.remove(at)).is_some()
    }

    /// Keeps something untouched that cannot be understood, and counts it.
    pub(crate) async fn keep_oddity(&self, id: &ConnectionId, raw: Raw) -> Result<(), Failure> {
        let (connection, at) = (id.clone(), self.now());
        self.write(move |w| store::oddities::keep(w, &connection, at, &raw)).await?;
        self.change_health(id, |health| health.not_understood += 1).await;
        Ok(())
    }

    /// Forgets the calls of a connection that ring no longer, as far as the cache knows or common sense says.
    pub(crate) async fn quieten(&self, id: &ConnectionId) {
        let before = self.now().minus(RINGS_AT_MOST);
        if let Err(failure) = self.write(move |w| store::calls::stop_ringing(w, before)).await {
            tracing::warn!(reason = ?failure.why().reason, "calls that ring no longer could not be noted");
        }
        let rings: Vec<Ring> =
            lock(&self.0.ringing).values().filter(|ring| ring.call.connection == *id).cloned().collect();
        let mut over = Vec::new();
        for Ring { call, since } in rings {
            let wanted = call.id.clone();
            let kept = self.0.store.read(move |r| store::calls::call(r, &wanted)).await;
            let rings_there =
                !matches!(&kept, Ok(kept) if kept.as_ref().is_none_or(|it| it.outcome != Outcome::Ringing));
            let lasts = if rings_there { RINGS_AT_MOST } else { RINGS_AT_LEAST };
            if since.plus(lasts) <= self.now() {
                over.push(call.id);
            }
        }
        if !over.is_empty() {
            lock(&self.0.ringing).retain(|id, _| !over.contains(id));
            self.tell(self.snapshot().await);
        }
    }

    /// Forgets what rang at a connection, and tells the windows if anything did.
    pub(crate) async fn clear_ringing(&self, id: &ConnectionId) {
        let rang = {
            let mut ringing = lock(&self.0.ringing);
            let before = ringing.len();
            ringing.retain(|_, ring| ring.call.connection != *id);
            before != ringing.len()
        };
        if rang {
            self.tell(self.snapshot().await);
        }
    }
}

/// What happened to a call, from how it is now. A call that is answered goes on until its length is known.
fn event_of(call: &Call, rang_before: bool) -> CallEvent {
    match call.outcome {
        Outcome::Ringing if rang_before => CallEvent::Changed,
        Outcome::Ringing => CallEvent::Ringing,
        Outcome::Missed | Outcome::Refused | Outcome::Failed => CallEvent::Ended,
        Outcome::Answered | Outcome::Voicemail | Outcome::Unknown if call.duration_seconds.is_some() => {
            CallEvent::Ended
        }
        Outcome::Answered | Outcome::Voicemail | Outcome::Unknown => CallEvent::Changed,
    }
}
