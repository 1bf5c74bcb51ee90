//! The address book: read whole, and somebody put into it.

use async_trait::async_trait;
use model::customer::{Customer, NewCustomer};
use model::ports::Customers;
use model::record::Verb;
use model::{Failure, Reason, Why};

use crate::client::Client;
use crate::resources::{self, CUSTOMERS};
use crate::wire::{self, Page};
use crate::writes;

#[async_trait]
impl Customers for Client {
    async fn customers(&self) -> Result<Vec<Customer>, Failure> {
        let entry = resources::permitted(CUSTOMERS, Verb::List)?;
        wire::customers(&self.all(entry).await?, self.connection())
    }

    /// Takes the names of the fields from the rows that are there, because none are published: an empty address book takes
    /// nobody in.
    async fn add(&self, customer: &NewCustomer) -> Result<Customer, Failure> {
        let entry = resources::permitted(CUSTOMERS, Verb::Create)?;
        let made = writes::make(self, entry, |there| wire::new_customer(customer, there)).await?;
        // It was made, but whoever cannot find it again does not know how it stands there.
        let unreadable = || Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, ""));
        let row = made.row.ok_or_else(unreadable)?;
        let read = Page::of_text(&row.0).and_then(|page| wire::customers(&page, self.connection()));
        read.ok().and_then(|mut found| found.pop()).ok_or_else(unreadable)
    }
}
