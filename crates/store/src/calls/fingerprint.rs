//! A number that stands for everything a system told of a call: the same number, nothing changed.

use std::hash::{Hash, Hasher};

use model::call::{Leg, Party, SeenCall};

use crate::code::Coded;

/// FNV-1a, whose numbers are the same in every version of the program and on every computer.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

/// The number of one side of a call. An absent text counts as an empty one.
pub(super) fn of_party(party: &Party) -> i64 {
    let mut hash = Fnv::default();
    for text in [Some(&party.raw), party.e164.as_ref(), party.name.as_ref(), party.location.as_ref()] {
        text.map_or("", String::as_str).hash(&mut hash);
    }
    hash.finish().cast_signed()
}

/// The number of a call, as a column holds it.
pub(super) fn of_call(call: &SeenCall) -> i64 {
    let mut hash = Fnv::default();
    (&call.session_id, call.started_at.map(model::Time::millis), call.duration_seconds).hash(&mut hash);
    (call.direction.code(), call.outcome.code()).hash(&mut hash);
    party(&call.from, &mut hash);
    party(&call.to, &mut hash);
    (&call.line, &call.customer_external_id, &call.note).hash(&mut hash);
    for (extension, role) in &call.extensions {
        (extension, role.code()).hash(&mut hash);
    }
    call.legs.iter().for_each(|it| leg(it, &mut hash));
    call.raw.0.hash(&mut hash);
    hash.finish().cast_signed()
}

fn party(party: &Party, hash: &mut Fnv) {
    (&party.raw, &party.e164, &party.name, &party.location).hash(hash);
}

fn leg(leg: &Leg, hash: &mut Fnv) {
    (leg.started_at.map(model::Time::millis), leg.duration_seconds, &leg.name, leg.outcome.code()).hash(hash);
    (&leg.extension_id, &leg.kind, leg.is_master).hash(hash);
}
