//! Files of Team Messaging: taken for themselves or straight into a group, and shown by posts that name them.

use super::push::{Push, Topic};
use super::query::Query;
use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

/// The longest file.
const LONGEST: usize = 30 * 1024 * 1024;
const FIRST: u64 = 60_000_000;

/// Every file that came, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    /// Keeps a file; answers its id.
    fn add(&mut self, name: String, bytes: Vec<u8>) -> String {
        self.0.push((name, bytes));
        (FIRST + self.0.len() as u64).to_string()
    }

    /// The file with this id.
    pub(super) fn get(&self, id: &str) -> Option<&(String, Vec<u8>)> {
        let place = id.parse::<u64>().ok()?.checked_sub(FIRST + 1)?;
        self.0.get(usize::try_from(place).ok()?)
    }
}

impl State {
    /// Name and bytes of a file by its id, as they came.
    #[must_use]
    pub fn file_content(&self, id: &str) -> Option<(String, Vec<u8>)> {
        lock(&self.inner).chats.files.get(id).cloned()
    }

    /// Takes a file. With a group it is shown there at once, in a post of its own.
    pub(super) fn file(&self, query: &Query, headers: &HeaderMap, body: &[u8], base: &str) -> Result<Value, Refusal> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let boundary = kind.strip_prefix("multipart/form-data").and_then(|rest| rest.split_once("boundary="));
        let (_, boundary) = boundary.ok_or_else(Refusal::media_type)?;
        let (own, bytes) = part(body, boundary.trim_matches('"')).ok_or_else(Refusal::body)?;
        if bytes.is_empty() || bytes.len() > LONGEST {
            return Err(Refusal::parameter("body"));
        }
        let name = query.one("name")?.map_or(own, str::to_owned);
        let group = query.one("groupId")?.map(|id| self.own_chat(id)).transpose()?;
        let (now, me) = (self.now(), self.my_id());
        let mut inner = lock(&self.inner);
        let id = inner.chats.files.add(name.clone(), bytes.to_vec());
        let shown = group.map(|group| {
            let post = inner.chats.add(&group, &me, "", now);
            post.attachments = vec![json!({ "id": id, "type": "File", "name": name })];
            post.json()
        });
        drop(inner);
        if let Some(mut body) = shown {
            body["eventType"] = "PostAdded".into();
            self.push(Push { topic: Topic::Posts, body, number: 0 });
        }
        Ok(json!([{ "id": id, "name": name, "contentUri": format!("{base}/team-messaging/v1/files/{id}/content") }]))
    }
}

/// Name and bytes of the only part, which has to be a file.
fn part<'a>(body: &'a [u8], boundary: &str) -> Option<(String, &'a [u8])> {
    let rest = body.strip_prefix(format!("--{boundary}\r\n").as_bytes())?;
    let head_end = find(rest, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&rest[..head_end]).ok()?;
    let content = &rest[head_end + 4..];
    let end = find(content, format!("\r\n--{boundary}").as_bytes())?;
    if !content[end..].starts_with(format!("\r\n--{boundary}--").as_bytes()) {
        return None;
    }
    let (_, name) = head.split_once("filename=\"")?;
    let (name, _) = name.split_once("\"\r\n").or_else(|| name.rsplit_once('"'))?;
    Some((name.to_owned(), &content[..end]))
}

fn find(all: &[u8], wanted: &[u8]) -> Option<usize> {
    all.windows(wanted.len()).position(|window| window == wanted)
}
