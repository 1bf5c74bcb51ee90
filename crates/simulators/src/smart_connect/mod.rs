//! SmartConnect (光CTIスマートコネクト) as a strict, stateful server: the REST resources and the notice socket.

mod answers;
mod office;
mod pages;
mod resources;
mod routes;
mod search;
mod socket;
mod state;
mod table;
#[cfg(test)]
pub(crate) mod tests;

pub use answers::Shape;
pub use resources::{RESOURCES, Resource, Verbs};
pub use routes::router;
pub use state::State;
