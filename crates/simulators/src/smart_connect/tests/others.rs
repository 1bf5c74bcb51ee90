//! What others do to the service meanwhile, and rows that hold more than is known.

use super::*;

#[tokio::test]
async fn after_a_backup_is_restored_new_calls_go_on_from_there() {
    let desk = Desk::open().await;
    desk.state.ring("0655500118", "0355500100");
    desk.state.restore(1_190);
    let rows = desk.get("ReceivedCall-Record/2/True/0/Null").await;
    assert_eq!((&rows[0]["ID"], &rows[1]["ID"]), (&json!("1190"), &json!("1189")));
    assert_eq!(desk.get("ReceivedCall-Record/1201").await, json!([]));
    assert_eq!(desk.state.ring("0655500118", "0355500100"), 1_191);
}

#[tokio::test]
async fn somebody_else_adds_a_row_just_before() {
    let desk = Desk::open().await;
    desk.state.race_on_post("CustomerAddress", &[("顧客名", "先の客"), ("TEL1", "0355500198")]);
    desk.write(Method::POST, "CustomerAddress", json!({ "顧客ID": "0", "顧客名": "後の客" })).await;
    let rows = [desk.get("CustomerAddress/301").await, desk.get("CustomerAddress/302").await];
    assert_eq!((&rows[0][0]["顧客名"], &rows[1][0]["顧客名"]), (&json!("先の客"), &json!("後の客")));
    desk.write(Method::POST, "CustomerAddress", json!({ "顧客ID": "0", "顧客名": "次の客" })).await;
    assert_eq!(desk.get("CustomerAddress").await.as_array().unwrap().len(), 303, "only once");
}

#[tokio::test]
async fn somebody_else_edits_a_row() {
    let desk = Desk::open().await;
    assert!(desk.state.edit("CustomerAddress", 7, "備考", "VIP"));
    assert_eq!(desk.get("CustomerAddress/7").await[0]["備考"], "VIP");
    assert!(!desk.state.edit("CustomerAddress", 999, "備考", "VIP"));
    desk.state.add_field("CustomerAddress", "得意先", "[1]");
    assert!(desk.state.edit("CustomerAddress", 7, "得意先", "はい"));
    assert_eq!(desk.get("CustomerAddress/7").await[0]["得意先"], "はい");
    assert_eq!(desk.get("CustomerAddress/8").await[0]["得意先"], json!([1]));
}

