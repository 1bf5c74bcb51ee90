//! Administration records that are made, changed and removed: what goes onto the wire, and what is refused before.

use model::failure::Code;
use model::ports::{RecordWrites, Session};
use model::record::{Created, RowChange, Updated, Verb};
use model::{Failure, Raw, Reason};
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{DONE, asked, bodies, gives, gives_once, json, page, sent, session, takes};

const JSON: &str = "application/json; charset=utf-8";

fn raw(text: &str) -> Raw {
    Raw(text.to_owned())
}

fn change(fields: &str, seen: Option<&str>) -> RowChange {
    RowChange { fields: raw(fields), seen: seen.map(raw) }
}

fn said<T>(outcome: Result<T, Failure>) -> (Code, Reason, String) {
    let Err(failure) = outcome else { panic!("it was done") };
    (failure.code(), failure.why().reason, failure.why().words.clone())
}

fn is(code: Code, reason: Reason, words: &str) -> (Code, Reason, String) {
    (code, reason, words.to_owned())
}

/// Does one thing with row 2 of a resource.
async fn act(session: &Session, resource: &str, verb: Verb) -> Result<(), Failure> {
    let (records, writes) = (session.records.clone().unwrap(), session.record_writes.clone().unwrap());
    match verb {
        Verb::List => records.list(resource).await.map(|_| ()),
        Verb::Get => records.get(resource, "2").await.map(|_| ()),
        Verb::Create => writes.create(resource, &raw(r#"{"a":"1"}"#)).await.map(|_| ()),
        Verb::Update => writes.update(resource, "2", &change(r#"{"a":"2"}"#, None)).await.map(|_| ()),
        Verb::Delete => writes.delete(resource, "2").await,
    }
}

#[tokio::test]
async fn each_resource_does_what_the_vendors_table_allows_and_sends_nothing_else() {
    // Path, key, and whether it may be created, updated and deleted; list and get go everywhere.
    let table = [
        ("ContainmentLine", "回線No", [true, true, true]),
        ("SIP-ServerConnection", "ID", [true, true, true]),
        ("ConnectedClient", "ID", [false, false, false]),
        ("CustomerAddress", "顧客ID", [true, true, true]),
        ("ReceivedCall-Record", "ID", [false, true, false]),
        ("IncomingCall-URL", "ID", [true, true, true]),
        ("IncomingCall-Command", "ID", [true, true, true]),
        ("Notification-LINE-AccessToken", "ID", [true, true, true]),
        ("Notification-Email-Address", "ID", [true, true, true]),
        ("PhoneNumber-SearchSite", "ID", [true, true, true]),
        ("MessDef-Mail", "ID", [true, true, false]),
        ("MessDef-Line", "ID", [true, true, false]),
        ("MessDef-Toast", "ID", [true, true, false]),
        ("Mail-Account", "ID", [true, true, false]),
        ("Online-Activation", "ID", [true, true, true]),
        ("DataBackup", "ID", [true, true, false]),
        ("UserManagement", "ID", [true, true, true]),
        ("Output-CSV", "ID", [true, true, false]),
        ("Output-EXCEL", "ID", [true, true, false]),
    ];
    assert_eq!(table.len(), 19);
    let server = MockServer::start().await;
    let session = session(&server);
    let (mut so_far, mut refused) = (0, 0);
    for (path, key, [creates, updates, deletes]) in table {
        let row = format!(r#"[{{"{key}":"2","a":"1"}}]"#);
        let all = if path == "ReceivedCall-Record" { format!("{path}/10000/True/0/Null") } else { path.to_owned() };
        let one = format!("{path}/2");
        gives(&server, &all, json(row.clone())).await;
        gives(&server, &one, json(row)).await;
        takes(&server, "POST", path, json(DONE)).await;
        takes(&server, "PUT", &one, json(DONE)).await;
        takes(&server, "DELETE", &one, json(DONE)).await;
        let (list, get, post) = (format!("GET /{all}"), format!("GET /{one}"), format!("POST /{path}"));
        let (put, delete) = (format!("PUT /{one}"), format!("DELETE /{one}"));
        for (verb, is_allowed, expected) in [
            (Verb::List, true, vec![&list]),
            (Verb::Get, true, vec![&get]),
            (Verb::Create, creates, vec![&list, &post, &list]),
            (Verb::Update, updates, vec![&get, &put, &get]),
            (Verb::Delete, deletes, vec![&get, &delete]),
        ] {
            let outcome = act(&session, path, verb).await;
            let now = sent(&server).await;
            if is_allowed {
                outcome.unwrap();
                assert_eq!(now[so_far..].iter().collect::<Vec<_>>(), expected, "{path} {verb:?}");
            } else {
                assert_eq!(said(outcome), is(Code::Invalid, Reason::NotOffered, path), "{path} {verb:?}");
                assert_eq!(now.len(), so_far, "{path} {verb:?}: nothing is sent");
                refused += 1;
            }
            so_far = now.len();
        }
    }
    assert_eq!(refused, 12);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    let server = MockServer::start().await;
    let writes = session(&server).record_writes.unwrap();
    let fields = change(r#"{"a":"1"}"#, None);
    for key in ["", "0", "x", "1/2", "-1", "１", "99999999999999999999", "1?x=1", "1#", "%31"] {
        let wrong = is(Code::Invalid, Reason::NotUsable, "ID");
        assert_eq!(said(writes.update("UserManagement", key, &fields).await), wrong, "{key}");
        assert_eq!(said(writes.delete("UserManagement", key).await), wrong, "{key}");
    }
    for guarded in ["SIP-ServerConnection", "Online-Activation"] {
        let wrong = is(Code::Invalid, Reason::NotUsable, "ID");
        assert_eq!(said(writes.update(guarded, "1", &fields).await), wrong, "{guarded}: 1 is reserved");
        assert_eq!(said(writes.delete(guarded, "1").await), wrong, "{guarded}: 1 is reserved");
    }
    for unknown in ["Nothing", "", "usermanagement", "UserManagement/2", "../RestService/UserManagement"] {
        let wrong = is(Code::Invalid, Reason::NoSuchThing, unknown);
        assert_eq!(said(writes.create(unknown, &raw("{}")).await), wrong);
        assert_eq!(said(writes.update(unknown, "2", &fields).await), wrong);
        assert_eq!(said(writes.delete(unknown, "2").await), wrong);
    }
    for odd in
        ["", "[]", r#"[{"a":"秘密"}]"#, "null", "1", r#""秘密""#, r#"{"a":"秘密""#, r#"{"a":1} {"a":2}"#, "{a:1}"]
    {
        let outcomes = [
            said(writes.create("UserManagement", &raw(odd)).await),
            said(writes.update("UserManagement", "2", &change(odd, None)).await),
            said(writes.update("UserManagement", "2", &change(r#"{"a":1}"#, Some(odd))).await),
        ];
        for (code, reason, words) in outcomes {
            assert_eq!((code, reason), (Code::Invalid, Reason::NotUsable), "{odd}");
            assert!(words.starts_with("line ") && !words.contains('秘'), "{words}");
        }
    }
    let key = change(r#"{"ＩＤ":"3","a":"1"}"#, None);
    assert_eq!(said(writes.update("UserManagement", "2", &key).await), is(Code::Invalid, Reason::NotUsable, "ID"));
    for nothing in ["{}", r#"{"ID":"2"}"#] {
        let outcome = writes.update("UserManagement", "2", &change(nothing, None)).await;
        assert_eq!(said(outcome), is(Code::Invalid, Reason::Missing, "fields"));
    }
    assert!(asked(&server).await.is_empty());
}

#[tokio::test]
async fn a_new_row_is_posted_with_the_key_0_and_found_again() {
    let server = MockServer::start().await;
    let old = r#"{"顧客ID":"9","氏名":"西村 彩","ＴＥＬ":"0355500142"}"#;
    let new = r#"{"顧客ID":"10","氏名":"林 健","ＴＥＬ":"0655500118"}"#;
    gives_once(&server, "CustomerAddress", json(format!("[{old}]"))).await;
    gives(&server, "CustomerAddress", json(format!("[{new},{old}]"))).await;
    takes(&server, "POST", "CustomerAddress", json(DONE)).await;
    let posted = raw(r#" { "氏名" : "林 健", "TEL":655500118, "顧客ID":"77" } "#);
    let writes = session(&server).record_writes.unwrap();
    let posted = Raw(posted.0.replace("655500118", r#""0655500118""#));
    let created = writes.create("CustomerAddress", &posted).await.unwrap();
    assert_eq!(created, Created { key: Some("10".into()), row: Some(raw(new)) });
    let body = r#"{"氏名":"林 健","ＴＥＬ":"0655500118","顧客ID":"0"}"#;
    assert_eq!(bodies(&server).await, [(JSON.to_owned(), body.to_owned())]);
    assert_eq!(sent(&server).await, ["GET", "POST", "GET"].map(|verb| format!("{verb} /CustomerAddress")));
}

#[tokio::test]
async fn the_key_0_has_the_type_of_the_table() {
    let check = async |before: &str, expected: &str| {
        let server = MockServer::start().await;
        gives(&server, "ContainmentLine", json(before)).await;
        takes(&server, "POST", "ContainmentLine", json(DONE)).await;
        let writes = session(&server).record_writes.unwrap();
        writes.create("ContainmentLine", &raw(r#"{"種別":"電話"}"#)).await.unwrap();
        assert_eq!(bodies(&server).await[0].1, expected, "{before}");
    };
    check("[]", r#"{"回線No":"0","種別":"電話"}"#).await;
    check(r#"[{"回線No":"1"}]"#, r#"{"回線No":"0","種別":"電話"}"#).await;
    check(r#"[{"回線No":1}]"#, r#"{"回線No":0,"種別":"電話"}"#).await;
    check(r#"[{"回線Ｎｏ":1}]"#, r#"{"回線Ｎｏ":0,"種別":"電話"}"#).await;
}

#[tokio::test]
async fn a_row_that_cannot_be_told_from_others_is_made_without_a_number() {
    let check = async |after: ResponseTemplate, key: Option<&str>| {
        let server = MockServer::start().await;
        gives_once(&server, "UserManagement", json(r#"[{"ID":"1","名":"a"}]"#)).await;
        gives(&server, "UserManagement", after).await;
        takes(&server, "POST", "UserManagement", json(DONE)).await;
        let created = session(&server).record_writes.unwrap().create("UserManagement", &raw(r#"{"名":"a"}"#)).await;
        assert_eq!(created.unwrap().key.as_deref(), key);
        assert_eq!(bodies(&server).await.len(), 1, "it is posted once");
    };
    let rows = |more: &str| json(format!(r#"[{{"ID":"1","名":"a"}}{more}]"#));
    check(rows(r#",{"ID":"2","名":"a"},{"ID":"3","名":"b"}"#), Some("2")).await;
    check(rows(r#",{"ID":"2","名":"a"},{"ID":"3","名":"a"}"#), None).await;
    check(rows(r#",{"ID":"2","名":"b"}"#), None).await;
    check(rows(""), None).await;
    check(page(403, "Forbidden"), None).await;
    check(json("nonsense"), None).await;
}

/// A table that grows by a row with every POST.
#[derive(Clone, Default)]
struct Table(std::sync::Arc<std::sync::Mutex<u32>>);

impl wiremock::Respond for Table {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let mut rows = self.0.lock().unwrap();
        if request.method.as_str() == "POST" {
            *rows += 1;
            return json(DONE);
        }
        let list: Vec<_> = (1..=*rows).map(|id| format!(r#"{{"ID":"{id}","名":"a"}}"#)).collect();
        json(format!("[{}]", list.join(",")))
    }
}

#[tokio::test]
async fn two_rows_of_ours_at_once_are_told_apart() {
    let server = MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::any()).respond_with(Table::default()).mount(&server).await;
    let writes = session(&server).record_writes.unwrap();
    let same = raw(r#"{"名":"a"}"#);
    let (one, other) = tokio::join!(writes.create("UserManagement", &same), writes.create("UserManagement", &same));
    assert_eq!([one.unwrap().key, other.unwrap().key], [Some("1".to_owned()), Some("2".to_owned())]);
    assert_eq!(sent(&server).await.iter().filter(|it| it.starts_with("POST")).count(), 2);
}

const ODD_ROW: &str = r#"{ "ID" : "7",  "ＴＥＬ１":"a" ,"番号":"30","big":1234567890123456789,"f":1.50,"n":null, "未知の項目" : { "b":[1, 2] },"é":"\u3042"  }"#;

#[tokio::test]
async fn a_changed_row_goes_back_with_everything_else_to_the_byte() {
    let server = MockServer::start().await;
    let after = ODD_ROW.replace(r#""a" "#, r#""b" "#).replace(r#""30""#, r#""31""#);
    gives_once(&server, "UserManagement/7", json(format!("[{ODD_ROW}]"))).await;
    gives(&server, "UserManagement/7", json(format!("[{}]", after.replace("1.50", "1.5")))).await;
    takes(&server, "PUT", "UserManagement/7", json(DONE)).await;
    let writes = session(&server).record_writes.unwrap();
    let updated =
        writes.update("UserManagement", "7", &change(r#"{"TEL1":"b","番号":31,"ID":7}"#, Some(ODD_ROW))).await;
    assert_eq!(updated.unwrap(), Updated::Done(Raw(after.replace("1.50", "1.5"))), "as it is there afterwards");
    assert_eq!(bodies(&server).await, [(JSON.to_owned(), after)]);
}

#[tokio::test]
async fn a_changed_row_that_cannot_be_read_afterwards_was_changed_all_the_same() {
    let server = MockServer::start().await;
    gives_once(&server, "UserManagement/7", json(r#"[{"ID":"7","a":"1"}]"#)).await;
    gives(&server, "UserManagement/7", page(403, "Forbidden")).await;
    takes(&server, "PUT", "UserManagement/7", json(DONE)).await;
    let writes = session(&server).record_writes.unwrap();
    let updated = writes.update("UserManagement", "7", &change(r#"{"a":"2"}"#, None)).await.unwrap();
    assert_eq!(updated, Updated::Done(raw(r#"{"ID":"7","a":"2"}"#)));
}

#[tokio::test]
async fn what_somebody_else_changed_is_asked_about_and_not_overwritten() {
    let server = MockServer::start().await;
    let now = r#"{"ID":"7","a":"2","b":"2","c":"2"}"#;
    gives(&server, "UserManagement/7", json(format!("[{now}]"))).await;
    takes(&server, "PUT", "UserManagement/7", json(DONE)).await;
    let writes = session(&server).record_writes.unwrap();
    let seen = r#"{"ID":"7","a":"1","b":"1","c":"1"}"#;
    let wanted = change(r#"{"a":"3","b":"2"}"#, Some(seen));
    let Updated::Conflict(conflict) = writes.update("UserManagement", "7", &wanted).await.unwrap() else {
        panic!("it was written");
    };
    let fields: Vec<_> = conflict.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!((fields, conflict.now.0.as_str()), (vec!["a"], now), "b is as wanted already, c is not to be written");
    assert!(bodies(&server).await.is_empty());
    for fine in [change(r#"{"a":"3"}"#, None), change(r#"{"b":"2"}"#, Some(seen)), change(r#"{"a":"3"}"#, Some(now))] {
        let updated = writes.update("UserManagement", "7", &fine).await.unwrap();
        assert!(matches!(updated, Updated::Done(_)));
    }
}

#[tokio::test]
async fn a_row_that_is_not_what_was_meant_is_not_written() {
    let check = async |there: ResponseTemplate, fields: &str, expected: (Code, Reason, String)| {
        let server = MockServer::start().await;
        gives(&server, "UserManagement/7", there).await;
        let writes = session(&server).record_writes.unwrap();
        assert_eq!(said(writes.update("UserManagement", "7", &change(fields, None)).await), expected);
        assert_eq!(sent(&server).await, ["GET /UserManagement/7"]);
    };
    let row = || json(r#"[{"ID":"7","a":"1"}]"#);
    check(row(), r#"{"メモ":"x"}"#, is(Code::Invalid, Reason::NoSuchThing, "メモ")).await;
    check(json("[]"), r#"{"a":"2"}"#, is(Code::Refused, Reason::NotFound, "UserManagement")).await;
    check(json(r#"[{"ID":"8","a":"1"}]"#), r#"{"a":"2"}"#, is(Code::Refused, Reason::NotFound, "UserManagement")).await;
    check(page(404, "Endpoint not found"), r#"{"a":"2"}"#, is(Code::Refused, Reason::NotFound, "HTTP 404")).await;
    check(json("nonsense"), r#"{"a":"2"}"#, is(Code::Surprise, Reason::Unreadable, "$")).await;
}

/// One write of each kind against this answer.
async fn each_write(answer: impl Fn() -> ResponseTemplate) -> Vec<Result<(), Failure>> {
    let server = MockServer::start().await;
    gives(&server, "UserManagement", json("[]")).await;
    gives(&server, "UserManagement/2", json(r#"[{"ID":"2","a":"1"}]"#)).await;
    takes(&server, "POST", "UserManagement", answer()).await;
    takes(&server, "PUT", "UserManagement/2", answer()).await;
    takes(&server, "DELETE", "UserManagement/2", answer()).await;
    let session = session(&server);
    let mut outcomes = Vec::new();
    for verb in [Verb::Create, Verb::Update, Verb::Delete] {
        outcomes.push(act(&session, "UserManagement", verb).await);
    }
    assert_eq!(bodies(&server).await.len(), 3, "each is sent once");
    outcomes
}

#[tokio::test]
async fn every_shape_of_a_yes_is_one() {
    for yes in [
        DONE,
        r#"{"result":"true","msg":""}"#,
        r#"{"result":" True "}"#,
        r#"{"result":true,"msg":"x"}"#,
        r#"{"Result":1,"Msg":"x"}"#,
        "\u{feff}{\"result\":\"True\",\"msg\":\"x\"}",
        r#""{\"result\":\"True\",\"msg\":\"x\"}""#,
        r#"{"d":{"result":"True","msg":"x"}}"#,
        r#"{"UpdateResult":{"result":"True","msg":"x"}}"#,
        r#"{"d":"{\"result\":\"True\",\"msg\":\"x\"}"}"#,
    ] {
        for outcome in each_write(|| json(yes)).await {
            assert_eq!(outcome, Ok(()), "{yes}");
        }
    }
}

#[tokio::test]
async fn a_no_is_one_in_the_systems_words_whatever_the_status() {
    let no = |status: u16, body: &str| ResponseTemplate::new(status).set_body_raw(body.to_owned(), "application/json");
    let check = async |status: u16, body: &str, words: &str| {
        for outcome in each_write(|| no(status, body)).await {
            assert_eq!(said(outcome), is(Code::Refused, Reason::SystemRefused, words), "{status} {body}");
        }
    };
    for status in [200, 400, 401, 403, 404, 409, 413, 500, 503] {
        check(status, r#"{"result":"False","msg":"該当するデータがありません"}"#, "該当するデータがありません").await;
    }
    check(200, r#"{"result":false,"msg":"x"}"#, "x").await;
    check(200, r#"{"result":"","msg":"x"}"#, "x").await;
    check(200, r#"{"result":"OK","msg":"x"}"#, "x").await;
    check(200, r#"{"msg":"x"}"#, "x").await;
    check(200, r#"{"result":"False"}"#, "").await;
    check(200, r#"{"d":{"result":"False","msg":"x\u0007\ny"}}"#, "x\ny").await;
    check(200, &format!(r#"{{"result":"False","msg":"{}"}}"#, "あ".repeat(400)), &"あ".repeat(300)).await;
}

#[tokio::test]
async fn an_answer_to_a_write_that_makes_no_sense_is_an_unknown_outcome() {
    for odd in ["", "null", "true", "{}", "[]", r#"{"ID":"3"}"#, r#"{"result":"#, "正常終了"] {
        for outcome in each_write(|| json(odd)).await {
            assert_eq!(said(outcome), is(Code::UnknownOutcome, Reason::AnswerNotUnderstood, ""), "{odd}");
        }
    }
    let not_utf8 = || ResponseTemplate::new(200).set_body_raw(b"\xff\xfe{".to_vec(), "application/json");
    for outcome in each_write(not_utf8).await {
        assert_eq!(said(outcome).0, Code::UnknownOutcome);
    }
    for outcome in each_write(|| page(200, "Welcome")).await {
        assert_eq!(said(outcome), is(Code::UnknownOutcome, Reason::AnswerNotUnderstood, ""));
    }
    for outcome in each_write(|| ResponseTemplate::new(500)).await {
        assert_eq!(said(outcome), is(Code::UnknownOutcome, Reason::OutcomeUnknown, "HTTP 500"));
    }
}

#[tokio::test]
async fn a_page_instead_of_an_answer_is_a_short_failure() {
    for (status, title, reason) in [
        (404, "Endpoint not found", Reason::NotFound),
        (405, "Method not allowed", Reason::SystemRefused),
        (400, "Request Error", Reason::SystemRefused),
    ] {
        for outcome in each_write(|| page(status, title)).await {
            assert_eq!(said(outcome), is(Code::Refused, reason, &format!("HTTP {status}")));
        }
    }
}

#[tokio::test]
async fn what_was_sent_is_not_in_the_words_of_a_failure() {
    let server = MockServer::start().await;
    gives(&server, "CustomerAddress", json("[]")).await;
    let no = r#"{"result":"False","msg":"西村 彩 (0355500142) は登録済みです"}"#;
    takes(&server, "POST", "CustomerAddress", json(no)).await;
    let writes = session(&server).record_writes.unwrap();
    let outcome = writes.create("CustomerAddress", &raw(r#"{"氏名":"西村 彩","TEL":"0355500142"}"#)).await;
    assert_eq!(said(outcome), is(Code::Refused, Reason::SystemRefused, "… (…) は登録済みです"));
}

/// A server that reads a write and then hangs up, without an answer or in the middle of one.
async fn breaks_off(head: &'static str) -> (String, tokio::task::JoinHandle<u32>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let writes = tokio::spawn(async move {
        let mut writes = 0;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4_096];
            let length = stream.read(&mut request).await.unwrap();
            if request.starts_with(b"GET /end") {
                return writes;
            }
            if request[..length].starts_with(b"GET") {
                let row = r#"[{"ID":"2","a":"1"}]"#;
                let answer =
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{row}", row.len());
                stream.write_all(answer.as_bytes()).await.unwrap();
            } else {
                writes += 1;
                stream.write_all(head.as_bytes()).await.unwrap();
            }
        }
    });
    (url, writes)
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_leaves_an_unknown_outcome_and_no_second_try() {
    use model::ports::System;
    use tokio::io::AsyncWriteExt;
    for head in ["", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"result\":\"True\","] {
        let (url, writes) = breaks_off(head).await;
        let session = smart_connect::SmartConnect.open(crate::support::opening(&url, &[])).unwrap();
        for verb in [Verb::Create, Verb::Update, Verb::Delete] {
            assert_eq!(said(act(&session, "UserManagement", verb).await).0, Code::UnknownOutcome, "{verb:?}");
        }
        let mut end = tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
        end.write_all(b"GET /end HTTP/1.1\r\n\r\n").await.unwrap();
        assert_eq!(writes.await.unwrap(), 3, "each was sent once");
    }
}

#[tokio::test]
async fn keys_are_compared_as_numbers() {
    let server = MockServer::start().await;
    let rows = r#"[{"ID":"11"},{"ID":9},{"ID":"x"},{"ID":"10"}]"#;
    gives(&server, "UserManagement", json(rows)).await;
    let listed = session(&server).records.unwrap().list("UserManagement").await.unwrap();
    let order: Vec<_> = listed.iter().map(|raw| raw.0.as_str()).collect();
    assert_eq!(order, [r#"{"ID":9}"#, r#"{"ID":"10"}"#, r#"{"ID":"11"}"#, r#"{"ID":"x"}"#]);
}

#[tokio::test]
async fn the_writes_are_a_port_of_every_session() {
    let server = MockServer::start().await;
    let writes: std::sync::Arc<dyn RecordWrites> = session(&server).record_writes.unwrap();
    let created = writes.create("ConnectedClient", &raw("{}")).await;
    assert_eq!(said(created), is(Code::Invalid, Reason::NotOffered, "ConnectedClient"));
}
