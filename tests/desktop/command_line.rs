//! The built `frontdesk-cli` against the simulated systems, with the real keyring: the main job, and everything that can go wrong.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use simulators::{Account, CHAT_AND_MESSENGER, Office, Plan, RING_CENTRAL, ROCKET_CHAT, SMART_CONNECT};
use tempfile::TempDir;

/// What a call of the program answered.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) json: Value,
    pub(crate) stderr: String,
}

/// An office, and the program over a data folder of its own.
pub(crate) struct Terminal {
    pub(crate) office: Office,
    pub(crate) data: TempDir,
}

impl Terminal {
    pub(crate) async fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the program under test goes by the computer's clock")]
        let now = chrono::Utc::now();
        let office = Office::start(Plan::small(now)).await.expect("the simulators find their ports");
        Self { office, data: tempfile::tempdir().expect("there is room for a data folder") }
    }

    async fn connected() -> Self {
        let terminal = Self::new().await;
        for account in terminal.office.accounts() {
            let said = terminal.add(&account, &account.url).await;
            assert_eq!(said.code, 0, "{} {}", said.json, said.stderr);
        }
        terminal
    }

    /// One at which both chats with lists of their own are connected.
    pub(crate) async fn with_chats() -> Self {
        let terminal = Self::new().await;
        for system in [CHAT_AND_MESSENGER, ROCKET_CHAT] {
            let account = terminal.office.account(system);
            let said = terminal.add(&account, &account.url).await;
            assert_eq!(said.code, 0, "{} {}", said.json, said.stderr);
        }
        terminal
    }

    pub(crate) async fn add(&self, account: &Account, url: &str) -> Said {
        let mut arguments = vec!["connections", "add", account.system, "--name", account.system, "--url", url];
        let settings: Vec<String> = account.settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
        settings.iter().for_each(|it| arguments.extend(["--set", it]));
        account.secrets.iter().for_each(|(key, _)| arguments.extend(["--secret", key]));
        let secrets: String = account.secrets.iter().map(|(_, value)| format!("{value}\n")).collect();
        self.run_with(&arguments, &secrets).await
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, "").await
    }

    /// Runs the program with `--json`. The simulators go on meanwhile, because it runs on a thread of its own.
    async fn run_with(&self, arguments: &[&str], input: &str) -> Said {
        let mut command = Command::new(program());
        command.arg("--json").args(arguments.iter().map(OsStr::new)).env("FRONTDESK_DATA_DIR", self.data.path());
        let input = input.to_owned();
        tokio::task::spawn_blocking(move || run(command, &input)).await.expect("the program was run")
    }
}

/// The command line beside the window that is tested.
pub(crate) fn program() -> PathBuf {
    let window = std::env::var_os("FRONTDESK_PROGRAM").expect("cargo xtask test names the program");
    let name = format!("frontdesk-cli{}", std::env::consts::EXE_SUFFIX);
    Path::new(&window).with_file_name(name)
}

fn run(mut command: Command, input: &str) -> Said {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("it reads").write_all(input.as_bytes()).expect("it takes its input");
    let output = child.wait_with_output().expect("it ends");
    let stdout = String::from_utf8(output.stdout).expect("it answers in UTF-8");
    let json = serde_json::from_str(&stdout).unwrap_or(Value::Null);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Said { code: output.status.code().expect("it was not killed"), json, stderr }
}

