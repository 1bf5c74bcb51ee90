//! The dry run: what is found about each row before anything is sent.

use std::collections::{BTreeMap, HashMap};

use model::bulk::{BulkOptions, BulkProblem, BulkProblemKind};
use model::message::{Draft, Message, Recipient};
use model::ports::Chat;
use model::{BulkId, ConnectionId, DeliveryId, DraftId, Raw, Reason, Time};
use store::bulk_rows::NewRow;

use super::known::{Known, key};
use super::template;

/// A row as its source has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) line: Option<u32>,
    pub(crate) connection: ConnectionId,
    pub(crate) to: Option<Recipient>,
    pub(crate) mentions: Vec<String>,
    /// The text before its fields are filled in.
    pub(crate) text: String,
    /// What stands for each field, by its folded name; `None` where braces are text like any other.
    pub(crate) fields: Option<BTreeMap<String, String>>,
    /// Why nothing of the row can be told.
    pub(crate) unreadable: Option<String>,
}

impl Candidate {
    /// What stands for a field; `name` is what the directory calls whom it is for.
    fn value(&self, name: Option<&str>, field: &str) -> Option<String> {
        let given = self.fields.as_ref()?.get(field).filter(|it| !it.trim().is_empty()).cloned();
        given.or_else(|| name.filter(|_| field == "name").map(str::to_owned))
    }
}

/// What the rows are checked against.
pub(crate) struct Check<'a> {
    pub(crate) bulk: &'a BulkId,
    pub(crate) options: &'a BulkOptions,
    pub(crate) known: &'a Known,
    /// When each recipient got which text last, by the digest of both.
    pub(crate) got_before: &'a HashMap<u64, Time>,
    /// By connection; one that cannot be opened checks nothing.
    pub(crate) chats: &'a HashMap<ConnectionId, std::sync::Arc<dyn Chat>>,
    /// By connection: what every message has besides text, recipient and mentions.
    pub(crate) patterns: &'a HashMap<ConnectionId, Draft>,
    /// By connection: the longest text that its system takes, in UTF-16 units, where it says so.
    pub(crate) longest: &'a HashMap<ConnectionId, u32>,
}

