//! What administrators script: notes, the stream of calls, customers, who a number means, records and the doctor.

use std::time::Duration;

use serde_json::Value;
use simulators::{Ring, SMART_CONNECT};

use crate::running::{DESK, PATIENCE, Terminal};

fn texts(json: &Value, key: &str) -> Vec<String> {
    let all = json.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|it| it[key].as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_written_shown_found_and_taken_away() {
    let terminal = Terminal::synced().await;
    let calls = terminal.run(&["calls", "list", "--limit", "1"]).await;
    let id = calls.json["calls"][0]["id"].as_str().expect("a call").to_owned();
    let noted = terminal.run(&["calls", "note", &id, "--text", "折り返し待ち 🛎"]).await;
    assert_eq!((noted.code, noted.json["note"].as_str()), (0, Some("折り返し待ち 🛎")), "{}", noted.stdout);
    assert_eq!(noted.json["id"], id.as_str(), "the answer is the call");
    assert_eq!(terminal.run(&["sync"]).await.code, 0);
    let shown = terminal.run(&["calls", "show", &id]).await;
    assert_eq!(shown.json["note"], "折り返し待ち 🛎", "it survives a sync");
    let found = terminal.run(&["calls", "list", "--search", "待ち 🛎"]).await;
    assert_eq!(texts(&found.json["calls"], "id"), [id.as_str()]);
    let taken = terminal.run(&["calls", "note", &id, "--text", ""]).await;
    assert_eq!(taken.code, 0, "{}", taken.stdout);
    let found = terminal.run(&["calls", "list", "--search", "待ち 🛎"]).await;
    assert_eq!(found.json["total"], 0);

    let nobody = terminal.run(&["calls", "note", "nothing/1", "--text", "x"]).await;
    assert_eq!((nobody.code, nobody.json["error"]["code"].as_str()), (2, Some("invalid")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_rings_is_one_line_with_everything_until_interrupted_or_nobody_reads() {
    let terminal = Terminal::synced().await;
    let customer = terminal.run(&["customers", "list"]).await.json[0].clone();
    let number = customer["numbers"][0]["raw"].as_str().expect("a number").to_owned();
    let mut stream = terminal.stream(&["--json", "calls", "watch", "--connection", DESK]);
    // What rings before the line stands is in the log only, so it rings until it is heard.
    let rings = async {
        loop {
            terminal.office.ring(Ring { system: SMART_CONNECT, from: number.clone(), line: None });
            if let Some(line) = stream.line_within(Duration::from_secs(4)).await {
                return line;
            }
        }
    };
    let line = tokio::time::timeout(PATIENCE, rings).await.expect("the call is told");
    let told: Value = serde_json::from_str(&line).expect("each line is one JSON object");
    let keys: Vec<&str> = told.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["event", "at", "call", "customer", "people", "recent"]);
    assert_eq!(told["event"], "ringing", "{told}");
    assert_eq!(told["call"]["from"]["raw"], number.as_str());
    assert_eq!(told["customer"]["id"], customer["id"]);
    assert!(told["people"].is_array() && told["recent"].is_array() && told["at"].is_string());
    #[cfg(unix)]
    {
        stream.interrupt();
        let (code, said) = stream.end().await;
        assert_eq!((code, said.as_str()), (0, ""), "an interruption is its usual end");
    }

    let stream = terminal.stream(&["calls", "watch"]).unread();
    let end = stream.end();
    tokio::pin!(end);
    let rings = async {
        loop {
            terminal.office.ring(Ring { system: SMART_CONNECT, from: number.clone(), line: None });
            if let Ok(ended) = tokio::time::timeout(Duration::from_secs(4), &mut end).await {
                return ended;
            }
        }
    };
    let (code, said) = tokio::time::timeout(PATIENCE, rings).await.expect("it ends when nobody reads");
    assert_eq!((code, said.as_str()), (0, ""), "that is no failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_ends_in_its_time_and_says_what_does_not_answer() {
    let terminal = Terminal::synced().await;
    let (code, said) = terminal.stream(&["calls", "watch", "--for", "1"]).end().await;
    assert_eq!((code, said.as_str()), (0, ""));
    terminal.office.switch_off(SMART_CONNECT).await;
    let (code, said) = terminal.stream(&["calls", "watch", "--for", "3"]).end().await;
    assert_eq!(code, 0);
    assert_eq!(said.matches("Desk: Nothing answers at this address.").count(), 1, "{said}");
    let nobody = terminal.run(&["calls", "watch", "--connection", "nobody", "--for", "1"]).await;
    assert_eq!((nobody.code, nobody.json["error"]["code"].as_str()), (2, Some("invalid")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_found_by_name_by_id_and_by_number_in_any_written_form() {
    let terminal = Terminal::synced().await;
    let all = terminal.run(&["customers", "list", "--connection", DESK]).await;
    let first = &all.json[0];
    let (id, name) = (first["id"].as_str().expect("an id"), first["name"].as_str().expect("a name"));
    let shown = terminal.run(&["customers", "show", id]).await;
    assert_eq!(&shown.json, first);
    let searched = terminal.run(&["customers", "list", "--search", name]).await;
    assert!(texts(&searched.json, "id").contains(&id.to_owned()), "{}", searched.json);
    assert_eq!(terminal.run(&["customers", "show", "nothing/1"]).await.code, 2);

    let e164 = first["numbers"][0]["e164"].as_str().expect("a number that can be read");
    let national = format!("0{}", &e164[3..]);
    for form in [e164.to_owned(), national.clone(), format!("{}-{}", &national[..3], &national[3..])] {
        let matched = terminal.run(&["people", "match", &form]).await;
        assert_eq!(matched.code, 0, "{}", matched.stdout);
        let meant = matched.json.as_array().and_then(|all| all.iter().find(|it| it["customer"]["id"] == id));
        let meant = meant.unwrap_or_else(|| panic!("{form}: {}", matched.json));
        assert_eq!((meant["kind"].as_str(), meant["reason"].as_str()), (Some("customer"), Some("number")), "{form}");
    }
    let nobody = terminal.run(&["people", "match", "+81 3 9999 9999"]).await;
    assert_eq!((nobody.code, nobody.stdout.as_str()), (0, "[]\n"), "nobody is no failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resource_does_not_allow_is_refused_before_anything_is_sent() {
    let terminal = Terminal::connected().await;
    let row = terminal.file("row.json", "{\"機器名\":\"x\"}");
    let list = terminal.file("list.json", "[{}]");
    terminal.office.forget_requests(SMART_CONNECT);
    let check = async |arguments: &[&str]| {
        let said = terminal.run(&[arguments, &["--connection", DESK]].concat()).await;
        assert_eq!(
            (said.code, said.json["error"]["code"].as_str()),
            (2, Some("invalid")),
            "{arguments:?} {}",
            said.stdout
        );
    };
    check(&["cti", "create", "ReceivedCall-Record", &row]).await;
    check(&["cti", "delete", "ReceivedCall-Record", "1"]).await;
    check(&["cti", "update", "ConnectedClient", "1", &row]).await;
    check(&["cti", "delete", "Mail-Account", "1"]).await;
    check(&["cti", "create", "Nonsense", &row]).await;
    check(&["cti", "create", "ContainmentLine", &list]).await;
    check(&["cti", "update", "ContainmentLine", "1", "/nowhere/row.json"]).await;
    let arguments = ["--json", "cti", "create", "ContainmentLine", "-", "--connection", DESK];
    let typed = terminal.run_with(&arguments, "not JSON").await;
    assert_eq!(typed.code, 2, "{}", typed.stdout);
    assert_eq!(terminal.office.requests(SMART_CONNECT), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_how_a_connection_is_and_what_to_do() {
    let terminal = Terminal::connected().await;
    let well = terminal.run(&["doctor"]).await;
    assert_eq!(well.code, 0, "{} {}", well.stdout, well.stderr);
    let desk = &well.json["connections"][0];
    assert_eq!((desk["name"].as_str(), desk["system"].as_str()), (Some(DESK), Some(SMART_CONNECT)));
    assert!(desk["steps"].as_array().is_some_and(|steps| steps.len() > 2), "{desk}");
    assert!(desk["advice"][0].as_str().is_some_and(|it| it.contains("Run sync")), "{desk}");
    assert_eq!((desk["not_understood"].as_u64(), desk["live"].as_str().is_some()), (Some(0), true));
    assert!(well.json["program"]["data_bytes"].as_u64().is_some_and(|it| it > 0), "{}", well.json);
    assert_eq!(terminal.run(&["sync"]).await.code, 0);
    let read = terminal.run(&["doctor", DESK]).await;
    let advice = read.json["connections"][0]["advice"].to_string();
    assert!(!advice.contains("Run sync"), "{advice}");

    terminal.office.switch_off(SMART_CONNECT).await;
    let ill = terminal.run(&["doctor"]).await;
    assert_eq!(ill.code, 1, "{}", ill.stdout);
    let desk = &ill.json["connections"][0];
    assert_eq!(desk["state"], "offline");
    assert!(desk["advice"][0].as_str().is_some_and(|it| it.starts_with("Nothing answers at this address.")), "{desk}");
    let words = terminal.run_with(&["doctor"], "").await;
    assert!(
        words.stdout.contains("✗ The address answers") && words.stdout.contains("→ Nothing answers"),
        "{}",
        words.stdout
    );
    assert_eq!(terminal.run(&["doctor", "nobody"]).await.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_sample_of_a_line_is_printed_byte_for_byte() {
    const LINE: &str = r#"{ "回線No" : "1", "着信TEL" : "0731235678", "代表TEL" : "0731237777", "種別" : "電話", "代理内線番号" : "30" }"#;
    let terminal = Terminal::connected().await;
    terminal.office.smart_connect.put_row("ContainmentLine", 1, LINE);
    let said = terminal.run(&["cti", "get", "ContainmentLine", "1", "--connection", DESK]).await;
    assert_eq!((said.code, said.stdout.trim()), (0, LINE));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_written_to_a_new_file_and_never_over_another() {
    let terminal = Terminal::synced().await;
    let total = terminal.run(&["calls", "list", "--limit", "1"]).await.json["total"].as_u64().unwrap();
    for (format, encoding) in [("csv", "utf-8-bom"), ("csv", "cp932"), ("xlsx", "utf-8")] {
        let out = terminal.data.path().join(format!("calls-{encoding}.{format}"));
        let path = out.display().to_string();
        let asked = ["calls", "export", "--format", format, "--encoding", encoding, "--out", &path];
        let said = terminal.run(&asked).await;
        assert_eq!((said.code, said.json["rows"].as_u64()), (0, Some(total)), "{}", said.stderr);
        assert_eq!(said.json["file"], path.as_str());
        let bytes = std::fs::read(&out).unwrap();
        match (format, encoding) {
            ("csv", "utf-8-bom") => {
                let text = String::from_utf8(bytes).unwrap();
                assert!(text.starts_with("\u{feff}started_at,outcome,"), "{text}");
                assert_eq!(text.lines().count() as u64, total + 1);
            }
            ("csv", _) => assert!(String::from_utf8(bytes).is_err(), "the names are no UTF-8"),
            _ => assert!(bytes.starts_with(b"PK"), "a workbook is a zip file"),
        }
        let again = terminal.run(&asked).await;
        assert_eq!(again.code, 2, "{}", again.stdout);
        assert_eq!(terminal.run(&[&asked[..], &["--force", "--search", "nobody at all"]].concat()).await.code, 0);
    }
    let left = std::fs::read_dir(terminal.data.path()).unwrap();
    let names: Vec<String> = left.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(names.iter().filter(|it| it.contains("calls-")).count(), 3, "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_health_of_the_directories_has_its_lists_and_nobody_who_is_not_known_is_linked() {
    let terminal = Terminal::synced().await;
    let health = terminal.run(&["people", "health"]).await;
    let lists = ["maybe", "unmatched", "guests", "gone", "put_aside"].map(|list| health.json[list].clone());
    assert_eq!((health.code, lists), (0, [(); 5].map(|()| serde_json::json!([]))));
    for word in ["link", "separate"] {
        let said = terminal.run(&["people", word, "one/1", "other/2"]).await;
        assert_eq!((said.code, said.json["error"]["code"].as_str()), (2, Some("invalid")), "{word}");
    }
}
