//! A program that is started, heard and measured from outside: what it prints, and the memory of it and all its children.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::shell::{Outcome, Stop, line};

/// A running program; it ends with this value.
pub(crate) struct Program {
    child: Child,
    name: String,
    begun: Instant,
    said: Receiver<String>,
}

impl Program {
    /// Starts it and listens to what it prints on either output.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        let name = line(command);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let begun = Instant::now();
        let mut child = command.spawn().map_err(|error| Stop::new(format!("`{name}` cannot be started: {error}")))?;
        let (teller, said) = channel();
        let outputs: [Option<Box<dyn Read + Send>>; 2] =
            [child.stdout.take().map(|it| Box::new(it) as _), child.stderr.take().map(|it| Box::new(it) as _)];
        for output in outputs.into_iter().flatten() {
            let teller = teller.clone();
            thread::spawn(move || {
                // Read to its end even when nobody listens any more: a full pipe would stop the program.
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let _ = teller.send(line);
                }
            });
        }
        Ok(Self { child, name, begun, said })
    }

    /// Waits for a line that `wanted` takes; gives what it made of it and the time since the start.
    pub(crate) fn hear<T>(&self, longest: Duration, wanted: impl Fn(&str) -> Option<T>) -> Outcome<(T, Duration)> {
        let end = Instant::now() + longest;
        let mut heard = Vec::new();
        loop {
            match self.said.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => match wanted(&line) {
                    Some(found) => return Ok((found, self.begun.elapsed())),
                    None => heard.push(line),
                },
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    let heard = heard.join("\n");
                    return Err(Stop::new(format!(
                        "`{}` did not say what was waited for; it said:\n{heard}",
                        self.name
                    )));
                }
            }
        }
    }

    /// Lets it go on for a while; gives nothing where it ended by itself meanwhile.
    pub(crate) fn settle(&self, span: Duration) -> Option<()> {
        let end = Instant::now() + span;
        loop {
            match self.said.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Some(()),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Memory of the program and all its children in KiB, each shared page divided among those who share it.
    pub(crate) fn memory(&self) -> Outcome<u64> {
        let sizes = family(self.child.id()).into_iter().filter_map(|id| {
            let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
            text.lines().find_map(|line| line.strip_prefix("Pss:"))?.split_whitespace().next()?.parse::<u64>().ok()
        });
        let all = sizes.sum();
        if all == 0 { Err(Stop::new(format!("the memory of `{}` cannot be read", self.name))) } else { Ok(all) }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        for id in family(self.child.id()).into_iter().skip(1) {
            // The web view's processes end with the program; this is for those that do not.
            let _ = Command::new("kill").arg(id.to_string()).stderr(Stdio::null()).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process and all that it started, itself first.
fn family(first: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        if let Some(parent) = parent(&stat) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut family = vec![first];
    let mut at = 0;
    while let Some(id) = family.get(at) {
        family.extend(children.remove(id).unwrap_or_default());
        at += 1;
    }
    family
}

/// The parent in a line of `/proc/<id>/stat`. The name before it is in brackets and may hold anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_hide_the_parent() {
        assert_eq!(parent("123 (Web (Content) x) S 45 1 1 0"), Some(45));
        assert_eq!(parent("nonsense"), None);
    }
}
