//! Recordings of calls: which there are, what the system says of each, and the sound of one.

use std::sync::Arc;

use model::call::CallDetail;
use model::connection::Connection;
use model::ports;
use model::recording::{NamedRecording, Recording};
use model::{CallId, Failure, Reason, Why};

use crate::board::not_offered;
use crate::console::Console;
use crate::notes::parts;

impl Console {
    /// The recordings that the record of a call names, and what the system says of each.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such call or the system has no recordings; what the system answers.
    pub async fn recordings_of(&self, id: &CallId) -> Result<Vec<Recording>, Failure> {
        let (port, named) = self.recordings_named(id).await?;
        let mut told = Vec::with_capacity(named.len());
        for recording in named {
            let about = port.about(&recording.id).await;
            self.note_unless_invalid(&parts(id).0, &about).await;
            told.push(about?);
        }
        Ok(told)
    }

    /// The sound of a recording of a call.
    ///
    /// # Errors
    /// As [`Console::recordings_of`]; [`Failure::Refused`] with [`Reason::NotFound`] where the call names no such recording.
    pub async fn recording_content(&self, id: &CallId, recording: &Recording) -> Result<Vec<u8>, Failure> {
        let (port, named) = self.recordings_named(id).await?;
        if !named.iter().any(|it| it.id == recording.id) {
            return Err(Failure::Refused(Why::new(Reason::NotFound, "recording")));
        }
        let content = port.content(recording).await;
        self.note_unless_invalid(&parts(id).0, &content).await;
        content
    }

    /// The recordings that the records of a call name, and the connection whose system has them.
    pub(crate) async fn recorded(
        &self,
        detail: &CallDetail,
    ) -> Result<Option<(Connection, Vec<NamedRecording>)>, Failure> {
        let own = (&detail.call.connection, &detail.raw);
        let others = detail.same_raw.iter().map(|it| (&it.connection, &it.raw));
        for (connection, raw) in std::iter::once(own).chain(others) {
            let connection = self.connection(connection).await?;
            let named = self.system(&connection.system).map(|it| it.recordings_named(raw)).unwrap_or_default();
            if !named.is_empty() {
                return Ok(Some((connection, named)));
            }
        }
        Ok(None)
    }

    async fn recordings_named(
        &self,
        id: &CallId,
    ) -> Result<(Arc<dyn ports::Recordings>, Vec<NamedRecording>), Failure> {
        let detail = self.call_show(id).await?;
        let (connection, named) = match self.recorded(&detail).await? {
            Some(found) => found,
            None => (self.connection(&detail.call.connection).await?, Vec::new()),
        };
        let port = self.session(&connection.id).await?.recordings.ok_or_else(|| not_offered(&connection.name))?;
        Ok((port, named))
    }
}
