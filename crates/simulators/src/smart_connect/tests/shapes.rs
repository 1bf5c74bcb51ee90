//! The shapes of lists, outcomes, times and callers that services of this kind are known to send.

use super::super::{OutcomeShape, TimeFormat};
use super::*;

#[tokio::test]
async fn lists_can_be_wrapped_in_a_result_marked_or_empty_in_other_ways() {
    let desk = Desk::open().await;
    let text = async |path: &str| desk.send(Method::GET, path, None).await.text().await.unwrap();
    let bytes = async |path: &str| desk.send(Method::GET, path, None).await.bytes().await.unwrap();
    desk.state.set_shape(Shape::InResult);
    let wrapped: Value = serde_json::from_str(&text("ReceivedCall-Record/1/True/0/Null").await).unwrap();
    assert_eq!(wrapped["GetReceivedCallRecordResult"][0]["ID"], "1200");
    desk.state.set_shape(Shape::NullForEmpty);
    assert_eq!(text("ContainmentLine/99").await, "null");
    assert_eq!(text("ReceivedCall-Record/0/True/0/0000").await, "null");
    assert!(text("ContainmentLine").await.starts_with("[{"));
    desk.state.set_shape(Shape::NothingForEmpty);
    assert_eq!(text("ContainmentLine/99").await, "");
    assert!(text("ContainmentLine/1").await.starts_with("[{"));
    desk.state.set_shape(Shape::AfterMark);
    assert!(bytes("ContainmentLine").await.starts_with(b"\xEF\xBB\xBF[{"));
    assert_eq!(bytes("ContainmentLine/99").await.as_ref(), b"\xEF\xBB\xBF[]");
}

#[tokio::test]
async fn whether_a_write_was_done_is_said_in_several_ways() {
    let desk = Desk::open().await;
    for (shape, done, failed) in [
        (OutcomeShape::Documented, json!("True"), json!("False")),
        (OutcomeShape::LowerCase, json!("true"), json!("false")),
        (OutcomeShape::Bool, json!(true), json!(false)),
        (OutcomeShape::Number, json!(1), json!(0)),
        (OutcomeShape::Missing, Value::Null, Value::Null),
    ] {
        desk.state.set_outcome_shape(shape);
        let answer = desk.write(Method::PUT, "ContainmentLine/2", json!({})).await;
        assert_eq!((&answer["result"], &answer["msg"]), (&done, &json!("正常終了")), "{shape:?}");
        let answer = desk.write(Method::PUT, "ContainmentLine/99", json!({})).await;
        assert_eq!((&answer["result"], answer["msg"].is_string()), (&failed, true), "{shape:?}");
    }
}

#[tokio::test]
async fn every_write_can_be_refused_in_words() {
    let desk = Desk::open().await;
    desk.state.set_refusal(Some("他の端末で編集中です"));
    let refused = json!({ "result": "False", "msg": "他の端末で編集中です" });
    let row = json!({ "回線No": "0", "種別": "電話" });
    assert_eq!(desk.write(Method::POST, "ContainmentLine", row.clone()).await, refused);
    assert_eq!(desk.write(Method::PUT, "ContainmentLine/1", row.clone()).await, refused);
    let removal: Value = desk.send(Method::DELETE, "ContainmentLine/1", None).await.json().await.unwrap();
    assert_eq!(removal, refused);
    assert_eq!(desk.get("ContainmentLine").await.as_array().unwrap().len(), 6);
    desk.state.set_refusal(None);
    assert_eq!(desk.write(Method::PUT, "ContainmentLine/1", row).await, done());
}

#[tokio::test]
async fn the_time_of_a_call_is_written_in_several_ways() {
    let desk = Desk::open().await;
    let key = desk.state.ring("0655500118", "0355500100");
    let path = format!("ReceivedCall-Record/{key}");
    for (format, written) in [
        (TimeFormat::Slashed, "2026/10/14 10:42:07"),
        (TimeFormat::SlashedPadded, "2026/10/14 10:42:07"),
        (TimeFormat::Dashed, "2026-10-14 10:42:07"),
        (TimeFormat::Iso, "2026-10-14T10:42:07"),
        (TimeFormat::Compact, "20261014104207"),
        (TimeFormat::WcfDate, "/Date(1791942127000+0900)/"),
    ] {
        desk.state.set_time_format(format);
        let row = &desk.get(&path).await[0];
        assert_eq!(row["着信日時"], written, "{format:?}");
        assert_eq!(desk.write(Method::PUT, &path, row.clone()).await, done());
        assert_eq!(desk.get(&path).await[0], *row, "{format:?} comes back as it was written");
        desk.state.edit("ReceivedCall-Record", key, "着信日時", "2026/10/14 10:42:07");
    }
    let raw = desk.state.raw_row("ReceivedCall-Record", key).unwrap();
    assert!(raw.contains(r"\/Date("), "the platform escapes slashes: {raw}");
    desk.state.set_time_format(TimeFormat::Split);
    let row = &desk.get(&path).await[0];
    assert_eq!(
        (&row["着信日"], &row["着信時刻"], &row["着信日時"]),
        (&json!("2026/10/14"), &json!("10:42:07"), &Value::Null)
    );
    assert_eq!(desk.write(Method::PUT, &path, row.clone()).await, done());
    assert_eq!(desk.get(&path).await[0], *row);
    assert_eq!(desk.get("ReceivedCall-Record/1/False/0/Null").await[0]["着信日"].as_str().unwrap().len(), 10);
}

#[tokio::test]
async fn callers_who_show_no_number_are_written_in_several_words() {
    let desk = Desk::open().await;
    for word in ["非通知", "公衆電話", "表示圏外", ""] {
        let key = desk.state.ring_withheld(word, "0355500110");
        let row = &desk.get(&format!("ReceivedCall-Record/{key}")).await[0];
        assert_eq!((&row["相手TEL"], &row["回線No"], &row["顧客ID"]), (&json!(word), &json!("2"), &json!("0")));
    }
}
