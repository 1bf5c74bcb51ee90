//! What this system offers to the rest of the console, in its words.

use async_trait::async_trait;
use model::bulk::Pace;
use model::chat_room::Destination;
use model::connection::{Check, CheckStep, CheckUp};
use model::failure::Problem;
use model::message::{Draft, Guise, Message, Receipt, Recipient};
use model::person::Person;
use model::ports::{Chat, People, Tested};
use model::{Failure, Reason, Why};
use rest::Request;
use serde_json::value::RawValue;
use url::Url;

use crate::client::Client;
use crate::wire::{Info, Me, NewMessage, OneMessage, SendMessage, check_attachments};

/// The permission without which name and picture of the sender cannot be changed.
const IMPERSONATE: &str = "message-impersonate";

#[async_trait]
impl Tested for Client {
    async fn check_up(&self) -> CheckUp {
        let mut check_up = CheckUp { at: self.clock.now(), signed_in_as: None, steps: Vec::new() };
        let version = self.version().await;
        if !push(&mut check_up, Check::Reached, version) {
            return check_up;
        }
        let me = self.me().await;
        check_up.signed_in_as = me.as_ref().ok().filter(|name| !name.is_empty()).cloned();
        if !push(&mut check_up, Check::SignedIn, me) {
            return check_up;
        }
        let people = self.page_of_users(0, 1).await;
        let count = people.map(|page| page.total.map(|total| total.to_string()).unwrap_or_default());
        push(&mut check_up, Check::ReadPeople, count);
        check_up
    }
}

/// Writes down a step; whether it went well.
fn push(check_up: &mut CheckUp, what: Check, outcome: Result<String, Failure>) -> bool {
    let problem = outcome.as_ref().err().map(Problem::from);
    let is_fine = problem.is_none();
    check_up.steps.push(CheckStep { what, found: outcome.unwrap_or_default(), problem });
    is_fine
}

impl Client {
    /// The server's version, asked for without the token: a server of another kind must not see it.
    async fn version(&self) -> Result<String, Failure> {
        let other = || Failure::Surprise(Why::new(Reason::NotThisKind, "api/info"));
        let answer = match self.ask_anybody("api/info").await {
            Err(Failure::Refused(why)) if why.reason == Reason::NotFound => return Err(other()),
            outcome => outcome?,
        };
        if answer.is_html() {
            return Err(Failure::Surprise(Why::new(Reason::HtmlInstead, "api/info")));
        }
        answer.json::<Info>().ok().and_then(Info::version).ok_or_else(other)
    }

    async fn me(&self) -> Result<String, Failure> {
        let me: Me = self.ask("me", Request::get("api/v1/me")).await?.json()?;
        Ok(me.shown().unwrap_or_default())
    }

    /// The text with the mentions that are not in it yet in front.
    pub(crate) async fn text(&self, draft: &Draft) -> Result<String, Failure> {
        let mut mentions = Vec::new();
        for address in &draft.mentions {
            let mention = format!("@{}", self.username(address).await?);
            if !has_mention(&draft.text, &mention) && !mentions.contains(&mention) {
                mentions.push(mention);
            }
        }
        mentions.extend(Some(draft.text.clone()).filter(|text| !text.is_empty()));
        Ok(mentions.join(" "))
    }

    pub(crate) async fn room_id(&self, to: &Recipient) -> Result<String, Failure> {
        match to {
            Recipient::Room(address) => self.room(address).await,
            Recipient::People(people) => {
                let mut usernames: Vec<String> = Vec::new();
                for address in people {
                    let username = self.username(address).await?;
                    if !usernames.contains(&username) {
                        usernames.push(username);
                    }
                }
                self.conversation(&usernames).await
            }
        }
    }
}

/// Whether a text mentions somebody already; `@aya` is not in `@ayako`.
fn has_mention(text: &str, mention: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(mention).any(|(at, _)| {
        let after = text[at + mention.len()..].trim_start_matches('.');
        !after.starts_with(goes_on)
    })
}

/// The route of messages, which has a limit of its own.
const SEND: &str = "chat.sendMessage";

#[async_trait]
impl Chat for Client {
    fn check(&self, message: &Message) -> Result<(), Failure> {
        let invalid = |reason, words: &str| Err(Failure::invalid(reason, words));
        let draft = &message.draft;
        let is_id =
            |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if !is_id(message.id.as_str()) {
            return invalid(Reason::NotUsable, "id");
        }
        if draft.thread.as_deref().is_some_and(|id| !is_id(id)) {
            return invalid(Reason::NotUsable, "thread");
        }
        // A message that shows a file has no cards and no other sender: the server takes neither with one.
        let with_file = [(draft.attachments.is_some(), "attachments"), (draft.guise != Guise::default(), "guise")];
        if draft.file.is_some()
            && let Some((_, field)) = with_file.into_iter().find(|(is_asked, _)| *is_asked)
        {
            return invalid(Reason::NotOffered, field);
        }
        if draft.text.trim().is_empty() && draft.attachments.is_none() && draft.file.is_none() {
            return invalid(Reason::Missing, "text");
        }
        if draft.sealed {
            return invalid(Reason::NotOffered, "sealed");
        }
        check_recipient(&draft.to)?;
        draft.mentions.iter().try_for_each(|address| check_address(address))?;
        check_guise(draft)?;
        draft.attachments.as_ref().map_or(Ok(()), |cards| check_attachments(&cards.0))
    }

