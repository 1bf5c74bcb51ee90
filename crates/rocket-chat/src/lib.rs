//! Rocket.Chat: people, and messages with attachments to them and to rooms. The front door of this crate.

mod client;
mod dialect;
mod ports;
mod rooms;
mod wire;

use std::sync::Arc;

use model::about::{Ability, About, Field, Grammar, Mark};
use model::ports::{Opening, Session, System};
use model::worklist::AddressKind;
use model::{Failure, Reason, SystemId, Why};

use client::Client;

/// Rocket.Chat as a system that can be connected.
pub struct RocketChat;

/// Key of the id of the user whose token it is.
const USER_ID: &str = "user-id";

/// Key of the personal access token.
const TOKEN: &str = "token";

impl System for RocketChat {
    fn about(&self) -> About {
        let field = |key: &str, is_secret| Field::typed(key, is_secret, true);
        About {
            id: SystemId::from("rocket-chat"),
            name: "Rocket.Chat".to_owned(),
            mark: Mark::Circle,
            url_example: "https://rocket.example.jp".to_owned(),
            url_default: String::new(),
            fields: vec![field(USER_ID, false), field(TOKEN, true)],
            longest_text: Some(5_000),
            grammar: Grammar::SingleMarks,
            messages_per_minute: Some(10),
            messages_per_day: None,
            abilities: vec![Ability::Chat, Ability::Attachments, Ability::People],
            signs_in_by_browser: false,
        }
    }

    fn reaches_people_by(&self) -> Vec<AddressKind> {
        // Whoever may not see addresses still sees the names of accounts.
        vec![AddressKind::Email, AddressKind::Username]
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let missing = || Failure::SignedOut(Why::new(Reason::SecretMissing, TOKEN));
        let token = opening.secrets.get(TOKEN).filter(|token| !token.is_empty()).ok_or_else(missing)?;
        let user_id = opening.connection.settings.get(USER_ID).map_or("", |text| text.trim());
        if user_id.is_empty() {
            return Err(Failure::invalid(Reason::Missing, USER_ID));
        }
        for (key, text) in [(USER_ID, user_id), (TOKEN, token.reveal())] {
            if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
                return Err(Failure::invalid(Reason::NotUsable, key));
            }
        }
        let client = Arc::new(Client::new(&opening.connection, user_id, token.clone(), opening.clock)?);
        Ok(Session {
            chat: Some(Arc::<Client>::clone(&client)),
            people: Some(Arc::<Client>::clone(&client)),
            ..Session::new(client)
        })
    }
}
