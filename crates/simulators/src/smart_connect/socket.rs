//! The notice socket: clients give their name, keep themselves alive and are told that something changed.

use super::state::State;
use axum::extract::State as Shared;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use std::sync::Arc;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Opens the socket.
pub(super) async fn open(Shared(state): Shared<Arc<State>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| serve(state, socket))
}

async fn serve(state: Arc<State>, mut socket: WebSocket) {
    let mut notices = state.notices.subscribe();
    let mut name: Option<String> = None;
    loop {
        let go_on = tokio::select! {
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => obey(&state, text.as_str(), &mut name),
                Some(Ok(Message::Close(_)) | Err(_)) | None => false,
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => true,
            },
            text = notice(&mut notices) => match text {
                Some(Some(text)) if name.is_some() => socket.send(Message::Text(text.into())).await.is_ok(),
                Some(Some(_)) => true,
                Some(None) | None => false,
            },
        };
        if !go_on {
            break;
        }
    }
    if let Some(name) = name {
        state.unregist(&name);
    }
}

/// The next notice; those that came too fast for this client are lost, as a hint may be.
async fn notice(notices: &mut Receiver<Option<String>>) -> Option<Option<String>> {
    loop {
        match notices.recv().await {
            Ok(text) => return Some(text),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

/// Does what one frame says; a frame that is not understood ends the connection.
fn obey(state: &State, frame: &str, name: &mut Option<String>) -> bool {
    let Some((word, given)) = frame.strip_suffix("')").and_then(|it| it.split_once("('")) else {
        return false;
    };
    match word {
        "Regist" => {
            state.regist(given);
            *name = Some(given.to_owned());
        }
        "UnRegist" => {
            state.unregist(given);
            *name = None;
        }
        "KeepAlive" => return name.as_deref() == Some(given),
        _ => return false,
    }
    true
}
