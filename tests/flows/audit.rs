//! Every write that goes out through the console stands in its log, with what became of it and without a secret.

use model::audit::{AuditEntry, AuditFilter, AuditKind, AuditOutcome, AuditPutBack, AuditVerdict, Through};
use model::call::CallNoted;
use model::chat_room::ChatRoomEdit;
use model::customer::{CustomerAdded, NewCustomer};
use model::message::{DeliveryState, Recipient};
use model::record::RowChange;
use model::staging::CommitOutcome;
use model::{Failure, Raw, Secret, Time};
use simulators::smart_connect::Stop;
use simulators::{CHAT_AND_MESSENGER, Fault, ROCKET_CHAT, SMART_CONNECT};

use crate::support::{Desk, NOW, somebody};

async fn entries(desk: &Desk) -> Vec<AuditEntry> {
    desk.console.audit_list(&AuditFilter::default(), None).await.expect("the log").entries
}

/// What the newest entry says: what, on what, and how it ended.
async fn newest(desk: &Desk) -> (AuditKind, String, Option<AuditOutcome>) {
    let entry = entries(desk).await.into_iter().next().expect("an entry");
    (entry.deed.kind, entry.deed.subject, entry.outcome)
}

async fn whole(desk: &Desk) -> bool {
    matches!(desk.console.audit_verify().await.expect("the log"), AuditVerdict::Whole { .. })
}

#[tokio::test]
async fn messages_stand_in_it_as_they_ended() {
    let desk = Desk::synced().await;
    let sent = desk.draft(ROCKET_CHAT, somebody(), "届きます").await;
    desk.console.send_now(sent.clone()).await.unwrap();
    let entry = entries(&desk).await.remove(0);
    assert_eq!((entry.deed.kind, entry.outcome), (AuditKind::Message, Some(AuditOutcome::Done)));
    assert_eq!(entry.deed.key.as_deref(), Some(sent.id.as_str()));
    assert!(entry.deed.after.unwrap().0.contains("届きます"));

    let nowhere = desk.draft(ROCKET_CHAT, Recipient::Room("no-such-room".to_owned()), "届きません").await;
    assert_eq!(desk.console.send_now(nowhere).await.unwrap().state, DeliveryState::Refused);
    assert_eq!(newest(&desk).await, (AuditKind::Message, "no-such-room".to_owned(), Some(AuditOutcome::Refused)));

    desk.office.fault(CHAT_AND_MESSENGER, Fault::LoseAnswer.only("sendMessage").next(1));
    let lost = desk.draft(CHAT_AND_MESSENGER, somebody(), "不明です").await;
    let delivery = desk.console.send_now(lost).await.unwrap();
    assert_eq!(newest(&desk).await.2, Some(AuditOutcome::Unknown));
    desk.console.outbox_decide(&delivery.id, true).await.unwrap();
    assert_eq!(newest(&desk).await.2, Some(AuditOutcome::Done), "what a person found out is written down too");
    assert!(whole(&desk).await);
}

#[tokio::test]
async fn what_is_written_to_the_systems_stands_in_it_before_and_after() {
    let desk = Desk::synced().await;
    desk.console.acts_through(Through::CommandLine);
    let office = desk.id(SMART_CONNECT).await;
    let call = desk.calls_of(&office).await.into_iter().next().expect("a call");
    let CallNoted::Done(_) = desk.console.call_note(&call.id, "折り返し 15:00", None).await.unwrap() else {
        panic!("nobody else wrote");
    };
    let note = entries(&desk).await.remove(0);
    assert_eq!(
        (note.deed.kind, note.outcome, note.through),
        (AuditKind::Note, Some(AuditOutcome::Done), Through::CommandLine)
    );
    assert_eq!(note.differences[0].after.as_deref(), Some("折り返し 15:00"));

    let key = call.external_id.parse().unwrap();
    assert!(desk.office.smart_connect.edit("ReceivedCall-Record", key, "メモ", "済み"));
    let CallNoted::Conflict(_) = desk.console.call_note(&call.id, "不要", None).await.unwrap() else {
        panic!("somebody else wrote");
    };
    assert_eq!(newest(&desk).await.2, Some(AuditOutcome::Refused), "nothing was written");

    let new =
        NewCustomer {
            name: "棚橋 薫".to_owned(), numbers: vec!["0120-999-001".to_owned()], ..NewCustomer::default()
        };
    let added = desk.console.customers_add(&office, vec![new]).await.unwrap();
    assert!(matches!(added[0], CustomerAdded::Done { .. }), "{added:?}");
    assert_eq!(newest(&desk).await, (AuditKind::Customer, "棚橋 薫".to_owned(), Some(AuditOutcome::Done)));

    let chats = desk.id(CHAT_AND_MESSENGER).await;
    let record = desk.office.chat_and_messenger.chat_rooms()[2].to_string();
    let kept = desk.console.chat_room_import(&chats, &record).await.unwrap();
    let count = entries(&desk).await.len();
    let mut room = kept.room.clone();
    room.name = "関西営業 2".to_owned();
    let edit = ChatRoomEdit { connection: chats.clone(), kept: Some(kept.id), room, base: None, on_test_room: false };
    desk.console.chat_room_plan(&edit).await.unwrap();
    assert_eq!(entries(&desk).await.len(), count, "what sends nothing is not in it");
    desk.console.chat_room_save(&edit).await.unwrap();
    let saved = entries(&desk).await.remove(0);
    assert_eq!((saved.deed.kind, saved.outcome), (AuditKind::ChatRoom, Some(AuditOutcome::Done)));
    let names: Vec<&str> = saved.differences.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(names, ["name"]);
    assert!(whole(&desk).await);
}

