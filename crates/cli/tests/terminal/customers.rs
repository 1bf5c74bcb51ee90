//! A table of customers: what it would change, and the change itself.

use serde_json::Value;

use crate::running::{DESK, Said, Terminal};

/// Line and state of each row.
fn rows(said: &Said) -> Vec<(u64, String)> {
    let all = said.json["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().map(|it| (it["line"].as_u64().unwrap_or(0), it["state"].as_str().unwrap_or("").to_owned())).collect()
}

fn expected(rows: &[(u64, &str)]) -> Vec<(u64, String)> {
    rows.iter().map(|(line, state)| (*line, (*state).to_owned())).collect()
}

async fn named(terminal: &Terminal, name: &str) -> Vec<Value> {
    let said = terminal.run(&["customers", "list", "--search", name]).await;
    said.json.as_array().cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_shown_before_it_is_written_and_written_once() {
    let terminal = Terminal::synced().await;
    let there = named(&terminal, "").await[0]["numbers"][0]["raw"].as_str().expect("a number").to_owned();
    let text = format!(
        "氏名,ﾌﾘｶﾞﾅ,電話番号,number2,メール,備考\r\n\
         導入 一郎,ドウニュウ,03-5550-7701,090-5550-7701,ichiro@example.jp,\"常連\r\n二階\"\r\n\
         導入 別名,,０３ ５５５０ ７７０１,,,\r\n\
         知人,,{there},,,\r\n\
         ,,03-5550-7702,,,\r\n\
         短い行\r\n\
         導入 二郎,,03-5550-7703,,,\r\n"
    );
    let file = terminal.file("customers.csv", &text);
    let plan = [(2, "new"), (4, "double"), (5, "known"), (6, "bad"), (7, "bad"), (8, "new")];
    let shown = terminal.run(&["customers", "import", &file]).await;
    assert_eq!((shown.code, rows(&shown)), (2, expected(&plan)), "{} {}", shown.stdout, shown.stderr);
    assert_eq!((&shown.json["applied"], &shown.json["rows"][1]["same_as"]), (&false.into(), &2.into()));
    assert_eq!(shown.json["rows"][3]["problem"]["words"], "name");
    assert_eq!(shown.json["rows"][4]["problem"]["words"], "1 cells instead of 6");
    assert!(named(&terminal, "導入").await.is_empty(), "nothing is written without --apply");

    let import = ["customers", "import", &file, "--connection", DESK, "--apply"];
    let written = terminal.run(&import).await;
    let became = [(2, "added"), (4, "double"), (5, "known"), (6, "bad"), (7, "bad"), (8, "added")];
    assert_eq!((written.code, rows(&written)), (1, expected(&became)), "{} {}", written.stdout, written.stderr);
    let added = named(&terminal, "導入 一郎").await;
    assert_eq!(added.len(), 1, "{added:?}");
    assert_eq!((&added[0]["kana"], &added[0]["note"]), (&"ドウニュウ".into(), &"常連\r\n二階".into()));
    assert_eq!(added[0]["numbers"].as_array().map(Vec::len), Some(2));

    let again = terminal.run(&import).await;
    let became = [(2, "known"), (4, "known"), (5, "known"), (6, "bad"), (7, "bad"), (8, "known")];
    assert_eq!((again.code, rows(&again)), (2, expected(&became)), "a second time adds nobody: {}", again.stdout);
    assert_eq!(named(&terminal, "導入").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_is_not_known_is_named_and_left_out_only_where_that_is_said() {
    let terminal = Terminal::synced().await;
    let file = terminal.file("customers.csv", "name;number;誕生日\n導入 花子;0355507704;1980\n");
    let refused = terminal.run(&["customers", "import", &file, "--apply"]).await;
    assert_eq!((refused.code, refused.json["error"]["code"].as_str()), (2, Some("invalid")));
    assert!(refused.json["error"]["message"].as_str().is_some_and(|it| it.contains("誕生日")), "{}", refused.json);
    assert!(named(&terminal, "導入").await.is_empty());
    let said = terminal.run(&["customers", "import", &file, "--apply", "--ignore-unknown"]).await;
    assert_eq!((said.code, rows(&said)), (0, expected(&[(2, "added")])), "{} {}", said.stdout, said.stderr);
    assert_eq!(said.json["ignored"], serde_json::json!(["誕生日"]));
    assert_eq!(named(&terminal, "導入 花子").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_is_known_again_when_it_is_imported() {
    let terminal = Terminal::synced().await;
    let out = terminal.data.path().join("written.csv").display().to_string();
    let export = ["customers", "export", "--format", "csv", "--out", &out, "--connection", DESK];
    let said = terminal.run(&export).await;
    let all = terminal.run(&["customers", "list"]).await.json.as_array().map_or(0, Vec::len);
    assert_eq!((said.code, said.json["rows"].as_u64()), (0, Some(all as u64)), "{} {}", said.json, said.stderr);
    assert_eq!(terminal.run(&export).await.code, 2, "a file that is there is left alone");
    let read = terminal.run(&["customers", "import", &out]).await.json;
    let states: Vec<&str> =
        read["rows"].as_array().into_iter().flatten().filter_map(|it| it["state"].as_str()).collect();
    assert!(states.len() == all && !states.contains(&"new"), "{states:?}");
}
