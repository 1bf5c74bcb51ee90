//! Deliveries of which nobody knows what became of them: what an earlier process left behind, asking the systems that know our ids,
//! and what a person decides.

use std::time::Duration;

use model::message::{Delivery, DeliveryState, Message, Receipt};
use model::ports::Chat;
use model::{ConnectionId, DeliveryId, Failure, Reason, Why};

use crate::board::not_offered;
use crate::console::Console;
use crate::held;
use crate::outbox::{End, LEASE};

/// The most deliveries that are settled at once after a crash; the rest follows at the next look.
const LEFT_BEHIND: u32 = 1_000;
/// The most doubtful deliveries that are asked for at one look, so that the limit of that question stays free for others.
const ASKED_AT_ONCE: u32 = 8;
/// How long a doubtful delivery is asked for again where the system could not be reached. Later a person decides.
const ASKED_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Console {
    /// Settles what an earlier process left behind: what it was sending is unknown, what it had not begun was not sent. Answers with
    /// those that are unknown now. What another process is sending stays as it is.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn outbox_recover(&self) -> Result<Vec<Delivery>, Failure> {
        let now = self.now();
        let unknown = unknown();
        let unsent = Failure::Refused(Why::new(Reason::ClosedBeforeSending, ""));
        let unsent = End::failed(DeliveryState::Refused, &unsent);
        // In one transaction: what another process settles or claims meanwhile is not touched.
        self.write(move |w| {
            let sending = store::deliveries::abandoned(w, now)?;
            let mut doubtful = Vec::new();
            for it in sending {
                // A message leaves only after its file is there, so without that it has not left.
                if it.file.is_some() && store::uploads::get(w, &it.id)?.is_none() {
                    unsent.write(w, &it.id, now)?;
                } else {
                    unknown.write(w, &it.id, now)?;
                    doubtful.push(it);
                }
            }
            for it in store::deliveries::left_waiting(w, now, LEASE, LEFT_BEHIND)? {
                unsent.write(w, &it.id, now)?;
            }
            Ok(doubtful)
        })
        .await
    }

    /// Asks the system what became of a delivery that is unknown, where it knows our id: it is sent then, or did not arrive. Any
    /// other delivery is answered with as it stands; so is one that left a moment ago and may still arrive.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such delivery or the system cannot be asked; where it cannot be reached.
    pub async fn outbox_ask(&self, id: &DeliveryId) -> Result<Delivery, Failure> {
        let delivery = self.delivery(id).await?;
        if delivery.state == DeliveryState::Unknown {
            let is_over = delivery.settled_at.is_none_or(|at| at <= self.now().minus(LEASE));
            self.ask_about(&delivery, is_over).await?;
        }
        self.delivery(id).await
    }

    /// What a person found out about a delivery that is unknown. Any other delivery stays as it is.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such delivery; where the ledger cannot be written.
    pub async fn outbox_decide(&self, id: &DeliveryId, has_arrived: bool) -> Result<Delivery, Failure> {
        self.end_doubt(id, if has_arrived { End::sent(Receipt::default()) } else { not_arrived() }).await?;
        self.delivery(id).await
    }

    /// Takes back a delivery that waits for its connection to be signed in or reached: it is not sent any more. Any other delivery stays as it
    /// is, also one that is being sent at this moment.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such delivery; where the ledger cannot be written.
    pub async fn outbox_withdraw(&self, id: &DeliveryId) -> Result<Delivery, Failure> {
        let withdrawn = Failure::Refused(Why::new(Reason::Withdrawn, ""));
        self.end(id, DeliveryState::Paused, End::failed(DeliveryState::Refused, &withdrawn)).await?;
        self.delivery(id).await
    }

    /// Sends a delivery again that a person wants to have sent after all: refused, unknown or paused. It keeps its id, so that a
    /// system that knows our ids takes it once even where it arrived before. What was sent stays as it is.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such delivery, it cannot be sent any more, or a plan of many sends it; where the ledger
    /// cannot be written. Nothing was sent then.
    pub async fn outbox_again(&self, id: &DeliveryId) -> Result<Delivery, Failure> {
        let waits = held::waits(&self.delivery(id).await?);
        if let Some(message) = self.taken_up(id).await? {
            self.deliver_by_itself(message, waits);
        }
        self.delivery(id).await
    }

    /// As [`Console::outbox_again`], but waits until the delivery is settled.
    ///
    /// # Errors
    /// As [`Console::outbox_again`]. What the system answers is in the delivery.
    pub async fn outbox_again_now(&self, id: &DeliveryId) -> Result<Delivery, Failure> {
        if let Some(message) = self.taken_up(id).await? {
            self.deliver_now(&message).await;
        }
        self.delivery(id).await
    }

    /// The message of a delivery that waits again now; `None` where it stays as it is.
    async fn taken_up(&self, id: &DeliveryId) -> Result<Option<Message>, Failure> {
        self.alone(id).await?;
        let message = self.message(&self.delivery(id).await?).await?;
        self.chat(&message.draft.connection).await?.check(&message)?;
        let (taken, now) = (id.clone(), self.now());
        let is_taken = self.write(move |w| store::deliveries::take_up(w, &taken, now, LEASE)).await?;
        Ok(is_taken.then_some(message))
    }

    /// Looks again and again for what an earlier process left behind when its leases have run out, and asks the systems that know
    /// our ids what became of it.
    pub(crate) async fn look_after_outbox(&self) {
        self.forget_old_files().await;
        self.send_paused(None).await;
        loop {
            if let Err(failure) = self.outbox_look().await {
                tracing::warn!(reason = ?failure.why().reason, "the outbox could not be looked after");
            }
            let next = tokio::time::sleep(LEASE);
            tokio::pin!(next);
            loop {
                tokio::select! {
                    () = &mut next => break,
                    () = self.0.reached.notified() => self.send_held().await,
                }
            }
        }
    }

    /// One look: settles what was left behind, asks for what is doubtful where that is possible, and sends what waited for a
    /// connection that answers again.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written.
    pub async fn outbox_look(&self) -> Result<(), Failure> {
        let mut doubtful = self.outbox_recover().await?;
        let now = self.now();
        let (since, settled) = (now.minus(ASKED_FOR), now.minus(LEASE));
        doubtful
            .extend(self.0.store.read(move |r| store::deliveries::doubtful(r, since, settled, ASKED_AT_ONCE)).await?);
        for delivery in doubtful {
            // A system that cannot be asked or reached leaves the doubt as it is.
            if let Err(failure) = self.ask_about(&delivery, true).await {
                tracing::debug!(reason = ?failure.why().reason, "a doubtful delivery could not be asked for");
            }
        }
        self.send_held().await;
        Ok(())
    }

    /// Asks once. `is_over`: whatever left has arrived by now or never will.
    async fn ask_about(&self, delivery: &Delivery, is_over: bool) -> Result<(), Failure> {
        match self.found(delivery).await? {
            Some(receipt) => self.end_doubt(&delivery.id, End::sent(receipt)).await,
            None if is_over => self.end_doubt(&delivery.id, not_arrived()).await,
            None => Ok(()),
        }
    }

    /// Whether the system has a delivery.
    async fn found(&self, delivery: &Delivery) -> Result<Option<Receipt>, Failure> {
        if delivery.file.is_some() {
            let files = self.session(&delivery.connection).await?.files.ok_or_else(|| not_offered(""))?;
            let message = self.message(delivery).await?;
            let nothing = || Failure::invalid(Reason::NoSuchThing, delivery.id.as_str());
            let uploaded = self.uploaded(&delivery.id).await?.ok_or_else(nothing)?;
            return files.find(&message, &uploaded).await;
        }
        let chat = self.chat(&delivery.connection).await?;
        if !chat.can_be_asked() {
            return Err(Failure::invalid(Reason::NotOffered, ""));
        }
        chat.find(&self.message(delivery).await?).await
    }

    /// Writes down what became of a delivery that is still unknown.
    async fn end_doubt(&self, id: &DeliveryId, end: End) -> Result<(), Failure> {
        self.end(id, DeliveryState::Unknown, end).await
    }

    /// Writes down what became of a delivery, where it still stands so.
    pub(crate) async fn end(&self, id: &DeliveryId, standing: DeliveryState, end: End) -> Result<(), Failure> {
        let (id, now) = (id.clone(), self.now());
        self.write(move |w| match store::deliveries::get(w, &id)? {
            Some(it) if it.state == standing => end.write(w, &id, now),
            Some(_) | None => Ok(()),
        })
        .await
    }

    async fn delivery(&self, id: &DeliveryId) -> Result<Delivery, Failure> {
        let wanted = id.clone();
        let found = self.0.store.read(move |r| store::deliveries::get(r, &wanted)).await?;
        found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))
    }

    /// The whole message of a delivery, as it was written.
    pub(crate) async fn message(&self, delivery: &Delivery) -> Result<Message, Failure> {
        if let Some(message) = self.bulk_message(&delivery.id, &delivery.connection).await? {
            return Ok(message);
        }
        let id = delivery.draft.clone();
        let draft = self.0.store.read(move |r| store::deliveries::draft(r, &id)).await?;
        let draft = draft.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, delivery.draft.as_str()))?;
        Ok(Message { id: delivery.id.clone(), draft })
    }

    async fn chat(&self, id: &ConnectionId) -> Result<std::sync::Arc<dyn Chat>, Failure> {
        let connection = self.connection(id).await?;
        self.session(id).await?.chat.ok_or_else(|| not_offered(&connection.name))
    }
}

/// Whoever sent it is gone, and nobody knows what became of it.
pub(crate) fn unknown() -> End {
    End::failed(DeliveryState::Unknown, &Failure::Unknown(Why::new(Reason::OutcomeUnknown, "")))
}

fn not_arrived() -> End {
    End::failed(DeliveryState::Refused, &Failure::Refused(Why::new(Reason::NotArrived, "")))
}
