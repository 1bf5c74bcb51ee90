//! Hints: that there is something to read, and nothing of what it is.

use futures::stream::BoxStream;

/// Word that rooms of a chat came, went or changed.
pub trait Hints: Send + Sync {
    /// Listens until it is dropped. Each item is a reason to read the rooms again. A line that is lost is taken up again by itself, and
    /// is such a reason then.
    fn listen(&self) -> BoxStream<'static, ()>;
}
