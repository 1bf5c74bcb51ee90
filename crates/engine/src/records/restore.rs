//! A snapshot compared with the system as it is now, and chosen rows of it staged: nothing is written here, the commit does it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use model::event::Table;
use model::failure::Problem;
use model::snapshot::{Drift, DriftLeft, DriftPick, DriftStaged, UnreadResource};
use model::staging::{KeptStage, StageKind, StageState};
use model::{ConnectionId, DriftId, Failure, Reason, StageId};

use crate::console::{Console, lock};
use crate::records::drift::{Compared, TwoSides, compare, row_to_make, values_to_put_back};
use crate::records::secrets::digested;
use crate::records::snapshot::Snapshot;
use crate::records::staging::Step;
use crate::records::target::new_id;
use crate::vault::SecretValues;

/// What was compared last, until rows of it are staged.
pub(crate) struct HeldDrift {
    id: DriftId,
    connection: ConnectionId,
    rows: HashMap<DriftPick, TwoSides>,
    /// The rows in their order.
    order: Vec<DriftPick>,
}

impl Console {
    /// Compares a snapshot with the system as it is now. Secret values are not compared: of them a snapshot knows only whether there
    /// were some.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for what is no snapshot, or one of another kind of system; what the system answers.
    pub async fn snapshot_compare(&self, connection: &ConnectionId, text: String) -> Result<Drift, Failure> {
        let reading = tokio::task::spawn_blocking(move || Snapshot::read(&text));
        let mut snapshot = reading.await.map_err(|_| Failure::surprise(""))??;
        let known = self.connection(connection).await?;
        if snapshot.system != known.system {
            return Err(Failure::invalid(Reason::NotUsable, snapshot.system.as_str()));
        }
        let records = self.records_of(connection).await?;
        let (mut drift, mut sides) = (
            Drift {
                id: DriftId(uuid::Uuid::new_v4().to_string()),
                connection: connection.clone(),
                taken_of: snapshot.connection.clone(),
                taken_at: snapshot.taken_at,
                is_of_another: snapshot.address != known.url,
                resources: Vec::new(),
                unread: Vec::new(),
                rows: Vec::new(),
            },
            Vec::new(),
        );
        for resource in records.resources() {
            let path = resource.path.clone();
            let comes_by_itself = resource.is_live || records.shown_as(&path).contains(&Table::Calls);
            let both = match snapshot.take(&path) {
                Ok(then) => self.listed_now(connection, &path).await?.map(|now| (then, now)),
                Err(problem) => Err(problem),
            };
            let (then, now) = match both {
                Ok(both) => both,
                Err(problem) => {
                    drift.unread.push(UnreadResource { resource: path, problem });
                    continue;
                }
            };
            let comparing = tokio::task::spawn_blocking(move || compare(&resource, comes_by_itself, &then, &now));
            let Compared { count, rows, sides: both } = comparing.await.map_err(|_| Failure::surprise(""))?;
            drift.resources.push(count);
            drift.rows.extend(rows);
            sides.extend(both);
        }
        let order = sides.iter().map(|(pick, _)| pick.clone()).collect();
        let held = HeldDrift {
            id: drift.id.clone(),
            connection: connection.clone(),
            rows: sides.into_iter().collect(),
            order,
        };
        *lock(&self.0.records.drift) = Some(Arc::new(held));
        Ok(drift)
    }

    /// Stages chosen rows of what was compared last as the snapshot has them; one step of undoing. What was staged for a row before is
    /// replaced. A drift is good for one staging, so that no row is made twice from it; whoever wants more compares again.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where this is not what was compared last; a ledger that cannot be written.
    pub async fn drift_stage(
        &self,
        connection: &ConnectionId,
        drift: &DriftId,
        picks: &[DriftPick],
    ) -> Result<DriftStaged, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let held = lock(&self.0.records.drift).clone();
        let held = held.filter(|it| it.id == *drift && it.connection == *connection);
        let held = held.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, drift.as_str()))?;
        let wanted: BTreeSet<&DriftPick> = picks.iter().collect();
        let left = |row: &DriftPick, failure: &Failure| DriftLeft { row: row.clone(), problem: Problem::from(failure) };
        let unknown = wanted.iter().filter(|pick| !held.rows.contains_key(**pick));
        let mut became = DriftStaged {
            staged: Vec::new(),
            left: unknown.map(|pick| left(pick, &Failure::invalid(Reason::NotOffered, &pick.resource))).collect(),
        };
        let mut steps = Vec::new();
        for pick in held.order.iter().filter(|pick| wanted.contains(pick)) {
            let Some(sides) = held.rows.get(pick) else { continue };
            match self.restoring(connection, pick, sides).await {
                Ok(step) => steps.push(step),
                Err(failure) => became.left.push(left(pick, &failure)),
            }
        }
        became.staged = steps.iter().map(|(id, _)| id.clone()).collect();
        if !steps.is_empty() {
            self.stage_step(connection, steps).await?;
            *lock(&self.0.records.drift) = None;
        }
        Ok(became)
    }

    /// What puts one row back.
    async fn restoring(&self, connection: &ConnectionId, pick: &DriftPick, sides: &TwoSides) -> Result<Step, Failure> {
        let (path, key) = (pick.resource.as_str(), pick.key.as_str());
        let staged = self.kept_stages(connection, path).await?;
        let of_row = staged.iter().find(|it| it.key.as_deref() == Some(key)).map(|it| it.id.clone());
        let over = |kind| KeptStage {
            key: Some(key.to_owned()),
            seen: sides.now.as_ref().map(|now| digested(now).0.raw()),
            ..self.stage(of_row.clone().unwrap_or_else(new_id), connection, path, kind)
        };
        let (stage, secrets) = match (&sides.then, &sides.now) {
            (Some(then), Some(now)) => {
                let resource = self.resource_for(connection, path, StageKind::Change.verb()).await?;
                let fields = values_to_put_back(&resource.key, then, now).raw();
                (KeptStage { fields, ..over(StageKind::Change) }, SecretValues::default())
            }
            (Some(then), None) => {
                // The same id for the same row: staged again, it takes its own place instead of being made twice.
                let id = StageId(format!("restore-{connection}-{path}-{key}"));
                if staged.iter().any(|it| it.id == id && it.state == StageState::Unknown) {
                    return Err(Failure::invalid(Reason::OutcomeUnknown, path));
                }
                let (stage, secrets) = self.new_stage(connection, path, row_to_make(then)).await?;
                (KeptStage { id, ..stage }, secrets)
            }
            (None, _) => {
                self.resource_for(connection, path, StageKind::Delete.verb()).await?;
                (over(StageKind::Delete), SecretValues::default())
            }
        };
        Ok((stage.id.clone(), Some((stage, secrets))))
    }
}
