//! Hints that rooms of a chat changed: read at once and then again only after a while, however many come.

use std::time::Duration;

use futures::StreamExt;
use model::ConnectionId;
use tokio::time::{Instant, timeout_at};

use crate::console::Console;
use crate::retry;

/// The least from one reading to the next. Systems that push also limit how often they are asked.
const AT_MOST_EVERY: Duration = Duration::from_secs(20);

impl Console {
    /// Follows the hints of a connection, where its system gives some and the connection asks for them.
    pub(crate) async fn keep_hinted(&self, id: &ConnectionId) {
        let mut attempt = 0;
        let hints = loop {
            match self.session(id).await {
                Ok(session) => match session.hints {
                    Some(hints) => break hints,
                    None => return,
                },
                Err(failure) => {
                    attempt += 1;
                    tokio::time::sleep(retry::pause_after(&failure, attempt)).await;
                }
            }
        };
        let mut line = hints.listen();
        let mut is_due = false;
        while is_due || line.next().await.is_some() {
            let turn = self.turn(id).await;
            self.read_destinations(id).await;
            drop(turn);
            is_due = false;
            let rested = Instant::now() + AT_MOST_EVERY;
            // Whatever is told meanwhile is one reason to read again.
            while let Ok(told) = timeout_at(rested, line.next()).await {
                if told.is_none() {
                    return;
                }
                is_due = true;
            }
        }
    }
}
