//! One text to many: each recipient is a delivery of its own, and all of them are checked and written before the first one leaves. And
//! the test, which reaches nobody but the person who writes.

use chrono::{Local, NaiveTime, TimeZone};
use model::failure::Problem;
use model::message::{Delivery, Draft, HandedOver, Message, Planned, Recipient, RefusedDraft};
use model::{ConnectionId, DraftId, Failure, Reason, Time};
use sha2::{Digest, Sha256};

use crate::console::Console;
use crate::outbox::Waits;

impl Console {
    /// Puts messages to several recipients into the ledger, all or none, and sends them in the background. Each draft has the id of
    /// the composer's draft; what it is sent under follows from that and from its recipient, so that the same again changes nothing
    /// and answers with the deliveries that are there already. A recipient that stands there twice is one.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written. What cannot be sent is in the answer, by name; nothing was sent then.
    pub async fn outbox_add_all(&self, drafts: Vec<Draft>) -> Result<HandedOver, Failure> {
        self.hand_over_all(drafts, None, Waits::InOutbox).await
    }

    /// As [`Console::outbox_add_all`], but what meets a connection that cannot be reached stays in the ledger and leaves once it can
    /// be, while a program looks after the outbox.
    ///
    /// # Errors
    /// As [`Console::outbox_add_all`].
    pub async fn outbox_hold_all(&self, drafts: Vec<Draft>) -> Result<HandedOver, Failure> {
        self.hand_over_all(drafts, None, Waits::Connection).await
    }

    /// As [`Console::outbox_add_all`], for what was planned: the plan is taken out in the same transaction. Where somebody took it out
    /// before, nothing is sent.
    pub(crate) async fn hand_over_plan(&self, planned: Planned) -> Result<HandedOver, Failure> {
        self.hand_over_all(planned.drafts, Some(planned.id), Waits::InOutbox).await
    }

