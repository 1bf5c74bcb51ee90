//! Bulk sending of what offices have: files of many rows, letters of Windows, names with any sign, texts that are too long, and one composed
//! message for several systems.

use model::Raw;
use model::bulk::{
    BulkDraft, BulkEncoding, BulkExport, BulkMessage, BulkOptions, BulkProblemKind, BulkQuery, BulkRecipient,
    BulkSource, BulkState,
};
use model::export::{FileFormat, TextEncoding};
use model::message::Recipient;
use simulators::{CHAT_AND_MESSENGER, RING_CENTRAL, ROCKET_CHAT};

use crate::support::Desk;

/// Who sends.
const WHO: &str = "misaki";
/// Rows of a large file.
const MANY: u32 = 10_000;
/// Names that were trouble to some program once.
const NAMES: [&str; 7] = ["👩🏽‍💻 Zoë", "=cmd()", "+81 田中", "O'Brien, \"Bob\"", "ｱｲｳ㈱", "אבג", "髙橋\u{fe00}"];

async fn draft(desk: &Desk, system: &str, bytes: Vec<u8>, text: &str) -> BulkDraft {
    let source = BulkSource::File { connection: desk.id(system).await, name: "a.csv".into(), bytes, text: text.into() };
    BulkDraft { title: String::new(), source, options: BulkOptions { gap_ms: Some(0), ..BulkOptions::default() } }
}

#[tokio::test]
async fn ten_thousand_rows_in_the_letters_of_windows_are_read_to_the_last() {
    let desk = Desk::synced().await;
    let mut bytes = b"To,\x96\xbc\x91O\r\n".to_vec();
    for row in 0..MANY {
        bytes.extend(format!("user{row}@example.jp,").bytes());
        bytes.extend(b"\xfb\xfc\x8b\xb4 ");
        bytes.extend(format!("{row}\r\n").bytes());
    }
    let file = desk.console.bulk_read(&desk.id(CHAT_AND_MESSENGER).await, &bytes).await.unwrap();
    assert_eq!((file.encoding, file.total), (BulkEncoding::Cp932, MANY));
    let draft = draft(&desk, CHAT_AND_MESSENGER, bytes, "{{名前}} 様").await;
    let bulk = desk.console.bulk_plan(draft, WHO).await.unwrap();
    assert_eq!(
        (bulk.counts.total, bulk.counts.excluded, bulk.fields.as_slice()),
        (MANY, 0, ["名前".to_owned()].as_slice())
    );
    let query = BulkQuery { offset: MANY - 1, ..BulkQuery::default() };
    let page = desk.console.bulk_rows(&bulk.id, query).await.unwrap();
    let last = page.rows.last().unwrap();
    assert_eq!((last.position, last.line, last.text.as_str()), (MANY, Some(MANY + 1), "髙橋 9999 様"));
}

#[tokio::test]
async fn names_with_any_sign_arrive_as_they_are_and_stand_harmless_in_the_report() {
    let desk = Desk::synced().await;
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let rows = NAMES.map(|name| format!("t.kenichi@example.jp,{}\n", quoted(name)));
    let text = format!("to,name\n{}", rows.concat());
    let draft = draft(&desk, CHAT_AND_MESSENGER, text.into_bytes(), "{{name}} 様").await;
    let bulk = desk.console.bulk_plan(draft, WHO).await.unwrap();
    let (news, _told) = tokio::sync::mpsc::unbounded_channel();
    let done = desk.console.bulk_run_here(&bulk.id, WHO, news, None).await.unwrap();
    assert_eq!((done.state, done.counts.sent), (BulkState::Done, NAMES.len() as u32));
    let arrived: Vec<_> = desk.office.chat_and_messenger.messages().into_iter().map(|it| it.message).collect();
    assert_eq!(arrived, NAMES.map(|name| format!("{name} 様")));
    let export = BulkExport {
        bulk: bulk.id.clone(),
        name: "report".into(),
        format: FileFormat::Csv,
        encoding: TextEncoding::Utf8,
        headings: vec![],
        words: Default::default(),
    };
    let wall = |at: model::Time| at.utc().naive_utc();
    let written = desk.console.bulk_export(export, desk.folder.path(), wall).await.unwrap();
    let report = std::fs::read_to_string(&written.file).unwrap();
    assert_eq!(written.rows, NAMES.len() as u64);
    for (name, shown) in [("=cmd() 様", "'=cmd() 様"), ("+81 田中 様", "+81 田中 様")] {
        assert!(report.contains(shown), "{name}: {report}");
    }
    assert!(!report.contains(",=cmd()"), "{report}");
    assert!(NAMES.iter().all(|name| report.contains(&name.replace('"', "\"\""))), "{report}");
}

