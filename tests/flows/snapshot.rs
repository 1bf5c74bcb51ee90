//! A snapshot of every administration record, what became different since, and chosen rows put back through staged edits.

use model::failure::Code;
use model::snapshot::{Drift, DriftKind, DriftPick, DriftRow, RestoreWay};
use model::staging::{CommitOutcome, CommitReport, StageKind, StageState};
use model::{ConnectionId, Raw, Reason, StageId};
use simulators::SMART_CONNECT;
use simulators::smart_connect::{RESOURCES, Stop};

use crate::support::{Desk, failure};

const LINES: &str = "ContainmentLine";
const CALLS: &str = "ReceivedCall-Record";
const COMMANDS: &str = "IncomingCall-Command";
const MAIL: &str = "MessDef-Mail";
const SIP: &str = "SIP-ServerConnection";
const USERS: &str = "UserManagement";

struct Office {
    desk: Desk,
    id: ConnectionId,
    folder: tempfile::TempDir,
}

impl Office {
    async fn open() -> Self {
        let desk = Desk::at(|plan| simulators::Plan { customers: 40, ..plan }).await;
        let id = desk.connect(SMART_CONNECT).await;
        Self { desk, id, folder: tempfile::tempdir().expect("room for a folder") }
    }

    /// A snapshot, as the text of its file.
    async fn snapshot(&self) -> String {
        let saved =
            self.desk.console.snapshot_save(&self.id, self.folder.path(), "snapshot").await.expect("a snapshot");
        std::fs::read_to_string(saved.file).expect("the file is there")
    }

    async fn drift(&self, snapshot: &str) -> Drift {
        self.desk.console.snapshot_compare(&self.id, snapshot.to_owned()).await.expect("a snapshot that can be read")
    }

    fn raw_row(&self, path: &str, key: u64) -> Option<String> {
        self.desk.office.smart_connect.raw_row(path, key)
    }

    async fn stage(&self, drift: &Drift, picks: &[(&str, &str)]) -> Vec<StageId> {
        let staged = self.desk.console.drift_stage(&self.id, &drift.id, &self::picks(picks)).await.expect("the ledger");
        assert_eq!(staged.left, []);
        staged.staged
    }

    async fn commit(&self) -> CommitReport {
        let staged = self.desk.console.stages_list(&self.id).await.expect("the ledger");
        let ids: Vec<StageId> = staged.into_iter().map(|it| it.id).collect();
        let confirmed: Vec<String> = RESOURCES.iter().map(|it| it.path.to_owned()).collect();
        self.desk.console.stages_commit(&self.id, &ids, &confirmed).await.expect("a report")
    }

    async fn delete(&self, path: &str, key: &str) {
        self.desk.console.records_delete(&self.id, path, key).await.expect("a row that goes");
    }
}

fn picks(rows: &[(&str, &str)]) -> Vec<DriftPick> {
    rows.iter().map(|(resource, key)| DriftPick { resource: (*resource).into(), key: (*key).into() }).collect()
}

fn are_done(report: &CommitReport) -> bool {
    !report.rows.is_empty() && report.rows.iter().all(|it| matches!(it.outcome, CommitOutcome::Done { .. }))
}

fn of<'a>(drift: &'a Drift, path: &str, key: &str) -> &'a DriftRow {
    let found = drift.rows.iter().find(|it| it.resource == path && it.key == key);
    found.unwrap_or_else(|| panic!("{path} {key} in {:?}", drift.rows))
}

fn staging(kind: StageKind) -> RestoreWay {
    RestoreWay::Stage { kind, lacks: Vec::new() }
}

