//! Team messages: to people, for whom a conversation is found or made, and to chats by id or name.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use model::bulk::Pace;
use model::chat_room::{Destination, DestinationKind};
use model::message::{Guise, Message, Receipt, Recipient};
use model::person::Person;
use model::ports::{Chat, People};
use model::{Failure, Reason, Why, text};
use rest::{Answer, Request};
use serde_json::json;
use tokio::sync::Mutex;

use crate::client::{Client, LIGHT, MEDIUM, in_path};
use crate::mentions::{Mentioned, escaped, mention, written};
use crate::wire::{Named, Page};

/// The most characters of a post.
const LONGEST: usize = 10_000;
/// The most members of a conversation.
const MOST_MEMBERS: usize = 15;
/// The most chats of one answer.
const PORTION: &str = "250";
/// More pages of chats than are looked through for a name.
const MOST_PAGES: u32 = 40;

/// The addresses of team messaging, and those of before, which some installations still have alone.
const PATHS: [(&str, &str); 2] = [("team-messaging", "team-messaging/v1"), ("glip", "restapi/v1.0/glip")];

/// Where the interface of team messaging is, by the setting `messaging`.
pub(crate) fn base(setting: Option<&str>) -> Result<&'static str, Failure> {
    let wanted = setting.unwrap_or(PATHS[0].0);
    let found = PATHS.into_iter().find(|(name, _)| *name == wanted);
    found.map(|(_, path)| path).ok_or_else(|| Failure::invalid(Reason::NotUsable, "messaging"))
}

/// Team messages of one account.
pub(crate) struct TeamMessages {
    pub(crate) client: Arc<Client>,
    /// What was looked up: ids of chats by folded name, and the people.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    chats: HashMap<String, String>,
    people: Vec<Person>,
}

impl TeamMessages {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client, known: Mutex::default() }
    }

    /// The address of a part of the interface.
    pub(crate) fn path(&self, part: &str) -> String {
        format!("{}/{part}", self.client.messaging)
    }

    /// The conversation with these people. Making one that is there already gives that one, so nothing is doubled.
    async fn conversation(&self, addresses: &[String]) -> Result<String, Failure> {
        let member = |address: &String| match address.contains('@') {
            true => json!({ "email": address.trim() }),
            false => json!({ "id": address.trim() }),
        };
        let body = json!({ "members": addresses.iter().map(member).collect::<Vec<_>>() }).to_string();
        let path = self.path("conversations");
        let make = || Request::post(&path).json(body.clone()).group(MEDIUM).as_read();
        let made: Named = self.client.ask_once(make).await?.json()?;
        made.id.owned().ok_or_else(|| Failure::surprise("id"))
    }

    /// A chat by its id or name.
    async fn chat(&self, address: &str) -> Result<String, Failure> {
        if address.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(address.to_owned());
        }
        let name = text::fold(address);
        if let Some(id) = self.known.lock().await.chats.get(&name) {
            return Ok(id.clone());
        }
        let found = match one_named(&self.recent().await?, &name)? {
            Some(id) => id,
            None => self.look_through(&name).await?,
        };
        self.known.lock().await.chats.insert(name, found.clone());
        Ok(found)
    }

    async fn recent(&self) -> Result<Vec<Named>, Failure> {
        let path = self.path("recent/chats");
        let make = || {
            let list = Request::get(&path).group(LIGHT);
            list.query("type", "Team").query("type", "Group").query("recordCount", PORTION)
        };
        Ok(named(&self.client.ask(make).await?.json()?))
    }

    async fn look_through(&self, name: &str) -> Result<String, Failure> {
        let (mut token, path) = (String::new(), self.path("chats"));
        for _ in 0..MOST_PAGES {
            let make = || {
                let list = Request::get(&path).group(MEDIUM).query("recordCount", PORTION);
                // The filter lives inside the token.
                if token.is_empty() { list.query("type", "Team") } else { list.query("pageToken", &token) }
            };
            let page: Page = self.client.ask(make).await?.json()?;
            if let Some(id) = one_named(&named(&page), name)? {
                return Ok(id);
            }
            let next = page.navigation.and_then(|it| it.next_page_token.owned());
            match next.filter(|next| !page.records.is_empty() && *next != token) {
                Some(next) => token = next,
                None => break,
            }
        }
        Err(Failure::invalid(Reason::NoSuchThing, "room"))
    }

    /// The text of the post with its mentions.
    pub(crate) async fn text(&self, message: &Message) -> Result<String, Failure> {
        let draft = &message.draft;
        let mut mentioned = Vec::with_capacity(draft.mentions.len());
        for address in &draft.mentions {
            mentioned.push(self.person(address.trim(), draft.text.contains('@')).await?);
        }
        Ok(written(&draft.text, &mentioned))
    }

    /// Whom an address means, an id or an e-mail address. The name is looked up where it is `wanted`, and where nobody may read names
    /// there is none.
    async fn person(&self, address: &str, wanted: bool) -> Result<Mentioned, Failure> {
        let is_email = address.contains('@');
        if !is_email && !wanted {
            return Ok(Mentioned { id: address.to_owned(), name: None });
        }
        let mut known = self.known.lock().await;
        if known.people.is_empty() {
            match self.client.people().await {
                Ok(people) => known.people = people,
                Err(failure) if is_email => return Err(failure),
                Err(_) => {}
            }
        }
        let email = address.to_lowercase();
        let is_meant = |it: &&Person| {
            if is_email {
                it.email.as_ref().is_some_and(|own| own.to_lowercase() == email)
            } else {
                it.external_id == address
            }
        };
        match known.people.iter().find(is_meant) {
            Some(it) => Ok(Mentioned { id: it.external_id.clone(), name: Some(it.name.clone()) }),
            None if is_email => Err(Failure::invalid(Reason::NoSuchThing, "mentions")),
            None => Ok(Mentioned { id: address.to_owned(), name: None }),
        }
    }

    /// The chat of a recipient.
    pub(crate) async fn place(&self, to: &Recipient) -> Result<String, Failure> {
        match to {
            Recipient::People(people) => self.conversation(people).await,
            Recipient::Room(room) => self.chat(room.trim()).await,
        }
    }

    /// Writes a post once: in a chat, with a file that the system has or without one.
    pub(crate) async fn post(
        &self,
        message: &Message,
        text: String,
        at: (&str, Option<&str>),
    ) -> Result<Receipt, Failure> {
        let (chat, file) = at;
        let path = self.path(&format!("chats/{}/posts", in_path(chat)));
        let mut body = json!({});
        if !text.is_empty() {
            body["text"] = text.into();
        }
        if let Some(file) = file {
            body["attachments"] = json!([{ "id": file, "type": "File" }]);
        }
        if let Some(answered) = &message.draft.thread {
            body["parentPostId"] = answered.trim().into();
        }
        let body = body.to_string();
        let sent = self.client.ask_once(|| Request::post(&path).json(body.clone()).group(MEDIUM)).await;
        if let Err(Failure::Refused(why)) = &sent
            && why.reason == Reason::NotFound
        {
            // The chat may have gone, and another may have its name.
            self.known.lock().await.chats.clear();
        }
        receipt(&sent?)
    }
}

