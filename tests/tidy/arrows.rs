//! Which crate may know which.

use std::collections::BTreeSet;

use crate::sources::{Source, sources};
use crate::{check, prove};

/// The four folders that each hold one system.
pub(crate) const SYSTEMS: &[&str] = &["chat-and-messenger", "rocket-chat", "smart-connect", "ring-central"];

/// What the crate of this name may know of ours; `None` for a crate that the rules do not cover.
fn allowed(name: &str) -> Option<BTreeSet<&'static str>> {
    let names: &[&str] = match name {
        "model" | "simulators" | "floor" | "xtask" => &[],
        "rest" | "store" => &["model"],
        "sheet" => &[],
        "engine" => &["store", "model", "sheet"],
        "shell" => &["engine", "store", "model", "rest", "simulators"],
        "frontdesk" | "frontdesk-cli" => &["shell", "engine", "model"],
        // It measures the whole console from inside, and makes caches of full size for that.
        "speed" => &["shell", "engine", "model", "rest", "store", "simulators"],
        // It feeds the readers of what vendors send.
        "fuzz" => &["smart-connect", "ring-central"],
        system if SYSTEMS.contains(&system) => &["rest", "model"],
        _ => return None,
    };
    let mut allowed: BTreeSet<_> = names.iter().copied().collect();
    if name == "shell" {
        allowed.extend(SYSTEMS);
    }
    Some(allowed)
}

/// Only these crates may depend on this library. `speed` is no part of the product: the least that a fetch and an insert can cost
/// is measured with the bare libraries, without our own code around them.
const WALLS: &[(&str, &[&str])] = &[
    ("tauri", &["frontdesk", "floor"]),
    ("rusqlite", &["store", "speed"]),
    ("reqwest", &["rest", "speed"]),
    ("tokio-tungstenite", SYSTEMS),
    ("keyring", &["shell"]),
    ("axum", &["simulators"]),
    // The page that a browser comes back to after a sign-in, and the browser itself.
    ("httparse", &["shell"]),
    ("open", &["shell"]),
];

fn manifest(source: &Source) -> (String, toml::Table) {
    let table: toml::Table = source.text.parse().unwrap_or_else(|error| panic!("{}: {error}", source.path));
    let name = table["package"]["name"].as_str().expect("a package has a name").to_owned();
    (name, table)
}

fn names(table: &toml::Table, kinds: &[&str]) -> Vec<String> {
    let mut tables = vec![table];
    if let Some(targets) = table.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    let found = tables.iter().flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)));
    found.filter_map(toml::Value::as_table).flat_map(|names| names.keys().cloned()).collect()
}

fn is_ours(name: &str) -> bool {
    allowed(name).is_some() || name == "tests"
}

fn arrows(source: &Source) -> Vec<String> {
    let (name, table) = manifest(source);
    let Some(allowed) = allowed(&name) else {
        return vec![format!("{name}: say in tests/tidy/arrows.rs what it may know")];
    };
    let ours = names(&table, &["dependencies", "build-dependencies"]).into_iter().filter(|other| is_ours(other));
    ours.filter(|other| !allowed.contains(other.as_str()))
        .map(|other| format!("{name} must not know {other}"))
        .collect()
}

fn walls(source: &Source) -> Vec<String> {
    let (name, table) = manifest(source);
    let mut found = Vec::new();
    for dependency in names(&table, &["dependencies", "build-dependencies"]) {
        for (library, crates) in WALLS {
            let is_meant =
                dependency == *library || dependency.starts_with(&format!("{library}-")) && *library == "tauri";
            if is_meant && !crates.contains(&name.as_str()) {
                found.push(format!("{name} must not depend on {dependency}: only {crates:?} may"));
            }
        }
    }
    found
}

fn manifests() -> Vec<Source> {
    let mut all = sources(&["toml"]);
    all.retain(|source| source.path.ends_with("/Cargo.toml") && source.path != "tests/Cargo.toml");
    all
}

#[test]
fn crates_know_only_those_below_them() {
    assert!(manifests().len() >= 14, "every member is looked at");
    check(&manifests(), arrows);
    prove(
        arrows,
        &[
            ("a/Cargo.toml", "[package]\nname = \"engine\"\n[dependencies]\nring-central = \"1\""),
            ("a/Cargo.toml", "[package]\nname = \"store\"\n[dependencies]\nengine.workspace = true"),
            ("a/Cargo.toml", "[package]\nname = \"model\"\n[target.'cfg(unix)'.dependencies]\nrest = \"1\""),
            ("a/Cargo.toml", "[package]\nname = \"simulators\"\n[dependencies]\nmodel = \"1\""),
            ("a/Cargo.toml", "[package]\nname = \"newcomer\""),
        ],
        &[("a/Cargo.toml", "[package]\nname = \"engine\"\n[dependencies]\nmodel = \"1\"\nserde = \"1\"")],
    );
}

#[test]
fn each_library_that_reaches_outside_has_one_crate() {
    check(&manifests(), walls);
    prove(
        walls,
        &[
            ("a/Cargo.toml", "[package]\nname = \"engine\"\n[dependencies]\nrusqlite = \"1\""),
            ("a/Cargo.toml", "[package]\nname = \"shell\"\n[dependencies]\ntauri-plugin-opener = \"1\""),
            ("a/Cargo.toml", "[package]\nname = \"ring-central\"\n[dependencies]\nreqwest = \"1\""),
        ],
        &[(
            "a/Cargo.toml",
            "[package]\nname = \"rest\"\n[dependencies]\nreqwest = \"1\"\n[dev-dependencies]\naxum = \"1\"",
        )],
    );
}
