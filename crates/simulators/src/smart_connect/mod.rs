//! SmartConnect (光CTIスマートコネクト) as a strict, stateful server: the REST resources and the notice socket.

mod answers;
mod office;
mod pages;
mod resources;
mod routes;
mod row;
mod search;
mod socket;
mod state;
mod switches;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod times;

pub use answers::Shape;
pub use pages::OutcomeShape;
pub use resources::{RESOURCES, Resource, Verbs};
pub use routes::router;
pub use state::State;
pub use switches::Stop;
pub use times::TimeFormat;
