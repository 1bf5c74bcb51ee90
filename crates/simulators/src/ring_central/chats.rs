//! The chats and their posts as the account remembers them.

use super::files::Files;
use super::records::instant;
use crate::generator::people::Person;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde_json::{Value, json};

/// A post that was written while the simulator ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: String,
    /// The chat it is in.
    pub chat_id: String,
    /// The text as it was sent.
    pub text: String,
    /// The person id of whoever wrote it.
    pub creator: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// Attachments as they were sent.
    pub attachments: Vec<Value>,
    /// The post that it answers.
    pub parent: Option<String>,
    /// It was there from the start.
    is_example: bool,
    is_removed: bool,
}

/// One chat.
#[derive(Debug, Clone)]
pub(super) struct Chat {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) name: Option<&'static str>,
    /// Person ids.
    pub(super) members: Vec<String>,
    created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
}

/// A person who is not of the account.
pub(super) const GUEST: &str = "glip-29507587";

/// All chats of the account.
#[derive(Debug)]
pub(super) struct Chats {
    pub(super) all: Vec<Chat>,
    posts: Vec<Post>,
    pub(super) files: Files,
    pub(super) daily_cap: usize,
}

/// The vendor's own cap.
const DAILY_CAP: usize = 2_500;
const FIRST_CHAT: u64 = 155_654;
const FIRST_POST: u64 = 1_542_094_852;

impl Chat {
    /// As it is answered.
    pub(super) fn json(&self) -> Value {
        let members: Vec<Value> = self.members.iter().map(|id| json!({ "id": id })).collect();
        let mut out = json!({
            "id": self.id,
            "type": self.kind,
            "status": "Active",
            "creationTime": instant(self.created_at),
            "lastModifiedTime": instant(self.modified_at),
            "members": members,
        });
        if let Some(name) = self.name {
            out["public"] = true.into();
            out["name"] = name.into();
            out["description"] = "".into();
        }
        out
    }

    /// Whether this person may read and write here.
    pub(super) fn has(&self, person: &str) -> bool {
        self.members.iter().any(|it| it == person)
    }
}

impl Post {
    /// As it is answered.
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "groupId": self.chat_id,
            "type": "TextMessage",
            "text": self.text,
            "creatorId": self.creator,
            "addedPersonIds": null,
            "creationTime": instant(self.created_at),
            "lastModifiedTime": instant(self.modified_at),
            "attachments": if self.attachments.is_empty() { Value::Null } else { self.attachments.clone().into() },
            "activity": null,
            "title": null,
            "iconUri": null,
            "iconEmoji": null,
            "mentions": mentions(&self.text),
            "parentPostId": self.parent,
        })
    }
}

/// The people and teams that a text mentions by `![:Person](id)` and `![:Team](id)`; null where it mentions nobody.
fn mentions(text: &str) -> Value {
    let found = text.split("![:").skip(1).filter_map(|rest| {
        let (kind, rest) = rest.split_once("](")?;
        let (id, _) = rest.split_once(')')?;
        ["Person", "Team"].contains(&kind).then(|| json!({ "id": id, "type": kind }))
    });
    let found: Vec<Value> = found.collect();
    if found.is_empty() { Value::Null } else { found.into() }
}

