//! The screen over the nineteen resources: edits staged here, read again and committed one by one, and taken back.

use model::failure::Code;
use model::record::Verb;
use model::staging::{
    CommitOutcome, CommitReport, FieldText, OwnLink, RecordsAsk, RecordsBlock, StageKind, StageState, StageTarget,
    Staged,
};
use model::{ConnectionId, Failure, Raw, Reason, StageId};
use simulators::SMART_CONNECT;
use simulators::smart_connect::{RESOURCES, Stop};

use crate::support::{Desk, failure};

const LINES: &str = "ContainmentLine";
const CUSTOMERS: &str = "CustomerAddress";
const USERS: &str = "UserManagement";

async fn desk() -> (Desk, ConnectionId) {
    let desk = Desk::at(|plan| simulators::Plan { customers: 40, ..plan }).await;
    let id = desk.connect(SMART_CONNECT).await;
    (desk, id)
}

/// What was written, as `VERB path`.
fn writes(desk: &Desk) -> Vec<String> {
    let log = desk.office.log(SMART_CONNECT).into_iter().filter(|seen| seen.method != "GET");
    log.map(|seen| format!("{} {}", seen.method, seen.path.rsplit("RestService/").next().unwrap_or_default())).collect()
}

async fn block(desk: &Desk, id: &ConnectionId, path: &str) -> RecordsBlock {
    let ask = RecordsAsk {
        connection: id.clone(),
        resource: path.to_owned(),
        find: String::new(),
        sort: None,
        is_descending: false,
        block: 0,
    };
    desk.console.records_block(&ask).await.expect("rows that were read")
}

fn target(id: &ConnectionId, path: &str, key: &str) -> StageTarget {
    StageTarget { connection: id.clone(), resource: path.to_owned(), key: Some(key.to_owned()), stage: None }
}

fn text(name: &str, text: &str) -> FieldText {
    FieldText { name: name.to_owned(), text: Some(text.to_owned()) }
}

async fn stage(desk: &Desk, id: &ConnectionId, path: &str, key: &str, name: &str, to: &str) -> Staged {
    let staged = desk.console.stage_texts(&target(id, path, key), &[text(name, to)]).await;
    staged.expect("a change that can be staged").expect("a change that says something new")
}

async fn staged(desk: &Desk, id: &ConnectionId) -> Vec<Staged> {
    desk.console.stages_list(id).await.expect("the ledger")
}

async fn commit(desk: &Desk, id: &ConnectionId) -> CommitReport {
    let ids: Vec<StageId> = staged(desk, id).await.into_iter().map(|it| it.id).collect();
    let confirmed: Vec<String> = RESOURCES.iter().map(|it| it.path.to_owned()).collect();
    desk.console.stages_commit(id, &ids, &confirmed).await.expect("a report")
}

fn are_done(report: &CommitReport) -> bool {
    !report.rows.is_empty() && report.rows.iter().all(|it| matches!(it.outcome, CommitOutcome::Done { .. }))
}

#[tokio::test]
async fn each_resource_is_read_and_changed_through_staging_and_what_it_forbids_never_reaches_the_wire() {
    let (desk, id) = desk().await;
    let known = desk.console.records_resources(&id).await.unwrap();
    for resource in &RESOURCES {
        let path = resource.path;
        desk.console.records_read(&id, path).await.unwrap();
        let facts = known.iter().find(|it| it.path == path).unwrap();
        if resource.verbs.post {
            let new = desk.console.stage_new(&id, path).await.unwrap();
            let new = StageTarget { key: None, stage: Some(new.id), ..target(&id, path, "") };
            let names: Vec<_> = if block(&desk, &id, path).await.columns.is_empty() {
                assert!(
                    desk.console.stage_json(&new, &Raw(format!("{{\"{}\":\"7\"}}", resource.fields[1]))).await.is_ok()
                );
                vec![]
            } else {
                vec![text(resource.fields[1], "7")]
            };
            desk.console.stage_texts(&new, &names).await.unwrap();
            assert!(are_done(&commit(&desk, &id).await), "{path}");
        }
        let rows = block(&desk, &id, path).await.rows;
        let key = rows.iter().rev().find(|it| !it.is_read_only).and_then(|it| it.key.clone());
        let key = key.unwrap_or_else(|| facts.least_key.to_string());
        desk.office.forget_requests(SMART_CONNECT);
        let change = desk.console.stage_texts(&target(&id, path, &key), &[text(resource.fields[1], "8")]).await;
        if resource.verbs.put {
            assert!(change.is_ok(), "{path}: {change:?}");
            assert!(are_done(&commit(&desk, &id).await), "{path}");
            assert_eq!(writes(&desk), [format!("PUT {path}/{key}")]);
        } else {
            assert_eq!((failure(change).code(), desk.office.requests(SMART_CONNECT)), (Code::Invalid, 0), "{path}");
        }
        desk.office.forget_requests(SMART_CONNECT);
        let gone = desk.console.stage_deletes(&id, path, std::slice::from_ref(&key)).await;
        if resource.verbs.delete {
            assert!(gone.is_ok() && are_done(&commit(&desk, &id).await), "{path}");
            assert_eq!(writes(&desk), [format!("DELETE {path}/{key}")]);
        } else {
            assert_eq!((failure(gone).code(), desk.office.requests(SMART_CONNECT)), (Code::Invalid, 0), "{path}");
            assert!(!facts.verbs.contains(&Verb::Delete));
        }
        if !resource.verbs.post {
            assert_eq!(failure(desk.console.stage_new(&id, path).await).why().reason, Reason::NotOffered, "{path}");
        }
    }
}

