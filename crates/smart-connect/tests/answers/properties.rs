//! Whatever comes, nothing breaks and nothing is lost.

use proptest::prelude::*;
use smart_connect::fuzzing;

/// JSON of any shape, with names and values that the readers know among it.
fn any_json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<u64>().prop_map(|it| it.to_string()),
        "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,4})?",
        any::<String>().prop_map(quoted),
        known_value().prop_map(quoted),
        Just(r#""\ud800\/""#.to_owned()),
    ];
    scalar.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|all| format!("[ {}]", all.join(" ,"))),
            prop::collection::vec((known_name(), inner), 0..8).prop_map(object),
        ]
    })
}

fn object(members: Vec<(String, String)>) -> String {
    let members: Vec<_> = members.iter().map(|(name, value)| format!("{}: {value}", quoted(name.clone()))).collect();
    format!("{{{} }}", members.join(","))
}

fn known_name() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "ID",
        "ＩＤ",
        "顧客ID",
        "回線No",
        "着信日時",
        "着信日",
        "着信時刻",
        "相手TEL",
        "メモ",
        "対応",
        "d",
        "result",
        "msg",
    ];
    prop_oneof![4 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => any::<String>()]
}

fn known_value() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] =
        &["1", "True", "非通知", "2026/10/4 9:31:04", "/Date(1566000000000+0900)/", "+81-3-5550-0142", "20261014", ""];
    prop::sample::select(KNOWN).prop_map(str::to_owned)
}

fn quoted(text: String) -> String {
    serde_json::to_string(&text).unwrap()
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_breaking(data in prop::collection::vec(any::<u8>(), 0..300)) {
        fuzzing::read(&data);
    }

    #[test]
    fn any_text_is_read_without_breaking(text in "[\\[\\]{}\",:0-9aDte\\\\/+\\-() あ非\u{feff}]{0,80}") {
        fuzzing::read(text.as_bytes());
    }

    #[test]
    fn any_json_is_read_and_keeps_every_row(json in any_json()) {
        fuzzing::read(json.as_bytes());
        fuzzing::read(quoted(json.clone()).as_bytes());
        fuzzing::read(format!(r#"{{"d":{json}}}"#).as_bytes());
        let rows = format!("\u{feff}[{json},{{\"ID\":\"1\"}}\t, {json}]");
        fuzzing::read(rows.as_bytes());
        for cut in (0..rows.len()).step_by(7) {
            fuzzing::read(&rows.as_bytes()[..cut]);
        }
    }

    #[test]
    fn any_row_is_changed_without_touching_the_rest(members in prop::collection::vec((known_name(), any_json()), 0..8)) {
        fuzzing::read(object(members).as_bytes());
    }
}
