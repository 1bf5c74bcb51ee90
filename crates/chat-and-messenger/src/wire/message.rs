//! A message as `sendMessage` takes it, and as `sendMessages` does, which has keys of its own.

use serde::Serialize;

/// The value of the form field `message`. The keys are those of the vendor's HTTP samples.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SendMessage<'a> {
    /// `messenger` for people, else the name of a chat room.
    pub(crate) panel_name: &'a str,
    /// The text with real line ends.
    pub(crate) message: &'a str,
    /// Whether a receipt is asked for when it is opened.
    pub(crate) is_opened: bool,
    /// Absent for a room without mentions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) general_purposes: Option<GeneralPurposes>,
}

/// Whom it is for, or whom it mentions.
#[derive(Serialize)]
pub(crate) struct GeneralPurposes {
    /// E-mail addresses joined by commas alone.
    users: String,
}

impl GeneralPurposes {
    /// `None` without addresses.
    pub(crate) fn of(addresses: &[String]) -> Option<Self> {
        (!addresses.is_empty()).then(|| Self { users: addresses.join(",") })
    }
}

impl SendMessage<'_> {
    /// The panel that means people instead of a room.
    pub(crate) const DIRECT: &'static str = "messenger";
}

/// One item of the list in the form field `messages`.
#[derive(Serialize)]
pub(crate) struct BatchItem<'a> {
    /// The name of a chat room; absent for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) send: Option<&'a str>,
    /// The text with real line ends.
    pub(crate) message: &'a str,
    /// Absent for a room without mentions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) property: Option<GeneralPurposes>,
}
