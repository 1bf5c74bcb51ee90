//! A bulk send in the real window: from a file, paused, the program killed, opened again, and sent to its end.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use simulators::ROCKET_CHAT;

use crate::desk::Desk;
use crate::driver::PATIENCE;
use crate::secrets::family;
use crate::window::Window;

/// Rows of the file.
const ROWS: usize = 300;
/// So many have arrived when it is paused.
const BEFORE_PAUSE: usize = 25;
/// The longest that the whole of it takes.
const LONGEST: Duration = Duration::from_secs(240);

/// Gives the field for files one with this text, as a person who chooses it does.
const CHOOSE: &str = "const [name, text] = arguments; const field = document.querySelector('[data-bulk-file]'); \
    const chosen = new DataTransfer(); chosen.items.add(new File([text], name, { type: 'text/csv' })); \
    field.files = chosen.files; field.dispatchEvent(new Event('change', { bubbles: true })); return true;";

/// Presses the button of this name in the dialog, whose opener has the same name.
const CONFIRM: &str = "const [name] = arguments; \
    [...document.querySelectorAll('[role=dialog] button, [role=alertdialog] button')] \
      .find((it) => it.textContent.includes(name)).click();";

/// How often each row has arrived, besides the test in this conversation.
fn arrived(desk: &Desk, tested: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for it in desk.office.rocket_chat.messages() {
        if it.msg.starts_with("年末の休業 ") && it.rid != tested {
            *counts.entry(it.msg).or_default() += 1;
        }
    }
    counts
}

/// Waits until so many rows have arrived.
async fn arrives(desk: &Desk, tested: &str, rows: usize, patience: Duration) {
    let begun = Instant::now();
    while arrived(desk, tested).len() < rows {
        assert!(begun.elapsed() < patience, "{} rows arrived, {rows} are awaited", arrived(desk, tested).len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Has a test sent, which reaches the person who plans alone; the conversation that it is in.
async fn test_to_me(desk: &Desk, window: &Window) -> String {
    let me = &desk.office.rocket_chat.people()[2];
    let connections = window.command("connections_list", json!({})).await;
    let rocket = connections.as_array().into_iter().flatten().find(|it| it["system"] == ROCKET_CHAT);
    let own = json!({ "kind": "people", "address": [me.username] });
    let mut settings = window.command("settings_get", json!({})).await;
    settings["messages"]["me"] = json!([{ "connection": rocket.expect("it is connected")["id"], "to": own }]);
    window.command("settings_set", json!({ "settings": settings })).await;
    window.press("button", "Test to me").await;
    window.sees("Test: 1 arrived at you only, 0 did not.").await;
    let sent = desk.office.rocket_chat.messages();
    let sent: Vec<_> = sent.iter().filter(|it| it.msg.starts_with("年末の休業 ")).collect();
    let [test] = sent.as_slice() else { panic!("one message: {sent:?}") };
    let room = desk.office.rocket_chat.rooms().into_iter().find(|it| it.id == test.rid).expect("a conversation");
    let recipient = &desk.office.rocket_chat.people()[0].rocket_id;
    assert!(room.members.contains(&me.rocket_id) && !room.members.contains(recipient), "{room:?}");
    assert_eq!(plan(window).await["counts"]["waiting"], ROWS, "every row still waits");
    test.rid.clone()
}

/// The one plan that there is.
async fn plan(window: &Window) -> Value {
    window.command("bulk_list", json!({})).await[0].take()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_bulk_send_is_paused_killed_and_sent_to_its_end() {
    let desk = Desk::new("bulk-window").await;
    let window = desk.open_connected().await;
    let to = desk.office.rocket_chat.people()[0].username.clone();
    let rows: String = (1..=ROWS).map(|row| format!("{to},年末の休業 {row:03}\n")).collect();
    window.press("link", "Bulk send").await;
    window.press("button", "New bulk send").await;
    window.choose("Through", desk.office.account(ROCKET_CHAT).name).await;
    window.run(CHOOSE, json!(["年末.csv", format!("to,message\n{rows}")])).await;
    window.sees("300 rows").await;
    window.press("button", "Look through").await;
    window.has("button", "Send 300").await;
    let tested = test_to_me(&desk, &window).await;
    window.press("button", "Send 300").await;
    window.has("dialog", "Send 300 messages?").await;
    window.run(CONFIRM, json!(["Send 300"])).await;
    arrives(&desk, &tested, BEFORE_PAUSE, PATIENCE).await;
    window.press("button", "Pause").await;
    window.has("button", "Go on").await;
    let paused = arrived(&desk, &tested).len();
    assert!(paused < ROWS, "it was paused before its end");

    // The program alone is killed, as it would be by whoever pulls the plug.
    let program = family(window.driver_process())
        .into_iter()
        .find(|id| std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|it| it.ends_with("frontdesk")));
    let program = program.expect("the program runs").to_string();
    assert!(Command::new("kill").args(["-9", &program]).status().expect("it can be killed").success());
    drop(window);

    let window = desk.open().await;
    assert_eq!(arrived(&desk, &tested).len(), paused, "nothing goes on by itself");
    window.press("link", "Bulk send").await;
    window.press("button", "Go on").await;
    arrives(&desk, &tested, ROWS, LONGEST).await;
    let begun = Instant::now();
    while plan(&window).await["state"] != "done" {
        assert!(begun.elapsed() < PATIENCE, "{}", plan(&window).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    window.sees("Done").await;
    window.picture("bulk-done").await;
    assert_eq!(plan(&window).await["counts"]["sent"], ROWS, "{}", plan(&window).await["counts"]);
    window.close().await;
    let arrived = arrived(&desk, &tested);
    assert_eq!((arrived.len(), arrived.values().sum::<usize>()), (ROWS, ROWS), "each once");
}
