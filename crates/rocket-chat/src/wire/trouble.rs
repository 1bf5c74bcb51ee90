//! The several shapes of an error body.

use std::time::Duration;

use rest::Answer;
use serde::Deserialize;

use super::lenient;

/// The most of a body without JSON that is taken for words, in characters.
const MOST: usize = 120;

/// What an error body says. Login errors have text and code the other way round, and some have no text at all.
#[derive(Default, Deserialize)]
pub(crate) struct Trouble {
    #[serde(default, deserialize_with = "lenient")]
    error: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    message: Option<String>,
    #[serde(default, rename = "errorType", deserialize_with = "lenient")]
    error_type: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    details: Option<Factor>,
}

/// How the code of a second factor can be given, where a body tells it.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct Factor {
    /// `totp`, `email` or `password`.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) method: Option<String>,
    #[serde(default, rename = "availableMethods")]
    pub(crate) methods: Vec<String>,
}

impl Trouble {
    pub(crate) fn read(answer: &Answer) -> Self {
        if answer.is_html() {
            return Self::default();
        }
        answer.json().unwrap_or_else(|_| {
            let text = answer.text().unwrap_or_default();
            let is_words = !text.trim().is_empty() && !text.trim_start().starts_with(['{', '[', '<']);
            Self { error: is_words.then(|| text.trim().chars().take(MOST).collect()), ..Self::default() }
        })
    }

    /// Whether the code, or the text, is or holds this code.
    pub(crate) fn says(&self, code: &str) -> bool {
        [&self.error_type, &self.error, &self.message].into_iter().flatten().any(|text| text.contains(code))
    }

    /// How a code can be given.
    pub(crate) fn factor(&self) -> Factor {
        self.details.clone().unwrap_or_default()
    }

    /// The text for a person.
    pub(crate) fn words(self) -> String {
        let is_text = |text: &String| text.contains(' ');
        let error = self.error.filter(|text| !text.is_empty());
        let message = self.message.filter(|text| !text.is_empty());
        match (error, message) {
            (Some(error), Some(message)) if !is_text(&error) && is_text(&message) => message,
            (Some(error), _) => error,
            (None, message) => message.or(self.error_type).unwrap_or_default(),
        }
    }

    /// The seconds of `You must wait N seconds`.
    pub(crate) fn seconds(&self) -> Option<Duration> {
        let text = self.error.as_deref().or(self.message.as_deref())?;
        let (_, rest) = text.split_once("wait ")?;
        let seconds = rest.split(' ').next()?.parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}
