//! Runs programs, says which, and stops a task at the first one that fails.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// Why a task stops, as a sentence.
#[derive(Debug)]
pub(crate) struct Stop(String);

impl Stop {
    /// Stops with this sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What a part of a task gives.
pub(crate) type Outcome<T = ()> = Result<T, Stop>;

/// The folder with the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ is a folder of the project").to_path_buf()
}

/// A program, to be run in the project's folder.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that runs this task.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// npm in the folder of the web UI.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut command = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(root().join("ui")).args(arguments);
    command
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let arguments = command.get_args().map(|it| it.to_string_lossy().into_owned());
    std::iter::once(name).chain(arguments).collect::<Vec<_>>().join(" ")
}

fn missing(command: &Command, error: &io::Error) -> Stop {
    Stop::new(format!("`{}` cannot be started: {error}", line(command)))
}

/// Runs it to its end and shows what it says.
pub(crate) fn run(command: &mut Command) -> Outcome {
    println!("$ {}", line(command));
    let status = command.status().map_err(|error| missing(command, &error))?;
    if status.success() { Ok(()) } else { Err(Stop::new(format!("`{}` failed ({status})", line(command)))) }
}

/// Runs it to its end and gives what it says on standard output.
pub(crate) fn answer(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| missing(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(Stop::new(format!("`{}` failed ({})\n{text}", line(command), output.status)))
    }
}

/// Whether it runs and is content, without showing anything.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs it to its end, shows what it says, and gives whether it was content and all that it said.
pub(crate) fn watch(command: &mut Command) -> Outcome<(bool, String)> {
    println!("$ {}", line(command));
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| missing(command, &error))?;
    let errors = child.stderr.take().map(|pipe| thread::spawn(move || copy(pipe, io::stderr())));
    let mut said = child.stdout.take().map(|pipe| copy(pipe, io::stdout())).unwrap_or_default();
    if let Some(errors) = errors {
        said.push_str(&errors.join().unwrap_or_default());
    }
    Ok((child.wait()?.success(), said))
}

fn copy(from: impl Read, mut to: impl Write) -> String {
    let mut said = String::new();
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // A closed terminal does not stop the count.
        let _ = writeln!(to, "{line}");
        said.push_str(&line);
        said.push('\n');
    }
    said
}
