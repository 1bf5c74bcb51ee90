//! Lists by key: blocks and pages neither skip nor repeat a call, whatever arrives meanwhile.

use std::collections::BTreeSet;

use model::call::{CallFilter, SeenCall};
use proptest::prelude::*;
use store::Store;

use crate::making::{number, read, searching, seen, store, take_in, write};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Calls with few distinct begins, and some without any, so that the row has to break ties.
fn calls(prefix: &str, minutes: &[Option<u8>]) -> Vec<SeenCall> {
    let call = |(n, minute): (usize, &Option<u8>)| {
        let call = seen(&format!("{prefix}{n}"), i64::from(minute.unwrap_or(0)), number("0355500142"));
        SeenCall { started_at: call.started_at.filter(|_| minute.is_some()), ..call }
    };
    minutes.iter().enumerate().map(call).collect()
}

async fn page(store: &Store, filter: &CallFilter, after: Option<String>, limit: u32) -> (Vec<String>, Option<String>) {
    let filter = filter.clone();
    let page = read(store, move |r| store::calls::page(r, &filter, after.as_deref(), limit)).await;
    (page.calls.into_iter().map(|it| it.external_id).collect(), page.next)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_neither_skip_nor_repeat_while_calls_arrive(
        minutes in prop::collection::vec(prop::option::weighted(0.9, 0_u8..6), 1..60),
        late in prop::collection::vec(prop::option::weighted(0.9, 0_u8..9), 0..30),
        limit in 1_u32..9,
        is_search in any::<bool>(),
    ) {
        block_on(async {
            let store = store().await;
            take_in(&store, calls("a", &minutes)).await;
            let filter = searching(if is_search { "5550" } else { "" });
            let mut told = Vec::new();
            let mut after = None;
            let mut late = late.chunks(3).enumerate();
            loop {
                let (ids, next) = page(&store, &filter, after, limit).await;
                assert!(ids.len() <= limit as usize);
                told.extend(ids);
                if let Some((n, minutes)) = late.next() {
                    take_in(&store, calls(&format!("late{n}-"), minutes)).await;
                }
                after = next;
                if after.is_none() { break; }
            }
            let distinct: BTreeSet<_> = told.iter().collect();
            prop_assert_eq!(distinct.len(), told.len(), "nothing is told twice");
            for n in 0..minutes.len() {
                prop_assert!(distinct.contains(&format!("a{n}")), "a{} was there all the time", n);
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn blocks_of_an_edition_are_the_list_in_order() {
    let store = store().await;
    let minutes: Vec<Option<u8>> = (0..350_u16).map(|n| (n % 50 != 0).then_some((n % 7) as u8)).collect();
    take_in(&store, calls("a", &minutes)).await;
    let other = SeenCall { note: Some("特別".to_owned()), ..seen("b", 3, number("0355500999")) };
    take_in(&store, vec![other]).await;
    for (filter, total) in [(searching(""), 351), (searching("5550014"), 350), (searching("特別"), 1)] {
        let expected = page(&store, &filter, None, 1000).await.0;
        assert_eq!(expected.len(), total);
        let mut told = Vec::new();
        for n in [3, 0, 1, 2, 4] {
            let wanted = filter.clone();
            let block = read(&store, move |r| store::calls::block(r, &wanted, n)).await;
            assert_eq!((block.total, block.first_row), (total as u64, n * 100));
            told.push((n, block.calls.into_iter().map(|it| it.external_id).collect::<Vec<_>>()));
        }
        told.sort();
        assert_eq!(told.into_iter().flat_map(|it| it.1).collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn a_block_read_inside_a_write_sees_the_write_and_is_not_remembered() {
    let store = store().await;
    take_in(&store, vec![seen("1", 0, number("0355500142"))]).await;
    let refused = store
        .write(|w| {
            store::calls::upsert(w, &crate::making::office(), None, &[seen("2", 0, number("0355500142"))])?;
            let inside = store::calls::block(w, &searching("0142"), 0)?;
            assert_eq!(inside.total, 2);
            Err::<(), _>(model::Failure::invalid(model::Reason::NotUsable, "").into())
        })
        .await;
    assert!(refused.is_err());
    let block = read(&store, |r| store::calls::block(r, &searching("0142"), 0)).await;
    assert_eq!(block.total, 1);
}

#[tokio::test]
async fn a_place_that_no_page_ended_with_is_refused() {
    let store = store().await;
    for after in ["", "x", "1", "1.x"] {
        let failure = store.read(move |r| store::calls::page(r, &searching(""), Some(after), 5)).await.unwrap_err();
        assert_eq!(failure.why().reason, model::Reason::NotUsable, "{after}");
    }
    assert!(write(&store, |_| Ok(())).await.is_empty());
}
