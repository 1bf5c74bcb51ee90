//! Notes on calls that are kept here, what could not be understood, and what a ringing call is told with.

use std::collections::BTreeMap;

use model::call::{CallFilter, SeenCall};
use model::event::Table;
use model::{CallId, ConnectionId, Raw, Reason};
use proptest::prelude::*;
use store::Store;

use crate::making::{
    at, connection, customer, found, number, office, person, read, searching, seen, store, take_in, write,
};

fn id(external_id: &str) -> CallId {
    CallId(format!("{}/{external_id}", office()))
}

async fn note(store: &Store, external_id: &str) -> Option<String> {
    let id = id(external_id);
    read(store, move |r| store::calls::call(r, &id)).await.and_then(|call| call.note)
}

async fn set(store: &Store, external_id: &str, text: &'static str) -> CallId {
    let id = id(external_id);
    store.write(move |w| store::call_notes::set(w, &id, text, at(5))).await.unwrap().value
}

fn of_session(external_id: &str) -> SeenCall {
    SeenCall { session_id: Some("s1".to_owned()), ..seen(external_id, 0, number("0355500142")) }
}

#[tokio::test]
async fn a_note_is_shown_found_changed_and_taken_away() {
    let store = store().await;
    take_in(&store, vec![seen("1", 0, number("0355500142")), seen("2", 1, number("0355500143"))]).await;
    let before = read(&store, |r| store::calls::block(r, &CallFilter::default(), 0)).await.edition;
    let written = store.write(|w| store::call_notes::set(w, &id("1"), "折り返し待ち", at(5))).await.unwrap();
    assert_eq!((written.value, written.tables), (id("1"), [Table::Calls].into()));
    assert!(read(&store, |r| store::calls::block(r, &CallFilter::default(), 0)).await.edition > before);
    assert_eq!(note(&store, "1").await.as_deref(), Some("折り返し待ち"));
    assert_eq!(found(&store, searching("折り返し")).await, ["1"]);
    let same = store.write(|w| store::call_notes::set(w, &id("1"), "折り返し待ち", at(6))).await.unwrap();
    assert!(same.tables.is_empty(), "the same note is no news");
    assert_eq!(read(&store, |r| store::call_notes::get(r, &id("1"))).await, Some(("折り返し待ち".to_owned(), at(5))));

    set(&store, "1", "済み").await;
    assert_eq!(found(&store, searching("折り返し")).await, [""; 0], "the old words are gone from the search");
    assert_eq!(found(&store, searching("済み")).await, ["1"]);
    set(&store, "1", " ").await;
    assert_eq!(note(&store, "1").await, None);
    assert_eq!(read(&store, |r| store::call_notes::get(r, &id("1"))).await, None);
}

#[tokio::test]
async fn a_note_outlives_a_changed_call_and_the_systems_own_note_comes_back_after_it() {
    let store = store().await;
    let told = SeenCall { note: Some("of the system".to_owned()), ..seen("1", 0, number("0355500142")) };
    take_in(&store, vec![told.clone()]).await;
    set(&store, "1", "ours").await;
    let longer = SeenCall { duration_seconds: Some(90), ..told };
    take_in(&store, vec![longer.clone()]).await;
    assert_eq!(note(&store, "1").await.as_deref(), Some("ours"));
    set(&store, "1", "").await;
    take_in(&store, vec![longer]).await;
    assert_eq!(note(&store, "1").await.as_deref(), Some("of the system"));
}

#[tokio::test]
async fn a_note_survives_a_cache_that_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    {
        let store = Store::open(dir.path().to_owned()).await.unwrap().store;
        write(&store, |w| store::connections::insert(w, &connection("c1", "Office"))).await;
        take_in(&store, vec![seen("1", 0, number("0355500142"))]).await;
        set(&store, "1", "折り返し待ち").await;
    }
    std::fs::write(dir.path().join("cache.db"), vec![b'x'; 9000]).unwrap();
    let opened = Store::open(dir.path().to_owned()).await.unwrap();
    assert!(opened.cache_was_rebuilt);
    take_in(&opened.store, vec![seen("1", 0, number("0355500142")), seen("2", 1, number("0355500142"))]).await;
    assert_eq!(note(&opened.store, "1").await.as_deref(), Some("折り返し待ち"));
    assert_eq!(note(&opened.store, "2").await, None);
    assert_eq!(found(&opened.store, searching("折り返し")).await, ["1"]);
}

