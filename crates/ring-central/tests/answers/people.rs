//! Everybody of the account, to the last page.

use model::Reason;
use model::person::{Availability, PersonKind};

use crate::desk::{Desk, json, open, query, trouble};

const PEOPLE: &str = "restapi/v1.0/account/~/extension";
const DIRECTORY: &str = "restapi/v1.0/account/~/directory/entries";
const EXTENSIONS: &str = include_str!("../fixtures/extensions.json");

#[tokio::test]
async fn people_and_queues_are_told_apart_and_ids_stay_whole() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, format!(r#"{{"records":{EXTENSIONS},"paging":{{"perPage":1000}}}}"#))).await;
    desk.gives("GET", DIRECTORY, json(200, r#"{"records":[]}"#)).await;
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
    desk.gives("GET", DIRECTORY, json(200, r#"{"records":[]}"#)).await;
    let people = desk.session.people.as_ref().unwrap().people().await.unwrap();
    assert_eq!(people.len(), 2);
    let pages: Vec<_> = desk.asked().await.iter().filter_map(|it| query(it, "page")).collect();
    assert_eq!(pages, ["1", "2", "1"], "the last one is of the directory");
}

#[tokio::test]
async fn without_links_the_count_of_pages_counts() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, r#"{"records":[{"id":1}],"paging":{"page":1,"perPage":1,"totalPages":3}}"#))
        .await;
    desk.gives("GET", DIRECTORY, trouble(403, "InsufficientPermissions", "CMN-401", "no")).await;
    assert_eq!(desk.session.people.as_ref().unwrap().people().await.unwrap().len(), 3);
    assert_eq!(desk.asked().await.len(), 4);
}

#[tokio::test]
async fn the_directory_adds_numbers_and_is_asked_for_the_own_company_only() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, json(200, format!(r#"{{"records":{EXTENSIONS}}}"#))).await;
    let entries = r#"{"records":[
        {"id":"44444441","type":"User","email":"other@example.com","phoneNumbers":[{"phoneNumber":"(650)555-0101"},{"phoneNumber":"+16505550199"}]},
        {"id":"55555555","type":"User","firstName":"Cleo","lastName":"Reed"}, 7]}"#;
    desk.gives("GET", DIRECTORY, json(200, entries)).await;
    let port = desk.session.people.as_ref().unwrap();
    let people = port.people().await.unwrap();
    assert_eq!(people[0].numbers, ["+16505550101", "(650)555-0101", "+16505550199"]);
    assert_eq!(people[0].email.as_deref(), Some("anne@example.com"), "what the extension says holds");
    let cleo = people.last().unwrap();
    assert_eq!((cleo.name.as_str(), cleo.kind), ("Cleo Reed", PersonKind::Guest), "she has no extension here");
    assert_eq!(query(&desk.asked().await[1], "showFederated").as_deref(), Some("false"));
    port.people().await.unwrap();
    assert_eq!(desk.asked().await.len(), 3, "the directory is believed for a while");
    let asking = [("client-id", "app"), ("directory", "all")];
    let (session, _) = open(&desk.server.uri(), &[("jwt", "j.w.t")], &asking).unwrap();
    session.people.unwrap().people().await.unwrap();
    assert_eq!(query(&desk.asked().await[4], "showFederated").as_deref(), Some("true"), "unless asked");
    let wrong = open(&desk.server.uri(), &[("jwt", "j.w.t")], &[("client-id", "app"), ("directory", "half")]);
    assert_eq!(wrong.err().map(|it| it.why().words.clone()).as_deref(), Some("directory"));
}

#[tokio::test]
async fn whoever_may_not_list_extensions_has_the_directory() {
    let desk = Desk::new().await;
    desk.gives("GET", PEOPLE, trouble(403, "InsufficientPermissions", "CMN-408", "no")).await;
    let people = async || desk.session.people.as_ref().unwrap().people().await;
    desk.gives_once("GET", DIRECTORY, trouble(403, "InsufficientPermissions", "CMN-401", "no")).await;
    assert_eq!(people().await.unwrap_err().why().reason, Reason::NoPermission);
    desk.gives("GET", DIRECTORY, json(200, r#"{"records":[{"id":"1","name":"Anne"}]}"#)).await;
    assert_eq!(people().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_guest_is_never_asked_for_among_the_extensions() {
    let desk = Desk::new().await;
    let person = |id: &str| json(200, format!(r#"{{"id":"{id}","firstName":"Gail","email":"gail@example.org"}}"#));
    desk.gives("GET", "team-messaging/v1/persons/glip-7", person("glip-7")).await;
    desk.gives(
        "GET",
        "restapi/v1.0/account/~/extension/44444441",
        json(200, r#"{"id":44444441,"name":"Anne","type":"User"}"#),
    )
    .await;
    desk.gives("GET", "restapi/v1.0/account/~/extension/9", trouble(404, "NotFound", "CMN-102", "no")).await;
    desk.gives("GET", "team-messaging/v1/persons/9", trouble(404, "NotFound", "CMN-102", "no")).await;
    let ids = ["glip-7", "44444441", "9"].map(str::to_owned);
    let found = desk.session.people.as_ref().unwrap().look_up(&ids).await.unwrap();
    let short: Vec<_> = found.iter().map(|it| (it.external_id.as_str(), it.name.as_str(), it.kind)).collect();
    assert_eq!(short, [("glip-7", "Gail", PersonKind::Guest), ("44444441", "Anne", PersonKind::User)]);
    let asked: Vec<_> = desk.asked().await.iter().map(|it| it.url.path().to_owned()).collect();
    assert!(!asked.iter().any(|path| path.contains("extension/glip-")), "{asked:?}");
}

#[tokio::test]
async fn everybodys_presence_is_read_to_the_last_page() {
    let desk = Desk::new().await;
    let page = r#"{"records":[{"extension":{"id":1},"presenceStatus":"Available","telephonyStatus":"NoCall"},{"x":1}],"navigation":{"nextPage":{"uri":"y"}}}"#;
    desk.gives_once("GET", "restapi/v1.0/account/~/presence", json(200, page)).await;
    let last = r#"{"records":[{"extension":{"id":2},"presenceStatus":"Busy","telephonyStatus":"Ringing"}]}"#;
    desk.gives("GET", "restapi/v1.0/account/~/presence", json(200, last)).await;
    let found = desk.session.presences.as_ref().unwrap().presences().await.unwrap();
    let short: Vec<_> = found.iter().map(|it| (it.external_id.as_str(), it.availability, it.is_on_call)).collect();
    assert_eq!(short, [("1", Availability::Available, false), ("2", Availability::Busy, true)]);
}
