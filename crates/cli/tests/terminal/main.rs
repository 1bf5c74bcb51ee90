//! The built `frontdesk-cli` against a simulated system that asks for no secret, so that no keyring is needed.

#[cfg(test)]
mod customers;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod running;
#[cfg(test)]
mod snapshot;
#[cfg(test)]
mod telephone;
