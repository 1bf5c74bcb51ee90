//! Records, questions by number and recordings: what is sent once, what is refused before, and what the cache follows.

use model::failure::Code;
use model::record::{RowChange, Updated};
use model::{Failure, Raw, Reason, Why};

use crate::double::{Desk, Has, conflict, customer, refused, seen};

fn row() -> Raw {
    Raw("{\"name\":\"西村商店\"}".into())
}

fn change(seen: Option<Raw>) -> RowChange {
    RowChange { fields: row(), seen }
}

#[tokio::test]
async fn what_a_resource_does_not_allow_never_reaches_the_system() {
    let desk = Desk::with(Has { writes: true, ..Has::default() }).await;
    let check = |outcome: Result<(), Failure>, reason: Reason| {
        assert_eq!(outcome.unwrap_err().why().reason, reason);
    };
    let (console, id) = (&desk.console, &desk.id);
    check(console.records_delete(id, "Call", "1").await, Reason::NotOffered);
    check(console.records_create(id, "Seen", &row()).await.map(drop), Reason::NotOffered);
    check(console.records_update(id, "Seen", "1", &change(None)).await.map(drop), Reason::NotOffered);
    check(console.records_create(id, "Nonsense", &row()).await.map(drop), Reason::NoSuchThing);
    assert_eq!(desk.system.asked(), [""; 0]);
    let reader = Desk::with(Has::default()).await;
    let outcome = reader.console.records_create(&reader.id, "Customer", &row()).await;
    check(outcome.map(drop), Reason::NotOffered);
    assert_eq!(reader.system.asked(), [""; 0]);
}

#[tokio::test]
async fn the_customers_are_read_again_after_each_change_of_one() {
    let desk = Desk::with(Has { writes: true, ..Has::default() }).await;
    let (console, id) = (&desk.console, &desk.id);
    desk.system.state().customers = vec![customer(id, "7", "西村商店", "0355500142")];
    let created = console.records_create(id, "Customer", &row()).await.unwrap();
    assert_eq!((created.key.as_deref(), created.row), (Some("7"), Some(row())));
    assert_eq!(desk.system.asked(), ["create Customer {\"name\":\"西村商店\"}", "customers"]);
    assert_eq!(console.customers_list(None, "西村").await.unwrap().len(), 1);

    desk.system.state().customers[0].name = "東村商店".into();
    let updated = console.records_update(id, "Customer", "7", &change(None)).await.unwrap();
    assert_eq!(updated, Updated::Done(row()));
    assert_eq!(console.customers_list(Some(id), "").await.unwrap()[0].name, "東村商店");

    desk.system.state().customers.clear();
    console.records_delete(id, "Customer", "7").await.unwrap();
    assert_eq!(console.customers_list(None, "").await.unwrap(), []);
    desk.system.asked();
    console.records_delete(id, "Line", "7").await.unwrap();
    assert_eq!(desk.system.asked(), ["delete Line/7"], "nothing is made from a line");
}

#[tokio::test]
async fn a_call_is_read_again_after_its_record_was_changed() {
    for has in [Has { writes: true, search: true, ..Has::default() }, Has { writes: true, ..Has::default() }] {
        let desk = Desk::with(has).await;
        desk.reads(vec![seen("1", 0, "0355500142")]).await;
        desk.system.state().calls[0].note = Some("by hand".into());
        desk.console.records_update(&desk.id, "Call", "1", &change(None)).await.unwrap();
        assert_eq!(desk.note("1").await.as_deref(), Some("by hand"));
        let asked = desk.system.asked();
        let question = if has.search { "find 0355500142 most 200" } else { "log" };
        assert_eq!(asked.last().map(String::as_str), Some(question));
    }
}

