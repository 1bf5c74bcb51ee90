//! What happens over time: the console and everything it does between a person's hand, the cache and the systems.

mod address;
mod board;
mod call_lists;
mod chat_rooms;
mod connections;
mod console;
mod customer_file;
mod customers;
mod customers_add;
mod directory;
mod doctor;
mod export;
mod feed;
mod health;
mod links;
mod lists;
mod notes;
mod numbers;
mod outbox;
mod presence;
mod recordings;
mod records;
pub mod retry;
mod schedule;
mod sessions;
mod sign_in;
mod sync;
pub mod vault;

pub use console::{Console, Parts};
pub use customer_file::CustomerFile;
pub use customers_add::CustomerPlan;
pub use export::WallClock;
pub use sign_in::SigningIn;
pub use vault::{MemoryVault, Vault};
