//! Who becomes one person.

use proptest::prelude::*;

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

type Shape = Vec<Vec<(String, Option<LinkReason>)>>;

/// `t` and `u` are to one server, `v` is to another of that kind, `r` to another kind.
fn connections() -> Vec<Connection> {
    vec![
        connection("r", "chat", "https://chat.example"),
        connection("t", "phone", "https://phone.example"),
        connection("u", "phone", "https://phone.example"),
        connection("v", "phone", "https://other.example"),
    ]
}

fn directory(people: &[Person], said: &[PersonSaid]) -> Directory {
    Directory { people: people.to_vec(), connections: connections(), said: said.to_vec(), ..Directory::default() }
}

fn shape_of(directory: &Directory) -> Shape {
    let identities = |it: LinkedPerson| it.identities.into_iter().map(|it| (it.id.0, it.reason)).collect();
    directory.link().people.into_iter().map(identities).collect()
}

/// Who becomes one person at these connections.
fn shape(people: &[Person]) -> Shape {
    shape_of(&directory(people, &[]))
}

fn said(one: &str, other: &str, is_same: bool, at: i64) -> PersonSaid {
    PersonSaid { one: one.into(), other: other.into(), is_same: Some(is_same), at: Time::from_millis(at) }
}

fn alone(id: &str) -> Vec<(String, Option<LinkReason>)> {
    vec![(id.to_owned(), None)]
}

fn both(one: &str, two: &str, reason: LinkReason) -> Vec<(String, Option<LinkReason>)> {
    vec![(one.to_owned(), None), (two.to_owned(), Some(reason))]
}

#[test]
fn a_person_is_named_by_the_first_connection_whichever_directory_was_read_first() {
    let people = [
        user("t", "Kenichi Tanaka", "t.kenichi@example.jp", ""),
        user("v", "K. Tanaka", "t.kenichi@example.jp", ""),
        user("r", "田中 健一", "t.kenichi@example.jp", ""),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let read: Vec<Person> = order.iter().map(|at| people[*at].clone()).collect();
        let linked = directory(&read, &[]).link().people;
        let [person] = linked.as_slice() else { panic!("one person: {linked:?}") };
        assert_eq!((person.name.as_str(), person.id.0.as_str()), ("田中 健一", "r/田中 健一"), "{order:?}");
        let systems: Vec<&str> = person.identities.iter().map(|it| it.connection.0.as_str()).collect();
        assert_eq!(systems, ["r", "t", "v"], "{order:?}");
    }
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
    let expected = [both("r/tanaka", "t/63309", LinkReason::SameEmail), alone("r/nobody"), alone("t/70001")];
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
    let people = [user("r", "a", "info@x.jp", ""), user("t", "b", "info@x.jp", ""), user("t", "c", "INFO@x.jp", "")];
    assert_eq!(shape(&people), [alone("r/a"), alone("t/b"), alone("t/c")]);
}

#[test]
fn the_stronger_reason_wins_and_two_of_one_directory_never_become_one() {
    let people =
        [user("r", "a", "a@x.jp", "+81355500142"), user("t", "b", "a@x.jp", ""), user("t", "c", "", "+81355500142")];
    assert_eq!(shape(&people), [both("r/a", "t/b", LinkReason::SameEmail), alone("t/c")]);
    let people =
        [user("r", "a", "a@x.jp", ""), user("t", "b", "a@x.jp", "+81355500142"), user("v", "c", "", "03-5550-0142")];
    let mut three = both("r/a", "t/b", LinkReason::SameEmail);
    three.push(("v/c".to_owned(), Some(LinkReason::SameNumber)));
    assert_eq!(shape(&people), [three]);
}

#[test]
fn what_a_person_said_stands_above_what_the_systems_suggest() {
    let people = [user("r", "a", "a@x.jp", ""), user("t", "b", "a@x.jp", ""), user("t", "c", "", "")];
    let same = said("r/a", "t/c", true, 1);
    let expected = [both("r/a", "t/c", LinkReason::ByHand), alone("t/b")];
    assert_eq!(shape_of(&directory(&people, std::slice::from_ref(&same))), expected);
    let linked = directory(&people, &[same]).link();
    assert_eq!(linked.people[0].identities[1].since, Time::from_millis(1));
    assert_eq!(linked.links, [], "a link by hand is none that the systems suggest");
    let apart = said("r/a", "t/b", false, 1);
    assert_eq!(shape_of(&directory(&people, &[apart])), [alone("r/a"), alone("t/b"), alone("t/c")]);
}

#[test]
fn of_two_words_that_cannot_both_be_true_the_later_one_holds() {
    let people = [user("r", "a", "", ""), user("t", "b", "", ""), user("t", "c", "", "")];
    let (former, later) = (said("r/a", "t/b", true, 1), said("t/c", "r/a", true, 2));
    let expected = [both("r/a", "t/c", LinkReason::ByHand), alone("t/b")];
    assert_eq!(shape_of(&directory(&people, &[former.clone(), later.clone()])), expected);
    assert_eq!(shape_of(&directory(&people, &[later, former])), expected);
}

#[test]
fn who_was_taken_apart_is_not_joined_by_way_of_a_third() {
    let people = [user("r", "a", "a@x.jp", ""), user("t", "b", "a@x.jp", ""), user("v", "c", "a@x.jp", "")];
    let apart = [said("r/a", "t/b", false, 1)];
    assert_eq!(shape_of(&directory(&people, &apart)), [alone("r/a"), alone("t/b"), alone("v/c")]);
    let wholly = [said("r/a", "t/b", false, 1), said("v/c", "r/a", false, 1)];
    assert_eq!(shape_of(&directory(&people, &wholly)), [alone("r/a"), both("t/b", "v/c", LinkReason::SameEmail)]);
}

