//! Presence: who is there and who speaks, as the systems tell it. Kept in memory only, because yesterday's means nothing.

use std::collections::HashMap;

use model::event::{Event, Table};
use model::person::{LinkedPerson, Presence};
use model::{ConnectionId, Failure, PersonId};

use crate::console::{Console, lock};

impl Console {
    /// Everybody's presence, asked of each of these connections, or of all, that has it.
    ///
    /// # Errors
    /// What the first system that fails answers; where the ledger cannot be read.
    pub async fn presences_read(&self, ids: &[ConnectionId]) -> Result<HashMap<PersonId, Presence>, Failure> {
        for view in self.connections_list().await? {
            if !ids.is_empty() && !ids.contains(&view.id) {
                continue;
            }
            let session = match self.session(&view.id).await {
                Ok(session) => session,
                Err(_) if ids.is_empty() => continue,
                Err(failure) => return Err(failure),
            };
            let Some(port) = session.presences else { continue };
            let told = port.presences().await;
            // Whoever may not see who is there still has a connection that is well.
            if !matches!(told, Err(Failure::Refused(_))) {
                self.note(&view.id, &told).await;
            }
            let told = told?.into_iter().map(|it| (it.external_id.clone(), it)).collect();
            lock(&self.0.presences).insert(view.id, told);
        }
        Ok(self.presences())
    }

    /// Everybody's presence, as far as it was told.
    #[must_use]
    pub fn presences(&self) -> HashMap<PersonId, Presence> {
        let all = lock(&self.0.presences);
        let of = |(id, told): (&ConnectionId, &HashMap<String, Presence>)| {
            let id = id.clone();
            let rows: Vec<_> =
                told.values().map(|it| (PersonId(format!("{id}/{}", it.external_id)), it.clone())).collect();
            rows
        };
        all.iter().flat_map(of).collect()
    }

    /// The same people with their presence: of several that were told, that of whoever speaks, else the first.
    pub(crate) fn with_presence(&self, mut people: Vec<LinkedPerson>) -> Vec<LinkedPerson> {
        let all = lock(&self.0.presences);
        for person in &mut people {
            let told = person.identities.iter().filter_map(|it| all.get(&it.connection)?.get(&it.external_id));
            person.presence = told.min_by_key(|it| !it.is_on_call).cloned();
        }
        people
    }

    pub(crate) fn take_presence(&self, id: &ConnectionId, presence: Presence) {
        let is_new = {
            let mut all = lock(&self.0.presences);
            let told = all.entry(id.clone()).or_default();
            told.insert(presence.external_id.clone(), presence.clone()).as_ref() != Some(&presence)
        };
        if is_new {
            self.tell(Event::Changed { tables: vec![Table::People] });
        }
    }
}
