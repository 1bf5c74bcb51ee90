//! What was committed, and taking it back: the reverse is staged like any other change, so that it is seen, checked and sent once.

use model::failure::Problem;
use model::staging::{Done, KeptDone, KeptStage, PutBack, StageKind, StageState};
use model::{ConnectionId, DoneId, Failure, Reason, Why};

use crate::console::Console;
use crate::records::commit::done_entry;
use crate::records::row::placeholder_word;
use crate::records::secrets::revealed;
use crate::records::staged::{done_view, of};
use crate::records::staging::{Step, entry};
use crate::records::target::new_id;
use crate::vault::SecretValues;

/// Committed changes that are shown.
const MOST_SHOWN: u32 = 500;

impl Console {
    /// What was committed at a connection, the newest first.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub async fn stages_done(&self, connection: &ConnectionId) -> Result<Vec<Done>, Failure> {
        let id = connection.clone();
        let all = self.0.store.read(move |r| store::record_stages::done(r, &id, MOST_SHOWN)).await?;
        Ok(all.iter().map(done_view).collect())
    }

    /// Stages what takes committed changes back: a row gets the values that it had, a row that was made goes, and one that went comes
    /// back under a new key. What cannot be taken back is said, and the rest staged.
    ///
    /// # Errors
    /// A ledger or a keyring that cannot be read or written.
    pub async fn stages_put_back(&self, connection: &ConnectionId, ids: &[DoneId]) -> Result<PutBack, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let (mut steps, mut left) = (Vec::new(), Vec::new());
        for id in ids {
            let wanted = id.clone();
            let done = self.0.store.read(move |r| store::record_stages::done_one(r, &wanted)).await?;
            let reverse = match done.filter(|it| it.connection == *connection && !it.is_put_back) {
                Some(done) => self.reverse(&done).await,
                None => Err(Failure::invalid(Reason::NoSuchThing, id.as_str())),
            };
            match reverse {
                Ok(step) => steps.push(step),
                Err(failure) => left.push(Problem::from(&failure)),
            }
        }
        let staged = steps.iter().map(|(id, _)| id.clone()).collect();
        self.stage_step(connection, steps).await?;
        Ok(PutBack { staged, left })
    }

    /// Forgets every secret value that waits for a connection, or is kept to take a change of it back: its changes go with it.
    pub(crate) async fn forget_staged_secrets(&self, connection: &ConnectionId) {
        let id = connection.clone();
        let read = move |r: &store::Reader<'_>| {
            let staged = store::record_stages::all(r, &id)?.into_iter().map(|it| entry(&it.id));
            let done = store::record_stages::done(r, &id, u32::MAX)?;
            Ok(staged.chain(done.iter().map(|it| done_entry(&it.id))).collect())
        };
        match self.0.store.read(read).await {
            Ok(entries) => self.forget_secret_values(connection, entries).await,
            Err(failure) => {
                tracing::warn!(reason = ?failure.why().reason, "secret values of a removed connection stay in the keyring");
            }
        }
    }

    /// The number of the entry in the log that a staged change takes back; nothing where it takes none back.
    ///
    /// # Errors
    /// [`Failure::Refused`] with [`Reason::ChangedMeanwhile`] where that was taken back already, from wherever; a ledger that cannot be
    /// read.
    pub(super) async fn taken_back_by(&self, stage: &KeptStage) -> Result<Option<u64>, Failure> {
        let Some(former) = stage.puts_back.clone() else { return Ok(None) };
        let read = move |r: &store::Reader<'_>| {
            let done = store::record_stages::done_one(r, &former)?;
            let number = store::audit::number_of(r, &former)?;
            let entry = number.map(|number| store::audit::get(r, number)).transpose()?.flatten();
            let is_back = done.is_some_and(|it| it.is_put_back) || entry.is_some_and(|it| it.is_put_back);
            Ok((number, is_back))
        };
        match self.0.store.read(read).await? {
            (_, true) => Err(Failure::Refused(Why::new(Reason::ChangedMeanwhile, &stage.resource))),
            (number, false) => Ok(number),
        }
    }

    /// Says of a committed change that it was taken back, or may have been.
    pub(super) async fn mark_put_back(&self, id: DoneId) -> Result<(), Failure> {
        let write = move |w: &mut store::Writer<'_>| {
            if let Some(mut done) = store::record_stages::done_one(w, &id)? {
                done.is_put_back = true;
                store::record_stages::put_done(w, &done)?;
            }
            Ok(())
        };
        self.write(write).await
    }

    /// What takes one committed change back. What waits for that already is replaced by it.
    async fn reverse(&self, done: &KeptDone) -> Result<Step, Failure> {
        let (connection, path) = (&done.connection, done.resource.as_str());
        let before = of(done.before.as_ref());
        let has_secrets = before.iter().any(|(_, value)| placeholder_word(value).is_some());
        let mut secrets = match has_secrets {
            true => self.secret_values(connection, &done_entry(&done.id)).await?,
            false => SecretValues::default(),
        };
        let key = || done.key.clone().ok_or_else(|| Failure::invalid(Reason::NotFound, path));
        let stage = match done.kind {
            StageKind::Add => {
                KeptStage { seen: done.after.clone(), ..self.delete_of(connection, path, &key()?).await? }
            }
            StageKind::Delete => {
                let (stage, values) = self.new_stage(connection, path, revealed(&before, &secrets)).await?;
                secrets = values;
                let staged = self.kept_stages(connection, path).await?;
                let waiting = staged.into_iter().find(|it| it.puts_back.as_ref() == Some(&done.id));
                if waiting.as_ref().is_some_and(|it| it.state == StageState::Unknown) {
                    return Err(Failure::invalid(Reason::OutcomeUnknown, path));
                }
                KeptStage { id: waiting.map_or(stage.id.clone(), |it| it.id), ..stage }
            }
            StageKind::Change => {
                self.resource_for(connection, path, StageKind::Change.verb()).await?;
                let (key, names) = (key()?, &done.names);
                let fields = names.iter().map(|name| (name.clone(), before.get(name).unwrap_or("null").to_owned()));
                let staged =
                    self.kept_stages(connection, path).await?.into_iter().find(|it| it.key.as_ref() == Some(&key));
                let id = staged.map_or_else(new_id, |it| it.id);
                KeptStage {
                    key: Some(key),
                    seen: done.after.clone(),
                    fields: fields.collect::<crate::records::row::Fields>().raw(),
                    ..self.stage(id, connection, path, StageKind::Change)
                }
            }
        };
        let lacks = |name: &str| Failure::invalid(Reason::SecretMissing, name);
        let fields = of(Some(&stage.fields));
        let mut hidden = fields.iter().filter(|(_, value)| placeholder_word(value).is_some());
        if let Some((name, _)) = hidden.find(|(name, _)| !secrets.0.contains_key(*name)) {
            return Err(lacks(name));
        }
        let stage = KeptStage { puts_back: Some(done.id.clone()), ..stage };
        Ok((stage.id.clone(), Some((stage, secrets))))
    }
}
