//! A customer of a system's address book.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::Party;
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
