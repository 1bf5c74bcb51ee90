//! The first start: the welcome, then the four systems connected by typing, each tested.

use simulators::Account;

use crate::desk::Desk;
use crate::window::Window;

/// The label of a field by its key.
fn label(key: &str) -> &str {
    match key {
        "token" => "Token",
        "user-id" => "User ID",
        "client-id" => "Client ID",
        "jwt" => "JWT credential",
        "time-zone" => "Time zone",
        other => panic!("the form has no field {other}"),
    }
}

async fn connect(window: &Window, account: &Account) {
    window.press("button", &format!("Connect {}", account.name)).await;
    window.fill("Address", &account.url).await;
    for (key, value) in account.settings.iter().chain(&account.secrets) {
        // Signing in comes first; a key is what takes its place.
        if let Some(way) = [("jwt", "JWT credential"), ("user-id", "Token")].iter().find(|(first, _)| first == key) {
            window.press("choice", way.1).await;
        }
        window.fill(label(key), value).await;
    }
    window.press("button", "Connect").await;
    window.sees(&format!("{} connected", account.name)).await;
}

/// Tests the connection that is picked and waits until every step was fine.
async fn test(window: &Window, name: &str) {
    window.press("option", name).await;
    window.press("button", "Test now").await;
    window.sees(" fine").await;
    let text = window.text().await;
    let facts = text.lines().find(|line| line.ends_with(" fine")).expect("it was just seen").to_owned();
    let numbers: Vec<u32> =
        facts.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    let [.., fine, all] = numbers[..] else { panic!("no count in {facts}") };
    assert!(all >= 2 && fine == all, "{name}: {facts}\n{text}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn the_first_run_welcomes_and_four_systems_are_connected_by_typing() {
    let desk = Desk::new("first-run").await;
    let window = desk.open().await;
    window.has("heading", "One desk for calls, rooms and messages.").await;
    let accounts = desk.office.accounts();
    for account in &accounts {
        connect(&window, account).await;
    }
    window.press("button", "Open Frontdesk").await;
    window.press("link", "Connections").await;
    for account in &accounts {
        test(&window, account.name).await;
    }
    window.close().await;

    let window = desk.open().await;
    window.press("link", "Connections").await;
    for account in &accounts {
        window.has("option", account.name).await;
    }
    assert!(!window.text().await.contains("Connect your systems"), "the welcome is shown once");
    window.close().await;
}
