//! The program's window as a person uses it: what is looked for by its name, pressed, typed and seen.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde_json::{Value, json};

use crate::driver::{Driver, Element, PATIENCE, Start, element};

/// Key codes of WebDriver.
pub(crate) mod keys {
    /// Enter.
    pub(crate) const ENTER: &str = "\u{E007}";
    /// Escape.
    pub(crate) const ESCAPE: &str = "\u{E00C}";
    /// Tab.
    pub(crate) const TAB: &str = "\u{E004}";
    /// Shift.
    pub(crate) const SHIFT: &str = "\u{E008}";
    /// Control.
    pub(crate) const CONTROL: &str = "\u{E009}";
    /// Alt.
    pub(crate) const ALT: &str = "\u{E00A}";
    /// End.
    pub(crate) const END: &str = "\u{E010}";
    /// Home.
    pub(crate) const HOME: &str = "\u{E011}";
    /// Up.
    pub(crate) const UP: &str = "\u{E013}";
    /// Right.
    pub(crate) const RIGHT: &str = "\u{E014}";
    /// Down.
    pub(crate) const DOWN: &str = "\u{E015}";
    /// Page down.
    pub(crate) const PAGE_DOWN: &str = "\u{E00F}";
}

/// The open window of the running program.
pub(crate) struct Window {
    driver: Driver,
    name: String,
}

impl Window {
    /// Starts the program over a data folder. `name` is for pictures and logs.
    pub(crate) async fn open(name: &str, data: &Path, arguments: &[&str]) -> Self {
        assert!(
            std::env::var_os("FRONTDESK_DESKTOP").is_some(),
            "run it with `cargo xtask test`: it needs a display, a bus and a keyring of its own"
        );
        let program = std::env::var_os("FRONTDESK_PROGRAM")
            .map_or_else(|| tests::root().join("target/debug/frontdesk"), PathBuf::from);
        let log = File::create(folder("desktop").join(format!("{name}.log"))).expect("a log can be written");
        let driver = Driver::start(Start { program, arguments, data, log }).await;
        Self { driver, name: name.to_owned() }
    }

    /// Presses what has this role and name, as soon as it is there.
    pub(crate) async fn press(&self, role: &str, name: &str) {
        let mut pressed = Err(String::new());
        // What covers it may be on its way out, such as a dialog that closes or a note that was shown long enough.
        for _ in 0..20 {
            let it = self.find(role, name).await;
            pressed = self.driver.click(&it).await;
            if pressed.is_ok() {
                return;
            }
            self.rests().await;
        }
        if let Err(error) = pressed {
            self.fail(&format!("the {role} “{name}” cannot be pressed: {error}")).await;
        }
    }

    /// Presses the mouse where something of this role and name is, though it may be covered by what is drawn over it.
    pub(crate) async fn point(&self, role: &str, name: &str) {
        let it = self.find(role, name).await;
        if let Err(error) = self.driver.point(&it).await {
            self.fail(&format!("nobody can point at the {role} “{name}”: {error}")).await;
        }
    }

