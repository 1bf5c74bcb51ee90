//! Files with posts: taken by the system for themselves first, then named by the post. A file is never given to a chat directly, because
//! that would write a post of its own there.

use std::time::Duration;

use async_trait::async_trait;
use model::file::{Uploaded, media_type};
use model::message::{Message, Receipt};
use model::ports::Files;
use model::{Failure, Reason, Time, Why};
use rest::Request;

use crate::chat::TeamMessages;
use crate::client::{HEAVY, MEDIUM, in_path};
use crate::wire::{Page, Shown, Taken};

/// The largest file, as the vendor's reference has it: 30 MB.
const LARGEST: u64 = 30 * 1024 * 1024;
/// What a file may take at least, and for each of so many bytes besides.
const DEADLINE: (Duration, usize) = (Duration::from_secs(60), 64 * 1024);
/// The most posts of one answer.
const PORTION: &str = "250";
/// More pages of posts than are looked through for a file.
const MOST_PAGES: u32 = 8;
/// So much older than the file no post can be that shows it, whatever the two clocks say.
const MARGIN: Duration = Duration::from_secs(24 * 60 * 60);

#[async_trait]
impl Files for TeamMessages {
    async fn largest(&self) -> Result<Option<u64>, Failure> {
        Ok(Some(LARGEST))
    }

    async fn upload(&self, message: &Message, bytes: Vec<u8>) -> Result<Uploaded, Failure> {
        let Some(file) = &message.draft.file else {
            return Err(Failure::invalid(Reason::Missing, "file"));
        };
        let chat = self.place(&message.draft.to).await.map_err(Failure::before_sending)?;
        let (least, step) = DEADLINE;
        let deadline = least + Duration::from_secs((bytes.len() / step) as u64);
        let (path, bytes) = (self.path("files"), rest::Bytes::from(bytes));
        let make = || {
            let request = Request::post(&path).query("name", &file.name).group(HEAVY).deadline(deadline);
            request.file("file", &file.name, media_type(&file.name), bytes.clone()).accept_status(&[413])
        };
        let answer = self.client.ask(make).await?;
        if answer.status == 413 {
            return Err(Failure::Refused(Why::new(Reason::FileTooLarge, "HTTP 413")));
        }
        let id = answer.json::<Taken>()?.id().ok_or_else(|| Failure::surprise("id"))?;
        Ok(Uploaded { place: chat, file: id, at: self.client.clock.now() })
    }

    async fn show(&self, message: &Message, uploaded: &Uploaded) -> Result<Receipt, Failure> {
        let text = self.text(message).await.map_err(Failure::before_sending)?;
        self.post(message, text, (&uploaded.place, Some(&uploaded.file))).await
    }

    async fn find(&self, _message: &Message, uploaded: &Uploaded) -> Result<Option<Receipt>, Failure> {
        let (mut token, path) = (String::new(), self.path(&format!("chats/{}/posts", in_path(&uploaded.place))));
        let oldest = uploaded.at.minus(MARGIN);
        for _ in 0..MOST_PAGES {
            let make = || {
                let list = Request::get(&path).group(MEDIUM);
                if token.is_empty() { list.query("recordCount", PORTION) } else { list.query("pageToken", &token) }
            };
            let page: Page = self.client.ask(make).await?.json()?;
            let posts: Vec<Shown> =
                page.records.iter().filter_map(|raw| serde_json::from_str(raw.get()).ok()).collect();
            if let Some(post) = posts.iter().find(|post| post.shows(&uploaded.file)) {
                return Ok(Some(Receipt { external_id: post.id.owned(), remark: None }));
            }
            // The newest ones come first.
            let is_over = posts.iter().any(|post| Time::parse(&post.creation_time.0).is_ok_and(|at| at < oldest));
            let next = page.navigation.and_then(|it| it.next_page_token.owned()).filter(|next| *next != token);
            match next.filter(|_| !is_over && !page.records.is_empty()) {
                Some(next) => token = next,
                None => return Ok(None),
            }
        }
        Err(Failure::Refused(Why::new(Reason::TooLarge, "posts")))
    }
}
