//! Whatever SmartConnect may send is read without a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    smart_connect::fuzzing::read(data);
});
