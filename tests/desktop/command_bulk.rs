//! `frontdesk-cli bulk`: what callers of the command line rely on, from the plan to its end, and an interruption in the middle.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use simulators::rocket_chat::Limit;
use simulators::{CHAT_AND_MESSENGER, Fault, ROCKET_CHAT};

use crate::command_line::{Said, Terminal, program};
use crate::driver::PATIENCE;

/// Rows of a plan that is interrupted.
const ROWS: usize = 200;

/// Whom everything is for.
const TO: &str = "t.kenichi@example.jp";

/// Plans a file through a connection, with nothing to wait for between two messages.
async fn plan(terminal: &Terminal, system: &str, name: &str, bytes: &[u8]) -> Said {
    plan_with(terminal, system, name, bytes, "0").await
}

/// The same with a gap between two messages, in milliseconds.
async fn plan_with(terminal: &Terminal, system: &str, name: &str, bytes: &[u8], gap: &str) -> Said {
    let file = terminal.data.path().join(name);
    std::fs::write(&file, bytes).expect("there is room for a file");
    let file = file.display().to_string();
    terminal.run(&["bulk", "plan", &file, "--connection", system, "--gap", gap]).await
}

/// A table with so many messages.
fn table(stem: &str, rows: usize) -> String {
    (0..rows).fold("to,message\n".to_owned(), |all, row| format!("{all}{TO},{stem} {row:04}\n"))
}

fn id(said: &Said) -> String {
    said.json["id"].as_str().unwrap_or_else(|| panic!("{} {}", said.json, said.stderr)).to_owned()
}

