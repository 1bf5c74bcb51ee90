//! The work of a reception in the real window: a call for a colleague comes in and nobody takes it, the colleague is told, and the call
//! back closes it. And a link with a number, which shows whoever it is.

use std::time::Duration;

use chrono::SecondsFormat;
use serde_json::{Value, json};
use simulators::{RING_CENTRAL, Ring, SMART_CONNECT};

use crate::desk::Desk;
use crate::screen::Screen;
use crate::window::Window;

/// The size of the window that shows one call.
const POPUP: (u16, u16) = (420, 260);
/// A number that nobody in the simulated office has, as systems tell it and as it is shown.
const CALLER: &str = "0455500777";
const CALLER_E164: &str = "+81455500777";
const CALLER_SHOWN: &str = "045-550-0777";
/// Who is rung: the first colleague of the office, and how the telephone system names his line.
const COLLEAGUE: &str = "田中 健一";
const COLLEAGUE_THERE: &str = "Kenichi Tanaka";
/// The number of a customer of the office, and who that is.
const CUSTOMER: &str = "0355500142";
const CUSTOMER_SHOWN: &str = "03-5550-0142";
const CUSTOMER_NAME: &str = "山岸 恵子";

/// Somebody types, wherever the keyboard is, and it arrives in the field of the main window.
async fn types_into_search(window: &Window, screen: &Screen, letters: &str, then: &str) {
    screen.types(letters);
    let script = "const [wanted, done] = arguments; const begun = performance.now(); const look = () => { \
         const it = document.activeElement?.value ?? ''; \
         if (it === wanted || performance.now() - begun > 30_000) done(it); else requestAnimationFrame(look); }; look();";
    assert_eq!(window.run_until_called(script, json!([then])).await, json!(then));
}

/// The rows on screen, as they are read out.
async fn rows(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('main [role=row][aria-label]')].map((it) => it.ariaLabel);";
    let Value::Array(rows) = window.run(script, json!([])).await else { panic!("no list of rows") };
    rows.into_iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// The rows with this text in them.
async fn rows_with(window: &Window, text: &str) -> Vec<String> {
    rows(window).await.into_iter().filter(|it| it.contains(text)).collect()
}

