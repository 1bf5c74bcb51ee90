//! Chat rooms kept here: their versions, the test room, and what stays when one is taken off the list.

use model::chat_room::{ChatAddress, ChatRoom, KeptRoom, VersionOrigin};
use model::event::Table;
use model::{KeptRoomId, Raw};
use store::{Store, chat_addresses, chat_rooms};

use crate::making::{at, office, read, store, write};

const ID: &str = "1564831284702237059";

fn kept(id: &str, raw: &str) -> KeptRoom {
    KeptRoom {
        id: KeptRoomId::from(id),
        connection: office(),
        room: ChatRoom { external_id: Some(ID.to_owned()), name: raw.to_owned(), ..ChatRoom::default() },
        raw: Raw(format!("{{\"z\":1.10,\"id\":{ID},\"name\":\"{raw}\"}}")),
        saved_at: None,
        is_test: false,
    }
}

async fn keep(store: &Store, room: KeptRoom, origin: VersionOrigin, minute: i64) {
    write(store, move |w| {
        chat_rooms::put(w, &room)?;
        chat_rooms::add_version(w, &room, origin, at(minute))
    })
    .await;
}

async fn versions(store: &Store, id: &str) -> Vec<(u32, String, VersionOrigin)> {
    let id = KeptRoomId::from(id);
    let all = read(store, move |r| chat_rooms::versions(r, &id)).await;
    all.into_iter().map(|it| (it.number, it.raw.0, it.origin)).collect()
}

#[tokio::test]
async fn each_other_record_is_a_version_and_the_same_one_is_none() {
    let store = store().await;
    keep(&store, kept("k1", "a"), VersionOrigin::Imported, 0).await;
    keep(&store, kept("k1", "a"), VersionOrigin::Answered, 1).await;
    keep(&store, kept("k1", "b"), VersionOrigin::Answered, 2).await;
    keep(&store, kept("k1", "a"), VersionOrigin::Sent, 3).await;
    keep(&store, kept("k2", "other"), VersionOrigin::Imported, 3).await;
    let raw = |name: &str| kept("k1", name).raw.0;
    assert_eq!(
        versions(&store, "k1").await,
        [
            (3, raw("a"), VersionOrigin::Sent),
            (2, raw("b"), VersionOrigin::Answered),
            (1, raw("a"), VersionOrigin::Imported)
        ],
        "newest first, every digit as it came"
    );
    for n in 0..210 {
        keep(&store, kept("k1", &format!("n{n}")), VersionOrigin::Answered, 4).await;
    }
    let all = versions(&store, "k1").await;
    assert_eq!((all.len(), all[0].0), (200, 213), "the oldest go");
}

#[tokio::test]
async fn a_room_that_is_taken_off_the_list_is_known_again_with_its_versions() {
    let store = store().await;
    keep(&store, kept("k1", "a"), VersionOrigin::Imported, 0).await;
    let former = |r: &store::Reader<'_>| chat_rooms::former(r, &office(), ID);
    assert_eq!(read(&store, former).await, Some((KeptRoomId::from("k1"), None)), "an import was never saved");
    keep(&store, kept("k1", "b"), VersionOrigin::Answered, 5).await;
    write(&store, |w| chat_rooms::remove(w, &KeptRoomId::from("k1"))).await;
    assert_eq!(read(&store, chat_rooms::all).await, []);
    assert_eq!(read(&store, former).await, Some((KeptRoomId::from("k1"), Some(at(5)))));
    assert_eq!(versions(&store, "k1").await.len(), 2);
    assert_eq!(read(&store, |r| chat_rooms::former(r, &office(), "7")).await, None);
}

#[tokio::test]
async fn one_room_is_the_test_room_and_keeping_a_room_does_not_change_that() {
    let store = store().await;
    for id in ["k1", "k2"] {
        keep(&store, kept(id, id), VersionOrigin::Imported, 0).await;
    }
    let tests = async || {
        let all = read(&store, chat_rooms::all).await;
        all.into_iter().filter(|it| it.is_test).map(|it| it.id.0).collect::<Vec<_>>()
    };
    let choose = async |id: Option<&'static str>| {
        let id = id.map(KeptRoomId::from);
        store.write(move |w| chat_rooms::choose_test(w, &office(), id.as_ref())).await.unwrap().tables
    };
    assert_eq!(choose(Some("k1")).await, [Table::ChatRooms].into());
    assert_eq!(tests().await, ["k1"]);
    assert!(choose(Some("k1")).await.is_empty(), "nothing changed, nothing is told");
    choose(Some("k2")).await;
    keep(&store, kept("k2", "changed"), VersionOrigin::Answered, 1).await;
    assert_eq!(tests().await, ["k2"]);
    choose(None).await;
    assert_eq!(tests().await, Vec::<String>::new());
}

fn who(uid: &str, name: &str, kana: &str, email: &str) -> ChatAddress {
    ChatAddress {
        uid: uid.to_owned(),
        name: name.to_owned(),
        kana: kana.to_owned(),
        email: email.to_owned(),
        note: String::new(),
    }
}

#[tokio::test]
async fn who_is_behind_an_id_is_replaced_except_by_nothing() {
    let store = store().await;
    let first =
        [who("u1", "鈴木 大輔", "スズキ", "d@example.jp"), who("u2", "伊藤", "イトウ", ""), who("u3", "", "", "")];
    write(&store, move |w| chat_addresses::put(w, &office(), &first)).await;
    write(&store, |w| chat_addresses::put(w, &"other".into(), &[who("u1", "Somebody", "", "")])).await;
    write(&store, move |w| chat_addresses::put(w, &office(), &[who("u1", "", "", "new@example.jp")])).await;
    let all = read(&store, |r| chat_addresses::all(r, &office())).await;
    let told: Vec<_> = all.iter().map(|it| (it.uid.as_str(), it.name.as_str(), it.email.as_str())).collect();
    assert_eq!(told, [("u3", "", ""), ("u2", "伊藤", ""), ("u1", "鈴木 大輔", "new@example.jp")]);
    write(&store, |w| chat_addresses::remove(w, &office(), "u1")).await;
    assert_eq!(read(&store, |r| chat_addresses::all(r, &office())).await.len(), 2);
}
