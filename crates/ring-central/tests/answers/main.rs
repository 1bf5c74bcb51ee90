//! One account's answers, good and odd, through the front door: what is asked, and what becomes of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod calls;
mod desk;
mod files;
mod in_browser;
mod limits;
mod live;
mod messages;
mod people;
mod readers;
mod recordings;
mod refreshing;
mod signing_in;
