//! Messages that wait in the outbox until their connection can be used again: signed in anew, or reached again. Nothing of them has left.

use std::time::Duration;

use model::failure::Code;
use model::message::{Delivery, DeliveryState};
use model::{ConnectionId, Failure, Reason, Why};

use crate::console::Console;
use crate::outbox::{End, Waits};

/// How long a message waits for a connection that cannot be reached. What it says may not hold any more after that, so a person
/// looks first.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// What a delivery waits for, where it waits.
pub(crate) fn waits(delivery: &Delivery) -> Waits {
    let is_out_of_reach = delivery.problem.as_ref().is_some_and(|it| it.code == Code::Offline);
    if delivery.state == DeliveryState::Paused && is_out_of_reach { Waits::Connection } else { Waits::InOutbox }
}

impl Console {
    /// Sends everything that waits for this connection; for all connections for `None`.
    pub(crate) async fn send_paused(&self, connection: Option<&ConnectionId>) {
        for delivery in self.paused(connection).await {
            self.go_on(&delivery).await;
        }
    }

    /// Sends what waited for a connection that answers again.
    pub(crate) async fn send_held(&self) {
        for delivery in self.paused(None).await {
            let problem = self.health(&delivery.connection).problem;
            let is_there = problem.is_none_or(|it| it.code != Code::Offline);
            if waits(&delivery) == Waits::Connection && (is_there || self.is_old(&delivery)) {
                self.go_on(&delivery).await;
            }
        }
    }

    async fn paused(&self, connection: Option<&ConnectionId>) -> Vec<Delivery> {
        let wanted = connection.cloned();
        // What cannot be read now is read at the next look.
        self.0.store.read(move |r| store::deliveries::paused(r, wanted.as_ref())).await.unwrap_or_default()
    }

    async fn go_on(&self, delivery: &Delivery) {
        let waits = waits(delivery);
        if waits == Waits::Connection && self.is_old(delivery) {
            let failure = Failure::Refused(Why::new(Reason::HeldTooLong, ""));
            let end = End::failed(DeliveryState::Refused, &failure);
            if let Err(failure) = self.end(&delivery.id, DeliveryState::Paused, end).await {
                tracing::warn!(reason = ?failure.why().reason, "a message that waited too long could not be given back");
            }
        } else if let Ok(message) = self.message(delivery).await {
            // It is claimed from where it stands, by whoever comes first.
            self.deliver_by_itself(message, waits);
        }
    }

    fn is_old(&self, delivery: &Delivery) -> bool {
        delivery.created_at < self.now().minus(LONGEST)
    }
}