    /// Empties the field of this name and types into it.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let it = self.find("field", name).await;
        let done = async {
            self.driver.clear(&it).await?;
            self.driver.type_into(&it, text).await
        };
        if let Err(error) = done.await {
            self.fail(&format!("the field “{name}” cannot be filled: {error}")).await;
        }
    }

    /// Types into the field of this name after what is in it.
    pub(crate) async fn type_into(&self, name: &str, text: &str) {
        let it = self.find("field", name).await;
        if let Err(error) = self.driver.type_into(&it, text).await {
            self.fail(&format!("nothing can be typed into “{name}”: {error}")).await;
        }
    }

    /// Brings the keyboard to what has this role and name.
    pub(crate) async fn focus(&self, role: &str, name: &str) {
        let it = self.find(role, name).await;
        self.run("arguments[0].focus();", json!([it.reference()])).await;
    }

    /// Waits until the keyboard is in an empty field of this name.
    pub(crate) async fn has_focus(&self, name: &str) {
        let script = "const [name, patience, done] = arguments; const begun = performance.now(); const look = () => { \
             const it = document.activeElement; \
             const is = it?.value === '' && [...(it.labels ?? [])].some((label) => label.textContent.trim() === name); \
             if (is || performance.now() - begun > patience) done(is); else requestAnimationFrame(look); }; look();";
        let found = self.run_until_called(script, json!([name, PATIENCE.as_millis() as u64])).await;
        if found != json!(true) {
            self.fail(&format!("the keyboard does not come to an empty field “{name}”")).await;
        }
    }

    /// Types wherever the keyboard is.
    pub(crate) async fn type_here(&self, text: &str) {
        let here = self.run("return document.activeElement;", json!([])).await;
        let typed = match element(&here) {
            Some(it) => self.driver.type_into(&it, text).await,
            None => Err("the keyboard is nowhere".to_owned()),
        };
        if let Err(error) = typed {
            self.fail(&format!("nothing can be typed: {error}")).await;
        }
    }

    /// Chooses in the list of this name. Its pop-up is the platform's own and out of reach, so the choice is made as by keyboard.
    pub(crate) async fn choose(&self, name: &str, option: &str) {
        let it = self.find("field", name).await;
        let script = "const [list, wanted] = arguments; \
             const found = [...list.options].find((it) => it.textContent.trim() === wanted); \
             if (found) { list.value = found.value; list.dispatchEvent(new Event('change', { bubbles: true })); } \
             return Boolean(found);";
        if self.run(script, json!([it.reference(), option])).await != json!(true) {
            self.fail(&format!("“{name}” does not offer “{option}”")).await;
        }
    }

    /// Presses keys together, wherever the focus is.
    pub(crate) async fn keys(&self, keys: &[&str]) {
        if let Err(error) = self.driver.press(keys).await {
            self.fail(&format!("{keys:?} cannot be pressed: {error}")).await;
        }
    }

    /// Waits until this text can be read somewhere on screen.
    pub(crate) async fn sees(&self, text: &str) {
        self.find("text", text).await;
    }

    /// Waits until this text can be read in the program's other window, and gives all text there. Both are driven: the main one
    /// again afterwards.
    pub(crate) async fn other_sees(&self, text: &str) -> String {
        let own = self.drive_other().await;
        self.sees(text).await;
        let all = self.text().await;
        self.driver.drive(&own).await.expect("it can be driven again");
        all
    }

    /// Waits until this text cannot be read in the program's other window any more.
    pub(crate) async fn other_misses(&self, text: &str) {
        let own = self.drive_other().await;
        let begun = std::time::Instant::now();
        while self.text().await.contains(text) {
            assert!(begun.elapsed() < PATIENCE, "the other window still shows “{text}”");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        self.driver.drive(&own).await.expect("it can be driven again");
    }

    /// Runs a script in the program's other window.
    pub(crate) async fn run_in_other(&self, script: &str, arguments: Value) -> Value {
        let own = self.drive_other().await;
        let value = self.run(script, arguments).await;
        self.driver.drive(&own).await.expect("it can be driven again");
        value
    }

    /// Drives the other window; gives the one that was driven before.
    async fn drive_other(&self) -> String {
        let own = self.driver.driven().await.expect("a window is driven");
        let others = self.driver.windows().await.expect("the program has windows");
        let other = others.into_iter().find(|it| *it != own).expect("the program has another window");
        self.driver.drive(&other).await.expect("it can be driven");
        own
    }

    /// Waits until there is something of this role and name.
    pub(crate) async fn has(&self, role: &str, name: &str) {
        self.find(role, name).await;
    }

    /// Waits until nothing on screen has changed for a moment, or has changed without end for a while.
    pub(crate) async fn rests(&self) {
        if let Err(error) = self.driver.run_until_called(include_str!("rest.js"), json!([])).await {
            self.fail(&format!("the page does not rest: {error}")).await;
        }
    }

    /// All text on screen now.
    pub(crate) async fn text(&self) -> String {
        let text = self.driver.run("return document.body.innerText", json!([])).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Runs a script in the page.
    pub(crate) async fn run(&self, script: &str, arguments: Value) -> Value {
        match self.driver.run(script, arguments).await {
            Ok(value) => value,
            Err(error) => self.fail(&format!("the page does not run `{script}`: {error}")).await,
        }
    }

    /// Runs a script in the page that calls its last argument with what it found.
    pub(crate) async fn run_until_called(&self, script: &str, arguments: Value) -> Value {
        match self.driver.run_until_called(script, arguments).await {
            Ok(value) => value,
            Err(error) => self.fail(&format!("the page does not come to an end: {error}")).await,
        }
    }

    /// Calls a command of the program as the page does, and gives its answer.
    pub(crate) async fn command(&self, name: &str, arguments: Value) -> Value {
        let script = "const [name, given, done] = arguments; \
             window.__TAURI_INTERNALS__.invoke(name, given).then((it) => done({ it }), (problem) => done({ problem }));";
        let mut answer = match self.driver.run_until_called(script, json!([name, arguments])).await {
            Ok(answer) => answer,
            Err(error) => self.fail(&format!("the command {name} does not answer: {error}")).await,
        };
        assert!(answer["problem"].is_null(), "{name}: {}", answer["problem"]);
        answer["it"].take()
    }

    /// Loads the page anew.
    pub(crate) async fn reload(&self) {
        if let Err(error) = self.driver.reload().await {
            self.fail(&format!("the page cannot be loaded anew: {error}")).await;
        }
    }

    /// The page's HTML.
    pub(crate) async fn source(&self) -> String {
        self.driver.source().await.expect("a page has a source")
    }

    /// Saves a picture of the page, where pictures are asked for.
    pub(crate) async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("FRONTDESK_PICTURES") else { return };
        self.save(&PathBuf::from(folder).join(format!("{name}.png"))).await;
    }

    /// Id of the process that started the program.
    pub(crate) fn driver_process(&self) -> u32 {
        self.driver.process_id()
    }

    /// Ends the program.
    pub(crate) async fn close(self) {
        self.driver.end().await;
    }

    async fn find(&self, role: &str, name: &str) -> Element {
        let found = self
            .driver
            .run_until_called(include_str!("find.js"), json!([role, name, PATIENCE.as_millis() as u64]))
            .await;
        match found.as_ref().ok().and_then(element) {
            Some(found) => found,
            None => {
                let why = found.err().unwrap_or_default();
                self.fail(&format!("there is no {role} “{name}” on screen ({why})")).await
            }
        }
    }

    async fn save(&self, path: &Path) {
        self.run_quietly(include_str!("draw.js")).await;
        let picture = self.driver.picture().await.expect("the window can be pictured");
        self.run_quietly(include_str!("draw.js")).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture).expect("a picture is base64");
        fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Runs a script where the page still does: a picture of what is broken is wanted all the same.
    async fn run_quietly(&self, script: &str) {
        let _ = self.driver.run(script, json!([])).await;
    }

    /// Ends the test with all that can be told of it.
    async fn fail(&self, what: &str) -> ! {
        let path = folder("desktop").join(format!("{}-failed.png", self.name));
        let text = self.text().await;
        // Said before the picture is taken, which a broken window may not give.
        eprintln!("{what}\non screen:\n{text}");
        self.save(&path).await;
        panic!("{what}; picture: {}", path.display());
    }
}

/// A folder of `target`, made where it is missing.
pub(crate) fn folder(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| tests::root().join("target"), PathBuf::from);
    let folder = target.join(name);
    fs::create_dir_all(&folder).expect("target can be written");
    folder
}
