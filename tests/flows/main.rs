//! Things a user can see happen: the real crates against the simulated systems, without a window.

mod main_job;
mod offline;
mod once;
mod secrets;
mod support;
mod trouble;