#[tokio::test]
async fn a_text_of_four_megabytes_is_told_before_anything_is_sent() {
    let desk = Desk::synced().await;
    let long = "長い文".repeat(4 * 1024 * 1024 / 9);
    let text = format!("to,message\nt.kenichi,{long}\nt.kenichi,{{{{nothing}}}}\nt.kenichi,ok\n");
    let bulk = desk.console.bulk_plan(draft(&desk, ROCKET_CHAT, text.into_bytes(), "").await, WHO).await.unwrap();
    let kinds: Vec<_> = bulk.problems.iter().map(|it| (it.kind, it.excluded)).collect();
    assert_eq!(kinds, [(BulkProblemKind::EmptyField, 1), (BulkProblemKind::TooLong, 1)]);
    assert_eq!(bulk.counts.total, 1);
}

#[tokio::test]
async fn one_message_takes_the_shape_of_each_system() {
    let desk = Desk::synced().await;
    let person = desk.office.rocket_chat.people()[0].clone();
    let recipient = async |system: &str, to: Recipient, text: Option<&str>| BulkRecipient {
        connection: desk.id(system).await,
        to,
        fields: [("caller".to_owned(), "西村 \"彩\"".to_owned())].into(),
        text: text.map(str::to_owned),
        mentions: vec![person.username.clone()],
    };
    let to = |address: &str| Recipient::People(vec![address.to_owned()]);
    let recipients = vec![
        recipient(CHAT_AND_MESSENGER, to(&person.email), None).await,
        recipient(ROCKET_CHAT, Recipient::Room("general".into()), None).await,
        recipient(RING_CENTRAL, to(&person.email), Some("{{caller}}様\n\n**折り返し**")).await,
    ];
    let message = BulkMessage {
        text: "{{caller}}様".into(),
        sealed: true,
        attachments: Some(Raw(r#"[{"title":"{{caller}}様へ折り返し"}]"#.into())),
        ..BulkMessage::default()
    };
    let source = BulkSource::Composed { message, recipients };
    let draft = BulkDraft { title: String::new(), source, options: BulkOptions::default() };
    let bulk = desk.console.bulk_plan(draft, WHO).await.unwrap();
    assert_eq!((bulk.counts.total, bulk.counts.excluded), (3, 0), "{:?}", bulk.problems);
    let (news, _told) = tokio::sync::mpsc::unbounded_channel();
    let done = desk.console.bulk_run_here(&bulk.id, WHO, news, None).await.unwrap();
    assert_eq!((done.state, done.counts.sent), (BulkState::Done, 3));
    let sealed = desk.office.chat_and_messenger.messages();
    assert_eq!((sealed[0].is_sealed, sealed[0].message.as_str()), (true, "西村 \"彩\"様"));
    let messages = desk.office.rocket_chat.messages();
    let card = messages.iter().find(|it| it.msg.contains("西村 \"彩\"様")).unwrap();
    assert_eq!(card.extras["attachments"][0]["title"], "西村 \"彩\"様へ折り返し");
    assert!(card.msg.contains(&format!("@{}", person.username)), "{}", card.msg);
    let posts = desk.office.ring_central.posts();
    assert!(posts.iter().any(|it| it.text == "西村 \"彩\"様\n\n**折り返し**"), "{posts:?}");
}
