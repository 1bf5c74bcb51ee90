//! The vendor's JSON about people: extensions, directory entries, chat persons, presence; and about recordings.

use model::person::{Availability, Presence};
use serde::Deserialize;

use super::{Extension, Text, lenient, members};

/// An entry of the list of extensions.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Entry {
    pub(crate) id: Text,
    pub(crate) extension_number: Text,
    pub(crate) name: Text,
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    pub(crate) status: Text,
    #[serde(deserialize_with = "lenient")]
    pub(crate) contact: Contact,
}

/// How a person is reached.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Contact {
    pub(crate) first_name: Text,
    pub(crate) last_name: Text,
    pub(crate) email: Text,
    pub(crate) business_phone: Text,
    pub(crate) mobile_phone: Text,
}

/// An entry of the company directory.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DirectoryEntry {
    pub(crate) id: Text,
    #[serde(rename = "type")]
    pub(crate) kind: Text,
    pub(crate) status: Text,
    pub(crate) first_name: Text,
    pub(crate) last_name: Text,
    pub(crate) name: Text,
    pub(crate) email: Text,
    pub(crate) extension_number: Text,
    #[serde(deserialize_with = "members")]
    pub(crate) phone_numbers: Vec<DirectoryNumber>,
}

/// A number of a directory entry.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DirectoryNumber {
    pub(crate) phone_number: Text,
    #[serde(rename = "type")]
    pub(crate) kind: Text,
}

/// A person of the chats; may be a guest.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GlipPerson {
    pub(crate) id: Text,
    pub(crate) first_name: Text,
    pub(crate) last_name: Text,
    pub(crate) email: Text,
}

/// The presence of an extension, in a list or as it is pushed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PresenceEntry {
    pub(crate) extension_id: Text,
    #[serde(deserialize_with = "lenient")]
    pub(crate) extension: Extension,
    pub(crate) presence_status: Text,
    pub(crate) user_status: Text,
    pub(crate) dnd_status: Text,
    pub(crate) telephony_status: Text,
}

impl PresenceEntry {
    /// What it says; `None` where it names nobody.
    pub(crate) fn presence(&self) -> Option<Presence> {
        let external_id = self.extension_id.owned().or_else(|| self.extension.id.owned())?;
        let status = self.presence_status.some().or_else(|| self.user_status.some()).unwrap_or_default();
        let availability = match (self.dnd_status.0.as_str(), status) {
            ("DoNotAcceptAnyCalls", _) => Availability::DoNotDisturb,
            (_, "Available") => Availability::Available,
            (_, "Busy") => Availability::Busy,
            (_, "DoNotDisturb") => Availability::DoNotDisturb,
            (_, "Offline") => Availability::Offline,
            (_, _) => Availability::Unknown,
        };
        let is_on_call = self.telephony_status.some().is_some_and(|it| it != "NoCall");
        Some(Presence { external_id, availability, is_on_call })
    }
}

/// The recordings that a record of the call log names, on the call or on its legs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Recorded {
    #[serde(deserialize_with = "lenient")]
    recording: Extension,
    #[serde(deserialize_with = "members")]
    legs: Vec<RecordedLeg>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RecordedLeg {
    #[serde(deserialize_with = "lenient")]
    recording: Extension,
}

impl Recorded {
    /// Their ids, as often as they are named.
    pub(crate) fn ids(&self) -> impl Iterator<Item = String> {
        let all = std::iter::once(&self.recording).chain(self.legs.iter().map(|leg| &leg.recording));
        all.filter_map(|it| it.id.owned())
    }
}

/// What is known of a recording.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RecordingEntry {
    pub(crate) id: Text,
    pub(crate) content_uri: Text,
    pub(crate) content_type: Text,
    pub(crate) duration: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_is_read_from_lists_and_from_notices_and_names_somebody() {
        let read = |json: &str| serde_json::from_str::<PresenceEntry>(json).unwrap().presence();
        let listed = read(r#"{"extension":{"id":44444441},"presenceStatus":"Busy","telephonyStatus":"CallConnected"}"#);
        let is = |availability, is_on_call| Some(Presence { external_id: "44444441".into(), availability, is_on_call });
        assert_eq!(listed, is(Availability::Busy, true));
        let pushed =
            read(r#"{"extensionId":"44444441","presenceStatus":"Available","dndStatus":"DoNotAcceptAnyCalls"}"#);
        assert_eq!(pushed, is(Availability::DoNotDisturb, false));
        let new_word = read(r#"{"extensionId":44444441,"presenceStatus":"Levitating","telephonyStatus":"NoCall"}"#);
        assert_eq!(new_word, is(Availability::Unknown, false));
        assert_eq!(read(r#"{"presenceStatus":"Busy"}"#), None);
    }
}