    async fn hand_over_all(
        &self,
        drafts: Vec<Draft>,
        plan: Option<DraftId>,
        waits: Waits,
    ) -> Result<HandedOver, Failure> {
        let mut own: Vec<Draft> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let draft = Draft { id: own_id(&draft), ..draft };
            if !own.iter().any(|it| it.id == draft.id) {
                own.push(draft);
            }
        }
        let mut prepared = Vec::with_capacity(own.len());
        let mut refused = Vec::new();
        for draft in own {
            let (connection, to) = (draft.connection.clone(), draft.to.clone());
            match self.prepare(draft).await {
                Ok(it) => prepared.push(it),
                Err(failure) => refused.push(RefusedDraft { connection, to, problem: Problem::from(&failure) }),
            }
        }
        if !refused.is_empty() {
            return Ok(HandedOver { deliveries: vec![], refused });
        }
        self.hand_over(prepared, plan, waits).await
    }

    /// Sends each text to the person who writes, at the address that is set as their own: the recipients and mentions of the drafts
    /// are not looked at, so a test reaches nobody else. Each test is another message.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written. A connection without an own address is refused in the answer; nothing was sent
    /// then.
    pub async fn outbox_test(&self, drafts: Vec<Draft>) -> Result<HandedOver, Failure> {
        let me = self.settings_get().await?.messages.me;
        let base = self.draft_new();
        let mut tests: Vec<Draft> = Vec::new();
        let mut refused = Vec::new();
        for draft in drafts {
            let Some(own) = me.iter().find(|it| it.connection == draft.connection) else {
                let problem = Problem::from(&Failure::invalid(Reason::Missing, "me"));
                refused.push(RefusedDraft { connection: draft.connection, to: draft.to, problem });
                continue;
            };
            tests.push(Draft { id: base.clone(), to: own.to.clone(), mentions: vec![], thread: None, ..draft });
        }
        if refused.is_empty() {
            self.outbox_add_all(tests).await
        } else {
            Ok(HandedOver { deliveries: vec![], refused })
        }
    }

    /// Everything that a draft of the composer became; nothing where it was never handed over.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn deliveries_of(&self, draft: &DraftId) -> Result<Vec<Delivery>, Failure> {
        let draft = draft.clone();
        self.0.store.read(move |r| store::deliveries::of_draft(r, &draft)).await
    }

    /// How many messages left through a connection today by the computer's clock, as far as this computer knows.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn sent_today(&self, connection: &ConnectionId) -> Result<u32, Failure> {
        let now = self.now().utc().with_timezone(&Local);
        let midnight = now.date_naive().and_time(NaiveTime::MIN);
        let since = Local.from_local_datetime(&midnight).earliest().map_or(now.to_utc(), |it| it.to_utc());
        let connection = connection.clone();
        self.0.store.read(move |r| store::deliveries::sent_since(r, &connection, Time::from(since))).await
    }

    /// Writes all of them in one transaction, and sends those that are new.
    async fn hand_over(
        &self,
        prepared: Vec<(Message, Delivery)>,
        plan: Option<DraftId>,
        waits: Waits,
    ) -> Result<HandedOver, Failure> {
        let entries = prepared.clone();
        let written = self.write(move |w| {
            if let Some(plan) = &plan
                && !store::planned::remove(w, plan)?
            {
                return Ok(Vec::new());
            }
            let mut written = Vec::with_capacity(entries.len());
            for (message, delivery) in &entries {
                let is_new = store::deliveries::add(w, delivery)?;
                store::deliveries::keep_draft(w, &message.draft)?;
                written.push((is_new, store::deliveries::get(w, &delivery.id)?));
            }
            Ok(written)
        });
        let written = written.await?;
        let mut deliveries = Vec::with_capacity(prepared.len());
        for ((message, delivery), (is_new, known)) in prepared.into_iter().zip(written) {
            deliveries.push(known.unwrap_or(delivery));
            if is_new {
                self.deliver_by_itself(message, waits);
            }
        }
        Ok(HandedOver { deliveries, refused: vec![] })
    }
}

/// The id under which a recipient of a draft is sent to: the composer's id, and what follows from the recipient.
fn own_id(draft: &Draft) -> DraftId {
    if draft.id.0.trim().is_empty() {
        return draft.id.clone();
    }
    let (kind, addresses) = match &draft.to {
        Recipient::People(people) => ("people", people.as_slice()),
        Recipient::Room(room) => ("room", std::slice::from_ref(room)),
    };
    let mut hash = Sha256::new();
    for part in [draft.connection.as_str(), kind].into_iter().chain(addresses.iter().map(String::as_str)) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digits: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    DraftId(format!("{}-{digits}", draft.id.0))
}

#[cfg(test)]
mod tests {
    use model::message::Guise;

    use super::*;

    #[test]
    fn a_recipient_has_one_id_in_a_draft_and_shares_it_with_nobody() {
        let draft = |connection: &str, to: Recipient| Draft {
            id: DraftId("d1".into()),
            connection: connection.into(),
            to,
            text: String::new(),
            mentions: vec![],
            sealed: false,
            attachments: None,
            guise: Guise::default(),
            thread: None,
            file: None,
        };
        let people = |all: &[&str]| Recipient::People(all.iter().map(|&it| it.to_owned()).collect());
        let first = own_id(&draft("a", people(&["x"])));
        assert_eq!(first, own_id(&draft("a", people(&["x"]))));
        assert!(first.0.starts_with("d1-"), "{first:?}");
        for other in [
            draft("b", people(&["x"])),
            draft("a", people(&["y"])),
            draft("a", people(&["x", ""])),
            draft("a", Recipient::Room("x".into())),
        ] {
            assert_ne!(first, own_id(&other), "{other:?}");
        }
        assert_eq!(own_id(&Draft { id: DraftId(" ".into()), ..draft("a", people(&["x"])) }).0, " ");
    }
}
