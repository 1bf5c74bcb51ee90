//! The arrows inside the web UI: one folder knows the platform, features do not know each other, parts know nobody.

use crate::sources::{Source, sources};
use crate::{check, prove};

/// What a file imports, each with the line it stands on.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in source.text.lines().enumerate() {
        let Some(start) = [" from \"", " from '", "import \"", "import '", "import(\"", "import('"]
            .iter()
            .find_map(|mark| line.find(mark).map(|place| place + mark.len()))
        else {
            continue;
        };
        let name: String = line[start..].chars().take_while(|c| *c != '"' && *c != '\'').collect();
        found.push((at + 1, name));
    }
    found
}

fn is_page(source: &Source) -> bool {
    source.is_in(&["ui/src"])
}

fn platform(source: &Source) -> Vec<String> {
    if !is_page(source) || source.is_in(&["ui/src/bridge"]) {
        return Vec::new();
    }
    let wrong = imports(source).into_iter().filter(|(_, name)| name.starts_with("@tauri-apps/"));
    wrong.map(|(line, name)| format!("{}:{line}: only ui/src/bridge imports {name}", source.path)).collect()
}

/// The feature that a path is in.
fn feature(path: &str) -> Option<&str> {
    path.split_once("features/").and_then(|(_, rest)| rest.split('/').next())
}

/// Where an import leads, from `ui/src`, such as `features/calls/Row.svelte`.
fn target(source: &Source, name: &str) -> String {
    if !name.starts_with('.') {
        return name.trim_start_matches("$lib/").trim_start_matches("~/").trim_start_matches("@/").to_owned();
    }
    let mut parts: Vec<&str> = source.path.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/").trim_start_matches("ui/src/").to_owned()
}

fn features(source: &Source) -> Vec<String> {
    let Some(own) = feature(&source.path).filter(|_| is_page(source)) else { return Vec::new() };
    let wrong = imports(source)
        .into_iter()
        .filter(|(_, name)| feature(&target(source, name)).is_some_and(|other| other != own));
    wrong.map(|(line, name)| format!("{}:{line}: {own} must not know {name}", source.path)).collect()
}

fn parts(source: &Source) -> Vec<String> {
    if !source.is_in(&["ui/src/parts", "ui/src/format"]) || source.path.contains(".test.") {
        return Vec::new();
    }
    let wrong = imports(source).into_iter().filter(|(_, name)| {
        let target = target(source, name);
        let is_type_only = target.starts_with("bridge/types/");
        target.starts_with("features/") || target.starts_with("bridge/") && !is_type_only
    });
    wrong
        .map(|(line, name)| format!("{}:{line}: a part has props only, and must not know {name}", source.path))
        .collect()
}

fn pages() -> Vec<Source> {
    sources(&["ts", "svelte"])
}

#[test]
fn one_folder_knows_the_platform() {
    check(&pages(), platform);
    prove(
        platform,
        &[("ui/src/features/calls/a.ts", "import { invoke } from \"@tauri-apps/api/core\";")],
        &[("ui/src/bridge/call.ts", "import { invoke } from \"@tauri-apps/api/core\";")],
    );
}

#[test]
fn features_do_not_know_each_other() {
    check(&pages(), features);
    prove(
        features,
        &[
            ("ui/src/features/calls/a.ts", "import { b } from \"../rooms/b\";"),
            ("ui/src/features/calls/a.svelte", "  import B from '../../features/rooms/B.svelte';"),
        ],
        &[("ui/src/features/calls/a.ts", "import { b } from \"./b\";\nimport { c } from \"../../parts/c\";")],
    );
}

#[test]
fn parts_know_only_their_props() {
    check(&pages(), parts);
    prove(
        parts,
        &[
            ("ui/src/parts/Chip.svelte", "import { callShow } from \"../bridge/commands\";"),
            ("ui/src/parts/a.ts", "import x from '../features/calls/x';"),
        ],
        &[("ui/src/parts/Chip.svelte", "import type { Call } from \"../bridge/types/Call\";")],
    );
}
