//! The same call told by two connections: shown once, whatever the order, and as a person said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use model::call::{Call, CallFilter, CallPlace, Direction, Outcome, Party, Role, SeenCall};
use model::event::Table;
use model::{CallId, ConnectionId, PersonId};
use proptest::prelude::*;
use store::Store;

use crate::making::{OFFICE, at, connection, customer, found, leg, number, office, read, searching, seen, write};

const CLOUD: &str = "c2";
const THIRD: &str = "c3";

async fn desk() -> Store {
    let store = crate::making::store().await;
    for id in [CLOUD, THIRD] {
        write(&store, move |w| store::connections::insert(w, &connection(id, id))).await;
    }
    store
}

/// A call with the begin in seconds.
fn call(id: &str, second: u64, from: &str) -> SeenCall {
    let call = seen(id, 0, number(from));
    SeenCall { started_at: Some(at(0).plus(Duration::from_secs(second))), ..call }
}

async fn tell(store: &Store, of: &'static str, calls: Vec<SeenCall>) -> BTreeSet<Table> {
    write(store, move |w| store::calls::upsert(w, &ConnectionId::from(of), Some("JP"), &calls)).await
}

async fn listed(store: &Store, filter: CallFilter) -> Vec<Call> {
    let page = read(store, move |r| store::calls::page(r, &filter, None, 1_000)).await;
    assert_eq!(page.total, page.calls.len() as u64);
    page.calls
}

fn ids(calls: &[Call]) -> Vec<Vec<String>> {
    let group = |call: &Call| {
        let mut ids: Vec<String> = call.same.iter().map(|it| it.id.0.clone()).collect();
        ids.push(call.id.0.clone());
        ids.sort();
        ids
    };
    calls.iter().map(group).collect()
}

async fn groups(store: &Store) -> BTreeSet<Vec<String>> {
    ids(&listed(store, searching("")).await).into_iter().collect()
}

async fn say(store: &Store, one: &str, other: &str, is_same: bool) {
    let (one, other) = (CallId::from(one), CallId::from(other));
    write(store, move |w| store::call_sameness::say(w, &one, &other, is_same, at(9_000))).await;
}

#[tokio::test]
async fn a_call_seen_twice_is_shown_once_with_what_each_knows() {
    let store = desk().await;
    write(&store, |w| store::customers::replace(w, &office(), &[customer("7", "西村 彩", "06-5550-0118")])).await;
    let told = SeenCall { note: Some("見積の件".to_owned()), ..call("o", 0, "0655500118") };
    tell(&store, OFFICE, vec![told]).await;
    let told = SeenCall {
        line: None,
        outcome: Outcome::Voicemail,
        legs: vec![leg("田中 健一")],
        ..call("r", 20, "+81655500118")
    };
    let tables = tell(&store, CLOUD, vec![told]).await;
    assert!(tables.contains(&Table::Calls));

    let calls = listed(&store, searching("")).await;
    assert_eq!(ids(&calls), [["c1/o", "c2/r"]]);
    let shown = &calls[0];
    assert_eq!(shown.id.as_str(), "c2/r", "the one that tells how it rang stands for both");
    assert_eq!((shown.outcome, shown.note.as_deref()), (Outcome::Voicemail, Some("見積の件")));
    assert_eq!(shown.line.as_deref(), Some("Front"), "what one leaves empty the other fills in");
    assert_eq!(shown.customer.as_ref().unwrap().name, "西村 彩");

    for (text, expected) in [("見積", 1), ("西村", 1), ("06-5550", 1), ("Front", 0)] {
        assert_eq!(listed(&store, searching(text)).await.len(), expected, "{text}");
    }
    let of = |id: &str| CallFilter { connection: Some(ConnectionId::from(id)), ..CallFilter::default() };
    assert_eq!(listed(&store, of(OFFICE)).await[0].id.as_str(), "c1/o", "each connection's own record");
    assert_eq!(listed(&store, of(CLOUD)).await[0].id.as_str(), "c2/r");
    let missed = CallFilter { outcome: Some(Outcome::Voicemail), search: "見積".to_owned(), ..CallFilter::default() };
    assert_eq!(listed(&store, missed).await.len(), 1, "what is shown is what is narrowed");
    let answered =
        CallFilter { outcome: Some(Outcome::Answered), search: "見積".to_owned(), ..CallFilter::default() };
    assert_eq!(listed(&store, answered).await.len(), 0);

    let id = CallId::from("c1/o");
    let detail = read(&store, move |r| store::calls::detail(r, &id)).await.unwrap();
    assert_eq!((detail.call.legs.len(), detail.same_raw.len(), detail.calls_with_number), (1, 1, 1));
    assert!(detail.last_calls.is_empty(), "the same call is no earlier one");
    for (filter, shown) in [(searching(""), "c2/r"), (of(OFFICE), "c1/o")] {
        for asked in ["c1/o", "c2/r"] {
            let (filter, asked) = (filter.clone(), CallId::from(asked));
            let place = read(&store, move |r| store::calls::place(r, &filter, &asked)).await;
            assert_eq!(place, Some(CallPlace { row: 0, id: CallId::from(shown) }), "by the record that the list has");
        }
    }
}

