//! The chat room editor: nothing of a room is lost on the way through, and nothing happens to another room.

use model::chat_room::{ChatAddress, ChatRoom, ChatRoomEdit, KeptRoom, Member, VersionOrigin};
use model::failure::Code;
use model::{ConnectionId, Raw, Reason};
use serde_json::{Value, json};
use simulators::{CHAT_AND_MESSENGER, Fault};

use crate::support::{Desk, failure};

/// Its stamp is beyond what a double holds, its keys are in no order, and one number ends in a nought.
fn record(desk: &Desk, id: &str) -> String {
    let uid = |at: usize| desk.office.chat_and_messenger.people()[at].cam_uid.clone();
    format!(
        r#"{{"z":1.10,"stamp":1564831284702237059,"name":"海外","id":"{id}","adminUserId":"{}","createUserId":"{}","isPublic":false,"memberUids":{{"{}":true,"{}":false}},"a":{{"long":99999999999999999999}}}}"#,
        uid(0),
        uid(0),
        uid(0),
        uid(1),
    )
}

fn edit(kept: &KeptRoom, change: impl FnOnce(&mut ChatRoom)) -> ChatRoomEdit {
    let mut room = kept.room.clone();
    change(&mut room);
    ChatRoomEdit {
        connection: kept.connection.clone(),
        kept: Some(kept.id.clone()),
        room,
        base: None,
        on_test_room: false,
    }
}

fn at_server<'a>(rooms: &'a [Value], id: &str) -> &'a Value {
    rooms.iter().find(|room| room["id"] == id).expect("the room is there")
}

struct Room {
    desk: Desk,
    connection: ConnectionId,
    kept: KeptRoom,
    id: String,
}

/// A room of the server, imported with keys that the editor does not know.
async fn imported() -> Room {
    let desk = Desk::connected().await;
    let connection = desk.id(CHAT_AND_MESSENGER).await;
    let id = desk.office.chat_and_messenger.chat_rooms()[2]["id"].as_str().expect("an id").to_owned();
    let kept =
        desk.console.chat_room_import(&connection, &record(&desk, &id)).await.expect("a record that can be read");
    Room { desk, connection, kept, id }
}

