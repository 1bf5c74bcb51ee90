//! The call log: filled in growing windows, followed from then on, and read anew where the server was set back.

use std::sync::Arc;

use model::Time;
use model::connection::Limitation;
use model::ports::{CallLog, CallStep};
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{CALLS, asked, gives, gives_once, json, page, rows, session};

const FOLLOWED: &str = r#"{"high":5,"fill":null}"#;

fn ids(step: &CallStep) -> Vec<&str> {
    step.calls.iter().map(|call| call.external_id.as_str()).collect()
}

async fn newest(server: &MockServer, top: u32, body: impl Into<String>) {
    gives(server, &format!("ReceivedCall-Record/{top}/True/0/Null"), json(body)).await;
}

async fn newest_once(server: &MockServer, top: u32, body: impl Into<String>) {
    gives_once(server, &format!("ReceivedCall-Record/{top}/True/0/Null"), json(body)).await;
}

/// Every step until there is nothing more.
async fn walk(log: &Arc<dyn CallLog>, since: Option<Time>) -> Vec<CallStep> {
    let mut steps: Vec<CallStep> = Vec::new();
    loop {
        let cursor = steps.last().map(|step| step.cursor.clone());
        let step = log.step(cursor.as_deref(), since).await.unwrap();
        let has_more = step.has_more;
        steps.push(step);
        if !has_more {
            return steps;
        }
    }
}

/// The instant of row `id`.
fn at(id: i64) -> Option<Time> {
    Time::from_millis(1_760_000_000_000 + id * 60_000)
}

#[tokio::test]
async fn a_first_fill_hands_on_the_newest_calls_first_and_each_once() {
    let server = MockServer::start().await;
    newest(&server, 1_000, rows(25_500, 24_501)).await;
    newest(&server, 10_000, rows(25_500, 15_501)).await;
    newest(&server, 100_000, rows(25_500, 1)).await;
    let steps = walk(&session(&server).calls.unwrap(), None).await;
    let sizes: Vec<_> = steps.iter().map(|step| step.calls.len()).collect();
    assert_eq!(sizes, [1_000, 9_000, 10_000, 5_500], "a window comes in portions");
    let all: Vec<u64> = steps.iter().flat_map(ids).map(|id| id.parse().unwrap()).collect();
    assert_eq!(all, (1..=25_500).rev().collect::<Vec<_>>());
    let far: Vec<_> = steps.iter().map(|step| step.fill.unwrap().permille).collect();
    assert_eq!(far, [39, 392, 784, 1_000], "ids tell how many calls there are");
    assert!(steps.iter().all(|step| step.fill.unwrap().left.is_none() && step.not_understood == 0));
    let windows = ["1000", "10000", "100000"].map(|top| format!("/ReceivedCall-Record/{top}/True/0/Null"));
    assert_eq!(asked(&server).await, windows, "each window is asked for once, and never the whole log");
}

#[tokio::test]
async fn a_window_that_is_filled_to_its_last_row_and_no_further_ends_without_an_idle_step() {
    let server = MockServer::start().await;
    newest(&server, 1_000, rows(1_000, 1)).await;
    newest(&server, 10_000, rows(1_000, 1)).await;
    let steps = walk(&session(&server).calls.unwrap(), None).await;
    assert_eq!(steps.iter().map(|step| step.calls.len()).collect::<Vec<_>>(), [1_000, 0]);
}

#[tokio::test]
async fn a_first_fill_goes_no_further_back_than_asked() {
    let server = MockServer::start().await;
    newest(&server, 1_000, rows(2_000, 1_001)).await;
    let steps = walk(&session(&server).calls.unwrap(), at(1_991)).await;
    assert_eq!((steps.len(), ids(&steps[0]).len()), (1, 10));
}

#[tokio::test]
async fn one_wrong_clock_does_not_end_a_fill_early() {
    let server = MockServer::start().await;
    let long_ago = rows(2_000, 1_001).replace(&at(1_001).unwrap().to_string(), "2001/1/1 0:00:00");
    newest(&server, 1_000, long_ago).await;
    newest(&server, 10_000, rows(2_000, 1)).await;
    let steps = walk(&session(&server).calls.unwrap(), at(500)).await;
    let handed: usize = steps.iter().map(|step| step.calls.len()).sum();
    assert_eq!(handed, 1_501, "the row with the wrong clock came right in the second window");
}

