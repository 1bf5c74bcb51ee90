//! What is not right with the directories: who may be the same, who is missing elsewhere, who is from outside, who has left.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::person::{HealthList, LinkedPerson, MaybeReason, MaybeSame, PeopleHealth, PersonKind, PersonSaid, PutAside};
use model::{ConnectionId, Failure, PersonId, text};

use crate::console::Console;
use crate::directory::alone;
use crate::links::{Directory, Linked};

/// What more people than these have in common, such as the name of a front desk, says nothing about any of them.
const MOST_ALIKE: usize = 6;
/// Shorter account names are no sign that two are the same.
const LEAST_ACCOUNT: usize = 3;

impl Console {
    /// The health lists of the directories, without what was put aside.
    ///
    /// # Errors
    /// Where the cache cannot be read.
    pub async fn people_health(&self) -> Result<PeopleHealth, Failure> {
        let (directory, aside) =
            self.0.store.read(|r| Ok((Directory::read(r)?, store::person_links::put_aside(r)?))).await?;
        let Linked { people, shared, .. } = directory.link();
        let linked = Linked { people: self.with_presence(people), shared, links: Vec::new() };
        Ok(health(&directory, linked, aside))
    }
}

fn health(directory: &Directory, linked: Linked, put_aside: Vec<PutAside>) -> PeopleHealth {
    let aside: HashSet<(&PersonId, HealthList)> = put_aside.iter().map(|it| (&it.person, it.list)).collect();
    let is_open = |it: &LinkedPerson, list| it.identities.iter().all(|one| !aside.contains(&(&one.id, list)));
    let maybe = maybe_same(&linked, &directory.said);
    let in_question: HashSet<&PersonId> = maybe.iter().flat_map(|it| [&it.one.id, &it.other.id]).collect();
    let people = &linked.people;
    let directories: HashSet<&ConnectionId> =
        people.iter().flat_map(|it| &it.identities).map(|it| &it.connection).collect();
    let is_gone = |it: &LinkedPerson| it.identities.iter().any(|one| !one.is_active);
    let is_unmatched = |it: &LinkedPerson| {
        directories.len() > 1 && it.identities.len() == 1 && !is_gone(it) && !in_question.contains(&it.id)
    };
    let some = |list, is_in: &dyn Fn(&LinkedPerson) -> bool| -> Vec<LinkedPerson> {
        people.iter().filter(|it| is_in(it) && is_open(it, list)).cloned().collect()
    };
    let outside = directory.people.iter().filter(|it| it.kind == PersonKind::Guest);
    let guests = outside.filter_map(|it| alone(it, &directory.connections));
    PeopleHealth {
        unmatched: some(HealthList::Unmatched, &is_unmatched),
        gone: some(HealthList::Gone, &is_gone),
        guests: guests.filter(|it| is_open(it, HealthList::Guests)).collect(),
        maybe,
        put_aside,
    }
}

/// Who may be the same: whoever has something in common, has no directory in common and was not taken apart. The strongest reason of
/// each pair; the pairs in the order of the people.
fn maybe_same(linked: &Linked, said: &[PersonSaid]) -> Vec<MaybeSame> {
    let people = &linked.people;
    let places: HashMap<&PersonId, usize> =
        people.iter().enumerate().flat_map(|(at, it)| it.identities.iter().map(move |one| (&one.id, at))).collect();
    let apart: HashSet<(&PersonId, &PersonId)> = said
        .iter()
        .filter(|it| it.is_same == Some(false))
        .flat_map(|it| [(&it.one, &it.other), (&it.other, &it.one)])
        .collect();
    let can_be = |one: &LinkedPerson, other: &LinkedPerson| {
        one.identities
            .iter()
            .all(|a| other.identities.iter().all(|b| a.connection != b.connection && !apart.contains(&(&a.id, &b.id))))
    };
    let mut found: BTreeMap<(usize, usize), MaybeReason> = BTreeMap::new();
    let mut take = |one: usize, other: usize, reason: MaybeReason| {
        let pair = (one.min(other), one.max(other));
        if one != other && can_be(&people[one], &people[other]) {
            let had = found.entry(pair).or_insert(reason);
            *had = (*had).min(reason);
        }
    };
    for (one, other, reason) in &linked.shared {
        if let (Some(one), Some(other)) = (places.get(one), places.get(other)) {
            take(*one, *other, *reason);
        }
    }
    let mut alike: BTreeMap<(MaybeReason, String), Vec<usize>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate() {
        for key in signs(person) {
            alike.entry(key).or_default().push(at);
        }
    }
    for ((reason, _), who) in alike.iter().filter(|(_, who)| who.len() <= MOST_ALIKE) {
        for (nth, one) in who.iter().enumerate() {
            who[nth + 1..].iter().for_each(|other| take(*one, *other, *reason));
        }
    }
    let pair = |((one, other), reason): ((usize, usize), MaybeReason)| MaybeSame {
        one: people[one].clone(),
        other: people[other].clone(),
        reason,
    };
    found.into_iter().map(pair).collect()
}

/// What somebody who is the same would have too, each once.
fn signs(person: &LinkedPerson) -> HashSet<(MaybeReason, String)> {
    let mut signs = HashSet::new();
    for it in &person.identities {
        let name = text::fold(&it.name);
        let mut words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
        signs.insert((MaybeReason::SameName, words.concat()));
        if words.len() > 1 {
            words.sort_unstable();
            signs.insert((MaybeReason::SimilarName, words.join(" ")));
        }
        let before = it.email.as_deref().and_then(|it| it.split_once('@')).map(|(account, _)| account);
        for account in [before, it.username.as_deref()].into_iter().flatten().map(text::fold) {
            if account.chars().count() >= LEAST_ACCOUNT {
                signs.insert((MaybeReason::SameAccount, account));
            }
        }
    }
    signs.retain(|(_, key)| !key.is_empty());
    signs
}

