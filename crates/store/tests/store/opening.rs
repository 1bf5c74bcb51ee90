//! Opening: from nothing, again, with a broken cache, with a newer schema, with broken own data.

use std::path::Path;

use model::call::{CallFilter, CallerKind};
use model::call_view::{CallDays, CallView};
use model::chat_room::{ChatRoom, KeptRoom};
use model::desk::Settings;
use model::event::Table;
use model::{CallViewId, Failure, KeptRoomId, Raw, Reason};
use store::Store;

use crate::making::{OFFICE, connection, found, number, office, read, searching, seen, take_in, write};

fn kept_room() -> KeptRoom {
    KeptRoom {
        id: KeptRoomId::from("k1"),
        connection: office(),
        room: ChatRoom {
            external_id: Some("1564831284702237059".to_owned()),
            name: "受付".to_owned(),
            ..ChatRoom::default()
        },
        raw: Raw("{\"z\":1,\"a\":2}".to_owned()),
        saved_at: None,
        is_test: false,
    }
}

fn view() -> CallView {
    let filter = CallFilter { caller: Some(CallerKind::Withheld), ..CallFilter::default() };
    CallView { id: CallViewId::from("v1"), name: "非通知".to_owned(), days: Some(CallDays::Week), filter }
}

/// Fills a folder with a connection, a call and a kept chat room, and closes it.
async fn fill(dir: &Path) {
    let store = Store::open(dir.to_owned()).await.unwrap().store;
    write(&store, |w| store::connections::insert(w, &connection(OFFICE, "Office"))).await;
    write(&store, |w| store::chat_rooms::put(w, &kept_room())).await;
    write(&store, |w| store::call_views::put(w, &view())).await;
    take_in(&store, vec![seen("1", 0, number("0355500142"))]).await;
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let opened = Store::open(dir.path().to_owned()).await.unwrap();
    assert!(!opened.cache_was_rebuilt);
    assert_eq!(found(&opened.store, searching("")).await, ["1"]);
    let rooms = read(&opened.store, store::chat_rooms::all).await;
    assert_eq!(rooms, [kept_room()], "the record comes back with the order of its keys");
    let connections = read(&opened.store, store::connections::all).await;
    assert_eq!(connections, [connection(OFFICE, "Office")]);
}

/// What is read on the thread that asks: the same as on another one, whatever kind of runtime asks, and also while others read.
async fn is_read_at_once() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let store = Store::open(dir.path().to_owned()).await.unwrap().store;
    let asking = std::thread::current().id();
    let connections = || {
        store.read_at_once(|r| {
            assert_eq!(std::thread::current().id(), asking, "no other thread is woken");
            store::connections::all(r)
        })
    };
    let elsewhere = store.read(store::connections::all);
    let (one, two, other) = tokio::join!(connections(), connections(), elsewhere);
    assert_eq!(one.unwrap(), [connection(OFFICE, "Office")]);
    assert_eq!(
        (two.unwrap(), other.unwrap()),
        (vec![connection(OFFICE, "Office")], vec![connection(OFFICE, "Office")])
    );
    let refused = store
        .read_at_once(|r| store::calls::page(r, &CallFilter::default(), Some("nowhere"), 1))
        .await
        .map(|page| page.total);
    assert_eq!(refused, Err(Failure::invalid(Reason::NotUsable, "after")), "a closure's failure is its caller's");
}

#[tokio::test]
async fn one_thread_reads_at_once() {
    is_read_at_once().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_thread_of_several_reads_at_once() {
    is_read_at_once().await;
}

#[tokio::test]
async fn empty_files_become_a_database() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("frontdesk.db"), b"").unwrap();
    std::fs::write(dir.path().join("cache.db"), b"").unwrap();
    fill(dir.path()).await;
    let opened = Store::open(dir.path().to_owned()).await.unwrap();
    assert!(!opened.cache_was_rebuilt);
    assert_eq!(found(&opened.store, searching("0142")).await, ["1"]);
}

