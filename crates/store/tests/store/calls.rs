//! Calls: what is new, what is joined, what becomes of a live one.

use model::call::{Call, CallFilter, CallPlace, Direction, Outcome, Role, SeenCall};
use model::event::Table;
use model::person::PersonKind;
use model::{CallId, PersonId, Raw};
use store::Store;

use crate::making::{at, customer, found, leg, number, office, person, read, searching, seen, store, take_in, write};

async fn one(store: &Store, external_id: &str) -> Option<Call> {
    let id = CallId(format!("{}/{external_id}", office()));
    read(store, move |r| store::calls::call(r, &id)).await
}

#[tokio::test]
async fn an_unchanged_call_announces_nothing_and_a_changed_one_does() {
    let store = store().await;
    let call = SeenCall { legs: vec![leg("Front")], ..seen("1", 0, number("0355500142")) };
    assert_eq!(take_in(&store, vec![call.clone()]).await, [Table::Calls].into());
    let first = read(&store, |r| store::calls::block(r, &searching(""), 0)).await;
    assert!(take_in(&store, vec![call.clone()]).await.is_empty());
    let same = read(&store, |r| store::calls::block(r, &searching(""), 0)).await;
    assert_eq!(first, same, "the edition stays too");

    let renamed = SeenCall { legs: vec![leg("Sales")], ..call };
    let written = store.write(move |w| store::calls::upsert(w, &office(), Some("JP"), &[renamed])).await.unwrap();
    assert_eq!((written.value, written.tables), (1, [Table::Calls].into()), "a leg alone is a change");
    let later = read(&store, |r| store::calls::block(r, &searching(""), 0)).await;
    assert!(later.edition > first.edition);
}

#[tokio::test]
async fn a_detail_has_legs_record_customers_and_the_last_calls_with_the_number() {
    let store = store().await;
    let calls = (0..9)
        .map(|n| SeenCall { legs: vec![leg("Menu"), leg("Front")], ..seen(&n.to_string(), n, number("03-5550-0142")) })
        .collect();
    take_in(&store, calls).await;
    write(&store, |w| store::customers::replace(w, &office(), &[customer("k1", "西村", "+81355500142")])).await;
    let id = CallId::from("c1/4");
    let detail = read(&store, move |r| store::calls::detail(r, &id)).await.unwrap();
    assert_eq!(detail.raw, Raw("{\"id\":\"4\"}".to_owned()));
    assert_eq!(detail.call.legs, [leg("Menu"), leg("Front")]);
    assert_eq!(detail.customers[0].name, "西村");
    let last: Vec<_> = detail.last_calls.iter().map(|it| it.external_id.as_str()).collect();
    assert_eq!(last, ["8", "7", "6", "5", "3"], "five at most, without this one");
    let latest = read(&store, |r| store::calls::latest_with_number(r, "+81355500142", 2)).await;
    assert_eq!(latest.iter().map(|it| it.external_id.as_str()).collect::<Vec<_>>(), ["8", "7"]);
    let gone = CallId::from("c1/99");
    assert_eq!(read(&store, move |r| store::calls::detail(r, &gone)).await, None);
}

#[tokio::test]
async fn records_come_back_byte_for_byte_from_a_learnt_dictionary() {
    let store = store().await;
    let record = |n: i64| {
        Raw(format!(
            "{{\"uri\":\"https://pbx.example.com/restapi/v1.0/account/37439510/call-log/{n}\",\"type\":\"Voice\",\
             \"from\":{{\"phoneNumber\":\"+8135550{n:04}\",\"name\":\"客{n}\"}},\"big\":{},\"legs\":[{}]}}",
            u64::MAX - n.unsigned_abs(),
            n * 7919
        ))
    };
    let calls = (0..300).map(|n| SeenCall { raw: record(n), ..seen(&n.to_string(), n, number("")) }).collect();
    take_in(&store, calls).await;
    for n in [0, 150, 299] {
        let id = CallId(format!("c1/{n}"));
        let detail = read(&store, move |r| store::calls::detail(r, &id)).await.unwrap();
        assert_eq!(detail.raw, record(n));
    }
}

