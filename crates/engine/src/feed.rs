//! The live feed: calls as they ring, written to the cache, joined there with people and customers, and pushed whole.

use futures::StreamExt;
use model::call::{Call, Outcome, SeenCall};
use model::event::Event;
use model::ports::{Heard, LiveCalls};
use model::{CallId, ConnectionId, Failure};

use crate::console::{Console, lock};

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
            ringing.insert(call.id.clone(), call.clone());
        } else {
            ringing.remove(&call.id);
        }
        drop(ringing);
        self.tell(Event::Call { call: Box::new(call) });
    }

    /// Forgets what rang at a connection, and tells the windows if anything did.
    pub(crate) async fn clear_ringing(&self, id: &ConnectionId) {
        let rang = {
            let mut ringing = lock(&self.0.ringing);
            let before = ringing.len();
            ringing.retain(|_, call| call.connection != *id);
            before != ringing.len()
        };
        if rang {
            self.tell(self.snapshot().await);
        }
    }
}
