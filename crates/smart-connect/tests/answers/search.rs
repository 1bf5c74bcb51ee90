//! Calls asked for by number: what goes into the address, and what is made of the answers.

use model::Reason;
use model::failure::Code;
use wiremock::MockServer;

use crate::support::{asked, gives, json, session};

fn texts(numbers: &[&str]) -> Vec<String> {
    numbers.iter().map(|it| (*it).to_owned()).collect()
}

/// A row of this id from this number, at a minute of an hour.
fn row(id: u64, from: &str, minute: u64) -> String {
    format!(r#"{{"ID":"{id}","着信日時":"2026/10/14 10:{minute:02}:00","相手TEL":"{from}"}}"#)
}

fn list(rows: &[String]) -> String {
    format!("[{}]", rows.join(","))
}

#[tokio::test]
async fn numbers_go_out_as_digits_in_one_segment() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/20/True/0/0312345678&09012345678", json(list(&[row(1, "0312345678", 1)])))
        .await;
    gives(&server, "ReceivedCall-Record/20/True/12/0312345678", json("[]")).await;
    gives(&server, "ReceivedCall-Record/20/True/12/Null", json(list(&[row(2, "非通知", 1)]))).await;
    let search = session(&server).call_search.unwrap();
    let written = texts(&["+81 90-1234-5678", "０３（１２３４）５６７８", "0312345678", "非通知", "*21#"]);
    let found = search.find(&written, None, 20).await.unwrap();
    assert_eq!(found.iter().map(|call| call.external_id.as_str()).collect::<Vec<_>>(), ["1"]);
    assert!(search.find(&texts(&["03-1234-5678"]), Some("12"), 20).await.unwrap().is_empty());
    assert_eq!(search.find(&[], Some("12"), 20).await.unwrap().len(), 1, "a customer's calls from whatever number");
    let paths = ["True/0/0312345678&09012345678", "True/12/0312345678", "True/12/Null"];
    assert_eq!(asked(&server).await, paths.map(|rest| format!("/ReceivedCall-Record/20/{rest}")));
}

#[tokio::test]
async fn numbers_that_cannot_be_asked_for_find_nothing_and_send_nothing() {
    let server = MockServer::start().await;
    let search = session(&server).call_search.unwrap();
    for odd in ["非通知", "", "*21", "12345678901234567", "P", "1/2", "Null"] {
        assert!(search.find(&texts(&[odd]), None, 20).await.unwrap().is_empty(), "{odd}");
    }
    assert!(search.find(&texts(&["0312345678"]), None, 0).await.unwrap().is_empty(), "0 rows would mean all");
    for odd in ["0", "x", "", "1/2"] {
        let failure = search.find(&[], Some(odd), 20).await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (Code::Invalid, Reason::NotUsable), "{odd}");
    }
    assert!(asked(&server).await.is_empty());
}

#[tokio::test]
async fn six_numbers_are_one_request_and_seven_are_two_merged_by_id() {
    let server = MockServer::start().await;
    let numbers: Vec<String> = (1..=7).map(|it| format!("031234567{it}")).collect();
    let six = numbers[..6].join("&");
    let first = list(&[row(10, "0312345671", 5), row(9, "0312345672", 4), row(2, "0312345671", 1)]);
    let second =
        list(&[row(11, "0312345677", 4), row(9, "0312345672", 4), row(3, "0312345677", 9), row(8, "0999999999", 59)]);
    gives(&server, &format!("ReceivedCall-Record/4/True/0/{six}"), json(first)).await;
    gives(&server, &format!("ReceivedCall-Record/4/True/0/{}", numbers[6]), json(second)).await;
    let search = session(&server).call_search.unwrap();
    let six_found = search.find(&numbers[..6], None, 4).await.unwrap();
    assert_eq!((six_found.len(), asked(&server).await.len()), (3, 1));
    let found = search.find(&numbers, None, 4).await.unwrap();
    let ids: Vec<_> = found.iter().map(|call| call.external_id.as_str()).collect();
    assert_eq!(ids, ["3", "10", "11", "9"], "by time, then by number, without the stranger and cut to four");
    assert_eq!(asked(&server).await.len(), 3);
}

#[tokio::test]
async fn a_huge_wish_is_cut() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/10000/True/0/110", json("[]")).await;
    let found = session(&server).call_search.unwrap().find(&texts(&["110"]), None, u32::MAX).await.unwrap();
    assert!(found.is_empty());
}
