//! Administration resources: read and changed at the system now; the cache follows what is made from them.

mod check;
mod commit;
mod decide;
mod drift;
mod log;
mod own_link;
mod put_back;
mod reading;
mod report;
mod restore;
mod row;
mod secrets;
mod snapshot;
mod staged;
mod staging;
mod target;
mod undo;

use std::sync::Arc;

use model::audit::AuditKind;
use model::call::Direction;
use model::event::Table;
use model::ports::{RecordWrites, Records};
use model::record::{Created, Resource, RowChange, Updated, Verb};
use model::{CallId, ConnectionId, Failure, Raw, Reason, Why};

use crate::board::not_offered;
use crate::console::Console;
use crate::notes::parts;
use crate::outbox::reached;
use crate::records::log::{RowWrite, Ties};
use crate::records::row::Fields;

pub(crate) use reading::RecordDesk;

/// How many calls of a number are read again to find the one that was changed.
const CALLS_OF_A_NUMBER: u32 = 200;

impl Console {
    /// Which administration resources a connection has.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where it has none.
    pub async fn records_resources(&self, id: &ConnectionId) -> Result<Vec<Resource>, Failure> {
        Ok(self.records_of(id).await?.resources())
    }

    /// Every row of a resource, asked of the system now.
    ///
    /// # Errors
    /// What the system answers; [`Failure::Invalid`] for a resource that there is not.
    pub async fn records_list(&self, id: &ConnectionId, resource: &str) -> Result<Vec<Raw>, Failure> {
        let outcome = self.records_of(id).await?.list(resource).await;
        self.note_unless_invalid(id, &outcome).await;
        outcome
    }

    /// One row of a resource, asked of the system now.
    ///
    /// # Errors
    /// As [`Console::records_list`]; [`Failure::Refused`] with [`Reason::NotFound`] where there is no such row.
    pub async fn records_get(&self, id: &ConnectionId, resource: &str, key: &str) -> Result<Raw, Failure> {
        let outcome = self.records_of(id).await?.get(resource, key).await;
        self.note_unless_invalid(id, &outcome).await;
        outcome?.ok_or_else(|| Failure::Refused(Why::new(Reason::NotFound, format!("{resource}/{key}"))))
    }

    /// Makes a row, once.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a resource, a verb or a row that cannot be used, before anything is sent; what the system answers;
    /// [`Failure::Unknown`] where no answer came.
    pub async fn records_create(&self, id: &ConnectionId, resource: &str, row: &Raw) -> Result<Created, Failure> {
        self.make_row(id, resource, row, Ties::default()).await
    }

    pub(crate) async fn make_row(
        &self,
        id: &ConnectionId,
        resource: &str,
        row: &Raw,
        ties: Ties,
    ) -> Result<Created, Failure> {
        let port = self.writes_of(id, resource, Verb::Create).await?;
        let after = Some(Fields::read(row)?);
        let write =
            RowWrite { connection: id, kind: AuditKind::RecordCreated, resource, key: None, before: None, after, ties };
        let outcome = self.write_row(write, port.create(resource, row)).await;
        let key = outcome.as_ref().ok().and_then(|created| created.key.clone());
        self.after_write(id, resource, key.as_deref(), &outcome).await;
        outcome
    }

    /// Changes some fields of a row, once, unless somebody else changed the same fields since the person saw them.
    ///
    /// # Errors
    /// As [`Console::records_create`]; [`Failure::Refused`] with [`Reason::NotFound`] where there is no such row.
    pub async fn records_update(
        &self,
        id: &ConnectionId,
        resource: &str,
        key: &str,
        change: &RowChange,
    ) -> Result<Updated, Failure> {
        self.change_row(id, resource, key, change, Ties::default()).await
    }

    pub(crate) async fn change_row(
        &self,
        id: &ConnectionId,
        resource: &str,
        key: &str,
        change: &RowChange,
        ties: Ties,
    ) -> Result<Updated, Failure> {
        let port = self.writes_of(id, resource, Verb::Update).await?;
        let before = self.row_before(id, resource, key).await?;
        let after = Some(before.clone().unwrap_or_default().with(&Fields::read(&change.fields)?));
        let (kind, key_of) = (AuditKind::RecordChanged, Some(key));
        let write = RowWrite { connection: id, kind, resource, key: key_of, before, after, ties };
        let outcome = self.write_row(write, port.update(resource, key, change)).await;
        self.after_write(id, resource, Some(key), &outcome).await;
        outcome
    }

