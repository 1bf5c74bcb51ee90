//! RingCentral as a strict, stateful server: signing in, the call log, live calls, people and Team Messaging.

mod accounts;
mod authorize;
mod batch;
mod chats;
mod edits;
mod extensions;
mod files;
mod ids;
mod limits;
mod live;
mod log;
mod messaging;
mod operations;
mod presence;
mod push;
mod query;
mod records;
mod refusal;
mod routes;
mod sign_in;
mod socket;
mod staff;
mod state;
mod switches;
mod sync;
#[cfg(test)]
mod tests;
mod tokens;

pub use chats::Post;
pub use ids::ACCOUNT_ID;
pub use limits::{Group, Spelling};
pub use routes::router;
pub use sign_in::{CLIENT_ID, CLIENT_SECRET, JWT};
pub use staff::Change;
pub use state::State;
