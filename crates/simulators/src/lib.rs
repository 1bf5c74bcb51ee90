//! The four systems of an example office as strict, stateful servers on this computer: for the demo, for training and for
//! tests. Nothing here is shared with the clients, so that a mistake in them cannot hide.

pub mod chat_and_messenger;
pub mod clock;
mod control;
mod door;
pub mod fault;
pub mod generator;
mod line;
pub mod office;
pub mod plan;
mod refusal;
pub mod ring_central;
pub mod rocket_chat;
pub mod scenario;
pub mod smart_connect;

pub use clock::Clock;
pub use fault::{Fault, Seen, Trouble};
pub use office::Office;
pub use plan::{Account, Plan};
pub use scenario::Ring;

/// The systems by the names that accounts carry, in the order of their ports.
pub const SYSTEMS: [&str; 4] = [CHAT_AND_MESSENGER, ROCKET_CHAT, SMART_CONNECT, RING_CENTRAL];
/// Chat&Messenger.
pub const CHAT_AND_MESSENGER: &str = "chat-and-messenger";
/// Rocket.Chat.
pub const ROCKET_CHAT: &str = "rocket-chat";
/// SmartConnect.
pub const SMART_CONNECT: &str = "smart-connect";
/// RingCentral.
pub const RING_CENTRAL: &str = "ring-central";

/// Takes a lock. A thread that panicked while holding it does not matter to a simulator: the others go on.
pub(crate) fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
