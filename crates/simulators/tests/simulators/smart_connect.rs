//! SmartConnect that stops in the middle of a write: nobody is told whether it was done.

use reqwest::{Method, Response};
use serde_json::json;
use simulators::smart_connect::Stop;
use simulators::{Office, SMART_CONNECT};

use super::{client, small_office};

async fn add(office: &Office, name: &str) -> reqwest::Result<Response> {
    let url = format!("{}/CTI_SmartConnectService/RestService/CustomerAddress", office.account(SMART_CONNECT).url);
    let asked = client().request(Method::POST, url).header("content-type", "application/json");
    asked.body(json!({ "顧客ID": "0", "顧客名": name }).to_string()).send().await
}

fn name(office: &Office, key: u64) -> Option<String> {
    let row = office.smart_connect.row("CustomerAddress", key)?;
    row.into_iter().find(|it| it.0 == "顧客名").map(|it| it.1)
}

#[tokio::test]
async fn a_write_at_which_the_service_stops_is_done_or_not_and_nothing_is_reached_until_it_goes_on() {
    for (stop, last) in [(Stop::BeforeDoing, None), (Stop::AfterDoing, Some("二人目".to_owned()))] {
        let office = small_office().await;
        office.smart_connect.stop_after_writes(2, stop);
        assert_eq!(add(&office, "一人目").await.unwrap().status(), 200);
        let lost = add(&office, "二人目").await.unwrap_err();
        assert!(!lost.is_connect(), "the connection was there: {lost:?}");
        assert_eq!(name(&office, 10), last, "{stop:?}");
        assert!(add(&office, "三人目").await.unwrap_err().is_connect(), "{stop:?}");
        assert_eq!(office.requests(SMART_CONNECT), 2, "the third was not heard");
        office.smart_connect.go_on();
        assert_eq!(add(&office, "三人目").await.unwrap().status(), 200);
        let key = if last.is_some() { 11 } else { 10 };
        assert_eq!(name(&office, key).as_deref(), Some("三人目"));
    }
}

#[tokio::test]
async fn going_on_forgets_a_stop_that_did_not_come_yet() {
    let office = small_office().await;
    office.smart_connect.stop_after_writes(1, Stop::BeforeDoing);
    office.smart_connect.go_on();
    assert_eq!(add(&office, "一人目").await.unwrap().status(), 200);
}
