//! One server's answers, good and odd, through the front door: what is asked, and what becomes of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod calls;
mod customers;
mod notes;
mod properties;
mod reading;
mod search;
mod support;
mod writes;
