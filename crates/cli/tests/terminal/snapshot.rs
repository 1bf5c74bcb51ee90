//! Every administration record in one file by the command line, and a row put back from it.

use crate::running::{DESK, Terminal};

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_went_is_put_back_from_a_snapshot() {
    let terminal = Terminal::connected().await;
    let file = terminal.data.path().join("office.json").display().to_string();
    let cti = async |words: &[&str]| terminal.run(&[&["cti"], words, &["--connection", DESK]].concat()).await;
    let saved = cti(&["snapshot", "--out", &file]).await;
    assert_eq!((saved.code, saved.json["resources"].as_u64()), (0, Some(19)), "{}", saved.json);
    let text = std::fs::read_to_string(&file).expect("the file is there");
    let user = terminal.office.smart_connect.row("UserManagement", 1).expect("a user");
    let password = user.into_iter().find(|(name, _)| *name == "パスワード").expect("a password").1;
    assert!(!password.is_empty() && !text.contains(&password), "no secret is in it");
    assert_eq!(cti(&["snapshot", "--out", &file]).await.code, 2, "a file that is there is left alone");

    assert_eq!(cti(&["delete", "ContainmentLine", "2"]).await.code, 0);
    let drift = cti(&["drift", &file]).await.json;
    let row = &drift["rows"][0];
    let told = [&row["resource"], &row["key"], &row["kind"], &row["way"]["type"], &row["way"]["kind"]];
    assert_eq!(told, ["ContainmentLine", "2", "removed", "stage", "add"], "{drift}");
    let wrong = cti(&["restore", &file, "--row", "ContainmentLine/3"]).await;
    assert_eq!(wrong.code, 2, "it is not different: {}", wrong.json);
    let restored = cti(&["restore", &file, "--row", "ContainmentLine/2", "--commit"]).await;
    assert_eq!(restored.code, 0, "{} {}", restored.json, restored.stderr);
    assert_eq!(restored.json["committed"]["rows"][0]["outcome"]["type"], "done", "{}", restored.json);
    let drift = cti(&["drift", &file]).await.json;
    assert_eq!(drift["rows"][0]["way"]["type"], "under_key", "{drift}");
    let all = cti(&["restore", &file, "--all"]).await;
    assert_eq!((all.code, all.json["staged"].as_u64()), (0, Some(0)), "nothing is left to put back: {}", all.json);
}
