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

/// The most characters of a text that are looked at for a number, and the most groups of digits of a number.
const LOOKED_AT: usize = 2_000;
const MOST_GROUPS: usize = 6;
/// How many digits a text has that is a number and nothing else, as an extension or a number of a country that we do not know.
const BARE: std::ops::RangeInclusive<usize> = 3..=15;

/// The first telephone number in a text that somebody copied, as it stands there, in half width: with words around it, in full width,
/// or as a `tel:` link. `None` where there is none; a date, a time or a price is no number.
#[must_use]
pub fn find(text: &str) -> Option<String> {
    let plain: String = text.nfkc().map(as_typed).take(LOOKED_AT).collect();
    let is_part = |c: char| c.is_ascii_digit() || "+-.() /".contains(c);
    let runs = plain.split(|c: char| !is_part(c));
    if let Some(number) = runs.filter_map(number_in).next() {
        return Some(number);
    }
    let bare = plain.trim().trim_start_matches("tel:").trim();
    let is_bare = bare.chars().all(|c| c.is_ascii_digit() || "+-() *#".contains(c)) && !is_date(bare);
    (is_bare && BARE.contains(&digits(bare).len())).then(|| bare.to_owned())
}

/// The longest number that begins first in a run of digits and what stands between them.
fn number_in(run: &str) -> Option<String> {
    let groups: Vec<&str> = run.split([' ', '/']).filter(|it| !it.is_empty()).collect();
    let spans = (0..groups.len()).flat_map(|from| {
        let longest = groups.len().min(from + MOST_GROUPS);
        (from + 1..=longest).rev().map(move |to| (from, to))
    });
    let texts = spans.map(|(from, to)| groups.get(from..to).unwrap_or_default().join(" "));
    let mut numbers = texts.map(|it| balanced(it.trim_matches(['-', '.', ' '])).to_owned());
    // At home every number begins with 0, from abroad with +; what begins otherwise may be a day or a count.
    numbers.find(|it| it.trim_start_matches('(').starts_with(['0', '+']) && e164(it, HOME).is_some())
}

/// Without brackets that belong to the words around.
fn balanced(text: &str) -> &str {
    let within = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')).filter(|it| !it.contains(['(', ')']));
    let has_both = text.contains('(') && text.contains(')');
    within.unwrap_or_else(|| if has_both { text } else { text.trim_matches(['(', ')']) }).trim()
}

/// What is written for a hyphen or a space is one.
fn as_typed(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30FC}' | '\u{FF70}' => '-',
        '\u{A0}' => ' ',
        other => other,
    }
}

/// Whether a text is a day, such as `2026-11-27`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let within = |part: &str, most: u8| part.len() <= 2 && part.parse::<u8>().is_ok_and(|it| (1..=most).contains(&it));
    year.len() == 4 && within(month, 12) && within(day, 31)
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

    #[test]
    fn a_number_is_found_in_what_somebody_copied() {
        let check = |text: &str, expected: &str| assert_eq!(find(text).as_deref(), Some(expected), "{text}");
        check("03-5550-0142", "03-5550-0142");
        check("  0355500142\n", "0355500142");
        check("０３－５５５０－０１４２", "03-5550-0142");
        check("03ー5550ー0142", "03-5550-0142");
        check("tel:+81355500142", "+81355500142");
        check("<a href=\"tel:03-5550-0142\">", "03-5550-0142");
        check("お電話は TEL：03-5550-0142（代表）まで", "03-5550-0142");
        check("川瀬様 (03) 5550-0142 へ折り返し", "(03) 5550-0142");
        check("+81 3 5550 0142", "+81 3 5550 0142");
        check("Call 090-5550-0187 by 17:00 on 2026-11-27", "090-5550-0187");
        check("2026-11-27 10:42 06-5550-0118 missed", "06-5550-0118");
        check("電話 03-5550-0142 / 06-5550-0118", "03-5550-0142");
        check("(03-5550-0142)", "03-5550-0142");
        check("03-5550-0142 (代表)", "03-5550-0142");
        check("+1 212-555-0148", "+1 212-555-0148");
        check("0120-555-019", "0120-555-019");
        check("204", "204");
        check("tel:204", "204");
        check("5550-0142", "5550-0142");
    }

    #[test]
    fn what_is_no_number_is_not_taken_for_one() {
        let long = "1".repeat(LOOKED_AT * 2);
        for text in [
            "",
            " ",
            "こんにちは",
            "2026-11-27",
            "2026/11/27 10:42",
            "1,200 円",
            "12",
            "¥3,980",
            "10:42",
            "192.168.10.20",
            "注文番号 204",
            "AB-1234-5678",
            "1234567890123456",
            "https://example.com/",
            long.as_str(),
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