#[tokio::test]
async fn the_last_calls_are_five_calls_whoever_told_of_them() {
    let store = desk().await;
    let both = |of: &'static str| (0..7).map(move |n| call(&format!("{of}{n}"), 1_000 * n, "0355500142")).collect();
    tell(&store, OFFICE, both("o")).await;
    tell(&store, CLOUD, both("r")).await;
    // The cloud does not know who rings; the office does, and a person said that it is the same.
    tell(&store, OFFICE, vec![call("known", 9_000, "0355500142")]).await;
    tell(&store, CLOUD, vec![call("hidden", 9_001, "")]).await;
    say(&store, "c2/hidden", "c1/known", true).await;

    for rings in ["c1/known", "c2/hidden"] {
        let told = read(&store, move |r| store::calls::told(r, &CallId::from(rings))).await.unwrap();
        let last: Vec<_> = told.last_calls.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(last, ["c1/o6", "c1/o5", "c1/o4", "c1/o3", "c1/o2"], "{rings}: each once, though two tell of it");
    }
    let at_once: Vec<_> = (0..8).map(|n| call(&format!("x{n}"), 0, "0666600142")).collect();
    tell(&store, OFFICE, at_once).await;
    let latest = read(&store, |r| store::calls::latest_with_number(r, "+81666600142", 3)).await;
    let latest: Vec<_> = latest.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(latest, ["c1/x7", "c1/x6", "c1/x5"], "of those that began in one moment the ones heard of last");
}

#[tokio::test]
async fn numbers_ways_and_times_that_differ_are_not_one_call() {
    let store = desk().await;
    let outbound = SeenCall { direction: Direction::Outbound, to: number("0355500142"), ..call("out", 0, "204") };
    let withheld = SeenCall { from: Party::default(), ..call("w", 0, "") };
    tell(&store, OFFICE, vec![call("a", 0, "0355500142"), withheld.clone()]).await;
    tell(&store, CLOUD, vec![outbound, call("late", 91, "0355500142"), call("b", 1, "0355500143"), withheld]).await;
    assert_eq!(groups(&store).await.len(), 6);
}

#[tokio::test]
async fn what_a_person_said_holds_through_everything_read_later() {
    let dir = tempfile::tempdir().unwrap();
    {
        let store = open(dir.path()).await;
        tell(&store, OFFICE, vec![call("a", 0, "0355500142"), call("b", 600, "0355500142")]).await;
        tell(&store, CLOUD, vec![call("x", 5, "0355500142"), call("y", 700, "0355500199")]).await;
        assert_eq!(groups(&store).await.len(), 3);
        say(&store, "c1/a", "c2/x", false).await;
        say(&store, "c1/b", "c2/y", true).await;
        check(&store).await;
        // Told again, changed, and told anew after it was gone.
        tell(&store, CLOUD, vec![SeenCall { duration_seconds: Some(77), ..call("x", 5, "0355500142") }]).await;
        write(&store, |w| store::calls::remove(w, &ConnectionId::from(CLOUD), &["y".to_owned()])).await;
        assert_eq!(groups(&store).await.len(), 3);
        tell(&store, CLOUD, vec![call("y", 700, "0355500199")]).await;
        check(&store).await;
    }
    std::fs::write(dir.path().join("cache.db"), b"no database").unwrap();
    let store = open(dir.path()).await;
    tell(&store, CLOUD, vec![call("y", 700, "0355500199"), call("x", 5, "0355500142")]).await;
    tell(&store, OFFICE, vec![call("b", 600, "0355500142"), call("a", 0, "0355500142")]).await;
    check(&store).await;
    say(&store, "c1/a", "c2/x", true).await;
    assert_eq!(groups(&store).await.len(), 2, "said anew");
}

