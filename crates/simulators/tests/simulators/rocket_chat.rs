//! Rocket.Chat.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulators::rocket_chat::{IMPERSONATE, Limit};
use simulators::{Office, Plan, ROCKET_CHAT};

use super::{client, now, read, secret, small_office};

fn ask(office: &Office, method: Method, path: &str) -> RequestBuilder {
    let account = office.account(ROCKET_CHAT);
    client()
        .request(method, format!("{}/api/v1/{path}", account.url))
        .header("X-Auth-Token", secret(&account, "token"))
        .header("X-User-Id", &account.settings[0].1)
}

async fn get(office: &Office, path: &str) -> (u16, Value) {
    read(ask(office, Method::GET, path).send().await.unwrap()).await
}

async fn post(office: &Office, path: &str, body: Value) -> (u16, Value) {
    read(ask(office, Method::POST, path).json(&body).send().await.unwrap()).await
}

async fn send(office: &Office, message: Value) -> (u16, Value) {
    post(office, "chat.sendMessage", json!({ "message": message })).await
}

#[tokio::test]
async fn both_headers_are_needed() {
    let office = small_office().await;
    let account = office.account(ROCKET_CHAT);
    let (token, user) = (secret(&account, "token"), account.settings[0].1.as_str());
    let url = format!("{}/api/v1/me", account.url);
    let all = [("X-Auth-Token", token), ("X-User-Id", user), ("X-User-Id", "somebody")];
    for headers in [&all[..0], &all[..1], &all[1..2], &[all[0], all[2]]] {
        let asked = headers.iter().fold(client().get(&url), |asked, (name, value)| asked.header(*name, *value));
        let (status, body) = read(asked.send().await.unwrap()).await;
        assert_eq!(status, 401);
        assert_eq!(body["message"], "You must be logged in to do this.");
        assert_eq!(body["status"], "error");
    }
    let (status, me) = get(&office, "me").await;
    assert_eq!((status, me["username"].as_str()), (200, Some("s.misaki")));
    let info = read(client().get(format!("{}/api/info", account.url)).send().await.unwrap()).await.1;
    assert_eq!(info["success"], true, "no sign-in is needed to ask for the version");
}

#[tokio::test]
async fn a_login_opens_a_session_and_a_failed_one_swaps_error_and_message() {
    let office = small_office().await;
    let url = format!("{}/api/v1/login", office.account(ROCKET_CHAT).url);
    let login = async |body: Value| read(client().post(&url).json(&body).send().await.unwrap()).await;
    let password = office.rocket_chat.password("c.emma");
    let (status, body) = login(json!({ "user": "c.emma", "password": password })).await;
    assert_eq!((status, body["status"].as_str()), (200, Some("success")));
    assert_eq!(body["data"]["me"]["name"], "Emma Clarke");
    let (status, body) = login(json!({ "user": "c.emma", "password": "wrong" })).await;
    assert_eq!((status, body["error"].as_i64()), (401, Some(403)));
    assert_eq!(body["message"], "Incorrect password");
    let (_, body) = login(json!({ "user": "nobody", "password": "wrong" })).await;
    assert_eq!((body["error"].as_str(), body["message"].as_str()), (Some("Unauthorized"), Some("Unauthorized")));
    assert_eq!(post(&office, "logout", json!({})).await.0, 200);
    assert_eq!(get(&office, "me").await.0, 401, "the token is dropped");
}

#[tokio::test]
async fn a_page_is_never_longer_than_a_hundred() {
    let office = Office::start(Plan { people: 130, ..Plan::small(now()) }).await.unwrap();
    let count =
        async |query: &str| get(&office, &format!("users.list{query}")).await.1["users"].as_array().unwrap().len();
    assert_eq!(count("").await, 50);
    assert_eq!(count("?count=200").await, 100);
    assert_eq!(count("?count=200&offset=100").await, 30);
    assert_eq!(count("?count=0").await, 130);
    assert_eq!(count("?query=%7B%22username%22%3A%22c.emma%22%7D&count=100").await, 100, "a filter is ignored");
    let (_, page) = get(&office, "users.list?count=10&offset=125").await;
    assert_eq!(
        (page["count"].as_u64(), page["offset"].as_u64(), page["total"].as_u64()),
        (Some(5), Some(125), Some(130))
    );
    let (status, body) = get(&office, "users.list?search=emma").await;
    assert_eq!((status, body["errorType"].as_str()), (400, Some("invalid-params")));
    assert_eq!(get(&office, "users.list?sort=name").await.1["errorType"], "error-invalid-sort");
    office.rocket_chat.deny("view-d-room");
    assert_eq!(get(&office, "users.list").await.0, 403);
}