#[tokio::test]
async fn a_write_is_sent_once_and_its_outcome_told_as_it_is() {
    let desk = Desk::with(Has { writes: true, ..Has::default() }).await;
    let (console, id) = (&desk.console, &desk.id);
    let unknown = Failure::Unknown(Why::new(Reason::OutcomeUnknown, ""));
    desk.system.state().refusals.push_back(unknown);
    let outcome = console.records_create(id, "Customer", &row()).await.unwrap_err();
    assert_eq!(outcome.code(), Code::UnknownOutcome);
    let asked = desk.system.asked();
    assert_eq!(asked.iter().filter(|it| it.starts_with("create")).count(), 1, "{asked:?}");
    assert!(asked.contains(&"customers".to_owned()), "it may have arrived, so it is looked for");

    desk.system.state().refusals.push_back(refused(Reason::NotFound));
    let outcome = console.records_update(id, "Customer", "9", &change(None)).await.unwrap_err();
    assert_eq!(outcome.code(), Code::Refused);
    assert!(!desk.system.asked().contains(&"customers".to_owned()), "nothing changed");

    desk.system.state().is_changed_meanwhile = true;
    let outcome = console.records_update(id, "Customer", "7", &change(Some(row()))).await.unwrap();
    assert_eq!(outcome, Updated::Conflict(conflict()));
    let outcome = console.records_update(id, "Customer", "7", &change(None)).await.unwrap();
    assert_eq!(outcome, Updated::Done(row()), "without what was seen it is written over");
}

#[tokio::test]
async fn calls_asked_for_by_number_are_kept_and_listed_newest_first() {
    let desk = Desk::with(Has { search: true, ..Has::default() }).await;
    desk.system.state().calls =
        vec![seen("1", 0, "0355500142"), seen("2", 1, "0355500143"), seen("3", 2, "0355500142")];
    let ask = async |numbers: &[&str], limit: u32| {
        let numbers: Vec<String> = numbers.iter().map(|it| (*it).to_owned()).collect();
        desk.console.calls_ask(&desk.id, &numbers, limit).await
    };
    let page = ask(&["0355500142", " "], 100).await.unwrap();
    assert_eq!(page.calls.iter().map(|it| it.external_id.as_str()).collect::<Vec<_>>(), ["3", "1"]);
    assert_eq!((page.total, page.next), (2, None));
    assert_eq!(desk.found("0142").await.len(), 2, "they are in the cache now");
    assert_eq!(ask(&["0355500142"], 1).await.unwrap().calls.len(), 1);
    for (numbers, limit) in [(vec![], 100), (vec![" "], 100), (vec!["1"], 0), (vec!["1"], 10_001)] {
        assert_eq!(ask(&numbers, limit).await.unwrap_err().code(), Code::Invalid, "{numbers:?} {limit}");
    }
    let other = Desk::with(Has::default()).await;
    let outcome = other.console.calls_ask(&other.id, &["0355500142".into()], 10).await.unwrap_err();
    assert_eq!(outcome.why().reason, Reason::NotOffered);
}

#[tokio::test]
async fn recordings_are_those_that_the_record_names_and_no_others() {
    let desk = Desk::with(Has { recordings: true, ..Has::default() }).await;
    let mut recorded = seen("1", 0, "0355500142");
    recorded.raw = Raw("{\"recording\":{\"id\":\"r1\"}}".into());
    desk.reads(vec![recorded, seen("2", 1, "0355500142")]).await;
    let all = desk.console.recordings_of(&desk.call("1")).await.unwrap();
    assert_eq!(all.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["r1"]);
    assert_eq!(desk.console.recordings_of(&desk.call("2")).await.unwrap(), []);
    assert_eq!(desk.console.recording_content(&desk.call("1"), &all[0]).await.unwrap(), b"r1");
    desk.system.asked();
    let stranger = desk.console.recording_content(&desk.call("2"), &all[0]).await.unwrap_err();
    assert_eq!((stranger.why().reason, desk.system.asked()), (Reason::NotFound, vec![]));
    let silent = Desk::with(Has::default()).await;
    silent.reads(vec![seen("1", 0, "0355500142")]).await;
    let outcome = silent.console.recordings_of(&silent.call("1")).await.unwrap_err();
    assert_eq!(outcome.why().reason, Reason::NotOffered);
}
