//! How files look: they say what they own, they end in time, and nothing is left for later.

use crate::sources::{Source, rust, sources};
use crate::{check, prove};

/// Lines after which a file has to be cut.
const LONGEST: usize = 400;

fn first_sentence(source: &Source) -> Vec<String> {
    let first = source.text.lines().next().unwrap_or_default();
    let is_sentence =
        first.strip_prefix("//! ").is_some_and(|words| !["", "Stub.", "Placeholder."].contains(&words.trim()));
    if is_sentence {
        Vec::new()
    } else {
        vec![format!("{}: begins with `//!` and one sentence of what it owns", source.path)]
    }
}

fn length(source: &Source) -> Vec<String> {
    // Tests at the end of a file belong to it, and do not count.
    let code = source.text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().count();
    let is_measured = !source.is_test() && !source.path.contains(".test.") && !source.path.contains(".spec.");
    if lines > LONGEST && is_measured {
        vec![format!("{}: {lines} lines, {LONGEST} is the end", source.path)]
    } else {
        Vec::new()
    }
}

fn left_for_later(source: &Source) -> Vec<String> {
    // Put together here, so that this file does not find itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("{@", "html"),
    ];
    let lines = source.text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    lines.map(|(at, line)| format!("{}:{}: {}", source.path, at + 1, line.trim())).collect()
}

fn idle_name(source: &Source) -> Vec<String> {
    const IDLE: &[&str] = &["Manager", "Service", "Helper", "Util", "Utils", "Handler", "Processor", "Impl"];
    let words = source.words();
    let kinds = ["struct", "enum", "trait", "type"];
    let named = words
        .windows(2)
        .filter(|pair| kinds.contains(&pair[0].text.as_str()) && IDLE.iter().any(|name| pair[1].text.ends_with(name)));
    named.map(|pair| format!("{}:{}: {} does not say what it does", source.path, pair[1].line, pair[1].text)).collect()
}

fn allows(source: &Source) -> Vec<String> {
    let lines =
        source.text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with(concat!("#", "[allow(")));
    lines.map(|(at, _)| format!("{}:{}: `expect` with a reason instead of `allow`", source.path, at + 1)).collect()
}

fn written() -> Vec<Source> {
    sources(&["rs", "ts", "svelte", "css"])
}

#[test]
fn every_file_says_what_it_owns() {
    check(&rust(), first_sentence);
    prove(
        first_sentence,
        &[("a.rs", "use b;"), ("a.rs", "//!"), ("a.rs", "//! Stub.")],
        &[("a.rs", "//! What a call is.\nuse b;")],
    );
}

#[test]
fn no_file_is_too_long() {
    check(&written(), length);
    let long = "x\n".repeat(LONGEST + 1);
    let tested = format!("x\n#[cfg(test)]\nmod tests {{\n{long}");
    prove(
        length,
        &[("src/a.rs", &long), ("ui/src/a.svelte", &long)],
        &[("tests/flows/a.rs", &long), ("src/b.rs", "x\n"), ("src/c.rs", &tested)],
    );
}

#[test]
fn nothing_is_left_for_later() {
    let mut all = written();
    all.extend(sources(&["md", "yml"]));
    check(&all, left_for_later);
    let later = concat!("// TO", "DO: more");
    prove(left_for_later, &[("a.rs", later), ("a.svelte", concat!("{@", "html text}"))], &[("a.rs", "// Done.")]);
}

#[test]
fn names_say_what_a_thing_does() {
    check(&rust(), idle_name);
    prove(
        idle_name,
        &[("a.rs", "pub struct SyncManager {}"), ("a.rs", "trait CallHandler {}")],
        &[("a.rs", "struct Outbox {}"), ("a.rs", "handler(AManager)")],
    );
}

#[test]
fn an_exception_from_a_lint_has_a_reason() {
    check(&rust(), allows);
    prove(
        allows,
        &[("a.rs", concat!("    #", "[allow(dead_code)]"))],
        &[("a.rs", "#[expect(dead_code, reason = \"…\")]")],
    );
}

#[test]
fn icons_are_there_in_every_form() {
    for name in ["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.ico", "icon.icns", "icon.svg"] {
        let path = tests::root().join("icons").join(name);
        assert!(path.metadata().is_ok_and(|it| it.len() > 0), "{} is missing", path.display());
    }
}
