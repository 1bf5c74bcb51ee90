//! Nobody asks which system it is: names of systems stand only where a system is made, listed or imitated.

use crate::sources::{Source, rust, sources};
use crate::{check, prove};

/// Ways to write the names of the systems, in small letters.
const NAMES: &[&str] = &[
    "chat-and-messenger",
    "chat_and_messenger",
    "chatandmessenger",
    "chat&messenger",
    "rocket-chat",
    "rocket_chat",
    "rocketchat",
    "rocket.chat",
    "smart-connect",
    "smart_connect",
    "smartconnect",
    "ring-central",
    "ring_central",
    "ringcentral",
];

/// Where a system has its own folder, is listed, is imitated, or is looked at from outside.
const PLACES: &[&str] = &[
    "crates/chat-and-messenger",
    "crates/rocket-chat",
    "crates/smart-connect",
    "crates/ring-central",
    "crates/shell/src/systems.rs",
    "crates/shell/src/log.rs",
    "crates/simulators",
    "fuzz",
    "tests",
    "xtask",
];

fn rust_names(source: &Source) -> Vec<String> {
    if source.is_in(PLACES) || source.is_test() {
        return Vec::new();
    }
    let words = source.words();
    let named = words.iter().filter(|word| {
        let text = word.text.to_lowercase();
        NAMES.iter().any(|name| text.contains(name))
    });
    named.map(|word| format!("{}:{}: names a system: {}", source.path, word.line, word.text)).collect()
}

fn ui_names(source: &Source) -> Vec<String> {
    let is_example =
        source.path.contains("/fixtures") || source.path.contains(".test.") || source.path.contains("/fake");
    if !source.is_in(&["ui/src"]) || is_example {
        return Vec::new();
    }
    let lines = source.text.lines().enumerate().filter(|(_, line)| {
        let line = line.to_lowercase();
        NAMES.iter().any(|name| line.contains(name))
    });
    lines.map(|(at, line)| format!("{}:{}: names a system: {}", source.path, at + 1, line.trim())).collect()
}

#[test]
fn nobody_asks_which_system_it_is() {
    check(&rust(), rust_names);
    prove(
        rust_names,
        &[
            ("crates/engine/src/a.rs", "match system { \"ring-central\" => 1, _ => 2 }"),
            ("crates/cli/src/a.rs", "use rocket_chat::System;"),
            ("src-tauri/src/a.rs", "if name == \"Chat&Messenger\" {}"),
        ],
        &[
            ("crates/engine/src/a.rs", "/// Such as `ring-central`.\nfn a() {}"),
            ("crates/engine/src/a.rs", "#[cfg(test)]\nmod tests { const A: &str = \"ring-central\"; }"),
            ("crates/shell/src/systems.rs", "use rocket_chat::System;"),
        ],
    );
}

#[test]
fn no_screen_knows_a_system_by_name() {
    check(&sources(&["ts", "svelte", "css", "json"]), ui_names);
    prove(
        ui_names,
        &[
            ("ui/src/features/calls/Calls.svelte", "{#if call.system === 'smart-connect'}"),
            ("ui/src/app.css", ".RingCentral {}"),
        ],
        &[
            ("ui/src/bridge/fixtures/systems.ts", "id: 'smart-connect'"),
            ("ui/src/features/calls/Calls.svelte", "{call.system}"),
        ],
    );
}
