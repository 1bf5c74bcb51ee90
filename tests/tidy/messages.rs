//! Every language of the window has the same messages with the same blanks, and a sentence for every reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

/// The blanks of every message, by its key.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn read(text: &str) -> Messages {
    let value: Value = serde_json::from_str(text).expect("a message file is JSON");
    let messages =
        value.as_object().expect("a message file is an object").iter().filter(|(key, _)| !key.starts_with('$'));
    messages.map(|(key, message)| (key.clone(), blanks(message))).collect()
}

/// The names in braces of a message and of all its forms.
fn blanks(message: &Value) -> BTreeSet<String> {
    match message {
        Value::String(text) => {
            text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
        }
        Value::Array(all) => all.iter().flat_map(blanks).collect(),
        Value::Object(all) => all.values().flat_map(blanks).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => BTreeSet::new(),
    }
}

/// Where two languages differ.
fn differences(one: &Messages, other: &Messages) -> Vec<String> {
    let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    keys.into_iter().filter(|key| one.get(*key) != other.get(*key)).cloned().collect()
}

fn without_sentence(messages: &Messages) -> Vec<String> {
    let reasons = model::Reason::ALL.iter().map(|reason| serde_json::to_value(reason).expect("a reason is a word"));
    let wanted = reasons.filter_map(|name| name.as_str().map(|name| format!("reason_{name}")));
    wanted.filter(|key| !messages.contains_key(key)).collect()
}

fn languages() -> BTreeMap<String, Messages> {
    let folder = tests::root().join("ui/messages");
    let languages = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut all = BTreeMap::new();
    for language in languages.flatten() {
        let files = fs::read_dir(language.path()).expect("each language is a folder");
        let texts = files.flatten().map(|file| fs::read_to_string(file.path()).expect("a message file can be read"));
        all.insert(language.file_name().to_string_lossy().into_owned(), texts.flat_map(|text| read(&text)).collect());
    }
    all
}

#[test]
fn every_language_has_every_message() {
    let all = languages();
    assert!(all.contains_key("ja") && all.contains_key("en"), "{:?}", all.keys());
    let english = &all["en"];
    assert!(english.len() > 50, "the messages were found");
    for (name, messages) in &all {
        assert_eq!(differences(english, messages), [""; 0], "missing or with other blanks in {name} or en");
    }
    let differ = |one: &str, other: &str| differences(&read(one), &read(other));
    assert_eq!(
        differ("{\"a\":\"\",\"$schema\":\"\"}", "{\"a\":\"\",\"b\":\"\"}"),
        ["b"],
        "the rule sees a missing message"
    );
    assert_eq!(differ("{\"a\":\"{n} of {m}\"}", "{\"a\":[{\"x\":\"{n}\"}]}"), ["a"], "the rule sees a missing blank");
}

#[test]
fn every_reason_has_a_sentence_in_every_language() {
    for (name, messages) in languages() {
        assert_eq!(without_sentence(&messages), [""; 0], "{name} has no sentence for these");
    }
    assert!(!without_sentence(&read("{\"reason_timed_out\":\"…\"}")).is_empty(), "the rule sees a missing sentence");
}