fn named(page: &Page) -> Vec<Named> {
    page.records.iter().filter_map(|raw| serde_json::from_str(raw.get()).ok()).collect()
}

/// The id of the only chat of this name. Two of one name cannot be told apart, so nothing is sent to either.
fn one_named(chats: &[Named], name: &str) -> Result<Option<String>, Failure> {
    let mut found = chats.iter().filter(|it| text::fold(&it.name.0) == name).filter_map(|it| it.id.owned());
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => Err(Failure::invalid(Reason::NotAddressable, "room")),
    }
}

/// A person's id, a guest's id, or an e-mail address.
fn is_address(address: &str) -> bool {
    let address = address.trim();
    let id = address.strip_prefix("glip-").unwrap_or(address);
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_email = address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    is_id || (is_email && !address.contains(char::is_whitespace))
}

/// The receipt of a post that was taken, even where its answer cannot be read. A web page means that something between
/// us and the system answered.
fn receipt(answer: &Answer) -> Result<Receipt, Failure> {
    if answer.is_html() {
        return Err(Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, "")));
    }
    let id = answer.json::<Named>().ok().and_then(|post| post.id.owned());
    let remark = id.is_none().then(|| format!("HTTP {}", answer.status));
    Ok(Receipt { external_id: id, remark })
}

#[async_trait]
impl Chat for TeamMessages {
    fn check(&self, message: &Message) -> Result<(), Failure> {
        let draft = &message.draft;
        let not_offered = [
            (draft.sealed, "sealed"),
            (draft.attachments.is_some(), "attachments"),
            (draft.guise != Guise::default(), "guise"),
        ];
        if let Some((_, field)) = not_offered.into_iter().find(|(is_asked, _)| *is_asked) {
            return Err(Failure::invalid(Reason::NotOffered, field));
        }
        if draft.text.trim().is_empty() && draft.file.is_none() {
            return Err(Failure::invalid(Reason::Missing, "text"));
        }
        let mentions: usize = draft.mentions.iter().map(|address| mention(address).chars().count() + 1).sum();
        if escaped(&draft.text).chars().count() + mentions > LONGEST {
            return Err(Failure::invalid(Reason::TooLong, "text"));
        }
        if draft.thread.as_ref().is_some_and(|id| id.trim().is_empty() || id.trim().contains(char::is_whitespace)) {
            return Err(Failure::invalid(Reason::NotUsable, "thread"));
        }
        if !draft.mentions.iter().all(|address| is_address(address)) {
            return Err(Failure::invalid(Reason::NotUsable, "mentions"));
        }
        match &draft.to {
            Recipient::Room(room) if room.trim().is_empty() => Err(Failure::invalid(Reason::Missing, "room")),
            Recipient::People(people) if people.is_empty() => Err(Failure::invalid(Reason::Missing, "to")),
            Recipient::People(people) if people.len() > MOST_MEMBERS || !people.iter().all(|it| is_address(it)) => {
                Err(Failure::invalid(Reason::NotUsable, "to"))
            }
            Recipient::Room(_) | Recipient::People(_) => Ok(()),
        }
    }

    async fn send(&self, message: &Message) -> Result<Receipt, Failure> {
        self.check(message)?;
        let text = self.text(message).await.map_err(Failure::before_sending)?;
        let chat = self.place(&message.draft.to).await.map_err(Failure::before_sending)?;
        self.post(message, text, (&chat, None)).await
    }

    async fn find(&self, _message: &Message) -> Result<Option<Receipt>, Failure> {
        Ok(None)
    }

    fn can_be_asked(&self) -> bool {
        false
    }

    async fn rooms(&self) -> Result<Vec<Destination>, Failure> {
        let chats = self.recent().await?;
        let open = chats.iter().filter(|it| it.status.0 != "Archived");
        let room = |chat: &Named| {
            Some(Destination {
                address: chat.id.owned()?,
                name: chat.name.owned()?,
                kind: DestinationKind::Room,
                detail: chat.description.owned().unwrap_or_default(),
                // A chat of the whole company lists nobody.
                members: u32::try_from(chat.members.len()).ok().filter(|it| *it > 0),
            })
        };
        Ok(open.filter_map(room).collect())
    }

    fn pace(&self) -> Pace {
        self.client.server().pace(MEDIUM)
    }
}