#[tokio::test]
async fn two_programs_share_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let window = Store::open(dir.path().to_owned()).await.unwrap().store;
    let command_line = Store::open(dir.path().to_owned()).await.unwrap().store;
    assert_eq!(found(&window, searching("")).await, ["1"]);
    take_in(&command_line, vec![seen("2", 1, number("0355500142"))]).await;
    assert_eq!(found(&window, searching("")).await, ["2", "1"], "what the other wrote is a new edition here too");
    take_in(&window, vec![seen("3", 2, number("0355500142"))]).await;
    assert_eq!(found(&command_line, searching("0142")).await, ["3", "2", "1"]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("taken");
    std::fs::write(&file, b"").unwrap();
    let failure = Store::open(file.join("data")).await.err().unwrap();
    assert_eq!(failure.why().reason, Reason::StoreBroken);
}

async fn opens_with_an_empty_cache(dir: &Path) {
    let opened = Store::open(dir.to_owned()).await.unwrap();
    assert!(opened.cache_was_rebuilt, "the person is told");
    assert_eq!(found(&opened.store, searching("")).await, Vec::<String>::new(), "the cache begins empty");
    assert_eq!(read(&opened.store, store::chat_rooms::all).await, [kept_room()], "own data survives");
    assert_eq!(read(&opened.store, store::call_views::all).await, [view()], "views too");
    take_in(&opened.store, vec![seen("2", 0, number("0355500142"))]).await;
    assert_eq!(found(&opened.store, searching("")).await, ["2"], "the new cache works");
}

#[tokio::test]
async fn a_damaged_cache_is_moved_aside_and_own_data_survives() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    std::fs::write(dir.path().join("cache.db"), vec![b'x'; 9000]).unwrap();
    opens_with_an_empty_cache(dir.path()).await;
    assert!(dir.path().join("cache.broken-1.db").exists());
    std::fs::write(dir.path().join("cache.db"), vec![b'y'; 9000]).unwrap();
    opens_with_an_empty_cache(dir.path()).await;
    assert!(dir.path().join("cache.broken-2.db").exists(), "the first one is not overwritten");
}

#[tokio::test]
async fn a_cache_of_a_newer_version_is_moved_aside() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    set_version(&dir.path().join("cache.db"), 9999);
    opens_with_an_empty_cache(dir.path()).await;
}

#[tokio::test]
async fn a_page_found_damaged_while_reading_makes_the_next_start_rebuild_the_cache() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    {
        let store = Store::open(dir.path().to_owned()).await.unwrap().store;
        take_in(&store, (0..2000).map(|n| seen(&format!("x{n}"), n, number(&format!("03555{n:05}")))).collect()).await;
    }
    let path = dir.path().join("cache.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2 / 4096 * 4096;
    assert!(half > 200_000, "the rows are written to the file when the last connection closes");
    bytes[half..].fill(0xEE);
    std::fs::write(&path, bytes).unwrap();
    {
        let opened = Store::open(dir.path().to_owned()).await.unwrap();
        assert!(!opened.cache_was_rebuilt, "nobody looks at every page of a large cache at every start");
        let failure = opened.store.read(|r| store::calls::page(r, &searching("0355"), None, 5000)).await.unwrap_err();
        assert_eq!(failure.why().reason, Reason::StoreBroken, "{failure}");
    }
    opens_with_an_empty_cache(dir.path()).await;
}

#[tokio::test]
async fn own_data_of_a_newer_version_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let path = dir.path().join("frontdesk.db");
    let own = version(&path);
    set_version(&path, 9999);
    let failure = Store::open(dir.path().to_owned()).await.err().unwrap();
    assert!(matches!(&failure, Failure::Refused(why) if why.reason == Reason::StoreBroken), "{failure}");
    assert!(failure.to_string().contains("newer version"), "{failure}");
    set_version(&path, own);
    Store::open(dir.path().to_owned()).await.unwrap();
}

