//! Changes of administration records, staged here until a person commits them: they survive a restart, and each step can be undone.

use model::staging::{FieldText, KeptStage, StageKind, StageState, StageTarget, Staged};
use model::{ConnectionId, Failure, Raw, Reason, StageId};

use crate::console::{Console, lock};
use crate::records::row::{self, Fields, is_nothing, placeholder_word};
use crate::records::secrets::{digest, is_kept};
use crate::records::staged::{of, view};
use crate::records::target::{Target, blank};
use crate::vault::SecretValues;

/// Steps that can be undone.
const MOST_UNDO: usize = 200;

/// How some staged changes stood before a step.
pub(crate) struct Undo {
    connection: ConnectionId,
    before: Vec<(StageId, Option<(KeptStage, SecretValues)>)>,
}

/// How a staged change is to stand; `None` drops it.
pub(crate) type Step = (StageId, Option<(KeptStage, SecretValues)>);

impl Console {
    /// Every staged change of a connection, in the order in which they were staged first.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub async fn stages_list(&self, connection: &ConnectionId) -> Result<Vec<Staged>, Failure> {
        Ok(self.all_stages(connection).await?.iter().map(view).collect())
    }

    /// Puts typed texts into fields of a row: each gets the type that the field has. A row that is as it was before is no longer
    /// staged, and then nothing is the answer.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a row that may not be written, a field that it does not have, or a text of another type.
    pub async fn stage_texts(&self, target: &StageTarget, texts: &[FieldText]) -> Result<Option<Staged>, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let Target { mut stage, mut secrets, kinds } = self.target(target).await?;
        let mut fields = of(Some(&stage.fields));
        let seen = of(stage.seen.as_ref());
        for FieldText { name, text } in texts {
            let kind = kinds.get(name).copied().ok_or_else(|| Failure::invalid(Reason::NoSuchThing, name))?;
            let value = text.as_ref().map(|text| row::typed(name, kind, text)).transpose()?;
            let value = value.or_else(|| (stage.kind == StageKind::Add).then(|| blank(kind).to_owned()));
            set(&mut fields, &mut secrets, &seen, name, value);
        }
        stage.fields = fields.raw();
        self.keep_one(stage, secrets).await
    }

    /// Puts one JSON object in the place of a row. Fields with a placeholder stay as they are. A row that is as it was before is no
    /// longer staged, and then nothing is the answer.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for what is no object, for another key, and for fields that the row does not have or that are left out.
    pub async fn stage_json(&self, target: &StageTarget, row: &Raw) -> Result<Option<Staged>, Failure> {
        let wanted = Fields::read(row)?;
        let _turn = self.0.records.turn.lock().await;
        let Target { mut stage, mut secrets, .. } = self.target(target).await?;
        let key = self.resource(&target.connection, &target.resource).await?.key;
        let is_key = |name: &str| model::text::fold(name) == model::text::fold(&key);
        let (before, seen) = (of(Some(&stage.fields)), of(stage.seen.as_ref()));
        let mut fields = Fields::default();
        if stage.kind == StageKind::Change
            && let Some((name, _)) = seen.iter().find(|(name, _)| wanted.get(name).is_none())
        {
            return Err(Failure::invalid(Reason::Missing, name));
        }
        for (name, value) in wanted.iter() {
            if is_key(name) {
                let is_same = |key: &str| row::text(value).trim() == key;
                if !stage.key.as_deref().is_none_or(is_same) {
                    return Err(Failure::invalid(Reason::NotUsable, name));
                }
            } else if stage.kind == StageKind::Change && seen.get(name).is_none() {
                return Err(Failure::invalid(Reason::NoSuchThing, name));
            } else if placeholder_word(value).is_some() {
                if let Some(kept) = before.get(name) {
                    fields.set(name, kept);
                }
            } else {
                set(&mut fields, &mut secrets, &seen, name, Some(value.to_owned()));
            }
        }
        secrets.0.retain(|name, _| fields.get(name).is_some());
        stage.fields = fields.raw();
        self.keep_one(stage, secrets).await
    }

    /// Stages a new row with every field that the resource is known to have, empty.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the resource takes no new rows.
    pub async fn stage_new(&self, connection: &ConnectionId, path: &str) -> Result<Staged, Failure> {
        let target = StageTarget { connection: connection.clone(), resource: path.to_owned(), key: None, stage: None };
        let _turn = self.0.records.turn.lock().await;
        let Target { stage, secrets, .. } = self.target(&target).await?;
        let staged = view(&stage);
        self.stage_step(connection, vec![(stage.id.clone(), Some((stage, secrets)))]).await?;
        Ok(staged)
    }

    /// Stages new rows that say what these say, secrets included.
    ///
    /// # Errors
    /// As [`Console::stage_new`]; for a row that is not there.
    pub async fn stage_copies(
        &self,
        connection: &ConnectionId,
        path: &str,
        keys: &[String],
    ) -> Result<Vec<Staged>, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let (mut steps, mut staged) = (Vec::new(), Vec::new());
        for key in keys {
            let row = self.known_row(connection, path, key).await?;
            let (stage, secrets) = self.new_stage(connection, path, row).await?;
            staged.push(view(&stage));
            steps.push((stage.id.clone(), Some((stage, secrets))));
        }
        self.stage_step(connection, steps).await?;
        Ok(staged)
    }

    /// Stages that rows go. What was staged for them before is replaced.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the resource allows it not, or not for one of these rows.
    pub async fn stage_deletes(&self, connection: &ConnectionId, path: &str, keys: &[String]) -> Result<(), Failure> {
        let _turn = self.0.records.turn.lock().await;
        let mut steps = Vec::new();
        for key in keys {
            let stage = self.delete_of(connection, path, key).await?;
            steps.push((stage.id.clone(), Some((stage, SecretValues::default()))));
        }
        self.stage_step(connection, steps).await
    }

    /// Drops staged changes. One that is on its way stays.
    ///
    /// # Errors
    /// A ledger or a keyring that cannot be written.
    pub async fn stages_drop(&self, connection: &ConnectionId, ids: &[StageId]) -> Result<(), Failure> {
        let _turn = self.0.records.turn.lock().await;
        self.stage_step(connection, ids.iter().map(|id| (id.clone(), None)).collect()).await
    }

    /// Takes back the last step of staging; whether there was one.
    ///
    /// # Errors
    /// A ledger or a keyring that cannot be written.
    pub async fn stage_undo(&self, connection: &ConnectionId) -> Result<bool, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let last = {
            let mut all = lock(&self.0.records.undo);
            all.iter().rposition(|it| it.connection == *connection).map(|at| all.remove(at))
        };
        let Some(last) = last else { return Ok(false) };
        self.apply(connection, last.before).await?;
        Ok(true)
    }

    /// Keeps a change of a row, or drops it where it changes nothing. An edit is a new decision: what was said of the former one goes.
    async fn keep_one(&self, stage: KeptStage, secrets: SecretValues) -> Result<Option<Staged>, Failure> {
        let connection = stage.connection.clone();
        if stage.kind == StageKind::Change && of(Some(&stage.fields)).is_empty() {
            self.stage_step(&connection, vec![(stage.id, None)]).await?;
            return Ok(None);
        }
        let stage = KeptStage {
            state: StageState::Staged,
            problem: None,
            conflict: Vec::new(),
            now: None,
            at: self.now(),
            ..stage
        };
        let staged = view(&stage);
        self.stage_step(&connection, vec![(stage.id.clone(), Some((stage, secrets)))]).await?;
        Ok(Some(staged))
    }

    /// Takes a step of staging, which can be undone.
    pub(crate) async fn stage_step(&self, connection: &ConnectionId, steps: Vec<Step>) -> Result<(), Failure> {
        let mut before = Vec::with_capacity(steps.len());
        for (id, _) in &steps {
            let former = match self.kept_stage(id).await? {
                Some(kept) => {
                    let secrets = self.secrets_of(&kept).await?;
                    Some((kept, secrets))
                }
                None => None,
            };
            before.push((id.clone(), former));
        }
        self.apply(connection, steps).await?;
        let mut all = lock(&self.0.records.undo);
        if all.len() >= MOST_UNDO {
            all.remove(0);
        }
        all.push(Undo { connection: connection.clone(), before });
        Ok(())
    }

    /// Makes staged changes stand as they are to: first what they keep in the keyring, then they themselves.
    async fn apply(&self, connection: &ConnectionId, steps: Vec<Step>) -> Result<(), Failure> {
        let mut forgotten = Vec::new();
        for (id, stands) in &steps {
            match stands {
                Some((_, secrets)) if !secrets.0.is_empty() => {
                    self.keep_secret_values(connection, &entry(id), secrets).await?;
                }
                Some(_) | None => {
                    forgotten.extend(self.kept_stage(id).await?.filter(has_secrets).map(|it| entry(&it.id)));
                }
            }
        }
        self.write(move |w| {
            for (id, stands) in &steps {
                match stands {
                    Some((stage, _)) => store::record_stages::put(w, stage)?,
                    None => store::record_stages::remove(w, id)?,
                }
            }
            Ok(())
        })
        .await?;
        self.forget_secret_values(connection, forgotten).await;
        Ok(())
    }

    /// The secret values of a staged change; the keyring is asked only where there are some.
    pub(crate) async fn secrets_of(&self, stage: &KeptStage) -> Result<SecretValues, Failure> {
        if has_secrets(stage) {
            self.secret_values(&stage.connection, &entry(&stage.id)).await
        } else {
            Ok(SecretValues::default())
        }
    }

    /// Staged changes as they are kept. What an earlier run left on its way may have arrived or not.
    pub(crate) async fn all_stages(&self, connection: &ConnectionId) -> Result<Vec<KeptStage>, Failure> {
        let id = connection.clone();
        let mut all = self.0.store.read(move |r| store::record_stages::all(r, &id)).await?;
        if !lock(&self.0.records.committing).contains(connection) {
            for stage in all.iter_mut().filter(|it| it.state == StageState::Leaving) {
                stage.state = StageState::Unknown;
            }
        }
        Ok(all)
    }

    pub(crate) async fn kept_stages(&self, connection: &ConnectionId, path: &str) -> Result<Vec<KeptStage>, Failure> {
        let mut all = self.all_stages(connection).await?;
        all.retain(|it| it.resource == path);
        Ok(all)
    }

    pub(crate) async fn kept_stage(&self, id: &StageId) -> Result<Option<KeptStage>, Failure> {
        let id = id.clone();
        self.0.store.read(move |r| store::record_stages::get(r, &id)).await
    }
}

/// Where the secret values of a staged change are kept.
pub(crate) fn entry(id: &StageId) -> String {
    format!("staged-{id}")
}

/// Whether a staged change writes a secret value.
pub(crate) fn has_secrets(stage: &KeptStage) -> bool {
    of(Some(&stage.fields)).iter().any(|(_, value)| placeholder_word(value).is_some())
}

/// Sets a field, or takes it out where the row says the same anyway.
fn set(fields: &mut Fields, secrets: &mut SecretValues, seen: &Fields, name: &str, value: Option<String>) {
    secrets.0.remove(name);
    match value.filter(|value| !seen.get(name).is_some_and(|there| is_kept(there, value))) {
        Some(value) if model::record::is_secret(name) && !is_nothing(&value) => {
            fields.set(name, &digest(&value));
            secrets.0.insert(name.to_owned(), value);
        }
        Some(value) => fields.set(name, &value),
        None => fields.remove(name),
    }
}
