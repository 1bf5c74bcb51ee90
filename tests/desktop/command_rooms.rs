//! `frontdesk-cli rooms`: what callers of the command line rely on, against the simulated office.

use serde_json::Value;
use simulators::{CHAT_AND_MESSENGER, Fault, ROCKET_CHAT};

use crate::command_line::{Said, Terminal};

fn list<'a>(json: &'a Value, key: &str) -> &'a [Value] {
    json[key].as_array().map_or(&[], Vec::as_slice)
}

/// Runs `rooms` at the connection with rooms.
async fn rooms(terminal: &Terminal, arguments: &[&str]) -> Said {
    let (command, rest) = arguments.split_first().expect("a command");
    terminal.run(&[&["rooms", *command, "--connection", CHAT_AND_MESSENGER], rest].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn rooms_and_their_bookings_are_answered_as_the_contract_has_them() {
    let terminal = Terminal::with_chats().await;
    let all = rooms(&terminal, &["list"]).await;
    let known = terminal.office.chat_and_messenger.rooms();
    assert_eq!(all.json.as_array().map(Vec::len), Some(known.len()), "{}", all.json);
    let first = &all.json[0];
    assert_eq!((first["name"].as_str(), first["capacity"].as_u64()), (Some("応接室 A"), Some(4)));
    assert_eq!(first["raw"]["sortNo"], 1, "the record is an object, untouched");
    let ids: Vec<&str> = all.json.as_array().expect("rooms").iter().filter_map(|it| it["id"].as_str()).collect();

    let today = (terminal.office.clock.now() + chrono::Duration::hours(9)).format("%Y-%m-%d").to_string();
    let day = rooms(&terminal, &["reservations", "--day", &today]).await.json;
    let month = rooms(&terminal, &["reservations", "--month", &today[..7]]).await.json;
    let (of_day, of_month) = (list(&day, "reservations"), list(&month, "reservations"));
    assert!(!of_day.is_empty() && of_day.len() < of_month.len(), "a day is a part of its month");
    assert!(of_day.iter().all(|it| of_month.contains(it)));
    for it in of_month {
        assert!(ids.contains(&it["room_id"].as_str().expect("a room")), "{it}");
        let times = ["start", "end"].map(|key| it[key].as_str().and_then(|it| model::Time::parse(it).ok()));
        assert!(times[0].is_some() && times[0] <= times[1], "RFC 3339 with an offset: {it}");
        assert!(it["title"].is_string() && it["all_day"].is_boolean() && it["raw"]["startDate"].is_string(), "{it}");
        assert!(it["id"].as_str().is_some_and(|id| id.ends_with(it["raw"]["id"].as_str().expect("19 digits"))));
    }
    let reasons: Vec<_> = list(&month, "unplaced").iter().filter_map(|it| it["reason"].as_str()).collect();
    assert_eq!(reasons, ["ends_before_start", "no_such_room"]);
    assert!(list(&month, "unplaced").iter().all(|it| it["raw"].is_object()));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn what_cannot_be_read_ends_with_the_code_for_it() {
    let terminal = Terminal::with_chats().await;
    let check = async |arguments: &[&str], code: i32, words: &str| {
        let said = terminal.run(&[&["rooms"], arguments].concat()).await;
        assert_eq!((said.code, said.json["error"]["code"].as_str()), (code, Some(words)), "{arguments:?}");
    };
    check(&["list", "--connection", ROCKET_CHAT], 2, "invalid").await;
    check(&["list", "--connection", "nobody"], 2, "invalid").await;
    for month in ["2026", "2026-13", "2026-10-14", "202610"] {
        check(&["reservations", "--connection", CHAT_AND_MESSENGER, "--month", month], 2, "invalid").await;
    }
    check(&["reservations", "--connection", CHAT_AND_MESSENGER, "--day", "2026-02-30"], 2, "invalid").await;
    let said = terminal.run(&["rooms", "reservations", "--connection", CHAT_AND_MESSENGER]).await;
    assert_eq!(said.code, 2, "a period is needed");
    terminal.office.fault(CHAT_AND_MESSENGER, Fault::TokenExpired);
    check(&["list", "--connection", CHAT_AND_MESSENGER], 3, "signed_out").await;
    terminal.office.heal(CHAT_AND_MESSENGER);
    terminal.office.switch_off(CHAT_AND_MESSENGER).await;
    check(&["reservations", "--connection", CHAT_AND_MESSENGER, "--month", "2026-10"], 1, "offline").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a keyring: cargo xtask test"]
async fn a_report_is_counted_and_written_and_an_organiser_asked() {
    let terminal = Terminal::with_chats().await;
    assert_eq!(terminal.run(&["sync"]).await.code, 0);
    let report = rooms(&terminal, &["report", "--month", "2026-10"]).await;
    assert_eq!((list(&report.json, "hours").len(), list(&report.json, "weekdays").len()), (24, 7), "{}", report.json);
    assert!(list(&report.json, "rooms").iter().any(|it| it["used"].as_u64() > Some(20)));
    let out = terminal.data.path().join("month.ics");
    let path = out.to_str().expect("a path");
    let export = ["export", "--month", "2026-10", "--offline", "--format", "ics", "--out", path];
    let written = rooms(&terminal, &export).await;
    let text = std::fs::read_to_string(&out).expect("the file");
    assert_eq!(Some(text.matches("BEGIN:VEVENT").count() as u64), written.json["rows"].as_u64());
    assert_eq!(rooms(&terminal, &export).await.code, 2, "a file that is there is left alone");

    let month = rooms(&terminal, &["reservations", "--month", "2026-10"]).await.json;
    let booking = list(&month, "reservations").iter().find(|it| it["owner"] == "田中 健一").expect("a booking");
    let id = booking["id"].as_str().expect("an id");
    let shown = terminal.run(&["rooms", "show", id]).await.json;
    assert_eq!(shown["organiser"]["found"], "by_name", "{shown}");
    assert!(shown["reservation"]["raw"].is_object() && list(&shown, "questions").is_empty());
    let asked = terminal.run(&["rooms", "ask", id, "--text", "まだ必要ですか", "--connection", ROCKET_CHAT]).await;
    assert_eq!((asked.code, asked.json["state"].as_str()), (0, Some("sent")), "{}", asked.json);
    let question = asked.json["draft"].as_str().expect("the question");
    assert_eq!(terminal.run(&["rooms", "answer", question, "not-needed"]).await.code, 0);
    let shown = terminal.run(&["rooms", "show", id]).await.json;
    assert_eq!(shown["questions"][0]["answer"], "not_needed");
    assert_eq!(terminal.run(&["rooms", "show", "nothing/1"]).await.code, 2);
}