#[tokio::test]
async fn the_log_replaces_the_live_call_and_a_late_live_event_brings_it_not_back() {
    let store = store().await;
    let live = SeenCall { session_id: Some("s1".to_owned()), ..seen("live-s1", 0, number("0355500142")) };
    let logged = SeenCall { session_id: Some("s1".to_owned()), ..seen("77", 0, number("0355500142")) };
    take_in(&store, vec![live.clone()]).await;
    assert_eq!(found(&store, searching("")).await, ["live-s1"]);
    assert_eq!(take_in(&store, vec![logged.clone()]).await, [Table::Calls].into());
    assert_eq!(found(&store, searching("")).await, ["77"]);
    assert!(take_in(&store, vec![live.clone()]).await.is_empty());
    assert_eq!(found(&store, searching("")).await, ["77"]);
    // Who still has the live one's name, a notification say, finds what the log says.
    let (live_id, id) = (CallId::from("c1/live-s1"), CallId::from("c1/77"));
    let wanted = live_id.clone();
    let place = read(&store, move |r| store::calls::place(r, &searching(""), &wanted)).await;
    assert_eq!(place, Some(CallPlace { row: 0, id: id.clone() }));
    let (wanted, of) = (live_id.clone(), id);
    assert_eq!(read(&store, move |r| store::calls::detail(r, &wanted)).await.unwrap().call.id, of);
    assert!(read(&store, move |r| store::calls::told(r, &live_id)).await.is_none(), "but it is no news");

    let other = crate::making::store().await;
    take_in(&other, vec![live, logged]).await;
    assert_eq!(found(&other, searching("")).await, ["77"], "in one batch as well");
}

#[tokio::test]
async fn only_colleagues_take_part_never_a_queue_a_bot_or_a_guest() {
    let store = store().await;
    let took_part = [("q", Role::Rang), ("a", Role::Rang), ("a", Role::Spoke), ("b", Role::Rang), ("g", Role::Rang)];
    let extensions = took_part.map(|(id, role)| (id.to_owned(), role)).to_vec();
    take_in(&store, vec![SeenCall { extensions, ..seen("1", 0, number("0355500142")) }]).await;
    assert!(one(&store, "1").await.unwrap().people.is_empty(), "nobody is known yet");
    let people = [
        person("a", "佐藤", PersonKind::User),
        person("b", "Bot", PersonKind::Bot),
        person("q", "Sales Queue", PersonKind::Queue),
        person("g", "Guest", PersonKind::Guest),
    ];
    let tables = write(&store, move |w| store::people::replace(w, &office(), &people)).await;
    assert_eq!(tables, [Table::Calls, Table::People].into(), "calls show people");
    let call = one(&store, "1").await.unwrap();
    let people: Vec<_> = call.people.iter().map(|it| (it.name.as_str(), it.role)).collect();
    assert_eq!(people, [("佐藤", Role::Spoke)], "whoever spoke did not only ring");
    assert_eq!(call.people[0].system.as_str(), "some-system");
    assert_eq!(found(&store, searching("Sales")).await, Vec::<String>::new());
    assert_eq!(found(&store, searching("佐")).await, ["1"]);
    let filter = CallFilter { person: Some(PersonId::from("c1/a")), ..CallFilter::default() };
    assert_eq!(found(&store, filter.clone()).await, ["1"]);
    assert_eq!(found(&store, CallFilter { search: "0142".to_owned(), ..filter }).await, ["1"]);
    let nobody = CallFilter { person: Some(PersonId::from("c1/z")), ..CallFilter::default() };
    assert_eq!(found(&store, nobody).await, Vec::<String>::new());
}

