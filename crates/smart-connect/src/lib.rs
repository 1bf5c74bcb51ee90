//! SmartConnect (光CTI): calls, customers and administration records of the office's own telephone PC.

mod calls;
mod client;
mod live;
mod resources;
mod times;
mod wire;

use std::sync::Arc;

use model::about::{Ability, About, Field, Mark};
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
            fields: vec![Field::typed("time-zone", false, false)],
            longest_text: None,
            abilities: vec![Ability::Calls, Ability::LiveCalls, Ability::Customers, Ability::Records],
            signs_in_by_browser: false,
        }
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let client = Arc::new(client::Client::open(opening)?);
        let mut session = Session::new(client.clone());
        session.calls = Some(Arc::new(calls::Log::new(client.clone())));
        session.live = Some(Arc::new(live::Poll::new(client.clone())));
        session.customers = Some(client.clone());
        session.records = Some(client);
        Ok(session)
    }
}