fn count(json: &Value) -> usize {
    json.as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn the_main_job_is_done_from_the_command_line() {
    let terminal = Terminal::connected().await;
    let listed = terminal.run(&["connections", "list"]).await;
    assert_eq!(count(&listed.json), 4, "{}", listed.json);
    for system in [CHAT_AND_MESSENGER, ROCKET_CHAT, SMART_CONNECT, RING_CENTRAL] {
        let tested = terminal.run(&["connections", "test", system]).await;
        assert_eq!(tested.code, 0, "{system}: {}", tested.json);
    }
    let synced = terminal.run(&["sync"]).await;
    assert_eq!((synced.code, count(&synced.json)), (0, 4), "{} {}", synced.json, synced.stderr);

    let calls = terminal.run(&["calls", "list", "--limit", "5"]).await;
    assert_eq!(count(&calls.json["calls"]), 5);
    let next = calls.json["next"].as_str().expect("there are more").to_owned();
    let more = terminal.run(&["calls", "list", "--limit", "5", "--after", &next]).await;
    assert_ne!(more.json["calls"][0]["id"], calls.json["calls"][0]["id"]);
    assert!(calls.json["calls"][0]["started_at"].as_str().is_some_and(|it| it.contains('T')));
    let shown = terminal.run(&["calls", "show", calls.json["calls"][0]["id"].as_str().expect("ids are text")]).await;
    assert!(shown.json["raw"].is_object() && shown.json["legs"].is_array(), "{}", shown.json);

    let rooms = terminal.run(&["rooms", "list", "--connection", CHAT_AND_MESSENGER]).await;
    assert!(count(&rooms.json) > 3 && rooms.json[0]["raw"].is_object(), "{}", rooms.json);
    #[expect(clippy::disallowed_methods, reason = "the program under test goes by the computer's clock")]
    let month = chrono::Utc::now().format("%Y-%m").to_string();
    let month = terminal.run(&["rooms", "reservations", "--connection", CHAT_AND_MESSENGER, "--month", &month]).await;
    assert!(count(&month.json["reservations"]) > 0 && month.json["unplaced"].is_array(), "{}", month.json);
    let people = terminal.run(&["people", "list"]).await;
    assert!(people.json.as_array().is_some_and(|all| all.iter().any(|it| count(&it["identities"]) > 1)));
    let lines = terminal.run(&["cti", "list", "ContainmentLine", "--connection", SMART_CONNECT]).await;
    assert!(count(&lines.json) > 0);
    let line = terminal.run(&["cti", "get", "ContainmentLine", "1", "--connection", SMART_CONNECT]).await;
    assert_eq!(line.json["回線No"], "1");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn people_carry_what_each_system_knows_of_them_and_are_linked_and_taken_apart_by_their_ids() {
    let terminal = Terminal::connected().await;
    assert_eq!(terminal.run(&["sync"]).await.code, 0);
    let list = terminal.run(&["people", "list", "--search", "t.kenichi"]).await;
    let person = &list.json[0];
    assert_eq!((person["name"].as_str(), person["extension"].as_str()), (Some("田中 健一"), Some("204")));
    let number = &person["numbers"][0];
    assert_eq!((number["raw"].as_str(), number["e164"].as_str()), (Some("+818055500104"), Some("+818055500104")));
    let second = &person["identities"][1];
    let facts = ["kind", "reason"].map(|key| second[key].as_str().unwrap_or_default());
    assert_eq!((facts, second["is_active"].as_bool()), (["user", "same_email"], Some(true)));
    assert!(second["since"].is_string(), "{second}");

    let ids = [0, 1].map(|at| person["identities"][at]["id"].as_str().expect("an id").to_owned());
    let apart = terminal.run(&["people", "separate", &ids[0], &ids[1]]).await;
    assert_eq!((apart.code, count(&apart.json)), (0, 2));
    let health = terminal.run(&["people", "health"]).await.json;
    assert_eq!(count(&health["maybe"]), 0, "what was taken apart is not offered");
    let is_unmatched =
        |id: &String| health["unmatched"].as_array().is_some_and(|all| all.iter().any(|it| it["id"] == *id));
    assert!(ids.iter().all(is_unmatched), "{health}");
    let linked = terminal.run(&["people", "link", &ids[0], &ids[1]]).await;
    assert_eq!(linked.json[0]["identities"][1]["reason"], "by_hand");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn messages_chat_rooms_and_links_are_made_from_the_command_line() {
    let terminal = Terminal::connected().await;
    assert_eq!(terminal.run(&["sync"]).await.code, 0);
    for system in [CHAT_AND_MESSENGER, ROCKET_CHAT, RING_CENTRAL] {
        let arguments = ["send", "--connection", system, "--to", "t.kenichi@example.jp", "--text", "1 行目\n🛎 & + %"];
        let sent = terminal.run(&arguments).await;
        assert_eq!((sent.code, sent.json["state"].as_str()), (0, Some("sent")), "{system}: {}", sent.json);
    }
    assert!(terminal.office.chat_and_messenger.messages().iter().any(|it| it.message == "1 行目\n🛎 & + %"));
    assert!(terminal.office.rocket_chat.messages().iter().any(|it| it.msg == "1 行目\n🛎 & + %"));
    assert!(terminal.office.ring_central.posts().iter().any(|it| it.text == "1 行目\n🛎 & + %"));

    let uid = terminal.office.chat_and_messenger.people()[0].cam_uid.clone();
    let file = terminal.data.path().join("room.json");
    let room = format!(
        r#"{{"name":"秘密会議","createUserId":"{uid}","adminUserId":"{uid}","isPublic":false,"memberUids":{{"{uid}":true}}}}"#
    );
    std::fs::write(&file, room).expect("there is room for a file");
    let path = file.to_str().expect("a temporary path is text");
    let before = terminal.office.chat_and_messenger.chat_rooms().len();
    let dry = terminal.run(&["chat-rooms", "apply", "--connection", CHAT_AND_MESSENGER, path, "--dry-run"]).await;
    assert!(count(&dry.json["differences"]) > 0, "{}", dry.json);
    assert_eq!(terminal.office.chat_and_messenger.chat_rooms().len(), before, "a dry run sends nothing");
    let made = terminal.run(&["chat-rooms", "apply", "--connection", CHAT_AND_MESSENGER, path]).await;
    assert_eq!(made.code, 0, "{} {}", made.json, made.stderr);
    assert_eq!(made.json["raw"]["id"].as_str().map(str::len), Some(19));
    let rooms = terminal.run(&["chat-rooms", "list", "--connection", CHAT_AND_MESSENGER]).await;
    assert_eq!(count(&rooms.json), 1, "{}", rooms.json);

    let link = ["quick-call", "create", "--connection", CHAT_AND_MESSENGER, "--expires", "2099-01-01T00:00:00+09:00"];
    let link = terminal.run(&link).await;
    assert!(link.json["url"].as_str().is_some_and(|url| url.starts_with("http")), "{}", link.json);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn the_sample_of_a_card_goes_out_as_the_vendor_prints_it_and_a_doubt_is_settled() {
    let terminal = Terminal::connected().await;
    terminal.office.rocket_chat.grant(simulators::rocket_chat::IMPERSONATE);
    let card = r##"[{"color":"#ff0000","text":"Yay for gruggy!","ts":"2016-12-09T16:53:06.761Z","message_link":"https://google.com",
        "collapsed":false,"title":"Attachment Example","fields":[{"short":true,"title":"Test","value":"Testing out something or other"}]}]"##;
    let file = terminal.data.path().join("card.json");
    std::fs::write(&file, card).expect("there is room for a file");
    let path = file.to_str().expect("a temporary path is text");
    let send = ["send", "--connection", ROCKET_CHAT, "--room", "GENERAL", "--text", "Sample message"];
    let guise = ["--alias", "Gruggy", "--emoji", ":smirk:", "--avatar", "http://res.guggy.com/logo_128.png"];
    let sent = terminal.run(&[&send[..], &guise, &["--attachments", path]].concat()).await;
    assert_eq!((sent.code, sent.json["state"].as_str()), (0, Some("sent")), "{}", sent.json);
    let kept = terminal.office.rocket_chat.messages().pop().expect("it arrived");
    assert_eq!(kept.extras["attachments"], serde_json::from_str::<Value>(card).expect("JSON"));
    let reply = terminal.run(&[&send[..], &["--thread", &kept.id]].concat()).await;
    assert_eq!(reply.code, 0, "{}", reply.json);
    let answered = terminal.office.rocket_chat.messages().pop().and_then(|it| it.tmid);
    assert_eq!(answered.as_deref(), Some(kept.id.as_str()));

    terminal.office.fault(CHAT_AND_MESSENGER, simulators::Fault::LoseAnswer.only("sendMessage"));
    let to = ["send", "--connection", CHAT_AND_MESSENGER, "--to", "t.kenichi@example.jp", "--text", "doubtful"];
    let doubtful = terminal.run(&to).await;
    terminal.office.heal(CHAT_AND_MESSENGER);
    let id = doubtful.json["id"].as_str().expect("an id").to_owned();
    let asked = terminal.run(&["outbox", "ask", &id]).await;
    assert_eq!((asked.code, asked.json["error"]["code"].as_str()), (2, Some("invalid")), "{}", asked.json);
    let decided = terminal.run(&["outbox", "decide", &id, "--arrived"]).await;
    assert_eq!((decided.code, decided.json["state"].as_str()), (0, Some("sent")), "{}", decided.json);
    let listed = terminal.run(&["outbox", "list"]).await;
    assert_eq!((count(&listed.json), listed.json[0]["id"].as_str()), (3, Some(id.as_str())), "newest first");
    let older = terminal.run(&["outbox", "list", "--before", &id, "--limit", "1"]).await;
    assert_eq!((count(&older.json), &older.json[0]["id"]), (1, &reply.json["id"]), "{}", older.json);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn a_program_that_is_killed_while_it_sends_keeps_the_message_and_nobody_sends_it_twice() {
    let terminal = Terminal::connected().await;
    let office = &terminal.office;
    let arrived = || {
        let cam = office.chat_and_messenger.messages().iter().filter(|it| it.message == "killed").count();
        let rocket = office.rocket_chat.messages().iter().filter(|it| it.msg == "killed").count();
        cam + rocket + office.ring_central.posts().iter().filter(|it| it.text == "killed").count()
    };
    for (number, (system, path)) in
        [(CHAT_AND_MESSENGER, "sendMessage"), (ROCKET_CHAT, "sendMessage"), (RING_CENTRAL, "/posts")].iter().enumerate()
    {
        office.fault(system, simulators::Fault::Silence.only(path));
        let arguments = ["send", "--connection", system, "--to", "t.kenichi@example.jp", "--text", "killed"];
        let mut command = Command::new(program());
        command.args(arguments).env("FRONTDESK_DATA_DIR", terminal.data.path()).stdout(Stdio::null());
        let mut sending = command.spawn().expect("the program starts");
        let has_it = async {
            while arrived() == number {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), has_it).await.expect("it arrives");
        sending.kill().and_then(|()| sending.wait()).expect("it is killed");
        office.heal(system);
        let listed = terminal.run(&["outbox", "list"]).await;
        let newest = &listed.json[0];
        assert_eq!(
            (count(&listed.json), newest["state"].as_str()),
            (number + 1, Some("sending")),
            "{system}: {newest}"
        );
        let id = newest["id"].as_str().expect("an id").to_owned();
        let again = terminal.run(&["outbox", "again", &id]).await;
        assert_eq!((again.code, again.json["state"].as_str()), (4, Some("sending")), "{system}: {}", again.json);
        assert_eq!(arrived(), number + 1, "{system}: another program may still be at it");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn what_goes_wrong_has_its_exit_code_and_a_sentence_that_helps() {
    let terminal = Terminal::connected().await;
    assert_eq!(terminal.run(&["sync"]).await.code, 0);
    terminal.office.switch_off(SMART_CONNECT).await;
    let synced = terminal.run(&["sync"]).await;
    assert_eq!(synced.code, 1);
    assert!(synced.stderr.contains("Nothing answers at this address"), "{}", synced.stderr);
    let troubled = synced.json.as_array().map(|all| all.iter().filter(|it| !it["error"].is_null()).count());
    assert_eq!(troubled, Some(1), "the other systems are unharmed: {}", synced.json);
    let calls = terminal.run(&["calls", "list"]).await;
    assert!(count(&calls.json["calls"]) > 0, "nothing cached is lost");

    let check = async |arguments: &[&str], code: i32, word: &str| {
        let said = terminal.run(arguments).await;
        assert_eq!((said.code, said.json["error"]["code"].as_str()), (code, Some(word)), "{arguments:?} {}", said.json);
        assert!(said.json["error"]["message"].as_str().is_some_and(|it| it.len() > 20), "{}", said.json);
    };
    check(&["cti", "list", "ContainmentLine", "--connection", SMART_CONNECT], 1, "offline").await;
    check(&["cti", "list", "Nonsense", "--connection", SMART_CONNECT], 2, "invalid").await;
    check(&["calls", "show", "nothing/1"], 2, "invalid").await;
    check(&["connections", "test", "nobody"], 2, "invalid").await;
    check(&["rooms", "list", "--connection", ROCKET_CHAT], 2, "invalid").await;
    let past = ["quick-call", "create", "--connection", CHAT_AND_MESSENGER, "--expires", "2021-06-22T13:34:28Z"];
    check(&past, 2, "invalid").await;
    check(&["send", "--connection", CHAT_AND_MESSENGER, "--room", "messenger", "--text", "x"], 2, "invalid").await;

    let mut account = terminal.office.account(ROCKET_CHAT);
    account.secrets = vec![("token", "not-the-right-token".to_owned())];
    assert_eq!(terminal.run(&["connections", "remove", ROCKET_CHAT]).await.code, 0);
    let url = account.url.clone();
    assert_eq!(terminal.add(&account, &url).await.code, 0);
    let tested = terminal.run(&["connections", "test", ROCKET_CHAT]).await;
    assert_eq!(tested.code, 3, "{}", tested.json);

    let lost = simulators::Fault::LoseAnswer.only("sendMessage");
    terminal.office.fault(CHAT_AND_MESSENGER, lost);
    let arguments = ["send", "--connection", CHAT_AND_MESSENGER, "--to", "a@example.jp", "--text", "doubtful"];
    let sent = terminal.run(&arguments).await;
    assert_eq!((sent.code, sent.json["state"].as_str()), (4, Some("unknown")), "{}", sent.json);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn a_file_goes_out_from_the_command_line_and_one_that_is_not_there_does_not() {
    let terminal = Terminal::connected().await;
    let (name, bytes) = ("見積 & 100% 🛎.pdf", b"%PDF-1.7 \xff\x00".to_vec());
    let file = terminal.data.path().join(name);
    std::fs::write(&file, &bytes).expect("there is room for a file");
    let path = file.to_str().expect("a temporary path is text");
    for (system, room) in [(ROCKET_CHAT, "GENERAL"), (RING_CENTRAL, "Sales")] {
        let sent = terminal.run(&["send", "--connection", system, "--room", room, "--file", path]).await;
        assert_eq!((sent.code, sent.json["state"].as_str()), (0, Some("sent")), "{system}: {}", sent.json);
        assert_eq!(sent.json["file"]["name"], name);
        let gone = terminal.run(&["send", "--connection", system, "--room", room, "--file", "nothing here"]).await;
        assert_eq!((gone.code, gone.json["error"]["code"].as_str()), (2, Some("invalid")), "{}", gone.json);
    }
    let kept = terminal.office.rocket_chat.messages().pop().expect("it arrived");
    let id = kept.extras["file"]["_id"].as_str().expect("an id");
    assert_eq!(
        (kept.extras["file"]["name"].as_str(), terminal.office.rocket_chat.file(id)),
        (Some(name), Some(bytes.clone()))
    );
    let post = terminal.office.ring_central.posts().pop().expect("it arrived");
    let id = post.attachments[0]["id"].as_str().expect("an id");
    assert_eq!(terminal.office.ring_central.file_content(id), Some((name.to_owned(), bytes)));
    let not_taken = ["send", "--connection", CHAT_AND_MESSENGER, "--to", "t.kenichi@example.jp", "--file", path];
    let said = terminal.run(&not_taken).await;
    assert_eq!((said.code, said.json["error"]["code"].as_str()), (2, Some("invalid")), "{}", said.json);
}
