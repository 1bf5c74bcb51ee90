//! The built `frontdesk-cli` signs in with a browser, with the real keyring.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use simulators::RING_CENTRAL;

use crate::command_line::{Terminal, program};

/// The name of the connection.
const DESK: &str = "Telephones";

/// Runs a sign-in, and a browser that goes where the page sends it. The exit code, the answer and what was said besides.
async fn sign_in(terminal: &Terminal) -> (Option<i32>, Value, String) {
    let mut command = Command::new(program());
    command.args(["--json", "connections", "sign-in", DESK, "--no-open"]);
    command.env("FRONTDESK_DATA_DIR", terminal.data.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child: Child = command.spawn().expect("the program starts");
    let mut words = BufReader::new(child.stderr.take().expect("it speaks"));
    let first = move || {
        let mut line = String::new();
        words.read_line(&mut line).expect("it says which page to open");
        (words, line)
    };
    let (mut words, line) = tokio::task::spawn_blocking(first).await.expect("it was read");
    let (said, page) = line.trim().rsplit_once(' ').expect("a sentence and an address");
    assert_eq!(said, "Open this page in the browser:");
    rest::install_tls();
    let shown = reqwest::get(page).await.expect("the browser comes back").text().await.expect("a page");
    assert!(shown.contains("You can close this page and go back to Frontdesk."), "{shown}");
    let end = move || {
        let mut more = String::new();
        words.read_to_string(&mut more).expect("it ends");
        (child.wait_with_output().expect("it ends"), more)
    };
    let (output, more) = tokio::task::spawn_blocking(end).await.expect("it ended");
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), more)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn somebody_signs_in_with_a_browser_from_the_command_line() {
    let terminal = Terminal::new().await;
    let account = terminal.office.account(RING_CENTRAL);
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
    let back = format!("redirect-uri=http://{free}/back");
    let client = account.settings.iter().find(|(key, _)| *key == "client-id").expect("it has an application");
    let client = format!("client-id={}", client.1);
    let arguments = ["connections", "add", RING_CENTRAL, "--name", DESK, "--url", &account.url];
    let added = terminal.run(&[&arguments[..], &["--set", &client, "--set", &back]].concat()).await;
    assert_eq!(added.code, 0, "{} {}", added.json, added.stderr);
    assert!(added.stderr.contains("connections sign-in"), "it says what comes next: {}", added.stderr);
    assert_eq!(terminal.run(&["sync"]).await.code, 3, "nobody has signed in yet");

    terminal.office.ring_central.set_user_declines(true);
    let (code, json, said) = sign_in(&terminal).await;
    assert_eq!((code, json["error"]["reason"].as_str()), (Some(3), Some("sign_in_declined")), "{json} {said}");

    terminal.office.ring_central.set_user_declines(false);
    let (code, json, said) = sign_in(&terminal).await;
    assert_eq!((code, json["name"].as_str()), (Some(0), Some(DESK)), "{json} {said}");
    assert_eq!(terminal.run(&["sync"]).await.code, 0);
    terminal.office.ring_central.expire_access_tokens();
    let again = terminal.run(&["sync"]).await;
    assert_eq!(again.code, 0, "each run takes up the token of the one before: {}", again.json);

    assert_eq!(terminal.run(&["connections", "remove", DESK]).await.code, 0);
    assert_eq!(terminal.office.ring_central.sessions(), 0, "what was kept opens nothing any more");
}
