//! The live feed: calls as they ring, written to the cache, joined there with people and customers, and pushed whole.

use std::time::Duration;

use futures::StreamExt;
use model::call::{Call, Outcome, SeenCall};
use model::event::Event;
use model::ports::{Heard, LiveCalls};
use model::{CallId, ConnectionId, Failure, Time};

use crate::console::{Console, lock};

/// How long a call is believed to ring though the system has written something else about it meanwhile: a record without
/// an outcome is also what a call that still rings looks like.
const RINGS_AT_LEAST: Duration = Duration::from_secs(60);
/// How long a call is believed to ring at most. Not every system tells that it stopped.
const RINGS_AT_MOST: Duration = Duration::from_secs(300);

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
        let mut calls = live.listen();
        let mut outcome = Ok(());
        while let Some(heard) = calls.next().await {
            match heard {
                Ok(Heard::Listening) => self.line_stands(id).await,
                Ok(Heard::Call(call)) => outcome = self.take_in(id, *call).await,
                Err(failure) => outcome = Err(failure),
            }
            if outcome.is_err() {
                break;
            }
        }
        self.clear_ringing(id).await;
        self.change_health(id, |health| health.is_live = false).await;
        outcome
    }

    async fn line_stands(&self, id: &ConnectionId) {
        self.note(id, &Ok::<_, Failure>(())).await;
        self.change_health(id, |health| health.is_live = true).await;
    }

    /// Writes a call and pushes it whole, but only where it says something new.
    pub(crate) async fn take_in(&self, id: &ConnectionId, seen: SeenCall) -> Result<(), Failure> {
        let call_id = CallId(format!("{id}/{}", seen.external_id));
        let connection = id.clone();
        let (changed, call) = {
            let call_id = call_id.clone();
            self.write(move |w| {
                let changed = store::calls::upsert(w, &connection, None, std::slice::from_ref(&seen))?;
                Ok((changed > 0, store::calls::call(w, &call_id)?))
            })
            .await?
        };
        if let (true, Some(call)) = (changed, call) {
            if call.outcome != Outcome::Ringing {
                self.sync_after_call(id);
            }
            self.push(call);
        }
        Ok(())
    }

    fn push(&self, call: Call) {
        let mut ringing = lock(&self.0.ringing);
        if call.outcome == Outcome::Ringing {
            let since = ringing.get(&call.id).map_or_else(|| self.now(), |ring| ring.since);
            ringing.insert(call.id.clone(), Ring { call: call.clone(), since });
        } else {
            ringing.remove(&call.id);
        }
        drop(ringing);
        self.tell(Event::Call { call: Box::new(call) });
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
