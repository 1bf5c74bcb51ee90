//! Team Messaging: chats, posts, conversations and persons over the wire.

use super::chats::{Chat, GUEST, Post};
use super::extensions::names;
use super::ids::ACCOUNT_ID;
use super::push::{Push, Topic};
use super::query::Query;
use super::records::instant;
use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

const KINDS: [&str; 5] = ["Personal", "Direct", "Group", "Team", "Everyone"];
/// Pages have this many records unless they are asked for, and never more than the second number.
const PAGE: (usize, usize) = (30, 250);
const LONGEST_TEXT: usize = 10_000;
const MOST_ATTACHMENTS: usize = 25;
const MOST_MEMBERS: usize = 15;

/// A new post.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewPost {
    text: Option<String>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    parent_post_id: Option<String>,
}

/// Something that was sent before and now goes with a post.
#[derive(Debug, Deserialize)]
struct Attachment {
    id: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct NewConversation {
    members: Vec<Member>,
}

#[derive(Debug, Deserialize)]
struct Member {
    id: Option<String>,
    email: Option<String>,
}

fn read<'a, T: Deserialize<'a>>(headers: &HeaderMap, body: &'a [u8]) -> Result<T, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(Refusal::media_type());
    }
    serde_json::from_slice(body).map_err(|_| Refusal::body())
}

impl State {
    /// Posts that were written while the simulator ran, oldest first.
    pub fn posts(&self) -> Vec<Post> {
        lock(&self.inner).chats.written()
    }

    /// The person ids of whoever is in a chat; nobody where there is none.
    pub fn members(&self, chat_id: &str) -> Vec<String> {
        lock(&self.inner).chats.chat(chat_id).map(|it| it.members.clone()).unwrap_or_default()
    }

    /// A chat is deleted. Whether there was one.
    pub fn delete_chat(&self, chat_id: &str) -> bool {
        let all = &mut lock(&self.inner).chats.all;
        let before = all.len();
        all.retain(|it| it.id != chat_id);
        all.len() < before
    }

    /// The id of the chat with this name.
    pub fn chat_named(&self, name: &str) -> Option<String> {
        lock(&self.inner).chats.all.iter().find(|it| it.name == Some(name)).map(|it| it.id.clone())
    }

    /// Somebody else writes a post, as if from another device. Answers its id.
    pub fn say(&self, chat_id: &str, person_id: &str, text: &str) -> String {
        let now = self.now();
        let post = lock(&self.inner).chats.add(chat_id, person_id, text, now).clone();
        self.tell_post("PostAdded", &post);
        post.id
    }

    fn tell_post(&self, event: &str, post: &Post) {
        let mut body = post.json();
        body["eventType"] = event.into();
        self.push(Push { topic: Topic::Posts, body, number: 0 });
    }

    pub(super) fn my_id(&self) -> String {
        self.me().extension_id.to_string()
    }

    /// Chats by age, with public teams that the user never joined.
    pub(super) fn chats(&self, query: &Query) -> Result<Value, Refusal> {
        let kinds = query.some("type", &KINDS)?;
        let me = self.my_id();
        let inner = lock(&self.inner);
        let is_seen = |it: &&Chat| (it.kind == "Team" || it.has(&me)) && (kinds.is_empty() || kinds.contains(&it.kind));
        let all = inner.chats.all.iter().filter(is_seen).map(Chat::json).collect();
        page(query, all)
    }

    /// Chats of the user, newest change first.
    pub(super) fn recent_chats(&self, query: &Query) -> Result<Value, Refusal> {
        let kinds = query.some("type", &KINDS)?;
        let count = query.count("recordCount")?.unwrap_or(PAGE.0).min(PAGE.1);
        let me = self.my_id();
        let inner = lock(&self.inner);
        let mut all: Vec<&Chat> =
            inner.chats.all.iter().filter(|it| it.has(&me) && (kinds.is_empty() || kinds.contains(&it.kind))).collect();
        all.sort_by_key(|it| std::cmp::Reverse(it.modified_at));
        Ok(json!({ "records": all.iter().take(count).map(|it| it.json()).collect::<Vec<_>>() }))
    }

    /// One chat.
    pub(super) fn chat(&self, id: &str) -> Result<Value, Refusal> {
        let inner = lock(&self.inner);
        inner.chats.chat(id).map(Chat::json).ok_or_else(|| Refusal::missing("chatId"))
    }

    /// The id of a chat that the user is in.
    pub(super) fn own_chat(&self, id: &str) -> Result<String, Refusal> {
        let inner = lock(&self.inner);
        let chat = inner.chats.chat(id).ok_or_else(|| Refusal::missing("chatId"))?;
        if chat.has(&self.my_id()) { Ok(chat.id.clone()) } else { Err(Refusal::not_yours()) }
    }

    /// Posts of a chat, newest first.
    pub(super) fn posts_of(&self, chat: &str, query: &Query) -> Result<Value, Refusal> {
        let chat = self.own_chat(chat)?;
        let all = lock(&self.inner).chats.posts(&chat).map(Post::json).collect();
        page(query, all)
    }

