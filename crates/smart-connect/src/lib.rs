//! SmartConnect (光CTI): calls, customers and administration records of the office's own telephone PC.

mod calls;
mod client;
mod customers;
#[doc(hidden)]
pub mod fuzzing;
mod live;
mod notes;
mod resources;
mod search;
mod times;
mod wire;
mod writes;

use std::sync::Arc;

use model::about::{Ability, About, Field, Grammar, Mark};
use model::ports::{Opening, Session, System};
use model::{Failure, SystemId};

/// Path name of this kind of system.
pub const ID: &str = "smart-connect";

/// The kind of system; see [`System`].
pub struct SmartConnect;

impl System for SmartConnect {
    fn about(&self) -> About {
        About {
            id: SystemId::from(ID),
            name: "SmartConnect".into(),
            mark: Mark::Triangle,
            url_example: "http://192.168.10.20:55963".into(),
            url_default: String::new(),
            fields: ["time-zone", "push"].map(|key| Field::typed(key, false, false)).to_vec(),
            longest_text: None,
            grammar: Grammar::Plain,
            messages_per_minute: None,
            messages_per_day: None,
            abilities: vec![
                Ability::Calls,
                Ability::LiveCalls,
                Ability::CallNotes,
                Ability::Customers,
                Ability::Records,
            ],
            signs_in_by_browser: false,
            signs_in_by_password: false,
        }
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let client = Arc::new(client::Client::open(opening)?);
        let mut session = Session::new(client.clone());
        session.calls = Some(Arc::new(calls::Log::new(client.clone())));
        session.live = Some(Arc::new(live::Poll::new(client.clone())));
        session.customers = Some(client.clone());
        session.records = Some(client.clone());
        session.record_writes = Some(Arc::new(writes::Writes::new(client.clone())));
        session.notes = Some(Arc::new(notes::Notes::new(client.clone())));
        session.call_search = Some(Arc::new(search::Search::new(client)));
        Ok(session)
    }
}
