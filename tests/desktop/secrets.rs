//! A secret is in the keyring and nowhere else that can be looked into.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::desk::Desk;

/// Processes that this one started, and those that they started.
pub(crate) fn family(first: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").expect("processes can be listed").flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        children.entry(parent.unwrap_or_default()).or_default().push(id);
    }
    let mut family = vec![first];
    let mut at = 0;
    while let Some(id) = family.get(at) {
        family.extend(children.remove(id).unwrap_or_default());
        at += 1;
    }
    family
}

/// Every file below a folder that holds one of these texts, as they stand or as UTF-16.
fn holders(folder: &Path, texts: &[String], looked_at: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the data folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holders(&path, texts, looked_at));
        } else if let Ok(bytes) = fs::read(&path) {
            *looked_at += 1;
            found.extend(texts.iter().filter(|text| holds(&bytes, text)).map(|_| path.display().to_string()));
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &wide].iter().any(|wanted| bytes.windows(wanted.len()).any(|window| window == *wanted))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn no_secret_is_in_files_logs_arguments_or_the_page() {
    let desk = Desk::new("secrets").await;
    let window = desk.open_connected().await;
    let accounts = desk.office.accounts();
    let secrets: Vec<String> =
        accounts.iter().flat_map(|it| it.secrets.iter().map(|(_, value)| value.clone())).collect();
    assert!(secrets.len() >= 3 && secrets.iter().all(|secret| secret.len() > 8), "there is something to look for");

    window.press("link", "Calls").await;
    window.has("row", "Answered").await;
    window.press("link", "Connections").await;
    for account in &accounts {
        window.sees(account.name).await;
    }
    let page = window.source().await;
    let text = window.text().await;
    let kept = window
        .run(
            "return JSON.stringify([localStorage, sessionStorage, history.state, location.href])",
            serde_json::json!([]),
        )
        .await;
    for secret in &secrets {
        assert!(
            ![&page, &text, &kept.to_string()].iter().any(|it| it.contains(secret.as_str())),
            "a secret is in the page"
        );
    }

    let family = family(window.driver_process());
    assert!(family.len() >= 3, "the program and its web view are among {family:?}");
    for id in family {
        let arguments = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        assert!(
            !secrets.iter().any(|it| holds(&arguments, it) || holds(&environment, it)),
            "process {id} was started with a secret"
        );
    }
    window.close().await;

    let mut looked_at = 0;
    assert_eq!(holders(desk.data(), &secrets, &mut looked_at), [""; 0], "a file holds a secret");
    assert!(looked_at > 3, "the data folder holds the database and the log");

    let entries = Command::new("secret-tool").args(["search", "--all", "service", "frontdesk"]).output();
    let entries = entries.expect("secret-tool is installed (package libsecret-tools)");
    let kept = String::from_utf8_lossy(&entries.stdout).into_owned();
    assert!(secrets.iter().all(|secret| kept.contains(secret.as_str())), "the keyring has every secret");
}