#[tokio::test]
async fn what_the_editor_does_not_know_goes_to_the_server_and_back_untouched() {
    let Room { desk, kept, id, .. } = imported().await;
    assert_eq!(kept.raw.0, record(&desk, &id), "digit for digit");
    assert_eq!(desk.office.requests(CHAT_AND_MESSENGER), 0, "an import sends nothing");
    let rename = edit(&kept, |room| room.name = "海外営業".into());
    let plan = desk.console.chat_room_plan(&rename).await.unwrap();
    assert_eq!(plan.sends.0, record(&desk, &id).replace("海外", "海外営業"), "one field changed, in its place");
    assert_eq!(plan.differences.len(), 1);
    let saved = desk.console.chat_room_save(&rename).await.unwrap();
    assert_eq!(saved.not_as_asked, []);
    let there = desk.office.chat_and_messenger.chat_rooms();
    let there = at_server(&there, &id);
    assert_eq!((&there["name"], there["stamp"].to_string()), (&json!("海外営業"), "1564831284702237059".to_owned()));
    assert!(saved.kept.raw.0.contains(r#""stamp":1564831284702237059"#), "{}", saved.kept.raw.0);
    assert_eq!(saved.kept.room.external_id.as_deref(), Some(id.as_str()));
}

#[tokio::test]
async fn an_edit_never_reaches_a_room_of_another_id() {
    let Room { desk, connection, kept, id } = imported().await;
    let before = desk.office.requests(CHAT_AND_MESSENGER);
    for other in [None, Some("1000000000000000000".to_owned())] {
        let wrong = edit(&kept, |room| room.external_id = other);
        assert_eq!(failure(desk.console.chat_room_save(&wrong).await).why().words, "id");
    }
    let named = edit(&kept, |room| room.name = " messenger ".into());
    let refused = failure(desk.console.chat_room_save(&named).await);
    assert_eq!((refused.code(), refused.why().reason), (Code::Invalid, Reason::NotAddressable));
    let foreign = ChatRoomEdit { connection: "c99".into(), ..edit(&kept, |_| {}) };
    assert_eq!(failure(desk.console.chat_room_save(&foreign).await).code(), Code::Invalid);
    assert_eq!(desk.office.requests(CHAT_AND_MESSENGER), before, "nothing was sent");
    let read = desk.console.chat_room_read(&connection, &record(&desk, &id)).await.unwrap();
    assert_eq!((read.room, read.raw), (kept.room, kept.raw));
}

#[tokio::test]
async fn a_record_edited_as_json_changes_what_the_editor_does_not_know() {
    let Room { desk, kept, id, .. } = imported().await;
    let text = record(&desk, &id).replace("1.10", "2").replace(r#":false},"a""#, r#":true},"b":7,"a""#);
    let read = desk.console.chat_room_read(&kept.connection, &text).await.unwrap();
    let by_hand = ChatRoomEdit { room: read.room, base: Some(read.raw), ..edit(&kept, |_| {}) };
    let plan = desk.console.chat_room_plan(&by_hand).await.unwrap();
    let fields: Vec<_> = plan.differences.iter().map(|it| it.field.as_str()).collect();
    assert_eq!((plan.sends.0.as_str(), fields), (text.as_str(), vec!["memberUids", "z", "b"]));
    desk.console.chat_room_save(&by_hand).await.unwrap();
    assert_eq!(at_server(&desk.office.chat_and_messenger.chat_rooms(), &id)["b"], 7);
}

#[tokio::test]
async fn creator_and_administrator_stay_members() {
    let Room { desk, kept, id, .. } = imported().await;
    let uid = |at: usize| desk.office.chat_and_messenger.people()[at].cam_uid.clone();
    let handed_over = edit(&kept, |room| {
        room.admin_id = uid(2);
        room.members = vec![Member { uid: uid(3), value: true }];
    });
    let saved = desk.console.chat_room_save(&handed_over).await.unwrap();
    assert_eq!(saved.not_as_asked, []);
    let there = desk.office.chat_and_messenger.chat_rooms();
    let members = at_server(&there, &id)["memberUids"].as_object().expect("members").clone();
    let members: Vec<_> = members.keys().cloned().collect();
    assert_eq!(members, [uid(3), uid(0), uid(2)]);
}

#[tokio::test]
async fn a_member_who_stays_although_left_out_is_told() {
    let Room { desk, kept, id, .. } = imported().await;
    desk.office.chat_and_messenger.keep_left_out_members(true);
    let uid = desk.office.chat_and_messenger.people()[1].cam_uid.clone();
    let first = desk.console.chat_room_save(&edit(&kept, |room| room.is_public = true)).await.unwrap();
    assert_eq!(first.not_as_asked.len(), 4, "the server's other members were in no import: {:?}", first.not_as_asked);
    let leaves = edit(&first.kept, |room| room.members.retain(|member| member.uid != uid));
    let saved = desk.console.chat_room_save(&leaves).await.unwrap();
    let told: Vec<_> = saved.not_as_asked.iter().map(|it| (it.before.clone(), it.after.clone())).collect();
    assert_eq!(told, [(None, Some(format!("{uid}: false")))]);
    assert!(saved.kept.room.members.iter().any(|it| it.uid == uid), "what is kept is what the server has");
    let there = desk.office.chat_and_messenger.chat_rooms();
    assert!(at_server(&there, &id)["memberUids"].get(&uid).is_some());
}

#[tokio::test]
async fn a_version_is_applied_again_whole() {
    let Room { desk, kept, id, .. } = imported().await;
    let first = desk.console.chat_room_save(&edit(&kept, |room| room.name = "一".into())).await.unwrap().kept;
    desk.console.chat_room_save(&edit(&first, |room| room.name = "二".into())).await.unwrap();
    let versions = desk.console.chat_room_versions(&kept.id).await.unwrap();
    let told: Vec<_> = versions.iter().map(|it| (it.number, it.room.name.as_str(), it.origin)).collect();
    let answered = VersionOrigin::Answered;
    assert_eq!(told, [(3, "二", answered), (2, "一", answered), (1, "海外", VersionOrigin::Imported)]);
    let oldest = &versions[2];
    assert_eq!(oldest.raw, kept.raw);
    let again = ChatRoomEdit { room: oldest.room.clone(), base: Some(oldest.raw.clone()), ..edit(&kept, |_| {}) };
    let saved = desk.console.chat_room_save(&again).await.unwrap();
    assert_eq!(saved.kept.room.name, "海外");
    assert_eq!(at_server(&desk.office.chat_and_messenger.chat_rooms(), &id)["name"], "海外");
    // Taken off the list and imported again, it is the same room with its versions.
    desk.console.chat_room_forget(&kept.id).await.unwrap();
    let back = desk.console.chat_room_import(&kept.connection, &saved.kept.raw.0).await.unwrap();
    assert_eq!((&back.id, back.saved_at), (&kept.id, saved.kept.saved_at));
    assert_eq!(desk.console.chat_room_versions(&back.id).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_change_is_tried_on_the_test_room_which_keeps_its_name() {
    let Room { desk, connection, kept, id } = imported().await;
    let test_id = desk.office.chat_and_messenger.chat_rooms()[3]["id"].as_str().expect("an id").to_owned();
    let text = record(&desk, &test_id).replace("海外", "test").replace(r#""z":1.10,"#, "");
    let test = desk.console.chat_room_import(&connection, &text).await.unwrap();
    let mut tried = edit(&kept, |room| {
        room.name = "新しい名前".into();
        room.is_public = true;
    });
    tried.on_test_room = true;
    let none = failure(desk.console.chat_room_plan(&tried).await);
    assert_eq!((none.code(), none.why().words.as_str()), (Code::Invalid, "test room"));
    desk.console.chat_room_choose_test(&connection, Some(&test.id)).await.unwrap();
    let plan = desk.console.chat_room_plan(&tried).await.unwrap();
    let fields: Vec<_> = plan.differences.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["isPublic"], "neither the name nor what only the other room has");
    let saved = desk.console.chat_room_save(&tried).await.unwrap();
    assert_eq!((&saved.kept.id, saved.kept.is_test), (&test.id, true));
    let there = desk.office.chat_and_messenger.chat_rooms();
    assert_eq!(at_server(&there, &test_id)["isPublic"], true);
    assert_eq!(at_server(&there, &test_id)["name"], "test");
    assert_ne!(at_server(&there, &id)["name"], "新しい名前", "the room itself was left alone");
    let unknown = failure(desk.console.chat_room_choose_test(&connection, Some(&"none".into())).await);
    assert_eq!(unknown.code(), Code::Invalid);
}

#[tokio::test]
async fn a_save_without_an_answer_is_unknown_and_leaves_once() {
    let Room { desk, kept, .. } = imported().await;
    let before = desk.office.requests(CHAT_AND_MESSENGER);
    desk.office.fault(CHAT_AND_MESSENGER, Fault::LoseAnswer);
    let lost = failure(desk.console.chat_room_save(&edit(&kept, |room| room.is_public = true)).await);
    assert_eq!(lost.code(), Code::UnknownOutcome);
    assert_eq!(desk.office.requests(CHAT_AND_MESSENGER), before + 1);
    let all = desk.console.chat_rooms_list().await.unwrap();
    assert_eq!(all, [kept], "it is kept as it was known, not as it was asked");
}

#[tokio::test]
async fn a_record_that_is_no_json_names_the_place() {
    let desk = Desk::connected().await;
    let connection = desk.id(CHAT_AND_MESSENGER).await;
    let told = failure(desk.console.chat_room_read(&connection, "{\"name\":").await);
    assert!(told.why().words.contains("line 1 column 8"), "{told}");
    let raw = desk.console.chat_room_read(&connection, "chatRoom={\"name\":\"a\"\n\"z\":1,}").await.unwrap().raw;
    assert_eq!(raw, Raw("{\"name\":\"a\",\n\"z\":1}".into()), "the vendor's own loose sample is made strict");
}

#[tokio::test]
async fn an_address_list_names_ids_and_survives_a_restart() {
    let desk = Desk::connected().await;
    let connection = desk.id(CHAT_AND_MESSENGER).await;
    let uid = desk.office.chat_and_messenger.people()[0].cam_uid.clone();
    let table = format!("uid\t氏名\t部署\n{uid}\t鈴木 大輔\t営業部\n");
    let read = desk.console.chat_addresses_read(table.as_bytes()).unwrap();
    assert_eq!(desk.console.chat_addresses_list(&connection).await.unwrap(), [], "reading a table keeps nothing");
    desk.console.chat_addresses_add(&connection, read.addresses).await.unwrap();
    let wrong = vec![ChatAddress { uid: "d@example.jp".into(), ..ChatAddress::default() }];
    assert_eq!(failure(desk.console.chat_addresses_add(&connection, wrong).await).code(), Code::Invalid);
    let desk = desk.restarted().await;
    let kept = desk.console.chat_addresses_list(&connection).await.unwrap();
    assert_eq!((kept.len(), kept[0].name.as_str(), kept[0].uid.as_str()), (1, "鈴木 大輔", uid.as_str()));
    desk.console.chat_address_remove(&connection, &uid).await.unwrap();
    assert_eq!(desk.console.chat_addresses_list(&connection).await.unwrap(), []);
}
