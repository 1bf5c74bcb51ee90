//! What both shells share: the list of systems, the keyring, the data folder, the log, the demo office, the way back from the
//! browser, and putting them together.

mod clock;
mod demo;
mod files;
mod folder;
mod keyring;
mod link;
mod log;
mod loopback;
mod sign_in;
mod systems;
mod user;
mod words;

use std::path::Path;
use std::sync::Arc;

use engine::{Console, Parts, Vault};
use model::Failure;

pub use clock::SystemClock;
pub use demo::Demo;
pub use files::{export_dir, show_in_folder, wall_clock, write_new};
pub use folder::data_dir;
pub use keyring::OsKeyring;
pub use link::number_of_link;
pub use log::start as start_log;
pub use loopback::Farewell;
pub use sign_in::{open_page, sign_in};
pub use systems::systems;
pub use user::user_name;
pub use words::Words;

/// A console over a data folder, with what opening it had to mend.
pub struct Opened {
    /// The console. Nothing is asked of any system until it is started.
    pub console: Console,
    /// Whether the cache was broken or from a newer version and is being read anew.
    pub cache_was_rebuilt: bool,
}

/// Opens the console over a data folder with the secrets of the operating system's keyring.
///
/// # Errors
/// Where the data folder cannot be used.
pub async fn open(dir: &Path) -> Result<Opened, Failure> {
    let vault = OsKeyring::of(dir);
    open_with(dir, Arc::new(vault)).await
}

/// Opens the console over a data folder with a vault of the caller's.
///
/// # Errors
/// Where the data folder cannot be used.
pub async fn open_with(dir: &Path, vault: Arc<dyn Vault>) -> Result<Opened, Failure> {
    rest::install_tls();
    let opened = store::Store::open(dir.to_owned()).await?;
    let parts = Parts { store: opened.store, vault, clock: Arc::new(SystemClock), systems: systems() };
    Ok(Opened { console: Console::new(parts), cache_was_rebuilt: opened.cache_was_rebuilt })
}
