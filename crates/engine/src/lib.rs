//! What happens over time: the console and everything it does between a person's hand, the cache and the systems.

mod address;
mod board;
mod chat_rooms;
mod connections;
mod console;
mod directory;
mod feed;
mod health;
mod lists;
mod outbox;
mod presence;
pub mod retry;
mod schedule;
mod sessions;
mod sync;
pub mod vault;

pub use console::{Console, Parts};
pub use vault::{MemoryVault, Vault};
