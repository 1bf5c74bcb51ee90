//! What a person decides about rows: it arrived, send it again, leave it; and taking up what was refused.

use std::time::Duration;

use model::bulk::{Bulk, BulkDecision, BulkNews, BulkRow, BulkRowState, BulkState};
use model::message::Message;
use model::{BulkId, ConnectionId, DeliveryId, Failure, Reason};
use store::bulk_rows::Mark;
use tokio::sync::mpsc::UnboundedSender;

use crate::console::Console;
use crate::outbox::LEASE;

impl Console {
    /// What a person says of a row whose outcome nobody knows. `Again` is also for a row that was refused or left alone: it leaves
    /// under its old id, at once where the plan is not paused. Any other row stays as it is.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such row; where the ledger cannot be written.
    pub async fn bulk_decide(
        &self,
        id: &BulkId,
        position: u32,
        decision: BulkDecision,
        who: &str,
    ) -> Result<BulkRow, Failure> {
        let row = self.bulk_row(id, position).await?;
        let is_doubtful = matches!(row.state, BulkRowState::Unknown | BulkRowState::Left);
        match decision {
            BulkDecision::Arrived if is_doubtful => {
                self.outbox_decide(&row.delivery, true).await?;
            }
            BulkDecision::Leave if is_doubtful => self.mark_row(&row.delivery, Some(Mark::Left)).await?,
            BulkDecision::Again if is_doubtful || row.state == BulkRowState::Refused => {
                let (delivery, now) = (row.delivery.clone(), self.now());
                self.write(move |w| {
                    store::bulk_rows::mark(w, &delivery, None)?;
                    store::deliveries::take_up(w, &delivery, now, LEASE)
                })
                .await?;
                self.go_on_unless_paused(id, who).await?;
            }
            BulkDecision::Arrived | BulkDecision::Leave | BulkDecision::Again => {}
        }
        self.tell_bulks();
        self.bulk_row(id, position).await
    }

    /// Sends again what was refused, and what is unknown too where `with_unknown` says so. What somebody left alone stays.
    ///
    /// # Errors
    /// As [`Console::bulk_run`].
    pub async fn bulk_retry(&self, id: &BulkId, with_unknown: bool, who: &str) -> Result<Bulk, Failure> {
        if self.take_up_rows(id, with_unknown).await? > 0 {
            return self.bulk_run(id, who).await;
        }
        self.bulk_get(id).await
    }

    /// As [`Console::bulk_retry`], but waits until nothing goes on any more.
    ///
    /// # Errors
    /// As [`Console::bulk_run`].
    pub async fn bulk_retry_here(
        &self,
        id: &BulkId,
        with_unknown: bool,
        who: &str,
        news: UnboundedSender<BulkNews>,
        patience: Option<Duration>,
    ) -> Result<Bulk, Failure> {
        if self.take_up_rows(id, with_unknown).await? > 0 {
            return self.bulk_run_here(id, who, news, patience).await;
        }
        self.bulk_get(id).await
    }

    async fn take_up_rows(&self, id: &BulkId, with_unknown: bool) -> Result<u32, Failure> {
        self.bulk_get(id).await?;
        let (wanted, now) = (id.clone(), self.now());
        self.write(move |w| store::bulk_rows::take_up(w, &wanted, with_unknown, now, LEASE)).await
    }

    async fn go_on_unless_paused(&self, id: &BulkId, who: &str) -> Result<(), Failure> {
        match self.bulk_get(id).await?.state {
            BulkState::Planned | BulkState::Pausing | BulkState::Paused | BulkState::Interrupted => {}
            BulkState::Running => self.wake_bulk(id),
            BulkState::Stopped | BulkState::Done => drop(self.bulk_run(id, who).await?),
        }
        Ok(())
    }

    async fn mark_row(&self, delivery: &DeliveryId, mark: Option<Mark>) -> Result<(), Failure> {
        let delivery = delivery.clone();
        self.write(move |w| store::bulk_rows::mark(w, &delivery, mark)).await
    }

    /// The whole message of a delivery that belongs to a plan; `None` where it belongs to none.
    pub(crate) async fn bulk_message(
        &self,
        id: &DeliveryId,
        connection: &ConnectionId,
    ) -> Result<Option<Message>, Failure> {
        let wanted = id.clone();
        let found = self
            .0
            .store
            .read(move |r| {
                let Some((bulk, row)) = store::bulk_rows::of_delivery(r, &wanted)? else { return Ok(None) };
                Ok(store::bulks::get(r, &bulk)?.map(|plan| (plan, row)))
            })
            .await?;
        let Some((plan, row)) = found else { return Ok(None) };
        let draft = super::leaving(&self.bulk_pattern(&plan, connection).await?, &row);
        Ok(Some(Message { id: id.clone(), draft }))
    }

    /// Refuses what only single messages are for.
    pub(crate) async fn alone(&self, id: &DeliveryId) -> Result<(), Failure> {
        let wanted = id.clone();
        match self.0.store.read(move |r| store::bulk_rows::of_delivery(r, &wanted)).await? {
            // Its plan sends it, so that two programs cannot.
            Some((bulk, _)) => Err(Failure::invalid(Reason::NotOffered, bulk.as_str())),
            None => Ok(()),
        }
    }
}