#[tokio::test]
async fn an_interrupted_fill_goes_on_with_its_window() {
    let server = MockServer::start().await;
    newest(&server, 1_000, rows(12_000, 11_001)).await;
    gives_once(&server, "ReceivedCall-Record/10000/True/0/Null", page(403, "Forbidden")).await;
    newest(&server, 10_000, rows(12_000, 2_001)).await;
    newest(&server, 100_000, rows(12_000, 1)).await;
    let first = session(&server).calls.unwrap().step(None, None).await.unwrap();
    let later = session(&server).calls.unwrap();
    later.step(Some(&first.cursor), None).await.unwrap_err();
    let second = later.step(Some(&first.cursor), None).await.unwrap();
    assert_eq!((second.calls.len(), second.has_more), (10_000, true), "what a new session does not know comes again");
    let third = later.step(Some(&second.cursor), None).await.unwrap();
    assert_eq!((third.calls.len(), third.has_more), (2_000, false));
}

#[tokio::test]
async fn a_log_that_is_too_large_for_one_answer_is_read_from_both_ends() {
    let server = MockServer::start().await;
    let too_large = || json(" ".repeat(64 * 1024 * 1024 + 1));
    newest(&server, 1_000, rows(9_000, 8_001)).await;
    gives(&server, "ReceivedCall-Record/10000/True/0/Null", too_large()).await;
    newest(&server, 5_000, rows(9_000, 4_001)).await;
    gives(&server, "ReceivedCall-Record/5000/False/0/Null", json(rows(5_000, 1))).await;
    let steps = walk(&session(&server).calls.unwrap(), None).await;
    let sizes: Vec<_> = steps.iter().map(|step| step.calls.len()).collect();
    assert_eq!(sizes, [1_000, 0, 4_000, 4_000]);
    let mut all: Vec<u64> = steps.iter().flat_map(ids).map(|id| id.parse().unwrap()).collect();
    all.sort_unstable();
    assert_eq!(all, (1..=9_000).collect::<Vec<_>>());
    assert_eq!(steps.last().unwrap().limitation, None, "the two ends meet");
}

#[tokio::test]
async fn a_log_whose_ends_do_not_meet_is_said_to_have_a_gap_from_then_on() {
    let server = MockServer::start().await;
    let too_large = || json(" ".repeat(64 * 1024 * 1024 + 1));
    newest(&server, 1_000, rows(30_000, 29_001)).await;
    gives(&server, "ReceivedCall-Record/10000/True/0/Null", too_large()).await;
    newest(&server, 5_000, rows(30_000, 25_001)).await;
    gives(&server, "ReceivedCall-Record/5000/False/0/Null", json(rows(5_000, 1))).await;
    newest(&server, 200, rows(30_000, 29_801)).await;
    let calls = session(&server).calls.unwrap();
    let steps = walk(&calls, None).await;
    let last = steps.last().unwrap();
    assert_eq!(last.limitation, Some(Limitation::LogHasGap));
    let later = calls.step(Some(&last.cursor), None).await.unwrap();
    assert_eq!((later.limitation, later.has_more), (Some(Limitation::LogHasGap), false));
}

