//! Telephone numbers in any written form: E.164 where a number can be read, and the key by which two numbers are the same.

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, Region};
use unicode_normalization::UnicodeNormalization;

use crate::call::Party;

/// A party from a number as a system gives it. `region` is the two-letter country whose national numbers are written
/// without a country code, such as `JP`.
#[must_use]
pub fn party(raw: &str, region: &str) -> Party {
    Party { raw: raw.trim().to_owned(), e164: e164(raw, region), ..Party::default() }
}

/// E.164 with `+`, or `None` where the text is masked, withheld, an extension, or not a valid number of `region` or the world.
#[must_use]
pub fn e164(raw: &str, region: &str) -> Option<String> {
    let text: String = raw.nfkc().collect();
    if text.chars().any(char::is_alphabetic) || text.contains(['*', '#']) {
        return None;
    }
    let number = PhoneNumber::parse(text.trim(), region.parse::<Region>().ok()).ok()?;
    number.is_valid().then(|| number.format_as(PhoneNumberFormat::E164).into_owned())
}

/// The digits of an E.164 number as people of its own country dial it, such as `0355500142` for `+81355500142`.
#[must_use]
pub fn national_digits(e164: &str) -> Option<String> {
    let number = PhoneNumber::parse(e164, None).ok()?;
    Some(digits(&number.format_as(PhoneNumberFormat::National)))
}

/// The country whose numbers are shown in their national form, and typed in it.
pub const HOME: &str = "JP";

/// A party with its number as it is shown.
#[must_use]
pub fn with_shown(party: Party) -> Party {
    Party { shown: shown(&party), ..party }
}

/// The number as it is shown, see [`Party::shown`].
#[must_use]
pub fn shown(party: &Party) -> String {
    let Some(number) = party.e164.as_deref().and_then(|it| PhoneNumber::parse(it, None).ok()) else {
        return party.raw.clone();
    };
    let is_home = number.get_region_code() == HOME.parse::<Region>().ok();
    let format = if is_home { PhoneNumberFormat::National } else { PhoneNumberFormat::International };
    number.format_as(format).into_owned()
}

/// The digits of a number, half width.
#[must_use]
pub fn digits(raw: &str) -> String {
    raw.nfkc().filter(char::is_ascii_digit).collect()
}

/// What two written forms of one number share: the E.164 form, else the digits; `None` where there are fewer than three digits
/// or some are masked.
#[must_use]
pub fn key(party: &Party) -> Option<String> {
    if let Some(e164) = &party.e164 {
        return Some(e164.clone());
    }
    let masked = party.raw.nfkc().any(|c| c.is_alphabetic() || c == '*');
    let digits = digits(&party.raw);
    (!masked && digits.len() >= 3).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_in_any_written_form() {
        let check = |raw: &str, region: &str, expected: Option<&str>| {
            assert_eq!(e164(raw, region).as_deref(), expected, "{raw} in {region}");
        };
        check("03-5550-0142", "JP", Some("+81355500142"));
        check("０３－５５５０－０１４２", "JP", Some("+81355500142"));
        check("+81 3 5550 0142", "US", Some("+81355500142"));
        check("(650) 555-0100", "US", Some("+16505550100"));
        check("02-312-3456", "KR", Some("+8223123456"));
        check("02-2550-0162", "TW", Some("+886225500162"));
        check("010-6552-9988", "CN", Some("+861065529988"));
        check("+1855201XXXX", "US", None);
        check("非通知", "JP", None);
        check("", "JP", None);
        check("204", "JP", None);
    }

    #[test]
    fn a_number_is_known_by_the_digits_that_its_own_country_dials() {
        assert_eq!(national_digits("+81355500142").as_deref(), Some("0355500142"));
        assert_eq!(national_digits("+16505550100").as_deref(), Some("6505550100"));
        assert_eq!(national_digits("204"), None);
    }

    #[test]
    fn a_number_is_shown_as_people_write_it_where_it_belongs() {
        let check = |raw: &str, region: &str, expected: &str| {
            assert_eq!(with_shown(party(raw, region)).shown, expected, "{raw} in {region}");
        };
        check("0655500118", "JP", "06-5550-0118");
        check("+81355500142", "US", "03-5550-0142");
        check("+819055500187", "US", "090-5550-0187");
        check("0120555019", "JP", "0120-555-019");
        check("2125550148", "US", "+1 212-555-0148");
        check("01012125550148", "JP", "+1 212-555-0148");
        check("+442079460958", "JP", "+44 20 7946 0958");
        check("+1855201XXXX", "US", "+1855201XXXX");
        check("非通知", "JP", "非通知");
        check("", "JP", "");
    }

    #[test]
    fn masked_and_withheld_numbers_have_no_key() {
        let check =
            |raw: &str, expected: Option<&str>| assert_eq!(key(&party(raw, "JP")).as_deref(), expected, "{raw}");
        check("0355500142", Some("+81355500142"));
        check("204", Some("204"));
        check("+1855201XXXX", None);
        check("非通知", None);
        check("", None);
    }
}