async fn open(dir: &Path) -> Store {
    let store = Store::open(dir.to_owned()).await.unwrap().store;
    for id in [OFFICE, CLOUD] {
        let known = read(&store, move |r| store::connections::get(r, &ConnectionId::from(id))).await;
        if known.is_none() {
            write(&store, move |w| store::connections::insert(w, &connection(id, id))).await;
        }
    }
    store
}

async fn check(store: &Store) {
    let expected = [vec!["c1/a".to_owned()], vec!["c1/b".to_owned(), "c2/y".to_owned()], vec!["c2/x".to_owned()]];
    assert_eq!(groups(store).await, expected.into());
    let shown = listed(store, searching("")).await;
    let by_hand = shown.iter().find(|it| !it.same.is_empty()).unwrap();
    assert!(by_hand.same[0].is_by_hand);
    assert_eq!(found(store, searching("0199")).await.len(), 1, "found by the number of either");
}

#[tokio::test]
async fn a_live_call_hands_on_what_was_said_of_it() {
    let store = desk().await;
    let live = SeenCall { session_id: Some("s".to_owned()), ..call("live-s", 0, "0355500142") };
    tell(&store, CLOUD, vec![live.clone()]).await;
    tell(&store, OFFICE, vec![call("a", 2, "0355500142")]).await;
    say(&store, "c2/live-s", "c1/a", false).await;
    tell(&store, CLOUD, vec![SeenCall { external_id: "r".to_owned(), ..live }]).await;
    assert_eq!(groups(&store).await, [vec!["c1/a".to_owned()], vec!["c2/r".to_owned()]].into());
}

#[tokio::test]
async fn a_connection_that_goes_leaves_the_calls_of_the_others() {
    let store = desk().await;
    for (of, id) in [(OFFICE, "a"), (CLOUD, "b"), (THIRD, "c")] {
        tell(&store, of, vec![SeenCall { legs: vec![leg(id); usize::from(of == CLOUD)], ..call(id, 0, "0355500142") }])
            .await;
    }
    assert_eq!(groups(&store).await.len(), 1);
    write(&store, |w| store::connections::remove(w, &ConnectionId::from(CLOUD))).await;
    assert_eq!(groups(&store).await, [vec!["c1/a".to_owned(), "c3/c".to_owned()]].into());
    write(&store, |w| store::connections::remove(w, &ConnectionId::from(THIRD))).await;
    assert_eq!(groups(&store).await, [vec!["c1/a".to_owned()]].into());
}

#[tokio::test]
async fn a_call_that_was_joined_by_hand_with_one_that_goes_is_free_for_others() {
    let store = desk().await;
    tell(&store, CLOUD, vec![call("far", 0, "0355500140")]).await;
    tell(&store, THIRD, vec![call("near", 155, "0355500141")]).await;
    tell(&store, OFFICE, vec![call("a", 91, "0355500141")]).await;
    say(&store, "c1/a", "c2/far", true).await;
    write(&store, |w| store::calls::remove(w, &ConnectionId::from(CLOUD), &["far".to_owned()])).await;
    assert_eq!(groups(&store).await, [vec!["c1/a".to_owned(), "c3/near".to_owned()]].into());
}

#[tokio::test]
async fn calls_of_one_connection_and_calls_that_are_not_there_cannot_be_joined() {
    let store = desk().await;
    tell(&store, OFFICE, vec![call("a", 0, "0355500142"), call("b", 5, "0355500142")]).await;
    for other in ["c1/b", "c2/nobody"] {
        let refused =
            store.write(move |w| store::call_sameness::say(w, &"c1/a".into(), &other.into(), true, at(0))).await;
        assert!(refused.is_err(), "{other}");
    }
}

