//! What the call viewer asks besides the rows: counts, places, views, unknown callers, and which records are the same call.

use model::call::{Call, CallFilter, CallPlace, CallVolume, UnknownCaller};
use model::call_view::CallView;
use model::{CallId, CallViewId, Failure, Reason, Time};

use crate::console::Console;

/// The most lists that are counted at once: as many as a window has views, and more.
const MOST_COUNTED: usize = 200;
/// The most edges of time that are asked for at once: more than a year of hours.
const MOST_EDGES: usize = 10_000;
/// The most characters of a view's name.
const LONGEST_NAME: usize = 60;
/// The most views that are kept.
const MOST_VIEWS: usize = 100;
/// The most unknown callers that are told at once.
const MOST_CALLERS: u32 = 1_000;

impl Console {
    /// How many calls each filter finds.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for more than 200 filters; where the cache cannot be read.
    pub async fn calls_count(&self, filters: Vec<CallFilter>) -> Result<Vec<u32>, Failure> {
        if filters.len() > MOST_COUNTED {
            return Err(Failure::invalid(Reason::NotUsable, "filters"));
        }
        self.0
            .store
            .read(move |r| {
                let count = |filter| Ok(u32::try_from(store::calls::count(r, filter)?).unwrap_or(u32::MAX));
                filters.iter().map(count).collect()
            })
            .await
    }

    /// How many calls of a list began between each two neighbouring instants.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where they do not rise or are more than ten thousand; where the cache cannot be read.
    pub async fn calls_volume(&self, filter: CallFilter, edges: Vec<Time>) -> Result<Vec<CallVolume>, Failure> {
        if edges.len() > MOST_EDGES {
            return Err(Failure::invalid(Reason::NotUsable, "edges"));
        }
        self.0.store.read(move |r| store::calls::volume(r, &filter, &edges)).await
    }

    /// Where a call stands in a list, or what stands for it; `None` where it is not in it.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn call_place(&self, filter: CallFilter, id: &CallId) -> Result<Option<CallPlace>, Failure> {
        let id = id.clone();
        self.0.store.read(move |r| store::calls::place(r, &filter, &id)).await
    }

    /// The lines that calls came in on, by name.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn call_lines(&self) -> Result<Vec<String>, Failure> {
        self.0.store.read(store::calls::lines).await
    }

    /// Calls of other connections that began about the same time: what a person may say is the same call.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn calls_beside(&self, id: &CallId) -> Result<Vec<Call>, Failure> {
        let id = id.clone();
        self.0.store.read(move |r| store::calls::beside(r, &id)).await
    }

    /// Says that two records are one call. It holds whatever is read later.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where one of them is not there or both are of one connection; where the console's own data cannot be
    /// written.
    pub async fn call_join(&self, id: &CallId, other: &CallId) -> Result<Call, Failure> {
        self.say(id, other, true).await
    }

    /// Says that two records are two calls. It holds whatever is read later.
    ///
    /// # Errors
    /// As [`Console::call_join`].
    pub async fn call_separate(&self, id: &CallId, other: &CallId) -> Result<Call, Failure> {
        self.say(id, other, false).await
    }

    async fn say(&self, id: &CallId, other: &CallId, is_same: bool) -> Result<Call, Failure> {
        let (id, other, now) = (id.clone(), other.clone(), self.now());
        self.write(move |w| {
            store::call_sameness::say(w, &id, &other, is_same, now)?;
            let standing = store::calls::standing(w, &id)?.unwrap_or(id);
            let call = store::calls::call(w, &standing)?;
            call.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, standing.as_str()).into())
        })
        .await
    }

    /// The numbers that rang most since then and stand in no address book, the most frequent first; at most a thousand.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn callers_unknown(&self, since: Option<Time>, limit: u32) -> Result<Vec<UnknownCaller>, Failure> {
        self.0.store.read(move |r| store::calls::unknown_callers(r, since, limit.min(MOST_CALLERS))).await
    }

    /// The saved views, in the order in which they were made.
    ///
    /// # Errors
    /// Where the console's own data cannot be read.
    pub async fn call_views(&self) -> Result<Vec<CallView>, Failure> {
        self.0.store.read(store::call_views::all).await
    }

    /// Keeps a view: a new one at the end, a known one where it stands. Answers with all.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a view without a name or with one of more than 60 characters, or for one view too many; where the
    /// console's own data cannot be written.
    pub async fn call_view_save(&self, view: CallView) -> Result<Vec<CallView>, Failure> {
        let view = CallView { name: view.name.trim().to_owned(), ..view };
        if view.name.is_empty() || view.id.as_str().is_empty() {
            return Err(Failure::invalid(Reason::Missing, "name"));
        }
        if view.name.chars().count() > LONGEST_NAME {
            return Err(Failure::invalid(Reason::TooLong, "name"));
        }
        self.write(move |w| {
            let kept = store::call_views::all(w)?;
            if kept.len() >= MOST_VIEWS && kept.iter().all(|it| it.id != view.id) {
                return Err(Failure::invalid(Reason::NotUsable, "views").into());
            }
            store::call_views::put(w, &view)?;
            store::call_views::all(w)
        })
        .await
    }

    /// Forgets a view. Answers with the others.
    ///
    /// # Errors
    /// Where the console's own data cannot be written.
    pub async fn call_view_remove(&self, id: &CallViewId) -> Result<Vec<CallView>, Failure> {
        let id = id.clone();
        self.write(move |w| {
            store::call_views::remove(w, &id)?;
            store::call_views::all(w)
        })
        .await
    }
}
