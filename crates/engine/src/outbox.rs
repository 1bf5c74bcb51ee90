//! The outbox: every message is in the ledger before it leaves, leaves once, and ends as sent, refused or unknown.

use std::time::Duration;

use model::failure::Problem;
use model::message::{Delivery, DeliveryState, Draft, Message, Receipt, Recipient};
use model::{DeliveryId, DraftId, Failure, Reason, Why};

use crate::board::not_offered;
use crate::console::Console;
use crate::retry::{self, Next};

/// How long a delivery belongs to the process that sends it. Longer than the longest deadline of a request.
const LEASE: Duration = Duration::from_secs(120);
/// The most deliveries that are settled at once after a crash; the rest follows at the next start.
const LEFT_BEHIND: u32 = 1_000;

impl Console {
    /// A draft id for a composer that opens.
    #[must_use]
    pub fn draft_new(&self) -> DraftId {
        DraftId(uuid::Uuid::new_v4().simple().to_string())
    }

    /// Puts a message into the ledger and sends it in the background. The same draft a second time changes nothing and answers
    /// with the delivery that it already is.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for what can be seen to be wrong beforehand; where the ledger cannot be written. Nothing was sent then.
    pub async fn outbox_add(&self, draft: Draft) -> Result<Delivery, Failure> {
        let (message, delivery, is_new) = self.enter(draft).await?;
        if is_new {
            let console = self.clone();
            tokio::spawn(async move { console.deliver(&message).await });
        }
        Ok(delivery)
    }

    /// As [`Console::outbox_add`], but waits until the delivery is settled.
    ///
    /// # Errors
    /// As [`Console::outbox_add`]. What the system answers is in the delivery.
    pub async fn send_now(&self, draft: Draft) -> Result<Delivery, Failure> {
        let (message, delivery, is_new) = self.enter(draft).await?;
        if is_new {
            self.deliver(&message).await;
        }
        let id = delivery.id.clone();
        let kept = self.0.store.read(move |r| store::deliveries::get(r, &id)).await;
        // It may have left by now, so that a ledger that cannot be read makes it unknown.
        Ok(kept.map_err(|failure| Failure::Unknown(failure.why().clone()))?.unwrap_or(delivery))
    }

