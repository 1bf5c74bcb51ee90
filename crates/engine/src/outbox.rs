//! The outbox: every message is in the ledger before it leaves, leaves once, and ends as sent, refused or unknown. What an earlier
//! process left behind, and what nobody knows, is in `doubts.rs`.

use std::time::Duration;

use model::failure::Problem;
use model::message::{Delivery, DeliveryState, Draft, Message, Receipt, Recipient};
use model::{DeliveryId, DraftId, Failure, Reason, Why};

use crate::board::not_offered;
use crate::console::Console;
use crate::retry::{self, Next, Patience};

/// How long a delivery belongs to the process that sends it. Longer than the longest deadline of a request.
pub(crate) const LEASE: Duration = Duration::from_secs(120);

/// Who waits for the outcome of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waits {
    /// Nobody: it stays in the outbox until its connection is signed in.
    InOutbox,
    /// Nobody: it stays there as well until its connection can be reached.
    Connection,
    /// The caller, who has it settled one way or another.
    Caller,
}

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
            self.deliver_by_itself(message, Waits::InOutbox);
        }
        Ok(delivery)
    }

    /// Sends a message that is in the ledger, in the background.
    pub(crate) fn deliver_by_itself(&self, message: Message, waits: Waits) {
        let console = self.clone();
        tokio::spawn(async move { console.deliver(&message, waits).await });
    }

    /// As [`Console::outbox_add`], but waits until the delivery is settled: where the connection has to be signed in first, it is
    /// refused and does not stay in the outbox.
    ///
    /// # Errors
    /// As [`Console::outbox_add`]. What the system answers is in the delivery.
    pub async fn send_now(&self, draft: Draft) -> Result<Delivery, Failure> {
        let (message, delivery, is_new) = self.enter(draft).await?;
        if is_new {
            self.deliver_now(&message).await;
        }
        let id = delivery.id.clone();
        let kept = self.0.store.read(move |r| store::deliveries::get(r, &id)).await;
        // It may have left by now, so that a ledger that cannot be read makes it unknown.
        Ok(kept.map_err(|failure| Failure::Unknown(failure.why().clone()))?.unwrap_or(delivery))
    }

    /// Sends a message that is in the ledger, and waits until it is settled.
    pub(crate) async fn deliver_now(&self, message: &Message) {
        self.deliver(message, Waits::Caller).await;
    }

    /// The last deliveries, newest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn deliveries_list(&self) -> Result<Vec<Delivery>, Failure> {
        self.0.store.read(|r| store::deliveries::recent(r, 100)).await
    }

    /// At most `most` deliveries that were handed over before one, newest first; the last ones for `None`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn deliveries_before(&self, id: Option<&DeliveryId>, most: u32) -> Result<Vec<Delivery>, Failure> {
        let id = id.cloned();
        let read = move |r: &store::Reader<'_>| match id {
            Some(id) => store::deliveries::before(r, &id, most),
            None => store::deliveries::recent(r, most),
        };
        self.0.store.read(read).await
    }

    async fn enter(&self, draft: Draft) -> Result<(Message, Delivery, bool), Failure> {
        let (message, delivery) = self.prepare(draft).await?;
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

    /// A message that can be sent, and its entry in the ledger. Nothing is written yet.
    pub(crate) async fn prepare(&self, draft: Draft) -> Result<(Message, Delivery), Failure> {
        check(&draft)?;
        let connection = self.connection(&draft.connection).await?;
        let session = self.session(&draft.connection).await?;
        let chat = session.chat.ok_or_else(|| not_offered(&connection.name))?;
        if draft.file.is_some() && session.files.is_none() {
            return Err(Failure::invalid(Reason::NotOffered, "file"));
        }
        // One draft is one delivery, so the delivery bears the draft's id and a second press meets the first.
        let message = Message { id: DeliveryId(draft.id.0.clone()), draft };
        chat.check(&message)?;
        let delivery = Delivery {
            id: message.id.clone(),
            draft: message.draft.id.clone(),
            connection: message.draft.connection.clone(),
            to: message.draft.to.clone(),
            text: message.draft.text.clone(),
            file: message.draft.file.clone(),
            state: DeliveryState::Waiting,
            detail: String::new(),
            problem: None,
            created_at: self.now(),
            settled_at: None,
        };
        Ok((message, delivery))
    }

    async fn deliver(&self, message: &Message, waits: Waits) {
        // Another process has it, or the ledger gave way: then nothing may leave.
        if !self.claim(&message.id).await {
            return;
        }
        let sending = self.send_until_settled(message, waits);
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
        self.settle(&message.id, outcome, waits).await;
    }

    async fn claim(&self, id: &DeliveryId) -> bool {
        let (id, now) = (id.clone(), self.now());
        self.write(move |w| store::deliveries::claim(w, &id, now, LEASE)).await.unwrap_or(false)
    }

    /// Sends, waiting out a limit where that is allowed. `None`: the delivery was settled by another meanwhile.
    async fn send_until_settled(&self, message: &Message, waits: Waits) -> Option<Result<Receipt, Failure>> {
        let patience = match waits {
            Waits::InOutbox | Waits::Connection => Patience::BY_ITSELF,
            Waits::Caller => Patience::WAITED_FOR,
        };
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(message).await;
            match retry::next(&outcome, attempt, patience) {
                Next::Settle => return Some(outcome),
                Next::Again(wait) => {
                    attempt += 1;
                    // Nothing of it has left, so an end of the program meanwhile must not make it doubtful.
                    if !self.hold(&message.id, wait).await {
                        return None;
                    }
                    tokio::time::sleep(wait).await;
                    // Who slept past that was settled as not sent: a person may have sent it again.
                    if !self.claim(&message.id).await {
                        return None;
                    }
                }
            }
        }
    }

    async fn hold(&self, id: &DeliveryId, wait: Duration) -> bool {
        let (id, now) = (id.clone(), self.now());
        self.write(move |w| store::deliveries::hold(w, &id, now, wait + LEASE)).await.unwrap_or(false)
    }

    async fn renew(&self, id: &DeliveryId) -> bool {
        let (id, now) = (id.clone(), self.now());
        self.write(move |w| store::deliveries::renew(w, &id, now, LEASE)).await.unwrap_or(false)
    }

    async fn attempt(&self, message: &Message) -> Result<Receipt, Failure> {
        let session = self.session(&message.draft.connection).await?;
        if let Some(file) = &message.draft.file {
            return self.send_with_file(message, file, session).await;
        }
        let chat = session.chat.ok_or_else(|| not_offered(""))?;
        match chat.send(message).await {
            Err(Failure::Unknown(why)) if chat.can_be_asked() => match chat.find(message).await {
                Ok(Some(receipt)) => Ok(receipt),
                Ok(None) | Err(_) => Err(Failure::Unknown(why)),
            },
            outcome => outcome,
        }
    }

    async fn settle(&self, id: &DeliveryId, outcome: Result<Receipt, Failure>, waits: Waits) {
        let (id, now, end) = (id.clone(), self.now(), End::of(outcome, waits));
        let kept = self.write(move |w| end.write(w, &id, now)).await;
        if let Err(failure) = kept {
            // The row stays leased, and is unknown at the next start: that is true.
            tracing::error!(reason = ?failure.why().reason, "the outcome of a delivery could not be kept");
        }
    }
}

