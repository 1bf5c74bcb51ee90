//! The rules for attachment cards, which the server checks too, but only after the message has left.

use model::{Failure, Reason};
use serde_json::{Map, Value};
use url::Url;

/// Checks a JSON array of cards: the types of what is there, complete table fields, and absolute web addresses.
///
/// # Errors
/// `Invalid` with the place, such as `attachments[0].fields[1].title`.
pub(crate) fn check_attachments(text: &str) -> Result<(), Failure> {
    let unusable = |words: String| Failure::invalid(Reason::NotUsable, words);
    let cards: Value = serde_json::from_str(text).map_err(|it| unusable(format!("attachments: {it}")))?;
    let cards = cards.as_array().ok_or_else(|| unusable("attachments".to_owned()))?;
    for (index, card) in cards.iter().enumerate() {
        let place = format!("attachments[{index}]");
        let fields = card.as_object().ok_or_else(|| unusable(place.clone()))?;
        fields.iter().try_for_each(|(key, value)| check_field(&format!("{place}.{key}"), key, value))?;
    }
    Ok(())
}

fn check_field(place: &str, key: &str, value: &Value) -> Result<(), Failure> {
    let is_right = match key {
        "color" | "text" | "title" | "author_name" => value.is_string(),
        "ts" => value.is_string() || value.is_number(),
        "collapsed" | "title_link_download" => value.is_boolean(),
        "fields" => return check_table(place, value),
        "author_icon" => is_address(value),
        _ if key.ends_with("_url") || key.ends_with("_link") => is_address(value),
        _ => true,
    };
    if is_right { Ok(()) } else { Err(Failure::invalid(Reason::NotUsable, place)) }
}

fn is_address(value: &Value) -> bool {
    let url = value.as_str().and_then(|text| Url::parse(text).ok());
    url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn check_table(place: &str, value: &Value) -> Result<(), Failure> {
    let unusable = |words: String| Failure::invalid(Reason::NotUsable, words);
    let rows = value.as_array().ok_or_else(|| unusable(place.to_owned()))?;
    for (index, row) in rows.iter().enumerate() {
        let place = format!("{place}[{index}]");
        let row = row.as_object().ok_or_else(|| unusable(place.clone()))?;
        for key in ["title", "value"] {
            check_text(row, key).map_err(|reason| Failure::invalid(reason, format!("{place}.{key}")))?;
        }
        if row.get("short").is_some_and(|short| !short.is_boolean()) {
            return Err(unusable(format!("{place}.short")));
        }
    }
    Ok(())
}

fn check_text(row: &Map<String, Value>, key: &str) -> Result<(), Reason> {
    match row.get(key) {
        None | Some(Value::Null) => Err(Reason::Missing),
        Some(Value::String(text)) if text.is_empty() => Err(Reason::Missing),
        Some(Value::String(_)) => Ok(()),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Err(Reason::NotUsable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_checked_before_they_leave() {
        let check = |text: &str, expected: Option<(Reason, &str)>| {
            let found = check_attachments(text).err().map(|it| (it.why().reason, it.why().words.clone()));
            assert_eq!(found, expected.map(|(reason, words)| (reason, words.to_owned())), "{text}");
        };
        let sample = r##"[{"color":"#ff0000","text":"Yay","ts":"2016-12-09T16:53:06.761Z","collapsed":false,
            "thumb_url":"https://h/a.png","message_link":"https://h","author_icon":"https://h/b","title_link_download":true,
            "fields":[{"short":true,"title":"Test","value":"Testing"}],"something":{"else":1}}]"##;
        check(sample, None);
        check("[]", None);
        check("{}", Some((Reason::NotUsable, "attachments")));
        check("[1]", Some((Reason::NotUsable, "attachments[0]")));
        check(r#"[{"title":7}]"#, Some((Reason::NotUsable, "attachments[0].title")));
        check(r#"[{"ts":true}]"#, Some((Reason::NotUsable, "attachments[0].ts")));
        check(r#"[{"collapsed":"no"}]"#, Some((Reason::NotUsable, "attachments[0].collapsed")));
        check(r#"[{},{"image_url":"/a.png"}]"#, Some((Reason::NotUsable, "attachments[1].image_url")));
        check(r#"[{"title_link":"javascript:alert(1)"}]"#, Some((Reason::NotUsable, "attachments[0].title_link")));
        check(r#"[{"fields":{}}]"#, Some((Reason::NotUsable, "attachments[0].fields")));
        check(r#"[{"fields":[{"title":"a"}]}]"#, Some((Reason::Missing, "attachments[0].fields[0].value")));
        check(r#"[{"fields":[{"title":"","value":"a"}]}]"#, Some((Reason::Missing, "attachments[0].fields[0].title")));
        check(r#"[{"fields":[{"title":"a","value":1}]}]"#, Some((Reason::NotUsable, "attachments[0].fields[0].value")));
        check(
            r#"[{"fields":[{"title":"a","value":"b","short":1}]}]"#,
            Some((Reason::NotUsable, "attachments[0].fields[0].short")),
        );
    }
}
