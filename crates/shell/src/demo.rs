//! The demo office: the four simulators on this computer and a console of its own over a folder that is thrown away.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::{Console, MemoryVault};
use model::connection::NewConnection;
use model::desk::Settings;
use model::{Clock, Failure, Reason, Secret, Why};
use simulators::{Office, Plan};

use crate::SystemClock;

/// A running demo. Dropping it ends the simulators; nothing real is ever touched.
pub struct Demo {
    /// The console connected to the simulators, with its work begun.
    pub console: Console,
    /// The simulated office.
    pub office: Office,
    folder: PathBuf,
}

impl Demo {
    /// Starts the simulators and a console in `dir/demo`, which is emptied first.
    ///
    /// # Errors
    /// Where the folder cannot be written or no port of this computer can be opened.
    pub async fn start(dir: &Path, settings: Settings) -> Result<Self, Failure> {
        let folder = dir.join("demo");
        let broken = |error: std::io::Error| Failure::Refused(Why::new(Reason::StoreBroken, error.kind().to_string()));
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(broken)?;
        }
        std::fs::create_dir_all(&folder).map_err(broken)?;
        let office = Office::start(Plan::demo(SystemClock.now().utc())).await.map_err(broken)?;
        let console = crate::open_with(&folder, Arc::new(MemoryVault::default())).await?.console;
        console.settings_set(Settings { is_welcomed: true, ..settings }).await?;
        for account in office.accounts() {
            console.connection_add(connection(account)).await?;
        }
        console.start().await?;
        Ok(Self { console, office, folder })
    }

    /// Ends the demo and throws its folder away.
    pub fn stop(self) {
        self.console.stop();
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::info!(%error, "the folder of the demo is emptied at its next start");
        }
    }
}

fn connection(account: simulators::Account) -> NewConnection {
    let text = |(key, value): (&str, String)| (key.to_owned(), value);
    NewConnection {
        system: account.system.into(),
        name: String::new(),
        url: account.url,
        settings: account.settings.into_iter().map(text).collect(),
        secrets: account
            .secrets
            .into_iter()
            .map(|(key, value)| (key.to_owned(), Secret::new(&value)))
            .collect::<BTreeMap<_, _>>(),
        allow_http: false,
    }
}
