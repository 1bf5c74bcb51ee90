//! What becomes of every kind of answer, and of none at all, against servers on this computer.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use model::failure::Code;
use model::{Clock, Failure, Reason, Secret, Time};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rest::{Answer, Budget, Dialect, Limit, Request, Server, Setup};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::matchers::{any, body_string, header, method, path, query_param};
use wiremock::{Mock, MockServer, Request as Seen, ResponseTemplate};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Time {
        Time::parse("2026-10-14T12:00:00Z").unwrap()
    }
}

struct Plain;

impl Dialect for Plain {}

fn setup(url: &str) -> Setup {
    Setup { url: url.to_owned(), allow_http: false, limits: Vec::new(), clock: Arc::new(Noon) }
}

fn server(url: &str) -> Server {
    Server::new(setup(url), Plain).unwrap()
}

fn failed(result: Result<Answer, Failure>) -> (Code, Reason, String) {
    let Err(failure) = result else {
        panic!("it should have failed");
    };
    (failure.code(), failure.why().reason, failure.why().words.clone())
}

async fn answering(template: ResponseTemplate) -> MockServer {
    let mock = MockServer::start().await;
    Mock::given(any()).respond_with(template).mount(&mock).await;
    mock
}

async fn count(mock: &MockServer) -> usize {
    mock.received_requests().await.unwrap().len()
}

/// A listener that gives every connection to `talk`, with the request's head already read.
async fn raw<F, T>(talk: F) -> String
where
    F: Fn(TcpStream) -> T + Send + 'static,
    T: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            tokio::spawn(talk(stream));
        }
    });
    url
}

#[tokio::test]
async fn a_request_arrives_as_it_was_built() {
    let mock = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/camserver/api/send"))
        .and(query_param("day", "20261014"))
        .and(header("x-token", "t0ken"))
        .and(header("user-agent", concat!("Frontdesk/", env!("CARGO_PKG_VERSION"))))
        .and(body_string("text=Q%26A+100%25+%E3%81%82"))
        .respond_with(ResponseTemplate::new(200).set_body_string("[1,2]"))
        .mount(&mock)
        .await;
    let request = Request::post("send")
        .query("day", "20261014")
        .secret_header("x-token", &Secret::new(" t0ken\n"))
        .form(&[("text", "Q&A 100% あ")]);
    let answer = server(&format!("{}/camserver/api/", mock.uri())).ask(request).await.unwrap();
    assert_eq!(answer.json::<Vec<u8>>().unwrap(), [1, 2]);
}

#[tokio::test]
async fn every_status_has_its_meaning_for_reads_and_for_writes() {
    async fn check(status: u16, read: (Code, Reason), write: (Code, Reason)) {
        let mock = answering(ResponseTemplate::new(status).set_body_string("{}")).await;
        let (code, reason, words) = failed(server(&mock.uri()).ask(Request::get("x")).await);
        assert_eq!((code, reason), read, "reading, {status}");
        assert_eq!(words, format!("HTTP {status}"));
        let before = count(&mock).await;
        let (code, reason, _) = failed(server(&mock.uri()).ask(Request::post("x").json("{}".into())).await);
        assert_eq!((code, reason), write, "writing, {status}");
        assert_eq!(count(&mock).await, before + 1, "a write is sent once, {status}");
    }
    let both = |code, reason| ((code, reason), (code, reason));
    for (status, (read, write)) in [
        (400, both(Code::Refused, Reason::SystemRefused)),
        (401, both(Code::SignedOut, Reason::TokenRefused)),
        (403, both(Code::Refused, Reason::NoPermission)),
        (404, both(Code::Refused, Reason::NotFound)),
        (408, both(Code::Offline, Reason::SystemFault)),
        (413, both(Code::Refused, Reason::SystemRefused)),
        (429, both(Code::SlowDown, Reason::LimitReached)),
        (503, both(Code::Offline, Reason::SystemFault)),
        (500, ((Code::Offline, Reason::SystemFault), (Code::UnknownOutcome, Reason::OutcomeUnknown))),
        (502, ((Code::Offline, Reason::SystemFault), (Code::UnknownOutcome, Reason::OutcomeUnknown))),
        (504, ((Code::Offline, Reason::SystemFault), (Code::UnknownOutcome, Reason::OutcomeUnknown))),
    ] {
        check(status, read, write).await;
    }
}

#[tokio::test]
async fn a_read_is_tried_again_until_the_server_is_back() {
    let mock = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).up_to_n_times(2).mount(&mock).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&mock).await;
    assert_eq!(server(&mock.uri()).ask(Request::post("x").as_read()).await.unwrap().status, 200);
    assert_eq!(count(&mock).await, 3);
}

