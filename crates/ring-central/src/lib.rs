//! RingCentral: the call log with its legs, calls as they ring, people and team messages.

mod browser;
mod calls;
mod chat;
mod client;
mod files;
#[doc(hidden)]
pub mod fuzzing;
mod live;
mod mentions;
mod people;
mod record;
mod recordings;
mod sign_in;
mod telephony;
mod wire;

use std::sync::Arc;

use model::about::{Ability, About, Field, Grammar, Mark, Origin};
use model::ports::{BrowserSignIn, Opening, Session, System};
use model::recording::NamedRecording;
use model::worklist::AddressKind;
use model::{Failure, Raw, SystemId};

/// Path name of this kind of system.
pub const ID: &str = "ring-central";

/// Where the vendor runs it.
const HOST: &str = "https://platform.ringcentral.com";

/// The kind of system; see [`System`].
pub struct RingCentral;

impl System for RingCentral {
    fn about(&self) -> About {
        About {
            id: SystemId::from(ID),
            name: "RingCentral".into(),
            mark: Mark::Diamond,
            url_example: HOST.into(),
            url_default: HOST.into(),
            fields: vec![
                Field::typed("client-id", false, true),
                Field::of_sign_in(sign_in::JWT, Origin::TypedInstead),
                Field::typed("client-secret", true, false),
                Field { origin: Origin::TypedForSignIn, ..Field::typed(browser::REDIRECT_URI, false, false) },
                Field::typed("directory", false, false),
                Field::typed("media-url", false, false),
                Field::typed("messaging", false, false),
                Field::of_sign_in(sign_in::REFRESH_TOKEN, Origin::SignIn),
            ],
            longest_text: Some(10_000),
            grammar: Grammar::Markdown,
            messages_per_minute: Some(40),
            messages_per_day: Some(2_500),
            abilities: vec![Ability::Calls, Ability::LiveCalls, Ability::Chat, Ability::Files, Ability::People],
            signs_in_by_browser: true,
            signs_in_by_password: false,
        }
    }

    fn reaches_people_by(&self) -> Vec<AddressKind> {
        vec![AddressKind::Id, AddressKind::Email]
    }

    fn recordings_named(&self, raw: &Raw) -> Vec<NamedRecording> {
        recordings::named(raw)
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let client = Arc::new(client::Client::open(opening)?);
        let mut session = Session::new(client.clone());
        session.calls = Some(Arc::new(calls::Log::new(client.clone())));
        session.live = Some(Arc::new(live::Line::new(client.clone())));
        let messages = Arc::new(chat::TeamMessages::new(client.clone()));
        session.files = Some(messages.clone());
        session.chat = Some(messages);
        session.recordings = Some(Arc::new(recordings::Sounds::new(client.clone())));
        session.presences = Some(client.clone());
        session.signed_in = Some(client.clone());
        session.people = Some(client);
        Ok(session)
    }

    fn sign_in(&self, mut opening: Opening) -> Result<Box<dyn BrowserSignIn>, Failure> {
        Ok(Box::new(browser::InBrowser::begin(&mut opening)?))
    }
}
