//! Customers that are put into an address book: checked and compared first, then sent one after the other, each once.

use std::collections::BTreeMap;

use model::audit::{AuditKind, Deed};
use model::customer::{Customer, CustomerAdded, NewCustomer};
use model::failure::Problem;
use model::{ConnectionId, Failure, Raw, Reason, phone};

use crate::audit::Done;
use crate::board::not_offered;
use crate::console::Console;
use crate::outbox::reached;

/// Fewer digits are no telephone number.
const LEAST_DIGITS: usize = 3;

/// What would become of a customer that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerPlan {
    /// It would be added.
    New,
    /// A number of it is in the address book already.
    Known(Vec<Customer>),
    /// A number of it belongs to one that comes earlier in the list; its place there, from 0.
    Double(usize),
    /// It cannot be used.
    Bad(Problem),
}

impl Console {
    /// What would become of each of these customers; the address book is read, and nothing is written.
    ///
    /// # Errors
    /// What the system answers; [`Failure::Invalid`] where it has no address book.
    pub async fn customers_plan(
        &self,
        connection: &ConnectionId,
        customers: &[NewCustomer],
    ) -> Result<Vec<CustomerPlan>, Failure> {
        self.customers_read(connection).await?;
        let mut earlier: BTreeMap<String, usize> = BTreeMap::new();
        let mut plans = Vec::with_capacity(customers.len());
        for (place, new) in customers.iter().enumerate() {
            if let Err(failure) = check(new) {
                plans.push(CustomerPlan::Bad(Problem::from(&failure)));
                continue;
            }
            let keys = keys(new);
            let known = self.known(connection, &keys).await?;
            let double = keys.iter().filter_map(|key| earlier.get(key)).min().copied();
            plans.push(match (known.is_empty(), double) {
                (false, _) => CustomerPlan::Known(known),
                (true, Some(first)) => CustomerPlan::Double(first),
                (true, None) => {
                    earlier.extend(keys.into_iter().map(|key| (key, place)));
                    CustomerPlan::New
                }
            });
        }
        Ok(plans)
    }

    /// Puts customers into an address book, one after the other, each once; what became of each, in their order. Whose number is
    /// there already, or was added just before, is not added. The address book is read before, so that what others added meanwhile
    /// is known, and after. Once an outcome is unknown, or the system cannot be spoken to, nothing more is sent: the rest fails with
    /// the same problem.
    ///
    /// # Errors
    /// Where nothing was sent: what reading the address book answers; [`Failure::Invalid`] where the system has none.
    pub async fn customers_add(
        &self,
        connection: &ConnectionId,
        customers: Vec<NewCustomer>,
    ) -> Result<Vec<CustomerAdded>, Failure> {
        let named = self.connection(connection).await?.name;
        let port = self.session(connection).await?.customers.ok_or_else(|| not_offered(&named))?;
        let _turn = self.0.adding.lock().await;
        if customers.iter().any(|new| check(new).is_ok()) {
            self.customers_read(connection).await?;
        }
        let mut became = Vec::with_capacity(customers.len());
        let mut added: Vec<Customer> = Vec::new();
        let (mut end, mut is_touched) = (None, false);
        let deed = self.deed(AuditKind::Customer, connection, "").await?;
        for new in &customers {
            let standing = match &end {
                Some(problem) => Some(CustomerAdded::Failed { problem: Problem::clone(problem) }),
                None => self.standing(connection, new, &added).await,
            };
            if let Some(standing) = standing {
                became.push(standing);
                continue;
            }
            let deed = Deed { subject: new.name.clone(), after: Some(Raw::of(new)), ..deed.clone() };
            let made = |it: &Customer| Done { key: Some(it.external_id.clone()), ..Done::default() };
            let outcome = self.audited(deed, port.add(new), made).await;
            if let Some(heard) = reached(&outcome) {
                self.note(connection, &heard).await;
            }
            is_touched |= matches!(outcome, Ok(_) | Err(Failure::Unknown(_)));
            became.push(match outcome {
                Ok(customer) => {
                    added.push(customer.clone());
                    CustomerAdded::Done { customer }
                }
                Err(failure) => {
                    let problem = Problem::from(&failure);
                    end = ends(&failure).then(|| problem.clone());
                    CustomerAdded::Failed { problem }
                }
            });
        }
        if is_touched {
            self.follow(connection, added).await;
        }
        Ok(became)
    }

    /// What is settled before anything is sent: that it cannot be used, or that a number of it is there.
    async fn standing(
        &self,
        connection: &ConnectionId,
        new: &NewCustomer,
        added: &[Customer],
    ) -> Option<CustomerAdded> {
        let failed = |failure: Failure| Some(CustomerAdded::Failed { problem: Problem::from(&failure) });
        if let Err(failure) = check(new) {
            return failed(failure);
        }
        let keys = keys(new);
        match self.known(connection, &keys).await {
            Err(failure) => failed(failure),
            Ok(mut customers) => {
                let has = |it: &&Customer| it.numbers.iter().filter_map(phone::key).any(|key| keys.contains(&key));
                customers.extend(added.iter().filter(has).cloned());
                (!customers.is_empty()).then_some(CustomerAdded::Known { customers })
            }
        }
    }

    /// Who has one of these numbers in this address book, as the cache knows it.
    async fn known(&self, connection: &ConnectionId, keys: &[String]) -> Result<Vec<Customer>, Failure> {
        let keys = keys.to_vec();
        let found = self.0.store.read(move |r| {
            let mut found: Vec<Customer> = Vec::new();
            for key in &keys {
                found.extend(store::customers::by_key(r, key)?);
            }
            Ok(found)
        });
        let mut found = found.await?;
        found.retain(|it| it.connection == *connection);
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found.dedup_by(|one, other| one.id == other.id);
        Ok(found)
    }

    /// The cache follows what was added, so that calls show the name at once: the address book is read again, and where that
    /// fails, those who were added are put beside the others.
    async fn follow(&self, connection: &ConnectionId, added: Vec<Customer>) {
        let Err(failure) = self.customers_read(connection).await else { return };
        tracing::info!(reason = ?failure.why().reason, "the customers could not be read again after some were added");
        let kept = async {
            let mut all = self.customers_list(Some(connection), "").await?;
            all.extend(added);
            self.take_customers(connection, all).await
        };
        if let Err(failure) = kept.await {
            tracing::warn!(reason = ?failure.why().reason, "customers that were added could not be kept");
        }
    }
}

/// Whether nothing more may be sent after this.
fn ends(failure: &Failure) -> bool {
    match failure {
        Failure::Unknown(_) | Failure::SignedOut(_) | Failure::SlowDown(..) | Failure::Offline(_) => true,
        Failure::Refused(_) | Failure::Surprise(_) | Failure::Invalid(_) => false,
    }
}

/// Finds what nobody could use: no name, no way to reach them, a number without digits.
fn check(new: &NewCustomer) -> Result<(), Failure> {
    let is_given = |text: &str| !text.trim().is_empty();
    if !is_given(&new.name) {
        return Err(Failure::invalid(Reason::Missing, "name"));
    }
    if new.numbers.is_empty() && !new.email.as_deref().is_some_and(is_given) {
        return Err(Failure::invalid(Reason::Missing, "number"));
    }
    if new.numbers.iter().any(|number| phone::digits(number).len() < LEAST_DIGITS) {
        return Err(Failure::invalid(Reason::NotUsable, "number"));
    }
    Ok(())
}

/// What its numbers are known by.
fn keys(new: &NewCustomer) -> Vec<String> {
    new.numbers.iter().filter_map(|number| phone::key(&phone::party(number, phone::HOME))).collect()
}