/// The colleague rings back, which the log of the telephone system has a minute later.
fn ring_back(desk: &Desk) {
    let began = (desk.office.clock.now() + Duration::from_secs(1)).to_rfc3339_opts(SecondsFormat::Millis, true);
    let id = desk.office.rocket_chat.people()[0].extension_id;
    let from = json!({ "phoneNumber": "+81355500100", "name": COLLEAGUE_THERE, "extensionNumber": "204", "extensionId": id.to_string() });
    let to = json!({ "phoneNumber": CALLER_E164 });
    let extension = json!({ "id": id });
    let leg = json!({
        "startTime": began, "duration": 42, "type": "Voice", "direction": "Outbound", "action": "VoIP Call",
        "result": "Call connected", "from": from, "to": to, "extension": extension, "transport": "VoIP",
        "legType": "PstnToSip", "master": true,
    });
    let record = json!({
        "id": "call-back-1", "sessionId": "990000000001", "telephonySessionId": "s-call-back-1", "startTime": began,
        "duration": 42, "type": "Voice", "internalType": "Local", "direction": "Outbound", "action": "VoIP Call",
        "result": "Call connected", "from": from, "to": to, "extension": extension, "transport": "VoIP",
        "lastModifiedTime": began, "legs": [leg],
    });
    desk.office.ring_central.inject_record(&record.to_string());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_call_is_seen_missed_told_to_the_colleague_and_closed_by_the_call_back() {
    let desk = Desk::new("story").await;
    let window = desk.open_connected().await;
    window.has("link", "RingCentral: Live").await;
    window.press("link", "People").await;
    window.has("row", COLLEAGUE).await;
    window.press("link", "Calls").await;
    let screen = Screen::open();
    window.run("document.querySelector('[type=search]').focus();", json!([])).await;
    types_into_search(&window, &screen, "ab", "ab").await;

    // It rings at the colleague's telephone: the window in the corner shows it, and whoever types goes on typing.
    let ring = desk.office.ring(Ring { system: RING_CENTRAL, from: CALLER.to_owned(), line: Some("204".to_owned()) });
    let popup = screen.sees(POPUP.0, POPUP.1).await;
    assert!(!screen.has_keyboard(popup));
    let shown = window.other_sees(CALLER_SHOWN).await;
    assert!(shown.contains("Ringing") && shown.contains(COLLEAGUE_THERE), "it is filled: {shown}");
    types_into_search(&window, &screen, "cd", "abcd").await;
    window.has("button", "1 ringing").await;

    // Nobody takes it.
    desk.office.clock.advance(Duration::from_secs(12));
    desk.office.hang_up(&ring);
    window.other_sees("Missed").await;
    window.press("link", "Today").await;
    window.has("row", CALLER_SHOWN).await;
    let rows = rows_with(&window, CALLER_SHOWN).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].contains(COLLEAGUE) && rows[0].ends_with("new"), "{rows:?}");

    // The colleague is told, once.
    let posts = desk.office.ring_central.posts().len();
    window.press("button", &format!("Message a colleague about {CALLER_SHOWN}")).await;
    window.has("dialog", &format!("Message about {CALLER_SHOWN}")).await;
    window.press("button", "Send").await;
    window.sees(&format!("told {COLLEAGUE}")).await;
    window.picture("story-told").await;
    let posts: Vec<_> = desk.office.ring_central.posts().into_iter().skip(posts).collect();
    let [post] = posts.as_slice() else { panic!("one message: {posts:?}") };
    assert!(post.text.contains(CALLER_SHOWN), "{}", post.text);
    let mut members = desk.office.ring_central.members(&post.chat_id);
    members.retain(|it| *it != desk.office.ring_central.me().extension_id.to_string());
    assert_eq!(members, [desk.office.rocket_chat.people()[0].extension_id.to_string()], "in the chat with him alone");
    assert_eq!(desk.office.rocket_chat.messages().iter().filter(|it| it.msg == post.text).count(), 0);
    assert_eq!(desk.office.chat_and_messenger.messages().len(), 0);

    // Some time later he rings back, and the row closes by itself and says so.
    ring_back(&desk);
    window.press("button", "Refresh everything").await;
    window.sees(&format!("by {COLLEAGUE}")).await;
    let text = window.text().await;
    let closed =
        text.lines().find(|it| it.contains("called back")).unwrap_or_else(|| panic!("no row is closed: {text}"));
    assert!(closed.contains(CALLER_SHOWN) && closed.trim_end().ends_with(COLLEAGUE), "{closed}");
    assert_eq!(rows_with(&window, CALLER_SHOWN).await, Vec::<String>::new());
    assert!(!text.contains("The answer cannot be read"), "every part of the page is whole: {text}");
    window.picture("story-closed").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_link_with_a_number_shows_its_calls_and_who_it_is() {
    let desk = Desk::new("story-link").await;
    let ids = [SMART_CONNECT, RING_CENTRAL]
        .map(|system| desk.office.ring(Ring { system, from: CUSTOMER.to_owned(), line: None }));
    for id in &ids {
        desk.office.hang_up(id);
    }
    let window = desk.open_connected().await;
    window.press("link", "Calls").await;
    window.has("row", CUSTOMER_NAME).await;
    let all = rows(&window).await;
    assert!(all.iter().any(|it| !it.contains(CUSTOMER_SHOWN)), "others rang too: {all:?}");
    window.close().await;

    for link in [format!("tel:{CUSTOMER}"), format!("frontdesk://call?tel={CUSTOMER}")] {
        let window = desk.open_with(&[&link]).await;
        window.has("button", "Take off Number").await;
        window.has("row", CUSTOMER_NAME).await;
        window.rests().await;
        let found = rows(&window).await;
        assert!(!found.is_empty() && found.iter().all(|it| it.contains(CUSTOMER_SHOWN)), "{link}: {found:?}");
        assert!(found.iter().all(|it| it.contains(CUSTOMER_NAME)), "{link} says who it is: {found:?}");
        window.picture("story-link").await;
        window.close().await;
    }
}
