//! Sentences about connections that several commands say.

use model::Time;
use model::connection::Limitation;

/// What a limitation means for whoever relies on it.
pub(crate) fn limitation(limitation: Limitation) -> &'static str {
    match limitation {
        Limitation::OwnCallsOnly => {
            "Only the calls of the person who is signed in are read: this account may not read the company's call log."
        }
        Limitation::AskedNotPushed => {
            "Calls that ring are found by asking every few seconds: they are not pushed to this account."
        }
        Limitation::SignInNotKept => {
            "The keyring did not take the renewed sign-in: it works until this program ends. Unlock the keyring before that."
        }
        Limitation::LogHasGap => {
            "The call log is too large to be read whole: the newest and the oldest calls are here, some between are missing."
        }
    }
}

/// A count with its thousands apart.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How long ago something was, in the largest unit that says enough.
pub(crate) fn age(since: Time, now: Time) -> String {
    let minutes = (now.millis() - since.millis()).max(0) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1 => "1 minute ago".to_owned(),
        2..60 => format!("{minutes} minutes ago"),
        60..120 => "1 hour ago".to_owned(),
        120..2_880 => format!("{} hours ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_ages_are_written_for_people() {
        assert_eq!([0, 999, 12_300, 1_000_000].map(grouped), ["0", "999", "12,300", "1,000,000"]);
        let ago = |minutes: i64| {
            let now = Time::from_millis(1_790_000_000_000).unwrap();
            age(Time::from_millis(now.millis() - minutes * 60_000).unwrap(), now)
        };
        assert_eq!([-5, 0, 1, 59].map(ago), ["just now", "just now", "1 minute ago", "59 minutes ago"]);
        assert_eq!([60, 119, 120, 2_879].map(ago), ["1 hour ago", "1 hour ago", "2 hours ago", "47 hours ago"]);
        assert_eq!(ago(2_880), "2 days ago");
    }
}