#[tokio::test]
async fn the_log_takes_over_the_note_of_the_live_call() {
    let store = store().await;
    take_in(&store, vec![of_session("live-s1")]).await;
    set(&store, "live-s1", "折り返し待ち").await;
    take_in(&store, vec![of_session("77")]).await;
    assert_eq!(found(&store, searching("折り返し")).await, ["77"]);
    assert_eq!(read(&store, |r| store::call_notes::get(r, &id("live-s1"))).await, None, "it is kept once");
    assert_eq!(set(&store, "live-s1", "済み").await, id("77"), "whoever still looks at the live call means the log's");
    assert_eq!(note(&store, "77").await.as_deref(), Some("済み"));

    take_in(&store, vec![of_session("78")]).await;
    assert_eq!(note(&store, "78").await, None, "a second record of the session has no note");
}

#[tokio::test]
async fn a_note_of_a_live_call_finds_the_log_after_the_cache_was_begun_anew_too() {
    let store = store().await;
    take_in(&store, vec![of_session("live-s1")]).await;
    set(&store, "live-s1", "折り返し待ち").await;
    write(&store, |w| store::calls::remove(w, &office(), &["live-s1".to_owned()])).await;
    take_in(&store, vec![of_session("77")]).await;
    assert_eq!(note(&store, "77").await.as_deref(), Some("折り返し待ち"));
}

#[tokio::test]
async fn there_is_no_note_without_a_call_and_none_after_its_connection() {
    let store = store().await;
    for wrong in ["c1/9", "c9/1", "nonsense", "c1/live-s9"] {
        let wrong = CallId::from(wrong);
        let failure = store.write(move |w| store::call_notes::set(w, &wrong, "x", at(5))).await.unwrap_err();
        assert_eq!(failure.why().reason, Reason::NoSuchThing);
    }
    take_in(&store, vec![seen("1", 0, number("0355500142"))]).await;
    set(&store, "1", "personal").await;
    write(&store, |w| store::connections::remove(w, &office())).await;
    assert_eq!(read(&store, |r| store::call_notes::get(r, &id("1"))).await, None);
}

#[tokio::test]
async fn what_cannot_be_understood_is_kept_untouched_newest_first_and_not_for_ever() {
    let store = store().await;
    write(&store, |w| store::connections::insert(w, &connection("c2", "Other"))).await;
    for n in 0..205 {
        let raw = Raw(format!("{{\"z\":{n},\"a\":1.10}}"));
        let tables = write(&store, move |w| store::oddities::keep(w, &office(), at(n), &raw)).await;
        assert!(tables.is_empty(), "no list shows it");
    }
    let other = Raw("not even JSON".to_owned());
    write(&store, move |w| store::oddities::keep(w, &ConnectionId::from("c2"), at(0), &other)).await;
    let kept = read(&store, |r| store::oddities::all(r, &office())).await;
    assert_eq!(kept.len(), 200);
    assert_eq!(kept[0], (at(204), Raw("{\"z\":204,\"a\":1.10}".to_owned())));
    assert_eq!(kept[199].0, at(5), "the oldest went");
    assert_eq!(read(&store, |r| store::oddities::all(r, &ConnectionId::from("c2"))).await.len(), 1);
    write(&store, |w| store::connections::remove(w, &office())).await;
    assert_eq!(read(&store, |r| store::oddities::all(r, &office())).await, []);
}

