//! Rules about the code that no compiler checks. Each rule is a pure function with a sample that breaks it, so a rule that
//! can no longer find anything is found itself.

mod arrows;
mod messages;
mod readme;
mod shape;
mod sources;
mod ui;
mod vendors;
mod walls;
mod words;

use sources::Source;

/// Runs a rule over every file that it is about and says all that it found.
#[track_caller]
fn check(files: &[Source], rule: impl Fn(&Source) -> Vec<String>) {
    assert!(!files.is_empty(), "a rule without a file to look at checks nothing");
    let found: Vec<String> = files.iter().flat_map(rule).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Proves that a rule finds what it is there for, and leaves alone what it should.
#[track_caller]
fn prove(rule: impl Fn(&Source) -> Vec<String>, bad: &[(&str, &str)], good: &[(&str, &str)]) {
    for (path, text) in bad {
        assert!(!rule(&Source::new(path, text)).is_empty(), "the rule does not see what is wrong in {path}: {text}");
    }
    for (path, text) in good {
        let found = rule(&Source::new(path, text));
        assert!(found.is_empty(), "the rule is wrong about {path}: {found:?}");
    }
}
