//! Somebody put into the address book: what goes onto the wire, what is refused before, and what is told afterwards.

use model::customer::NewCustomer;
use model::failure::Code;
use model::{CustomerId, Failure, Reason};
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{CUSTOMERS, DONE, asked, bodies, gives, gives_once, json, page, sent, session, takes};

const FULL: &str = r#"{"顧客ID":"9","氏名":"西村 彩","フリガナ":"","会社名":"","ＴＥＬ1":"0355500142","TEL2":"","メール":"","〒":"","住所":"","備考":""}"#;

fn hayashi() -> NewCustomer {
    NewCustomer {
        name: " 林 健 ".into(),
        kana: Some("ハヤシ ケン".into()),
        company: Some("林商店".into()),
        numbers: vec!["06-5550-0118".into(), "+81 90 5550 0118".into()],
        email: Some("ken@example.jp".into()),
        address: Some("大阪市北区 1-2".into()),
        note: Some("".into()),
    }
}

async fn add(server: &MockServer, new: &NewCustomer) -> Result<model::customer::Customer, Failure> {
    session(server).customers.unwrap().add(new).await
}

fn said<T>(outcome: Result<T, Failure>) -> (Code, Reason, String) {
    let Err(failure) = outcome else { panic!("it was done") };
    (failure.code(), failure.why().reason, failure.why().words.clone())
}

#[tokio::test]
async fn a_customer_is_posted_in_the_fields_of_the_table_and_read_back() {
    let server = MockServer::start().await;
    let body = r#"{"顧客ID":"0","氏名":"林 健","フリガナ":"ハヤシ ケン","会社名":"林商店","ＴＥＬ1":"0655500118","TEL2":"09055500118","住所":"大阪市北区 1-2","メール":"ken@example.jp"}"#;
    let after = body.replace(r#""0""#, r#""10""#).replace(r#""メール""#, r#""備考":"","メール""#);
    gives_once(&server, "CustomerAddress", json(format!("[{FULL}]"))).await;
    gives(&server, "CustomerAddress", json(format!("[{FULL},{after}]"))).await;
    takes(&server, "POST", "CustomerAddress", json(DONE)).await;
    let added = add(&server, &hayashi()).await.unwrap();
    assert_eq!((added.id, added.external_id.as_str()), (CustomerId::from("c1/10"), "10"));
    assert_eq!((added.name.as_str(), added.kana.as_deref()), ("林 健", Some("ハヤシ ケン")));
    assert_eq!((added.company.as_deref(), added.email.as_deref()), (Some("林商店"), Some("ken@example.jp")));
    assert_eq!((added.address.as_deref(), added.note), (Some("大阪市北区 1-2"), None));
    let numbers: Vec<_> = added.numbers.iter().filter_map(|it| it.e164.as_deref()).collect();
    assert_eq!(numbers, ["+81655500118", "+819055500118"]);
    let kind = "application/json; charset=utf-8".to_owned();
    assert_eq!(bodies(&server).await, [(kind, body.to_owned())]);
    assert_eq!(sent(&server).await, ["GET", "POST", "GET"].map(|verb| format!("{verb} /CustomerAddress")));
}

#[tokio::test]
async fn what_the_table_has_no_field_for_is_refused_before_anything_is_written() {
    let check = async |there: &str, new: NewCustomer, reason: Reason, words: &str| {
        let server = MockServer::start().await;
        gives(&server, "CustomerAddress", json(there)).await;
        assert_eq!(said(add(&server, &new).await), (Code::Invalid, reason, words.to_owned()), "{there}");
        assert_eq!(asked(&server).await, ["/CustomerAddress"], "it is only looked at");
        assert!(bodies(&server).await.is_empty());
    };
    let third = NewCustomer { numbers: ["03", "04", "05"].map(|it| format!("{it}-5550-0142")).to_vec(), ..hayashi() };
    check(&format!("[{FULL}]"), third, Reason::NotOffered, "numbers").await;
    for (field, words) in [
        ("氏名", "name"),
        ("フリガナ", "kana"),
        ("会社名", "company"),
        ("TEL2", "numbers"),
        ("住所", "address"),
        ("メール", "email"),
    ] {
        check(&format!("[{}]", FULL.replace(field, "他の項目")), hayashi(), Reason::NotOffered, words).await;
    }
    let noted = NewCustomer { note: Some("常連".into()), ..hayashi() };
    check(&format!("[{}]", FULL.replace("備考", "他の項目")), noted, Reason::NotOffered, "note").await;
    check("[]", hayashi(), Reason::NotOffered, "name").await;
    check(&format!("[{FULL}]"), NewCustomer { name: " ".into(), ..hayashi() }, Reason::Missing, "name").await;
}

#[tokio::test]
async fn the_fields_may_stand_in_any_of_the_rows() {
    let server = MockServer::start().await;
    gives(&server, "CustomerAddress", json(CUSTOMERS)).await;
    takes(&server, "POST", "CustomerAddress", json(r#"{"result":"False","msg":"満員"}"#)).await;
    let new = NewCustomer { email: None, note: None, ..hayashi() };
    let refused = (Code::Refused, Reason::SystemRefused, "満員".to_owned());
    assert_eq!(said(add(&server, &new).await), refused);
    let body = &bodies(&server).await[0].1;
    assert!(body.contains(r#""TEL1":"0655500118","TEL2":"09055500118""#), "{body}");
}

#[tokio::test]
async fn an_outcome_that_nobody_knows_is_told_as_such_and_never_tried_again() {
    let check = async |answer: ResponseTemplate, reason: Reason| {
        let server = MockServer::start().await;
        gives(&server, "CustomerAddress", json(format!("[{FULL}]"))).await;
        takes(&server, "POST", "CustomerAddress", answer).await;
        let (code, said, _) = said(add(&server, &hayashi()).await);
        assert_eq!((code, said), (Code::UnknownOutcome, reason));
        assert_eq!(bodies(&server).await.len(), 1, "it is posted once");
    };
    check(ResponseTemplate::new(500), Reason::OutcomeUnknown).await;
    check(json("nonsense"), Reason::AnswerNotUnderstood).await;
    check(json(DONE), Reason::AnswerNotUnderstood).await;
}

#[tokio::test]
async fn a_no_is_told_in_the_systems_words_without_what_was_sent() {
    let server = MockServer::start().await;
    gives(&server, "CustomerAddress", json(format!("[{FULL}]"))).await;
    let no = r#"{"result":"False","msg":"林 健 (0655500118) は登録済みです"}"#;
    takes(&server, "POST", "CustomerAddress", json(no)).await;
    let refused = (Code::Refused, Reason::SystemRefused, "… (…) は登録済みです".to_owned());
    assert_eq!(said(add(&server, &hayashi()).await), refused);
    let server = MockServer::start().await;
    gives(&server, "CustomerAddress", json(format!("[{FULL}]"))).await;
    takes(&server, "POST", "CustomerAddress", page(404, "Endpoint not found")).await;
    assert_eq!(said(add(&server, &hayashi()).await).0, Code::Refused);
}