#[tokio::test]
async fn a_snapshot_holds_every_row_of_the_nineteen_resources_untouched_and_no_secret() {
    let office = Office::open().await;
    let odd = "{\"ID\":1,\"番号\":1564831284702237059123,\"名称\":\"\\u3042\" ,\"URL\":\"https:\\/\\/x\"}";
    office.desk.office.smart_connect.put_row("IncomingCall-URL", 1, odd);
    let saved = office.desk.console.snapshot_save(&office.id, office.folder.path(), "朝 2026-10-14").await.unwrap();
    assert!(saved.file.ends_with("朝 2026-10-14.json") && saved.unread.is_empty(), "{saved:?}");
    let text = std::fs::read_to_string(&saved.file).unwrap();
    assert!(text.contains(odd), "letter by letter");
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let resources = file["resources"].as_array().unwrap();
    let paths: Vec<_> = resources.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(paths, RESOURCES.iter().map(|it| it.path).collect::<Vec<_>>());
    let mut rows = 0;
    for resource in resources {
        let path = resource["path"].as_str().unwrap();
        let there = office.desk.console.records_list(&office.id, path).await.unwrap().len();
        assert_eq!(resource["rows"].as_array().unwrap().len(), there, "{path}");
        rows += there as u64;
    }
    assert_eq!((saved.resources, saved.rows), (19, rows));
    let mut hidden = 0;
    let rows = resources.iter().flat_map(|it| it["rows"].as_array().unwrap()).map(|it| it.as_object().unwrap());
    for (name, value) in rows.flatten().filter(|(name, value)| model::record::is_secret(name) && **value != "") {
        assert_eq!(value, &serde_json::json!({ "$secret": "kept" }), "{name}");
        hidden += 1;
    }
    assert!(hidden > 5, "there were secrets: {hidden}");
    for user in [1, 2] {
        let user = office.desk.office.smart_connect.row(USERS, user).unwrap();
        let password = &user.iter().find(|(name, _)| *name == "パスワード").unwrap().1;
        assert!(!password.is_empty() && !text.contains(password), "not in any other place either");
    }
    assert_eq!(std::fs::read_dir(office.folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_snapshot_is_written_whole_or_not_at_all() {
    let office = Office::open().await;
    let save = |name: &'static str| office.desk.console.snapshot_save(&office.id, office.folder.path(), name);
    assert_eq!(failure(save("a/b").await).code(), Code::Invalid);
    let first = save("a").await.unwrap().file;
    let second = save("a").await.unwrap().file;
    assert!(first.ends_with("a.json") && second.ends_with("a (2).json"), "one that is there is left alone");
    office.desk.office.switch_off(SMART_CONNECT).await;
    assert_eq!(failure(save("b").await).code(), Code::Offline);
    assert_eq!(std::fs::read_dir(office.folder.path()).unwrap().count(), 2, "nothing half is left");
}

#[tokio::test]
async fn what_became_different_is_told_field_by_field_and_what_cannot_be_put_back_beforehand() {
    let office = Office::open().await;
    let snapshot = office.snapshot().await;
    let service = &office.desk.office.smart_connect;
    assert!(office.drift(&snapshot).await.rows.is_empty(), "nothing became different yet");
    service.edit(LINES, 3, "代理内線番号", "44");
    office.delete(LINES, "2").await;
    let made = Raw("{\"回線No\":\"0\",\"着信TEL\":\"0355509999\"}".to_owned());
    let made = office.desk.console.records_create(&office.id, LINES, &made).await.unwrap().key.unwrap();
    service.edit(SIP, 1, "サーバーアドレス", "10.0.0.9");
    service.edit(USERS, 1, "パスワード", "べつのもの");
    office.delete(USERS, "2").await;
    service.edit(CALLS, 1, "メモ", "あとから");
    service.ring("0677778888", "0355500110");
    let new = RESOURCES.iter().find(|it| it.path == MAIL).unwrap().fields[1];
    let mail = Raw(format!("{{\"ID\":\"0\",\"{new}\":\"新しい文面\"}}"));
    let mail = office.desk.console.records_create(&office.id, MAIL, &mail).await.unwrap().key.unwrap();

    let drift = office.drift(&snapshot).await;
    assert_eq!((drift.taken_of.as_str(), drift.is_of_another, drift.unread.len()), ("SmartConnect", false, 0));
    assert_eq!(drift.resources.len(), 19);
    let changed = of(&drift, LINES, "3");
    let field = &changed.fields[0];
    assert_eq!((changed.kind, changed.fields.len(), field.name.as_str()), (DriftKind::Changed, 1, "代理内線番号"));
    assert_eq!(field.after, Some(Raw("\"44\"".into())));
    assert_eq!(changed.way, staging(StageKind::Change));
    assert_eq!(
        (of(&drift, LINES, "2").kind, &of(&drift, LINES, "2").way),
        (DriftKind::Removed, &staging(StageKind::Add))
    );
    assert_eq!(
        (of(&drift, LINES, &made).kind, &of(&drift, LINES, &made).way),
        (DriftKind::Added, &staging(StageKind::Delete))
    );
    assert_eq!(of(&drift, SIP, "1").way, RestoreWay::Reserved);
    assert_eq!(of(&drift, MAIL, &mail).way, RestoreWay::Forbidden { verb: model::record::Verb::Delete });
    let lacks = vec!["パスワード".to_owned()];
    assert_eq!(of(&drift, USERS, "2").way, RestoreWay::Stage { kind: StageKind::Add, lacks });
    assert!(
        !drift.rows.iter().any(|it| it.resource == USERS && it.key == "1"),
        "of a secret only its presence is known"
    );
    let calls = drift.resources.iter().find(|it| it.resource == CALLS).unwrap();
    assert_eq!((calls.added, calls.changed, calls.comes_by_itself), (1, 1, true));
    let told: Vec<_> = drift.rows.iter().filter(|it| it.resource == CALLS).map(|it| it.kind).collect();
    assert_eq!(told, [DriftKind::Changed], "calls that came since are counted only");
}

#[tokio::test]
async fn chosen_rows_are_staged_committed_and_nothing_is_written_before() {
    let office = Office::open().await;
    let snapshot = office.snapshot().await;
    let service = &office.desk.office.smart_connect;
    let (line, user) = (office.raw_row(LINES, 3).unwrap(), service.row(USERS, 2).unwrap());
    service.edit(LINES, 3, "代理内線番号", "44");
    service.edit(LINES, 1, "代理内線番号", "45");
    office.delete(USERS, "2").await;
    let extra = Raw("{\"ID\":\"0\",\"氏名\":\"臨時\"}".to_owned());
    let extra = office.desk.console.records_create(&office.id, USERS, &extra).await.unwrap().key.unwrap();
    let drift = office.drift(&snapshot).await;
    office.desk.office.forget_requests(SMART_CONNECT);
    let staged = office.stage(&drift, &[(LINES, "3"), (USERS, "2"), (USERS, &extra)]).await;
    assert_eq!((staged.len(), office.desk.office.requests(SMART_CONNECT)), (3, 0), "nothing is sent by staging");
    assert!(are_done(&office.commit().await));
    assert_eq!(office.raw_row(LINES, 3).unwrap(), line);
    assert!(office.raw_row(LINES, 1).unwrap().contains("\"45\""), "what was not chosen stays");
    assert_eq!(office.raw_row(USERS, extra.parse().unwrap()), None);
    let again = office.drift(&snapshot).await;
    let back = of(&again, USERS, "2");
    let RestoreWay::UnderKey { key } = &back.way else { panic!("{back:?}") };
    let there = service.row(USERS, key.parse().unwrap()).unwrap();
    for ((name, then), (_, now)) in user.iter().zip(&there).skip(1) {
        let expected = if model::record::is_secret(name) { "" } else { then };
        assert_eq!(now, expected, "{name}: a secret comes back empty");
    }
    assert_eq!(
        again.rows.iter().filter(|it| it.resource == USERS).count(),
        1,
        "the row under its new key is not told twice"
    );
}

#[tokio::test]
async fn no_row_is_made_twice_from_one_snapshot() {
    let office = Office::open().await;
    let snapshot = office.snapshot().await;
    let service = &office.desk.office.smart_connect;
    office.delete(LINES, "2").await;
    let drift = office.drift(&snapshot).await;
    office.stage(&drift, &[(LINES, "2")]).await;
    let used = office.desk.console.drift_stage(&office.id, &drift.id, &picks(&[(LINES, "2")])).await;
    assert_eq!(failure(used).why().reason, Reason::NoSuchThing, "a drift is good for one staging");
    office.stage(&office.drift(&snapshot).await, &[(LINES, "2")]).await;
    assert_eq!(office.desk.console.stages_list(&office.id).await.unwrap().len(), 1, "it takes its own place");
    service.stop_after_writes(1, Stop::BeforeDoing);
    office.commit().await;
    service.go_on();
    let drift = office.drift(&snapshot).await;
    let left = office.desk.console.drift_stage(&office.id, &drift.id, &picks(&[(LINES, "2")])).await.unwrap();
    assert_eq!((left.staged.len(), left.left[0].problem.reason), (0, Reason::OutcomeUnknown));
    let stage = office.desk.console.stages_list(&office.id).await.unwrap().remove(0);
    assert_eq!(stage.state, StageState::Unknown, "what may have arrived waits for a person");
}

#[tokio::test]
async fn a_restore_meets_a_conflict_like_any_other_change() {
    let office = Office::open().await;
    let snapshot = office.snapshot().await;
    let service = &office.desk.office.smart_connect;
    service.edit(LINES, 3, "代理内線番号", "44");
    office.stage(&office.drift(&snapshot).await, &[(LINES, "3")]).await;
    service.edit(LINES, 3, "代理内線番号", "46");
    let report = office.commit().await;
    assert_eq!(report.rows[0].outcome, CommitOutcome::Conflict);
    assert!(office.raw_row(LINES, 3).unwrap().contains("\"46\""));
}

#[tokio::test]
async fn what_may_start_something_asks_again_and_staging_is_undone_in_one_step() {
    let office = Office::open().await;
    let snapshot = office.snapshot().await;
    let name = RESOURCES.iter().find(|it| it.path == COMMANDS).unwrap().fields[1];
    office.desk.office.smart_connect.edit(COMMANDS, 1, name, "べつのもの");
    office.desk.office.smart_connect.edit(LINES, 1, "代理内線番号", "45");
    let staged = office.stage(&office.drift(&snapshot).await, &[(COMMANDS, "1"), (LINES, "1")]).await;
    let refused = failure(office.desk.console.stages_commit(&office.id, &staged, &[]).await);
    assert_eq!((refused.code(), refused.why().words.as_str()), (Code::Invalid, COMMANDS));
    assert!(office.desk.console.stage_undo(&office.id).await.unwrap());
    assert_eq!(office.desk.console.stages_list(&office.id).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_no_snapshot_of_such_a_system_is_refused() {
    let office = Office::open().await;
    let snapshot = office.snapshot().await;
    let compare = |text: String| office.desk.console.snapshot_compare(&office.id, text);
    for text in [
        String::new(),
        "{}".into(),
        snapshot[..snapshot.len() / 2].to_owned(),
        snapshot.replace("\"smart-connect\"", "\"x\""),
    ] {
        let refused = failure(compare(text).await);
        assert_eq!((refused.code(), refused.why().reason), (Code::Invalid, Reason::NotUsable));
    }
    let moved = snapshot.replacen("\"address\":\"http://", "\"address\":\"http://other.", 1);
    assert!(compare(moved).await.unwrap().is_of_another);
    let shorter = snapshot.replace("\"path\":\"MessDef-Toast\"", "\"path\":\"Elsewhere\"");
    let unread = compare(shorter).await.unwrap().unread;
    assert_eq!(unread.iter().map(|it| it.resource.as_str()).collect::<Vec<_>>(), ["MessDef-Toast"]);
}
