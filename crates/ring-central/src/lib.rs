//! RingCentral: the call log with its legs, calls as they ring, people and team messages.

mod calls;
mod chat;
mod client;
#[doc(hidden)]
pub mod fuzzing;
mod live;
mod people;
mod record;
mod recordings;
mod sign_in;
mod telephony;
mod wire;

use std::sync::Arc;

use model::about::{Ability, About, Field, Mark};
use model::ports::{Opening, Session, System};
use model::{Failure, SystemId};

/// Path name of this kind of system.
pub const ID: &str = "ring-central";

/// Where the vendor runs it.
const HOST: &str = "https://platform.ringcentral.com";

/// The kind of system; see [`System`].
pub struct RingCentral;

impl System for RingCentral {
    fn about(&self) -> About {
        let field = |key: &str, is_secret, is_required| Field { key: key.into(), is_secret, is_required };
        About {
            id: SystemId::from(ID),
            name: "RingCentral".into(),
            mark: Mark::Diamond,
            url_example: HOST.into(),
            url_default: HOST.into(),
            fields: vec![
                field("client-id", false, true),
                field("jwt", true, true),
                field("client-secret", true, false),
                field("directory", false, false),
                field("media-url", false, false),
            ],
            longest_text: Some(10_000),
            abilities: vec![Ability::Calls, Ability::LiveCalls, Ability::Chat, Ability::People],
            signs_in_by_browser: false,
        }
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let client = Arc::new(client::Client::open(opening)?);
        let mut session = Session::new(client.clone());
        session.calls = Some(Arc::new(calls::Log::new(client.clone())));
        session.live = Some(Arc::new(live::Line::new(client.clone())));
        session.chat = Some(Arc::new(chat::TeamMessages::new(client.clone())));
        session.recordings = Some(Arc::new(recordings::Sounds::new(client.clone())));
        session.presences = Some(client.clone());
        session.people = Some(client);
        Ok(session)
    }
}
