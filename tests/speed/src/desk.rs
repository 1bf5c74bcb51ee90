//! A console over a data folder, connected to the office as a person would connect it.

use std::path::Path;
use std::sync::Arc;

use engine::{Console, MemoryVault};
use model::ConnectionId;

use crate::Outcome;
use crate::office::Office;

/// A console with a connection to each system of the office, in the office's order. A folder that has them already is used as
/// it is; only the secrets, which a vault in memory forgets, are entered again.
pub(crate) async fn open(office: &Office, data: &Path) -> Outcome<(Console, Vec<ConnectionId>)> {
    let console = shell::open_with(data, Arc::new(MemoryVault::default())).await?.console;
    let known = console.connections_list().await?;
    let mut ids = Vec::new();
    for telephones in &office.systems {
        let id = match known.iter().find(|view| view.system.as_str() == telephones.system) {
            Some(view) => {
                for (key, secret) in telephones.secrets() {
                    console.connection_replace_secret(&view.id, &key, secret).await?;
                }
                view.id.clone()
            }
            None => console.connection_add(telephones.connection()).await?.id,
        };
        ids.push(id);
    }
    Ok((console, ids))
}