impl Check<'_> {
    /// Looks through the rows in their order.
    pub(crate) fn rows(&self, candidates: Vec<Candidate>) -> Vec<NewRow> {
        let mut seen: HashMap<u64, u32> = HashMap::new();
        (1..).zip(candidates).map(|(position, it)| self.row(position, it, &mut seen)).collect()
    }

    fn row(&self, position: u32, row: Candidate, seen: &mut HashMap<u64, u32>) -> NewRow {
        let mut found = Vec::new();
        let to = row.to.clone().unwrap_or_else(|| Recipient::People(Vec::new()));
        let name = self.known.name(&row.connection, &to);
        let text = self.text(&row, name.as_deref(), &mut found);
        let attachments = self.cards(&row, name.as_deref(), &mut found);
        match &row.unreadable {
            Some(words) => found.push(problem(BulkProblemKind::Unreadable, words)),
            None if row.to.is_none() => found.push(problem(BulkProblemKind::NoRecipient, "")),
            None => found.extend(self.known.about(&row.connection, &to)),
        }
        let digest = digest(&row.connection, &to, &text);
        if found.iter().all(|it| !it.kind.excludes(self.options)) {
            if let Some(first) = seen.get(&digest) {
                found.push(BulkProblem { with: Some(*first), ..problem(BulkProblemKind::Doubled, "") });
            } else {
                found.extend(self.refused(position, &row, &to, (&text, attachments.as_ref())));
                seen.insert(digest, position);
            }
            if let Some(at) = self.got_before.get(&digest) {
                found.push(BulkProblem { at: Some(*at), ..problem(BulkProblemKind::GotBefore, "") });
            }
        }
        let is_excluded = found.iter().any(|it| it.kind.excludes(self.options));
        let (line, connection, mentions) = (row.line, row.connection, row.mentions);
        let delivery = delivery_id(self.bulk, position);
        NewRow { position, line, connection, to, name, text, mentions, attachments, found, is_excluded, delivery }
    }

    /// The text as it is sent.
    fn text(&self, row: &Candidate, name: Option<&str>, found: &mut Vec<BulkProblem>) -> String {
        if row.unreadable.is_some() {
            return String::new();
        }
        let has_cards = self.patterns.get(&row.connection).is_some_and(|it| it.attachments.is_some());
        if row.text.trim().is_empty() && !has_cards {
            found.push(problem(BulkProblemKind::NothingToSend, ""));
            return String::new();
        }
        if row.fields.is_none() {
            return row.text.clone();
        }
        match template::filled(&row.text, |field| row.value(name, field)) {
            Ok(text) => text,
            Err(empty) => {
                found.extend(empty.iter().map(|field| problem(BulkProblemKind::EmptyField, field)));
                row.text.clone()
            }
        }
    }

    /// The attachment cards as they are sent, where they have fields.
    fn cards(&self, row: &Candidate, name: Option<&str>, found: &mut Vec<BulkProblem>) -> Option<Raw> {
        let cards = self.patterns.get(&row.connection)?.attachments.as_ref()?;
        if row.fields.is_none() || template::fields(&cards.0).is_empty() {
            return None;
        }
        match template::filled(&cards.0, |field| row.value(name, field).map(|it| in_json(&it))) {
            Ok(cards) => Some(Raw(cards)),
            Err(empty) => {
                let new = empty.iter().filter(|field| found.iter().all(|it| it.words != **field));
                let new: Vec<_> = new.map(|field| problem(BulkProblemKind::EmptyField, field)).collect();
                found.extend(new);
                None
            }
        }
    }

    /// What the system itself would not take.
    fn refused(
        &self,
        position: u32,
        row: &Candidate,
        to: &Recipient,
        (text, cards): (&str, Option<&Raw>),
    ) -> Option<BulkProblem> {
        if self.longest.get(&row.connection).is_some_and(|limit| text.encode_utf16().count() > *limit as usize) {
            return Some(problem(BulkProblemKind::TooLong, ""));
        }
        let (chat, pattern) = (self.chats.get(&row.connection)?, self.patterns.get(&row.connection)?);
        let draft = Draft {
            id: DraftId(delivery_id(self.bulk, position).0),
            to: to.clone(),
            text: text.to_owned(),
            mentions: row.mentions.clone(),
            attachments: cards.or(pattern.attachments.as_ref()).cloned(),
            ..pattern.clone()
        };
        let failure = chat.check(&Message { id: delivery_id(self.bulk, position), draft }).err()?;
        let is_long = failure.why().reason == Reason::TooLong;
        let kind = if is_long { BulkProblemKind::TooLong } else { BulkProblemKind::NotUsable };
        Some(problem(kind, &failure.why().words))
    }
}

/// Words as they stand inside a string of JSON.
fn in_json(words: &str) -> String {
    let quoted = serde_json::Value::from(words.trim()).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

fn problem(kind: BulkProblemKind, words: &str) -> BulkProblem {
    BulkProblem { kind, words: words.to_owned(), with: None, at: None }
}

/// The id of a row's delivery: the same however often the plan is run, so that nothing can be in the ledger twice.
pub(crate) fn delivery_id(bulk: &BulkId, position: u32) -> DeliveryId {
    let stem: String = bulk.as_str().chars().take(24).collect();
    DeliveryId(format!("{stem}{position:08x}"))
}

/// A number for a text to a recipient, for comparing within this process.
pub(crate) fn digest(connection: &ConnectionId, to: &Recipient, text: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    connection.as_str().hash(&mut hasher);
    match to {
        Recipient::People(people) => {
            let mut people: Vec<String> = people.iter().map(|it| key(it)).collect();
            people.sort();
            people.dedup();
            (0_u8, people).hash(&mut hasher);
        }
        Recipient::Room(room) => (1_u8, room.trim().trim_start_matches('#')).hash(&mut hasher),
    }
    text.trim().hash(&mut hasher);
    hasher.finish()
}