/// The texts that arrived at Chat&Messenger and begin so.
fn arrived(terminal: &Terminal, stem: &str) -> Vec<String> {
    let all = terminal.office.chat_and_messenger.messages().into_iter().map(|it| it.message);
    all.filter(|it| it.starts_with(stem)).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn a_file_is_planned_or_refused_before_anything_is_sent() {
    let terminal = Terminal::with_chats().await;
    let strict = format!(r#"[{{"message":"strict","property":{{"users":"{TO}"}}}}]"#);
    let loose = format!("\u{feff}messages=[\r\n{},\r\n]", strict.trim_matches(['[', ']']));
    // 髙橋 in the letters of Windows, with a sign that Shift_JIS alone has not.
    let japanese = b"to,name,message\nt.kenichi@example.jp,\xfb\xfc\x8b\xb4,{{name}}\x97l\n";
    for (name, bytes) in [("a.json", strict.as_bytes()), ("b.json", loose.as_bytes()), ("c.csv", &japanese[..])] {
        let said = plan(&terminal, CHAT_AND_MESSENGER, name, bytes).await;
        assert_eq!((said.code, said.json["total"].as_u64()), (0, Some(1)), "{name}: {} {}", said.json, said.stderr);
        assert!(said.json.get("finishes_at").is_some() && said.json["problems"].is_array(), "{name}: {}", said.json);
    }
    for (name, bytes) in [("d.csv", "to,message\n,nobody\n"), ("e.json", "[{\"message\":1}]"), ("f.csv", "")] {
        let said = plan(&terminal, CHAT_AND_MESSENGER, name, bytes.as_bytes()).await;
        assert_eq!(said.code, 2, "{name}: {} {}", said.json, said.stderr);
    }
    let file = terminal.data.path().join("a.json").display().to_string();
    for arguments in [
        &["plan", &file, "--connection", "nowhere"][..],
        &["plan", "no such file", "--connection", ROCKET_CHAT],
        &["run", "no such plan"],
        &["status", "no such plan"],
        &["pause", "no such plan"],
        &["retry", "no such plan"],
    ] {
        let said = terminal.run(&[&["bulk"], arguments].concat()).await;
        let told = (said.code, said.json["error"]["code"].as_str());
        assert_eq!(told, (2, Some("invalid")), "{arguments:?}: {} {}", said.json, said.stderr);
    }
    assert!(terminal.office.chat_and_messenger.messages().is_empty(), "nothing is sent before it is run");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn the_code_says_how_a_run_ended() {
    let terminal = Terminal::with_chats().await;
    let run = async |system: &str, stem: &str, trouble: simulators::Trouble| {
        let planned = plan(&terminal, system, &format!("{stem}.csv"), table(stem, 3).as_bytes()).await;
        terminal.office.fault(system, trouble);
        let said = terminal.run(&["bulk", "run", &id(&planned)]).await;
        terminal.office.heal(system);
        (id(&planned), said)
    };
    let (refused, said) = run(CHAT_AND_MESSENGER, "refused", Fault::Status(400).only("sendMessage").next(1)).await;
    assert_eq!(said.code, 1, "{}", said.stderr);
    let retried = terminal.run(&["bulk", "retry", &refused]).await;
    assert_eq!((retried.code, arrived(&terminal, "refused").len()), (0, 3), "{}", retried.stderr);

    let (unknown, said) = run(CHAT_AND_MESSENGER, "unknown", Fault::LoseAnswer.only("sendMessage").next(1)).await;
    assert_eq!((said.code, arrived(&terminal, "unknown").len()), (4, 3), "{}", said.stderr);
    let retried = terminal.run(&["bulk", "retry", &unknown]).await;
    assert_eq!((retried.code, arrived(&terminal, "unknown").len()), (4, 3), "what is unknown is not meant by it");
    let decided = terminal.run(&["bulk", "decide", &unknown, "1", "--arrived"]).await;
    assert_eq!((decided.code, decided.json["state"].as_str()), (0, Some("sent")), "{}", decided.json);
    let status = terminal.run(&["bulk", "status", &unknown]).await;
    assert_eq!((status.json["state"].as_str(), status.json["sent"].as_u64()), (Some("done"), Some(3)));

    let (signed_out, said) = run(ROCKET_CHAT, "signed out", Fault::Status(401).only("chat.sendMessage")).await;
    assert_eq!(said.code, 3, "{}", said.stderr);
    let said = terminal.run(&["bulk", "run", &signed_out]).await;
    assert_eq!(said.code, 0, "{}", said.stderr);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn an_interruption_leaves_nothing_in_doubt_and_says_how_it_goes_on() {
    let terminal = Terminal::with_chats().await;
    let rows = table("休業", ROWS);
    // With a gap it cannot be done before it is interrupted.
    let planned = plan_with(&terminal, CHAT_AND_MESSENGER, "holidays.csv", rows.as_bytes(), "30").await;
    let id = id(&planned);
    let mut command = Command::new(program());
    command.args(["--json", "bulk", "run", &id]).env("FRONTDESK_DATA_DIR", terminal.data.path());
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let stdout = child.stdout.take().expect("it answers");
    let (code, lines, told) = tokio::task::spawn_blocking(move || {
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut seen: Vec<String> = lines.by_ref().take(20).collect();
        let pressed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
        assert!(pressed.success());
        seen.extend(lines);
        let mut told = String::new();
        child.stderr.take().expect("it speaks").read_to_string(&mut told).expect("in UTF-8");
        (child.wait().expect("it ends").code(), seen.len(), told)
    })
    .await
    .expect("it was run");
    assert_eq!(code, Some(1), "it is not done: {told}");
    assert!(told.contains(&format!("{lines} of {ROWS} sent")), "{lines} lines: {told}");
    assert!(told.contains(&format!("bulk run {id} goes on from here")), "{told}");
    let status = terminal.run(&["bulk", "status", &id]).await.json;
    assert_eq!((status["state"].as_str(), status["sent"].as_u64()), (Some("paused"), Some(lines as u64)), "{status}");
    assert_eq!((status["sending"].as_u64(), status["unknown"].as_u64()), (Some(0), Some(0)), "{status}");
    assert_eq!(arrived(&terminal, "休業").len(), lines);

    let said = terminal.run(&["bulk", "run", &id]).await;
    assert_eq!(said.code, 0, "{}", said.stderr);
    let all = arrived(&terminal, "休業");
    assert_eq!((all.len(), all.into_iter().collect::<BTreeSet<_>>().len()), (ROWS, ROWS), "each once");
}

/// Waits until so many of a plan are sent, as somebody does who asks again and again.
async fn sent(terminal: &Terminal, id: &str, rows: u64) {
    let asked = async { while terminal.run(&["bulk", "status", id]).await.json["sent"].as_u64() != Some(rows) {} };
    tokio::time::timeout(PATIENCE, asked).await.expect("they are sent");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn a_run_that_waits_is_paused_and_stopped_from_another_program() {
    let terminal = Terminal::with_chats().await;
    terminal.office.rocket_chat.limit(Some(Limit { calls: 2, per: Duration::from_secs(3600) }));
    let id = id(&plan(&terminal, ROCKET_CHAT, "slow.csv", table("slow", 20).as_bytes()).await);
    let run = ["bulk", "run", &id];
    let (running, ended) = tokio::join!(terminal.run(&run), async {
        sent(&terminal, &id, 2).await;
        let second = terminal.run(&run).await;
        assert_eq!(second.code, 2, "two programs never send one plan: {} {}", second.json, second.stderr);
        terminal.run(&["bulk", "stop", &id]).await
    });
    assert_eq!((running.code, ended.code), (1, 0), "{} {}", running.stderr, ended.stderr);
    let status = terminal.run(&["bulk", "status", &id]).await.json;
    assert_eq!((status["state"].as_str(), status["withheld"].as_u64()), (Some("stopped"), Some(18)), "{status}");
    assert_eq!(terminal.run(&["bulk", "run", &id]).await.code, 2, "what was stopped does not go on");
    assert_eq!(terminal.run(&["bulk", "remove", &id]).await.code, 2, "nor is it forgotten");
}
