//! Rocket.Chat: people, and messages with attachments or files to them and to rooms. The front door of this crate.

mod by_password;
mod client;
mod dialect;
mod files;
mod live;
mod ports;
mod room_admin;
mod rooms;
mod wire;

use std::sync::Arc;

use model::about::{Ability, About, Field, Grammar, Mark, Origin};
use model::ports::{Hints, Opening, PasswordSignIn, Session, SignedIn, System};
use model::worklist::AddressKind;
use model::{Failure, Reason, SystemId, Why};

use by_password::ByPassword;
use client::{Client, Key};
use live::Line;

/// Rocket.Chat as a system that can be connected.
pub struct RocketChat;

/// Key of the id of the user whose token it is.
const USER_ID: &str = "user-id";

/// Key of the personal access token.
const TOKEN: &str = "token";

/// Key of what a sign-in with a password brought: the user's id, a space, and a token that the server ends after some months.
const SIGN_IN: &str = "sign-in";

/// Key of the setting whether the server's realtime stream is listened to: `on` or `off`; empty or absent means off.
const PUSH: &str = "push";

impl System for RocketChat {
    fn about(&self) -> About {
        let instead =
            |key: &str, is_secret| Field { origin: Origin::TypedInstead, ..Field::typed(key, is_secret, false) };
        About {
            id: SystemId::from("rocket-chat"),
            name: "Rocket.Chat".to_owned(),
            mark: Mark::Circle,
            url_example: "https://rocket.example.jp".to_owned(),
            url_default: String::new(),
            fields: vec![
                instead(USER_ID, false),
                instead(TOKEN, true),
                Field::of_sign_in(SIGN_IN, Origin::SignIn),
                Field::typed(PUSH, false, false),
            ],
            longest_text: Some(5_000),
            grammar: Grammar::SingleMarks,
            messages_per_minute: Some(10),
            messages_per_day: None,
            abilities: vec![
                Ability::Chat,
                Ability::FindsSent,
                Ability::Attachments,
                Ability::Files,
                Ability::ListedRooms,
                Ability::People,
            ],
            signs_in_by_browser: false,
            signs_in_by_password: true,
        }
    }

    fn reaches_people_by(&self) -> Vec<AddressKind> {
        // Whoever may not see addresses still sees the names of accounts.
        vec![AddressKind::Email, AddressKind::Username]
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let key = key(&opening)?;
        let is_signed_in = key.is_signed_in;
        let is_pushed = is_pushed(opening.connection.settings.get(PUSH).map(String::as_str))?;
        let client = Arc::new(Client::new(&opening.connection, key, opening.clock)?);
        Ok(Session {
            chat: Some(Arc::<Client>::clone(&client)),
            files: Some(Arc::<Client>::clone(&client)),
            listed_rooms: Some(Arc::<Client>::clone(&client)),
            people: Some(Arc::<Client>::clone(&client)),
            hints: is_pushed.then(|| Arc::new(Line::new(Arc::<Client>::clone(&client))) as Arc<dyn Hints>),
            signed_in: is_signed_in.then(|| Arc::<Client>::clone(&client) as Arc<dyn SignedIn>),
            ..Session::new(client)
        })
    }

    fn sign_in_by_password(&self, opening: Opening) -> Result<Box<dyn PasswordSignIn>, Failure> {
        Ok(Box::new(ByPassword::new(&opening.connection, opening.clock)?))
    }
}

/// What opens the server: what signing in brought, else the token that was entered.
fn key(opening: &Opening) -> Result<Key, Failure> {
    let secret = |key: &str| opening.secrets.get(key).filter(|it| !it.is_empty());
    if let Some(kept) = secret(SIGN_IN) {
        return Key::read(kept).ok_or_else(|| Failure::SignedOut(Why::new(Reason::TokenExpired, SIGN_IN)));
    }
    let missing = || Failure::SignedOut(Why::new(Reason::SecretMissing, TOKEN));
    let token = secret(TOKEN).ok_or_else(missing)?;
    let user_id = opening.connection.settings.get(USER_ID).map_or("", |text| text.trim());
    if user_id.is_empty() {
        return Err(Failure::invalid(Reason::Missing, USER_ID));
    }
    for (key, text) in [(USER_ID, user_id), (TOKEN, token.reveal())] {
        if !is_one_word(text) {
            return Err(Failure::invalid(Reason::NotUsable, key));
        }
    }
    Ok(Key { user_id: user_id.to_owned(), token: token.clone(), is_signed_in: false })
}

fn is_pushed(setting: Option<&str>) -> Result<bool, Failure> {
    match setting.map(str::trim).unwrap_or_default() {
        "on" => Ok(true),
        "off" | "" => Ok(false),
        _ => Err(Failure::invalid(Reason::NotUsable, PUSH)),
    }
}

/// Whether a text can stand in a header and beside another one.
fn is_one_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_control() || c.is_whitespace())
}
