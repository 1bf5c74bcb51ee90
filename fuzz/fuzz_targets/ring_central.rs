//! Whatever RingCentral may send is read without a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    ring_central::fuzzing::read(data);
});
