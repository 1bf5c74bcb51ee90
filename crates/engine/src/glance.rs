//! How the desk is at a glance, told again whenever that is something else.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use model::Failure;
use model::event::Event;
use model::glance::{Glance, Watch};
use tokio::time::{Instant, timeout_at};

use crate::closing::entries;
use crate::console::Console;
use crate::worklist::WAITS;

/// Changes that come close together are counted once: while a log is read for the first time they never end.
const SETTLE: Duration = Duration::from_millis(400);

/// What is looked at, and what was seen last.
struct Look {
    console: Console,
    events: BoxStream<'static, Event>,
    watch: Watch,
    missed: u32,
    /// When the missed calls are counted.
    due: Option<Instant>,
    told: Option<Glance>,
}

impl Console {
    /// How the desk is, now and whenever it is otherwise.
    pub fn glances(&self) -> BoxStream<'static, Glance> {
        let look = Look {
            console: self.clone(),
            events: self.subscribe(),
            watch: Watch::default(),
            missed: 0,
            due: None,
            told: None,
        };
        stream::unfold(look, |mut look| async move { look.next().await.map(|glance| (glance, look)) }).boxed()
    }

    /// How many missed calls wait.
    async fn missed_count(&self) -> Result<u32, Failure> {
        let since = self.now().minus(WAITS);
        let entries = self
            .0
            .store
            .read(move |r| Ok(entries(&store::calls::traces(r, since)?, &store::follow_ups::all(r)?)))
            .await?;
        Ok(u32::try_from(entries.iter().filter(|it| it.is_open()).count()).unwrap_or(u32::MAX))
    }
}

impl Look {
    /// The next glance that is not the last one; `None` once nothing is told any more.
    async fn next(&mut self) -> Option<Glance> {
        loop {
            match self.heard().await {
                Some(event) => {
                    let event = event?;
                    let is_first = self.told.is_none();
                    if self.watch.hear(&event) {
                        let wait = if is_first { Duration::ZERO } else { SETTLE };
                        self.due.get_or_insert_with(|| Instant::now() + wait);
                    }
                    if is_first {
                        // The first is told with its missed calls.
                        continue;
                    }
                }
                None => {
                    self.due = None;
                    // What cannot be read now stands as it was; the next change asks again.
                    self.missed = self.console.missed_count().await.unwrap_or(self.missed);
                }
            }
            let glance = self.watch.glance(self.missed);
            if self.told.as_ref() != Some(&glance) {
                self.told = Some(glance.clone());
                return Some(glance);
            }
        }
    }

    /// What is told next; `None` where the missed calls are due before that.
    async fn heard(&mut self) -> Option<Option<Event>> {
        match self.due {
            // Told in one go without a pause, it would never be counted.
            Some(at) if at <= Instant::now() => None,
            Some(at) => timeout_at(at, self.events.next()).await.ok(),
            None => Some(self.events.next().await),
        }
    }
}
