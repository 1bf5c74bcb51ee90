//! The row that a staged change is about: as it stands staged, or begun from what is known of it.

use std::collections::BTreeMap;

use model::record::{Resource, is_secret};
use model::staging::{KeptStage, RecordColumn, StageKind, StageState, StageTarget, ValueKind};
use model::text::fold;
use model::{ConnectionId, Failure, Raw, Reason, StageId};

use crate::console::Console;
use crate::records::reading::may_write;
use crate::records::row::{self, Fields, is_nothing};
use crate::records::secrets::digested;
use crate::records::staged::of;
use crate::vault::SecretValues;

/// A staged change that is about to be edited.
pub(super) struct Target {
    pub(super) stage: KeptStage,
    pub(super) secrets: SecretValues,
    /// The type of each field that may be set.
    pub(super) kinds: BTreeMap<String, ValueKind>,
}

impl Console {
    /// The staged change of a row or of a new row as it stands, or one that changes nothing yet.
    pub(super) async fn target(&self, target: &StageTarget) -> Result<Target, Failure> {
        let StageTarget { connection, resource: path, key, stage } = target;
        let verb = if key.is_some() { StageKind::Change.verb() } else { StageKind::Add.verb() };
        let resource = self.resource_for(connection, path, verb).await?;
        let columns = self.columns(connection, &resource).await?;
        match key {
            Some(key) => self.old_target(connection, &resource, columns, key).await,
            None => self.new_target(connection, path, columns, stage.as_ref()).await,
        }
    }

    async fn new_target(
        &self,
        connection: &ConnectionId,
        path: &str,
        columns: Vec<RecordColumn>,
        stage: Option<&StageId>,
    ) -> Result<Target, Failure> {
        let mut kinds = kinds(&columns);
        let kept = match stage {
            Some(id) => self.kept_stage(id).await?,
            None => None,
        };
        if let Some(kept) = kept {
            for (name, value) in of(Some(&kept.fields)).iter().filter(|(name, _)| !is_secret(name)) {
                kinds.entry(name.to_owned()).or_insert_with(|| row::kind(value));
            }
            let secrets = self.secrets_of(&kept).await?;
            return Ok(Target { stage: kept, secrets, kinds });
        }
        let empty = columns.iter().filter(|it| !it.is_key).map(|it| (it.name.clone(), blank(it.kind)));
        let (stage, secrets) = self.new_stage(connection, path, empty.collect()).await?;
        Ok(Target { stage, secrets, kinds })
    }

    async fn old_target(
        &self,
        connection: &ConnectionId,
        resource: &Resource,
        columns: Vec<RecordColumn>,
        key: &str,
    ) -> Result<Target, Failure> {
        if !may_write(resource, key) {
            return Err(Failure::invalid(Reason::NotUsable, &resource.key));
        }
        let there = self.known_row(connection, &resource.path, key).await?;
        let mut kinds = kinds(&columns);
        kinds.retain(|name, _| there.get(name).is_some());
        let key_field = fold(&resource.key);
        for (name, value) in there.iter().filter(|(name, value)| fold(name) != key_field && !is_nothing(value)) {
            kinds.insert(name.to_owned(), row::kind(value));
        }
        let mut staged = self.kept_stages(connection, &resource.path).await?;
        staged.retain(|it| it.key.as_deref() == Some(key));
        match staged.pop() {
            Some(stage) if stage.kind == StageKind::Change => {
                let secrets = self.secrets_of(&stage).await?;
                Ok(Target { stage, secrets, kinds })
            }
            other => {
                let id = other.map_or_else(new_id, |it| it.id);
                let mut stage = self.stage(id, connection, &resource.path, StageKind::Change);
                stage.key = Some(key.to_owned());
                stage.seen = Some(digested(&there).0.raw());
                Ok(Target { stage, secrets: SecretValues::default(), kinds })
            }
        }
    }

    /// A new row that says what `row` says, without its key.
    pub(crate) async fn new_stage(
        &self,
        connection: &ConnectionId,
        path: &str,
        mut row: Fields,
    ) -> Result<(KeptStage, SecretValues), Failure> {
        let resource = self.resource_for(connection, path, StageKind::Add.verb()).await?;
        let key = fold(&resource.key);
        let names: Vec<String> = row.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| fold(name) == key) {
            row.remove(name);
        }
        let (fields, secrets) = digested(&row);
        let mut stage = self.stage(new_id(), connection, path, StageKind::Add);
        stage.fields = fields.raw();
        Ok((stage, secrets))
    }

    /// That a row goes.
    pub(crate) async fn delete_of(
        &self,
        connection: &ConnectionId,
        path: &str,
        key: &str,
    ) -> Result<KeptStage, Failure> {
        let resource = self.resource_for(connection, path, StageKind::Delete.verb()).await?;
        if !may_write(&resource, key) {
            return Err(Failure::invalid(Reason::NotUsable, &resource.key));
        }
        let there = self.known_row(connection, path, key).await?;
        let existing = self.kept_stages(connection, path).await?;
        let existing = existing.into_iter().find(|it| it.key.as_deref() == Some(key));
        let id = existing.map_or_else(new_id, |it| it.id);
        let mut stage = self.stage(id, connection, path, StageKind::Delete);
        stage.key = Some(key.to_owned());
        stage.seen = Some(digested(&there).0.raw());
        Ok(stage)
    }

    pub(crate) fn stage(&self, id: StageId, connection: &ConnectionId, path: &str, kind: StageKind) -> KeptStage {
        KeptStage {
            id,
            connection: connection.clone(),
            resource: path.to_owned(),
            key: None,
            kind,
            state: StageState::Staged,
            seen: None,
            fields: Raw("{}".to_owned()),
            now: None,
            conflict: Vec::new(),
            problem: None,
            puts_back: None,
            at: self.now(),
        }
    }
}

/// An empty value of a kind.
pub(super) fn blank(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "\"\"",
        ValueKind::Number | ValueKind::Flag | ValueKind::Other => "null",
    }
}

pub(crate) fn new_id() -> StageId {
    StageId(uuid::Uuid::new_v4().to_string())
}

fn kinds(columns: &[RecordColumn]) -> BTreeMap<String, ValueKind> {
    columns.iter().filter(|it| !it.is_key).map(|it| (it.name.clone(), it.kind)).collect()
}
