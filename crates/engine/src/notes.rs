//! Notes on calls: written to the system that keeps them, kept here where it does not.

use std::collections::BTreeMap;

use model::about::Ability;
use model::audit::{AuditKind, Deed};
use model::call::{Call, CallDetail, CallNoted, Direction, SeenCall};
use model::ports::Noted;
use model::{CallId, ConnectionId, Failure, Raw, Reason};

use crate::audit::Done;
use crate::console::Console;
use crate::outbox::reached;

/// The most characters of a note; whatever is longer is no note on a call.
const LONGEST: usize = 10_000;

impl Console {
    /// Writes the note of a call; an empty text takes it away. Where the system keeps notes it is written there, once, unless
    /// somebody else changed it since `seen`, the record that the person looked at (`None`: the one of the cache). Elsewhere it is
    /// kept here.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such call or the text is too long; what the system answers, among it
    /// [`Failure::Unknown`] where no answer came; where the ledger cannot be written.
    pub async fn call_note(&self, id: &CallId, text: &str, seen: Option<Raw>) -> Result<CallNoted, Failure> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(Failure::invalid(Reason::TooLong, "note"));
        }
        let id = self.call_standing(id).await?;
        let detail = self.cached(&id).await?;
        // Of the records of one call, the one whose system keeps notes gets it.
        let Some(keeper) = self.note_keeper(&detail.call).await? else {
            return self.noted_here(id, text.to_owned()).await;
        };
        let (connection, external_id) = parts(&keeper);
        if let Some(port) = self.session(&connection).await?.notes {
            let here = if keeper == detail.call.id { Some(&detail.raw) } else { raw_of(&detail, &connection) };
            let seen = match (seen, here) {
                (Some(seen), _) => seen,
                (None, Some(raw)) => raw.clone(),
                (None, None) => self.cached(&keeper).await?.raw,
            };
            let deed = self.note_deed(&connection, &keeper, &detail.call, text).await?;
            let met = |noted: &Noted| Done { met_conflict: matches!(noted, Noted::Conflict(_)), ..Done::default() };
            let outcome = self.audited(deed, port.write(external_id, text, &seen), met).await;
            if let Some(heard) = reached(&outcome) {
                self.note(&connection, &heard).await;
            }
            match outcome {
                Ok(Noted::Done(call)) => return self.noted_there(&connection, *call, id).await,
                Ok(Noted::Conflict(conflict)) => {
                    // The next look shows what stands there, so that the person can decide.
                    self.read_call_again(&keeper).await;
                    return Ok(CallNoted::Conflict(conflict));
                }
                // The records of this server have no place for a note.
                Err(Failure::Invalid(why)) if why.reason == Reason::NotOffered => {}
                Err(failure) => return Err(failure),
            }
        }
        self.noted_here(id, text.to_owned()).await
    }

    /// Of the records of a call, the one whose system keeps its note; `None` where it is kept here. Known without asking a system.
    pub(crate) async fn note_keeper(&self, call: &Call) -> Result<Option<CallId>, Failure> {
        let others = call.same.iter().map(|it| (&it.id, &it.connection));
        for (id, connection) in std::iter::once((&call.id, &call.connection)).chain(others) {
            let connection = self.connection(connection).await?;
            let about = self.system(&connection.system).map(|it| it.about());
            if about.is_some_and(|about| about.abilities.contains(&Ability::CallNotes)) {
                return Ok(Some(id.clone()));
            }
        }
        Ok(None)
    }

    /// How a note stands in the log of writes.
    async fn note_deed(&self, at: &ConnectionId, keeper: &CallId, call: &Call, text: &str) -> Result<Deed, Failure> {
        let caller = match call.direction {
            Direction::Outbound => &call.to,
            Direction::Inbound | Direction::Unknown => &call.from,
        };
        let note = |text: &str| Some(Raw::of(&BTreeMap::from([("note", text)])));
        let mut deed = self.deed(AuditKind::Note, at, caller.raw.clone()).await?;
        deed.key = Some(keeper.to_string());
        deed.before = note(call.note.as_deref().unwrap_or_default());
        deed.after = note(text);
        Ok(deed)
    }

    async fn cached(&self, id: &CallId) -> Result<CallDetail, Failure> {
        let wanted = id.clone();
        let found = self.0.store.read(move |r| store::calls::detail(r, &wanted)).await?;
        found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))
    }

    /// The call that stands under an id now: a live one may have gone into the log since it was looked at.
    async fn call_standing(&self, id: &CallId) -> Result<CallId, Failure> {
        let wanted = id.clone();
        let standing = self.0.store.read(move |r| store::calls::standing(r, &wanted)).await?;
        standing.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))
    }

    /// Takes in the call as the system has it after a note was written there, and answers with the record that the person looks
    /// at; what was kept here before has its end.
    async fn noted_there(
        &self,
        connection: &ConnectionId,
        seen: SeenCall,
        shown: CallId,
    ) -> Result<CallNoted, Failure> {
        let (connection, now) = (connection.clone(), self.now());
        let id = CallId(format!("{connection}/{}", seen.external_id));
        let written = self
            .write(move |w| {
                store::calls::upsert(w, &connection, None, std::slice::from_ref(&seen))?;
                store::call_notes::set(w, &id, "", now)?;
                store::calls::upsert(w, &connection, None, &[seen])?;
                store::calls::call(w, &shown)
            })
            .await;
        // It is written there by now, whatever became of the copy here.
        match written.map_err(|failure| Failure::Unknown(failure.why().clone()))? {
            Some(call) => Ok(CallNoted::Done(Box::new(call))),
            None => Err(Failure::surprise("call")),
        }
    }

    async fn noted_here(&self, id: CallId, text: String) -> Result<CallNoted, Failure> {
        let now = self.now();
        let call = self
            .write(move |w| {
                let id = store::call_notes::set(w, &id, &text, now)?;
                store::calls::call(w, &id)
            })
            .await?;
        call.map(|call| CallNoted::Done(Box::new(call))).ok_or_else(|| Failure::invalid(Reason::NoSuchThing, "call"))
    }
}

/// The untouched record of a call at another connection.
fn raw_of<'a>(detail: &'a CallDetail, connection: &ConnectionId) -> Option<&'a Raw> {
    detail.same_raw.iter().find(|it| it.connection == *connection).map(|it| &it.raw)
}

/// The connection of a call and the system's own id.
pub(crate) fn parts(id: &CallId) -> (ConnectionId, &str) {
    let (connection, external_id) = id.as_str().split_once('/').unwrap_or((id.as_str(), ""));
    (ConnectionId::from(connection), external_id)
}
