//! Which file may name which library, key word or exit.

use crate::arrows::SYSTEMS;
use crate::sources::{Source, Word, rust, stands};
use crate::{check, prove};

/// Programs and crates whose work it is to look at things from outside.
const OUTSIDE: &[&str] = &["tests", "xtask", "crates/simulators"];

/// Rust files of the product itself, without tests.
fn product() -> Vec<Source> {
    let mut all = rust();
    all.retain(|source| !source.is_test() && !source.is_in(OUTSIDE));
    all
}

fn lines(source: &Source, what: &str, is_wrong: impl Fn(&[Word], usize) -> bool) -> Vec<String> {
    let words = source.words();
    let wrong = (0..words.len()).filter(|at| is_wrong(&words, *at));
    wrong.map(|at| format!("{}:{}: {what}", source.path, words[at].line)).collect()
}

fn library(source: &Source, name: &str, places: &[&str]) -> Vec<String> {
    if source.is_in(places) {
        return Vec::new();
    }
    let what = format!("`{name}` is named only in {places:?}");
    lines(source, &what, |words, at| stands(words, at, &[name, "::"]))
}

fn tauri(source: &Source) -> Vec<String> {
    library(source, "tauri", &["src-tauri"])
}

fn rusqlite(source: &Source) -> Vec<String> {
    library(source, "rusqlite", &["crates/store"])
}

fn reqwest(source: &Source) -> Vec<String> {
    library(source, "reqwest", &["crates/rest"])
}

fn sockets(source: &Source) -> Vec<String> {
    let is_live = source.path.ends_with("/live.rs") || source.path.contains("/live/");
    if is_live {
        return Vec::new();
    }
    lines(source, "sockets are opened only in live.rs", |words, at| stands(words, at, &["tokio_tungstenite", "::"]))
}

/// The one port that the program opens: where a browser comes back to after a sign-in.
fn ports(source: &Source) -> Vec<String> {
    if source.is_in(&["crates/shell/src/loopback.rs"]) {
        return Vec::new();
    }
    lines(source, "a port is opened only in crates/shell/src/loopback.rs", |words, at| {
        ["TcpListener", "TcpSocket", "UdpSocket", "UnixListener"].contains(&words[at].text.as_str())
    })
}

fn reveals(source: &Source) -> Vec<String> {
    let places = &[
        "crates/rest",
        "crates/model/src/secret.rs",
        "crates/engine/src/vault.rs",
        "crates/engine/src/vault",
        "crates/shell/src/keyring.rs",
        "crates/shell/src/keyring",
    ];
    // A system's client is where it goes onto the wire; its wire types, which derive and print, never hold one.
    let is_client = SYSTEMS.iter().any(|system| source.is_in(&[&format!("crates/{system}/src")]));
    if source.is_in(places) || is_client && !source.path.contains("/wire") {
        return Vec::new();
    }
    lines(source, "a secret leaves only towards the wire or the keyring", |words, at| {
        stands(words, at, &[".", "reveal"]) || stands(words, at, &["Secret", "::", "reveal"])
    })
}

fn unknown_json(source: &Source) -> Vec<String> {
    let is_system = SYSTEMS.iter().any(|system| source.is_in(&[&format!("crates/{system}")]));
    let reads_rows = ["/wire.rs", "/records.rs", "/chat_room.rs"].iter().any(|name| source.path.ends_with(name))
        || source.path.contains("/wire/");
    if !is_system || reads_rows {
        return Vec::new();
    }
    lines(source, "JSON without a type stays in wire.rs", |words, at| {
        let is_named = stands(words, at, &["Value", "::"]) || stands(words, at, &["serde_json", "::", "Value"]);
        is_named && !(at > 1 && words[at - 1].text == "::" && words[at - 2].text != "serde_json")
    })
}

