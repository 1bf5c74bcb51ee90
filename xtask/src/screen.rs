//! A display, a message bus and a keyring of their own, for windows that nobody watches.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use crate::shell::{Outcome, Stop, line};

/// Whether windows opened now would be seen.
pub(crate) fn is_there() -> bool {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || has("DISPLAY") || has("WAYLAND_DISPLAY")
}

/// What runs in the background; it ends with this value.
struct Companion {
    child: Child,
    // Kept open, because writing into a closed pipe would end it.
    _output: Option<BufReader<ChildStdout>>,
}

impl Drop for Companion {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A session without a screen. Nothing of the person's own session, keyring or settings is touched.
pub(crate) struct Screen {
    // In this order they end: the bus, and with it the keyring; window placement; the display.
    companions: Vec<Companion>,
    display: String,
    bus: String,
    home: TempDir,
}

impl Screen {
    /// Starts display, window placement, bus and an unlocked keyring.
    pub(crate) fn start() -> Outcome<Self> {
        if !cfg!(target_os = "linux") {
            return Err(Stop::new("windows without a screen are known only on Linux"));
        }
        let mut screen =
            Self { companions: Vec::new(), display: String::new(), bus: String::new(), home: tempfile::tempdir()? };
        for folder in ["data", "config", "cache", "runtime"] {
            fs::create_dir(screen.home.path().join(folder))?;
        }
        private(&screen.home.path().join("runtime"))?;
        let arguments = ["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"];
        screen.display = format!(":{}", screen.begin(Command::new("Xvfb").args(arguments))?);
        screen.begin(Command::new("openbox").args(["--startup", "echo placed"]))?;
        screen.bus = screen.begin(Command::new("dbus-daemon").args(["--session", "--nofork", "--print-address=1"]))?;
        screen.companions.reverse();
        screen.keyring()?;
        Ok(screen)
    }

    /// Makes a program open its windows here.
    pub(crate) fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let home = self.home.path();
        command
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_RUNTIME_DIR", home.join("runtime"))
            .env("XDG_SESSION_TYPE", "x11")
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("GDK_BACKEND", "x11")
            .env("GSETTINGS_BACKEND", "memory")
            .env("NO_AT_BRIDGE", "1")
            // Software drawing everywhere: a picture is the same with any graphics card. Without the DMA-BUF renderer a
            // WebDriver picture of a page that does not change never comes.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER")
            .env_remove("WEBKIT_DISABLE_COMPOSITING_MODE")
            // With LANG=C a web view knows no language at all.
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GNOME_KEYRING_CONTROL")
    }

    /// Starts a companion and gives the first line that it says, which is when it is ready.
    fn begin(&mut self, command: &mut Command) -> Outcome<String> {
        let mut child = self.spawn(command.stdin(Stdio::null()))?;
        let mut output = child.stdout.take().map(BufReader::new);
        let mut said = String::new();
        if let Some(output) = &mut output {
            output.read_line(&mut said)?;
        }
        self.companions.push(Companion { child, _output: output });
        let said = said.trim().to_owned();
        if said.is_empty() {
            Err(Stop::new(format!("`{}` ended before it was ready", line(command))))
        } else {
            Ok(said)
        }
    }

    /// Opens a keyring with a password of its own. It goes on in the background and ends with the bus.
    fn keyring(&self) -> Outcome {
        let mut command = Command::new("gnome-keyring-daemon");
        let mut child = self.spawn(command.args(["--unlock", "--components=secrets"]).stdin(Stdio::piped()))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(b"frontdesk")?;
        }
        if child.wait()?.success() { Ok(()) } else { Err(Stop::new("the keyring could not be opened")) }
    }

    fn spawn(&self, command: &mut Command) -> Outcome<Child> {
        self.dress(command).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().map_err(|error| Stop::new(format!("`{}` cannot be started: {error}", line(command))))
    }
}

#[cfg(unix)]
fn private(folder: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    Ok(())
}

#[cfg(not(unix))]
fn private(_folder: &Path) -> Outcome {
    Ok(())
}
