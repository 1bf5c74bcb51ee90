//! The list of systems: the one place besides tests that names them. A further system is one line here.

use std::sync::Arc;

use model::ports::System;

/// Every kind of system that can be connected, in the order of the screens.
#[must_use]
pub fn systems() -> Vec<Arc<dyn System>> {
    vec![
        Arc::new(smart_connect::SmartConnect),
        Arc::new(chat_and_messenger::ChatAndMessenger),
        Arc::new(rocket_chat::RocketChat),
        Arc::new(ring_central::RingCentral),
    ]
}
