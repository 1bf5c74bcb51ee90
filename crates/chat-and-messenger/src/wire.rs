//! The vendor's JSON: answers, rooms, bookings and messages, read tolerantly and written strictly.

mod json;
mod loose;
mod message;
mod quick_call;
mod reply;
mod room;
mod schedule;
mod status;

pub(crate) use json::{Fields, Json};
pub(crate) use loose::strict;
pub(crate) use message::{BatchItem, GeneralPurposes, SendMessage};
pub(crate) use quick_call::quick_call;
pub(crate) use reply::{Errors, Reply, refusal};
pub(crate) use room::rooms;
pub(crate) use schedule::{Schedule, Span, Trouble, title_of};
pub(crate) use status::{Entry, has_bookings, is_status, status};
