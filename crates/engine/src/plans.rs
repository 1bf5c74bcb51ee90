//! Messages that leave later, and texts kept to be written again. A plan is sent by the program that runs at its time; what came due
//! while none ran, or could not be sent, waits for a person.

use std::time::Duration;

use chrono::{DateTime, Local, NaiveTime, TimeZone, Timelike, Utc};
use model::desk::QuietHours;
use model::failure::Problem;
use model::message::{Draft, HandedOver, PlanMade, Planned, RefusedDraft, Template};
use model::{DraftId, Failure, Reason, TemplateId, Time};

use crate::console::Console;

/// How often it is looked whether something is due.
const PACE: Duration = Duration::from_secs(5);
/// So late a plan is still sent by itself. Later the computer slept, and a person looks first.
const LATEST: Duration = Duration::from_secs(120);

impl Console {
    /// Keeps drafts that are to leave at a time, all or none. Each has the id of the composer's draft. A time in the quiet hours
    /// becomes their end.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a time that has passed, or without drafts; where the ledger cannot be read or written.
    pub async fn plan_add(&self, drafts: Vec<Draft>, at: Time) -> Result<PlanMade, Failure> {
        let at = self.loud(at).await?;
        let Some(id) = drafts.first().map(|it| it.id.clone()).filter(|it| !it.0.trim().is_empty()) else {
            return Err(Failure::invalid(Reason::Missing, "drafts"));
        };
        let mut refused = Vec::new();
        for draft in &drafts {
            if let Err(failure) = self.prepare(draft.clone()).await {
                let (connection, to) = (draft.connection.clone(), draft.to.clone());
                refused.push(RefusedDraft { connection, to, problem: Problem::from(&failure) });
            }
        }
        if !refused.is_empty() {
            return Ok(PlanMade { planned: None, refused });
        }
        let planned = Planned { id, due_at: at, is_missed: false, drafts };
        let kept = planned.clone();
        self.write(move |w| store::planned::put(w, &kept)).await?;
        Ok(PlanMade { planned: Some(planned), refused })
    }