fn sql(source: &Source) -> Vec<String> {
    if source.is_in(&["crates/store"]) {
        return Vec::new();
    }
    const STATEMENTS: &[&str] = &[
        "SELECT ",
        "INSERT INTO",
        "INSERT OR",
        "DELETE FROM",
        "CREATE TABLE",
        "CREATE INDEX",
        "DROP TABLE",
        "PRAGMA ",
        "ON CONFLICT",
        " SET ",
    ];
    lines(source, "SQL is written only in crates/store", |words, at| {
        let text = &words[at].text;
        let is_text = text.starts_with('"') || text.starts_with("r\"") || text.starts_with("r#");
        is_text && STATEMENTS.iter().any(|statement| text.contains(statement))
    })
}

#[test]
fn only_the_desktop_shell_names_tauri() {
    check(&product(), tauri);
    prove(tauri, &[("crates/engine/src/a.rs", "use tauri::State;")], &[("src-tauri/src/a.rs", "use tauri::State;")]);
}

#[test]
fn only_the_store_names_its_database() {
    check(&product(), rusqlite);
    prove(
        rusqlite,
        &[("crates/engine/src/a.rs", "fn a(tx: &rusqlite::Transaction) {}")],
        &[("crates/engine/src/a.rs", "// rusqlite::Row")],
    );
}

#[test]
fn only_rest_names_the_http_client() {
    check(&product(), reqwest);
    prove(
        reqwest,
        &[("crates/rocket-chat/src/client.rs", "use reqwest::Client;")],
        &[("crates/rest/src/a.rs", "use reqwest::Client;")],
    );
}

#[test]
fn sockets_are_opened_only_in_live() {
    check(&product(), sockets);
    prove(
        sockets,
        &[("crates/ring-central/src/client.rs", "use tokio_tungstenite::connect_async;")],
        &[("crates/ring-central/src/live.rs", "use tokio_tungstenite::connect_async;")],
    );
}

#[test]
fn one_file_opens_a_port() {
    check(&product(), ports);
    prove(
        ports,
        &[
            ("crates/engine/src/a.rs", "use tokio::net::TcpListener;"),
            ("crates/shell/src/a.rs", "let door = std::net::TcpListener::bind(at);"),
        ],
        &[
            ("crates/shell/src/loopback.rs", "use tokio::net::TcpListener;"),
            ("crates/shell/src/a.rs", "#[cfg(test)] mod tests { use tokio::net::TcpListener; }"),
        ],
    );
}

#[test]
fn a_secret_has_one_exit_and_few_doors() {
    check(&product(), reveals);
    prove(
        reveals,
        &[
            ("crates/engine/src/sync.rs", "fn a(s: &Secret) { log(s.reveal()); }"),
            ("src-tauri/src/a.rs", "list.map(Secret::reveal)"),
            ("crates/ring-central/src/wire.rs", "fn a(s: &Secret) { s.reveal(); }"),
        ],
        &[
            ("crates/rest/src/request.rs", "fn a(s: &Secret) { s.reveal(); }"),
            ("crates/shell/src/a.rs", "#[cfg(test)] mod tests { fn a() { s.reveal(); } }"),
        ],
    );
}

#[test]
fn json_without_a_type_stays_at_the_wire() {
    check(&product(), unknown_json);
    prove(
        unknown_json,
        &[
            ("crates/rocket-chat/src/client.rs", "fn a(v: serde_json::Value) {}"),
            ("crates/smart-connect/src/live.rs", "match v { Value::Null => () }"),
        ],
        &[
            ("crates/rocket-chat/src/wire.rs", "fn a(v: serde_json::Value) {}"),
            ("crates/rocket-chat/src/client.rs", "HeaderValue::Null; http::Value::a()"),
        ],
    );
}

#[test]
fn only_the_store_writes_sql() {
    check(&product(), sql);
    prove(
        sql,
        &[
            ("crates/engine/src/a.rs", "tx.execute(\"DELETE FROM calls\")"),
            ("crates/shell/src/a.rs", "let a = r#\"SELECT 1\"#;"),
        ],
        &[
            ("crates/store/src/a.rs", "tx.execute(\"DELETE FROM calls\")"),
            ("crates/engine/src/a.rs", "let a = \"Select a room\";"),
        ],
    );
}
