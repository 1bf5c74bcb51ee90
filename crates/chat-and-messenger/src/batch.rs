//! `sendMessages`: several messages in one request, and the file of messages that the vendor documents, read as loosely as it is
//! printed there and never written so.

use async_trait::async_trait;
use model::message::{Letter, Message, ReadLetter, Receipt, Recipient};
use model::ports::{Batches, Chat};
use model::{Failure, Reason, Why};
use rest::Request;

use crate::client::{Client, Taken};
use crate::ports::{addresses, checked};
use crate::wire::{BatchItem, Fields, GeneralPurposes, Json, SendMessage, strict};

/// The name of the form field, which a file may begin with.
const FIELD: &str = "messages";
/// The most messages of one request. The vendor names no limit; a smaller request leaves less in doubt.
const MOST: usize = 50;

#[async_trait]
impl Batches for Client {
    fn read(&self, text: &str) -> Result<Vec<ReadLetter>, Failure> {
        let unusable = |words: String| Failure::invalid(Reason::NotUsable, words);
        let whole = strict(text, FIELD);
        let json = Json::parse(whole.trim()).map_err(|it| unusable(format!("{FIELD}: {it}")))?;
        let list = json.opened().list().ok_or_else(|| unusable(FIELD.to_owned()))?;
        let skipped = text.find('[').map_or(0, |start| lines(&text[..start]));
        let mut begins = beginnings(&whole).into_iter().map(|line| line + skipped);
        let read = |(at, item): (usize, &Json)| ReadLetter {
            line: begins.next().unwrap_or(1),
            letter: letter(item).map_err(|it| format!("{FIELD}[{at}]{it}")),
        };
        Ok(list.iter().enumerate().map(read).collect())
    }

    async fn send(&self, messages: &[Message]) -> Vec<Result<Receipt, Failure>> {
        let mut outcomes = Vec::new();
        while let Some(next) = messages.get(outcomes.len()) {
            let rest = &messages[outcomes.len()..];
            let before = outcomes.len();
            if next.draft.sealed {
                // No sample of a batch asks for a receipt.
                outcomes.push(Chat::send(self, next).await);
            } else {
                let chunk = rest.iter().take(MOST).take_while(|it| !it.draft.sealed).count();
                outcomes.extend(self.send_chunk(&rest[..chunk]).await);
            }
            if outcomes[before..].iter().any(Result::is_err) {
                break;
            }
        }
        outcomes
    }
}

impl Client {
    /// Sends one request; the outcome of each message. Nothing leaves where one of them cannot be sent: then it has the only outcome.
    async fn send_chunk(&self, messages: &[Message]) -> Vec<Result<Receipt, Failure>> {
        let items: Result<Vec<_>, _> = messages.iter().map(item).collect();
        let outcome = match items {
            Err(failure) => return vec![Err(failure)],
            Ok(items) => {
                let body = Json::written(&items).raw().0;
                self.write(Request::post("sendMessages").form(&[(FIELD, &body)]), None).await
            }
        };
        let outcome = match outcome {
            Ok(Taken::Understood(_)) => Ok(Receipt::default()),
            Ok(Taken::NotUnderstood(text)) => Ok(Receipt { external_id: None, remark: Some(text) }),
            // The words may be about one of them alone.
            Err(Failure::Refused(why)) if messages.len() > 1 && why.reason == Reason::SystemRefused => {
                Err(Failure::Unknown(Why::new(Reason::OutcomeUnknown, why.words)))
            }
            Err(failure) => Err(failure),
        };
        vec![outcome; messages.len()]
    }
}

/// A message as an item of the list, or what is wrong with it.
fn item(message: &Message) -> Result<BatchItem<'_>, Failure> {
    let (panel, users) = checked(message)?;
    Ok(BatchItem {
        send: (panel != SendMessage::DIRECT).then_some(panel),
        message: &message.draft.text,
        property: GeneralPurposes::of(&users),
    })
}

/// How many lines end in a text.
fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// The lines in which the items of a list begin, counted from 1.
fn beginnings(list: &str) -> Vec<u32> {
    let (mut line, mut depth, mut found) = (1, 0_u32, Vec::new());
    let (mut in_text, mut is_escaped, mut is_awaited) = (false, false, false);
    for sign in list.chars() {
        if sign == '\n' {
            line += 1;
        }
        if in_text {
            in_text = is_escaped || sign != '"';
            is_escaped = sign == '\\' && !is_escaped;
            continue;
        }
        if is_awaited && depth == 1 && !sign.is_whitespace() && sign != ']' {
            found.push(line);
            is_awaited = false;
        }
        match sign {
            '"' => in_text = true,
            '[' | '{' => {
                depth += 1;
                is_awaited = depth == 1;
            }
            ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 1 => is_awaited = true,
            _ => {}
        }
    }
    found
}

/// An item of a file. Keys and addresses may have blanks in them that a translation left there.
fn letter(item: &Json) -> Result<Letter, String> {
    let fields = |json: &Json| {
        let fields = json.fields()?.0;
        Some(Fields(fields.into_iter().map(|(key, value)| (key.trim().to_owned(), value)).collect()))
    };
    let item = fields(item).ok_or_else(String::new)?;
    let text = item.get("message").and_then(Json::string).ok_or(".message")?;
    let users = match item.get("property") {
        None => Vec::new(),
        Some(property) => {
            let users = fields(property).and_then(|it| it.get("users")?.string()).ok_or(".property.users")?;
            let whole: String = users.chars().filter(|c| !c.is_whitespace()).collect();
            let list: Vec<String> = whole.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
            addresses(&list).map_err(|_| ".property.users")?
        }
    };
    match item.text(&["send"]) {
        Some(room) if room != SendMessage::DIRECT => Ok(Letter { to: Recipient::Room(room), text, mentions: users }),
        _ if users.is_empty() => Err(".property.users".to_owned()),
        _ => Ok(Letter { to: Recipient::People(users), text, mentions: Vec::new() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_has_the_line_where_it_begins() {
        assert_eq!(beginnings("[{\"a\":\"[,\\\"\"},\n\n {\"b\":[1,2]}, 3,\n\"x\"]"), [1, 3, 3, 4]);
        assert_eq!(beginnings("[]"), [0_u32; 0]);
    }
}
