//! Chat&Messenger (CAM): messages, chat rooms, quick calls, and conference rooms to read. The front door of this crate.

mod batch;
mod chat_room;
mod client;
mod ports;
mod times;
mod wire;

use std::sync::Arc;

use model::about::{Ability, About, Field, Grammar, Mark};
use model::ports::{Opening, Session, System};
use model::{Failure, Reason, SystemId, Why};

use client::Client;
use times::Zone;

/// Chat&Messenger as a system that can be connected.
pub struct ChatAndMessenger;

/// Key of the API token.
const TOKEN: &str = "token";

/// Key of the zone in which the rooms are.
const TIME_ZONE: &str = "time-zone";

impl System for ChatAndMessenger {
    fn about(&self) -> About {
        let field = |key: &str, is_secret| Field::typed(key, is_secret, is_secret);
        About {
            id: SystemId::from("chat-and-messenger"),
            name: "Chat&Messenger".to_owned(),
            mark: Mark::Square,
            url_example: "https://chat.example.jp/camserver/api".to_owned(),
            url_default: String::new(),
            fields: vec![field(TOKEN, true), field(TIME_ZONE, false), field(client::QUICK_CALL, false)],
            longest_text: None,
            grammar: Grammar::Plain,
            messages_per_minute: None,
            messages_per_day: None,
            abilities: vec![
                Ability::Chat,
                Ability::SealedMessages,
                Ability::Batches,
                Ability::ChatRooms,
                Ability::Rooms,
                Ability::QuickCalls,
            ],
            signs_in_by_browser: false,
            signs_in_by_password: false,
        }
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let missing = || Failure::SignedOut(Why::new(Reason::SecretMissing, TOKEN));
        let token = opening.secrets.get(TOKEN).filter(|token| !token.is_empty()).ok_or_else(missing)?;
        if token.reveal().contains(char::is_control) {
            return Err(Failure::invalid(Reason::NotUsable, TOKEN));
        }
        let zone = match opening.connection.settings.get(TIME_ZONE).map(|name| name.trim()) {
            None | Some("") => Zone::Computer,
            Some(name) => Zone::named(name).ok_or_else(|| Failure::invalid(Reason::NotUsable, TIME_ZONE))?,
        };
        let client = Arc::new(Client::new(&opening.connection, token.clone(), zone, opening.clock)?);
        Ok(Session {
            chat: Some(Arc::<Client>::clone(&client)),
            chat_rooms: Some(Arc::<Client>::clone(&client)),
            rooms: Some(Arc::<Client>::clone(&client)),
            quick_calls: Some(Arc::<Client>::clone(&client)),
            batches: Some(Arc::<Client>::clone(&client)),
            ..Session::new(client)
        })
    }
}
