//! Bulk sending: many messages read, looked through and planned. Nothing leaves before a plan is run (`bulk/run.rs`).

mod check;
mod decide;
mod export;
mod known;
mod lane;
mod outlook;
mod read;
mod run;
mod template;
mod trial;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use model::about::{Ability, About};
use model::bulk::{
    Bulk, BulkDraft, BulkFile, BulkFormat, BulkMeaning, BulkMessage, BulkOptions, BulkPage, BulkQuery, BulkRecipient,
    BulkRow, BulkSource, BulkState,
};
use model::message::{Draft, Guise, Recipient};
use model::ports::Chat;
use model::{BulkId, ConnectionId, DraftId, Failure, Reason, Time};
use store::bulk_rows::Outgoing;
use store::bulks::Plan;

use self::check::{Candidate, Check, digest};
use self::read::{Table, addresses};
pub(crate) use self::run::Bulks;
use crate::board::not_offered;
use crate::console::Console;

/// How long it is remembered who got which text.
const REMEMBERED: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The most plans that are listed.
const LISTED: u32 = 200;
/// The most letters of a title that is made from a text.
const TITLE: usize = 40;

/// What a draft comes to before it is looked through.
struct Planned {
    title: String,
    format: BulkFormat,
    file: Option<String>,
    message: BulkMessage,
    candidates: Vec<Candidate>,
}

impl Console {
    /// What a file of messages holds, to be looked at before it is planned. Nothing is kept.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for what is no table and no list of messages; the words say where.
    pub async fn bulk_read(&self, connection: &ConnectionId, bytes: &[u8]) -> Result<BulkFile, Failure> {
        Ok(self.bulk_table(connection, bytes).await?.shown())
    }

    /// Plans many messages and looks through them: who is unknown, doubled, from outside, or got the same before. Nothing is sent.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a file or a message that cannot be meant; a connection that cannot be opened; where the ledger
    /// cannot be written.
    pub async fn bulk_plan(&self, draft: BulkDraft, who: &str) -> Result<Bulk, Failure> {
        let options = draft.options;
        let planned = match draft.source {
            BulkSource::File { connection, name, bytes, text } => {
                let table = self.bulk_table(&connection, &bytes).await?;
                of_file(&table, &connection, &name, &text)?
            }
            BulkSource::Composed { message, recipients } => of_composer(message, recipients)?,
        };
        let title = [draft.title.trim(), planned.title.trim()].into_iter().find(|it| !it.is_empty());
        let title = title.unwrap_or_default().to_owned();
        let id = BulkId(uuid::Uuid::new_v4().simple().to_string());
        self.keep_plan(id, title, planned, options, who).await
    }

    async fn keep_plan(
        &self,
        id: BulkId,
        title: String,
        planned: Planned,
        options: BulkOptions,
        who: &str,
    ) -> Result<Bulk, Failure> {
        let Planned { format, file, message, candidates, .. } = planned;
        let mut connections: Vec<ConnectionId> = Vec::new();
        for it in &candidates {
            if connections.last() != Some(&it.connection) && !connections.contains(&it.connection) {
                connections.push(it.connection.clone());
            }
        }
        let mut chats: HashMap<ConnectionId, Arc<dyn Chat>> = HashMap::new();
        for id in &connections {
            chats.insert(id.clone(), self.bulk_chat(id).await?);
        }
        let known = self.known_recipients(&connections).await?;
        let got_before = self.got_before().await?;
        let plan = Plan {
            id: id.clone(),
            title,
            created_at: self.now(),
            created_by: who.to_owned(),
            format,
            file,
            fields: if format == BulkFormat::Messages { Vec::new() } else { template::fields(&message.text) },
            options,
            state: BulkState::Planned,
            started_at: None,
            started_by: None,
            ended_at: None,
            tested_at: None,
            message,
        };
        let (mut patterns, mut longest) = (HashMap::new(), HashMap::new());
        for id in &connections {
            patterns.insert(id.clone(), self.bulk_pattern(&plan, id).await?);
            let about = self.about(id).await?;
            longest.extend(about.and_then(|it| it.longest_text).map(|limit| (id.clone(), limit)));
        }
        let check = Check {
            bulk: &id,
            options: &plan.options,
            known: &known,
            got_before: &got_before,
            chats: &chats,
            patterns: &patterns,
            longest: &longest,
        };
        let rows = check.rows(candidates);
        let kept = plan.clone();
        self.write(move |w| {
            store::bulks::add(w, &kept, &connections)?;
            store::bulk_rows::add(w, &kept.id, &rows)
        })
        .await?;
        self.bulk_get(&id).await
    }

