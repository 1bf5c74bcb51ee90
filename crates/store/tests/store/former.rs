//! A data folder that the former version wrote: everything in it is there, and what is new is made from it.

use std::io::Write;
use std::path::Path;

use model::call::{CallFilter, Outcome};
use model::chat_room::VersionOrigin;
use model::{CallId, ConnectionId, CustomerId};
use store::Store;

use crate::making::{at, found, number, office, read, searching, seen, take_in, write};

/// Thirty calls of one connection, every second of them told by another twenty seconds later, a customer and a note.
fn unpack(dir: &Path) {
    for (name, packed) in [
        ("cache.db", include_bytes!("../fixtures/former-cache.db.zst").as_slice()),
        ("frontdesk.db", include_bytes!("../fixtures/former-frontdesk.db.zst").as_slice()),
    ] {
        let bytes = zstd::decode_all(packed).unwrap();
        std::fs::File::create(dir.join(name)).unwrap().write_all(&bytes).unwrap();
    }
}

async fn open(dir: &Path) -> Store {
    let opened = Store::open(dir.to_owned()).await.unwrap();
    assert!(!opened.cache_was_rebuilt, "a cache of the former version is taken over");
    opened.store
}

#[tokio::test]
async fn a_cache_of_the_former_version_is_taken_over_whole() {
    let dir = tempfile::tempdir().unwrap();
    unpack(dir.path());
    let store = open(dir.path()).await;
    let page = read(&store, |r| store::calls::page(r, &searching(""), None, 100)).await;
    assert_eq!((page.total, page.calls.len()), (31, 31), "fifteen of forty-six are the same as another");
    let joined: Vec<_> = page.calls.iter().filter(|it| !it.same.is_empty()).collect();
    assert_eq!(joined.len(), 15);
    assert!(joined.iter().all(|it| it.connection.as_str() == "c2"), "those with legs stand for both");

    let filter = |connection: &str| CallFilter { connection: Some(connection.into()), ..CallFilter::default() };
    for (connection, calls) in [("c1", 31), ("c2", 15)] {
        let filter = filter(connection);
        assert_eq!(read(&store, move |r| store::calls::count(r, &filter)).await, calls);
    }
    assert_eq!(found(&store, searching("西村")).await.len(), 6, "by the number of the customer");
    assert_eq!(found(&store, searching("見積 7")).await, ["o7"]);
    assert_eq!(found(&store, searching("折り返し済み")).await, ["r4"], "the note that was kept here");
    let missed = CallFilter { outcome: Some(Outcome::Missed), ..filter("c1") };
    assert_eq!(found(&store, missed).await.len(), 10);
    let customer = CallFilter { customer: Some(CustomerId::from("c1/7")), ..CallFilter::default() };
    assert_eq!(found(&store, customer).await.len(), 6);
    let detail = read(&store, |r| store::calls::detail(r, &CallId::from("c2/r4"))).await.unwrap();
    assert_eq!((detail.call.legs.len(), detail.raw.0.as_str()), (1, r#"{"id":"r4"}"#));

    // It goes on from here.
    take_in(&store, vec![seen("new", 500, number("0655500118"))]).await;
    assert_eq!(found(&store, searching("西村")).await.len(), 7);
    write(&store, |w| {
        store::call_sameness::say(w, &CallId::from("c1/o2"), &CallId::from("c2/r2"), false, at(600))?;
        store::calls::remove(w, &ConnectionId::from("c2"), &["r6".to_owned()])?;
        store::calls::upsert(w, &office(), Some("JP"), &[seen("o8", 80, number("0355500199"))])
    })
    .await;
    let page = read(&store, |r| store::calls::page(r, &searching(""), None, 100)).await;
    assert_eq!((page.total, page.calls.len()), (34, 34));
}

#[tokio::test]
async fn a_cache_is_taken_over_once() {
    let dir = tempfile::tempdir().unwrap();
    unpack(dir.path());
    for _ in 0..2 {
        let store = open(dir.path()).await;
        assert_eq!(read(&store, |r| store::calls::count(r, &searching(""))).await, 31);
    }
}

#[tokio::test]
async fn a_chat_room_that_was_kept_before_is_its_own_first_version() {
    let dir = tempfile::tempdir().unwrap();
    unpack(dir.path());
    // Before the tables of versions came to be.
    let raw = r#"{"z":1.10,"id":1564831284702237059}"#;
    let room = r#"{"external_id":"1564831284702237059","name":"受付","is_public":false,"creator_id":"","admin_id":"","members":[]}"#;
    let own = rusqlite::Connection::open(dir.path().join("frontdesk.db")).unwrap();
    let sql =
        "INSERT INTO chat_rooms (id, connection, name, room, raw, saved_at) VALUES ($1, 'c1', '受付', $2, $3, $4)";
    own.execute(sql, rusqlite::params!["k1", room, raw, at(0).millis()]).unwrap();
    own.execute(sql, rusqlite::params!["k2", room, raw, None::<i64>]).unwrap();
    drop(own);
    let store = open(dir.path()).await;
    for (id, saved_at, origin) in [("k1", Some(at(0)), VersionOrigin::Answered), ("k2", None, VersionOrigin::Imported)]
    {
        let versions = read(&store, move |r| store::chat_rooms::versions(r, &id.into())).await;
        assert_eq!(versions.len(), 1);
        assert_eq!((versions[0].raw.0.as_str(), versions[0].at, versions[0].origin), (raw, saved_at, origin));
        assert_eq!(versions[0].room.external_id.as_deref(), Some("1564831284702237059"));
    }
    let all = read(&store, store::chat_rooms::all).await;
    assert!(all.len() == 2 && all.iter().all(|it| !it.is_test));
}
