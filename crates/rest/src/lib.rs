//! One polite HTTP client for every system: deadlines, pace, redirects that stay at home, and failures sorted by what happens next.

mod address;
mod answer;
mod classify;
mod gate;
mod request;
mod server;
mod tls;

pub use answer::Answer;
pub use bytes::Bytes;
pub use classify::{Budget, Dialect};
pub use gate::Limit;
pub use request::Request;
pub use server::{Server, Setup};
pub use tls::install_tls;