    /// The plans, the newest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn bulk_list(&self) -> Result<Vec<Bulk>, Failure> {
        let read = |r: &store::Reader<'_>| {
            store::bulks::all(r, LISTED)?.into_iter().map(|plan| store::bulks::whole(r, plan)).collect()
        };
        let plans: Vec<Bulk> = self.0.store.read(read).await?;
        Ok(plans.into_iter().map(|bulk| self.as_it_stands(bulk)).collect())
    }

    /// A plan and how far it is.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such plan; where the ledger cannot be read.
    pub async fn bulk_get(&self, id: &BulkId) -> Result<Bulk, Failure> {
        let wanted = id.clone();
        let read = move |r: &store::Reader<'_>| {
            store::bulks::get(r, &wanted)?.map(|plan| store::bulks::whole(r, plan)).transpose()
        };
        let found = self.0.store.read(read).await?;
        found.map(|bulk| self.as_it_stands(bulk)).ok_or_else(|| no_such(id))
    }

    /// A page of the rows of a plan.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn bulk_rows(&self, id: &BulkId, query: BulkQuery) -> Result<BulkPage, Failure> {
        let id = id.clone();
        self.0.store.read(move |r| store::bulk_rows::page(r, &id, &query)).await
    }

    /// A row of a plan.
    pub(crate) async fn bulk_row(&self, id: &BulkId, position: u32) -> Result<BulkRow, Failure> {
        let wanted = id.clone();
        let row = self.0.store.read(move |r| store::bulk_rows::get(r, &wanted, position)).await?;
        row.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, format!("{id} {position}")))
    }

    /// Forgets a plan of which nothing was sent.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such plan or something of it was sent; where the ledger cannot be written.
    pub async fn bulk_remove(&self, id: &BulkId) -> Result<(), Failure> {
        let wanted = id.clone();
        let is_removed = self
            .write(move |w| match store::bulks::get(w, &wanted)? {
                None => Ok(None),
                Some(plan) if plan.started_at.is_some() => Ok(Some(false)),
                Some(_) => store::bulks::remove(w, &wanted).map(|()| Some(true)),
            })
            .await?;
        match is_removed {
            None => Err(no_such(id)),
            Some(false) => Err(Failure::invalid(Reason::NotOffered, id.as_str())),
            Some(true) => Ok(()),
        }
    }

    async fn bulk_table(&self, connection: &ConnectionId, bytes: &[u8]) -> Result<Table, Failure> {
        let batches = self.session(connection).await?.batches;
        Table::read(bytes, batches.as_deref())
    }

    pub(crate) async fn bulk_chat(&self, id: &ConnectionId) -> Result<Arc<dyn Chat>, Failure> {
        let connection = self.connection(id).await?;
        self.session(id).await?.chat.ok_or_else(|| not_offered(&connection.name))
    }

    /// What every message of a plan through this connection has besides text, recipient and mentions.
    pub(crate) async fn bulk_pattern(&self, plan: &Plan, connection: &ConnectionId) -> Result<Draft, Failure> {
        let abilities = self.about(connection).await?.map(|it| it.abilities).unwrap_or_default();
        Ok(pattern(plan, connection, &abilities))
    }

    async fn about(&self, connection: &ConnectionId) -> Result<Option<About>, Failure> {
        let kind = self.connection(connection).await?.system;
        Ok(self.system(&kind).map(|it| it.about()))
    }

    /// When each recipient got which text last, by the digest of both.
    async fn got_before(&self) -> Result<HashMap<u64, Time>, Failure> {
        let since = self.now().minus(REMEMBERED);
        let read = move |r: &store::Reader<'_>| {
            let mut found: HashMap<u64, Time> = HashMap::new();
            store::bulk_rows::sent_since(r, since, |connection, to, text, at| {
                let last = found.entry(digest(&connection, &to, text)).or_insert(at);
                *last = (*last).max(at);
            })?;
            Ok(found)
        };
        self.0.store.read(read).await
    }
}

