//! Keeps the TypeScript of the types and commands that cross to the web UI the same as in Rust.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::commands;
use crate::shell::{Outcome, Stop, answer, cargo, root};

/// What `bindings` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Writes nothing, and fails where something would change.
    #[arg(long)]
    check: bool,
}

const TYPES: &str = "ui/src/bridge/types";
const COMMANDS: &str = "ui/src/bridge/commands.ts";

/// Writes the files, or compares them.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.check { check() } else { write() }
}

/// Fails where the files are not as Rust says.
pub(crate) fn check() -> Outcome {
    let (wanted, present) = (wanted()?, present()?);
    let names = wanted.keys().chain(present.keys()).collect::<std::collections::BTreeSet<_>>();
    let stale: Vec<_> =
        names.into_iter().filter(|name| wanted.get(*name) != present.get(*name)).map(String::as_str).collect();
    if stale.is_empty() {
        println!("{} files are as Rust says", wanted.len());
        return Ok(());
    }
    Err(Stop::new(format!("run `cargo xtask bindings`; not as Rust says:\n  {}", stale.join("\n  "))))
}

fn write() -> Outcome {
    let (wanted, present) = (wanted()?, present()?);
    for name in present.keys().filter(|name| !wanted.contains_key(*name)) {
        println!("remove {name}");
        fs::remove_file(root().join(name))?;
    }
    for (name, text) in wanted.iter().filter(|(name, text)| present.get(*name) != Some(text)) {
        println!("write {name}");
        fs::write(root().join(name), text)?;
    }
    println!("{} files are as Rust says", wanted.len());
    Ok(())
}

/// Every file as it should be, by its path.
fn wanted() -> Outcome<BTreeMap<String, String>> {
    let folder = tempfile::tempdir()?;
    answer(
        cargo(&["test", "--quiet", "--package", "model", "--lib", "export_bindings"])
            .env("TS_RS_EXPORT_DIR", folder.path()),
    )?;
    let mut files = read(folder.path())?;
    if files.is_empty() {
        return Err(Stop::new("the tests of `model` wrote no types"));
    }
    files.insert(COMMANDS.to_owned(), commands::typescript(&root().join("src-tauri/src/commands"))?);
    Ok(files)
}

/// Every file as it is, by its path.
fn present() -> Outcome<BTreeMap<String, String>> {
    let mut files = read(&root().join(TYPES))?;
    files.insert(COMMANDS.to_owned(), fs::read_to_string(root().join(COMMANDS)).unwrap_or_default());
    Ok(files)
}

fn read(folder: &Path) -> Outcome<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for file in fs::read_dir(folder)?.flatten() {
        files.insert(format!("{TYPES}/{}", file.file_name().to_string_lossy()), fs::read_to_string(file.path())?);
    }
    Ok(files)
}