/// How a delivery is written down after an attempt.
pub(crate) struct End {
    pub(crate) state: DeliveryState,
    pub(crate) detail: String,
    pub(crate) problem: Option<Problem>,
}

impl End {
    pub(crate) fn of(outcome: Result<Receipt, Failure>, waits: Waits) -> Self {
        match outcome {
            Ok(receipt) => Self::sent(receipt),
            Err(failure @ (Failure::Unknown(_) | Failure::Surprise(_))) => {
                Self::failed(DeliveryState::Unknown, &failure)
            }
            // A refusal of the sign-in means that nothing arrived.
            Err(failure @ Failure::SignedOut(_)) if waits != Waits::Caller => {
                Self::failed(DeliveryState::Paused, &failure)
            }
            // Nobody answered before anything left.
            Err(failure @ Failure::Offline(_)) if waits == Waits::Connection => {
                Self::failed(DeliveryState::Paused, &failure)
            }
            Err(
                failure @ (Failure::SignedOut(_)
                | Failure::SlowDown(..)
                | Failure::Offline(_)
                | Failure::Refused(_)
                | Failure::Invalid(_)),
            ) => Self::failed(DeliveryState::Refused, &failure),
        }
    }

    /// The system has it. Where it said something that cannot be read, that is told beside it.
    pub(crate) fn sent(receipt: Receipt) -> Self {
        let unread = |words: &String| Problem::from(&Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, words)));
        let problem = receipt.remark.as_ref().map(unread);
        Self { state: DeliveryState::Sent, detail: receipt.remark.or(receipt.external_id).unwrap_or_default(), problem }
    }

    /// It failed in this way.
    pub(crate) fn failed(state: DeliveryState, failure: &Failure) -> Self {
        Self { state, detail: failure.to_string(), problem: Some(Problem::from(failure)) }
    }

    /// Writes it down.
    pub(crate) fn write(
        &self,
        w: &mut store::Writer<'_>,
        id: &DeliveryId,
        now: model::Time,
    ) -> Result<(), store::StoreError> {
        store::deliveries::settle(w, id, self.state, &self.detail, self.problem.as_ref(), now)
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
    if draft.text.trim().is_empty() && !has_cards && draft.file.is_none() {
        return missing("text");
    }
    match &draft.to {
        Recipient::People(people) if people.iter().all(|it| it.trim().is_empty()) => missing("to"),
        Recipient::Room(room) if room.trim().is_empty() => missing("room"),
        Recipient::People(_) | Recipient::Room(_) => Ok(()),
    }
}