    async fn send(&self, message: &Message) -> Result<Receipt, Failure> {
        Chat::check(self, message)?;
        let draft = &message.draft;
        let turn = self.turn.lock().await;
        let text = self.text(draft).await.map_err(Failure::before_sending)?;
        let rid = self.room_id(&draft.to).await.map_err(Failure::before_sending)?;
        drop(turn);
        let body = body(message, &rid, &text)?;
        let request = Request::post("api/v1/chat.sendMessage").json(body);
        let answer = match self.ask(SEND, request).await {
            Ok(answer) => answer,
            Err(failure) => return Err(self.told(failure, draft).await),
        };
        // Taken but not confirmed: the same id may have been there before. The server can be asked.
        let unclear = |_| Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, ""));
        let kept: OneMessage = answer.json().map_err(unclear)?;
        Ok(Receipt { external_id: Some(kept.message.id), remark: None })
    }

    async fn find(&self, message: &Message) -> Result<Option<Receipt>, Failure> {
        let request = Request::get("api/v1/chat.getMessage").query("msgId", message.id.as_str());
        match self.ask("chat.getMessage", request).await {
            Ok(answer) => {
                let kept: OneMessage = answer.json()?;
                let is_ours = kept.message.id == message.id.as_str();
                Ok(is_ours.then_some(Receipt { external_id: Some(kept.message.id), remark: None }))
            }
            Err(Failure::Refused(why)) if is_no_message(&why) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    fn can_be_asked(&self) -> bool {
        true
    }

    async fn rooms(&self) -> Result<Vec<Destination>, Failure> {
        Ok(self.joined_rooms().await?.iter().filter_map(|room| room.destination()).collect())
    }

    fn pace(&self) -> Pace {
        self.pace_of(SEND)
    }
}

/// Whether a refusal says that there is no such message: an error without any text, or one that says so.
fn is_no_message(why: &Why) -> bool {
    why.reason == Reason::SystemRefused && (why.words == "HTTP 400" || why.words.contains("No message"))
}

impl Client {
    /// A refusal with what is known about it beyond the server's words.
    pub(crate) async fn told(&self, failure: Failure, draft: &Draft) -> Failure {
        let Failure::Refused(why) = failure else {
            return failure;
        };
        // The room may have gone, or the user may have left it.
        if matches!(why.reason, Reason::NotFound | Reason::NoPermission) {
            self.forget_rooms().await;
        }
        let is_disguised = draft.guise.alias.is_some() || draft.guise.avatar.is_some();
        if why.reason == Reason::NoPermission && is_disguised {
            return Failure::Refused(Why::new(why.reason, format!("{} ({IMPERSONATE})", why.words)));
        }
        Failure::Refused(why)
    }
}

fn check_recipient(to: &Recipient) -> Result<(), Failure> {
    match to {
        Recipient::Room(address) if address.trim().trim_start_matches('#').is_empty() => {
            Err(Failure::invalid(Reason::Missing, "to"))
        }
        Recipient::Room(_) => Ok(()),
        Recipient::People(people) if people.is_empty() => Err(Failure::invalid(Reason::Missing, "to")),
        Recipient::People(people) => people.iter().try_for_each(|address| check_address(address)),
    }
}

/// A user name or an e-mail address. The wire joins several by commas.
fn check_address(address: &str) -> Result<(), Failure> {
    let name = address.trim().trim_start_matches('@');
    let is_bad = |c: char| c == ',' || c.is_whitespace() || c.is_control();
    if name.is_empty() || name.contains(is_bad) {
        return Err(Failure::invalid(Reason::NotUsable, address));
    }
    Ok(())
}

fn check_guise(draft: &Draft) -> Result<(), Failure> {
    let unusable = |words: &str| Err(Failure::invalid(Reason::NotUsable, words));
    let guise = &draft.guise;
    if guise.alias.as_ref().is_some_and(|alias| alias.trim().is_empty()) {
        return unusable("alias");
    }
    let is_emoji = |text: &str| text.len() > 2 && text.starts_with(':') && text.ends_with(':') && !text.contains(' ');
    if guise.emoji.as_ref().is_some_and(|emoji| !is_emoji(emoji)) {
        return unusable("emoji");
    }
    let is_web = |text: &String| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if guise.avatar.as_ref().is_some_and(|avatar| !is_web(avatar)) {
        return unusable("avatar");
    }
    Ok(())
}

fn body(message: &Message, rid: &str, text: &str) -> Result<String, Failure> {
    let guise = &message.draft.guise;
    let unusable = |it: serde_json::Error| Failure::invalid(Reason::NotUsable, format!("attachments: {it}"));
    let attachments: Option<&RawValue> =
        message.draft.attachments.as_ref().map(|cards| serde_json::from_str(&cards.0)).transpose().map_err(unusable)?;
    let message = NewMessage {
        id: message.id.as_str(),
        rid,
        msg: text,
        alias: guise.alias.as_deref(),
        emoji: guise.emoji.as_deref(),
        avatar: guise.avatar.as_deref(),
        attachments,
        tmid: message.draft.thread.as_deref(),
    };
    serde_json::to_string(&SendMessage { message }).map_err(unusable)
}

#[async_trait]
impl People for Client {
    async fn people(&self) -> Result<Vec<Person>, Failure> {
        let users = self.all_users().await?;
        Ok(users.into_iter().map(|user| user.into_person(&self.connection)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_written_once() {
        let check = |text: &str, expected: bool| assert_eq!(has_mention(text, "@aya"), expected, "{text}");
        check("hello @aya", true);
        check("@aya: hello", true);
        check("thanks, @aya.", true);
        check("@ayako hello", false);
        check("@aya.tanaka hello", false);
        check("@ayako and @aya", true);
        check("@ayaさん", true);
        check("aya", false);
    }
}
