//! What changes among the people after the first day: another address, another short number, and who has left.

use super::extensions::{Extension, status};
use super::state::State;
use crate::lock;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is different of one person now. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another e-mail address.
    pub email: Option<String>,
    /// Another short number; an empty one for none.
    pub extension_number: Option<String>,
    /// Whether the extension is switched off.
    pub has_left: bool,
}

/// Changes, by position of the person.
pub(super) type Staff = BTreeMap<usize, Change>;

impl State {
    /// Changes the person at this position, in place of what was changed before.
    pub fn change_person(&self, index: usize, change: Change) {
        lock(&self.staff).insert(index, change);
    }

    fn changed(&self, extension: Extension) -> Option<Change> {
        let Extension::User(index) = extension else { return None };
        lock(&self.staff).get(&index).cloned()
    }

    /// The short number that a person has now; `None` where it is the one of the first day.
    pub(super) fn changed_number(&self, extension: Extension) -> Option<String> {
        self.changed(extension)?.extension_number
    }

    /// The vendor's word for the state of an extension now.
    pub(super) fn status_now(&self, extension: Extension) -> &'static str {
        let has_left = self.changed(extension).is_some_and(|it| it.has_left);
        if has_left { "Disabled" } else { status(extension) }
    }

    /// Puts the present address in the place of the one of the first day, if there is another.
    pub(super) fn with_address_now(&self, extension: Extension, email: &mut Value) {
        if let Some(changed) = self.changed(extension).and_then(|it| it.email) {
            *email = changed.into();
        }
    }
}
