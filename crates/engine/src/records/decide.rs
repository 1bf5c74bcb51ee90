//! What a person looks at and decides around a commit: the requests beforehand, a conflict field by field, an outcome that is unknown.

use model::staging::{KeptStage, RequestPreview, StageKind, StageState, Staged};
use model::{ConnectionId, Failure, Reason, StageId};

use crate::console::Console;
use crate::records::row::Fields;
use crate::records::secrets::{KEPT, NEW, shown};
use crate::records::staged::{of, view};

impl Console {
    /// The requests that a commit would send, in their order; nothing is sent or read.
    ///
    /// # Errors
    /// As [`Console::stages_commit`].
    pub async fn stages_preview(&self, connection: &ConnectionId) -> Result<Vec<RequestPreview>, Failure> {
        let ports = self.ports(connection).await?;
        let resources = ports.records.resources();
        let preview = |stage: &KeptStage| {
            let verb = stage.kind.verb();
            let (method, address) = ports.writes.request_line(&stage.resource, verb, stage.key.as_deref())?;
            let fields = shown(&of(Some(&stage.fields)), NEW);
            let key = resources.iter().find(|it| it.path == stage.resource).map(|it| it.key.clone());
            let body = match stage.kind {
                StageKind::Change => Some(shown(&of(stage.seen.as_ref()), KEPT).with(&fields).raw()),
                StageKind::Add => {
                    let whole: Fields = [(key.unwrap_or_default(), "\"0\"".to_owned())].into_iter().collect();
                    Some(whole.with(&fields).raw())
                }
                StageKind::Delete => None,
            };
            Ok(RequestPreview { method, address, body })
        };
        self.all_stages(connection).await?.iter().map(preview).collect()
    }

    /// Says of a change that two people made which fields are to be ours; the others stay as they are there now. A change of which
    /// nothing is left is dropped, and then nothing is the answer. A row that is to go goes if `mine` is not empty.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such conflict.
    pub async fn stage_resolve(
        &self,
        connection: &ConnectionId,
        id: &StageId,
        mine: &[String],
    ) -> Result<Option<Staged>, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let stage = self.kept_stage(id).await?.filter(|it| it.state == StageState::Conflict);
        let mut stage = stage.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))?;
        let mut secrets = self.secrets_of(&stage).await?;
        let mut fields = of(Some(&stage.fields));
        for theirs in stage.conflict.iter().filter(|it| !mine.contains(&it.name)) {
            fields.remove(&theirs.name);
            secrets.0.remove(&theirs.name);
        }
        let is_left = if stage.kind == StageKind::Delete { !mine.is_empty() } else { !fields.is_empty() };
        if !is_left {
            self.stage_step(connection, vec![(stage.id, None)]).await?;
            return Ok(None);
        }
        stage.seen = stage.now.take().or(stage.seen);
        stage =
            KeptStage { fields: fields.raw(), state: StageState::Staged, conflict: Vec::new(), problem: None, ..stage };
        let staged = view(&stage);
        self.stage_step(connection, vec![(stage.id.clone(), Some((stage, secrets)))]).await?;
        Ok(Some(staged))
    }

    /// Lets a change leave again whose outcome is unknown, after a person looked at the system. One that arrived is dropped instead.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the outcome of no such change is unknown.
    pub async fn stage_again(&self, connection: &ConnectionId, id: &StageId) -> Result<(), Failure> {
        let _turn = self.0.records.turn.lock().await;
        let stage = self.all_stages(connection).await?.into_iter().find(|it| it.id == *id);
        let stage = stage.filter(|it| it.state == StageState::Unknown);
        let stage = stage.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))?;
        let stage = KeptStage { state: StageState::Staged, problem: None, ..stage };
        self.write(move |w| store::record_stages::put(w, &stage)).await
    }
}