#[tokio::test]
async fn the_first_row_of_the_reserved_resources_can_only_be_looked_at() {
    let (desk, id) = desk().await;
    for path in ["SIP-ServerConnection", "Online-Activation"] {
        desk.console.records_read(&id, path).await.unwrap();
        let rows = block(&desk, &id, path).await.rows;
        assert!(rows.iter().all(|row| row.is_read_only == (row.key.as_deref() == Some("1"))), "{path}");
        desk.office.forget_requests(SMART_CONNECT);
        let key = "1".to_owned();
        let edit = failure(desk.console.stage_texts(&target(&id, path, "1"), &[text("ID", "3")]).await);
        let gone = failure(desk.console.stage_deletes(&id, path, &[key]).await);
        assert_eq!((edit.code(), gone.code(), desk.office.requests(SMART_CONNECT)), (Code::Invalid, Code::Invalid, 0));
    }
}

#[tokio::test]
async fn what_may_start_something_is_not_sent_without_its_own_confirmation() {
    let (desk, id) = desk().await;
    let known = desk.console.records_resources(&id).await.unwrap();
    let starting: Vec<_> = known.iter().filter(|it| it.starts_something).map(|it| it.path.as_str()).collect();
    assert_eq!(starting, ["IncomingCall-Command", "Online-Activation", "DataBackup", "Output-CSV", "Output-EXCEL"]);
    desk.console.records_read(&id, "DataBackup").await.unwrap();
    let change = stage(&desk, &id, "DataBackup", "1", "世代数", "9").await;
    desk.office.forget_requests(SMART_CONNECT);
    let refused = failure(desk.console.stages_commit(&id, std::slice::from_ref(&change.id), &[]).await);
    assert_eq!((refused.why().words.as_str(), desk.office.requests(SMART_CONNECT)), ("DataBackup", 0));
    assert!(are_done(&commit(&desk, &id).await));
}

