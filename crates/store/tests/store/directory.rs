//! People, customers and destinations.

use std::collections::BTreeSet;

use model::chat_room::{Destination, DestinationKind};
use model::customer::Customer;
use model::event::Table;
use model::person::{Person, PersonKind};

use crate::making::{customer, office, person, read, store, write};

#[tokio::test]
async fn the_directory_becomes_what_the_system_says() {
    let store = store().await;
    let people = vec![person("a", "佐藤", PersonKind::User), person("b", "鈴木", PersonKind::User)];
    let again = people.clone();
    let written = store.write(move |w| store::people::replace(w, &office(), &people)).await.unwrap();
    assert_eq!(written.value, 2);
    let written = store.write(move |w| store::people::replace(w, &office(), &again)).await.unwrap();
    assert_eq!((written.value, written.tables), (0, BTreeSet::new()), "nothing changed, nothing is announced");

    let married = vec![person("b", "田中", PersonKind::User)];
    let written = store.write(move |w| store::people::replace(w, &office(), &married)).await.unwrap();
    assert_eq!(written.value, 2, "one changed and one gone");
    let all = read(&store, store::people::all).await;
    assert_eq!(all.iter().map(|it| (it.id.as_str(), it.name.as_str())).collect::<Vec<_>>(), [("c1/b", "田中")]);
}

#[tokio::test]
async fn people_are_found_by_name_address_and_number() {
    let store = store().await;
    let sato = Person { numbers: vec!["03-5550-0142".to_owned()], ..person("101", "佐藤 Ｙumi", PersonKind::User) };
    let people = vec![sato, person("102", "100%_\\", PersonKind::User)];
    write(&store, move |w| store::people::replace(w, &office(), &people)).await;
    let check = async |text: &'static str, expected: &[&str]| {
        let found = read(&store, move |r| store::people::find(r, text)).await;
        assert_eq!(found.iter().map(|it| it.external_id.as_str()).collect::<Vec<_>>(), expected, "{text}");
    };
    check("佐", &["101"]).await;
    check("yumi", &["101"]).await;
    check("101@EXAMPLE", &["101"]).await;
    check("5550-01", &["101"]).await;
    check("%", &["102"]).await;
    check("_", &["102"]).await;
    check("\\", &["102"]).await;
    check("", &["102", "101"]).await;
}

#[tokio::test]
async fn customers_are_found_by_any_part_and_by_number() {
    let store = store().await;
    let first = Customer { kana: Some("アサヒ".to_owned()), ..customer("k1", "旭商店", "03-5550-0142") };
    let second = Customer { kana: Some("イズミ".to_owned()), ..customer("k2", "泉商店", "+81 3 5550 0142") };
    let customers = vec![second, first];
    let again = customers.clone();
    let tables = write(&store, move |w| store::customers::replace(w, &office(), &customers)).await;
    assert_eq!(tables, [Table::Calls, Table::Customers].into());
    assert!(write(&store, move |w| store::customers::replace(w, &office(), &again)).await.is_empty());
    let names = |customers: Vec<Customer>| customers.into_iter().map(|it| it.name).collect::<Vec<_>>();
    assert_eq!(names(read(&store, |r| store::customers::find(r, "商店")).await), ["旭商店", "泉商店"], "by reading");
    assert_eq!(names(read(&store, |r| store::customers::find(r, "いず")).await), ["泉商店"]);
    assert_eq!(names(read(&store, |r| store::customers::find(r, "")).await).len(), 2);
    assert_eq!(names(read(&store, |r| store::customers::by_key(r, "+81355500142")).await), ["旭商店", "泉商店"]);
}

#[tokio::test]
async fn destinations_are_rooms_and_reachable_people() {
    let store = store().await;
    let account = Person { username: Some("yumi".to_owned()), ..person("a", "佐藤由美", PersonKind::User) };
    let left = Person { is_active: false, ..person("b", "佐藤次郎", PersonKind::User) };
    let silent = Person { email: None, ..person("c", "佐藤三郎", PersonKind::User) };
    let people =
        vec![account, left, silent, person("d", "佐藤課", PersonKind::Queue), person("e", "加藤", PersonKind::Guest)];
    write(&store, move |w| store::people::replace(w, &office(), &people)).await;
    let room = |address: &str, name: &str| Destination {
        address: address.to_owned(),
        name: name.to_owned(),
        kind: DestinationKind::Room,
        detail: String::new(),
        members: None,
    };
    let rooms = vec![Destination { members: Some(300), ..room("r1", "佐藤会") }, room("r2", "総務")];
    let again = rooms.clone();
    let tables = write(&store, move |w| store::destinations::replace(w, &office(), &rooms)).await;
    assert_eq!(tables, [Table::Destinations].into());
    assert!(write(&store, move |w| store::destinations::replace(w, &office(), &again)).await.is_empty());
    let check = async |text: &'static str, expected: &[&str]| {
        let found = read(&store, move |r| store::destinations::find(r, &office(), text, 10)).await;
        assert_eq!(found.iter().map(|it| it.address.as_str()).collect::<Vec<_>>(), expected, "{text}");
    };
    check("佐", &["r1", "yumi"]).await;
    check("藤", &["r1", "yumi", "e@example.com"]).await;
    check("ＹＵＭＩ", &["yumi"]).await;
    let first = read(&store, |r| store::destinations::find(r, &office(), "", 1)).await;
    assert_eq!(first.iter().map(|it| it.members).collect::<Vec<_>>(), [Some(300)]);
    let elsewhere = read(&store, |r| store::destinations::find(r, &"c9".into(), "", 9)).await;
    assert!(elsewhere.is_empty());
}