#[tokio::test]
async fn an_accepted_status_is_an_answer() {
    let mock = answering(ResponseTemplate::new(405)).await;
    let answer = server(&mock.uri()).ask(Request::post("x").accept_status(&[404, 405])).await.unwrap();
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn after_too_many_requests_nothing_of_that_group_is_sent() {
    let mock = answering(ResponseTemplate::new(429).insert_header("retry-after", "40")).await;
    let server = server(&mock.uri());
    let first = server.ask(Request::get("x").group("heavy")).await;
    assert!(matches!(first, Err(Failure::SlowDown(wait, _)) if wait == Duration::from_secs(40)));
    let second = server.clone().ask(Request::post("y").group("heavy")).await;
    assert!(matches!(second, Err(Failure::SlowDown(wait, _)) if wait <= Duration::from_secs(40)));
    assert_eq!(count(&mock).await, 1, "the second never left");
    let _ = server.ask(Request::get("x").group("light")).await;
    assert_eq!(count(&mock).await, 2, "another group is free");
}

/// A system with a daily cap at 500, a budget in its headers and its own words.
struct Own;

impl Dialect for Own {
    fn failure(&self, answer: &Answer) -> Option<Failure> {
        let day = Duration::from_secs(86_400);
        (answer.status == 500).then(|| Failure::SlowDown(day, model::Why::new(Reason::DailyLimit, "posts")))
    }

    fn words(&self, answer: &Answer) -> String {
        answer.text().map(|text| text.into_owned()).unwrap_or_default()
    }

    fn limit(&self, answer: &Answer) -> Option<Budget> {
        let remaining = answer.header("x-remaining")?.parse().ok();
        Some(Budget { group: None, limit: None, window: None, remaining, resets_in: Some(Duration::from_secs(50)) })
    }
}

#[tokio::test]
async fn a_system_speaks_its_own_way() {
    let mock = MockServer::start().await;
    Mock::given(path("/post")).respond_with(ResponseTemplate::new(500)).mount(&mock).await;
    let words = ResponseTemplate::new(422).set_body_string("token t0ken may not\u{7}");
    Mock::given(path("/words")).respond_with(words).mount(&mock).await;
    let last = ResponseTemplate::new(200).insert_header("x-remaining", "0");
    Mock::given(path("/last")).respond_with(last).mount(&mock).await;
    let page = ResponseTemplate::new(400).set_body_raw("<html><p>long page</p>", "text/html");
    Mock::given(path("/page")).respond_with(page).mount(&mock).await;
    let server = Server::new(setup(&mock.uri()), Own).unwrap();

    let (code, reason, _) = failed(server.ask(Request::post("post").group("chat")).await);
    assert_eq!((code, reason), (Code::SlowDown, Reason::DailyLimit));
    let again = server.ask(Request::post("post").group("chat")).await;
    assert_eq!(failed(again).1, Reason::DailyLimit, "the group stays shut for the day");

    let token = Secret::new("t0ken");
    let (_, _, words) = failed(server.ask(Request::get("words").secret_header("x-token", &token)).await);
    assert_eq!(words, "token … may not", "a token that the server repeats is not told on");
    assert_eq!(failed(server.ask(Request::get("page")).await).2, "HTTP 400", "a page is no words");

    server.ask(Request::get("last").group("few")).await.unwrap();
    let none_left = server.ask(Request::get("last").group("few")).await;
    assert!(matches!(none_left, Err(Failure::SlowDown(wait, _)) if wait > Duration::from_secs(40)));
    assert_eq!(count(&mock).await, 4);
}

#[tokio::test]
async fn a_known_pace_is_kept_without_asking_the_server() {
    let mock = answering(ResponseTemplate::new(200)).await;
    let limits = vec![Limit { group: "few", requests: 1, per: Duration::from_secs(3600) }];
    let server = Server::new(Setup { limits, ..setup(&mock.uri()) }, Plain).unwrap();
    server.ask(Request::get("x").group("few")).await.unwrap();
    assert_eq!(failed(server.ask(Request::get("x").group("few")).await).0, Code::SlowDown);
    assert_eq!(count(&mock).await, 1);
}

#[tokio::test]
async fn a_read_follows_redirects_at_home_only() {
    let mock = MockServer::start().await;
    let away = MockServer::start().await;
    let to = |status: u16, place: String| ResponseTemplate::new(status).insert_header("location", place.as_str());
    Mock::given(path("/home")).respond_with(to(302, "/there?x=1".into())).mount(&mock).await;
    Mock::given(path("/there"))
        .and(header("x-token", "t0ken"))
        .respond_with(ResponseTemplate::new(200).set_body_string("7"))
        .mount(&mock)
        .await;
    Mock::given(path("/away")).respond_with(to(307, away.uri())).mount(&mock).await;
    Mock::given(path("/round")).respond_with(to(307, "/round".into())).mount(&mock).await;
    let server = server(&mock.uri());
    let token = Secret::new("t0ken");
    let ask = |request: Request| server.ask(request.secret_header("x-token", &token));

    assert_eq!(ask(Request::get("home")).await.unwrap().json::<u8>().unwrap(), 7);
    assert_eq!(ask(Request::post("home").form(&[("a", "b")]).as_read()).await.unwrap().json::<u8>().unwrap(), 7);
    for request in [Request::get("away"), Request::post("away")] {
        let (code, reason, words) = failed(ask(request).await);
        assert_eq!((code, reason, words.as_str()), (Code::Refused, Reason::RedirectedAway, "127.0.0.1"));
    }
    assert_eq!(count(&away).await, 0, "the token went nowhere else");
    assert_eq!(failed(ask(Request::post("home")).await).0, Code::Refused, "a write is not sent a second time");
    assert_eq!(failed(ask(Request::get("round")).await).0, Code::Refused);
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_offline_even_for_a_write() {
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    for request in [Request::get("x"), Request::post("x")] {
        let (code, reason, _) = failed(server(&url).ask(request).await);
        assert_eq!((code, reason), (Code::Offline, Reason::NothingListens));
    }
}

#[tokio::test]
async fn a_host_without_an_address_is_named() {
    let (code, reason, words) = failed(server("https://no-such-host.invalid").ask(Request::post("x")).await);
    assert_eq!((code, reason, words.as_str()), (Code::Offline, Reason::HostNotFound, "no-such-host.invalid"));
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_a_write_unknown() {
    let url = raw(|stream| async move {
        let _ = stream.set_zero_linger();
        drop(stream);
    })
    .await;
    assert_eq!(failed(server(&url).ask(Request::get("x")).await).1, Reason::ConnectionLost);
    let (code, reason, _) = failed(server(&url).ask(Request::post("x")).await);
    assert_eq!((code, reason), (Code::UnknownOutcome, Reason::OutcomeUnknown));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_late_for_a_read_and_unknown_for_a_write() {
    let url = raw(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let soon = Duration::from_millis(200);
    let (code, reason, _) = failed(server(&url).ask(Request::get("x").deadline(soon)).await);
    assert_eq!((code, reason), (Code::Offline, Reason::TimedOut));
    let (code, reason, _) = failed(server(&url).ask(Request::post("x").deadline(soon)).await);
    assert_eq!((code, reason), (Code::UnknownOutcome, Reason::OutcomeUnknown));
}

#[tokio::test]
async fn an_answer_that_drips_ends_at_the_deadline() {
    let url = raw(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await;
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        while stream.write_all(b" ").await.is_ok() {
            beat.tick().await;
        }
    })
    .await;
    let (code, reason, _) = failed(server(&url).ask(Request::get("x").deadline(Duration::from_millis(300))).await);
    assert_eq!((code, reason), (Code::Offline, Reason::TimedOut));
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_lost_for_a_read_and_not_understood_for_a_write() {
    let url = raw(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"half\":").await;
    })
    .await;
    assert_eq!(failed(server(&url).ask(Request::get("x")).await).1, Reason::ConnectionLost);
    let (code, reason, _) = failed(server(&url).ask(Request::post("x")).await);
    assert_eq!((code, reason), (Code::UnknownOutcome, Reason::AnswerNotUnderstood));
}

#[tokio::test]
async fn more_than_is_read_ends_the_reading() {
    async fn check(head: &'static str, chunk: Vec<u8>) {
        let chunk = Arc::new(chunk);
        let url = raw(move |mut stream| {
            let chunk = Arc::clone(&chunk);
            async move {
                let _ = stream.write_all(head.as_bytes()).await;
                for _ in 0..100 {
                    if stream.write_all(&chunk).await.is_err() {
                        return;
                    }
                }
            }
        })
        .await;
        let (code, reason, _) = failed(server(&url).ask(Request::get("x")).await);
        assert_eq!((code, reason), (Code::Surprise, Reason::TooLarge));
        let (code, reason, _) = failed(server(&url).ask(Request::post("x")).await);
        assert_eq!((code, reason), (Code::UnknownOutcome, Reason::AnswerNotUnderstood));
    }
    check("HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\n", Vec::new()).await;
    let mut chunk = b"100000\r\n".to_vec();
    chunk.extend(vec![b' '; 0x10_0000]);
    chunk.extend(b"\r\n");
    check("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk).await;
}

#[tokio::test]
async fn a_page_and_broken_json_are_told_with_their_place() {
    #[derive(Debug, Deserialize)]
    struct Rooms {
        #[expect(dead_code, reason = "only read to fail")]
        rooms: Vec<Room>,
    }
    #[derive(Debug, Deserialize)]
    struct Room {
        #[expect(dead_code, reason = "only read to fail")]
        seats: u32,
    }
    async fn words(body: &str, content_type: &str) -> (Reason, String) {
        let mock = answering(ResponseTemplate::new(200).set_body_raw(body, content_type)).await;
        let answer = server(&mock.uri()).ask(Request::get("x")).await.unwrap();
        let failure = answer.json::<Rooms>().unwrap_err();
        assert_eq!(failure.code(), Code::Surprise);
        (failure.why().reason, failure.why().words.clone())
    }
    let (reason, words_of) = words(r#"{"rooms":[{"seats":4},{"seats":"four"}]}"#, "application/json").await;
    assert_eq!((reason, words_of.as_str()), (Reason::Unreadable, "rooms[1].seats: expected u32 at line 1 column 37"));
    assert_eq!(words(r#"{"rooms":[{"seats":4"#, "application/json").await.0, Reason::Unreadable);
    assert_eq!(words("", "application/json").await.0, Reason::Unreadable);
    assert_eq!(words("<html>Sign in</html>", "text/html").await.0, Reason::HtmlInstead);
}

#[test]
fn addresses_are_judged_before_anything_is_sent() {
    let reason = |url: &str| Server::new(setup(url), Plain).err().map(|it| it.why().reason);
    assert_eq!(reason("http://chat.example.jp"), Some(Reason::PlainHttp));
    assert_eq!(reason("chat.example.jp"), Some(Reason::BadAddress));
    assert_eq!(reason("https://chat.example.jp"), None);
}

/// A TLS server on a thread with a certificate for these names and years; gives its address and its authority.
fn tls_server(name: &str, from: i32, to: i32) -> (String, Vec<u8>) {
    rest::install_tls();
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_der = authority.self_signed(&authority_key).unwrap().der().to_vec();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let private = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::StreamOwned::new(connection, stream.unwrap());
            let mut head = [0; 4096];
            if tls.read(&mut head).is_ok() {
                let _ = tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    (format!("https://localhost:{port}"), authority_der)
}

#[tokio::test]
async fn each_trouble_with_a_certificate_is_told_for_what_it_is() {
    async fn reason(url: &str, authority: Option<&[u8]>) -> Result<u16, Reason> {
        let server = match authority {
            Some(authority) => Server::trusting(setup(url), Plain, authority).unwrap(),
            None => server(url),
        };
        server.ask(Request::post("x")).await.map(|it| it.status).map_err(|failure| {
            assert_eq!(failure.code(), Code::Offline, "nothing has left, so a write is offline too");
            failure.why().reason
        })
    }
    let (url, authority) = tls_server("localhost", 2020, 2200);
    assert_eq!(reason(&url, Some(&authority)).await, Ok(200));
    assert_eq!(reason(&url, None).await, Err(Reason::CertificateNotTrusted));
    let (url, authority) = tls_server("localhost", 2020, 2021);
    assert_eq!(reason(&url, Some(&authority)).await, Err(Reason::ClockOff), "expired");
    let (url, authority) = tls_server("localhost", 2199, 2200);
    assert_eq!(reason(&url, Some(&authority)).await, Err(Reason::ClockOff), "not valid yet");
    let (url, authority) = tls_server("other.example.jp", 2020, 2200);
    assert_eq!(reason(&url, Some(&authority)).await, Err(Reason::CertificateWrongName));
}

#[tokio::test]
async fn a_password_goes_out_as_basic_authentication() {
    let mock = answering(ResponseTemplate::new(200)).await;
    server(&mock.uri()).ask(Request::get("x").basic("client", &Secret::new("w0rd"))).await.unwrap();
    let seen: Vec<Seen> = mock.received_requests().await.unwrap();
    assert_eq!(seen[0].headers["authorization"], "Basic Y2xpZW50OncwcmQ=");
}
