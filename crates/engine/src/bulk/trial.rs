//! The test of a plan: what recipients would get goes to nobody but the person who plans, and no row of the plan is touched.

use model::message::HandedOver;
use model::{BulkId, Failure, Reason};

use super::{leaving, no_such};
use crate::console::Console;

impl Console {
    /// Sends one message of each connection of a plan to the person who plans, at the address that is set as their own: that of this
    /// row where it is one that is to be sent, elsewhere the first that is. Recipients and mentions are not looked at, so a test
    /// reaches nobody else. Each test is another message, in the outbox and not in the plan.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such plan or nothing of it is to be sent; where the ledger cannot be read or written. A
    /// connection without an own address is refused in the answer; nothing was sent then.
    pub async fn bulk_test(&self, id: &BulkId, row: Option<u32>) -> Result<HandedOver, Failure> {
        let wanted = id.clone();
        let read = move |r: &store::Reader<'_>| {
            let Some(plan) = store::bulks::get(r, &wanted)? else { return Ok(None) };
            Ok(Some((plan, store::bulks::samples(r, &wanted, row)?)))
        };
        let (plan, rows) = self.0.store.read(read).await?.ok_or_else(|| no_such(id))?;
        if rows.is_empty() {
            return Err(Failure::invalid(Reason::Missing, "to"));
        }
        let mut drafts = Vec::with_capacity(rows.len());
        for (connection, row) in rows {
            drafts.push(leaving(&self.bulk_pattern(&plan, &connection).await?, &row));
        }
        let handed = self.outbox_test(drafts).await?;
        if !handed.deliveries.is_empty() {
            let (wanted, now) = (id.clone(), self.now());
            self.write(move |w| store::bulks::tested(w, &wanted, now)).await?;
        }
        Ok(handed)
    }
}
