//! One directory: people of all systems, linked where the same e-mail address says that they are one.

use std::collections::HashMap;

use model::person::{Identity, LinkReason, LinkedPerson, Person, PersonKind};
use model::{ConnectionId, Failure, SystemId};

use crate::console::Console;

impl Console {
    /// Colleagues whose name or address holds the text, linked across systems. Queues, programs and guests are left out.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn people_list(&self, search: &str) -> Result<Vec<LinkedPerson>, Failure> {
        let search = search.to_owned();
        let (people, connections) = self
            .0
            .store
            .read(move |r| {
                let people =
                    if search.trim().is_empty() { store::people::all(r)? } else { store::people::find(r, &search)? };
                Ok((people, store::connections::all(r)?))
            })
            .await?;
        let systems = connections.into_iter().map(|it| (it.id, it.system)).collect();
        Ok(link(people, &systems))
    }
}

/// Links people by e-mail address, in the order in which they come.
fn link(people: Vec<Person>, systems: &HashMap<ConnectionId, SystemId>) -> Vec<LinkedPerson> {
    let mut linked: Vec<LinkedPerson> = Vec::new();
    let mut by_email: HashMap<String, usize> = HashMap::new();
    for person in people.into_iter().filter(|person| person.kind == PersonKind::User) {
        let Some(system) = systems.get(&person.connection).cloned() else {
            continue;
        };
        let email = person.email.as_deref().map(str::trim).filter(|email| !email.is_empty()).map(str::to_lowercase);
        let known = email.as_ref().and_then(|email| by_email.get(email)).copied();
        let identity = Identity {
            id: person.id.clone(),
            connection: person.connection,
            system,
            external_id: person.external_id,
            reason: known.map(|_| LinkReason::SameEmail),
        };
        match known.and_then(|at| linked.get_mut(at)) {
            Some(one) => one.identities.push(identity),
            None => {
                if let Some(email) = email {
                    by_email.insert(email, linked.len());
                }
                linked.push(LinkedPerson {
                    id: person.id,
                    name: person.name,
                    email: person.email,
                    identities: vec![identity],
                });
            }
        }
    }
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(connection: &str, id: &str, email: Option<&str>, kind: PersonKind) -> Person {
        Person {
            id: format!("{connection}/{id}").into(),
            connection: connection.into(),
            external_id: id.into(),
            name: id.into(),
            email: email.map(Into::into),
            username: None,
            numbers: vec![],
            extension: None,
            kind,
            is_active: true,
        }
    }

    #[test]
    fn the_same_address_is_the_same_person_and_nothing_else_is() {
        let systems = HashMap::from([("r".into(), SystemId::from("rocket")), ("c".into(), SystemId::from("ring"))]);
        let found = link(
            vec![
                person("r", "tanaka", Some("T.Kenichi@example.jp"), PersonKind::User),
                person("c", "63309", Some("t.kenichi@example.jp"), PersonKind::User),
                person("c", "70001", None, PersonKind::User),
                person("r", "nobody", None, PersonKind::User),
                person("c", "80001", Some("t.kenichi@example.jp"), PersonKind::Queue),
            ],
            &systems,
        );
        let shape: Vec<_> =
            found.iter().map(|it| it.identities.iter().map(|it| it.id.as_str()).collect::<Vec<_>>()).collect();
        assert_eq!(
            shape,
            [vec!["r/tanaka", "c/63309"], vec!["c/70001"], vec!["r/nobody"]],
            "a queue is never a colleague"
        );
        assert_eq!(found[0].identities[1].reason, Some(LinkReason::SameEmail));
    }
}
