//! Takes a picture of every screen in both themes and both languages, from the demo in the real window.

use serde_json::json;

use crate::desk::settle;
use crate::window::Window;

/// Every screen by its address, as the navigation has them.
const VIEWS: &str = "return [...document.querySelectorAll('nav a[href^=\"#/\"]')].map((it) => it.hash.slice(2))";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask tour"]
async fn every_screen_in_both_themes_and_languages() {
    let data = tempfile::tempdir().expect("there is room for a data folder");
    let window = Window::open("tour", data.path(), &["--demo"]).await;
    window.rests().await;
    let views = window.run(VIEWS, json!([])).await;
    let mut views: Vec<&str> = views.as_array().into_iter().flatten().filter_map(|it| it.as_str()).collect();
    views.sort_unstable();
    views.dedup();
    assert!(views.contains(&"today") && views.contains(&"settings"), "the navigation has entries: {views:?}");
    for theme in ["light", "dark"] {
        for language in ["ja", "en"] {
            settle(&window, language, theme).await;
            window.reload().await;
            for view in &views {
                window.run("location.hash = arguments[0]", json!([format!("/{view}")])).await;
                window.rests().await;
                window.picture(&format!("{view}-{theme}-{language}")).await;
            }
        }
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask tour"]
async fn the_welcome_in_both_themes_and_languages() {
    let data = tempfile::tempdir().expect("there is room for a data folder");
    let window = Window::open("tour-welcome", data.path(), &[]).await;
    for theme in ["light", "dark"] {
        for language in ["ja", "en"] {
            let mut settings = window.command("settings_get", json!({})).await;
            settings["language"] = json!(language);
            settings["theme"] = json!(theme);
            window.command("settings_set", json!({ "settings": settings })).await;
            window.reload().await;
            window.rests().await;
            window.picture(&format!("welcome-{theme}-{language}")).await;
        }
    }
    window.close().await;
}
