//! The few words that the computer shows for us outside our windows, in the language of the windows. They stand among the
//! messages of the web UI.

use std::collections::HashMap;
use std::sync::LazyLock;

use model::glance::Glance;

/// Messages by key.
type Messages = HashMap<String, String>;

static ENGLISH: LazyLock<Messages> = LazyLock::new(|| read(include_str!("../../../ui/messages/en/tray.json")));
static JAPANESE: LazyLock<Messages> = LazyLock::new(|| read(include_str!("../../../ui/messages/ja/tray.json")));

/// The most characters of a sentence: Windows cuts longer ones off.
const LONGEST: usize = 120;

/// Words in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    is_japanese: bool,
}

impl Words {
    /// Those of a language as the settings have it: `ja`, `en`, or empty for that of the computer.
    #[must_use]
    pub fn of(setting: &str) -> Self {
        Self::meant(setting, sys_locale::get_locales())
    }

    /// The language that is set, else the first of the computer that has words, else English.
    fn meant(setting: &str, computer: impl Iterator<Item = String>) -> Self {
        let asked = (!setting.is_empty()).then(|| setting.to_owned());
        let is_japanese = |tag: String| match tag.split(['-', '_', '.']).next().map(str::to_ascii_lowercase).as_deref()
        {
            Some("ja") => Some(true),
            Some("en") => Some(false),
            Some(_) | None => None,
        };
        Self { is_japanese: asked.into_iter().chain(computer).find_map(is_japanese).unwrap_or_default() }
    }

    /// Opens the main window.
    #[must_use]
    pub fn open(self) -> String {
        self.say("tray_open", &[])
    }

    /// Shows the missed calls, of which so many wait.
    #[must_use]
    pub fn missed(self, count: u32) -> String {
        self.say("tray_missed", &[("count", &count.to_string())])
    }

    /// Ends the program.
    #[must_use]
    pub fn quit(self) -> String {
        self.say("tray_quit", &[])
    }

    /// How the desk is, in a sentence.
    #[must_use]
    pub fn glance(self, glance: &Glance) -> String {
        let between = self.say("tray_between", &[]);
        let counted = |key, count: usize| (count > 0).then(|| self.say(key, &[("count", &count.to_string())]));
        let needs = (!glance.needing.is_empty())
            .then(|| self.say("tray_needs", &[("names", &glance.needing.join(between.as_str()))]));
        let missed = usize::try_from(glance.missed).unwrap_or(usize::MAX);
        let facts: Vec<String> = [counted("tray_rings", glance.ringing), counted("tray_waiting", missed), needs]
            .into_iter()
            .flatten()
            .collect();
        if facts.is_empty() {
            return self.say("tray_calm", &[]);
        }
        cut(self.say("tray_glance", &[("facts", &facts.join(between.as_str()))]))
    }

    /// A message with its blanks filled.
    fn say(self, key: &str, blanks: &[(&str, &str)]) -> String {
        let messages = if self.is_japanese { &*JAPANESE } else { &*ENGLISH };
        let mut rest = messages.get(key).map_or("", String::as_str);
        let mut text = String::new();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, it)| Some((before, it.split_once('}')?)))
        {
            let filled = blanks.iter().find(|(blank, _)| *blank == name).map_or("", |(_, value)| value);
            text.extend([before, filled]);
            rest = after;
        }
        text + rest
    }
}

fn read(text: &str) -> Messages {
    serde_json::from_str(text).unwrap_or_default()
}

fn cut(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Words; 2] = [Words { is_japanese: false }, Words { is_japanese: true }];

    fn glance(ringing: usize, missed: u32, needing: &[&str]) -> Glance {
        Glance { ringing, missed, needing: needing.iter().map(|it| (*it).to_owned()).collect() }
    }

    #[test]
    fn the_language_is_the_one_that_is_set_else_that_of_the_computer_else_english() {
        let check = |setting: &str, computer: &[&str], expected: bool| {
            let computer = computer.iter().map(|it| (*it).to_owned());
            assert_eq!(Words::meant(setting, computer).is_japanese, expected, "{setting}");
        };
        check("ja", &["en-US"], true);
        check("en", &["ja-JP"], false);
        check("", &["fr-FR", "ja_JP.UTF-8"], true);
        check("", &["en-GB", "ja-JP"], false);
        check("", &["C"], false);
        check("", &[], false);
    }

    #[test]
    fn how_the_desk_is_stands_in_one_sentence() {
        let [english, japanese] = BOTH;
        assert_eq!(english.glance(&glance(0, 0, &[])), "Frontdesk: nobody waits");
        assert_eq!(english.glance(&glance(1, 3, &[])), "Frontdesk: 1 ringing, missed calls to follow up: 3");
        assert_eq!(
            japanese.glance(&glance(0, 2, &["本社", "Chat"])),
            "Frontdesk：折り返しが必要な電話 2 件、確認が必要な接続：本社、Chat"
        );
        let many = vec!["A connection with a long name"; 9];
        let text = english.glance(&glance(0, 0, &many));
        assert_eq!(text.chars().count(), LONGEST);
        assert!(text.ends_with('…'));
    }

    #[test]
    fn a_name_with_braces_is_no_blank() {
        assert!(BOTH[0].glance(&glance(0, 0, &["{count}"])).ends_with("{count}"));
    }

    #[test]
    fn the_menu_has_words_in_both_languages() {
        let menu = |it: Words| [it.open(), it.missed(2), it.quit()];
        let (english, japanese) = (menu(BOTH[0]), menu(BOTH[1]));
        assert!(english.iter().chain(&japanese).all(|it| !it.is_empty()));
        assert!(english.iter().zip(&japanese).all(|(one, other)| one != other));
        assert!(english[1].contains('2') && japanese[1].contains('2'));
    }
}
