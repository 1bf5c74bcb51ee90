//! The vendors' own sample records, through client, cache and console without a byte lost.

use model::call::{Outcome, Role};
use model::record::RowChange;
use model::{CallId, Raw, Time};
use simulators::{RING_CENTRAL, SMART_CONNECT};

use crate::support::Desk;

/// The published example of a detailed record: a missed call whose telephones say that they accepted.
const DETAILED: &str = include_str!("../../crates/ring-central/tests/fixtures/detailed.json");
/// The published example of a line, the only complete row that there is.
const LINE: &str =
    r#"{ "回線No" : "1", "着信TEL" : "0731235678", "代表TEL" : "0731237777", "種別" : "電話", "代理内線番号" : "30" }"#;

#[tokio::test]
async fn the_sample_of_a_detailed_call_stays_as_it_is_and_says_what_it_says() {
    let desk = Desk::empty().await;
    let id = desk.connect(RING_CENTRAL).await;
    desk.office.ring_central.inject_record(DETAILED.trim());
    let since = Time::parse("2018-11-01T00:00:00Z").unwrap();
    let report = desk.console.sync(std::slice::from_ref(&id), Some(since)).await.unwrap().pop().unwrap();
    assert_eq!((report.error, report.not_understood), (None, 0));
    let detail = desk.console.call_show(&CallId(format!("{id}/abcdef0123456789"))).await.unwrap();
    assert_eq!(detail.raw.0, DETAILED.trim());
    let call = detail.call;
    assert_eq!((call.outcome, call.legs.len(), call.line.as_deref()), (Outcome::Missed, 4, Some("Sales Queue")));
    assert_eq!(call.started_at, Some(Time::parse("2018-11-10T00:52:07.020Z").unwrap()));
    assert!(call.people.iter().all(|it| it.role == Role::Rang), "nobody spoke: {:?}", call.people);
    assert!(call.people.iter().all(|it| it.external_id != "22222222"), "a queue is no colleague");
}

#[tokio::test]
async fn the_sample_of_a_line_is_read_changed_and_kept_in_its_order() {
    let desk = Desk::empty().await;
    let id = desk.connect(SMART_CONNECT).await;
    desk.office.smart_connect.put_row("ContainmentLine", 1, LINE);
    let row = desk.console.records_get(&id, "ContainmentLine", "1").await.unwrap();
    assert_eq!(row.0, LINE, "byte for byte");
    let change = RowChange { fields: Raw(r#"{"代理内線番号":"31"}"#.into()), seen: Some(row) };
    desk.console.records_update(&id, "ContainmentLine", "1", &change).await.unwrap();
    let kept = desk.office.smart_connect.raw_row("ContainmentLine", 1).unwrap();
    let keys = |text: &str| text.split('"').skip(1).step_by(4).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(keys(&kept), keys(LINE), "no field is lost or moved");
    assert!(kept.contains("0731235678") && kept.contains("\"31\""), "{kept}");
}
