//! Which entries of several directories are one person: the same id at the same server, the same e-mail address, the same number.
//! What several entries of one directory share links nobody.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use model::ConnectionId;
use model::connection::Connection;
use model::person::{Identity, LinkReason, LinkedPerson, Person, PersonKind};

use crate::numbers::Number;

/// Two entries that are one person, by their places, and why.
type Link = (usize, usize, LinkReason);

/// Links colleagues, in the order in which they come. Whatever is no colleague is left out, but keeps its number from linking.
pub(crate) fn link(people: &[Person], connections: &[Connection]) -> Vec<LinkedPerson> {
    let known: HashMap<&ConnectionId, &Connection> = connections.iter().map(|it| (&it.id, it)).collect();
    let colleagues: Vec<&Person> = people
        .iter()
        .filter(|person| person.kind == PersonKind::User && known.contains_key(&person.connection))
        .collect();
    let mut links = by_id(&colleagues, &known);
    links.extend(by_email(&colleagues));
    links.extend(by_number(&colleagues, people));
    groups(&colleagues, &links, &known)
}

fn by_id(colleagues: &[&Person], known: &HashMap<&ConnectionId, &Connection>) -> Vec<Link> {
    // An id means something at its own server only.
    let key = |person: &Person| {
        let connection = known.get(&person.connection)?;
        Some((connection.system.clone(), connection.url.clone(), person.external_id.clone()))
    };
    let keyed = colleagues.iter().enumerate().filter_map(|(at, person)| Some((key(person)?, at)));
    same(colleagues, keyed, LinkReason::SameId)
}

fn by_email(colleagues: &[&Person]) -> Vec<Link> {
    let key = |person: &Person| person.email.as_deref().and_then(address);
    let keyed = colleagues.iter().enumerate().filter_map(|(at, person)| Some((key(person)?, at)));
    same(colleagues, keyed, LinkReason::SameEmail)
}

/// An e-mail address as it is compared.
pub(crate) fn address(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    text.contains('@').then_some(text)
}

fn by_number(colleagues: &[&Person], people: &[Person]) -> Vec<Link> {
    let of_colleagues: Vec<(usize, Number)> = colleagues
        .iter()
        .enumerate()
        .flat_map(|(at, person)| numbers(person).into_iter().map(move |number| (at, number)))
        .collect();
    let of_queues: Vec<Number> = people.iter().filter(|it| it.kind == PersonKind::Queue).flat_map(numbers).collect();
    let countries = countries(of_colleagues.iter().map(|(_, number)| number).chain(&of_queues));
    let shared: HashSet<Number> = of_queues.iter().filter_map(|number| whole(number, &countries)).collect();
    let mut keyed: Vec<(Number, usize)> = of_colleagues
        .iter()
        .filter_map(|(at, number)| Some((whole(number, &countries)?, *at)))
        .filter(|(number, _)| !shared.contains(number))
        .collect();
    keyed.dedup();
    same(colleagues, keyed.into_iter(), LinkReason::SameNumber)
}

/// The numbers with their countries by what people there dial; `None` where two countries dial the same.
pub(crate) fn countries<'a>(numbers: impl Iterator<Item = &'a Number>) -> HashMap<String, Option<Number>> {
    let mut countries: HashMap<String, Option<Number>> = HashMap::new();
    for number in numbers.filter(|number| matches!(number, Number::World(_))) {
        if let Some(digits) = number.national() {
            let one = countries.entry(digits).or_insert_with(|| Some(number.clone()));
            if one.as_ref() != Some(number) {
                *one = None;
            }
        }
    }
    countries
}

/// A number with its country, where only one can be meant; as it is where none is known; `None` where several could be.
pub(crate) fn whole(number: &Number, countries: &HashMap<String, Option<Number>>) -> Option<Number> {
    match number {
        Number::World(_) => Some(number.clone()),
        Number::National(digits) => countries.get(digits).map_or(Some(number.clone()), Clone::clone),
    }
}

fn numbers(person: &Person) -> Vec<Number> {
    let mut numbers: Vec<Number> = person.numbers.iter().filter_map(|written| Number::read(written)).collect();
    numbers.sort();
    numbers.dedup();
    numbers
}

