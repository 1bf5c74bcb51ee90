//! What measurements and tests at full size share: a cache of any number of calls, made at once.

pub mod million;
mod multiply;

pub use multiply::multiply;
