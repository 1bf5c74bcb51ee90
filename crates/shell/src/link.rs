//! Links that open the program with a telephone number: `frontdesk://call?tel=…` and `tel:…`.

use url::Url;

/// The most characters of a number.
const LONGEST: usize = 40;

/// The number of a link; `None` where this is no link that we know, or holds anything else than a number.
#[must_use]
pub fn number_of_link(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let number = match url.scheme() {
        "frontdesk" if url.host_str().is_some_and(|it| it.eq_ignore_ascii_case("call")) => {
            url.query_pairs().find(|(key, _)| key == "tel").map(|(_, value)| value.into_owned())?
        }
        // What follows the number says how to dial it.
        "tel" => percent(url.path().split(';').next()?),
        _ => return None,
    };
    // In a query a plus that nobody encoded is a space.
    let number = if number.starts_with(' ') { format!("+{}", number.trim()) } else { number.trim().to_owned() };
    let is_number = number.chars().all(|c| c.is_ascii_digit() || "+*#-.() ".contains(c))
        && number.chars().any(|c| c.is_ascii_digit())
        && number.len() <= LONGEST;
    is_number.then_some(number)
}

fn percent(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_a_number_and_nothing_else() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(number_of_link(text).as_deref(), expected, "{text}");
        };
        check("frontdesk://call?tel=0355500142", Some("0355500142"));
        check("frontdesk://call?tel=%2B81355500142", Some("+81355500142"));
        check("frontdesk://call?tel=+81355500142", Some("+81355500142"));
        check("frontdesk://call/?x=1&tel=03-5550-0142", Some("03-5550-0142"));
        check("tel:+81-3-5550-0142", Some("+81-3-5550-0142"));
        check("tel:%2B81355500142;ext=12", Some("+81355500142"));
        check("FRONTDESK://CALL?tel=1", Some("1"));
        for other in [
            "",
            "--demo",
            "frontdesk://call",
            "frontdesk://call?tel=",
            "frontdesk://call?tel=<script>",
            "frontdesk://settings?tel=1",
            "tel:",
            "https://example.com/?tel=1",
            "frontdesk://call?tel=11111111111111111111111111111111111111111",
        ] {
            check(other, None);
        }
    }
}