    /// Everything that is to leave later or waits for a person since its time passed, the next one first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn plans(&self) -> Result<Vec<Planned>, Failure> {
        self.0.store.read(store::planned::all).await
    }

    /// Gives a plan another time.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a time that has passed, or a plan that is not there any more; where the ledger cannot be written.
    pub async fn plan_move(&self, id: &DraftId, at: Time) -> Result<(), Failure> {
        let at = self.loud(at).await?;
        let wanted = id.clone();
        let is_there = self.write(move |w| store::planned::change(w, &wanted, at, false)).await?;
        if is_there { Ok(()) } else { Err(Failure::invalid(Reason::NoSuchThing, id.as_str())) }
    }

    /// Takes a plan out without sending it. One that is not there is gone already.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn plan_drop(&self, id: &DraftId) -> Result<(), Failure> {
        let id = id.clone();
        self.write(move |w| store::planned::remove(w, &id).map(drop)).await
    }

    /// Sends a plan now. Where it is not there any more, whoever took it out sees to it, and nothing is sent.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written. What cannot be sent is in the answer, and the plan stays then.
    pub async fn plan_send(&self, id: &DraftId) -> Result<HandedOver, Failure> {
        let wanted = id.clone();
        let found = self.0.store.read(move |r| store::planned::get(r, &wanted)).await?;
        match found {
            Some(planned) => self.hand_over_plan(planned).await,
            None => Ok(HandedOver::default()),
        }
    }

    /// One look: sends what is due, and leaves to a person what is late or cannot be sent.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written.
    pub async fn plans_look(&self) -> Result<(), Failure> {
        let now = self.now();
        for planned in self.0.store.read(move |r| store::planned::due(r, now)).await? {
            let (id, due_at) = (planned.id.clone(), planned.due_at);
            if let Some(end) = quiet_until(self.settings_get().await?.messages.quiet, now) {
                self.write(move |w| store::planned::change(w, &id, end, false).map(drop)).await?;
                continue;
            }
            let is_late = due_at < now.minus(LATEST);
            let is_sent = !is_late && self.hand_over_plan(planned).await?.refused.is_empty();
            if !is_sent {
                self.write(move |w| store::planned::change(w, &id, due_at, true).map(drop)).await?;
            }
        }
        Ok(())
    }

    /// Looks again and again. What came due before this began was due while the program did not run.
    pub(crate) async fn look_after_plans(&self) {
        let now = self.now();
        let missed = self.0.store.read(move |r| store::planned::due(r, now)).await.unwrap_or_default();
        for planned in missed {
            let leaving = self.write(move |w| store::planned::change(w, &planned.id, planned.due_at, true)).await;
            if let Err(failure) = leaving {
                // Nothing may leave by itself that a person has not seen.
                tracing::error!(reason = ?failure.why().reason, "missed plans could not be marked");
                return;
            }
        }
        loop {
            if let Err(failure) = self.plans_look().await {
                tracing::warn!(reason = ?failure.why().reason, "plans could not be looked after");
            }
            tokio::time::sleep(PACE).await;
        }
    }

    /// The texts kept to be written again, in the order in which they were made.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn templates(&self) -> Result<Vec<Template>, Failure> {
        self.0.store.read(store::templates::all).await
    }

    /// Keeps a template; one without id is new. Answers with it as it is kept.
    ///
    /// # Errors
    /// [`Failure::Invalid`] without a name, or with neither text nor cards; where the ledger cannot be written.
    pub async fn template_save(&self, template: Template) -> Result<Template, Failure> {
        if template.name.trim().is_empty() {
            return Err(Failure::invalid(Reason::Missing, "name"));
        }
        if template.text.trim().is_empty() && template.attachments.trim().is_empty() {
            return Err(Failure::invalid(Reason::Missing, "text"));
        }
        let is_new = template.id.0.trim().is_empty();
        let id = if is_new { TemplateId(uuid::Uuid::new_v4().simple().to_string()) } else { template.id };
        let kept = Template { id, name: template.name.trim().to_owned(), ..template };
        let entry = kept.clone();
        self.write(move |w| store::templates::put(w, &entry)).await?;
        Ok(kept)
    }

    /// Forgets a template. One that is not there is gone already.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn template_remove(&self, id: &TemplateId) -> Result<(), Failure> {
        let id = id.clone();
        self.write(move |w| store::templates::remove(w, &id)).await
    }

    /// A time that is still to come, outside the quiet hours.
    async fn loud(&self, at: Time) -> Result<Time, Failure> {
        if at <= self.now() {
            return Err(Failure::invalid(Reason::NotUsable, "at"));
        }
        Ok(quiet_until(self.settings_get().await?.messages.quiet, at).unwrap_or(at))
    }
}

/// The end of the quiet hours that an instant lies in, by the computer's clock; `None` where it lies in none.
fn quiet_until(quiet: Option<QuietHours>, at: Time) -> Option<Time> {
    let end = quiet_end(quiet?, at.utc().with_timezone(&Local))?;
    Some(Time::from(end))
}

fn quiet_end<Z: TimeZone>(quiet: QuietHours, at: DateTime<Z>) -> Option<DateTime<Utc>> {
    let (hour, from, to) = (at.hour(), u32::from(quiet.from), u32::from(quiet.to));
    let is_quiet = if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to };
    if !is_quiet {
        return None;
    }
    let day = if hour < to { at.date_naive() } else { at.date_naive().succ_opt()? };
    let end = day.and_time(NaiveTime::from_hms_opt(to, 0, 0)?);
    at.timezone().from_local_datetime(&end).latest().map(|it| it.to_utc())
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    #[test]
    fn the_end_of_quiet_hours_is_known_over_midnight_too() {
        let tokyo = FixedOffset::east_opt(9 * 3600).unwrap();
        let check = |from, to, hour, expected: Option<(u32, u32)>| {
            let at = tokyo.with_ymd_and_hms(2026, 10, 14, hour, 30, 0).unwrap();
            let found = quiet_end(QuietHours { from, to }, at);
            let wanted =
                expected.map(|(day, hour)| tokyo.with_ymd_and_hms(2026, 10, day, hour, 0, 0).unwrap().to_utc());
            assert_eq!(found, wanted, "{from}–{to} at {hour}:30");
        };
        check(20, 8, 23, Some((15, 8)));
        check(20, 8, 7, Some((14, 8)));
        check(20, 8, 8, None);
        check(20, 8, 19, None);
        check(20, 8, 20, Some((15, 8)));
        check(12, 13, 12, Some((14, 13)));
        check(12, 13, 13, None);
    }
}