#[tokio::test]
async fn two_editors_decide_field_by_field() {
    let (desk, id) = desk().await;
    desk.console.records_read(&id, LINES).await.unwrap();
    let both = [text("着信TEL", "0355509999"), text("代理内線番号", "99")];
    desk.console.stage_texts(&target(&id, LINES, "3"), &both).await.unwrap();
    stage(&desk, &id, LINES, "2", "代理内線番号", "77").await;
    desk.office.smart_connect.edit(LINES, 3, "代理内線番号", "44");
    desk.office.smart_connect.edit(LINES, 3, "代表TEL", "0355501234");
    desk.office.forget_requests(SMART_CONNECT);
    let report = commit(&desk, &id).await;
    let outcomes: Vec<_> = report.rows.iter().map(|it| &it.outcome).collect();
    assert_eq!(outcomes, [&CommitOutcome::Conflict, &CommitOutcome::NotDone { problem: None }]);
    assert_eq!(writes(&desk), [""; 0], "nothing is sent until it is decided");
    let conflict = staged(&desk, &id).await.remove(0);
    let field = &conflict.conflict[0];
    assert_eq!(
        (conflict.state, conflict.conflict.len(), field.name.as_str()),
        (StageState::Conflict, 1, "代理内線番号")
    );
    assert_eq!((field.now.0.as_str(), field.wanted.0.as_str()), ("\"44\"", "\"99\""));
    desk.console.stage_resolve(&id, &conflict.id, &[]).await.unwrap();
    assert!(are_done(&commit(&desk, &id).await));
    let row = desk.office.smart_connect.raw_row(LINES, 3).unwrap();
    assert!(row.contains("0355509999") && row.contains("\"44\"") && row.contains("0355501234"), "{row}");
    assert!(desk.office.smart_connect.raw_row(LINES, 2).unwrap().contains("\"77\""));

    stage(&desk, &id, LINES, "3", "代理内線番号", "50").await;
    desk.office.smart_connect.edit(LINES, 3, "代理内線番号", "51");
    commit(&desk, &id).await;
    let conflict = staged(&desk, &id).await.remove(0);
    desk.console.stage_resolve(&id, &conflict.id, &["代理内線番号".to_owned()]).await.unwrap();
    assert!(are_done(&commit(&desk, &id).await));
    assert!(desk.office.smart_connect.raw_row(LINES, 3).unwrap().contains("\"50\""), "ours was chosen");
}

#[tokio::test]
async fn a_service_that_stops_in_the_middle_of_twenty_rows_leaves_an_exact_account() {
    for (stop, is_written) in [(Stop::BeforeDoing, false), (Stop::AfterDoing, true)] {
        let (desk, id) = desk().await;
        desk.console.records_read(&id, CUSTOMERS).await.unwrap();
        for key in 1..=20 {
            stage(&desk, &id, CUSTOMERS, &key.to_string(), "備考", "領収書は PDF で").await;
        }
        let service = &desk.office.smart_connect;
        service.stop_after_writes(8, stop);
        let report = commit(&desk, &id).await;
        let count = |is: fn(&CommitOutcome) -> bool| report.rows.iter().filter(|it| is(&it.outcome)).count();
        assert_eq!(count(|it| matches!(it, CommitOutcome::Done { .. })), 7);
        assert_eq!(count(|it| matches!(it, CommitOutcome::NotDone { problem: Some(_) })), 12);
        assert!(matches!(report.rows[7].outcome, CommitOutcome::Unknown { .. }));
        let left = staged(&desk, &id).await;
        let keys: Vec<_> = left.iter().filter_map(|it| it.key.clone()).collect();
        assert_eq!(keys, (8..=20).map(|it| it.to_string()).collect::<Vec<_>>(), "what is done has left");
        assert_eq!((left[0].state, left[1].state), (StageState::Unknown, StageState::Staged));
        assert_eq!(writes(&desk).len(), 8, "{stop:?}");
        service.go_on();
        let there = |key| service.raw_row(CUSTOMERS, key).unwrap().contains("領収書は PDF で");
        assert!((1..=7).all(there) && there(8) == is_written && !(9..=20).any(there), "{stop:?}");
        // Its row is read first and tells what became of it.
        assert!(are_done(&commit(&desk, &id).await));
        assert!((1..=20).all(there));
        assert_eq!(writes(&desk).len(), if is_written { 20 } else { 21 }, "{stop:?}");
    }
}

#[tokio::test]
async fn a_new_row_that_left_without_an_answer_waits_for_a_person() {
    let (desk, id) = desk().await;
    desk.console.records_read(&id, LINES).await.unwrap();
    desk.console.stage_copies(&id, LINES, &["1".to_owned()]).await.unwrap();
    desk.office.smart_connect.stop_after_writes(1, Stop::AfterDoing);
    commit(&desk, &id).await;
    desk.office.smart_connect.go_on();
    let again = commit(&desk, &id).await;
    assert!(matches!(again.rows[0].outcome, CommitOutcome::Unknown { .. }), "{again:?}");
    assert_eq!(writes(&desk), [format!("POST {LINES}")], "it is never made twice by itself");
    let stage = staged(&desk, &id).await.remove(0);
    desk.console.stage_again(&id, &stage.id).await.unwrap();
    assert!(are_done(&commit(&desk, &id).await));
}

