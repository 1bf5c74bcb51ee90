//! Changes of administration records that wait, those that were committed, and the fields that a resource is known to have.

use model::event::Table;
use model::staging::{KeptDone, KeptStage, RecordColumn, StageKind, StageState, ValueKind};
use model::{ConnectionId, DoneId, Raw, StageId};

use crate::making::{at, office, read, store, write};

fn stage(id: &str, key: Option<&str>) -> KeptStage {
    KeptStage {
        id: StageId::from(id),
        connection: office(),
        resource: "Lines".to_owned(),
        key: key.map(str::to_owned),
        kind: if key.is_some() { StageKind::Change } else { StageKind::Add },
        state: StageState::Staged,
        seen: None,
        fields: Raw(r#"{"番号":1564831284702237059123}"#.to_owned()),
        now: None,
        conflict: vec![],
        problem: None,
        puts_back: None,
        at: at(0),
    }
}

fn done(id: &str) -> KeptDone {
    KeptDone {
        id: DoneId::from(id),
        connection: office(),
        resource: "Lines".to_owned(),
        key: Some("3".to_owned()),
        kind: StageKind::Change,
        names: vec!["番号".to_owned()],
        before: None,
        after: None,
        puts_back: None,
        is_put_back: false,
        at: at(0),
    }
}

#[tokio::test]
async fn staged_changes_keep_their_order_and_one_row_has_one() {
    let store = store().await;
    let changed = store
        .write(|w| {
            for it in [stage("b", Some("3")), stage("a", None), stage("c", None)] {
                store::record_stages::put(w, &it)?;
            }
            let again = KeptStage { state: StageState::Unknown, ..stage("b", Some("3")) };
            store::record_stages::put(w, &again)
        })
        .await
        .unwrap();
    assert!(changed.tables.contains(&Table::Stages));
    let all = read(&store, |r| store::record_stages::all(r, &office())).await;
    let ids: Vec<_> = all.iter().map(|it| (it.id.as_str(), it.state)).collect();
    assert_eq!(ids, [("b", StageState::Unknown), ("a", StageState::Staged), ("c", StageState::Staged)]);
    assert_eq!(all[0].fields, stage("b", None).fields);
    let twice = store.write(|w| store::record_stages::put(w, &stage("d", Some("3")))).await;
    assert!(twice.is_err(), "a row is staged once");
    write(&store, |w| store::record_stages::remove(w, &StageId::from("a"))).await;
    assert_eq!(read(&store, |r| store::record_stages::get(r, &StageId::from("a"))).await, None);
}

#[tokio::test]
async fn committed_changes_come_newest_first_and_everything_goes_with_its_connection() {
    let store = store().await;
    let column = RecordColumn {
        name: "番号".to_owned(),
        kind: ValueKind::Number,
        is_key: false,
        is_secret: false,
        choices: vec![],
    };
    let learnt = vec![column];
    let kept = learnt.clone();
    write(&store, move |w| {
        for id in ["1", "2", "3"] {
            assert_eq!(store::record_stages::put_done(w, &done(id))?, []);
        }
        store::record_stages::put(w, &stage("a", None))?;
        store::record_stages::learn(w, &office(), "Lines", &kept)
    })
    .await;
    let newest = read(&store, |r| store::record_stages::done(r, &office(), 2)).await;
    assert_eq!(newest.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["3", "2"]);
    assert_eq!(read(&store, |r| store::record_stages::columns(r, &office(), "Lines")).await, learnt);
    assert_eq!(read(&store, |r| store::record_stages::columns(r, &ConnectionId::from("x"), "Lines")).await, []);
    write(&store, |w| store::connections::remove(w, &office())).await;
    assert_eq!(read(&store, |r| store::record_stages::done(r, &office(), 2)).await, []);
    assert_eq!(read(&store, |r| store::record_stages::all(r, &office())).await, []);
    assert_eq!(read(&store, |r| store::record_stages::columns(r, &office(), "Lines")).await, []);
}
