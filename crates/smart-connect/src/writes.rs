//! Administration records that are made, changed and removed: strict before anything is sent, and each write sent once.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use model::ports::RecordWrites;
use model::record::{Conflict, Created, RowChange, Updated, Verb};
use model::{Failure, Raw, Reason, Why};
use rest::Request;

use crate::client::Client;
use crate::resources::{self, Entry};
use crate::wire::{Change, Row};

/// The writes of one server.
pub(crate) struct Writes {
    client: Arc<Client>,
}

/// What became of putting a change into a row.
pub(crate) enum Put {
    /// It was written; the row as it is there now.
    Done(Raw),
    /// It was not, because somebody else was faster.
    Conflict(Conflict),
}

impl Writes {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

/// A row that was made and that nobody can tell from others.
const UNKNOWN: Created = Created { key: None, row: None };

/// Reads what a person wants to be written. The words say where it is no object, never what stands there.
fn object(text: &Raw) -> Result<Row<'_>, Failure> {
    Row::read(&text.0).map_err(|place| Failure::invalid(Reason::NotUsable, place))
}

/// Refuses a change of the key, which would address another row.
fn leaves_key(wanted: &Row<'_>, entry: &Entry, key: u64) -> Result<(), Failure> {
    match wanted.key(entry.key) {
        Some(_) if wanted.number(entry.key) != Some(key) => Err(Failure::invalid(Reason::NotUsable, entry.key)),
        Some(_) | None => Ok(()),
    }
}

/// The system's words without what was sent, should it repeat some of that.
pub(crate) fn without(failure: Failure, sent: &str) -> Failure {
    let (Failure::Refused(why), Ok(row)) = (&failure, Row::read(sent)) else {
        return failure;
    };
    let mut telling = row.telling();
    telling.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let words = telling.iter().fold(why.words.clone(), |words, text| words.replace(text.as_ref(), "…"));
    Failure::Refused(Why::new(why.reason, words))
}

/// The new row, where it can be told from others: the only one whose key is new and that says what was posted.
async fn find_new(
    client: &Client,
    entry: &Entry,
    before: &BTreeSet<u64>,
    posted: &Row<'_>,
) -> Result<Created, Failure> {
    let page = client.all(entry).await?;
    let mut ours = Vec::new();
    for row in page.rows()? {
        let row = row?;
        if let Some(key) = row.number(entry.key)
            && !before.contains(&key)
            && row.says(posted, entry.key)
        {
            ours.push((key, Raw(row.raw.to_owned())));
        }
    }
    Ok(match <[_; 1]>::try_from(ours) {
        Ok([(key, row)]) => Created { key: Some(key.to_string()), row: Some(row) },
        Err(_) => UNKNOWN,
    })
}

/// Makes the row that `wanted` makes of those that are there, once, and looks for it afterwards.
///
/// # Errors
/// What `wanted` finds wrong, before anything is sent; what the system answers; [`Failure::Unknown`] where no answer came.
pub(crate) async fn make(
    client: &Client,
    entry: &Entry,
    wanted: impl FnOnce(&[Row<'_>]) -> Result<Raw, Failure> + Send,
) -> Result<Created, Failure> {
    let _turn = client.turn_to_write().await;
    let page = client.all(entry).await?;
    let rows = page.rows()?.collect::<Result<Vec<_>, _>>()?;
    let wanted = wanted(&rows)?;
    let wanted = object(&wanted)?;
    let before: BTreeSet<u64> = rows.iter().filter_map(|row| row.number(entry.key)).collect();
    let body = wanted.to_post(entry.key, rows.first())?;
    let request = Request::post(entry.path).json(body.clone());
    client.write(request).await.map_err(|failure| without(failure, &body))?;
    // It was made, whatever becomes of looking for it.
    Ok(find_new(client, entry, &before, &wanted).await.unwrap_or(UNKNOWN))
}

/// Reads a row again, puts a change into it and sends it whole; then reads what stands there now.
///
/// # Errors
/// What `change` finds wrong; [`Reason::NotFound`] where there is no such row; what the system answers.
pub(crate) async fn put(
    client: &Client,
    entry: &Entry,
    key: u64,
    change: impl Fn(&Row<'_>) -> Result<(Change, Option<Conflict>), Failure> + Send + Sync,
) -> Result<Put, Failure> {
    let _turn = client.turn_to_write().await;
    let there = client.one(entry, key).await?;
    let there = there.ok_or_else(|| Failure::Refused(Why::new(Reason::NotFound, entry.path)))?;
    let whole = {
        let now = Row::read(&there.0).map_err(Failure::surprise)?;
        if now.number(entry.key) != Some(key) {
            return Err(Failure::surprise(entry.key));
        }
        let (change, conflict) = change(&now)?;
        if let Some(conflict) = conflict {
            return Ok(Put::Conflict(conflict));
        }
        change.put_into(&now)
    };
    let request = Request::put(&format!("{}/{key}", entry.path)).json(whole.clone());
    client.write(request).await.map_err(|failure| without(failure, &whole))?;
    // The system took it. Should it not be readable just now, what was sent is what stands there.
    let now = client.one(entry, key).await.ok().flatten();
    Ok(Put::Done(now.unwrap_or(Raw(whole))))
}

#[async_trait]
impl RecordWrites for Writes {
    async fn create(&self, resource: &str, row: &Raw) -> Result<Created, Failure> {
        let entry = resources::permitted(resource, Verb::Create)?;
        object(row)?;
        make(&self.client, entry, |_| Ok(row.clone())).await
    }

    async fn update(&self, resource: &str, key: &str, change: &RowChange) -> Result<Updated, Failure> {
        let entry = resources::permitted(resource, Verb::Update)?;
        let key = entry.check_key(key)?;
        let wanted = object(&change.fields)?;
        let seen = change.seen.as_ref().map(object).transpose()?;
        leaves_key(&wanted, entry, key)?;
        if wanted.names_only(entry.key) {
            return Err(Failure::invalid(Reason::Missing, "fields"));
        }
        let put = put(&self.client, entry, key, |now| {
            let change = Change::of(now, &wanted, entry.key)?;
            let conflict = seen.as_ref().map(|seen| change.conflict(now, seen)).transpose()?.flatten();
            Ok((change, conflict))
        });
        Ok(match put.await? {
            Put::Done(now) => Updated::Done(now),
            Put::Conflict(conflict) => Updated::Conflict(conflict),
        })
    }

    async fn delete(&self, resource: &str, key: &str) -> Result<(), Failure> {
        let entry = resources::permitted(resource, Verb::Delete)?;
        let key = entry.check_key(key)?;
        let _turn = self.client.turn_to_write().await;
        let there = self.client.one(entry, key).await?;
        let there = there.ok_or_else(|| Failure::Refused(Why::new(Reason::NotFound, entry.path)))?;
        let request = Request::delete(&format!("{}/{key}", entry.path));
        self.client.write(request).await.map_err(|failure| without(failure, &there.0))
    }

    fn request_line(&self, resource: &str, verb: Verb, key: Option<&str>) -> Result<(String, String), Failure> {
        let entry = resources::permitted(resource, verb)?;
        let method = match verb {
            Verb::List | Verb::Get => "GET",
            Verb::Create => "POST",
            Verb::Update => "PUT",
            Verb::Delete => "DELETE",
        };
        let address = match key {
            Some(key) => format!("{}/{}", entry.path, entry.check_key(key)?),
            None => entry.path.to_owned(),
        };
        Ok((method.to_owned(), address))
    }
}