    /// Writes a post.
    pub(super) fn write_post(&self, chat: &str, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
        let new: NewPost = read(headers, body)?;
        let chat = self.own_chat(chat)?;
        let text = checked(new.text.unwrap_or_default(), new.attachments.is_empty())?;
        if new.attachments.len() > MOST_ATTACHMENTS {
            return Err(Refusal::parameter("attachments"));
        }
        let (now, me) = (self.now(), self.my_id());
        let post = {
            let chats = &mut lock(&self.inner).chats;
            let is_known = |it: &Attachment| {
                it.kind.as_deref().is_some_and(|kind| kind != "File") || chats.files.get(&it.id).is_some()
            };
            if !new.attachments.iter().all(is_known) {
                return Err(Refusal::parameter("attachments"));
            }
            if chats.is_capped(&me, now) {
                return Err(Refusal::daily_cap());
            }
            let post = chats.add(&chat, &me, &text, now);
            post.parent = new.parent_post_id;
            let kind = |it: &Attachment| it.kind.clone().unwrap_or_else(|| "File".to_owned());
            post.attachments = new.attachments.iter().map(|it| json!({ "id": it.id, "type": kind(it) })).collect();
            post.clone()
        };
        self.tell_post("PostAdded", &post);
        Ok((StatusCode::CREATED, axum::Json(post.json())).into_response())
    }

    /// Changes the text of one of the user's own posts.
    pub(super) fn change_post(&self, at: (&str, &str), headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
        let new: NewPost = read(headers, body)?;
        let text = checked(new.text.unwrap_or_default(), true)?;
        let now = self.now();
        let post = self.with_own_post(at, |post| {
            post.text = text;
            post.modified_at = now;
        })?;
        self.tell_post("PostChanged", &post);
        Ok(axum::Json(post.json()).into_response())
    }

    /// Removes one of the user's own posts.
    pub(super) fn remove_post(&self, at: (&str, &str)) -> Result<Response, Refusal> {
        let post = self.with_own_post(at, Post::remove)?;
        self.tell_post("PostRemoved", &post);
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    fn with_own_post(&self, at: (&str, &str), change: impl FnOnce(&mut Post)) -> Result<Post, Refusal> {
        let chat = self.own_chat(at.0)?;
        let mut inner = lock(&self.inner);
        let post = inner.chats.post(&chat, at.1).ok_or_else(|| Refusal::missing("postId"))?;
        if post.creator != self.my_id() {
            return Err(Refusal::not_yours());
        }
        change(post);
        Ok(post.clone())
    }

    /// Opens the conversation between the user and others, or finds it: 201 or 200.
    pub(super) fn converse(&self, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refusal> {
        let new: NewConversation = read(headers, body)?;
        if new.members.is_empty() || new.members.len() > MOST_MEMBERS {
            return Err(Refusal::parameter("members"));
        }
        let mut members = vec![self.my_id()];
        for member in &new.members {
            let id = self.member(member)?;
            if !members.contains(&id) {
                members.push(id);
            }
        }
        let now = self.now();
        let chats = &mut lock(&self.inner).chats;
        if let Some(chat) = chats.between(&members) {
            return Ok(axum::Json(chat.json()).into_response());
        }
        let id = chats.open(if members.len() == 2 { "Direct" } else { "Group" }, None, members, now);
        let chat = chats.chat(&id).map(Chat::json);
        Ok((StatusCode::CREATED, axum::Json(chat)).into_response())
    }

    fn member(&self, member: &Member) -> Result<String, Refusal> {
        let mut people = self.people.iter();
        let found = match (&member.id, &member.email) {
            (Some(id), None) if id == GUEST => return Ok(id.clone()),
            (Some(id), None) => people.find(|it| it.extension_id.to_string() == *id),
            (None, Some(email)) => people.find(|it| it.email.eq_ignore_ascii_case(email)),
            _ => return Err(Refusal::parameter("members")),
        };
        found.map(|it| it.extension_id.to_string()).ok_or_else(|| Refusal::missing("members"))
    }

    /// A person of the account, or the guest.
    pub(super) fn person(&self, id: &str) -> Result<Value, Refusal> {
        let times = instant(self.now() - TimeDelta::days(400));
        if id == GUEST {
            return Ok(json!({
                "id": GUEST, "firstName": "Grace", "lastName": "Holloway", "email": "c00006@example.com",
                "companyId": "glip-company-77", "creationTime": times, "lastModifiedTime": times,
            }));
        }
        let mut people = self.people.iter();
        let person = if id == "~" { Some(self.me()) } else { people.find(|it| it.extension_id.to_string() == id) };
        let person = person.ok_or_else(|| Refusal::missing("personId"))?;
        let (first, last) = names(person);
        Ok(json!({
            "id": person.extension_id.to_string(), "firstName": first, "lastName": last, "email": person.email,
            "companyId": ACCOUNT_ID, "creationTime": times, "lastModifiedTime": times,
        }))
    }
}

fn checked(text: String, is_needed: bool) -> Result<String, Refusal> {
    let is_fine = (!text.is_empty() || !is_needed) && text.chars().count() <= LONGEST_TEXT;
    if is_fine { Ok(text) } else { Err(Refusal::parameter("text")) }
}

/// A page by token; the token holds where it begins and how long it is.
fn page(query: &Query, all: Vec<Value>) -> Result<Value, Refusal> {
    let (from, count) = match query.one("pageToken")? {
        Some(token) => position(token).ok_or_else(|| Refusal::parameter("pageToken"))?,
        None => (0, query.count("recordCount")?.unwrap_or(PAGE.0).min(PAGE.1)),
    };
    let mut navigation = json!({});
    if from > 0 {
        navigation["prevPageToken"] = format!("page-{}-{count}", from.saturating_sub(count)).into();
    }
    if from + count < all.len() {
        navigation["nextPageToken"] = format!("page-{}-{count}", from + count).into();
    }
    let records: Vec<Value> = all.into_iter().skip(from).take(count).collect();
    Ok(json!({ "records": records, "navigation": navigation }))
}

fn position(token: &str) -> Option<(usize, usize)> {
    let (from, count) = token.strip_prefix("page-")?.split_once('-')?;
    Some((from.parse().ok()?, count.parse().ok().filter(|it| (1..=PAGE.1).contains(it))?))
}
