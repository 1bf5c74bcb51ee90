//! Files that go with messages, in two steps: the file reaches the system where nobody sees it, then the message shows it.

use async_trait::async_trait;

use crate::Failure;
use crate::file::Uploaded;
use crate::message::{Message, Receipt};

/// Files that go with messages. A message with a file is sent through this port alone.
#[async_trait]
pub trait Files: Send + Sync {
    /// The largest file that it takes, in bytes, where the system tells; it may be asked for that.
    async fn largest(&self) -> Result<Option<u64>, Failure>;

    /// Brings the bytes of the message's file to the system, once, for the conversation or room that the message is for. Nobody sees
    /// anything of it yet, so whatever happens here, nothing was sent.
    ///
    /// # Errors
    /// [`Failure::Refused`] with [`crate::Reason::FileTooLarge`] or [`crate::Reason::FileKindRefused`] where the system says so;
    /// every other kind of failure.
    async fn upload(&self, message: &Message, bytes: Vec<u8>) -> Result<Uploaded, Failure>;

    /// Sends the message with the file that is there, once. Never repeats it by itself.
    async fn show(&self, message: &Message, uploaded: &Uploaded) -> Result<Receipt, Failure>;

    /// Asks whether a message with this very file is there. `Ok(None)`: there is none.
    async fn find(&self, message: &Message, uploaded: &Uploaded) -> Result<Option<Receipt>, Failure>;
}
