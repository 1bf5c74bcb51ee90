//! The example office: people, customers and calls, made from a seed so that every run shows the same office.

mod call;
pub mod calls;
pub mod customers;
mod names;
pub mod people;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a random stream is used for, so that two uses of the same seed and index do not repeat each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Identifiers of a person.
    Person = 1,
    /// Numbers, address and remarks of a customer.
    Customer = 2,
    /// Everything about one call.
    Call = 3,
}

/// The random numbers that belong to the `index`th thing of a kind, the same in every run with the same seed.
pub(crate) fn stream(seed: u64, purpose: Purpose, index: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ ((purpose as u64) << 56));
    rng.set_stream(index);
    rng
}
