//! A customer of a system's address book.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::Party;
use crate::failure::Problem;
use crate::{ConnectionId, CustomerId};

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Customer {
    /// Id here.
    pub id: CustomerId,
    /// Which connection told.
    pub connection: ConnectionId,
    /// The system's key.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// Reading of the name.
    pub kana: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Every number of this customer.
    pub numbers: Vec<Party>,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Remarks.
    pub note: Option<String>,
}

/// A customer to be put into an address book.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct NewCustomer {
    /// Name; never empty.
    pub name: String,
    /// Reading of the name.
    pub kana: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Numbers as they are written, the main one first.
    pub numbers: Vec<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Remarks.
    pub note: Option<String>,
}

/// What became of a customer that was to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "type")]
#[ts(export)]
pub enum CustomerAdded {
    /// It is in the address book.
    Done {
        /// As the system has it.
        customer: Customer,
    },
    /// A number of it is there already; nothing was written.
    Known {
        /// Whose number it is.
        customers: Vec<Customer>,
    },
    /// It could not be added, or nobody knows whether it was.
    Failed {
        /// Why.
        problem: Problem,
    },
}
