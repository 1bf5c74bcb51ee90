//! Everybody of the account, to the last page.

use model::person::PersonKind;

use crate::desk::{Desk, json, query};

const PEOPLE: &str = "restapi/v1.0/account/~/extension";
const EXTENSIONS: &str = include_str!("../fixtures/extensions.json");

#[tokio::test]
async fn people_and_queues_are_told_apart_and_ids_stay_whole() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, format!(r#"{{"records":{EXTENSIONS},"paging":{{"perPage":1000}}}}"#))).await;
    let people = desk.session.people.unwrap().people().await.unwrap();
    let short: Vec<_> = people.iter().map(|it| (it.id.as_str(), it.name.as_str(), it.kind, it.is_active)).collect();
    let expected = [
        ("c1/44444441", "Anne Green", PersonKind::User, true),
        ("c1/44444442", "Ben Stone", PersonKind::User, false),
        ("c1/22222222", "Sales Queue", PersonKind::Queue, true),
        ("c1/9223372036854775807", "9223372036854775807", PersonKind::Queue, false),
    ];
    assert_eq!(short, expected);
    assert_eq!(people[0].email.as_deref(), Some("anne@example.com"));
    assert_eq!(
        (people[0].extension.as_deref(), people[0].numbers.as_slice()),
        (Some("101"), &["+16505550101".to_owned()][..])
    );
}

#[tokio::test]
async fn pages_are_read_until_there_is_no_next_one() {
    let desk = Desk::new().await;
    let next = r#"{"records":[{"id":1}],"navigation":{"nextPage":{"uri":"https://elsewhere.example/x?page=2"}}}"#;
    desk.gives_once("GET", PEOPLE, json(200, next)).await;
    desk.gives("GET", PEOPLE, json(200, r#"{"records":[{"id":2}],"navigation":{}}"#)).await;
    let people = desk.session.people.as_ref().unwrap().people().await.unwrap();
    assert_eq!(people.len(), 2);
    let pages: Vec<_> = desk.asked().await.iter().filter_map(|it| query(it, "page")).collect();
    assert_eq!(pages, ["1", "2"]);
}

#[tokio::test]
async fn without_links_the_count_of_pages_counts() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, r#"{"records":[{"id":1}],"paging":{"page":1,"perPage":1,"totalPages":3}}"#))
        .await;
    assert_eq!(desk.session.people.as_ref().unwrap().people().await.unwrap().len(), 3);
    assert_eq!(desk.asked().await.len(), 3);
}