impl Chats {
    /// The chats that `me` sees on the first day: one alone, one with everybody, two teams, two of two people, and a
    /// public team that `me` never joined.
    pub(super) fn examples(people: &[Person], me: usize, now: DateTime<Utc>) -> Self {
        let id = |index: usize| people[index % people.len()].extension_id.to_string();
        let some = |indexes: &[usize]| {
            let mut ids: Vec<String> = indexes.iter().map(|it| id(*it)).collect();
            ids.dedup();
            ids
        };
        let everybody = people.iter().map(|it| it.extension_id.to_string()).collect();
        let mut chats = Self { all: Vec::new(), posts: Vec::new(), files: Files::default(), daily_cap: DAILY_CAP };
        let start = now - TimeDelta::days(400);
        chats.open("Personal", None, some(&[me]), start);
        chats.open("Everyone", Some("Everybody"), everybody, start + TimeDelta::hours(1));
        let mut sales = some(&[me, 0, 2, 9]);
        sales.push(GUEST.to_owned());
        let sales = chats.open("Team", Some("Sales"), sales, start + TimeDelta::days(1));
        chats.open("Team", Some("Reception"), some(&[me, 3, 5]), start + TimeDelta::days(2));
        chats.open("Team", Some("Running Club"), some(&[4, 7]), start + TimeDelta::days(3));
        let tanaka = chats.open("Direct", None, some(&[me, 0]), start + TimeDelta::days(4));
        chats.open("Direct", None, some(&[me, 2]), start + TimeDelta::days(5));
        for (chat, from, text, minutes) in [
            (&sales, id(0), "見積もりを送りました", 90),
            (&sales, GUEST.to_owned(), "Thank you, received.", 80),
            (&tanaka, id(0), "10 時から 301 にいます", 40),
            (&tanaka, id(me), "承知しました", 38),
        ] {
            chats.add(chat, &from, text, now - TimeDelta::minutes(minutes));
        }
        chats.posts.iter_mut().for_each(|it| it.is_example = true);
        chats
    }

    /// Opens a chat; answers its id.
    pub(super) fn open(
        &mut self,
        kind: &'static str,
        name: Option<&'static str>,
        members: Vec<String>,
        now: DateTime<Utc>,
    ) -> String {
        let id = (FIRST_CHAT + self.all.len() as u64 * 2).to_string();
        self.all.push(Chat { id: id.clone(), kind, name, members, created_at: now, modified_at: now });
        id
    }

    /// The chat with this id, or the personal one for `~`.
    pub(super) fn chat(&self, id: &str) -> Option<&Chat> {
        self.all.iter().find(|it| if id == "~" { it.kind == "Personal" } else { it.id == id })
    }

    /// The conversation between exactly these people.
    pub(super) fn between(&self, members: &[String]) -> Option<&Chat> {
        let is_same = |it: &&Chat| it.members.len() == members.len() && members.iter().all(|id| it.has(id));
        self.all.iter().filter(|it| it.name.is_none()).find(is_same)
    }

    /// Writes a post.
    pub(super) fn add(&mut self, chat: &str, creator: &str, text: &str, now: DateTime<Utc>) -> &mut Post {
        if let Some(chat) = self.all.iter_mut().find(|it| it.id == chat) {
            chat.modified_at = now;
        }
        self.posts.push(Post {
            id: (FIRST_POST + self.posts.len() as u64 * 4).to_string(),
            chat_id: chat.to_owned(),
            text: text.to_owned(),
            creator: creator.to_owned(),
            created_at: now,
            modified_at: now,
            attachments: Vec::new(),
            parent: None,
            is_example: false,
            is_removed: false,
        });
        let last = self.posts.len() - 1;
        &mut self.posts[last]
    }

    /// The posts of a chat, newest first.
    pub(super) fn posts(&self, chat: &str) -> impl Iterator<Item = &Post> {
        self.posts.iter().rev().filter(move |it| it.chat_id == chat && !it.is_removed)
    }

    /// The post with this id in this chat.
    pub(super) fn post(&mut self, chat: &str, id: &str) -> Option<&mut Post> {
        self.posts.iter_mut().find(|it| it.chat_id == chat && it.id == id && !it.is_removed)
    }

    /// Posts that were written while the simulator ran and are still there.
    pub(super) fn written(&self) -> Vec<Post> {
        self.posts.iter().filter(|it| !it.is_example && !it.is_removed).cloned().collect()
    }

    /// Whether this person may not write any more on the day of `now`.
    pub(super) fn is_capped(&self, creator: &str, now: DateTime<Utc>) -> bool {
        let is_of_today = |it: &&Post| {
            !it.is_example && it.creator == creator && it.created_at.num_days_from_ce() == now.num_days_from_ce()
        };
        self.posts.iter().filter(is_of_today).count() >= self.daily_cap
    }
}

impl Post {
    /// Takes it out of the chat.
    pub(super) fn remove(&mut self) {
        self.is_removed = true;
    }
}
