//! Plans of many messages and their rows.

use std::time::Duration;

use model::bulk::{
    BulkFormat, BulkMessage, BulkOptions, BulkProblem, BulkProblemKind, BulkQuery, BulkRowState, BulkShow, BulkState,
};
use model::failure::Problem;
use model::message::{DeliveryState, Recipient};
use model::{BulkId, DeliveryId, Failure, Reason, Time, Why};
use store::bulk_rows::{self, NewRow, Settled};
use store::bulks::{self, Plan};
use store::{Store, deliveries};

const LEASE: Duration = Duration::from_secs(120);

fn at(minute: i64) -> Time {
    Time::from_millis(1_791_000_000_000 + minute * 60_000).unwrap()
}

fn id() -> BulkId {
    BulkId("b1".into())
}

fn delivery(position: u32) -> DeliveryId {
    DeliveryId(format!("m{position}"))
}

fn row(position: u32, is_excluded: bool) -> NewRow {
    let found = BulkProblem { kind: BulkProblemKind::UnknownAddress, words: "x".into(), with: None, at: None };
    NewRow {
        position,
        line: Some(position + 1),
        connection: if position.is_multiple_of(2) { "even".into() } else { "odd".into() },
        to: Recipient::People(vec![format!("user{position}@example.jp")]),
        name: (position == 3).then(|| "西村 彩".to_owned()),
        text: format!("no. {position}"),
        mentions: vec![],
        attachments: None,
        found: if is_excluded { vec![found] } else { vec![] },
        is_excluded,
        delivery: delivery(position),
    }
}

async fn planned(rows: u32) -> Store {
    let store = Store::in_memory().await.unwrap();
    let plan = Plan {
        id: id(),
        title: "年末".into(),
        created_at: at(0),
        created_by: "misaki".into(),
        format: BulkFormat::Csv,
        file: Some("a.csv".into()),
        message: BulkMessage::default(),
        fields: vec!["name".into()],
        options: BulkOptions::default(),
        state: BulkState::Planned,
        started_at: None,
        started_by: None,
        ended_at: None,
        tested_at: None,
    };
    store
        .write(move |w| {
            bulks::add(w, &plan, &["odd".into(), "even".into()])?;
            let rows: Vec<NewRow> = (1..=rows).map(|position| row(position, position == 2)).collect();
            bulk_rows::add(w, &plan.id, &rows)
        })
        .await
        .unwrap();
    store
}

async fn running(rows: u32) -> Store {
    let store = planned(rows).await;
    store
        .write(|w| {
            bulk_rows::make_deliveries(w, &id(), at(1))?;
            // A second time makes none twice.
            bulk_rows::make_deliveries(w, &id(), at(2))?;
            bulks::set_state(w, &id(), &[BulkState::Planned], BulkState::Running)
        })
        .await
        .unwrap();
    store
}

async fn states(store: &Store, show: BulkShow) -> Vec<(u32, BulkRowState)> {
    let query = BulkQuery { show, ..BulkQuery::default() };
    let page = store.read(move |r| bulk_rows::page(r, &id(), &query)).await.unwrap();
    assert_eq!(page.rows.len(), page.total as usize);
    page.rows.iter().map(|it| (it.position, it.state)).collect()
}

fn settled(position: u32, state: DeliveryState) -> Settled {
    let problem = (state == DeliveryState::Refused)
        .then(|| Problem::from(&Failure::Refused(Why::new(Reason::SystemRefused, "no"))));
    Settled { delivery: delivery(position), state, detail: "said".into(), problem }
}

async fn step(store: &Store, done: Vec<Settled>, next: Vec<u32>) -> Option<usize> {
    let next: Vec<DeliveryId> = next.into_iter().map(delivery).collect();
    let step = store.write(move |w| bulk_rows::step(w, &id(), &done, &next, at(3), LEASE)).await.unwrap();
    step.value.map(|claimed| claimed.len())
}

#[tokio::test]
async fn rows_are_found_by_state_problem_and_recipient_in_pages() {
    let store = planned(450).await;
    let page = async |query: BulkQuery| store.read(move |r| bulk_rows::page(r, &id(), &query)).await.unwrap();
    let all = page(BulkQuery::default()).await;
    assert_eq!((all.rows.len(), all.total, all.rows[0].position), (200, 450, 1));
    let last = page(BulkQuery { offset: 400, ..BulkQuery::default() }).await;
    assert_eq!((last.rows.len(), last.rows[49].position), (50, 450));
    let backwards = page(BulkQuery { is_backwards: true, ..BulkQuery::default() }).await;
    assert_eq!(backwards.rows[0].position, 450);
    let found = page(BulkQuery { found: Some(BulkProblemKind::UnknownAddress), ..BulkQuery::default() }).await;
    assert_eq!((found.total, found.rows[0].state), (1, BulkRowState::Excluded));
    for (search, expected) in [("西村", 1), ("USER44", 11), ("nobody", 0)] {
        assert_eq!(page(BulkQuery { search: search.into(), ..BulkQuery::default() }).await.total, expected, "{search}");
    }
    let whole = store.read(|r| bulks::whole(r, bulks::get(r, &id())?.unwrap())).await.unwrap();
    assert_eq!((whole.counts.total, whole.counts.excluded, whole.counts.waiting), (449, 1, 449));
    assert_eq!(whole.lanes.iter().map(|it| it.counts.total).collect::<Vec<_>>(), [225, 224]);
    assert_eq!((whole.problems[0].kind, whole.problems[0].rows), (BulkProblemKind::UnknownAddress, 1));
}

