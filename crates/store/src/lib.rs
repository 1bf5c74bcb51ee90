//! The cache and the ledger: everything the console keeps on disk, one file per table, and the only place with SQL.
//!
//! Two files lie in the data folder. `frontdesk.db` is the console's own data (connections, settings, kept chat rooms with their
//! versions, who is behind a user id, notes on calls, changes of bookings with what was asked about them, the ledger of messages with their files, the log of every write); `cache.db` is what the systems can tell again. Each connection to the database opens the
//! first and attaches the second under the name `cache`; table names are distinct, so statements need no prefix. There is one writer
//! and a small pool of readers. A cache that cannot be used is moved aside and rebuilt without touching the other file.
//!
//! Statements are written in what SQLite and PostgreSQL both understand. What differs sits in `full_text` (search),
//! `notice` (which tables a write touched) and the table definitions.

mod access;
mod code;
mod edition;
pub mod entry_changes;
mod error;
mod files;
mod full_text;
mod notice;
mod outline;
mod pack;
mod source;
mod turn;

pub mod audit;
pub mod booked;
pub mod booking_changes;
pub mod booking_questions;
pub mod bulk_rows;
pub mod bulks;
pub mod call_notes;
pub mod call_sameness;
pub mod call_views;
pub mod calls;
pub mod chat_addresses;
pub mod chat_rooms;
pub mod connections;
pub mod cursors;
pub mod customers;
pub mod deliveries;
pub mod destinations;
pub mod follow_ups;
pub mod oddities;
pub mod people;
pub mod person_links;
pub mod planned;
pub mod record_stages;
pub mod reservations;
pub mod room_overlays;
pub mod rooms;
pub mod settings;
pub mod templates;
pub mod uploads;

pub use access::{Opened, Reader, Store, Writer, Written};
pub use error::StoreError;
pub use turn::Turn;
