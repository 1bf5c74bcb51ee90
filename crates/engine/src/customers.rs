//! Customers of the address books, from the cache, and read again when one was changed.

use model::customer::Customer;
use model::{ConnectionId, CustomerId, Failure, Reason};

use crate::board::not_offered;
use crate::booking_changes::KEPT;
use crate::console::Console;

impl Console {
    /// Customers whose name, reading, company, address or number holds the text, by reading; an empty text finds everybody.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn customers_list(
        &self,
        connection: Option<&ConnectionId>,
        search: &str,
    ) -> Result<Vec<Customer>, Failure> {
        let (connection, search) = (connection.cloned(), search.to_owned());
        let found = self.0.store.read(move |r| store::customers::find(r, &search)).await?;
        let is_meant = |it: &Customer| connection.as_ref().is_none_or(|id| it.connection == *id);
        Ok(found.into_iter().filter(is_meant).collect())
    }

    /// At most `limit` customers of any address book that hold the text, as [`Console::customers_list`] finds them.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn customers_find(&self, text: &str, limit: u32) -> Result<Vec<Customer>, Failure> {
        let mut found = self.customers_list(None, text).await?;
        found.truncate(limit as usize);
        Ok(found)
    }

    /// One customer.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is none.
    pub async fn customer_show(&self, id: &CustomerId) -> Result<Customer, Failure> {
        let wanted = id.clone();
        let found = self.0.store.read(move |r| store::customers::with_id(r, wanted.as_str())).await?;
        let found = found.into_iter().find(|it| it.id == *id);
        found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))
    }

    /// Reads the address book of a connection now; the number of customers that are new, changed or gone.
    ///
    /// # Errors
    /// What the system answers; [`Failure::Invalid`] where it has none.
    pub async fn customers_read(&self, id: &ConnectionId) -> Result<u64, Failure> {
        let connection = self.connection(id).await?;
        let port = self.session(id).await?.customers.ok_or_else(|| not_offered(&connection.name))?;
        let outcome = port.customers().await;
        self.note(id, &outcome).await;
        self.take_customers(id, outcome?).await
    }

    /// Caches an address book as its system gave it now, and keeps what changed in it.
    pub(crate) async fn take_customers(&self, id: &ConnectionId, customers: Vec<Customer>) -> Result<u64, Failure> {
        let (id, now) = (id.clone(), self.now());
        self.write(move |w| {
            store::entry_changes::of_customers(w, &id, &customers, now)?;
            store::entry_changes::prune(w, now.minus(KEPT))?;
            store::customers::replace(w, &id, &customers)
        })
        .await
    }
}