#[test]
fn two_who_claim_one_id_are_both_shown_and_nobody_is_merged() {
    let people = [
        user("r", "a", "info@x.jp", ""),
        user("t", "b", "info@x.jp", ""),
        user("t", "c", "info@x.jp", ""),
        person("t", "q", "", "", PersonKind::Queue),
    ];
    let linked = directory(&people, &[]).link();
    assert_eq!(linked.people.len(), 3);
    let pairs: Vec<_> = linked.shared.iter().map(|it| (it.0.as_str(), it.1.as_str(), it.2)).collect();
    let shared = MaybeReason::SharedEmail;
    assert_eq!(pairs, [("r/a", "t/b", shared), ("r/a", "t/c", shared), ("t/b", "t/c", shared)]);
}

#[test]
fn a_link_says_since_when_it_has_been_seen() {
    let people = [user("r", "a", "a@x.jp", "+81355500142"), user("t", "b", "a@x.jp", "+81355500142")];
    let mut directory = directory(&people, &[]);
    let link = |reason| ("r/a".into(), "t/b".into(), reason);
    assert_eq!(directory.link().links, [link(LinkReason::SameEmail), link(LinkReason::SameNumber)]);
    directory.seen = HashMap::from([(link(LinkReason::SameNumber), Time::from_millis(7).unwrap())]);
    assert_eq!(directory.link().people[0].identities[1].since, None, "of the reason that is shown");
    directory.seen = HashMap::from([(link(LinkReason::SameEmail), Time::from_millis(9).unwrap())]);
    assert_eq!(directory.link().people[0].identities[1].since, Time::from_millis(9));
}

/// Entries that share little, so that they are often claimed by several.
fn entries() -> impl Strategy<Value = Vec<Person>> {
    let kind = prop_oneof![8 => Just(PersonKind::User), 1 => Just(PersonKind::Queue), 1 => Just(PersonKind::Guest)];
    let one = (0..4_usize, 0..5_u32, 0..4_u32, 0..4_u32, kind);
    proptest::collection::vec(one, 0..14).prop_map(|all| {
        let mut people = Vec::new();
        let mut known = HashSet::new();
        for (connection, id, email, number, kind) in all {
            let email = if email == 0 { String::new() } else { format!("p{email}@x.jp") };
            let number = if number == 0 { String::new() } else { format!("+8135550010{number}") };
            let it = person(["r", "t", "u", "v"][connection], &id.to_string(), &email, &number, kind);
            if known.insert(it.id.clone()) {
                people.push(it);
            }
        }
        people
    })
}

/// What is said of some of these entries, each pair once.
fn words_on(people: &[Person], picks: &[(usize, usize, bool)]) -> Vec<PersonSaid> {
    let mut words: Vec<PersonSaid> = Vec::new();
    for (nth, (one, other, is_same)) in picks.iter().enumerate() {
        let (Some(one), Some(other)) = (people.get(one % people.len().max(1)), people.get(other % people.len().max(1)))
        else {
            continue;
        };
        let (one_id, other_id) = person_links::ordered(one.id.clone(), other.id.clone());
        if one.connection != other.connection && words.iter().all(|it| (&it.one, &it.other) != (&one_id, &other_id)) {
            words.push(said(one_id.as_str(), other_id.as_str(), *is_same, nth as i64));
        }
    }
    words
}

/// Who is together, without regard to any order.
fn together(directory: &Directory) -> Vec<Vec<String>> {
    let ids = |it: LinkedPerson| {
        let mut ids: Vec<String> = it.identities.into_iter().map(|it| it.id.0).collect();
        ids.sort();
        ids
    };
    let mut all: Vec<Vec<String>> = directory.link().people.into_iter().map(ids).collect();
    all.sort();
    all
}

proptest! {
    #[test]
    fn the_order_in_which_entries_and_words_come_decides_nothing(
        (people, mixed) in entries().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        picks in proptest::collection::vec((0..14_usize, 0..14_usize, any::<bool>()), 0..8),
    ) {
        let words = words_on(&people, &picks);
        let turned: Vec<PersonSaid> = words.iter().rev().cloned().collect();
        let (one, other) = (directory(&people, &words), directory(&mixed, &turned));
        prop_assert_eq!(together(&one), together(&other));
        let links = |it: &Directory| it.link().links.into_iter().collect::<HashSet<_>>();
        prop_assert_eq!(links(&one), links(&other));
    }

    #[test]
    fn every_colleague_is_one_person_who_has_one_entry_of_each_directory_and_nobody_they_were_taken_apart_from(
        people in entries(),
        picks in proptest::collection::vec((0..14_usize, 0..14_usize, any::<bool>()), 0..8),
    ) {
        let words = words_on(&people, &picks);
        let linked = directory(&people, &words).link();
        let mut shown: Vec<&PersonId> = linked.people.iter().flat_map(|it| &it.identities).map(|it| &it.id).collect();
        let mut colleagues: Vec<&PersonId> =
            people.iter().filter(|it| it.kind == PersonKind::User).map(|it| &it.id).collect();
        shown.sort();
        colleagues.sort();
        prop_assert_eq!(shown, colleagues, "each once; a guest and a queue never");
        for it in &linked.people {
            let directories: HashSet<_> = it.identities.iter().map(|it| &it.connection).collect();
            prop_assert_eq!(directories.len(), it.identities.len());
            prop_assert!(it.identities.iter().enumerate().all(|(nth, one)| one.reason.is_some() == (nth > 0)));
            let has = |id: &PersonId| it.identities.iter().any(|one| one.id == *id);
            prop_assert!(words.iter().filter(|it| it.is_same == Some(false)).all(|it| !(has(&it.one) && has(&it.other))));
        }
    }
}
