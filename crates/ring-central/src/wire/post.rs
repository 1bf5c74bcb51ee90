//! Files and the posts that show them.

use serde::Deserialize;

use super::{Text, members};

/// The answer to a file: a list of one, or that one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Taken {
    /// As it is documented.
    Several(Vec<WithId>),
    /// As it could be.
    One(WithId),
}

/// Anything with an id.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WithId {
    id: Text,
}

impl Taken {
    /// The id of the file.
    pub(crate) fn id(&self) -> Option<String> {
        match self {
            Self::Several(all) => all.first().and_then(|it| it.id.owned()),
            Self::One(it) => it.id.owned(),
        }
    }
}

/// A post with what hangs on it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    #[serde(default)]
    pub(crate) id: Text,
    #[serde(default)]
    pub(crate) creation_time: Text,
    #[serde(default, deserialize_with = "members")]
    attachments: Vec<WithId>,
}

impl Shown {
    /// Whether it shows this file.
    pub(crate) fn shows(&self, file: &str) -> bool {
        self.attachments.iter().any(|it| it.id.some() == Some(file))
    }
}
