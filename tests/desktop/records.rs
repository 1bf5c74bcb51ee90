//! Records of the telephone service changed in the real window: staged over three resources, a conflict decided field by field,
//! committed, taken back, and written down.

use serde_json::json;
use simulators::SMART_CONNECT;

use crate::desk::Desk;
use crate::window::{Window, keys};

/// Resource, its name on screen, the key of a row, the field and what it is to become.
const CHANGES: [(&str, &str, u64, &str, &str); 3] = [
    ("ContainmentLine", "収容回線", 3, "代理内線番号", "77"),
    ("Notification-Email-Address", "通知先メールアドレス", 2, "名称", "大阪営業所"),
    ("MessDef-Mail", "メッセージ定義_メール用", 1, "件名", "お電話がありました"),
];

/// The value of a field as the service has it.
fn value(desk: &Desk, path: &str, key: u64, field: &str) -> String {
    let row = desk.office.smart_connect.row(path, key).expect("the row is there");
    row.into_iter().find(|(name, _)| *name == field).expect("it has the field").1
}

/// Puts a value into a field of a row; leaving the field stages it.
async fn stage(desk: &Desk, window: &Window, (path, name, key, field, to): (&str, &str, u64, &str, &str)) {
    window.press("option", &format!("{name},")).await;
    window.has("heading", name).await;
    // The value behind the key is unlike that of the other rows.
    let row = desk.office.smart_connect.row(path, key).expect("the row is there");
    window.press("row", &row[1].1).await;
    window.has("heading", &format!(" {key}")).await;
    // Over what is there, as a person does: emptied first, the field would stage that it is empty.
    window.press("field", field).await;
    window.keys(&[keys::CONTROL, "a"]).await;
    window.type_into(field, to).await;
    window.keys(&[keys::TAB]).await;
}

/// Confirms what is about to be sent: the focus begins on the way out, and the next button sends.
async fn confirm(window: &Window, said: &str) {
    window.sees("They are read again first").await;
    window.rests().await;
    window.keys(&[keys::TAB]).await;
    window.keys(&[keys::ENTER]).await;
    window.sees(said).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn records_are_staged_committed_after_a_conflict_and_taken_back() {
    let desk = Desk::new("records").await;
    let window = desk.open_connected().await;
    let before = CHANGES.map(|(path, _, key, field, _)| value(&desk, path, key, field));

    window.press("link", "SmartConnect").await;
    for (done, change) in CHANGES.into_iter().enumerate() {
        stage(&desk, &window, change).await;
        window.sees(&format!("{} change", done + 1)).await;
    }
    window.sees("3 in 3 resources").await;
    let written = || desk.office.log(SMART_CONNECT).into_iter().filter(|it| it.method != "GET").count();
    assert_eq!(written(), 0, "what is staged is on this computer only");

    let (path, _, key, field, ours) = CHANGES[0];
    assert!(desk.office.smart_connect.edit(path, key, field, "44"));
    window.keys(&[keys::CONTROL, "s"]).await;
    confirm(&window, "Somebody else changed the same fields").await;
    assert_eq!(written(), 0, "nothing is sent until it is decided");
    window.keys(&[keys::ESCAPE]).await;
    window.press("button", "Choose field by field").await;
    window.press("choice", &format!("{field}: yours")).await;
    window.press("button", "Take these").await;
    window.rests().await;
    window.keys(&[keys::CONTROL, "s"]).await;
    confirm(&window, "3 of 3 done").await;
    window.press("button", "Close").await;
    for (path, _, key, field, to) in CHANGES {
        assert_eq!(value(&desk, path, key, field), to, "{path}");
    }
    assert_eq!((written(), value(&desk, path, key, field).as_str()), (3, ours), "each left once");

    window.press("tab", "History").await;
    for (_, name, ..) in CHANGES {
        window.press("option", &format!("{name},")).await;
        window.has("heading", name).await;
        window.press("button", "Put it back").await;
        confirm(&window, "1 of 1 done").await;
        window.press("button", "Close").await;
        window.rests().await;
    }
    assert_eq!(value(&desk, path, key, field), "44", "what stood there when it was committed");
    for (at, (path, _, key, field, _)) in CHANGES.into_iter().enumerate().skip(1) {
        assert_eq!(value(&desk, path, key, field), before[at], "{path}");
    }

    window.press("link", "Activity").await;
    window.sees("Unaltered").await;
    let page = window.command("audit_list", json!({ "filter": {}, "before": null })).await;
    let entries = page["entries"].as_array().expect("entries").clone();
    let rows: Vec<_> = entries.iter().filter(|it| it["deed"]["kind"] == "record_changed").collect();
    assert_eq!(rows.len(), 6, "three changes and their way back: {rows:?}");
    assert!(rows.iter().all(|it| it["outcome"] == "done"), "{rows:?}");
    let verdict = window.command("audit_verify", json!({})).await;
    assert_eq!(verdict["state"], "whole", "{verdict}");
    window.close().await;
}