    /// Removes a row, once.
    ///
    /// # Errors
    /// As [`Console::records_update`].
    pub async fn records_delete(&self, id: &ConnectionId, resource: &str, key: &str) -> Result<(), Failure> {
        self.remove_row(id, resource, key, Ties::default()).await
    }

    pub(crate) async fn remove_row(
        &self,
        id: &ConnectionId,
        resource: &str,
        key: &str,
        ties: Ties,
    ) -> Result<(), Failure> {
        let port = self.writes_of(id, resource, Verb::Delete).await?;
        let before = self.row_before(id, resource, key).await?;
        let (kind, key_of) = (AuditKind::RecordDeleted, Some(key));
        let write = RowWrite { connection: id, kind, resource, key: key_of, before, after: None, ties };
        let outcome = self.write_row(write, port.delete(resource, key)).await;
        self.after_write(id, resource, Some(key), &outcome).await;
        outcome
    }

    /// The row as it stands before a write, for the log; `None` where there is none, which the write itself will find.
    async fn row_before(&self, id: &ConnectionId, resource: &str, key: &str) -> Result<Option<Fields>, Failure> {
        let outcome = self.records_of(id).await?.get(resource, key).await;
        self.note_unless_invalid(id, &outcome).await;
        outcome?.as_ref().map(Fields::read).transpose()
    }

    async fn records_of(&self, id: &ConnectionId) -> Result<Arc<dyn Records>, Failure> {
        let connection = self.connection(id).await?;
        self.session(id).await?.records.ok_or_else(|| not_offered(&connection.name))
    }

    /// The port for changes, where the resource allows this one.
    async fn writes_of(&self, id: &ConnectionId, resource: &str, verb: Verb) -> Result<Arc<dyn RecordWrites>, Failure> {
        let known = self.records_of(id).await?.resources();
        let known = known.into_iter().find(|it| it.path == resource);
        let known = known.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, resource))?;
        if !known.verbs.contains(&verb) {
            return Err(Failure::invalid(Reason::NotOffered, resource));
        }
        let connection = self.connection(id).await?;
        self.session(id).await?.record_writes.ok_or_else(|| not_offered(&connection.name))
    }

    /// Notes how a write went, and reads again what the cache makes from the row. A write whose outcome nobody knows may have
    /// arrived, so that what it would have changed is read again as well.
    async fn after_write<T>(&self, id: &ConnectionId, resource: &str, key: Option<&str>, outcome: &Result<T, Failure>) {
        if let Some(heard) = reached(outcome) {
            self.note(id, &heard).await;
        }
        if !matches!(outcome, Ok(_) | Err(Failure::Unknown(_))) {
            return;
        }
        let Ok(records) = self.records_of(id).await else { return };
        let shown = records.shown_as(resource);
        if shown.contains(&Table::Customers)
            && let Err(failure) = self.customers_read(id).await
        {
            tracing::info!(reason = ?failure.why().reason, "the customers could not be read again after a change");
        }
        if shown.contains(&Table::Calls)
            && let Some(key) = key
        {
            self.read_call_again(&CallId(format!("{id}/{key}"))).await;
        }
    }

    /// Reads a call again after it was changed at its system: among the calls of its number where the system can be asked for
    /// those, else in what is new in the log. What fails here is made good by a later sync.
    pub(crate) async fn read_call_again(&self, id: &CallId) {
        if let Err(failure) = self.try_reading_call(id).await {
            tracing::info!(reason = ?failure.why().reason, "a call could not be read again");
        }
    }

    async fn try_reading_call(&self, id: &CallId) -> Result<(), Failure> {
        let (connection, _) = parts(id);
        let session = self.session(&connection).await?;
        let wanted = id.clone();
        let call = self.0.store.read(move |r| store::calls::call(r, &wanted)).await?;
        let number = call.map(|call| match call.direction {
            Direction::Outbound => call.to.raw,
            Direction::Inbound | Direction::Unknown => call.from.raw,
        });
        if let (Some(search), Some(number)) = (&session.call_search, number.filter(|it| !it.is_empty())) {
            let found = search.find(&[number], None, CALLS_OF_A_NUMBER).await?;
            if found.iter().any(|it| id.as_str() == format!("{connection}/{}", it.external_id)) {
                return self.write(move |w| store::calls::upsert(w, &connection, None, &found)).await.map(drop);
            }
        }
        let _turn = self.turn(&connection).await;
        self.sync_calls(&connection, &session, None).await.map(drop)
    }
}