#[tokio::test]
async fn a_user_is_found_by_exactly_one_word() {
    let office = small_office().await;
    let (_, body) = get(&office, "users.info?username=t.kenichi").await;
    assert_eq!(body["user"]["emails"][0]["address"], "t.kenichi@example.jp");
    assert_eq!(get(&office, "users.info?username=nobody").await.1["error"], "User not found.");
    for query in ["", "?username=t.kenichi&userId=x", "?name=t.kenichi"] {
        assert_eq!(get(&office, &format!("users.info{query}")).await.1["errorType"], "invalid-params", "{query}");
    }
    let id = &office.rocket_chat.people()[0].rocket_id;
    let (_, body) = get(&office, &format!("users.presence?ids={id}")).await;
    assert_eq!((body["users"].as_array().unwrap().len(), body["full"].as_bool()), (1, Some(false)));
}

#[tokio::test]
async fn rooms_are_those_that_the_user_is_in() {
    let office = small_office().await;
    let (_, body) = get(&office, "rooms.get").await;
    let names: Vec<_> = body["update"].as_array().unwrap().iter().filter_map(|room| room["name"].as_str()).collect();
    assert_eq!(names, ["general", "reception", "sales", "front-office"]);
    let (_, later) = get(&office, "rooms.get?updatedSince=2026-10-14T01:42:00.000Z").await;
    assert_eq!(later["update"], json!([]));
    let wrong = get(&office, "rooms.get?updatedSince=yesterday").await.1;
    assert_eq!(wrong["errorType"], "error-updatedSince-param-invalid");
    assert_eq!(get(&office, "channels.list").await.1["total"], 4);
    assert_eq!(get(&office, "groups.list").await.1["total"], 1, "another's private group is not told");
    assert_eq!(get(&office, "rooms.info?roomName=sales").await.1["room"]["fname"], "営業");
    assert_eq!(get(&office, "rooms.info?roomId=x").await.0, 400);
}

#[tokio::test]
async fn a_direct_conversation_is_made_once() {
    let office = small_office().await;
    let (_, first) = post(&office, "dm.create", json!({ "username": "c.emma" })).await;
    let (_, again) = post(&office, "im.create", json!({ "usernames": "c.emma" })).await;
    assert_eq!(first["room"]["rid"], again["room"]["rid"]);
    assert_eq!(first["room"]["t"], "d");
    let (_, several) = post(&office, "dm.create", json!({ "usernames": "c.emma,k.minjun" })).await;
    assert_eq!(several["room"]["usernames"].as_array().unwrap().len(), 3);
    let wrong = async |body| post(&office, "dm.create", body).await.1["errorType"].clone();
    assert_eq!(wrong(json!({ "username": "nobody" })).await, "error-invalid-user");
    assert_eq!(wrong(json!({ "username": "c.emma", "usernames": "c.emma" })).await, "invalid-params");
    assert_eq!(wrong(json!({})).await, "invalid-params");
}

#[tokio::test]
async fn the_same_id_is_kept_once() {
    let office = small_office().await;
    let message = json!({ "_id": "draft1recipient1x", "rid": "GENERAL", "msg": "本日 15 時より空調点検" });
    let (status, body) = send(&office, message.clone()).await;
    assert_eq!((status, body["message"]["_id"].as_str()), (200, Some("draft1recipient1x")));
    let (_, again) = send(&office, message).await;
    assert!(again.get("message").is_none(), "the second answer is of no use");
    let found = get(&office, "chat.getMessage?msgId=draft1recipient1x").await.1;
    assert_eq!(found["message"]["msg"], "本日 15 時より空調点検");
    assert_eq!(office.rocket_chat.messages().len(), 1);
    assert_eq!(get(&office, "chat.getMessage?msgId=never").await.0, 400);
}