pub(crate) fn no_such(id: &BulkId) -> Failure {
    Failure::invalid(Reason::NoSuchThing, id.as_str())
}

/// What every message of a plan through a connection has besides text, recipient and mentions, as far as a system with these abilities
/// takes it.
fn pattern(plan: &Plan, connection: &ConnectionId, abilities: &[Ability]) -> Draft {
    let has_cards = abilities.contains(&Ability::Attachments);
    Draft {
        id: DraftId(String::new()),
        connection: connection.clone(),
        to: Recipient::People(Vec::new()),
        text: String::new(),
        mentions: Vec::new(),
        sealed: plan.message.sealed && abilities.contains(&Ability::SealedMessages),
        attachments: plan.message.attachments.clone().filter(|_| has_cards),
        guise: if has_cards { plan.message.guise.clone() } else { Guise::default() },
        thread: None,
        file: None,
    }
}

/// What leaves of a row.
fn leaving(pattern: &Draft, row: &Outgoing) -> Draft {
    Draft {
        id: DraftId(row.delivery.0.clone()),
        to: row.to.clone(),
        text: row.text.clone(),
        mentions: row.mentions.clone(),
        attachments: row.attachments.clone().or_else(|| pattern.attachments.clone()),
        ..pattern.clone()
    }
}

fn of_file(table: &Table, connection: &ConnectionId, name: &str, text: &str) -> Result<Planned, Failure> {
    table.check(!text.trim().is_empty())?;
    let candidates = table.rows.iter().map(|row| {
        let cells = row.cells.as_deref().unwrap_or_default();
        let people = addresses(table.cell(cells, BulkMeaning::People));
        let room = table.cell(cells, BulkMeaning::Room);
        let own = table.cell(cells, BulkMeaning::Text);
        let to = match (room.is_empty(), people.is_empty()) {
            (false, _) => Some(Recipient::Room(room.to_owned())),
            (true, false) => Some(Recipient::People(people.clone())),
            (true, true) => None,
        };
        let fields = || table.columns.iter().zip(cells).map(|(it, cell)| (template::folded(&it.name), cell.clone()));
        Candidate {
            line: Some(row.line),
            connection: connection.clone(),
            mentions: if room.is_empty() { Vec::new() } else { people },
            to,
            text: lines(if own.is_empty() { text } else { own }),
            fields: (table.format == BulkFormat::Csv).then(|| fields().collect()),
            unreadable: row.cells.as_ref().err().cloned(),
        }
    });
    Ok(Planned {
        title: name.to_owned(),
        format: table.format,
        file: Some(name.to_owned()),
        message: BulkMessage { text: text.to_owned(), ..BulkMessage::default() },
        candidates: candidates.collect(),
    })
}

fn of_composer(message: BulkMessage, recipients: Vec<BulkRecipient>) -> Result<Planned, Failure> {
    if recipients.is_empty() {
        return Err(Failure::invalid(Reason::Missing, "to"));
    }
    let candidate = |it: BulkRecipient| Candidate {
        line: None,
        connection: it.connection,
        mentions: match it.to {
            Recipient::Room(_) => message.mentions.iter().cloned().chain(it.mentions).collect(),
            Recipient::People(_) => Vec::new(),
        },
        to: Some(it.to).filter(|to| !is_nobody(to)),
        text: it.text.unwrap_or_else(|| message.text.clone()),
        fields: Some(
            it.fields.into_iter().map(|(name, value)| (template::folded(&name), value)).collect::<BTreeMap<_, _>>(),
        ),
        unreadable: None,
    };
    let candidates = recipients.into_iter().map(candidate).collect();
    let title = message.text.lines().next().unwrap_or_default().chars().take(TITLE).collect();
    Ok(Planned { title, format: BulkFormat::Composed, file: None, message, candidates })
}

fn is_nobody(to: &Recipient) -> bool {
    match to {
        Recipient::People(people) => people.iter().all(|it| it.trim().is_empty()),
        Recipient::Room(room) => room.trim().is_empty(),
    }
}

/// A text with line ends as they are kept here.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
