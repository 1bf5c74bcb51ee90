//! The log of writes: what it keeps, and that nobody changes its past unseen.

use std::path::Path;

use model::audit::{AuditFilter, AuditKind, AuditOutcome, AuditVerdict, Deed, Through};
use model::event::Table;
use model::{ConnectionId, Raw};
use store::audit::{self, End};
use store::{Store, StoreError};

use crate::making::{at, office, read, write};

fn deed(subject: &str) -> Deed {
    Deed {
        kind: AuditKind::RecordChanged,
        connection: office(),
        connection_name: "Office".to_owned(),
        subject: subject.to_owned(),
        resource: Some("ContainmentLine".to_owned()),
        key: Some("2".to_owned()),
        before: Some(Raw(r#"{"回線No":"2","代理内線番号":"30"}"#.to_owned())),
        after: Some(Raw(r#"{"回線No":"2","代理内線番号":"31"}"#.to_owned())),
        done: None,
        puts_back: None,
    }
}

fn end(outcome: AuditOutcome) -> End {
    End { outcome, detail: "正常終了".to_owned(), key: None, after: None }
}

async fn append(store: &Store, subject: &'static str, minute: i64) -> u64 {
    store.write(move |w| audit::append(w, deed(subject), at(minute), None)).await.expect("an entry").value
}

/// A store in a folder with three deeds: one done, one refused, one never told.
async fn three(dir: &Path) -> Store {
    let store = Store::open(dir.to_owned()).await.expect("a store").store;
    let one = append(&store, "one", 1).await;
    write(&store, move |w| audit::settle(w, one, at(2), end(AuditOutcome::Done))).await;
    write(&store, |w| audit::append(w, deed("two"), at(3), Some(end(AuditOutcome::Refused)))).await;
    store.set_through(Through::CommandLine);
    write(&store, |w| audit::append(w, deed("three"), at(4), None)).await;
    store
}

async fn subjects(store: &Store, filter: AuditFilter) -> Vec<String> {
    let page = read(store, move |r| audit::page(r, &filter, None, 10)).await;
    page.entries.into_iter().map(|it| it.deed.subject).collect()
}

async fn verdict(store: &Store) -> AuditVerdict {
    read(store, audit::verify).await
}

#[tokio::test]
async fn a_deed_and_what_became_of_it_are_one_entry() {
    let dir = tempfile::tempdir().unwrap();
    let store = three(dir.path()).await;
    let page = read(&store, |r| audit::page(r, &AuditFilter::default(), None, 10)).await;
    let shown: Vec<_> = page
        .entries
        .iter()
        .map(|it| (it.number, it.deed.subject.as_str(), it.outcome, it.detail.as_str(), it.through))
        .collect();
    assert_eq!(
        shown,
        [
            (4, "three", None, "", Through::CommandLine),
            (3, "two", Some(AuditOutcome::Refused), "正常終了", Through::Window),
            (1, "one", Some(AuditOutcome::Done), "正常終了", Through::Window),
        ],
        "newest first; what was never told has no outcome"
    );
    assert_eq!((page.total, page.next), (3, None));
    let changed = &page.entries[2].differences;
    assert_eq!(changed.len(), 1);
    assert_eq!((changed[0].field.as_str(), changed[0].after.as_deref()), ("代理内線番号", Some("31")));
    let again = store.write(|w| audit::settle(w, 1, at(9), end(AuditOutcome::Unknown))).await.unwrap();
    assert!(again.tables.is_empty(), "what became of it is said once");
    let more = store.write(|w| audit::append(w, deed("four"), at(5), None)).await.unwrap();
    assert_eq!(more.tables, [Table::Audit].into());
}

#[tokio::test]
async fn a_filter_leaves_what_it_names_and_pages_miss_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = three(dir.path()).await;
    let with = |change: fn(&mut AuditFilter)| {
        let mut filter = AuditFilter::default();
        change(&mut filter);
        filter
    };
    assert_eq!(subjects(&store, with(|it| it.only_problems = true)).await, ["three", "two"]);
    assert_eq!(subjects(&store, with(|it| it.from = Some(at(3)))).await, ["three", "two"]);
    assert_eq!(subjects(&store, with(|it| it.through = Some(Through::Window))).await, ["two", "one"]);
    assert_eq!(subjects(&store, with(|it| it.search = "ＴＷＯ".to_owned())).await, ["two"]);
    assert_eq!(subjects(&store, with(|it| it.search = "代理".to_owned())).await.len(), 3, "fields are searched too");
    assert_eq!(subjects(&store, with(|it| it.kinds = vec![AuditKind::Message])).await, Vec::<String>::new());
    assert_eq!(
        subjects(&store, with(|it| it.connection = Some(ConnectionId::from("other")))).await,
        Vec::<String>::new()
    );
    let first = read(&store, |r| audit::page(r, &AuditFilter::default(), None, 2)).await;
    assert_eq!(first.next, Some(3));
    let next = first.next;
    let rest = read(&store, move |r| audit::page(r, &AuditFilter::default(), next, 2)).await;
    assert_eq!((rest.entries.len(), rest.entries[0].number, rest.next), (1, 1, None));
}

#[tokio::test]
async fn this_program_cannot_change_the_past() {
    let dir = tempfile::tempdir().unwrap();
    let store = three(dir.path()).await;
    drop(store);
    let own = rusqlite::Connection::open(dir.path().join("frontdesk.db")).unwrap();
    for sql in ["UPDATE audit SET body = '' WHERE number = 1", "DELETE FROM audit"] {
        let refused = own.execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("only ever added to"), "{sql}: {refused}");
    }
}

/// What becomes of the log when somebody with the file in hand does this to it.
async fn after(tampering: &str) -> AuditVerdict {
    let dir = tempfile::tempdir().expect("a folder");
    drop(three(dir.path()).await);
    let own = rusqlite::Connection::open(dir.path().join("frontdesk.db")).expect("the file");
    own.execute_batch("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;").expect("no triggers");
    own.execute_batch(tampering).expect(tampering);
    drop(own);
    let store = Store::open(dir.path().to_owned()).await.expect("a store").store;
    verdict(&store).await
}

#[tokio::test]
async fn a_log_that_was_tampered_with_says_where() {
    let dir = tempfile::tempdir().unwrap();
    let store = three(dir.path()).await;
    assert_eq!(verdict(&store).await, AuditVerdict::Whole { entries: 4, since: Some(at(1)) });
    let empty = store_without_entries().await;
    assert_eq!(verdict(&empty).await, AuditVerdict::Whole { entries: 0, since: None });

    let check = async |tampering: &str, number: u64| {
        assert_eq!(after(tampering).await, AuditVerdict::Broken { number }, "{tampering}");
    };
    check("UPDATE audit SET body = replace(body, 'two', 'owt') WHERE number = 3", 3).await;
    check("UPDATE audit SET body = 'nonsense' WHERE number = 2", 2).await;
    check("UPDATE audit SET settles = NULL WHERE number = 2", 2).await;
    check("DELETE FROM audit WHERE number = 2", 2).await;
    check("DELETE FROM audit WHERE number = 4", 4).await;
    check("DELETE FROM audit", 1).await;
    check("UPDATE audit SET hash = (SELECT hash FROM audit WHERE number = 1) WHERE number = 4", 4).await;
}

async fn store_without_entries() -> Store {
    Store::in_memory().await.expect("a store")
}

#[tokio::test]
async fn what_is_rolled_back_leaves_no_gap() {
    let dir = tempfile::tempdir().unwrap();
    let store = three(dir.path()).await;
    let given_up = store
        .write(|w| {
            audit::append(w, deed("never"), at(5), None)?;
            Err::<(), _>(StoreError::from(model::Failure::invalid(model::Reason::Missing, "x")))
        })
        .await;
    assert!(given_up.is_err());
    let next = append(&store, "five", 6).await;
    assert_eq!(next, 5);
    assert_eq!(verdict(&store).await, AuditVerdict::Whole { entries: 5, since: Some(at(1)) });
}
