//! The ledger of messages from the command line, where nothing was sent.

use serde_json::json;

use crate::running::Terminal;

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_outbox_is_an_empty_list_and_what_is_not_in_it_cannot_be_settled() {
    let terminal = Terminal::connected().await;
    let list = terminal.run(&["outbox", "list"]).await;
    assert_eq!((list.code, &list.json), (0, &json!([])), "{}", list.stderr);
    for command in
        [&["ask", "nothing"][..], &["withdraw", "nothing"], &["again", "nothing"], &["decide", "nothing", "--lost"]]
    {
        let said = terminal.run(&[&["outbox"], command].concat()).await;
        let told = (said.code, said.json["error"]["code"].as_str());
        assert_eq!(told, (2, Some("invalid")), "{command:?} {}", said.stdout);
    }
    let undecided = terminal.run(&["outbox", "decide", "nothing"]).await;
    assert_eq!(undecided.code, 2, "whoever decides says which way");
}
