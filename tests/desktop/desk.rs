//! A desk to test at: an office of simulated systems, an empty data folder, and the program over both.

use std::path::Path;

use serde_json::{Map, Value, json};
use simulators::{Account, Office, Plan};
use tempfile::TempDir;

use crate::window::Window;

/// An office and a data folder. The program is opened over it once or several times.
pub(crate) struct Desk {
    /// The four simulated systems.
    pub(crate) office: Office,
    data: TempDir,
    name: &'static str,
}

impl Desk {
    /// A small office in which nothing happens by itself.
    pub(crate) async fn new(name: &'static str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the program under test goes by the computer's clock")]
        let now = chrono::Utc::now();
        let office = Office::start(Plan::small(now)).await.expect("the simulators find their ports");
        Self { office, data: tempfile::tempdir().expect("there is room for a data folder"), name }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Opens the program.
    pub(crate) async fn open(&self) -> Window {
        self.open_with(&[]).await
    }

    /// Opens the program with these arguments.
    pub(crate) async fn open_with(&self, arguments: &[&str]) -> Window {
        Window::open(self.name, self.data(), arguments).await
    }

    /// Opens the program in English, past the welcome and connected to all four systems.
    pub(crate) async fn open_connected(&self) -> Window {
        let window = self.open().await;
        settle(&window, "en", "light").await;
        for account in self.office.accounts() {
            window.command("connection_add", json!({ "connection": connection(&account) })).await;
        }
        window.reload().await;
        window
    }
}

/// Passes the welcome, and sets language and theme, without the screens for it.
pub(crate) async fn settle(window: &Window, language: &str, theme: &str) {
    let mut settings = window.command("settings_get", json!({})).await;
    settings["language"] = json!(language);
    settings["theme"] = json!(theme);
    settings["is_welcomed"] = json!(true);
    window.command("settings_set", json!({ "settings": settings })).await;
}

fn connection(account: &Account) -> Value {
    let object = |pairs: &[(&'static str, String)]| -> Value {
        let fields = pairs.iter().map(|(key, value)| ((*key).to_owned(), json!(value)));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    json!({
        "system": account.system,
        "name": account.name,
        "url": account.url,
        "settings": object(&account.settings),
        "secrets": object(&account.secrets),
        "allow_http": false,
    })
}
