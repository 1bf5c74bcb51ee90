//! What has to be on the computer: says what is missing and why, then installs it.

use std::process::Command;

use crate::shell::{Outcome, Stop, answer, line, npm, program, root, run, succeeds};

/// For what something is needed; each includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// To build and start the program.
    Program,
    /// To drive its window without a display of one's own.
    Window,
    /// To run every test.
    Tests,
    /// To make its packages as well.
    Package,
}

/// Debian and Ubuntu packages, with the reason to tell.
const PACKAGES: &[(&str, Need, &str)] = &[
    ("build-essential", Need::Program, "compiles the C code of the database"),
    ("pkg-config", Need::Program, "finds the libraries below"),
    ("libwebkit2gtk-4.1-dev", Need::Program, "the web view of the window"),
    ("librsvg2-dev", Need::Program, "icons of the window"),
    ("libxdo-dev", Need::Program, "menus of the window"),
    ("fonts-noto-cjk", Need::Program, "Japanese, Korean and Chinese letters"),
    ("webkit2gtk-driver", Need::Window, "drives the real window"),
    ("xvfb", Need::Window, "a display without a screen"),
    ("openbox", Need::Window, "places windows on that display"),
    ("dbus-x11", Need::Window, "a message bus of its own for the keyring"),
    ("gnome-keyring", Need::Window, "a real keyring for the secrets of that window"),
    ("libsecret-tools", Need::Window, "looks into that keyring"),
    ("chromium", Need::Tests, "the browser tests of the web UI"),
    ("libayatana-appindicator3-dev", Need::Package, "the icon beside the clock in packages"),
];

/// The oldest Node that the web UI's tools run on.
const NODE: u32 = 20;

/// Makes sure that everything is there for `need`.
pub(crate) fn ready(need: Need) -> Outcome {
    system(need)?;
    node()
}

fn system(need: Need) -> Outcome {
    if cfg!(target_os = "windows") {
        println!("needs: the C++ build tools of Visual Studio and the WebView2 runtime (part of Windows 11)");
        return Ok(());
    }
    if cfg!(target_os = "macos") {
        let has_tools = succeeds(Command::new("xcode-select").arg("-p"));
        return if has_tools { Ok(()) } else { Err(Stop::new("the Xcode tools are missing: xcode-select --install")) };
    }
    let missing: Vec<_> = PACKAGES.iter().filter(|(name, at_least, _)| *at_least <= need && !is_there(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("missing on this computer:");
    for (name, _, why) in &missing {
        println!("  {name:<28} {why}");
    }
    install(&missing.iter().map(|(name, ..)| *name).collect::<Vec<_>>())
}

fn is_there(package: &str) -> bool {
    let on_path = |names: &[&str]| names.iter().any(|name| succeeds(Command::new(name).arg("--version")));
    let has_package = || {
        let status = Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).output();
        status.is_ok_and(|status| status.stdout == b"installed")
    };
    has_package()
        || match package {
            "chromium" => on_path(&["chromium"]),
            "build-essential" => on_path(&["cc"]),
            "pkg-config" => on_path(&["pkg-config", "pkgconf"]),
            _ => false,
        }
}

fn install(names: &[&str]) -> Outcome {
    let list = names.join(" ");
    if !succeeds(Command::new("apt-get").arg("--version")) {
        return Err(Stop::new(format!("this is not Debian or Ubuntu; install what corresponds to: {list}")));
    }
    let is_root = answer(Command::new("id").arg("-u"))?.trim() == "0";
    let has_sudo = succeeds(Command::new("sudo").arg("--version"));
    if !is_root && !has_sudo {
        return Err(Stop::new(format!(
            "run as root: apt-get update && apt-get install -y --no-install-recommends {list}"
        )));
    }
    let apt = |arguments: &[&str]| {
        let mut command = if is_root { program("apt-get") } else { program("sudo") };
        if !is_root {
            command.arg("apt-get");
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run(&mut apt(&["update", "-q"]))?;
    run(apt(&["install", "-y", "--no-install-recommends"]).args(names))
}

fn node() -> Outcome {
    let version =
        answer(program("node").arg("--version")).map_err(|_| Stop::new(format!("Node {NODE} or later is missing")))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        return Err(Stop::new(format!("Node {NODE} or later is needed, this is {}", version.trim())));
    }
    let ui = root().join("ui");
    let changed = |name: &str| ui.join(name).metadata().and_then(|it| it.modified()).ok();
    // npm writes this file last, so it tells when the packages were complete.
    let is_fresh = changed("node_modules/.package-lock.json") >= changed("package-lock.json");
    if is_fresh && ui.join("node_modules").is_dir() {
        return Ok(());
    }
    let mut install = npm(&["ci", "--no-audit", "--no-fund"]);
    println!("the packages of the web UI are missing or old: {}", line(&install));
    run(&mut install)
}
