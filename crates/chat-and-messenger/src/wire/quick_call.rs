//! The link in the answer to `createQuickCall`, whose shape is not documented.

use model::Raw;
use model::message::QuickCall;

use super::{Fields, Json};

/// Keys that may hold the link, best first.
const KEYS: &[&str] =
    &["url", "URL", "quickCallUrl", "quickCallURL", "callUrl", "callURL", "conferenceUrl", "meetingUrl", "link"];

/// Finds the link: under a known key, else the only link in the answer, else the whole answer where it is one.
pub(crate) fn quick_call(body: &str) -> QuickCall {
    let body = body.trim();
    match Json::parse(body) {
        Ok(json) => {
            let opened = json.clone().opened();
            let mut texts = Vec::new();
            gather(&opened, &mut texts);
            let url = under_key(&opened).or_else(|| (texts.len() == 1).then(|| texts.remove(0)));
            QuickCall { url, raw: json.raw() }
        }
        Err(_) => {
            QuickCall { url: Some(body.to_owned()).filter(|it| is_link(it)), raw: Raw(Json::from_text(body).raw().0) }
        }
    }
}

fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(char::is_whitespace)
}

fn under_key(json: &Json) -> Option<String> {
    let fields = json.fields()?;
    let here = |fields: &Fields| KEYS.iter().filter_map(|key| fields.text(&[key])).find(|text| is_link(text));
    here(&fields).or_else(|| fields.0.iter().find_map(|(_, value)| under_key(&value.clone().opened())))
}

fn gather(json: &Json, links: &mut Vec<String>) {
    if let Some(text) = json.text().filter(|text| is_link(text))
        && !links.contains(&text)
    {
        links.push(text);
    }
    for item in json.list().unwrap_or_default() {
        gather(&item, links);
    }
    for (_, value) in json.fields().unwrap_or_default().0 {
        gather(&value.opened(), links);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_found_or_the_answer_is_shown_as_it_is() {
        let check =
            |body: &str, expected: Option<&str>| assert_eq!(quick_call(body).url.as_deref(), expected, "{body}");
        check(r#"{"url":"https://app.example.jp/q/1"}"#, Some("https://app.example.jp/q/1"));
        check(r#"{"result":{"help":"https://h/help","meetingUrl":"https://h/q"}}"#, Some("https://h/q"));
        check(r#"{"what":["https://h/q"]}"#, Some("https://h/q"));
        check(r#"{"a":"https://h/1","b":"https://h/2"}"#, None);
        check(r#""https://h/q""#, Some("https://h/q"));
        check("https://h/q\n", Some("https://h/q"));
        check(r#"{"url":"javascript:alert(1)"}"#, None);
        check("OK", None);
        assert_eq!(quick_call("OK").raw.0, r#""OK""#, "what is no JSON is shown as a text");
        assert_eq!(quick_call(r#"{"a": 1.10}"#).raw.0, r#"{"a": 1.10}"#);
    }
}
