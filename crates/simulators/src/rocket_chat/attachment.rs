//! The check of attachments: types only where a field is there, absolute addresses, complete table fields.

use serde_json::{Map, Value};
use url::Url;

use super::answer::Refusal;

/// Checks `attachments` of a message.
pub(super) fn check(attachments: &Value) -> Result<(), Refusal> {
    let list = attachments.as_array().ok_or_else(|| Refusal::plain("Match error: Expected array, got object"))?;
    for (at, attachment) in list.iter().enumerate() {
        let card = attachment.as_object();
        let card = card.ok_or_else(|| Refusal::plain(&format!("Match error: Expected object in attachments[{at}]")))?;
        card.iter().try_for_each(|(key, value)| check_field(at, key, value))?;
    }
    Ok(())
}

fn check_field(at: usize, key: &str, value: &Value) -> Result<(), Refusal> {
    let is_right = match key {
        "color" | "text" | "title" | "author_name" | "pretext" | "description" | "message_id" => value.is_string(),
        "ts" => value.is_string() || value.is_number(),
        "collapsed" | "title_link_download" => value.is_boolean(),
        "fields" => return check_table(value),
        _ if key.ends_with("_url") || key.ends_with("_link") || key == "author_icon" => return check_address(value),
        _ => true,
    };
    if is_right { Ok(()) } else { Err(Refusal::plain(&format!("Match error: wrong type in attachments[{at}].{key}"))) }
}

fn check_address(value: &Value) -> Result<(), Refusal> {
    let is_safe = |url: Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let url = value.as_str().and_then(|text| Url::parse(text).ok());
    if url.is_some_and(is_safe) { Ok(()) } else { Err(Refusal::plain("Invalid href value provided")) }
}

fn check_table(fields: &Value) -> Result<(), Refusal> {
    let is_complete = |field: &Map<String, Value>| {
        let has = |key: &str| field.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        has("title") && has("value") && field.get("short").is_none_or(Value::is_boolean)
    };
    let list = fields.as_array().map(Vec::as_slice);
    let list = list.ok_or_else(|| Refusal::plain("Match error: Expected array, got object in field fields"))?;
    if list.iter().all(|field| field.as_object().is_some_and(is_complete)) {
        return Ok(());
    }
    Err(Refusal::plain("Invalid attachment field, title and value is required"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(attachment: Value) -> Option<String> {
        check(&json!([attachment])).err().map(|refusal| refusal.body["error"].as_str().unwrap_or_default().to_owned())
    }

    #[test]
    fn cards_are_checked_field_by_field() {
        let good = json!({ "color": "#ff0000", "ts": 1, "title_link": "https://example.jp/", "fields": [
            { "short": true, "title": "Room", "value": "301" } ] });
        assert_eq!(refused(good), None);
        let field = "Invalid attachment field, title and value is required";
        assert_eq!(refused(json!({ "fields": [{ "title": "Room" }] })).as_deref(), Some(field));
        for address in ["javascript:alert(1)", "/file.png", "example.jp"] {
            let words = refused(json!({ "image_url": address }));
            assert_eq!(words.as_deref(), Some("Invalid href value provided"), "{address}");
        }
        assert!(refused(json!({ "collapsed": "yes" })).is_some());
        assert!(refused(json!({ "text": 5 })).is_some());
    }
}
