//! Readers under anything: no panic, nothing dropped, nothing changed.

use proptest::prelude::*;

const SEEDS: &[&str] = &[
    include_str!("../fixtures/detailed.json"),
    include_str!("../fixtures/extensions.json"),
    r#"{"records":[{"id":"a"},{"id":null},7],"navigation":{"nextPage":{"uri":"x?page=2"}},"syncInfo":{"syncToken":1}}"#,
    r#"{"sequence":1,"telephonySessionId":"s","eventTime":"2026-10-14T01:00:00Z","parties":[{"id":"p","status":{"code":"Setup"}}]}"#,
    r#"{"extensionId":"1","presenceStatus":"Busy","telephonyStatus":"Ringing"}"#,
    r#"{"errorCode":"TokenInvalid","errors":[{"errorCode":"OAU-149","message":"x","permissionName":null}]}"#,
];

/// Any JSON, with the vendor's own keys here and there.
fn json() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<i64>().prop_map(|it| it.to_string()),
        any::<f64>().prop_filter("JSON has no such number", |it| it.is_finite()).prop_map(|it| it.to_string()),
        any::<String>().prop_map(|it| serde_json::to_string(&it).unwrap()),
        Just("\"2026-10-14T01:00:00Z\"".to_owned()),
        Just("1564831284702237059".to_owned()),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "id",
            "records",
            "legs",
            "from",
            "to",
            "extension",
            "startTime",
            "duration",
            "direction",
            "result",
            "deleted",
            "parties",
            "telephonySessionId",
            "sequence",
            "status",
            "code",
            "navigation",
            "nextPage",
            "uri",
            "errors",
        ])
        .prop_map(|it| serde_json::to_string(it).unwrap()),
        any::<String>().prop_map(|it| serde_json::to_string(&it).unwrap()),
    ];
    word.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(|it| format!("[{}]", it.join(","))),
            prop::collection::vec((key.clone(), inner), 0..8).prop_map(|it| {
                let pairs: Vec<_> = it.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
                format!("{{{}}}", pairs.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_read_without_a_panic_and_stays_as_it_came(text in json()) {
        ring_central::fuzzing::read(text.as_bytes());
    }

    #[test]
    fn a_broken_answer_is_read_without_a_panic(
        seed in prop::sample::select(SEEDS),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = seed.as_bytes().to_vec();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        ring_central::fuzzing::read(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        ring_central::fuzzing::read(&bytes);
    }
}