#[tokio::test]
async fn a_message_that_is_not_right_is_refused_in_the_servers_words() {
    let office = small_office().await;
    let (_, body) = send(&office, json!({ "msg": "x" })).await;
    assert_eq!(body["error"], "The 'rid' property on the message object is missing.");
    let extra = json!({ "message": { "rid": "GENERAL", "msg": "x" }, "channel": "#general" });
    assert_eq!(post(&office, "chat.sendMessage", extra).await.1["errorType"], "invalid-params");
    let with = async |key: &str, value: Value| {
        let mut message = json!({ "rid": "GENERAL", "msg": "x" });
        message[key] = value;
        send(&office, message).await.1
    };
    assert_eq!(with("rid", json!("nowhere")).await["errorType"], "error-invalid-room");
    assert_eq!(with("rid", json!("oSk2Wm5xBgYp8RhEu")).await["errorType"], "error-not-allowed");
    assert_eq!(with("msg", json!("あ".repeat(5001))).await["errorType"], "error-message-size-exceeded");
    assert_eq!(with("msg", json!("あ".repeat(5000))).await["success"], true);
    assert_eq!(with("tshow", json!(true)).await["errorType"], "invalid-params");
    assert_eq!(with("ts", json!("2026-10-14T01:40:00Z")).await["errorType"], "error-message-ts-out-of-sync");
    assert_eq!(
        with("attachments", json!([{ "image_url": "javascript:x" }])).await["error"],
        "Invalid href value provided"
    );
    let alias = with("alias", json!("Gruggy")).await;
    assert_eq!((alias["error"].as_str(), alias.get("errorType")), (Some("Not enough permission"), None));
    office.rocket_chat.grant(IMPERSONATE);
    assert_eq!(with("alias", json!("Gruggy")).await["message"]["alias"], "Gruggy");
}

#[tokio::test]
async fn a_post_names_its_channel_in_three_ways() {
    let office = small_office().await;
    let to =
        async |key: &str, value: Value| post(&office, "chat.postMessage", json!({ key: value, "text": "x" })).await.1;
    assert!(to("channel", json!("#general")).await["ts"].is_i64());
    assert_eq!(to("channel", json!("@c.emma")).await["success"], true);
    assert_eq!(to("roomId", json!("GENERAL")).await["message"]["rid"], "GENERAL");
    assert_eq!(to("channel", json!("#nowhere")).await["errorType"], "invalid-channel");
    assert_eq!(to("room", json!("GENERAL")).await["errorType"], "invalid-params");
}

#[tokio::test]
async fn a_changed_message_is_told_by_the_next_sync() {
    let office = small_office().await;
    let id = send(&office, json!({ "rid": "GENERAL", "msg": "before" })).await.1["message"]["_id"].clone();
    office.clock.advance(Duration::from_secs(5));
    let (_, body) = post(&office, "chat.update", json!({ "roomId": "GENERAL", "msgId": id, "text": "after" })).await;
    assert_eq!(body["message"]["editedBy"]["username"], "s.misaki");
    let since = "chat.syncMessages?roomId=GENERAL&lastUpdate=2026-10-14T01:42:02.000Z";
    let updated = get(&office, since).await.1["result"]["updated"].clone();
    assert_eq!((updated[0]["_id"].clone(), updated[0]["msg"].as_str()), (id, Some("after")));
    let (_, body) = post(&office, "chat.update", json!({ "roomId": "GENERAL", "msgId": "x", "text": "y" })).await;
    assert!(body["error"].as_str().unwrap().starts_with("No message found with the id of"));
}

