//! Recordings: which a record names, and that the token goes to the vendor's hosts only.

use model::ports::System;
use model::recording::Recording;
use model::{Raw, Reason};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::desk::{Desk, json, open};

fn recording(url: &str) -> Recording {
    Recording { id: "7".into(), content_type: "audio/mpeg".into(), duration_seconds: None, url: url.into() }
}

#[tokio::test]
async fn a_record_names_the_recordings_of_the_call_and_of_its_legs_each_once() {
    let desk = Desk::new().await;
    let named = |json: &str| {
        ring_central::RingCentral.recordings_named(&Raw(json.into())).into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let record =
        r#"{"recording":{"id":"7","contentUri":"x"},"legs":[{"recording":{"id":7}},{"recording":{"id":"8"}},{}]}"#;
    assert_eq!(named(record), ["7", "8"]);
    assert_eq!(named("{}"), [""; 0]);
    assert_eq!(named("nothing"), [""; 0]);
    assert_eq!(desk.asked().await.len(), 0, "nothing is asked for that");
}

#[tokio::test]
async fn what_is_said_of_a_recording_is_read() {
    let desk = Desk::new().await;
    let body = r#"{"id":"7","contentUri":"https://media.example/x","contentType":"audio/mpeg","duration":62}"#;
    desk.gives("GET", "restapi/v1.0/account/~/recording/7", json(200, body)).await;
    let about = desk.session.recordings.as_ref().unwrap().about("7").await.unwrap();
    assert_eq!((about.url.as_str(), about.duration_seconds), ("https://media.example/x", Some(62)));
}

#[tokio::test]
async fn the_sound_comes_from_the_host_of_the_interface_or_the_named_host_of_media() {
    let media = MockServer::start().await;
    let sound = ResponseTemplate::new(200).set_body_bytes(b"RIFF".to_vec());
    Mock::given(method("GET"))
        .and(path("/a/content"))
        .and(header("authorization", "Bearer t1"))
        .respond_with(sound.clone())
        .mount(&media)
        .await;
    let desk = Desk::new().await;
    desk.gives("GET", "here/content", sound).await;
    let settings = [("client-id", "app"), ("media-url", media.uri().leak() as &str)];
    let (session, _) = open(&desk.server.uri(), &[("jwt", "j.w.t")], &settings).unwrap();
    let port = session.recordings.unwrap();
    let own = port.content(&recording(&format!("{}/here/content", desk.server.uri()))).await.unwrap();
    let there = port.content(&recording(&format!("{}/a/content?x=1", media.uri()))).await.unwrap();
    assert_eq!((own.as_slice(), there.as_slice()), (&b"RIFF"[..], &b"RIFF"[..]));
}

#[tokio::test]
async fn the_token_goes_to_no_other_host() {
    let elsewhere = MockServer::start().await;
    let desk = Desk::new().await;
    let port = desk.session.recordings.as_ref().unwrap();
    let own = desk.server.uri();
    let port_of_own = own.rsplit_once(':').unwrap().1.to_owned();
    for url in [
        format!("{}/content", elsewhere.uri()),
        "https://media.ringcentral.com.example.jp/content".to_owned(),
        own.replacen("http", "https", 1),
        format!("http://localhost.example:{port_of_own}/content"),
        format!("http://127.0.0.1:{port_of_own}@elsewhere.example/content"),
    ] {
        let failure = port.content(&recording(&url)).await.unwrap_err();
        assert_eq!(failure.why().reason, Reason::RedirectedAway, "{url}");
    }
    assert!(port.content(&recording("no address")).await.is_err());
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
    assert_eq!(desk.asked().await.len(), 0);
}