#[tokio::test]
async fn a_later_sync_asks_once_and_tells_only_what_is_new_or_changed() {
    let server = MockServer::start().await;
    newest(&server, 1_000, rows(3, 1)).await;
    newest(&server, 200, rows(4, 1).replace(r#""ID":"2","#, r#""ID":"2","memo":"折り返し済み","#)).await;
    let calls = session(&server).calls.unwrap();
    let first = calls.step(None, None).await.unwrap();
    assert_eq!((ids(&first), first.has_more), (vec!["3", "2", "1"], false));
    let second = calls.step(Some(&first.cursor), None).await.unwrap();
    assert_eq!((ids(&second), second.has_more, second.fill), (vec!["4", "2"], false, None));
    assert_eq!(second.calls[1].note.as_deref(), Some("折り返し済み"));
    let third = calls.step(Some(&second.cursor), None).await.unwrap();
    assert_eq!((ids(&third), third.has_more), (vec![], false));
    assert_eq!(asked(&server).await.len(), 3);
}

#[tokio::test]
async fn a_long_absence_is_caught_up_on() {
    let server = MockServer::start().await;
    newest(&server, 200, rows(900, 701)).await;
    newest(&server, 2_000, rows(900, 1)).await;
    let step = session(&server).calls.unwrap().step(Some(r#"{"high":500,"fill":null}"#), None).await.unwrap();
    assert!(!step.has_more);
    let new: Vec<_> = ids(&step).into_iter().filter(|id| id.parse::<u64>().unwrap() > 500).collect();
    assert_eq!(new.len(), 400);
}

#[tokio::test]
async fn a_very_long_absence_is_caught_up_on_to_what_is_known() {
    let server = MockServer::start().await;
    newest(&server, 200, rows(30_000, 29_801)).await;
    newest(&server, 2_000, rows(30_000, 28_001)).await;
    newest(&server, 10_000, rows(30_000, 20_001)).await;
    newest(&server, 100_000, rows(30_000, 1)).await;
    let calls = session(&server).calls.unwrap();
    let mut cursor = r#"{"high":15000,"fill":null}"#.to_owned();
    let mut steps = Vec::new();
    while steps.last().is_none_or(|step: &CallStep| step.has_more) {
        steps.push(calls.step(Some(&cursor), None).await.unwrap());
        cursor = steps.last().unwrap().cursor.clone();
    }
    let sizes: Vec<_> = steps.iter().map(|step| step.calls.len()).collect();
    assert_eq!(sizes, [0, 10_000, 10_000], "it ends with the portion that reaches what is known");
    assert!(steps.iter().flat_map(ids).any(|id| id == "15001"));
    newest(&server, 200, rows(30_000, 29_801)).await;
    let last = calls.step(Some(&cursor), None).await.unwrap();
    assert_eq!((last.calls.len(), last.has_more), (0, false));
}

#[tokio::test]
async fn a_server_that_was_set_back_is_read_anew() {
    let server = MockServer::start().await;
    newest(&server, 200, rows(3, 1)).await;
    gives(&server, "ReceivedCall-Record/5", json("[]")).await;
    newest(&server, 1_000, rows(3, 1)).await;
    let calls = session(&server).calls.unwrap();
    let step = calls.step(Some(FOLLOWED), None).await.unwrap();
    assert_eq!((step.gone.clone(), step.has_more), (vec!["4".to_owned(), "5".to_owned()], true));
    let again = calls.step(Some(&step.cursor), None).await.unwrap();
    assert_eq!((ids(&again), again.has_more), (vec!["3", "2", "1"], false));
}

#[tokio::test]
async fn a_highest_row_that_is_only_out_of_sight_is_no_backup() {
    let server = MockServer::start().await;
    newest(&server, 200, rows(3, 1)).await;
    gives(&server, "ReceivedCall-Record/5", json(rows(5, 5))).await;
    let step = session(&server).calls.unwrap().step(Some(FOLLOWED), None).await.unwrap();
    assert_eq!((step.gone.len(), step.has_more, step.cursor.as_str()), (0, false, FOLLOWED));
}

#[tokio::test]
async fn ids_that_were_given_anew_are_updates() {
    let server = MockServer::start().await;
    newest_once(&server, 1_000, rows(5, 1)).await;
    // The backup ended with 3; 4 to 6 are other calls than before.
    let other =
        rows(6, 1).replace("0355500142", "0655500118").replace(&at(5).unwrap().to_string(), "2026/10/14 9:00:00");
    newest(&server, 200, other.clone()).await;
    newest(&server, 1_000, other).await;
    let calls = session(&server).calls.unwrap();
    let first = calls.step(None, None).await.unwrap();
    let second = calls.step(Some(&first.cursor), None).await.unwrap();
    assert_eq!((second.calls.len(), second.has_more), (0, true), "the whole log may have changed");
    let third = calls.step(Some(&second.cursor), None).await.unwrap();
    assert_eq!(third.calls.len(), 6);
    assert_eq!(third.calls.iter().find(|call| call.external_id == "5").unwrap().from.raw, "0655500118");
    let fourth = calls.step(Some(&third.cursor), None).await.unwrap();
    assert_eq!((fourth.calls.len(), fourth.has_more), (0, false));
}

#[tokio::test]
async fn a_row_that_vanished_is_told() {
    let server = MockServer::start().await;
    newest(&server, 1_000, rows(4, 1)).await;
    let without = |id: &str, rows: String| {
        let list: Vec<serde_json::Value> = serde_json::from_str(&rows).unwrap();
        serde_json::to_string(&list.into_iter().filter(|row| row["ID"] != id).collect::<Vec<_>>()).unwrap()
    };
    newest(&server, 200, without("3", rows(4, 1))).await;
    let calls = session(&server).calls.unwrap();
    let first = calls.step(None, None).await.unwrap();
    let second = calls.step(Some(&first.cursor), None).await.unwrap();
    assert_eq!(second.gone, ["3"]);
    let third = calls.step(Some(&second.cursor), None).await.unwrap();
    assert!(third.gone.is_empty(), "once");
}

#[tokio::test]
async fn an_empty_answer_is_not_taken_for_an_emptied_log() {
    let server = MockServer::start().await;
    gives(&server, "ReceivedCall-Record/200/True/0/Null", ResponseTemplate::new(200)).await;
    let step = session(&server).calls.unwrap().step(Some(FOLLOWED), None).await.unwrap();
    assert_eq!((step.calls.len(), step.gone.len(), step.has_more), (0, 0, false));
    assert_eq!(step.cursor, FOLLOWED);
}

#[tokio::test]
async fn a_cursor_that_asks_for_the_whole_log_at_once_begins_anew() {
    let server = MockServer::start().await;
    newest(&server, 1_000, rows(3, 1)).await;
    let step = session(&server).calls.unwrap().step(Some(r#"{"high":5,"fill":0}"#), None).await.unwrap();
    assert_eq!(ids(&step), ["3", "2", "1"]);
}

#[tokio::test]
async fn calls_of_every_odd_shape_are_kept_and_counted_once() {
    let server = MockServer::start().await;
    newest(&server, 1_000, format!("\u{feff}{CALLS}")).await;
    newest(&server, 200, CALLS).await;
    let calls = session(&server).calls.unwrap();
    let step = calls.step(None, None).await.unwrap();
    assert_eq!(step.calls.len(), 6, "nothing is dropped");
    assert_eq!(step.not_understood, 2, "one has no readable time, one has no id");
    let find = |id: &str| step.calls.iter().find(|call| call.external_id == id).unwrap();
    assert_eq!(find("11").started_at.unwrap().to_string(), "2026-10-14T01:31:04.000Z");
    assert_eq!(find("11").customer_external_id.as_deref(), Some("2"));
    assert_eq!(find("9").from.raw, "非通知");
    assert_eq!(find("9").customer_external_id, None);
    assert_eq!(find("8").started_at, None);
    assert!(find("8").raw.0.contains("きのうの朝"));
    assert!(step.calls.iter().any(|call| call.external_id.starts_with("row-")));
    let again = calls.step(Some(&step.cursor), None).await.unwrap();
    assert_eq!((again.calls.len(), again.not_understood), (0, 0));
}

#[tokio::test]
async fn a_list_that_breaks_off_is_read_again_later() {
    let server = MockServer::start().await;
    newest_once(&server, 1_000, rows(3, 1).replace("]", "")).await;
    newest(&server, 1_000, rows(3, 1)).await;
    let calls = session(&server).calls.unwrap();
    let failure = calls.step(None, None).await.unwrap_err();
    assert_eq!(failure.why().reason, model::Reason::Unreadable);
    assert_eq!(ids(&calls.step(None, None).await.unwrap()), ["3", "2", "1"]);
}