/// Links those that share a key, unless two of one directory share it.
fn same<K: Hash + Eq>(
    colleagues: &[&Person],
    keyed: impl Iterator<Item = (K, usize)>,
    reason: LinkReason,
) -> Vec<Link> {
    let mut order: Vec<Vec<usize>> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for (key, at) in keyed {
        let place = *places.entry(key).or_insert(order.len());
        if place == order.len() {
            order.push(Vec::new());
        }
        order[place].push(at);
    }
    let is_one_each = |who: &[usize]| {
        let directories: HashSet<_> = who.iter().map(|at| &colleagues[*at].connection).collect();
        directories.len() == who.len()
    };
    let linked = order.iter().filter(|who| is_one_each(who));
    linked.flat_map(|who| who.windows(2).map(|pair| (pair[0], pair[1], reason))).collect()
}

/// Puts the links together, the strongest first. A link that would make two entries of one directory one person is none.
fn groups(colleagues: &[&Person], links: &[Link], known: &HashMap<&ConnectionId, &Connection>) -> Vec<LinkedPerson> {
    let mut group: Vec<usize> = (0..colleagues.len()).collect();
    let mut members: Vec<Vec<usize>> = group.iter().map(|at| vec![*at]).collect();
    let mut reasons: Vec<Option<LinkReason>> = vec![None; colleagues.len()];
    for (one, two, reason) in links {
        let (first, later) = (group[*one].min(group[*two]), group[*one].max(group[*two]));
        let directory = |at: &usize| &colleagues[*at].connection;
        let is_doubled =
            || members[first].iter().any(|at| members[later].iter().any(|other| directory(at) == directory(other)));
        if first != later && is_doubled() {
            continue;
        }
        for at in [one, two] {
            reasons[*at] = reasons[*at].or(Some(*reason));
        }
        if first != later {
            let moved = std::mem::take(&mut members[later]);
            moved.iter().for_each(|at| group[*at] = first);
            members[first].extend(moved);
        }
    }
    members.iter_mut().for_each(|who| who.sort_unstable());
    members.iter().filter_map(|who| person(colleagues, who, &reasons, known)).collect()
}

