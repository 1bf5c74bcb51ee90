//! The worklist of missed calls: what waits, who looks after it, what closed it, and the message to the colleague.

use std::collections::HashMap;
use std::time::Duration;

use model::call::Call;
use model::message::{Delivery, Recipient};
use model::worklist::{ChatWay, FollowUp, FollowUpDraft, FollowUpMark, FollowUpState, FollowUpStep, Worklist};
use model::{CallId, Failure, Reason};

use crate::closing::{Entry, Standing, entries};
use crate::colleagues::{self, Outlet};
use crate::console::Console;
use crate::whereabouts::Office;

/// How long a missed call waits before it is history.
pub(crate) const WAITS: Duration = Duration::from_secs(7 * 24 * 3_600);
/// The most entries that wait, and of those that are over, which are listed.
const MOST_OPEN: usize = 200;
const MOST_CLOSED: usize = 100;
/// How many earlier calls with a number are looked through for whoever spoke last.
const MOST_EARLIER: u32 = 20;
/// The most calls of which something is said at once.
const MOST_CALLS: usize = 1_000;

impl Console {
    /// The missed calls of the last seven days: those that wait, with whom to tell, and those that are over. `who` asks.
    ///
    /// # Errors
    /// Where the cache or the ledger cannot be read.
    pub async fn follow_ups(&self, who: &str) -> Result<Worklist, Failure> {
        let since = self.now().minus(WAITS);
        let office = self.office().await?;
        let outlets = self.outlets(self.0.store.read(store::connections::all).await?);
        let who = who.to_owned();
        self.0
            .store
            .read(move |r| {
                let entries = entries(&store::calls::traces(r, since)?, &store::follow_ups::all(r)?);
                let (open, closed): (Vec<_>, Vec<_>) = entries.into_iter().partition(Entry::is_open);
                let open_count = u32::try_from(open.len()).unwrap_or(u32::MAX);
                let desk = Desk { r, who: &who, office: &office, outlets: &outlets };
                Ok(Worklist {
                    since,
                    open: desk.follow_ups(open.into_iter().take(MOST_OPEN).collect())?,
                    closed: desk.follow_ups(closed.into_iter().take(MOST_CLOSED).collect())?,
                    open_count,
                })
            })
            .await
    }

    /// Says of missed calls that they wait, that `who` looks after them, or that they are over. Answers with what was said of them
    /// before, with which [`Console::follow_up_restore`] takes it back.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for no call or more than a thousand; where the console's own data cannot be written.
    pub async fn follow_up_say(
        &self,
        calls: &[CallId],
        step: FollowUpStep,
        who: &str,
    ) -> Result<Vec<FollowUpMark>, Failure> {
        let (calls, who, now) = (bounded(calls)?, who.to_owned(), self.now());
        self.write(move |w| store::follow_ups::say(w, &calls, step, &who, now)).await
    }

    /// Takes back what was said of missed calls last: they stand as they did before.
    ///
    /// # Errors
    /// As [`Console::follow_up_say`].
    pub async fn follow_up_restore(&self, calls: &[CallId], former: Vec<FollowUpMark>) -> Result<(), Failure> {
        let calls = bounded(calls)?;
        bounded(&former.iter().map(|it| it.call.clone()).chain(calls.clone()).collect::<Vec<_>>())?;
        self.write(move |w| store::follow_ups::restore(w, &calls, &former)).await
    }

    /// Sends a colleague a message about a missed call through the outbox, once for a draft. What became of it stands in the
    /// worklist.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the colleague cannot be reached like that any more, and as [`Console::outbox_add`]; nothing was
    /// sent then.
    pub async fn follow_up_message(&self, message: FollowUpDraft) -> Result<Delivery, Failure> {
        let FollowUpDraft { call, person, draft } = message;
        let office = self.office().await?;
        let no_way = || Failure::invalid(Reason::NotAddressable, "to");
        let colleague = office.person(&person).ok_or_else(no_way)?;
        let connections = self.0.store.read(store::connections::all).await?;
        let (ways, _) = colleagues::ways(colleague, &office, &self.outlets(connections));
        // Somebody may have left, or have another address, since the list was read.
        let is_way = |way: &ChatWay| {
            way.connection == draft.connection && draft.to == Recipient::People(vec![way.address.clone()])
        };
        if !ways.iter().any(is_way) {
            return Err(no_way());
        }
        let (id, name, now) = (draft.id.clone(), colleague.name.clone(), self.now());
        // Before it leaves: what went out is never without the call that it is about.
        self.write(move |w| store::follow_ups::send(w, &call, &id, &name, now)).await?;
        self.outbox_add(draft).await
    }
}

fn bounded(calls: &[CallId]) -> Result<Vec<CallId>, Failure> {
    if calls.is_empty() || calls.len() > MOST_CALLS {
        return Err(Failure::invalid(Reason::NotUsable, "calls"));
    }
    Ok(calls.to_vec())
}

/// What entries are made into rows with.
struct Desk<'a> {
    r: &'a store::Reader<'a>,
    who: &'a str,
    office: &'a Office,
    outlets: &'a [Outlet],
}

impl Desk<'_> {
    fn follow_ups(&self, entries: Vec<Entry>) -> Result<Vec<FollowUp>, store::StoreError> {
        let wanted: Vec<CallId> =
            entries.iter().flat_map(|it| it.calls.first().into_iter().chain(closing(it))).cloned().collect();
        let calls = store::calls::shown(self.r, &wanted)?;
        let calls: HashMap<CallId, Call> = calls.into_iter().map(|call| (call.id.clone(), call)).collect();
        let rows = entries.into_iter().filter_map(|entry| {
            let call = calls.get(entry.calls.first()?)?.clone();
            let closed_by = closing(&entry).and_then(|id| calls.get(id)).cloned();
            Some(self.follow_up(entry, call, closed_by))
        });
        rows.collect()
    }

    fn follow_up(&self, entry: Entry, call: Call, closed_by: Option<Call>) -> Result<FollowUp, store::StoreError> {
        let told: Vec<CallId> = entry.calls.iter().chain(&entry.same).cloned().collect();
        let message = store::follow_ups::last_message(self.r, &told)?;
        let earlier = || match &entry.number {
            Some(number) => store::calls::latest_with_number(self.r, number, MOST_EARLIER),
            None => Ok(Vec::new()),
        };
        let colleagues = match entry.is_open() {
            true => colleagues::of_call(&call, earlier, self.office, self.outlets)?,
            false => Vec::new(),
        };
        let (state, mark, at) = match entry.standing {
            Standing::New => (FollowUpState::New, None, None),
            Standing::Taken(mark) => (FollowUpState::Taken, Some(mark.who), Some(mark.at)),
            Standing::Done(mark) => (FollowUpState::Done, Some(mark.who), Some(mark.at)),
            Standing::ClosedBy(_, at) => (FollowUpState::ClosedItself, None, Some(at)),
        };
        let is_mine = mark.as_deref() == Some(self.who);
        Ok(FollowUp { call, calls: entry.calls, state, is_mine, who: mark, at, closed_by, colleagues, message })
    }
}

/// The call that closed an entry.
fn closing(entry: &Entry) -> Option<&CallId> {
    match &entry.standing {
        Standing::ClosedBy(id, _) => Some(id),
        Standing::New | Standing::Taken(_) | Standing::Done(_) => None,
    }
}