#[tokio::test]
async fn staged_edits_and_their_secrets_survive_a_restart_and_secrets_are_nowhere_on_disk() {
    let (desk, id) = desk().await;
    desk.console.records_read(&id, USERS).await.unwrap();
    let password = "ひみつの合言葉9";
    let old = desk.office.smart_connect.row(USERS, 2).unwrap();
    let old = old.into_iter().find(|(name, _)| *name == "パスワード").unwrap().1;
    stage(&desk, &id, USERS, "1", "パスワード", password).await;
    stage(&desk, &id, USERS, "2", "氏名", "高橋 花").await;
    desk.console.stage_deletes(&id, LINES, &["2".to_owned()]).await.unwrap();
    let desk = desk.restarted().await;
    let kept = staged(&desk, &id).await;
    let kinds: Vec<_> = kept.iter().map(|it| (it.kind, it.key.as_deref())).collect();
    assert_eq!(kinds, [(StageKind::Change, Some("1")), (StageKind::Change, Some("2")), (StageKind::Delete, Some("2"))]);
    desk.console.records_read(&id, USERS).await.unwrap();
    let seen = format!("{kept:?} {:?}", block(&desk, &id, USERS).await);
    assert!(!seen.contains(password) && !seen.contains(&old), "no secret crosses to a window: {seen}");
    let preview = format!("{:?}", desk.console.stages_preview(&id).await.unwrap());
    assert!(!preview.contains(password) && !preview.contains(&old) && preview.contains("PUT"), "{preview}");
    assert!(are_done(&commit(&desk, &id).await));
    assert!(desk.office.smart_connect.raw_row(USERS, 1).unwrap().contains(password));
    let second = desk.office.smart_connect.raw_row(USERS, 2).unwrap();
    assert!(second.contains(&old) && second.contains("高橋 花"), "an untouched secret keeps its value: {second}");
    for file in std::fs::read_dir(desk.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        assert!(!holds(password), "only the keyring has it");
    }
}

#[tokio::test]
async fn no_secret_of_a_staged_or_committed_change_outlives_its_connection() {
    let (desk, id) = desk().await;
    desk.console.records_read(&id, USERS).await.unwrap();
    stage(&desk, &id, USERS, "1", "パスワード", "あたらしい").await;
    assert!(are_done(&commit(&desk, &id).await));
    let done = desk.console.stages_done(&id).await.unwrap()[0].id.clone();
    let waits = stage(&desk, &id, USERS, "2", "パスワード", "もっとあたらしい").await.id;
    let kept = [format!("done-{done}"), format!("staged-{waits}")];
    assert!(kept.iter().all(|key| desk.has_secret(&id, key)), "both are in the keyring until then");
    desk.console.connection_remove(&id).await.unwrap();
    assert!(!kept.iter().any(|key| desk.has_secret(&id, key)));
}

#[tokio::test]
async fn what_was_committed_is_put_back_and_a_row_that_went_comes_back_under_a_new_key() {
    let (desk, id) = desk().await;
    let service = &desk.office.smart_connect;
    for path in [LINES, USERS] {
        desk.console.records_read(&id, path).await.unwrap();
    }
    let (line, user) = (service.raw_row(LINES, 2).unwrap(), service.row(USERS, 2).unwrap());
    stage(&desk, &id, LINES, "2", "代理内線番号", "88").await;
    stage(&desk, &id, USERS, "1", "パスワード", "あたらしい").await;
    desk.console.stage_deletes(&id, USERS, &["2".to_owned()]).await.unwrap();
    desk.console.stage_copies(&id, LINES, &["1".to_owned()]).await.unwrap();
    let old = service.raw_row(USERS, 1).unwrap();
    let report = commit(&desk, &id).await;
    assert!(are_done(&report));
    let made = report.rows[3].key.clone().expect("its key can be told");
    let done = desk.console.stages_done(&id).await.unwrap();
    let ids: Vec<_> = done.iter().map(|it| it.id.clone()).collect();
    let put_back = desk.console.stages_put_back(&id, &ids).await.unwrap();
    assert_eq!((put_back.staged.len(), put_back.left), (4, vec![]));
    let report = commit(&desk, &id).await;
    assert!(are_done(&report), "{report:?}");
    assert_eq!(service.raw_row(LINES, 2).unwrap(), line);
    assert_eq!(service.raw_row(USERS, 1).unwrap(), old, "the former password too");
    assert_eq!(service.raw_row(LINES, made.parse().unwrap()), None, "what was made is gone");
    let back = report.rows.iter().find(|it| it.kind == StageKind::Add).unwrap().key.clone().unwrap();
    let row = service.row(USERS, back.parse().unwrap()).unwrap();
    assert!(back != "2" && row[1..] == user[1..], "{row:?}");
    let done = desk.console.stages_done(&id).await.unwrap();
    assert!(done.iter().skip(4).all(|it| it.is_put_back) && done.iter().take(4).all(|it| it.puts_back.is_some()));
}

