//! Identifiers: every call has one number inside, from which all its identifiers outside are derived and read back.

/// The account that the simulator plays.
pub const ACCOUNT_ID: &str = "400131426008";

/// Calls from this number on did not come from the generated history.
pub(super) const FIRST_LIVE: u64 = 1 << 40;

/// An odd number, so that multiplying with it can be undone.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
const SALT: u64 = 0x5F0D_1CE5_0F0D_1CE5;
const FIRST_SESSION: u64 = 19_923_257_004;
const FIRST_RECORDING: u64 = 7_000_000_000;

/// The number that undoes [`SPREAD`], by Newton's method.
const UNDO: u64 = {
    let mut inverse = SPREAD;
    let mut round = 0;
    while round < 6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(SPREAD.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
};

/// The id of the call's record.
pub(super) fn record(n: u64) -> String {
    format!("{:016x}", (n ^ SALT).wrapping_mul(SPREAD))
}

/// The number of the call whose record has this id.
pub(super) fn of_record(id: &str) -> Option<u64> {
    let value = u64::from_str_radix(id, 16).ok().filter(|_| id.len() == 16)?;
    Some(value.wrapping_mul(UNDO) ^ SALT)
}

/// The id of the session, decimal.
pub(super) fn session(n: u64) -> String {
    (FIRST_SESSION + n).to_string()
}

/// The number of the call with this session.
pub(super) fn of_session(id: &str) -> Option<u64> {
    id.parse::<u64>().ok()?.checked_sub(FIRST_SESSION)
}

/// The id that live notifications and the call log share.
pub(super) fn telephony(n: u64) -> String {
    format!("s-a0d{}z{:x}", record(n), n)
}

/// The number of the call with this telephony session.
pub(super) fn of_telephony(id: &str) -> Option<u64> {
    let n = u64::from_str_radix(id.rsplit_once('z')?.1, 16).ok()?;
    (telephony(n) == id).then_some(n)
}

/// The id of the recording.
pub(super) fn recording(n: u64) -> String {
    (FIRST_RECORDING + n).to_string()
}

/// The number of the call with this recording.
pub(super) fn of_recording(id: &str) -> Option<u64> {
    id.parse::<u64>().ok()?.checked_sub(FIRST_RECORDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_leads_back_to_its_call() {
        for n in [0, 1, 99_999, FIRST_LIVE, FIRST_LIVE + 7] {
            assert_eq!(of_record(&record(n)), Some(n));
            assert_eq!(of_session(&session(n)), Some(n));
            assert_eq!(of_telephony(&telephony(n)), Some(n));
            assert_eq!(of_recording(&recording(n)), Some(n));
        }
        assert_eq!(of_record("abc"), None);
        assert_eq!(of_telephony("s-nonsense"), None);
    }
}
