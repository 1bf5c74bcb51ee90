//! Bulk sending by the real program, killed at random points: nothing is lost, and nothing is sent twice unasked.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use simulators::{CHAT_AND_MESSENGER, ROCKET_CHAT};

use crate::command_line::{Terminal, program};

/// How often the program is killed where nothing else is said; `cargo xtask bench --soak` says more.
const KILLS: usize = 20;
/// Messages of a plan, so that the usual run takes seconds.
const FEW: usize = 120;
/// Messages of a plan where it is killed very often.
const MANY: usize = 500;
/// The longest that the program runs before it is killed, in milliseconds.
const LONGEST: u64 = 1_200;

/// A plan that is being sent and killed.
struct Killed<'a> {
    terminal: &'a Terminal,
    system: &'static str,
    id: String,
    texts: Vec<String>,
}

impl<'a> Killed<'a> {
    async fn planned(terminal: &'a Terminal, system: &'static str, messages: usize, stem: &str) -> Self {
        let texts: Vec<String> = (0..messages).map(|n| format!("{stem} {n:04}")).collect();
        let rows: String = texts.iter().map(|text| format!("t.kenichi@example.jp,{text}\n")).collect();
        let file: PathBuf = terminal.data.path().join(format!("{stem}.csv"));
        std::fs::write(&file, format!("to,message\n{rows}")).expect("there is room for a file");
        let file = file.display().to_string();
        let said = terminal.run(&["bulk", "plan", &file, "--connection", system, "--gap", "4"]).await;
        assert_eq!((said.code, said.json["total"].as_u64()), (0, Some(messages as u64)), "{}", said.json);
        let id = said.json["id"].as_str().expect("an id").to_owned();
        Self { terminal, system, id, texts }
    }

    /// Runs and is killed after a while. `false`: it was over before.
    async fn run_and_kill(&self, after: Duration) -> bool {
        let mut command = Command::new(program());
        command.args(["--json", "bulk", "run", &self.id]).env("FRONTDESK_DATA_DIR", self.terminal.data.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = command.spawn().expect("the program starts");
        tokio::time::sleep(after).await;
        let is_over = running.try_wait().expect("it can be asked").is_some();
        running.kill().and_then(|()| running.wait()).expect("it is killed");
        !is_over
    }

    /// How often each text arrived.
    fn arrived(&self) -> BTreeMap<String, usize> {
        let office = &self.terminal.office;
        let cam = office.chat_and_messenger.messages().into_iter().map(|it| it.message);
        let rocket = office.rocket_chat.messages().into_iter().map(|it| it.msg);
        let mut counts: BTreeMap<String, usize> = self.texts.iter().map(|text| (text.clone(), 0)).collect();
        for text in cam.chain(rocket) {
            if let Some(count) = counts.get_mut(&text) {
                *count += 1;
            }
        }
        counts
    }

    /// The texts of the rows that nobody knows the outcome of.
    async fn unknown(&self) -> BTreeSet<String> {
        let said = self.terminal.run(&["bulk", "rows", &self.id, "--show", "needs-you"]).await;
        let rows = said.json["rows"].as_array().expect("rows").iter();
        rows.inspect(|row| assert_eq!(row["state"], "unknown", "{row}"))
            .filter_map(|row| row["text"].as_str().map(str::to_owned))
            .collect()
    }

    /// Sends the rest and looks at every single message.
    async fn seen_through(&self, kills: usize) {
        let said = self.terminal.run(&["bulk", "run", &self.id]).await;
        let unknown = self.unknown().await;
        assert_eq!(said.code, if unknown.is_empty() { 0 } else { 4 }, "{}: {}", self.system, said.stderr);
        assert!(unknown.len() <= kills, "{}: a kill leaves one in doubt at most: {unknown:?}", self.system);
        for (text, count) in self.arrived() {
            let expected: &[usize] = if unknown.contains(&text) { &[0, 1] } else { &[1] };
            assert!(expected.contains(&count), "{}: {text} arrived {count} times", self.system);
        }
        if self.system == ROCKET_CHAT {
            // It takes an id once, so that asking for all of them again doubles none.
            let said = self.terminal.run(&["bulk", "retry", &self.id, "--unknown"]).await;
            assert_eq!(said.code, 0, "{}", said.stderr);
            assert!(self.arrived().values().all(|count| *count == 1), "{:?}", self.arrived());
        }
        let status = self.terminal.run(&["bulk", "status", &self.id]).await;
        assert_eq!(status.json["state"], "done");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn a_bulk_that_is_killed_at_random_points_loses_nothing_and_doubles_nothing() {
    let wished = std::env::var("FRONTDESK_KILLS").ok().and_then(|it| it.parse().ok());
    let kills: usize = wished.unwrap_or(KILLS);
    let messages = if kills > KILLS { MANY } else { FEW };
    let terminal = Terminal::new().await;
    for account in terminal.office.accounts() {
        if [CHAT_AND_MESSENGER, ROCKET_CHAT].contains(&account.system) {
            assert_eq!(terminal.add(&account, &account.url).await.code, 0);
        }
    }
    let chance = RandomState::new();
    let (mut left, mut number) = (kills, 0);
    while left > 0 {
        let system = [ROCKET_CHAT, CHAT_AND_MESSENGER][number % 2];
        let plan = Killed::planned(&terminal, system, messages, &format!("killed {number}")).await;
        number += 1;
        // Half of what is left for the other system, at the beginning.
        let share = if number == 1 { left.div_ceil(2) } else { left };
        let mut killed = 0;
        while killed < share {
            let after = Duration::from_millis(chance.hash_one((number, killed, left)) % LONGEST);
            if !plan.run_and_kill(after).await {
                break;
            }
            killed += 1;
            assert!(plan.arrived().values().all(|count| *count <= 1), "{system}: one arrived twice");
        }
        plan.seen_through(killed).await;
        left -= killed;
    }
}
