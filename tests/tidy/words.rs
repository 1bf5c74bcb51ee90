//! The project speaks of itself alone: no machine, no workplace, no history.

use crate::sources::{Source, sources};
use crate::{check, prove};

fn foreign(source: &Source) -> Vec<String> {
    // Put together here, so that this file does not find itself.
    let words = [
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("AI assis", "tant"),
        concat!("the iss", "ue #"),
    ];
    let lines = source.text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    lines
        .map(|(at, line)| {
            format!("{}:{}: speaks of something outside the project: {}", source.path, at + 1, line.trim())
        })
        .collect()
}

#[test]
fn the_project_speaks_of_itself_alone() {
    check(&sources(&["rs", "ts", "svelte", "css", "md", "toml", "json", "yml", "html"]), foreign);
    prove(
        foreign,
        &[("a.rs", concat!("// See /wo", "rk/a.")), ("a.md", concat!("Made by an AI assis", "tant."))],
        &[("a.rs", "// A session with one of its servers.")],
    );
}