#[tokio::test]
async fn damaged_own_data_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path()).await;
    let path = dir.path().join("frontdesk.db");
    std::fs::write(&path, b"not a database, but somebody's only copy of it, so it must stay").unwrap();
    let failure = Store::open(dir.path().to_owned()).await.err().unwrap();
    assert_eq!(failure.why().reason, Reason::StoreBroken);
    assert!(std::fs::read(&path).unwrap().starts_with(b"not a database"));
}

fn version(path: &Path) -> u32 {
    let bytes = std::fs::read(path).unwrap();
    u32::from_be_bytes(bytes[60..64].try_into().unwrap())
}

/// Writes SQLite's user version, which is big-endian at byte 60 of the file, as any program could.
fn set_version(path: &Path, version: u32) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[60..64].copy_from_slice(&version.to_be_bytes());
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing_and_hands_its_failure_on() {
    let store = crate::making::store().await;
    let failure = store
        .write(|w| {
            store::calls::upsert(w, &office(), None, &[seen("1", 0, number("0355500142"))])?;
            Err::<(), _>(Failure::invalid(Reason::NotUsable, "text").into())
        })
        .await
        .unwrap_err();
    assert_eq!(failure, Failure::invalid(Reason::NotUsable, "text"));
    assert_eq!(found(&store, searching("")).await, Vec::<String>::new());
    let tables = write(&store, |_| Ok(())).await;
    assert!(tables.is_empty(), "what was rolled back is not announced later");
}

#[tokio::test]
async fn the_name_of_a_connection_is_unique_without_regard_to_case_and_width() {
    let store = crate::making::store().await;
    for name in ["office", "ＯＦＦＩＣＥ"] {
        let failure = store.write(move |w| store::connections::insert(w, &connection("c2", name))).await.unwrap_err();
        assert_eq!(failure, Failure::invalid(Reason::NameTaken, name));
    }
}

#[tokio::test]
async fn settings_are_kept_and_announced_once() {
    let store = crate::making::store().await;
    assert_eq!(read(&store, store::settings::get).await, Settings::default());
    let settings = Settings { who: "西村".to_owned(), ..Settings::default() };
    let again = settings.clone();
    assert_eq!(write(&store, move |w| store::settings::set(w, &settings)).await, [Table::Settings].into());
    let kept = again.clone();
    assert!(write(&store, move |w| store::settings::set(w, &again)).await.is_empty());
    assert_eq!(read(&store, store::settings::get).await, kept);
}

#[tokio::test]
async fn removing_a_connection_takes_its_cached_data_and_late_answers_bring_nothing_back() {
    let store = crate::making::store().await;
    write(&store, |w| store::connections::insert(w, &connection("c2", "Other"))).await;
    take_in(&store, vec![seen("1", 0, number("0355500142"))]).await;
    let other = model::ConnectionId::from("c2");
    write(&store, move |w| store::calls::upsert(w, &other, None, &[seen("2", 0, number("0355500142"))])).await;
    write(&store, |w| store::chat_rooms::put(w, &kept_room())).await;
    write(&store, |w| store::cursors::set(w, &office(), "calls", "abc")).await;
    write(&store, |w| store::connections::mark_ok(w, &office(), crate::making::at(1))).await;
    assert_eq!(read(&store, |r| store::connections::last_ok(r, &office())).await, Some(crate::making::at(1)));

    let tables = write(&store, |w| store::connections::remove(w, &office())).await;
    assert_eq!(tables, [Table::Calls, Table::Connections].into());
    assert_eq!(found(&store, searching("0142")).await, ["2"], "the other connection keeps its calls");
    assert_eq!(read(&store, |r| store::cursors::get(r, &office(), "calls")).await, None);
    assert_eq!(read(&store, |r| store::connections::last_ok(r, &office())).await, None);
    assert_eq!(read(&store, store::chat_rooms::all).await.len(), 1, "no system could list it again");
    let late = store
        .write(|w| store::calls::upsert(w, &office(), None, &[seen("3", 0, number("0355500142"))]))
        .await
        .unwrap_err();
    assert_eq!(late.why().reason, Reason::NoSuchThing);
}
