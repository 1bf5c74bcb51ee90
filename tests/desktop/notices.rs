//! The computer's own notifications, as a desktop is told of them: one for a call, and a press on it shows the call.

use simulators::{RING_CENTRAL, Ring};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::Value;

use crate::desk::Desk;

const PATH: &str = "/org/freedesktop/Notifications";
/// The number of a customer of the office, and who that is.
const CUSTOMER: &str = "0355500142";
const CUSTOMER_NAME: &str = "山岸 恵子";

/// A desktop that shows notifications, by the specification of freedesktop.org, version 1.2.
struct Shown(UnboundedSender<(String, String)>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Shown {
    #[expect(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: std::collections::HashMap<String, Value<'_>>,
        _expires: i32,
    ) -> u32 {
        self.0.send((summary, body)).expect("the test listens");
        7
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<&str> {
        vec!["body", "actions"]
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("test", "test", "1", "1.2")
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

async fn desktop() -> (zbus::Connection, UnboundedReceiver<(String, String)>) {
    let (sender, shown) = unbounded_channel();
    let desktop = zbus::connection::Builder::session().expect("a bus");
    let desktop = desktop.name("org.freedesktop.Notifications").expect("a name");
    let desktop = desktop.serve_at(PATH, Shown(sender)).expect("an object");
    (desktop.build().await.expect("the name is free"), shown)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn a_call_is_told_by_the_computer_once_and_pressing_that_shows_it() {
    let (desktop, mut shown) = desktop().await;
    let desk = Desk::new("notices").await;
    let window = desk.open_connected().await;
    window.has("link", "RingCentral: Live").await;
    window.press("link", "Settings").await;
    window.press("choice", "Notify").await;
    window.press("link", "Rooms").await;

    let ring = desk.office.ring(Ring { system: RING_CENTRAL, from: CUSTOMER.to_owned(), line: None });
    let (summary, body) = shown.recv().await.expect("it is told");
    assert_eq!(summary, format!("Ringing: {CUSTOMER_NAME}"));
    assert!(body.contains("03-5550-0142"), "{body}");
    window.other_sees("Ringing").await;

    let emitter = SignalEmitter::new(&desktop, PATH).expect("a path");
    Shown::action_invoked(&emitter, 7, "default").await.expect("a signal");
    window.has("heading", "Calls").await;
    window.sees(CUSTOMER_NAME).await;
    desk.office.hang_up(&ring);
    window.other_sees("Missed").await;
    assert!(shown.is_empty(), "one call is one notification");
    window.close().await;
}
