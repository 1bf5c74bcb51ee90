//! Reads for the screens and the command line: calls, destinations, and what a system is asked for by hand.

use std::collections::BTreeMap;

use model::audit::AuditKind;
use model::call::{CallBlock, CallDetail, CallFilter, CallPage};
use model::chat_room::Destination;
use model::message::QuickCall;
use model::{CallId, ConnectionId, Failure, Raw, Reason, Secret, Time};

use crate::audit::Done;
use crate::board::not_offered;
use crate::console::Console;
use crate::notes::parts;

/// The most rows that one page of the command line holds.
const LONGEST_PAGE: u32 = 10_000;
/// The most suggestions that the composer shows.
const SUGGESTIONS: u32 = 50;

impl Console {
    /// A block of the list on screen.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn calls_block(&self, filter: CallFilter, block: u64) -> Result<CallBlock, Failure> {
        self.0.store.read(move |r| store::calls::block(r, &filter, block)).await
    }

    /// A page of calls after a cursor, newest first.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a limit of nothing or a cursor that is none; where the cache cannot be read.
    pub async fn calls_page(&self, filter: CallFilter, after: Option<String>, limit: u32) -> Result<CallPage, Failure> {
        if limit == 0 || limit > LONGEST_PAGE {
            return Err(Failure::invalid(Reason::NotUsable, format!("limit 1–{LONGEST_PAGE}")));
        }
        self.0.store.read(move |r| store::calls::page(r, &filter, after.as_deref(), limit)).await
    }

    /// Asks a system for the calls with any of these numbers, newest first, keeps what it finds and answers with it.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for no number, a limit of nothing, or a system that cannot be asked; what the system answers.
    pub async fn calls_ask(&self, id: &ConnectionId, numbers: &[String], limit: u32) -> Result<CallPage, Failure> {
        if limit == 0 || limit > LONGEST_PAGE {
            return Err(Failure::invalid(Reason::NotUsable, format!("limit 1–{LONGEST_PAGE}")));
        }
        let connection = self.connection(id).await?;
        let numbers: Vec<String> = numbers.iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        if numbers.is_empty() {
            return Err(Failure::invalid(Reason::Missing, "number"));
        }
        let port = self.session(id).await?.call_search.ok_or_else(|| not_offered(&connection.name))?;
        let outcome = port.find(&numbers, None, limit).await;
        self.note_unless_invalid(id, &outcome).await;
        let (found, of) = (outcome?, id.clone());
        let calls = self
            .write(move |w| {
                store::calls::upsert(w, &of, None, &found)?;
                let ids = found.iter().map(|it| CallId(format!("{of}/{}", it.external_id)));
                // A live call whose place the log has taken is no row of its own.
                ids.filter_map(|id| store::calls::call(w, &id).transpose()).collect::<Result<Vec<_>, _>>()
            })
            .await?;
        Ok(CallPage { total: calls.len() as u64, calls, next: None })
    }

    /// Everything about one call.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is none.
    pub async fn call_show(&self, id: &CallId) -> Result<CallDetail, Failure> {
        let wanted = id.clone();
        let found = self.0.store.read(move |r| store::calls::detail(r, &wanted)).await?;
        let mut detail = found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))?;
        detail.note_kept_by = self.note_keeper(&detail.call).await?.map(|keeper| parts(&keeper).0);
        detail.has_recording = self.recorded(&detail).await?.is_some();
        Ok(detail)
    }

    /// People and rooms that a message through this connection can go to.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn destinations_find(&self, connection: &ConnectionId, text: &str) -> Result<Vec<Destination>, Failure> {
        let (id, text) = (connection.clone(), text.to_owned());
        self.0
            .store
            .read(move |r| {
                let mut found = store::destinations::find(r, &id, &text, SUGGESTIONS)?;
                let folded = model::text::fold(&text);
                let kept = store::chat_rooms::all(r)?.into_iter().filter(|kept| kept.connection == id);
                found.extend(kept.filter(|kept| model::text::fold(&kept.room.name).contains(&folded)).map(|kept| {
                    Destination {
                        address: kept.room.name.clone(),
                        name: kept.room.name,
                        kind: model::chat_room::DestinationKind::Room,
                        detail: String::new(),
                        // As they were when the room was last seen here.
                        members: u32::try_from(kept.room.members.len()).ok().filter(|it| *it > 0),
                    }
                }));
                Ok(found)
            })
            .await
    }

    /// Makes a web-conference link, once.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where it would have ended already, or the system makes none; what the system answers.
    pub async fn quick_call_create(
        &self,
        id: &ConnectionId,
        expires_at: Time,
        password: Option<&Secret>,
    ) -> Result<QuickCall, Failure> {
        let connection = self.connection(id).await?;
        if expires_at <= self.now() {
            return Err(Failure::invalid(Reason::NotUsable, "expires"));
        }
        let port = self.session(id).await?.quick_calls.ok_or_else(|| not_offered(&connection.name))?;
        let password = password.filter(|password| !password.is_empty());
        let mut deed = self.deed(AuditKind::QuickCall, id, expires_at.to_string()).await?;
        deed.after = Some(Raw::of(&BTreeMap::from([("has_password", password.is_some())])));
        // Whoever has the link may enter, so that it stands nowhere but in the answer.
        let outcome = self.audited(deed, port.create(expires_at, password), |_| Done::default()).await;
        self.note_unless_invalid(id, &outcome).await;
        outcome
    }

    pub(crate) async fn note_unless_invalid<T>(&self, id: &ConnectionId, outcome: &Result<T, Failure>) {
        if !matches!(outcome, Err(Failure::Invalid(_))) {
            self.note(id, outcome).await;
        }
    }
}