#[tokio::test]
async fn a_field_that_was_added_is_kept_as_it_comes_back_or_lost() {
    let desk = Desk::open().await;
    desk.state.add_field("ContainmentLine", "内部", r#"{"a" : 1.50, "b":[ null ]}"#);
    let row = r#"{"回線No":"2","着信TEL":"0355500110","代表TEL":"0355500100","種別":"電話","代理内線番号":"100","内部":{"a" : 1.50, "b":[ null ]}}"#;
    assert_eq!(desk.state.raw_row("ContainmentLine", 2).as_deref(), Some(row));
    let changed = r#"{"内部":{"a" : 1.50, "b":[ null ]},"回線No":"2","着信TEL":"0355500111","代表TEL":"0355500100","種別":"電話","代理内線番号":"100"}"#;
    let answer = desk.send(Method::PUT, "ContainmentLine/2", Some(changed)).await;
    assert_eq!(answer.json::<Value>().await.unwrap(), done());
    assert_eq!(desk.state.raw_row("ContainmentLine", 2).as_deref(), Some(changed), "in the order that came");
    let text = desk.send(Method::GET, "ContainmentLine/2", None).await.text().await.unwrap();
    assert_eq!(text, format!("[{changed}]"));
    desk.write(Method::PUT, "ContainmentLine/2", json!({ "着信TEL": "0355500111", "その他": "1" })).await;
    let row = &desk.get("ContainmentLine/2").await[0];
    assert_eq!((&row["内部"], &row["その他"]), (&Value::Null, &Value::Null), "lost, and never known");
    assert_eq!((&row["種別"], &row["回線No"]), (&json!(""), &json!("2")));
    assert_eq!(desk.status(Method::PUT, "ContainmentLine/2", Some(r#"{"種別":1}"#)).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_row_that_is_put_in_is_answered_byte_for_byte_and_written_back_the_same() {
    let desk = Desk::open().await;
    let raw = r#"{ "ID":1300, "着信日時":"2026/10/14 10:40:00", "相手TEL":"0655500118","顧客ID":1,  "確度":0.90 }"#;
    desk.state.put_row("ReceivedCall-Record", 1_300, raw);
    for path in
        ["ReceivedCall-Record/1300", "ReceivedCall-Record/1/True/0/Null", "ReceivedCall-Record/1/True/1/0655500118"]
    {
        let text = desk.send(Method::GET, path, None).await.text().await.unwrap();
        assert_eq!(text, format!("[{raw}]"), "{path}");
    }
    desk.state.update(1_300, true, 60);
    let row = &desk.get("ReceivedCall-Record/1300").await[0];
    assert_eq!((&row["対応"], &row["ID"]), (&json!("応答"), &json!(1_300)));
    assert!(desk.state.raw_row("ReceivedCall-Record", 1_300).unwrap().contains(r#""確度":0.90"#));
    let back = r#"{"ID":1300,"着信日時":"2026/10/14 10:40:00","相手TEL":"0655500118","顧客ID":1,"確度":0.90}"#;
    assert_eq!(desk.status(Method::PUT, "ReceivedCall-Record/1300", Some(back)).await, StatusCode::OK);
    assert_eq!(desk.state.raw_row("ReceivedCall-Record", 1_300).as_deref(), Some(back));
    assert_eq!(desk.state.ring("", "0355500100"), 1_301);
}

#[tokio::test]
async fn what_was_asked_for_is_remembered() {
    let desk = Desk::open().await;
    assert_eq!((desk.state.biggest_ask(), desk.state.asked_for_all()), (None, 0));
    for path in ["ReceivedCall-Record/20/True/0/Null", "ReceivedCall-Record/5/True/0/Null", "CustomerAddress"] {
        desk.get(path).await;
    }
    assert_eq!((desk.state.biggest_ask(), desk.state.asked_for_all()), (Some(20), 0));
    desk.get("ReceivedCall-Record/0/True/0/Null").await;
    desk.get("ReceivedCall-Record").await;
    assert_eq!((desk.state.biggest_ask(), desk.state.asked_for_all()), (Some(20), 2));
}

#[tokio::test]
async fn of_fifty_thousand_calls_both_ends_are_answered_without_making_the_others() {
    let now: DateTime<Utc> = tokyo().with_ymd_and_hms(2026, 10, 14, 10, 42, 7).unwrap().to_utc();
    let state = Arc::new(State::new(1, 50_000, 300, Arc::new(move || now)));
    let base = serve(router(state.clone())).await;
    for (is_descending, ends) in [("True", ["50000", "49001"]), ("False", ["1", "1000"])] {
        let path = format!("ReceivedCall-Record/1000/{is_descending}/0/Null");
        let url = format!("{base}/CTI_SmartConnectService/RestService/{path}");
        let rows: Vec<Value> = client().get(url).send().await.unwrap().json().await.unwrap();
        assert_eq!((&rows[0]["ID"], &rows[999]["ID"]), (&json!(ends[0]), &json!(ends[1])));
        assert_eq!(rows.len(), 1_000);
    }
    assert_eq!(state.ring("0655500118", "0355500100"), 50_001);
}

#[tokio::test]
async fn clients_that_gave_their_name_are_told_anything_and_can_be_cut() {
    let desk = Desk::open().await;
    let mut wire = Wire::open(&desk.base, "/CTI_SmartConnectService/WebSocket/").await.unwrap();
    wire.send("Regist('reception')").await;
    while desk.state.registered() != ["reception"] {
        tokio::task::yield_now().await;
    }
    desk.state.notice("何か");
    assert_eq!(wire.next().await.as_deref(), Some("何か"));
    desk.state.edit("ReceivedCall-Record", 3, "メモ", "済み");
    assert_eq!(wire.next().await.as_deref(), Some("ReceivedCall('3')"));
    desk.state.cut_sockets();
    assert_eq!(wire.next().await, None);
    while !desk.state.registered().is_empty() {
        tokio::task::yield_now().await;
    }
}
