//! Our words: everything a window or the command line shows, and the ports that a system fills. No IO, no clock, no vendor.

pub mod about;
pub mod audit;
pub mod booking_change;
pub mod call;
pub mod call_view;
pub mod chat_room;
pub mod conference_room;
pub mod connection;
pub mod customer;
pub mod desk;
pub mod diagnosis;
pub mod event;
pub mod export;
pub mod failure;
pub mod glance;
pub mod hot_key;
pub mod ids;
pub mod matching;
pub mod message;
pub mod person;
pub mod phone;
pub mod ports;
pub mod record;
pub mod recording;
pub mod secret;
mod sign_in;
pub mod text;
pub mod time;
pub mod whereabouts;
pub mod worklist;

pub use failure::{Failure, Reason, Why};
pub use ids::*;
pub use record::Raw;
pub use secret::Secret;
pub use time::{Clock, Day, Time};
