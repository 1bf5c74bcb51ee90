//! Which sign-in waits for the browser: one at a time, because all of them may come back to the same port.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{ConnectionId, Failure};
use tokio::sync::{Mutex as AsyncMutex, oneshot};

/// The sign-in that waits, and the turn of those that begin.
#[derive(Default)]
pub(crate) struct SignIns {
    /// Whose sign-in waits; dropping the other half gives it up.
    waiting: Mutex<Option<(ConnectionId, oneshot::Sender<()>)>>,
    turn: AsyncMutex<()>,
}

impl SignIns {
    /// Waits for a sign-in. One that waits already is given up: its person began anew. `None` where this one is given up.
    pub(crate) async fn wait_for<T>(
        &self,
        id: ConnectionId,
        sign_in: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Option<T>, Failure> {
        let (sender, given_up) = oneshot::channel();
        drop(self.waiting().replace((id, sender)));
        // The one before has closed its port when it is our turn.
        let _turn = self.turn.lock().await;
        tokio::select! {
            biased;
            _ = given_up => Ok(None),
            outcome = sign_in => outcome.map(Some),
        }
    }

    /// Gives up the sign-in of a connection, if it waits.
    pub(crate) fn give_up(&self, id: &ConnectionId) {
        let given_up = self.waiting().take_if(|(waits, _)| waits == id);
        drop(given_up);
    }

    fn waiting(&self) -> MutexGuard<'_, Option<(ConnectionId, oneshot::Sender<()>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    fn id(text: &str) -> ConnectionId {
        ConnectionId::from(text)
    }

    #[tokio::test]
    async fn a_sign_in_that_ends_gives_its_answer() {
        let sign_ins = SignIns::default();
        assert_eq!(sign_ins.wait_for(id("a"), ready(Ok(1))).await, Ok(Some(1)));
        assert_eq!(sign_ins.wait_for(id("a"), ready(Ok(2))).await, Ok(Some(2)));
    }

    #[tokio::test]
    async fn a_sign_in_is_given_up_by_its_person_and_by_no_other_connection() {
        let sign_ins = SignIns::default();
        let waiting = sign_ins.wait_for(id("a"), pending::<Result<(), Failure>>());
        tokio::pin!(waiting);
        assert!(futures::poll!(&mut waiting).is_pending());
        sign_ins.give_up(&id("b"));
        assert!(futures::poll!(&mut waiting).is_pending());
        sign_ins.give_up(&id("a"));
        assert_eq!(waiting.await, Ok(None));
    }

    #[tokio::test]
    async fn a_sign_in_that_begins_anew_waits_until_the_one_before_is_gone() {
        let sign_ins = SignIns::default();
        let mut former = Box::pin(sign_ins.wait_for(id("a"), pending::<Result<u8, Failure>>()));
        assert!(futures::poll!(&mut former).is_pending());
        let mut later = Box::pin(sign_ins.wait_for(id("a"), ready(Ok(2))));
        assert!(futures::poll!(&mut later).is_pending(), "the port is still open");
        assert_eq!(former.await, Ok(None));
        assert_eq!(later.await, Ok(Some(2)));
    }
}