fn person(
    colleagues: &[&Person],
    who: &[usize],
    reasons: &[Option<LinkReason>],
    known: &HashMap<&ConnectionId, &Connection>,
) -> Option<LinkedPerson> {
    let first = colleagues[*who.first()?];
    let identities = who.iter().enumerate().filter_map(|(place, at)| {
        let it = colleagues[*at];
        Some(Identity {
            id: it.id.clone(),
            connection: it.connection.clone(),
            system: known.get(&it.connection)?.system.clone(),
            external_id: it.external_id.clone(),
            reason: reasons[*at].filter(|_| place > 0),
        })
    });
    let email = who.iter().find_map(|at| colleagues[*at].email.clone());
    Some(LinkedPerson { id: first.id.clone(), name: first.name.clone(), email, identities: identities.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(connection: &str, id: &str, email: &str, number: &str, kind: PersonKind) -> Person {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Person {
            id: format!("{connection}/{id}").into(),
            connection: connection.into(),
            external_id: id.into(),
            name: id.into(),
            email: some(email),
            username: None,
            numbers: some(number).into_iter().collect(),
            extension: None,
            kind,
            is_active: true,
        }
    }

    fn user(connection: &str, id: &str, email: &str, number: &str) -> Person {
        person(connection, id, email, number, PersonKind::User)
    }

    fn connection(id: &str, system: &str, url: &str) -> Connection {
        Connection {
            id: id.into(),
            name: id.into(),
            system: system.into(),
            url: url.into(),
            settings: [].into(),
            allow_http: false,
        }
    }

    /// Who becomes one person at these connections: `t` and `u` are to one server, `v` is to another of that kind, `r` to another kind.
    fn shape(people: &[Person]) -> Vec<Vec<(String, Option<LinkReason>)>> {
        let connections = [
            connection("r", "chat", "https://chat.example"),
            connection("t", "phone", "https://phone.example"),
            connection("u", "phone", "https://phone.example"),
            connection("v", "phone", "https://other.example"),
        ];
        let linked = link(people, &connections);
        let identities = |it: LinkedPerson| it.identities.into_iter().map(|it| (it.id.0, it.reason)).collect();
        linked.into_iter().map(identities).collect()
    }

    fn alone(id: &str) -> Vec<(String, Option<LinkReason>)> {
        vec![(id.to_owned(), None)]
    }

    fn both(one: &str, two: &str, reason: LinkReason) -> Vec<(String, Option<LinkReason>)> {
        vec![(one.to_owned(), None), (two.to_owned(), Some(reason))]
    }

    #[test]
    fn the_same_address_is_the_same_person_and_nothing_else_is() {
        let people = [
            user("r", "tanaka", "T.Kenichi@example.jp", ""),
            user("t", "63309", "t.kenichi@example.jp", ""),
            user("t", "70001", "", ""),
            user("r", "nobody", "", ""),
            person("t", "80001", "t.kenichi@example.jp", "", PersonKind::Queue),
        ];
        let expected = [both("r/tanaka", "t/63309", LinkReason::SameEmail), alone("t/70001"), alone("r/nobody")];
        assert_eq!(shape(&people), expected, "a queue is never a colleague");
    }

    #[test]
    fn an_id_is_the_same_person_at_its_own_server_only() {
        let people = [user("r", "1", "", ""), user("t", "1", "", ""), user("u", "1", "", ""), user("v", "1", "", "")];
        assert_eq!(shape(&people), [alone("r/1"), both("t/1", "u/1", LinkReason::SameId), alone("v/1")]);
    }

    #[test]
    fn a_number_links_in_any_written_form_where_one_person_of_each_system_has_it() {
        let people = [user("r", "a", "", "03-5550-0142"), user("t", "b", "", "+81 3 5550 0142")];
        assert_eq!(shape(&people), [both("r/a", "t/b", LinkReason::SameNumber)]);
        let people =
            [user("r", "a", "", "0355500142"), user("t", "b", "", "+81355500142"), user("t", "c", "", "+81355500142")];
        assert_eq!(shape(&people), [alone("r/a"), alone("t/b"), alone("t/c")], "the main line of an office");
        let people = [user("r", "a", "", "204"), user("t", "b", "", "204")];
        assert_eq!(shape(&people), [alone("r/a"), alone("t/b")], "a short number means nothing beyond its office");
        let people = [user("r", "a", "", "+81355500142"), user("t", "b", "", "+82355500142")];
        assert_eq!(shape(&people), [alone("r/a"), alone("t/b")]);
    }

    #[test]
    fn a_number_of_a_queue_or_a_shared_line_links_nobody() {
        let people = [
            user("r", "a", "", "03-5550-0142"),
            user("t", "b", "", "+81355500142"),
            person("t", "q", "", "+81355500142", PersonKind::Queue),
        ];
        assert_eq!(shape(&people), [alone("r/a"), alone("t/b")]);
    }

    #[test]
    fn an_address_that_two_of_one_directory_share_links_nobody() {
        let people =
            [user("r", "a", "info@x.jp", ""), user("t", "b", "info@x.jp", ""), user("t", "c", "INFO@x.jp", "")];
        assert_eq!(shape(&people), [alone("r/a"), alone("t/b"), alone("t/c")]);
    }

    #[test]
    fn the_stronger_reason_wins_and_two_of_one_directory_never_become_one() {
        let people = [
            user("r", "a", "a@x.jp", "+81355500142"),
            user("t", "b", "a@x.jp", ""),
            user("t", "c", "", "+81355500142"),
        ];
        assert_eq!(shape(&people), [both("r/a", "t/b", LinkReason::SameEmail), alone("t/c")]);
        let people = [
            user("r", "a", "a@x.jp", ""),
            user("t", "b", "a@x.jp", "+81355500142"),
            user("v", "c", "", "03-5550-0142"),
        ];
        let mut three = both("r/a", "t/b", LinkReason::SameEmail);
        three.push(("v/c".to_owned(), Some(LinkReason::SameNumber)));
        assert_eq!(shape(&people), [three]);
    }
}