#[tokio::test]
async fn a_step_settles_and_claims_only_while_the_plan_runs() {
    let store = running(5).await;
    let waiting = store.read(|r| bulk_rows::waiting(r, &id(), &"odd".into(), 0, 10)).await.unwrap();
    assert_eq!(waiting.iter().map(|it| it.position).collect::<Vec<_>>(), [1, 3, 5]);
    assert_eq!(step(&store, vec![], vec![1]).await, Some(1));
    assert_eq!(step(&store, vec![], vec![1, 2]).await, Some(0), "claimed already, and never to be sent");
    assert_eq!(step(&store, vec![settled(1, DeliveryState::Sent)], vec![3]).await, Some(1));
    assert_eq!(step(&store, vec![settled(3, DeliveryState::Waiting)], vec![]).await, Some(0));
    store.write(|w| bulks::set_state(w, &id(), &[BulkState::Running], BulkState::Pausing)).await.unwrap();
    assert_eq!(step(&store, vec![], vec![3]).await, None, "nothing leaves any more");
    let expected = [BulkRowState::Sent, BulkRowState::Excluded, BulkRowState::Waiting, BulkRowState::Waiting];
    let found: Vec<_> = states(&store, BulkShow::All).await.into_iter().map(|it| it.1).collect();
    assert_eq!(found[..4], expected);
    assert_eq!(states(&store, BulkShow::Delivered).await, [(1, BulkRowState::Sent)]);
    assert_eq!(states(&store, BulkShow::Waiting).await.len(), 3);
}

#[tokio::test]
async fn the_outbox_knows_nothing_of_the_rows_of_a_plan() {
    let store = running(4).await;
    assert!(store.read(|r| deliveries::recent(r, 10)).await.unwrap().is_empty());
    let left = store.read(|r| deliveries::left_waiting(r, at(9_000), LEASE, 10)).await.unwrap();
    assert!(left.is_empty(), "they wait for as long as that takes");
    step(&store, vec![], vec![1]).await;
    step(&store, vec![settled(1, DeliveryState::Paused)], vec![]).await;
    assert!(
        store.read(|r| deliveries::paused(r, None)).await.unwrap().is_empty(),
        "and go on only when somebody says so"
    );
    step(&store, vec![], vec![3]).await;
    assert_eq!(store.read(|r| deliveries::abandoned(r, at(9_000))).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_withheld_or_left_alone_is_not_taken_up_with_the_rest() {
    let store = running(7).await;
    step(&store, vec![], vec![1, 3, 4, 5]).await;
    let done = vec![
        settled(1, DeliveryState::Refused),
        settled(3, DeliveryState::Unknown),
        settled(4, DeliveryState::Unknown),
        settled(5, DeliveryState::Sent),
    ];
    step(&store, done, vec![]).await;
    let withdrawn = Problem::from(&Failure::Refused(Why::new(Reason::Withdrawn, "")));
    store
        .write(move |w| {
            bulk_rows::mark(w, &delivery(4), Some(bulk_rows::Mark::Left))?;
            bulk_rows::withhold(w, &id(), "withdrawn", &withdrawn, at(4))
        })
        .await
        .unwrap();
    let needs = states(&store, BulkShow::NeedsYou).await;
    assert_eq!(needs, [(1, BulkRowState::Refused), (3, BulkRowState::Unknown)]);
    let take_up =
        async |unknown| store.write(move |w| bulk_rows::take_up(w, &id(), unknown, at(5), LEASE)).await.unwrap().value;
    assert_eq!((take_up(false).await, take_up(true).await, take_up(true).await), (1, 1, 0));
    let found: Vec<_> = states(&store, BulkShow::All).await.into_iter().map(|it| it.1).collect();
    use BulkRowState::{Excluded, Left, Sent, Waiting, Withheld};
    assert_eq!(found, [Waiting, Excluded, Waiting, Left, Sent, Withheld, Withheld]);
}

#[tokio::test]
async fn one_program_at_a_time_has_the_turn() {
    let folder = tempfile::tempdir().unwrap();
    let one = Store::open(folder.path().to_owned()).await.unwrap().store;
    let other = Store::open(folder.path().to_owned()).await.unwrap().store;
    let turn = one.turn("bulk-b1").unwrap().expect("it is free");
    assert!(other.turn("bulk-b1").unwrap().is_none() && other.turn("bulk-b2").unwrap().is_some());
    drop(turn);
    assert!(other.turn("bulk-b1").unwrap().is_some());
}