#[tokio::test]
async fn rows_of_the_telephone_service_stand_in_it_before_and_after_with_secrets_as_digests() {
    let desk = Desk::empty().await;
    let id = desk.connect(SMART_CONNECT).await;
    let raw = |text: &str| Raw(text.to_owned());
    let change = RowChange { fields: raw(r#"{"代理内線番号":"77"}"#), seen: None };
    desk.console.records_update(&id, "ContainmentLine", "2", &change).await.unwrap();
    let changed = entries(&desk).await.remove(0);
    let shown = (changed.deed.kind, changed.deed.subject.as_str(), changed.outcome);
    assert_eq!(shown, (AuditKind::RecordChanged, "ContainmentLine 2", Some(AuditOutcome::Done)));
    let differences: Vec<_> = changed.differences.iter().map(|it| (it.field.as_str(), it.after.as_deref())).collect();
    assert_eq!(differences, [("代理内線番号", Some("77"))]);

    let back = desk.console.audit_put_back(changed.number).await.unwrap();
    assert_eq!(back, AuditPutBack::Done);
    let there = desk.console.records_get(&id, "ContainmentLine", "2").await.unwrap();
    assert!(!there.0.contains("\"77\""), "{there:?}");
    desk.console.records_update(&id, "ContainmentLine", "2", &change).await.unwrap();
    let again = entries(&desk).await.remove(0);
    assert!(desk.office.smart_connect.edit("ContainmentLine", 2, "代理内線番号", "78"));
    let back = desk.console.audit_put_back(again.number).await.unwrap();
    assert!(matches!(back, AuditPutBack::Conflict { .. }), "{back:?}");
    assert_eq!(newest(&desk).await.2, Some(AuditOutcome::Refused), "nothing was written");

    let user = raw(r#"{"ユーザー名":"front","パスワード":"s3cret-of-a-user"}"#);
    let made = desk.console.records_create(&id, "UserManagement", &user).await.unwrap();
    let key = made.key.expect("a key");
    assert_eq!(newest(&desk).await.0, AuditKind::RecordCreated);
    let name = RowChange { fields: raw(r#"{"ユーザー名":"desk"}"#), seen: None };
    desk.console.records_update(&id, "UserManagement", &key, &name).await.unwrap();
    let renamed = entries(&desk).await.remove(0);
    let fields: Vec<&str> = renamed.differences.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["ユーザー名"], "a password that stays does not look changed");

    desk.console.records_read(&id, "UserManagement").await.unwrap();
    desk.console.stage_deletes(&id, "UserManagement", std::slice::from_ref(&key)).await.unwrap();
    let staged: Vec<_> = desk.console.stages_list(&id).await.unwrap().into_iter().map(|it| it.id).collect();
    desk.console.stages_commit(&id, &staged, &[]).await.unwrap();
    let gone = entries(&desk).await.remove(0);
    assert_eq!((gone.deed.kind, gone.deed.key.as_deref()), (AuditKind::RecordDeleted, Some(key.as_str())));
    assert!(gone.deed.before.is_some() && gone.deed.after.is_none());
    assert!(!gone.can_put_back, "its password is not known");
    assert!(desk.console.audit_put_back(gone.number).await.is_err());
    desk.console.records_delete(&id, "ContainmentLine", "2").await.unwrap();
    let line = entries(&desk).await.remove(0);
    let AuditPutBack::UnderKey { key: Some(_) } = desk.console.audit_put_back(line.number).await.unwrap() else {
        panic!("it is there again");
    };
    assert!(!format!("{:?}", entries(&desk).await).contains("s3cret-of-a-user"));

    let count = entries(&desk).await.len();
    let forbidden = desk.console.records_delete(&id, "ReceivedCall-Record", "1").await;
    assert!(forbidden.is_err());
    assert_eq!(entries(&desk).await.len(), count, "what is not allowed is not begun");
    assert!(whole(&desk).await);
}

#[tokio::test]
async fn what_was_taken_back_in_one_place_is_not_taken_back_in_the_other() {
    for is_log_first in [true, false] {
        let desk = Desk::empty().await;
        let id = desk.connect(SMART_CONNECT).await;
        let lines = "ContainmentLine";
        desk.console.records_read(&id, lines).await.unwrap();
        desk.console.stage_deletes(&id, lines, &["2".to_owned()]).await.unwrap();
        let commit = async || {
            let staged: Vec<_> = desk.console.stages_list(&id).await.unwrap().into_iter().map(|it| it.id).collect();
            desk.console.stages_commit(&id, &staged, &[]).await.unwrap().rows
        };
        commit().await;
        let rows = desk.console.records_list(&id, lines).await.unwrap().len();
        let number = entries(&desk).await[0].number;
        let done = desk.console.stages_done(&id).await.unwrap()[0].id.clone();
        let again = || desk.console.stages_put_back(&id, std::slice::from_ref(&done));
        assert_eq!(again().await.unwrap().staged, again().await.unwrap().staged, "it takes its own place");
        if is_log_first {
            desk.console.audit_put_back(number).await.unwrap();
            let refused = commit().await;
            assert!(matches!(refused[0].outcome, CommitOutcome::Refused { .. }), "{refused:?}");
        } else {
            let there = commit().await;
            assert!(matches!(there[0].outcome, CommitOutcome::Done { .. }), "{there:?}");
        }
        let entry = entries(&desk).await.into_iter().find(|it| it.number == number).unwrap();
        assert_eq!((entry.can_put_back, entry.is_put_back), (false, true));
        assert!(desk.console.audit_put_back(number).await.is_err());
        assert_eq!(again().await.unwrap().left.len(), 1, "the history knows too");
        assert_eq!(desk.console.records_list(&id, lines).await.unwrap().len(), rows + 1, "the row is there once");
        assert!(whole(&desk).await);
    }
}

#[tokio::test]
async fn what_may_have_been_taken_back_is_not_taken_back_again() {
    let desk = Desk::empty().await;
    let id = desk.connect(SMART_CONNECT).await;
    desk.console.records_delete(&id, "ContainmentLine", "2").await.unwrap();
    let number = entries(&desk).await[0].number;
    desk.office.smart_connect.stop_after_writes(1, Stop::AfterDoing);
    assert!(matches!(desk.console.audit_put_back(number).await, Err(Failure::Unknown(_))));
    desk.office.smart_connect.go_on();
    assert!(desk.console.audit_put_back(number).await.is_err());
    let entry = entries(&desk).await.into_iter().find(|it| it.number == number).unwrap();
    assert!(entry.is_put_back && !entry.can_put_back);
}

#[tokio::test]
async fn no_secret_stands_in_it() {
    let desk = Desk::connected().await;
    let chats = desk.id(CHAT_AND_MESSENGER).await;
    let end = Time::from_millis(Time::parse(NOW).unwrap().millis() + 3_600_000).unwrap();
    let password = Secret::new("s3cret-password");
    let made = desk.console.quick_call_create(&chats, end, Some(&password)).await.unwrap();
    let link = entries(&desk).await.remove(0);
    assert_eq!((link.deed.kind, link.outcome), (AuditKind::QuickCall, Some(AuditOutcome::Done)));
    let token = Secret::new("n3w-token");
    desk.console.connection_replace_secret(&chats, "token", token).await.unwrap();
    assert_eq!(newest(&desk).await.0, AuditKind::SecretReplaced);
    desk.console.connection_forget_secret(&chats, "token").await.unwrap();
    assert_eq!(newest(&desk).await, (AuditKind::SecretForgotten, "token".to_owned(), Some(AuditOutcome::Done)));
    desk.console.connection_remove(&chats).await.unwrap();
    assert_eq!(newest(&desk).await.0, AuditKind::ConnectionRemoved);
    let all = format!("{:?}", entries(&desk).await);
    for secret in ["s3cret-password", "n3w-token", made.url.as_deref().unwrap()] {
        assert!(!all.contains(secret), "{secret}");
    }
    let added = entries(&desk).await.iter().filter(|it| it.deed.kind == AuditKind::ConnectionAdded).count();
    assert_eq!(added, 4, "every connection that was made");
    let desk = desk.restarted().await;
    assert!(whole(&desk).await, "it outlives the program");
}
