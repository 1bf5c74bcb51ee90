//! People of other companies, guests, and recordings at another host.

use super::*;

const DIRECTORY: &str = "/restapi/v1.0/account/~/directory/entries";

#[tokio::test]
async fn the_directory_brings_in_people_of_another_company_unless_told_not_to() {
    let desk = Desk::open().await;
    let all = desk.get(DIRECTORY).await;
    let foreign: Vec<&Value> = records(&all).iter().filter(|it| it["account"]["id"] != "400131426008").collect();
    assert_eq!(foreign.len(), 3);
    assert!(foreign.iter().all(|it| it["account"]["companyName"] == "Partner Example" && it["id"].is_string()));
    let own = desk.get(&format!("{DIRECTORY}?showFederated=false")).await;
    assert!(records(&own).iter().all(|it| it["account"]["id"] == "400131426008"));
}

#[tokio::test]
async fn the_directory_is_searched_by_text_field_and_id() {
    let desk = Desk::open().await;
    let path = format!("{DIRECTORY}/search");
    let found = async |body: Value| desk.post(&path, body).await.1;
    let both = found(json!({ "searchString": "kenichi" })).await;
    assert_eq!(records(&both).len(), 2, "one of them of another company");
    let own = found(json!({ "searchString": "kenichi", "showFederated": false })).await;
    assert_eq!((records(&own).len(), &records(&own)[0]["extensionNumber"]), (1, &json!("204")));
    let by_last = found(json!({ "searchString": "kenichi", "searchFields": ["lastName"] })).await;
    assert_eq!(records(&by_last).len(), 0);
    let me = desk.state.me().extension_id.to_string();
    let by_id = found(json!({ "extensionIds": [me] })).await;
    assert_eq!((records(&by_id).len(), &records(&by_id)[0]["id"]), (1, &json!(me)));
    let second = found(json!({ "searchString": "example", "page": 2, "perPage": 3 })).await;
    assert_eq!((records(&second).len(), &second["paging"]["page"]), (3, &json!(2)));
    assert_eq!(desk.post(&path, json!({ "searchFields": ["shoeSize"] })).await.0, StatusCode::BAD_REQUEST);
    let heavy = desk.ask(Method::POST, &path, Some(json!({}))).await;
    assert_eq!(heavy.headers()["x-rate-limit-group"], "heavy");
}

#[tokio::test]
async fn asking_the_extensions_for_a_guest_is_refused_and_counted() {
    let desk = Desk::open().await;
    let guest = "glip-29507587";
    let me = desk.state.me().extension_id;
    let both = desk.ask(Method::GET, &format!("/team-messaging/v1/persons/{me},{guest}"), None).await;
    assert_eq!(both.status(), StatusCode::MULTI_STATUS);
    assert!(both.text().await.unwrap().contains("Grace"));
    assert_eq!(desk.state.guest_ids_at_extensions(), 0);
    for path in [guest.to_owned(), format!("{guest}/presence"), format!("{guest}/call-log")] {
        let path = format!("/restapi/v1.0/account/~/extension/{path}");
        assert_eq!(desk.refused(&path).await, refusal(404, "CMN-102"));
    }
    assert_eq!(desk.state.guest_ids_at_extensions(), 3);
}

#[tokio::test]
async fn the_sound_of_a_recording_can_be_said_to_be_elsewhere_and_needs_the_token() {
    let desk = Desk::open().await;
    desk.state.set_content_host(Some("http://media.example.com:443".to_owned()));
    let page = desk.get(&format!("{LOG}?{ALL}&recordingType=All&perPage=1&view=Detailed")).await;
    let record = &records(&page)[0];
    let path = format!("/restapi/v1.0/account/400131426008/recording/{}", record["recording"]["id"].as_str().unwrap());
    let elsewhere = format!("http://media.example.com:443{path}/content");
    assert_eq!(record["recording"]["contentUri"], elsewhere);
    assert_eq!(record["legs"][0]["recording"]["contentUri"], elsewhere);
    assert_eq!(desk.get(&path).await["contentUri"], elsewhere);
    let bare = desk.client.get(format!("{}{path}/content", desk.base)).send().await.unwrap();
    assert_eq!(read_refusal(bare).await, refusal(401, "AGW-401"));
    desk.state.set_content_host(None);
    assert_eq!(desk.get(&path).await["contentUri"], format!("{}{path}/content", desk.base));
}
