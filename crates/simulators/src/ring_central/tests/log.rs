//! A call log that does not hold still: calls end, records change, vanish, or are put in as they are.

use super::*;

const SYNC: &str = "/restapi/v1.0/account/~/call-log-sync";
const EXTRACT: &str = "/restapi/v1.0/account/~/call-log-extract-sync";
/// With odd spaces, a number that no type of ours would write so, and a field that nobody knows.
const RAW: &str = r#"{ "id":"AZraw0001", "uri" : "https://platform.ringcentral.com/x", "sessionId":"404","telephonySessionId":"s-raw",
  "startTime":"2026-10-14T00:30:00.000Z","type":"Voice","direction":"Inbound","action":"Phone Call","duration":1.50e1,
  "from":{"phoneNumber":"+18558955500"},"surprise":[null,{"a":"/"}] }"#;

fn ids(page: &Value) -> Vec<String> {
    records(page).iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn token(answer: &Value) -> &str {
    answer["syncInfo"]["syncToken"].as_str().unwrap()
}

impl Desk {
    async fn text(&self, path: &str) -> String {
        let answer = self.ask(Method::GET, path, None).await;
        assert!(answer.status().is_success(), "{path}");
        answer.text().await.unwrap()
    }

    async fn again(&self, path: &str, token: &str, more: &str) -> Value {
        self.get(&format!("{path}?syncType=ISync&syncToken={token}{more}")).await
    }
}

#[tokio::test]
async fn calls_that_end_now_stand_at_the_top() {
    let desk = Desk::open().await;
    let before = desk.state.newest_ids(2);
    let ended = desk.state.end_calls(3);
    let page = desk.get(&format!("{LOG}?perPage=5")).await;
    assert_eq!(ids(&page), [&ended[..], &before[..]].concat());
    assert_eq!(desk.state.newest_ids(5), ids(&page));
}

#[tokio::test]
async fn pages_shift_while_they_are_walked_unless_the_end_is_pinned() {
    let desk = Desk::open().await;
    desk.state.set_calls_per_page(2);
    let first = desk.get(&format!("{LOG}?perPage=5&{ALL}")).await;
    let second = desk.get(&format!("{LOG}?perPage=5&page=2&{ALL}")).await;
    assert_eq!(ids(&second)[..2], ids(&first)[3..], "two calls came, so two are seen again");
    let now = desk.now.lock().unwrap().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let pinned = format!("{LOG}?perPage=5&{ALL}&dateTo={now}");
    let first = desk.get(&pinned).await;
    let second = desk.get(&format!("{pinned}&page=2")).await;
    assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
    desk.state.set_calls_per_page(0);
    let newest = desk.state.newest_ids(1);
    desk.get(LOG).await;
    assert_eq!(desk.state.newest_ids(1), newest, "nothing ends any more");
}

#[tokio::test]
async fn a_deleted_call_is_gone_and_a_synchronisation_says_so_once() {
    let desk = Desk::open().await;
    desk.state.end_calls(1);
    let all = desk.get(&format!("{LOG}?perPage=4")).await;
    let frame = desk.get(&format!("{SYNC}?syncType=FSync&recordCount=20")).await;
    let (recent, old) = (ids(&all)[0].clone(), ids(&all)[2].clone());
    assert!(desk.state.delete_call(&recent) && desk.state.delete_call(&old));
    assert!(!desk.state.delete_call(&old) && !desk.state.delete_call("0123456789abcdef"), "not there any more");
    assert_eq!(ids(&desk.get(&format!("{LOG}?perPage=2")).await), [ids(&all)[1].clone(), ids(&all)[3].clone()]);
    assert_eq!(desk.refused(&format!("{LOG}/{old}")).await, refusal(404, "CMN-102"));
    let shown = desk.get(&format!("{LOG}?perPage=4&showDeleted=true")).await;
    assert_eq!((ids(&shown), &records(&shown)[2]["deleted"]), (ids(&all), &json!(true)));
    let silent = desk.again(SYNC, token(&frame), "").await;
    assert_eq!(records(&silent).len(), 0, "not asked for");
    let told = desk.again(SYNC, token(&frame), "&showDeleted=true").await;
    assert_eq!(ids(&told), [recent, old]);
    assert!(records(&told).iter().all(|it| it["deleted"] == true && it["startTime"].is_string()));
    let again = desk.again(SYNC, token(&told), "&showDeleted=true").await;
    assert_eq!(records(&again).len(), 0, "told once");
    let anew = desk.get(&format!("{SYNC}?syncType=FSync&recordCount=20")).await;
    assert!(ids(&anew).iter().all(|id| !ids(&told).contains(id)));
}

#[tokio::test]
async fn a_changed_call_is_told_by_the_next_synchronisation() {
    let desk = Desk::open().await;
    let id = desk.state.end_calls(1)[0].clone();
    let frame = desk.get(&format!("{SYNC}?syncType=FSync&recordCount=5&view=Detailed")).await;
    let pull = desk.get(&format!("{EXTRACT}?syncType=FSync")).await;
    assert_eq!((&records(&frame)[0]["id"], &records(&frame)[0]["result"]), (&json!(id), &json!("Missed")));
    desk.wait(30);
    assert!(desk.state.change_call(&id));
    let old = ids(&frame)[1].clone();
    assert!(desk.state.change_call(&old));
    let told = desk.again(SYNC, token(&frame), "").await;
    assert_eq!(ids(&told), [id.clone(), old]);
    let changed = &records(&told)[0];
    assert_eq!((&changed["result"], &changed["duration"]), (&json!("Accepted"), &json!(60)));
    assert_eq!(changed["lastModifiedTime"], "2026-10-14T01:42:30.000Z");
    assert_eq!(desk.get(&format!("{LOG}/{id}")).await["duration"], 60);
    assert!(ids(&desk.again(EXTRACT, token(&pull), "").await).contains(&id));
    assert_eq!(records(&desk.again(SYNC, token(&told), "").await).len(), 0);
    assert!(!desk.state.change_call("0123456789abcdef"));
}

#[tokio::test]
async fn a_record_that_is_put_in_is_answered_byte_for_byte_where_its_time_belongs() {
    let desk = Desk::open().await;
    desk.state.inject_record(RAW);
    for path in [
        LOG.to_owned(),
        format!("{LOG}/AZraw0001"),
        format!("{SYNC}?syncType=FSync&recordCount=250"),
        format!("{LOG}?phoneNumber=18558955500&direction=Inbound&type=Voice&view=Detailed"),
        format!("{LOG}?sessionId=404"),
        format!("{LOG}?telephonySessionId=s-raw"),
        format!("{LOG}/AZraw0001,{}", desk.state.newest_ids(1)[0]),
    ] {
        assert!(desk.text(&path).await.contains(RAW), "{path}");
    }
    for other in ["direction=Outbound", "type=Fax", "recordingType=All", "dateTo=2026-10-14T00:29:59Z"] {
        assert!(!desk.text(&format!("{LOG}?{other}")).await.contains("AZraw0001"), "{other}");
    }
    let day = desk.get(&format!("{LOG}?perPage=1000")).await;
    let times: Vec<&str> = records(&day).iter().map(|it| it["startTime"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "in its place");
    assert_ne!(records(&day)[0]["id"], "AZraw0001");
    assert!(desk.state.delete_call("AZraw0001"));
    assert!(!desk.text(LOG).await.contains("AZraw0001"));
}
