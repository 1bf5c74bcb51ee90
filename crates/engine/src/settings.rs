//! How a person wants the program, checked before it is kept, and the address at which they look numbers up.

use model::desk::{MessageSettings, Settings};
use model::hot_key::is_hot_key;
use model::message::Recipient;
use model::{Failure, Reason, phone};
use url::Url;

use crate::console::Console;

/// What stands for the number in the address at which numbers are looked up.
const NUMBER: &str = "{number}";
/// Seconds that the window of a call that is over may stay.
const STAYS: std::ops::RangeInclusive<u16> = 3..=120;
/// Days that an office can be closed by its own will.
const MOST_CLOSED: usize = 400;
/// Colours that a line can have.
const COLOURS: u8 = 6;

impl Console {
    /// The settings of this console.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn settings_get(&self) -> Result<Settings, Failure> {
        self.0.store.read(store::settings::get).await
    }

    /// Keeps changed settings.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with the name of the setting that cannot be used; where the ledger cannot be written.
    pub async fn settings_set(&self, settings: Settings) -> Result<(), Failure> {
        check(&settings)?;
        self.write(move |w| store::settings::set(w, &settings)).await
    }

    /// The page at which a person looks up a number.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with [`Reason::NotUsable`] where no address is set or the number has no digits; where the ledger
    /// cannot be read.
    pub async fn lookup_page(&self, number: &str) -> Result<String, Failure> {
        let settings = self.settings_get().await?;
        let national = number.starts_with('+').then(|| phone::national_digits(number)).flatten();
        let digits = national.unwrap_or_else(|| phone::digits(number));
        if digits.is_empty() {
            return Err(Failure::invalid(Reason::NotUsable, number));
        }
        page(&settings.lookup, &digits).ok_or_else(|| Failure::invalid(Reason::NotUsable, "lookup"))
    }
}

fn check(settings: &Settings) -> Result<(), Failure> {
    let lines = &settings.lines;
    let keys = &settings.keys;
    let is_key = |it: &str| it.is_empty() || is_hot_key(it);
    let is_usable = [
        ("closes_at", settings.opens_at.0 < settings.closes_at.0 && settings.closes_at.0 <= 24),
        ("holidays.closed", settings.holidays.closed.len() <= MOST_CLOSED),
        ("popup.seconds", settings.popup.seconds.is_none_or(|it| STAYS.contains(&it))),
        ("lines", lines.iter().all(|it| it.colour < COLOURS && it.from < 24 && (1..=24).contains(&it.to))),
        ("lookup", settings.lookup.is_empty() || page(&settings.lookup, "0").is_some()),
        ("messages.me", is_own(&settings.messages)),
        ("messages.review_above", settings.messages.review_above > 0),
        ("messages.quiet", settings.messages.quiet.is_none_or(|it| it.from < 24 && it.to < 24 && it.from != it.to)),
        ("keys.enter_popup", is_key(&keys.enter_popup)),
        ("keys.look_up", is_key(&keys.look_up) && (keys.look_up.is_empty() || keys.look_up != keys.enter_popup)),
    ];
    match is_usable.into_iter().find(|(_, is_usable)| !is_usable) {
        Some((name, _)) => Err(Failure::invalid(Reason::NotUsable, name)),
        None => Ok(()),
    }
}

/// One address for each connection, and each the address of one alone: a test reaches nobody else.
fn is_own(messages: &MessageSettings) -> bool {
    let is_one = |to: &Recipient| match to {
        Recipient::People(people) => matches!(people.as_slice(), [only] if !only.trim().is_empty()),
        Recipient::Room(room) => !room.trim().is_empty(),
    };
    let mut seen = std::collections::BTreeSet::new();
    messages.me.iter().all(|it| is_one(&it.to) && seen.insert(&it.connection))
}

/// A page of the web with a number in its place; nothing else is ever opened.
fn page(template: &str, digits: &str) -> Option<String> {
    if !template.contains(NUMBER) {
        return None;
    }
    let url = Url::parse(&template.replace(NUMBER, digits)).ok()?;
    let has_number_in_host = Url::parse(&template.replace(NUMBER, "")).is_ok_and(|it| it.host_str() != url.host_str());
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && !has_number_in_host).then(|| url.into())
}

#[cfg(test)]
mod tests {
    use model::desk::{LineSetting, OwnAddress, QuietHours};

    use super::*;

    #[test]
    fn a_number_is_looked_up_on_a_page_of_the_web_and_nowhere_else() {
        let check = |template: &str, expected: Option<&str>| {
            assert_eq!(page(template, "0355500142").as_deref(), expected, "{template}");
        };
        check("https://example.com/find?q={number}&x=1", Some("https://example.com/find?q=0355500142&x=1"));
        check("http://example.com/{number}", Some("http://example.com/0355500142"));
        for other in [
            "",
            "https://example.com/",
            "file:///tmp/{number}",
            "javascript:alert({number})",
            "https://{number}.example.com/",
        ] {
            check(other, None);
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let refused = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            check(&settings).err().map(|it| it.why().words.clone())
        };
        assert_eq!(refused(|_| {}), None);
        assert_eq!(refused(|it| it.popup.seconds = None), None);
        assert_eq!(refused(|it| it.popup.seconds = Some(2)).as_deref(), Some("popup.seconds"));
        assert_eq!(refused(|it| it.lookup = "ftp://{number}".into()).as_deref(), Some("lookup"));
        assert_eq!(refused(|it| it.closes_at.0 = 25).as_deref(), Some("closes_at"));
        assert_eq!(refused(|it| it.keys.look_up.clear()), None);
        assert_eq!(refused(|it| it.keys.enter_popup = "P".into()).as_deref(), Some("keys.enter_popup"));
        assert_eq!(refused(|it| it.keys.look_up = it.keys.enter_popup.clone()).as_deref(), Some("keys.look_up"));
        let me = |to: Recipient| OwnAddress { connection: "a".into(), to };
        let mut settings = Settings::default();
        settings.messages.me = vec![me(Recipient::People(vec!["x".into()]))];
        assert!(check(&settings).is_ok());
        settings.messages.me.push(me(Recipient::Room("y".into())));
        assert!(check(&settings).is_err());
        settings.messages.me = vec![me(Recipient::People(vec!["x".into(), "y".into()]))];
        assert!(check(&settings).is_err());
        assert_eq!(
            refused(|it| it.messages.quiet = Some(QuietHours { from: 8, to: 8 })).as_deref(),
            Some("messages.quiet")
        );
        let line = LineSetting { to: 0, ..LineSetting::default() };
        let mut settings = Settings::default();
        settings.lines.push(line);
        assert!(check(&settings).is_err());
    }
}
