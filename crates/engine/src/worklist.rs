//! The worklist of missed calls: what waits, who looks after it, what closed it, and the message to the colleague.

use std::collections::HashMap;
use std::time::Duration;

use model::call::Call;
use model::message::{Delivery, Recipient};
use model::worklist::{
    ChatWay, FollowUp, FollowUpDraft, FollowUpMark, FollowUpMessage, FollowUpState, FollowUpStep, Worklist,
};
use model::{CallId, Failure, Reason};

use crate::closing::{Entry, Standing, entries};
use crate::colleagues::{self, Outlet};
use crate::console::Console;
use crate::whereabouts::Office;

/// How long a missed call waits before it is history.
const WAITS: Duration = Duration::from_secs(7 * 24 * 3_600);
/// The most entries that wait, and of those that are over, which are listed.
const MOST_OPEN: usize = 200;
const MOST_CLOSED: usize = 100;
/// How many earlier calls with a number are looked through for whoever spoke last.
const MOST_EARLIER: u32 = 50;
/// The most calls of which something is said at once.
const MOST_CALLS: usize = 1_000;

/// An entry with its calls, before colleagues are found.
struct Read {
    entry: Entry,
    call: Call,
    closed_by: Option<Call>,
    message: Option<FollowUpMessage>,
    earlier: Vec<Call>,
}

impl Console {
    /// The missed calls of the last seven days: those that wait, with whom to tell, and those that are over. `who` asks.
    ///
    /// # Errors
    /// Where the cache or the ledger cannot be read.
    pub async fn follow_ups(&self, who: &str) -> Result<Worklist, Failure> {
        let since = self.now().minus(WAITS);
        let office = self.office().await?;
        let (read, open_count, connections) = self
            .0
            .store
            .read(move |r| {
                let entries = entries(&store::calls::traces(r, since)?, &store::follow_ups::all(r)?);
                let open_count = entries.iter().filter(|it| it.is_open()).count();
                let (open, closed): (Vec<_>, Vec<_>) = entries.into_iter().partition(Entry::is_open);
                let listed = open.into_iter().take(MOST_OPEN).chain(closed.into_iter().take(MOST_CLOSED));
                Ok((read(r, listed.collect())?, open_count, store::connections::all(r)?))
            })
            .await?;
        let outlets = self.outlets(connections);
        let (open, closed) = read
            .into_iter()
            .map(|it| follow_up(it, who, &office, &outlets))
            .partition(|it| matches!(it.state, FollowUpState::New | FollowUpState::Taken));
        Ok(Worklist { since, open, closed, open_count: u32::try_from(open_count).unwrap_or(u32::MAX) })
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

/// Reads what an entry shows besides people.
fn read(r: &store::Reader<'_>, entries: Vec<Entry>) -> Result<Vec<Read>, store::StoreError> {
    let closing = |it: &Entry| match &it.standing {
        Standing::ClosedBy(id, _) => Some(id.clone()),
        Standing::New | Standing::Taken(_) | Standing::Done(_) => None,
    };
    let wanted: Vec<CallId> =
        entries.iter().flat_map(|it| it.calls.first().cloned().into_iter().chain(closing(it))).collect();
    let calls: HashMap<CallId, Call> =
        store::calls::shown(r, &wanted)?.into_iter().map(|call| (call.id.clone(), call)).collect();
    let mut read = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(call) = entry.calls.first().and_then(|id| calls.get(id)).cloned() else { continue };
        let told: Vec<CallId> = entry.calls.iter().chain(&entry.same).cloned().collect();
        let message = store::follow_ups::last_message(r, &told)?;
        let earlier = match &entry.number {
            Some(number) if entry.is_open() => store::calls::latest_with_number(r, number, MOST_EARLIER)?,
            Some(_) | None => Vec::new(),
        };
        let closed_by = closing(&entry).and_then(|id| calls.get(&id).cloned());
        read.push(Read { entry, call, closed_by, message, earlier });
    }
    Ok(read)
}

fn follow_up(it: Read, who: &str, office: &Office, outlets: &[Outlet]) -> FollowUp {
    let Read { entry, call, closed_by, message, earlier } = it;
    let colleagues = match entry.is_open() {
        true => colleagues::of_call(&call, || earlier, office, outlets),
        false => Vec::new(),
    };
    let (state, mark, at) = match entry.standing {
        Standing::New => (FollowUpState::New, None, None),
        Standing::Taken(mark) => (FollowUpState::Taken, Some(mark.who), Some(mark.at)),
        Standing::Done(mark) => (FollowUpState::Done, Some(mark.who), Some(mark.at)),
        Standing::ClosedBy(_, at) => (FollowUpState::ClosedItself, None, Some(at)),
    };
    FollowUp {
        call,
        calls: entry.calls,
        state,
        is_mine: mark.as_deref() == Some(who),
        who: mark,
        at,
        closed_by,
        colleagues,
        message,
    }
}
