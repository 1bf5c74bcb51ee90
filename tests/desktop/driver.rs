//! A thin client of the WebDriver protocol: one web view's driver, one session with the built program.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// The key under which WebDriver hands out an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long anything on screen may take to come. Generous: a busy computer is no failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// An element on screen.
#[derive(Debug, Clone)]
pub(crate) struct Element(String);

impl Element {
    /// The element as an argument of a script.
    pub(crate) fn reference(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

/// A driver with its session. Dropping it ends both.
pub(crate) struct Driver {
    process: Child,
    client: reqwest::Client,
    session: String,
    /// The name under which the computer lists the program.
    program: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How the program is started.
pub(crate) struct Start<'a> {
    /// What to start.
    pub(crate) program: PathBuf,
    /// With which arguments.
    pub(crate) arguments: &'a [&'a str],
    /// Its data folder.
    pub(crate) data: &'a Path,
    /// Where it may write what it prints.
    pub(crate) log: File,
}

impl Driver {
    /// Starts the driver, and with it the program.
    pub(crate) async fn start(start: Start<'_>) -> Self {
        let port = free_port();
        let process = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("FRONTDESK_DATA_DIR", start.data)
            .env("FRONTDESK_EXPORT_DIR", start.data.join("exports"))
            .stdin(Stdio::null())
            .stdout(start.log.try_clone().expect("a file can be opened twice"))
            .stderr(start.log)
            .spawn()
            .expect("WebKitWebDriver is installed (package webkit2gtk-driver)");
        // Longer names are cut off there.
        let program = start.program.file_name().unwrap_or_default().to_string_lossy().chars().take(15).collect();
        let mut driver = Self { process, client: client(), session: format!("http://127.0.0.1:{port}"), program };
        driver.ready().await;
        let options = json!({ "binary": start.program, "args": start.arguments });
        let timeouts = json!({ "script": (2 * PATIENCE).as_millis() as u64 });
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options, "timeouts": timeouts } } });
        let made = driver
            .post("/session", &wanted)
            .await
            .unwrap_or_else(|error| panic!("the program does not start: {error}"));
        let id = made["sessionId"].as_str().expect("a session has an id").to_owned();
        driver.session.push_str(&format!("/session/{id}"));
        driver
    }

    /// Id of the driver's process; the program is its child.
    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Ends the session and with it the program, which is gone when this returns: the next one wants its keys and its place on screen.
    pub(crate) async fn end(self) {
        // The program may be gone already; then there is nothing to end.
        let _ = self.client.delete(&self.session).send().await;
        let begun = std::time::Instant::now();
        while self.is_running() {
            assert!(begun.elapsed() < PATIENCE, "the program stays though its window was closed");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether the driver still has the program as a child.
    fn is_running(&self) -> bool {
        let id = self.process.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        children.split_whitespace().any(|child| {
            let name = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            // One that has ended and was not yet taken note of is a zombie.
            name.contains(&format!("({})", self.program)) && !name.contains(") Z")
        })
    }

    /// Runs a script in the page and gives what it returns.
    pub(crate) async fn run(&self, script: &str, arguments: Value) -> Result<Value, String> {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments })).await
    }

    /// Runs a script that calls its last argument with its answer, sooner or later.
    pub(crate) async fn run_until_called(&self, script: &str, arguments: Value) -> Result<Value, String> {
        self.post("/execute/async", &json!({ "script": script, "args": arguments })).await
    }

    /// The window that is driven now.
    pub(crate) async fn driven(&self) -> Result<String, String> {
        self.get("/window").await.map(|it| it.as_str().unwrap_or_default().to_owned())
    }

    /// Every window of the program, seen or hidden.
    pub(crate) async fn windows(&self) -> Result<Vec<String>, String> {
        let all = self.get("/window/handles").await?;
        Ok(all.as_array().into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect())
    }

    /// Drives another window from now on; which one has the keyboard stays.
    pub(crate) async fn drive(&self, window: &str) -> Result<(), String> {
        self.post("/window", &json!({ "handle": window })).await.map(drop)
    }

    /// Presses the mouse on an element.
    pub(crate) async fn click(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/click", element.0), &json!({})).await.map(drop)
    }

    /// Presses the mouse at the middle of an element, whatever is in front of it.
    pub(crate) async fn point(&self, element: &Element) -> Result<(), String> {
        let actions = json!([
            { "type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": element.reference() },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ]);
        let mouse =
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.post("/actions", &json!({ "actions": [mouse] })).await.map(drop)
    }

    /// Types into an element, as on a keyboard.
    pub(crate) async fn type_into(&self, element: &Element, text: &str) -> Result<(), String> {
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text })).await.map(drop)
    }

    /// Empties a field.
    pub(crate) async fn clear(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/clear", element.0), &json!({})).await.map(drop)
    }

    /// Presses keys wherever the focus is; all are held until the last is down.
    pub(crate) async fn press(&self, keys: &[&str]) -> Result<(), String> {
        let downs = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let ups = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<_> = downs.chain(ups).collect();
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }))
            .await
            .map(drop)
    }

    /// Loads the page anew and waits until it is there.
    pub(crate) async fn reload(&self) -> Result<(), String> {
        self.post("/refresh", &json!({})).await.map(drop)
    }

    /// The page as PNG in base64.
    pub(crate) async fn picture(&self) -> Result<String, String> {
        let value = self.get("/screenshot").await?;
        value.as_str().map(str::to_owned).ok_or_else(|| "no picture".to_owned())
    }

    /// The page's HTML.
    pub(crate) async fn source(&self) -> Result<String, String> {
        let value = self.get("/source").await?;
        value.as_str().map(str::to_owned).ok_or_else(|| "no source".to_owned())
    }

    /// Waits until the driver listens.
    async fn ready(&self) {
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        let listens = async {
            while self.get("/status").await.is_err() {
                beat.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, listens).await.expect("the driver listens");
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        value(self.client.post(format!("{}{path}", self.session)).json(body)).await
    }

    async fn get(&self, path: &str) -> Result<Value, String> {
        value(self.client.get(format!("{}{path}", self.session))).await
    }
}

/// The element in a script's answer.
pub(crate) fn element(value: &Value) -> Option<Element> {
    value[ELEMENT].as_str().map(|id| Element(id.to_owned()))
}

async fn value(request: reqwest::RequestBuilder) -> Result<Value, String> {
    let answer = request.send().await.map_err(|error| error.to_string())?;
    let mut body: Value = answer.json().await.map_err(|error| error.to_string())?;
    let value = body["value"].take();
    match value["error"].as_str() {
        Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
        None => Ok(value),
    }
}

#[expect(clippy::disallowed_methods, reason = "the driver is no system that is connected")]
fn client() -> reqwest::Client {
    // It is installed once for all tests of this program.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(3 * PATIENCE).build().expect("a client can be made")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    listener.local_addr().expect("a bound port has a number").port()
}