#[tokio::test]
async fn one_customer_is_named_and_several_are_counted() {
    let store = store().await;
    let outbound = SeenCall { direction: Direction::Outbound, to: number("0355500142"), ..seen("2", 1, number("204")) };
    let named = SeenCall { customer_external_id: Some("k2".to_owned()), ..seen("3", 2, number("0355500142")) };
    take_in(&store, vec![seen("1", 0, number("0355500142")), outbound, named]).await;
    let customers = [customer("k1", "西村商店", "03-5550-0142")];
    write(&store, move |w| store::customers::replace(w, &office(), &customers)).await;
    for id in ["1", "2", "3"] {
        let call = one(&store, id).await.unwrap();
        assert_eq!(call.customer.map(|it| it.name).as_deref(), Some("西村商店"), "call {id}");
        assert_eq!(call.customer_count, 1);
    }
    let customers = [customer("k1", "西村商店", "03-5550-0142"), customer("k2", "東村商店", "+81 3 5550 0142")];
    write(&store, move |w| store::customers::replace(w, &office(), &customers)).await;
    for id in ["1", "2"] {
        let call = one(&store, id).await.unwrap();
        assert_eq!((call.customer, call.customer_count), (None, 2), "call {id}: never a guess");
    }
    let call = one(&store, "3").await.unwrap();
    assert_eq!(call.customer.map(|it| it.name).as_deref(), Some("東村商店"), "the system names it");
    assert_eq!(found(&store, searching("西村")).await, ["2", "1"], "the third call is with the other one");
    assert_eq!(found(&store, searching("東村")).await, ["3", "2", "1"]);
}

#[tokio::test]
async fn filters_narrow_by_time_way_outcome_number_and_connection() {
    let store = store().await;
    let missed = SeenCall { outcome: Outcome::Missed, ..seen("2", 2, number("0355500143")) };
    let timeless = SeenCall { started_at: None, ..seen("0", 0, number("0355500142")) };
    take_in(&store, vec![timeless, seen("1", 1, number("0355500142")), missed, seen("3", 3, number(""))]).await;
    let all = CallFilter::default();
    assert_eq!(found(&store, all.clone()).await, ["3", "2", "1", "0"], "an unknown begin is at the end");
    let day = CallFilter { from: Some(at(1)), to: Some(at(3)), ..all.clone() };
    assert_eq!(found(&store, day).await, ["2", "1"], "the end is exclusive");
    let until = CallFilter { to: Some(at(2)), ..all.clone() };
    assert_eq!(found(&store, until).await, ["1"], "an unknown begin is in no span");
    assert_eq!(found(&store, CallFilter { outcome: Some(Outcome::Missed), ..all.clone() }).await, ["2"]);
    assert!(found(&store, CallFilter { direction: Some(Direction::Outbound), ..all.clone() }).await.is_empty());
    for form in ["03-5550-0142", "+81355500142", "０３５５５００１４２"] {
        assert_eq!(
            found(&store, CallFilter { number: Some(form.to_owned()), ..all.clone() }).await,
            ["1", "0"],
            "{form}"
        );
    }
    for other in ["5550-0142", "03-5550-01", "+82355500142"] {
        assert!(
            found(&store, CallFilter { number: Some(other.to_owned()), ..all.clone() }).await.is_empty(),
            "{other}"
        );
    }
    assert!(found(&store, CallFilter { number: Some("非通知".to_owned()), ..all.clone() }).await.is_empty());
    assert_eq!(found(&store, CallFilter { connection: Some(office()), ..all.clone() }).await.len(), 4);
    let other = CallFilter { connection: Some("c9".into()), ..all };
    assert!(found(&store, other).await.is_empty());
}

#[tokio::test]
async fn a_call_that_the_system_no_longer_has_goes() {
    let store = store().await;
    take_in(&store, vec![seen("1", 0, number("0355500142")), seen("2", 0, number("0355500142"))]).await;
    let written = store.write(|w| store::calls::remove(w, &office(), &["1".to_owned(), "9".to_owned()])).await.unwrap();
    assert_eq!((written.value, written.tables), (1, [Table::Calls].into()));
    assert_eq!(found(&store, searching("0142")).await, ["2"]);
}
