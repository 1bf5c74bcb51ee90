//! Who a number, an address or an id means.

use model::matching::{MatchKind, MatchReason};
use model::person::{Person, PersonKind};
use model::{ConnectionId, Reason};

use crate::double::{Desk, Has, customer, refused};

fn person(id: &ConnectionId, external_id: &str, name: &str, number: &str, kind: PersonKind) -> Person {
    Person {
        id: format!("{id}/{external_id}").as_str().into(),
        connection: id.clone(),
        external_id: external_id.into(),
        name: name.into(),
        email: Some(format!("{external_id}@example.jp")),
        username: Some(format!("user-{external_id}")),
        numbers: vec![number.into()],
        extension: Some("204".into()),
        kind,
        is_active: true,
    }
}

async fn desk() -> Desk {
    let desk = Desk::with(Has::default()).await;
    {
        let mut state = desk.system.state();
        state.people = vec![
            person(&desk.id, "63309", "田中 健一", "+81355500142", PersonKind::User),
            person(&desk.id, "80001", "Sales Queue", "+81355500199", PersonKind::Queue),
        ];
        state.strangers = vec![person(&desk.id, "glip-1234", "Guest", "", PersonKind::Guest)];
        state.customers = vec![
            customer(&desk.id, "k1", "西村商店", "03-5550-0142"),
            customer(&desk.id, "k2", "東村商店", "0355500188"),
        ];
    }
    desk.reads(vec![]).await;
    desk
}

async fn meant(desk: &Desk, text: &str) -> Vec<(String, MatchKind, MatchReason)> {
    let found = desk.console.people_match(text).await.unwrap();
    let name = |it: &model::matching::Match| {
        let person = it.person.as_ref().map(|it| it.name.clone());
        person.or_else(|| it.customer.as_ref().map(|it| it.name.clone())).unwrap_or_default()
    };
    found.iter().map(|it| (name(it), it.kind, it.reason)).collect()
}

#[tokio::test]
async fn everybody_with_a_number_is_meant_in_any_written_form() {
    let desk = desk().await;
    for form in ["+81355500142", "03-5550-0142", "０３ ５５５０ ０１４２", "+81 (3) 5550-0142", "0355500142"]
    {
        let expected = [
            ("田中 健一".to_owned(), MatchKind::Colleague, MatchReason::Number),
            ("西村商店".to_owned(), MatchKind::Customer, MatchReason::Number),
        ];
        assert_eq!(meant(&desk, form).await, expected, "{form}: several are a list, never a guess");
    }
    let queue = [("Sales Queue".to_owned(), MatchKind::Queue, MatchReason::Number)];
    assert_eq!(meant(&desk, "0355500199").await, queue, "a queue is shown as what it is");
    assert_eq!(meant(&desk, "+81355500100").await, []);
    assert_eq!(meant(&desk, "").await, []);
    assert_eq!(desk.system.asked(), [""; 0], "no system is asked for a telephone number");
}

#[tokio::test]
async fn an_id_an_address_an_account_and_an_extension_mean_somebody_too() {
    let desk = desk().await;
    let whole = format!("{}/63309", desk.id);
    let check = async |text: &str, name: &str, reason: MatchReason| {
        let found = meant(&desk, text).await;
        assert!(found.iter().any(|it| it.0 == name && it.2 == reason), "{text}: {found:?}");
    };
    check("63309", "田中 健一", MatchReason::Id).await;
    check(&whole, "田中 健一", MatchReason::Id).await;
    check("user-63309", "田中 健一", MatchReason::Id).await;
    check("63309@EXAMPLE.jp ", "田中 健一", MatchReason::Email).await;
    check("204", "田中 健一", MatchReason::Extension).await;
    check("k2", "東村商店", MatchReason::Id).await;
    check("K2@customer.example", "東村商店", MatchReason::Email).await;
    assert_eq!(desk.system.asked(), [""; 0], "what the cache knows is not asked for");
}

#[tokio::test]
async fn a_guest_is_looked_up_and_shown_as_one_and_never_as_a_colleague() {
    let desk = desk().await;
    let found = meant(&desk, "glip-1234").await;
    assert_eq!(found, [("Guest".to_owned(), MatchKind::Guest, MatchReason::Id)]);
    assert_eq!(desk.system.asked(), ["look up glip-1234"]);
    assert_eq!(meant(&desk, "glip-9").await, []);
    assert!(desk.console.people_list("").await.unwrap().iter().all(|it| it.name == "田中 健一"));
    desk.system.state().refusals.push_back(refused(Reason::NoPermission));
    let outcome = desk.console.people_match("glip-9").await.unwrap_err();
    assert_eq!(outcome.why().reason, Reason::NoPermission, "an answer that never came is not nobody");
}

#[tokio::test]
async fn a_customer_is_shown_by_its_id() {
    let desk = desk().await;
    let id = format!("{}/k1", desk.id);
    assert_eq!(desk.console.customer_show(&id.as_str().into()).await.unwrap().name, "西村商店");
    for wrong in ["k1", "other/k1", ""] {
        let outcome = desk.console.customer_show(&wrong.into()).await.unwrap_err();
        assert_eq!(outcome.why().reason, Reason::NoSuchThing, "{wrong}");
    }
}