    /// The last deliveries, newest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn deliveries_list(&self) -> Result<Vec<Delivery>, Failure> {
        self.0.store.read(|r| store::deliveries::recent(r, 100)).await
    }

    async fn enter(&self, draft: Draft) -> Result<(Message, Delivery, bool), Failure> {
        check(&draft)?;
        let connection = self.connection(&draft.connection).await?;
        let chat = self.session(&draft.connection).await?.chat.ok_or_else(|| not_offered(&connection.name))?;
        // One draft is one delivery, so the delivery bears the draft's id and a second press meets the first.
        let message = Message { id: DeliveryId(draft.id.0.clone()), draft };
        chat.check(&message)?;
        let delivery = Delivery {
            id: message.id.clone(),
            draft: message.draft.id.clone(),
            connection: message.draft.connection.clone(),
            to: message.draft.to.clone(),
            text: message.draft.text.clone(),
            state: DeliveryState::Waiting,
            detail: String::new(),
            problem: None,
            created_at: self.now(),
            settled_at: None,
        };
        let (entry, kept, id) = (delivery.clone(), message.draft.clone(), message.id.clone());
        let (is_new, known) = self
            .write(move |w| {
                let is_new = store::deliveries::add(w, &entry)?;
                store::deliveries::keep_draft(w, &kept)?;
                Ok((is_new, store::deliveries::get(w, &id)?))
            })
            .await?;
        Ok((message, known.unwrap_or(delivery), is_new))
    }

    async fn deliver(&self, message: &Message) {
        let (id, now) = (message.id.clone(), self.now());
        match self.write(move |w| store::deliveries::claim(w, &id, now, LEASE)).await {
            Ok(true) => {}
            // Another process has it, or the ledger gave way: then nothing may leave.
            Ok(false) | Err(_) => return,
        }
        let sending = self.send_until_settled(message);
        tokio::pin!(sending);
        let outcome = loop {
            tokio::select! {
                outcome = &mut sending => break outcome,
                () = tokio::time::sleep(LEASE / 3) => {
                    self.renew(&message.id).await;
                }
            }
        };
        let Some(outcome) = outcome else { return };
        if let Some(heard) = reached(&outcome) {
            self.note(&message.draft.connection, &heard).await;
        }
        self.settle(&message.id, outcome).await;
    }

    /// Sends, waiting out a limit where that is allowed. `None`: the delivery was settled by another meanwhile.
    async fn send_until_settled(&self, message: &Message) -> Option<Result<Receipt, Failure>> {
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(message).await;
            match retry::next(&outcome, attempt) {
                Next::Settle => return Some(outcome),
                Next::Again(wait) => {
                    attempt += 1;
                    tokio::time::sleep(wait).await;
                    // Who slept past the lease was settled as unknown: a person may have sent it again.
                    if !self.renew(&message.id).await {
                        return None;
                    }
                }
            }
        }
    }

    async fn renew(&self, id: &DeliveryId) -> bool {
        let (id, now) = (id.clone(), self.now());
        self.write(move |w| store::deliveries::renew(w, &id, now, LEASE)).await.unwrap_or(false)
    }

    async fn attempt(&self, message: &Message) -> Result<Receipt, Failure> {
        let session = self.session(&message.draft.connection).await?;
        let chat = session.chat.ok_or_else(|| not_offered(""))?;
        match chat.send(message).await {
            Err(Failure::Unknown(why)) if chat.can_be_asked() => match chat.find(message).await {
                Ok(Some(receipt)) => Ok(receipt),
                Ok(None) | Err(_) => Err(Failure::Unknown(why)),
            },
            outcome => outcome,
        }
    }

    async fn settle(&self, id: &DeliveryId, outcome: Result<Receipt, Failure>) {
        let (state, detail, problem) = match outcome {
            Ok(receipt) => (DeliveryState::Sent, receipt.remark.or(receipt.external_id).unwrap_or_default(), None),
            Err(failure @ (Failure::Unknown(_) | Failure::Surprise(_))) => {
                (DeliveryState::Unknown, failure.to_string(), Some(Problem::from(&failure)))
            }
            Err(
                failure @ (Failure::SignedOut(_)
                | Failure::SlowDown(..)
                | Failure::Offline(_)
                | Failure::Refused(_)
                | Failure::Invalid(_)),
            ) => (DeliveryState::Refused, failure.to_string(), Some(Problem::from(&failure))),
        };
        let (id, now) = (id.clone(), self.now());
        let kept = self.write(move |w| store::deliveries::settle(w, &id, state, &detail, problem.as_ref(), now)).await;
        if let Err(failure) = kept {
            // The row stays leased, and is unknown at the next start: that is true.
            tracing::error!(reason = ?failure.why().reason, "the outcome of a delivery could not be kept");
        }
    }

    /// Settles what an earlier process left behind: what it was sending is unknown, what it had not begun was not sent. Answers with
    /// those that are unknown now.
    pub(crate) async fn recover_outbox(&self) -> Result<Vec<Delivery>, Failure> {
        let now = self.now();
        let left = |failure: Failure| (failure.to_string(), Problem::from(&failure));
        let unknown = left(Failure::Unknown(Why::new(Reason::OutcomeUnknown, "")));
        let unsent = left(Failure::Refused(Why::new(Reason::ClosedBeforeSending, "")));
        // In one transaction: what another process settles or claims meanwhile is not touched.
        self.write(move |w| {
            let sending = store::deliveries::abandoned(w, now)?;
            for it in &sending {
                store::deliveries::settle(w, &it.id, DeliveryState::Unknown, &unknown.0, Some(&unknown.1), now)?;
            }
            // Another process may be about to send what has only just been written.
            let waiting = store::deliveries::waiting(w, LEFT_BEHIND)?;
            for it in waiting.into_iter().filter(|it| it.created_at < now.minus(LEASE)) {
                store::deliveries::settle(w, &it.id, DeliveryState::Refused, &unsent.0, Some(&unsent.1), now)?;
            }
            Ok(sending)
        })
        .await
    }

    /// Looks once more for what an earlier process left behind when its leases have run out, and asks the systems that know our
    /// ids what became of it.
    pub(crate) async fn look_after_outbox(&self) {
        loop {
            match self.recover_outbox().await {
                Ok(doubtful) => self.ask_about(doubtful).await,
                Err(failure) => tracing::warn!(reason = ?failure.why().reason, "the outbox could not be looked after"),
            }
            tokio::time::sleep(LEASE).await;
        }
    }

    async fn ask_about(&self, doubtful: Vec<Delivery>) {
        for delivery in doubtful {
            if let Some(receipt) = self.found(&delivery).await {
                self.settle(&delivery.id, Ok(receipt)).await;
            }
        }
    }

    /// What the system says of a delivery whose outcome is unknown, where it recognises our id and has it.
    async fn found(&self, delivery: &Delivery) -> Option<Receipt> {
        let id = delivery.draft.clone();
        let draft = self.0.store.read(move |r| store::deliveries::draft(r, &id)).await.ok()??;
        let chat = self.session(&delivery.connection).await.ok()?.chat.filter(|chat| chat.can_be_asked())?;
        chat.find(&Message { id: delivery.id.clone(), draft }).await.ok()?
    }
}

/// What the outcome of a write says of its connection, if anything: a refusal in words is an answer like any other, silence is none.
pub(crate) fn reached<T>(outcome: &Result<T, Failure>) -> Option<Result<(), Failure>> {
    match outcome {
        Ok(_) | Err(Failure::Refused(_) | Failure::Surprise(_)) => Some(Ok(())),
        Err(Failure::Unknown(_) | Failure::Invalid(_)) => None,
        Err(failure @ (Failure::SignedOut(_) | Failure::SlowDown(..) | Failure::Offline(_))) => {
            Some(Err(failure.clone()))
        }
    }
}

fn check(draft: &Draft) -> Result<(), Failure> {
    let missing = |what: &str| Err(Failure::invalid(Reason::Missing, what));
    if draft.id.0.trim().is_empty() {
        return missing("draft");
    }
    let has_cards = draft.attachments.as_ref().is_some_and(|cards| !matches!(cards.0.trim(), "" | "[]"));
    if draft.text.trim().is_empty() && !has_cards {
        return missing("text");
    }
    match &draft.to {
        Recipient::People(people) if people.iter().all(|it| it.trim().is_empty()) => missing("to"),
        Recipient::Room(room) if room.trim().is_empty() => missing("room"),
        Recipient::People(_) | Recipient::Room(_) => Ok(()),
    }
}
