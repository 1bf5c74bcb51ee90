//! An office, and the program run over a data folder of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use simulators::{Office, Plan, SMART_CONNECT};
use tempfile::TempDir;
use tokio::sync::mpsc;

/// The name of the connection.
pub(crate) const DESK: &str = "Desk";
/// The longest that a test waits for a line before it says that it did not come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What a call of the program answered.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) json: Value,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// An office with one connection.
pub(crate) struct Terminal {
    pub(crate) office: Office,
    pub(crate) data: TempDir,
}

impl Terminal {
    /// Nothing is read yet.
    pub(crate) async fn connected() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the program under test goes by the computer's clock")]
        let now = chrono::Utc::now();
        let office = Office::start(Plan::small(now)).await.expect("the simulators find their ports");
        let terminal = Self { office, data: tempfile::tempdir().expect("there is room for a data folder") };
        let url = terminal.office.account(SMART_CONNECT).url;
        let zone = "time-zone=Asia/Tokyo";
        let added = ["connections", "add", SMART_CONNECT, "--name", DESK, "--url", &url, "--set", zone];
        let said = terminal.run(&added).await;
        assert_eq!(said.code, 0, "{} {}", said.json, said.stderr);
        terminal
    }

    /// Everything is read.
    pub(crate) async fn synced() -> Self {
        let terminal = Self::connected().await;
        let said = terminal.run(&["sync"]).await;
        assert_eq!(said.code, 0, "{} {}", said.json, said.stderr);
        terminal
    }

    /// Runs the program with `--json`.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(&[&["--json"], arguments].concat(), "").await
    }

    /// Runs the program with what it reads. The simulators go on meanwhile, because it runs on a thread of its own.
    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Said {
        let mut command = program(self.data.path(), arguments);
        let input = input.to_owned();
        let run = move || {
            let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
            // A program that refuses its arguments does not read.
            let _ = child.stdin.take().expect("it reads").write_all(input.as_bytes());
            child.wait_with_output().expect("it ends")
        };
        let output = tokio::task::spawn_blocking(run).await.expect("the program was run");
        let stdout = String::from_utf8(output.stdout).expect("it answers in UTF-8");
        Said {
            code: output.status.code().expect("it was not killed"),
            json: serde_json::from_str(&stdout).unwrap_or(Value::Null),
            stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Begins a stream.
    pub(crate) fn stream(&self, arguments: &[&str]) -> Stream {
        Stream::begin(program(self.data.path(), arguments))
    }

    /// A file in the data folder, as the program is given it.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.data.path().join(name);
        std::fs::write(&path, text).expect("there is room for a file");
        path.to_str().expect("a temporary path is text").to_owned()
    }
}

fn program(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk-cli"));
    command.args(arguments).env("FRONTDESK_DATA_DIR", data);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A program that goes on; it is ended when the test lets it go.
pub(crate) struct Stream {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Stream {
    fn begin(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("it answers"));
        let (sender, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// The next line, if it comes in this time.
    pub(crate) async fn line_within(&mut self, span: Duration) -> Option<String> {
        tokio::time::timeout(span, self.lines.recv()).await.ok().flatten()
    }

    /// Waits for the end: the exit code and what was said on standard error.
    pub(crate) async fn end(mut self) -> (i32, String) {
        let stderr = self.child.stderr.take().expect("it speaks");
        let mut child = self.child;
        let wait = move || {
            let said = std::io::read_to_string(stderr).unwrap_or_default();
            (child.wait().expect("it ends").code().unwrap_or(-1), said)
        };
        tokio::task::spawn_blocking(wait).await.expect("it was waited for")
    }

    /// Nobody reads its lines from now on.
    pub(crate) fn unread(mut self) -> Self {
        let (_, nothing) = mpsc::unbounded_channel();
        self.lines = nothing;
        self
    }

    /// Presses `Ctrl C`.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        let id = self.child.id().to_string();
        let pressed = Command::new("kill").args(["-INT", &id]).status().expect("kill is there");
        assert!(pressed.success());
    }
}