#[tokio::test]
async fn each_step_of_staging_can_be_undone() {
    let (desk, id) = desk().await;
    desk.console.records_read(&id, USERS).await.unwrap();
    stage(&desk, &id, USERS, "1", "パスワード", "ひとつめ").await;
    stage(&desk, &id, USERS, "1", "パスワード", "ふたつめ").await;
    let ids: Vec<_> = staged(&desk, &id).await.into_iter().map(|it| it.id).collect();
    desk.console.stages_drop(&id, &ids).await.unwrap();
    assert!(staged(&desk, &id).await.is_empty());
    assert!(desk.console.stage_undo(&id).await.unwrap());
    assert!(desk.console.stage_undo(&id).await.unwrap());
    assert!(are_done(&commit(&desk, &id).await));
    assert!(desk.office.smart_connect.raw_row(USERS, 1).unwrap().contains("ひとつめ"));
    assert!(matches!(desk.console.stages_commit(&id, &[], &[]).await, Ok(report) if report.rows.is_empty()));
}

#[tokio::test]
async fn a_field_keeps_the_type_in_which_it_came_and_unknown_ones_are_sent_back_untouched() {
    let (desk, id) = desk().await;
    let row = "{\"ID\":1,\"名称\":\"a\",\"新しい\":{\"x\":[1,2.50]},\"URL\":\"https:\\/\\/x\",\"有効\":true,\"番号\":1564831284702237059123}";
    desk.office.smart_connect.put_row("IncomingCall-URL", 1, row);
    desk.console.records_read(&id, "IncomingCall-URL").await.unwrap();
    let to = target(&id, "IncomingCall-URL", "1");
    let wrong = failure(desk.console.stage_texts(&to, &[text("有効", "はい")]).await);
    assert!(matches!(wrong, Failure::Invalid(why) if why.words == "有効"));
    assert!(desk.console.stage_texts(&to, &[text("ない項目", "1")]).await.is_err());
    desk.console.stage_texts(&to, &[text("有効", "false"), text("名称", "34")]).await.unwrap();
    assert!(are_done(&commit(&desk, &id).await));
    let body = desk.office.log(SMART_CONNECT).into_iter().rev().find(|it| it.method == "PUT").unwrap().body.unwrap();
    assert_eq!(body, row.replace("\"a\"", "\"34\"").replace("true", "false"));
    let as_it_was = desk.console.stage_texts(&to, &[text("名称", "34")]).await.unwrap();
    assert_eq!(as_it_was, None, "what changes nothing is not staged");
}

#[tokio::test]
async fn the_own_link_is_staged_once_as_a_row_like_the_others_and_committed_like_any() {
    let (desk, id) = desk().await;
    let urls = "IncomingCall-URL";
    let OwnLink::Staged { stage } = desk.console.stage_own_link(&id, urls).await.unwrap() else {
        panic!("it is not there yet");
    };
    let OwnLink::Staged { stage: again } = desk.console.stage_own_link(&id, urls).await.unwrap() else {
        panic!("it waits");
    };
    assert_eq!((again, staged(&desk, &id).await.len()), (stage, 1), "a second press stages nothing");
    assert!(are_done(&commit(&desk, &id).await));
    let OwnLink::There { key } = desk.console.stage_own_link(&id, urls).await.unwrap() else {
        panic!("it is there now");
    };
    let row = desk.office.smart_connect.row(urls, key.parse().unwrap()).unwrap();
    let field = |name: &str| row.iter().find(|(it, _)| *it == name).map(|it| it.1.clone()).unwrap();
    assert_eq!((field("名称").as_str(), field("URL").as_str()), ("Frontdesk", "frontdesk://call?tel=(TEL)"));
    let refused = failure(desk.console.stage_own_link(&id, LINES).await);
    assert_eq!(refused.why().reason, Reason::NotOffered);
}