#[tokio::test]
async fn a_ringing_call_is_told_with_its_people_customers_and_the_last_five_calls() {
    let store = store().await;
    let mut calls: Vec<_> = (0..8).map(|n| seen(&n.to_string(), n, number("03-5550-0142"))).collect();
    let took_part = vec![("a".to_owned(), model::call::Role::Rang)];
    calls.push(SeenCall { extensions: took_part, ..seen("rings", 9, number("+81355500142")) });
    calls.push(seen("withheld", 10, number("非通知")));
    take_in(&store, calls).await;
    write(&store, |w| store::people::replace(w, &office(), &[person("a", "佐藤", model::person::PersonKind::User)]))
        .await;
    let customers = [customer("k1", "西村商店", "0355500142"), customer("k2", "東村商店", "03-5550-0142")];
    write(&store, move |w| store::customers::replace(w, &office(), &customers)).await;
    set(&store, "7", "折り返し待ち").await;

    let told = read(&store, |r| store::calls::told(r, &id("rings"))).await.unwrap();
    assert_eq!(told.call.people[0].name, "佐藤");
    assert_eq!((told.call.customer, told.customers.len()), (None, 2), "several are a list, never a guess");
    let last: Vec<_> = told.last_calls.iter().map(|it| it.external_id.as_str()).collect();
    assert_eq!(last, ["7", "6", "5", "4", "3"]);
    assert_eq!(told.last_calls[0].note.as_deref(), Some("折り返し待ち"), "the last note is at hand while it rings");
    let withheld = read(&store, |r| store::calls::told(r, &id("withheld"))).await.unwrap();
    assert!(withheld.last_calls.is_empty() && withheld.customers.is_empty());
    assert_eq!(read(&store, |r| store::calls::told(r, &id("nothing"))).await, None);
}

/// What a system may tell of a few calls, in any order and as often as it likes.
fn telling() -> impl Strategy<Value = Vec<(usize, u32, bool)>> {
    prop::collection::vec((0..4_usize, 0..3_u32, any::<bool>()), 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However a system repeats and mixes what it tells, live and logged, the cache ends with each call once, as it was last
    /// told, and with the notes that were written here.
    #[test]
    fn each_call_is_there_once_as_it_was_last_told(told in telling(), noted in 0..4_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = store().await;
            let mut model: BTreeMap<usize, u32> = BTreeMap::new();
            let mut live: BTreeMap<usize, u32> = BTreeMap::new();
            for (call, seconds, is_live) in told {
                let external_id = if is_live { format!("live-s{call}") } else { call.to_string() };
                let telling = SeenCall {
                    session_id: Some(format!("s{call}")),
                    duration_seconds: Some(seconds),
                    ..seen(&external_id, i64::try_from(call).unwrap(), number("0355500142"))
                };
                take_in(&store, vec![telling]).await;
                if is_live && !model.contains_key(&call) {
                    live.insert(call, seconds);
                } else if !is_live {
                    live.remove(&call);
                    model.insert(call, seconds);
                }
                let noted = id(&format!("live-s{noted}"));
                // Only a call that is there has a note; that of the others is refused.
                drop(store.write(move |w| store::call_notes::set(w, &noted, "note", at(9))).await);
            }
            let page = read(&store, |r| store::calls::page(r, &CallFilter::default(), None, 100)).await;
            let logged = model.iter().map(|(call, seconds)| (call.to_string(), Some(*seconds)));
            let ringing = live.iter().map(|(call, seconds)| (format!("live-s{call}"), Some(*seconds)));
            let wanted: BTreeMap<_, _> = logged.chain(ringing).collect();
            let there: BTreeMap<_, _> =
                page.calls.iter().map(|it| (it.external_id.clone(), it.duration_seconds)).collect();
            assert_eq!((page.calls.len(), page.total), (wanted.len(), wanted.len() as u64));
            assert_eq!(there, wanted);
            for call in page.calls {
                let is_noted = call.session_id == Some(format!("s{noted}"));
                assert_eq!(call.note.is_some(), is_noted, "{}", call.external_id);
            }
        });
    }
}
