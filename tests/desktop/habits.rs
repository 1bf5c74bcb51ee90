//! What the program does without a window: nobody is left with a program that is nowhere.

use crate::desk::Desk;
use crate::screen::Screen;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_start_hidden_shows_the_window_where_no_icon_could_bring_it_back() {
    let desk = Desk::new("hidden").await;
    let window = desk.open_with(&["--hidden"]).await;
    Screen::open().sees(1280, 800).await;
    window.close().await;
}