#[derive(Debug, Clone)]
enum Step {
    Tell { of: u8, id: u8, second: u16, number: u8, outcome: u8 },
    Remove { of: u8, id: u8 },
    Say { id: u8, other: u8, is_same: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let tell = (0_u8..3, 0_u8..6, 0_u16..300, 0_u8..2, 0_u8..3)
        .prop_map(|(of, id, second, number, outcome)| Step::Tell { of, id, second, number, outcome });
    let remove = (0_u8..3, 0_u8..6).prop_map(|(of, id)| Step::Remove { of, id });
    let say = (0_u8..6, 0_u8..6, any::<bool>()).prop_map(|(id, other, is_same)| Step::Say { id, other, is_same });
    prop::collection::vec(prop_oneof![8 => tell, 2 => remove, 1 => say], 1..40)
}

const CONNECTIONS: [&str; 3] = [OFFICE, CLOUD, THIRD];

fn told(id: u8, second: u16, number: u8, outcome: u8) -> SeenCall {
    let outcome = [Outcome::Answered, Outcome::Missed, Outcome::Voicemail][usize::from(outcome)];
    let extensions = vec![(extension(id), Role::Rang)];
    SeenCall { outcome, extensions, ..call(&id.to_string(), u64::from(second), &format!("035550014{number}")) }
}

/// Who takes part in the call with this id: one of two colleagues of each connection.
fn extension(id: u8) -> String {
    format!("x{}", id % 2)
}

/// Each colleague's list holds the calls of the whole list in which one of the records names them.
async fn persons_have_their_calls(store: &Store) {
    let all = listed(store, searching("")).await;
    for (of, person) in CONNECTIONS.into_iter().flat_map(|of| [(of, 0_u8), (of, 1)]) {
        let is_theirs = |id: &String| {
            id.strip_prefix(of).and_then(|id| id[1..].parse().ok()).is_some_and(|id: u8| id % 2 == person)
        };
        for outcome in [None, Some(Outcome::Missed)] {
            let theirs: Vec<Call> = all
                .iter()
                .filter(|it| outcome.is_none_or(|outcome| it.outcome == outcome))
                .filter(|it| ids(std::slice::from_ref(*it))[0].iter().any(is_theirs))
                .cloned()
                .collect();
            let person = Some(PersonId(format!("{of}/{}", extension(person))));
            let found = listed(store, CallFilter { person, outcome, ..CallFilter::default() }).await;
            assert_eq!(ids(&found), ids(&theirs), "{of} {outcome:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_is_joined_depends_on_the_calls_and_not_on_how_they_came(steps in steps()) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let store = desk().await;
            let mut there: BTreeMap<(u8, u8), SeenCall> = BTreeMap::new();
            let mut said: BTreeMap<(u8, u8), bool> = BTreeMap::new();
            for step in steps {
                match step {
                    Step::Tell { of, id, second, number, outcome } => {
                        let call = told(id, second, number, outcome);
                        there.insert((of, id), call.clone());
                        tell(&store, CONNECTIONS[usize::from(of)], vec![call]).await;
                    }
                    Step::Remove { of, id } => {
                        there.remove(&(of, id));
                        let of = ConnectionId::from(CONNECTIONS[usize::from(of)]);
                        write(&store, move |w| store::calls::remove(w, &of, &[id.to_string()])).await;
                    }
                    Step::Say { id, other, is_same } => {
                        if there.contains_key(&(0, id)) && there.contains_key(&(1, other)) {
                            said.insert((id, other), is_same);
                            say(&store, &format!("c1/{id}"), &format!("c2/{other}"), is_same).await;
                        }
                    }
                }
            }
            let anew = desk().await;
            for of in [2_u8, 0, 1] {
                let calls: Vec<_> = there.iter().filter(|((it, _), _)| *it == of).map(|(_, call)| call.clone()).collect();
                tell(&anew, CONNECTIONS[usize::from(of)], calls).await;
            }
            for ((id, other), is_same) in said {
                if there.contains_key(&(0, id)) && there.contains_key(&(1, other)) {
                    say(&anew, &format!("c1/{id}"), &format!("c2/{other}"), is_same).await;
                }
            }
            prop_assert_eq!(groups(&store).await, groups(&anew).await);
            let all: BTreeSet<String> = groups(&store).await.into_iter().flatten().collect();
            prop_assert_eq!(all.len(), there.len(), "every call is shown, and once");
            persons_have_their_calls(&store).await;
            // The counted weeks tell what the rows tell.
            for outcome in [None, Some(Outcome::Answered), Some(Outcome::Missed)] {
                for of in [None, Some(0_usize), Some(1)] {
                    let connection = of.map(|of| ConnectionId::from(CONNECTIONS[of]));
                    listed(&store, CallFilter { outcome, connection, ..CallFilter::default() }).await;
                }
            }
            Ok(())
        })?;
    }
}
