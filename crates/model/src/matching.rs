//! Who a number, an address or an id means. Several matches are a list, never a guess.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::customer::Customer;
use crate::person::LinkedPerson;

/// Somebody, or something, that was meant, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Match {
    /// What it is.
    pub kind: MatchKind,
    /// Why it is meant; the strongest reason where there are several.
    pub reason: MatchReason,
    /// The entry of a directory, linked across systems where it is a colleague; `None` for a customer.
    pub person: Option<LinkedPerson>,
    /// The customer; `None` for an entry of a directory.
    pub customer: Option<Customer>,
}

/// What was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MatchKind {
    /// A colleague.
    Colleague,
    /// Somebody of an address book.
    Customer,
    /// Somebody from outside who takes part in a chat; never a colleague.
    Guest,
    /// A queue, a menu, a shared line.
    Queue,
    /// A program.
    Bot,
}

/// Why somebody was meant, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MatchReason {
    /// It is their id, here or in their system, or their account name.
    Id,
    /// It is their e-mail address.
    Email,
    /// It is their telephone number, in whatever form it is written.
    Number,
    /// It is their short number inside the office.
    Extension,
}