#[tokio::test]
async fn a_file_is_shown_once_it_is_confirmed() {
    let office = small_office().await;
    let part =
        reqwest::multipart::Part::bytes(b"%PDF".to_vec()).file_name("見積.pdf").mime_str("application/pdf").unwrap();
    let form = reqwest::multipart::Form::new().part("file", part);
    let asked = ask(&office, Method::POST, "rooms.media/GENERAL").multipart(form);
    let (status, body) = read(asked.send().await.unwrap()).await;
    assert_eq!(status, 200, "{body}");
    let id = body["file"]["_id"].as_str().unwrap();
    assert!(office.rocket_chat.messages().is_empty());
    let (_, body) = post(&office, &format!("rooms.mediaConfirm/GENERAL/{id}"), json!({ "msg": "見積書です" })).await;
    assert_eq!(body["message"]["file"]["name"], "見積.pdf");
    let (_, again) = post(&office, &format!("rooms.mediaConfirm/GENERAL/{id}"), json!({})).await;
    assert_eq!(again["errorType"], "invalid-file");
    assert_eq!(ask(&office, Method::POST, "rooms.upload/GENERAL").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_file_that_is_not_right_is_refused_and_what_is_set_for_files_can_be_read() {
    let office = small_office().await;
    let part =
        |bytes: Vec<u8>| reqwest::multipart::Part::bytes(bytes).file_name("a.zip").mime_str("application/zip").unwrap();
    let send = async |path: &str, form: reqwest::multipart::Form| {
        let (status, body) = read(ask(&office, Method::POST, path).multipart(form).send().await.unwrap()).await;
        (status, body["errorType"].as_str().unwrap_or_default().to_owned(), body)
    };
    let form = || reqwest::multipart::Form::new();
    let media = "rooms.media/GENERAL";
    assert_eq!(send(media, form().part("other", part(vec![1]))).await.1, "invalid-field");
    assert_eq!(send(media, form()).await.0, 400);
    assert_eq!(send(media, form().part("file", part(vec![]))).await.1, "error-file-empty");
    let two = form().part("file", part(vec![1])).part("file", part(vec![2]));
    assert_eq!(send(media, two).await.2["error"], "Just 1 file is allowed");
    assert_eq!(send("rooms.media/GENERAL?x=1", form().part("file", part(vec![1]))).await.1, "invalid-params");
    assert_eq!(send("rooms.media/nowhere", form().part("file", part(vec![1]))).await.1, "error-invalid-room");
    let (_, told) = get(&office, "settings.public?_id=FileUpload_MaxFileSize").await;
    assert_eq!(told["settings"][0]["value"], 104_857_600);
    assert_eq!(send(media, form().part("file", part(vec![7; 3_000_000]))).await.0, 200, "more than a usual body");
    office.rocket_chat.largest_file(2, true);
    assert_eq!(send(media, form().part("file", part(vec![1, 2, 3]))).await.1, "error-file-too-large");
    office.rocket_chat.refuse_files("application/zip");
    assert_eq!(send(media, form().part("file", part(vec![1]))).await.1, "error-invalid-file-type");
    let extra = json!({ "msg": "x", "alias": "Gruggy" });
    assert_eq!(post(&office, "rooms.mediaConfirm/GENERAL/none", extra).await.1["errorType"], "invalid-params");
}

#[tokio::test]
async fn over_the_limit_the_reset_is_an_instant_in_milliseconds() {
    let office = small_office().await;
    office.rocket_chat.limit(Some(Limit { calls: 2, per: Duration::from_secs(60) }));
    let me = async || ask(&office, Method::GET, "me").send().await.unwrap();
    assert_eq!(me().await.headers()["x-ratelimit-remaining"], "1");
    me().await;
    let refused = me().await;
    assert_eq!(refused.status(), 429);
    let reset = now().timestamp_millis() + 60_000;
    assert_eq!(refused.headers()["x-ratelimit-reset"], reset.to_string().as_str());
    assert!(refused.headers().get("retry-after").is_none());
    assert!(read(refused).await.1["error"].as_str().unwrap().contains("You must wait 60 seconds"));
    assert_eq!(get(&office, "rooms.get").await.0, 200, "every route has its own count");
    office.clock.advance(Duration::from_secs(60));
    assert_eq!(me().await.status(), 200);
}
