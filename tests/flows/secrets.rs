//! A secret is in the vault and nowhere else.

use std::path::Path;

use model::message::Recipient;
use simulators::{CHAT_AND_MESSENGER, Fault, ROCKET_CHAT, SYSTEMS};

use crate::support::Desk;

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn no_secret_is_in_the_data_folder_or_in_a_failure() {
    let desk = Desk::synced().await;
    let mut said = String::new();
    for fault in [Fault::Status(401), Fault::WrongJson, Fault::Reset] {
        for system in SYSTEMS {
            desk.office.fault(system, fault.clone());
            said.push_str(&format!("{:?}", desk.sync(system).await));
            desk.office.heal(system);
        }
    }
    let somebody = Recipient::People(vec!["t.kenichi@example.jp".into()]);
    for system in [CHAT_AND_MESSENGER, ROCKET_CHAT] {
        desk.office.fault(system, Fault::Status(401));
        let delivery = desk.console.send_now(desk.draft(system, somebody.clone(), "text").await).await.unwrap();
        said.push_str(&format!("{delivery:?}"));
    }
    said.push_str(&serde_json::to_string(&desk.console.connections_list().await.unwrap()).unwrap());
    let secrets: Vec<String> =
        desk.office.accounts().into_iter().flat_map(|account| account.secrets).map(|(_, value)| value).collect();
    assert!(secrets.len() >= 3 && secrets.iter().all(|secret| secret.len() > 8));
    for secret in &secrets {
        assert!(!said.contains(secret.as_str()), "a failure repeats a secret");
        for file in files(desk.folder.path()) {
            let bytes = std::fs::read(&file).unwrap();
            let holds = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!holds, "{} holds a secret", file.display());
        }
    }
}