#[cfg(test)]
mod tests {
    use model::connection::Connection;
    use model::person::Person;

    use super::*;

    fn user(connection: &str, id: &str, name: &str, email: &str) -> Person {
        Person {
            id: format!("{connection}/{id}").into(),
            connection: connection.into(),
            external_id: id.into(),
            name: name.into(),
            email: (!email.is_empty()).then(|| email.to_owned()),
            username: None,
            numbers: vec![],
            extension: None,
            kind: PersonKind::User,
            is_active: true,
        }
    }

    fn directory(people: Vec<Person>) -> Directory {
        let connection = |id: &str| Connection {
            id: id.into(),
            name: id.into(),
            system: id.into(),
            url: format!("https://{id}.example"),
            settings: [].into(),
            allow_http: false,
        };
        Directory { people, connections: vec![connection("r"), connection("t")], ..Directory::default() }
    }

    fn lists(directory: &Directory, aside: &[PutAside]) -> PeopleHealth {
        health(directory, directory.link(), aside.to_vec())
    }

    fn maybe(people: Vec<Person>) -> Vec<(String, String, MaybeReason)> {
        let found = lists(&directory(people), &[]).maybe;
        found.into_iter().map(|it| (it.one.id.0, it.other.id.0, it.reason)).collect()
    }

    fn ids(people: &[LinkedPerson]) -> Vec<&str> {
        people.iter().map(|it| it.id.as_str()).collect()
    }

    fn one(reason: MaybeReason) -> Vec<(String, String, MaybeReason)> {
        vec![("r/a".to_owned(), "t/b".to_owned(), reason)]
    }

    #[test]
    fn a_name_is_the_same_in_any_width_kana_and_spacing_and_similar_in_another_order() {
        let pair = |a: &str, b: &str| maybe(vec![user("r", "a", a, ""), user("t", "b", b, "")]);
        assert_eq!(pair("田中 健一", "田中健一"), one(MaybeReason::SameName));
        assert_eq!(pair("ﾀﾅｶ ｹﾝｲﾁ", "たなか　けんいち"), one(MaybeReason::SameName));
        assert_eq!(pair("Kenichi Tanaka", "TANAKA, Kenichi"), one(MaybeReason::SimilarName));
        assert_eq!(pair("Kenichi Tanaka", "Ken Tanaka"), []);
        assert_eq!(pair("…", "—"), [], "a name without a letter is none");
    }

    #[test]
    fn a_person_with_two_addresses_is_found_by_what_stands_before_the_at() {
        let people =
            vec![user("r", "a", "田中", "t.kenichi@example.jp"), user("t", "b", "Tanaka", "T.Kenichi@example.com")];
        assert_eq!(maybe(people), one(MaybeReason::SameAccount));
        let people = vec![user("r", "a", "田中", "tk@example.jp"), user("t", "b", "Tanaka", "tk@example.com")];
        assert_eq!(maybe(people), [], "too short to say anything");
    }

    #[test]
    fn those_who_claim_one_address_are_offered_to_whoever_could_be_meant() {
        let people =
            vec![user("r", "a", "A", "info@x.jp"), user("t", "b", "B", "info@x.jp"), user("t", "c", "C", "info@x.jp")];
        let reason = MaybeReason::SharedEmail;
        let expected = [("r/a", "t/b", reason), ("r/a", "t/c", reason)].map(|(a, b, r)| (a.into(), b.into(), r));
        assert_eq!(maybe(people), expected, "two of one directory are never the same");
    }

    #[test]
    fn whoever_was_taken_apart_is_not_offered_again_and_a_name_of_many_offers_nobody() {
        let mut apart = directory(vec![user("r", "a", "田中", ""), user("t", "b", "田中", "")]);
        apart.said = vec![PersonSaid { one: "r/a".into(), other: "t/b".into(), is_same: Some(false), at: None }];
        assert_eq!(lists(&apart, &[]).maybe, []);
        let many = (0..7).map(|at| user(if at == 0 { "r" } else { "t" }, &at.to_string(), "受付", "")).collect();
        assert_eq!(maybe(many), []);
    }

    #[test]
    fn each_list_holds_its_own_and_what_was_put_aside_is_left_out() {
        let gone = Person { is_active: false, ..user("t", "gone", "山口", "y@x.jp") };
        let guest = Person { kind: PersonKind::Guest, ..user("t", "glip-1", "Grace", "") };
        let queue = Person { kind: PersonKind::Queue, ..user("t", "queue", "代表", "") };
        let all = directory(vec![
            user("r", "both", "佐藤", "s@x.jp"),
            user("t", "both", "佐藤", "s@x.jp"),
            user("r", "gone", "山口", "y@x.jp"),
            gone,
            user("r", "alone", "鈴木", ""),
            guest,
            queue,
        ]);
        let found = lists(&all, &[]);
        assert_eq!((ids(&found.unmatched), ids(&found.guests)), (vec!["r/alone"], vec!["t/glip-1"]));
        assert_eq!(ids(&found.gone), ["r/gone"], "out of use in one system is enough");
        let aside = |id: &str, list| PutAside { person: id.into(), list };
        let found = lists(&all, &[aside("t/gone", HealthList::Gone), aside("t/glip-1", HealthList::Unmatched)]);
        assert_eq!((found.gone.len(), found.guests.len()), (0, 1), "by any identity, and of its list only");
    }

    #[test]
    fn where_one_system_alone_has_people_nobody_is_missing_elsewhere() {
        let found = lists(&directory(vec![user("r", "a", "田中", ""), user("r", "b", "佐藤", "")]), &[]);
        assert_eq!(found.unmatched, []);
    }
}
