//! Notes on calls, kept in the call's own record.

use std::sync::Arc;

use async_trait::async_trait;
use model::call::SeenCall;
use model::ports::{CallNotes, Noted};
use model::record::Verb;
use model::{Failure, Raw, Reason};

use crate::client::Client;
use crate::resources::{self, CALLS};
use crate::wire::{CallRows, Change, Row};
use crate::writes::{Put, put};

/// The notes of one server.
pub(crate) struct Notes {
    client: Arc<Client>,
}

impl Notes {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    fn call(&self, raw: &Raw) -> Result<SeenCall, Failure> {
        let row = Row::read(&raw.0).map_err(Failure::surprise)?;
        Ok(CallRows::new(self.client.zone()).call(&row))
    }
}

#[async_trait]
impl CallNotes for Notes {
    async fn write(&self, external_id: &str, note: &str, seen: &Raw) -> Result<Noted, Failure> {
        let entry = resources::permitted(CALLS, Verb::Update)?;
        let key = entry.check_key(external_id)?;
        let seen = Row::read(&seen.0).map_err(|place| Failure::invalid(Reason::NotUsable, place))?;
        let put = put(&self.client, entry, key, |now| {
            let change = Change::note(now, note).ok_or_else(|| Failure::invalid(Reason::NotOffered, CALLS))?;
            let conflict = change.conflict(now, &seen)?;
            Ok((change, conflict))
        });
        Ok(match put.await? {
            Put::Done(raw) => Noted::Done(Box::new(self.call(&raw)?)),
            Put::Conflict(conflict) => Noted::Conflict(conflict),
        })
    }
}
