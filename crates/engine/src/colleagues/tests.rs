//! Whom a missed call is told to and through which chat, by example.

use std::collections::HashMap;

use model::Time;
use model::call::{Direction, Outcome, Party};

use super::*;
use crate::links::Directory;
use crate::whereabouts::tests::{connection, person};

fn office(people: Vec<Person>) -> Office {
    let connections = [connection("team"), connection("chat"), connection("plain")];
    let now = Time::from_millis(1_790_000_000_000).unwrap();
    Office::new(
        Directory { people, connections: connections.to_vec(), ..Directory::default() },
        None,
        HashMap::new(),
        now,
    )
}

fn outlets() -> Vec<Outlet> {
    use AddressKind::{Email, Id, Username};
    let outlet = |id, has_directory, finds_by| Outlet { connection: connection(id), has_directory, finds_by };
    // In the order in which they were made, which decides nothing.
    vec![
        outlet("plain", false, vec![Email]),
        outlet("chat", true, vec![Email, Username]),
        outlet("team", true, vec![Id, Email]),
    ]
}

fn ways_of(people: Vec<Person>, id: &str) -> (Vec<String>, bool) {
    let office = office(people);
    let (ways, is_clear) = ways(office.person(&id.into()).unwrap(), &office, &outlets());
    (ways.into_iter().map(|it| format!("{} {}", it.connection, it.address)).collect(), is_clear)
}

fn call(people: &[(&str, Role)]) -> Call {
    let told = |(id, role): &(&str, Role)| CallPerson {
        id: (*id).into(),
        name: String::new(),
        email: None,
        system: "team".into(),
        external_id: String::new(),
        role: *role,
    };
    Call {
        id: "team/1".into(),
        connection: "team".into(),
        external_id: "1".into(),
        session_id: None,
        started_at: None,
        duration_seconds: None,
        direction: Direction::Inbound,
        outcome: Outcome::Missed,
        from: Party::default(),
        to: Party::default(),
        line: None,
        people: people.iter().map(told).collect(),
        customer: None,
        customer_count: 0,
        note: None,
        legs: Vec::new(),
        same: Vec::new(),
    }
}

fn told(missed: &Call, earlier: Vec<Call>, office: &Office) -> Vec<(String, ColleagueReason)> {
    let found = of_call(missed, || Ok::<_, std::convert::Infallible>(earlier), office, &outlets()).unwrap();
    found.into_iter().map(|it| (it.name, it.reason)).collect()
}

#[test]
fn a_directory_that_knows_the_person_by_id_comes_first_then_by_address_then_an_address_alone() {
    let known = |connection, id| person(connection, id, "田中 健一", "t@example.jp");
    let everywhere = vec![known("team", "63309"), known("chat", "t.kenichi")];
    let expected = ["team 63309", "chat t@example.jp", "plain t@example.jp"].map(str::to_owned);
    assert_eq!(ways_of(everywhere, "team/63309"), (expected.to_vec(), true));
    let expected = ["chat t@example.jp", "plain t@example.jp"].map(str::to_owned);
    assert_eq!(ways_of(vec![known("chat", "t.kenichi")], "chat/t.kenichi"), (expected.to_vec(), true));
}

#[test]
fn of_two_addresses_none_is_guessed_where_only_an_address_leads() {
    let with = |connection, email| Person {
        numbers: vec!["03-5550-0142".to_owned()],
        ..person(connection, "1", "田中 健一", email)
    };
    let office = office(vec![with("team", "a@example.jp"), with("chat", "b@example.jp")]);
    let plain: Vec<Outlet> = outlets().into_iter().take(1).collect();
    let (ways, is_clear) = ways(office.person(&"team/1".into()).unwrap(), &office, &plain);
    let addresses: Vec<_> = ways.iter().map(|it| it.address.as_str()).collect();
    assert_eq!((addresses, is_clear), (vec!["a@example.jp", "b@example.jp"], false));
}

#[test]
fn an_account_that_is_off_is_no_way_and_one_without_an_address_goes_by_its_name() {
    let off = Person { is_active: false, ..person("team", "1", "田中", "t@example.jp") };
    let named = Person { username: Some("t.kenichi".to_owned()), ..person("chat", "2", "田中", "t@example.jp") };
    assert_eq!(ways_of(vec![off, named], "team/1").0, ["chat t@example.jp", "plain t@example.jp"]);
    let named = Person { username: Some("t.kenichi".to_owned()), ..person("chat", "2", "田中", "") };
    assert_eq!(ways_of(vec![named], "chat/2"), (vec!["chat t.kenichi".to_owned()], true));
    assert_eq!(ways_of(vec![person("chat", "2", "田中", "")], "chat/2"), (vec![], false));
}

#[test]
fn whose_telephone_rang_is_told_and_several_are_a_list() {
    use ColleagueReason::{Rang, SpokeLast};
    use Role::{Rang as Rung, Spoke};
    let office = office(vec![person("team", "1", "田中", ""), person("team", "2", "鈴木", "")]);
    let name = |name: &str, reason| (name.to_owned(), reason);
    let both = call(&[("team/1", Rung), ("team/2", Rung), ("team/1", Rung)]);
    assert_eq!(told(&both, vec![], &office), [name("田中", Rang), name("鈴木", Rang)]);
    let earlier = vec![call(&[("team/1", Rung)]), call(&[("team/2", Spoke)]), call(&[("team/1", Spoke)])];
    assert_eq!(told(&call(&[]), earlier, &office), [name("鈴木", SpokeLast)]);
    assert_eq!(told(&call(&[("team/2", Spoke)]), vec![], &office), [name("鈴木", Rang)], "a voicemail box");
    assert_eq!(told(&call(&[]), vec![], &office), []);
}

#[test]
fn who_left_is_not_told_and_whoever_spoke_before_them_is() {
    let left = Person { is_active: false, ..person("team", "1", "田中", "") };
    let office = office(vec![left, person("team", "2", "鈴木", "")]);
    let missed = call(&[("team/1", Role::Rang), ("team/9", Role::Rang)]);
    let earlier = vec![call(&[("team/1", Role::Spoke)]), call(&[("team/2", Role::Spoke)])];
    assert_eq!(told(&missed, earlier, &office), [("鈴木".to_owned(), ColleagueReason::SpokeLast)]);
}
