//! Where the browser comes back to after a sign-in: one page on a port of this computer, for as long as somebody waits for it.
//!
//! What it brings is in the address that it asks for and must not be seen: nothing here is logged.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use model::{Failure, Reason};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::{Host, Url};

/// The most bytes of a request.
const MOST_BYTES: usize = 8 * 1024;
/// The most header lines of a request.
const MOST_HEADERS: usize = 64;
/// The most connections that are held at once. Browsers open spare ones and say nothing on them.
const MOST_CONNECTIONS: usize = 32;
/// How long a connection may say nothing.
const SILENCE: Duration = Duration::from_secs(30);
/// The setting that names the address.
const SETTING: &str = "redirect-uri";

/// What the page says that the browser shows in the end.
pub struct Farewell {
    /// The language of the words, such as `ja`.
    pub language: String,
    /// One sentence: that the page can be closed.
    pub words: String,
}

/// An open port of this computer.
pub(crate) struct Door {
    listeners: Vec<TcpListener>,
    place: Arc<Place>,
}

/// The one address that is answered.
struct Place {
    /// As browsers name it, such as `127.0.0.1:47821`.
    host: String,
    path: String,
}

impl Door {
    /// Opens the port of an address such as `http://127.0.0.1:47821/signed-in`.
    ///
    /// # Errors
    /// `Invalid(PortTaken)` where another program has it, `Invalid(NotUsable)` for what is no address of this computer.
    pub(crate) async fn open(address: &str) -> Result<Self, Failure> {
        let unusable = || Failure::invalid(Reason::NotUsable, SETTING);
        let url = Url::parse(address).map_err(|_| unusable())?;
        let port = url.port().ok_or_else(unusable)?;
        let hosts: Vec<IpAddr> = match url.host() {
            // Browsers may try either; both are ours, so that nobody else waits at one of them.
            Some(Host::Domain("localhost")) => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            Some(Host::Ipv4(ip)) if ip.is_loopback() => vec![ip.into()],
            Some(Host::Ipv6(ip)) if ip.is_loopback() => vec![ip.into()],
            Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_)) | None => return Err(unusable()),
        };
        let mut listeners = Vec::new();
        for host in hosts {
            match TcpListener::bind(SocketAddr::new(host, port)).await {
                Ok(listener) => listeners.push(listener),
                // Windows keeps ranges of ports for itself and says so by refusing them.
                Err(error) if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {
                    return Err(Failure::invalid(Reason::PortTaken, port.to_string()));
                }
                // A computer without the newer kind of address.
                Err(_) if !listeners.is_empty() => {}
                Err(_) => return Err(unusable()),
            }
        }
        let host = format!("{}:{port}", url.host_str().unwrap_or_default());
        Ok(Self { listeners, place: Arc::new(Place { host, path: url.path().to_owned() }) })
    }

    /// Waits until a browser comes to the address, shows it the page, and gives the query that it came with. Everything else that
    /// comes meanwhile is sent away.
    pub(crate) async fn wait(self, farewell: &Farewell) -> String {
        let page: Arc<str> = page(farewell).into();
        let mut guests = JoinSet::new();
        loop {
            tokio::select! {
                guest = self.next() => {
                    // What is too many is closed at once; the browser opens another where it needs one.
                    if guests.len() < MOST_CONNECTIONS {
                        guests.spawn(receive(guest, self.place.clone(), page.clone()));
                    }
                }
                Some(left) = guests.join_next() => {
                    if let Ok(Some(query)) = left {
                        return query;
                    }
                }
            }
        }
    }

    async fn next(&self) -> TcpStream {
        loop {
            let accepting = self.listeners.iter().map(|listener| Box::pin(listener.accept()));
            let (outcome, ..) = futures::future::select_all(accepting).await;
            match outcome {
                Ok((guest, _)) => return guest,
                // A guest that left before it was let in, or no room for one: others are still let in, after a breath.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

/// One connection: the query where it asks for our address, `None` for everything else.
async fn receive(mut guest: TcpStream, place: Arc<Place>, page: Arc<str>) -> Option<String> {
    let asked = tokio::time::timeout(SILENCE, read(&mut guest, &place)).await.ok()??;
    let (answer, query) = match asked {
        Asked::Us(query) => (with_body("200 OK", &page), Some(query)),
        Asked::Other(status) => (with_body(status, ""), None),
    };
    // A browser that is gone needs no page; what it brought counts all the same.
    let farewell = async {
        guest.write_all(answer.as_bytes()).await?;
        guest.shutdown().await
    };
    let _ = tokio::time::timeout(SILENCE, farewell).await;
    query
}

enum Asked {
    /// Our address, with a query.
    Us(String),
    /// Something else, which is answered with this status.
    Other(&'static str),
}

/// Reads one request; `None` where the connection ends before it is whole.
async fn read(guest: &mut TcpStream, place: &Place) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 2048];
    loop {
        let more = guest.read(&mut buffer).await.ok().filter(|more| *more > 0)?;
        bytes.extend_from_slice(&buffer[..more]);
        if bytes.len() > MOST_BYTES {
            return Some(Asked::Other("431 Request Header Fields Too Large"));
        }
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&bytes) {
            Ok(httparse::Status::Complete(_)) => return Some(judge(&request, place)),
            Ok(httparse::Status::Partial) => {}
            Err(_) => return Some(Asked::Other("400 Bad Request")),
        }
    }
}

fn judge(request: &httparse::Request<'_, '_>, place: &Place) -> Asked {
    let named = request.headers.iter().find(|it| it.name.eq_ignore_ascii_case("host"));
    // A page elsewhere may have its own name lead to this computer, and would be heard without this.
    let is_here = named.is_some_and(|it| it.value.eq_ignore_ascii_case(place.host.as_bytes()));
    let (path, query) = request.path.unwrap_or_default().split_once('?').unwrap_or_default();
    if !is_here || path != place.path {
        Asked::Other("404 Not Found")
    } else if request.method != Some("GET") {
        Asked::Other("405 Method Not Allowed")
    } else {
        Asked::Us(query.to_owned())
    }
}

fn with_body(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\n\
         Cache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}

fn page(farewell: &Farewell) -> String {
    let (language, words) = (escaped(&farewell.language), escaped(&farewell.words));
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>Frontdesk</title><style>\
         :root{{color-scheme:light dark}}body{{font:16px/1.6 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em}}\
         h1{{font-size:1.25em}}</style></head><body><main><h1>Frontdesk</h1><p>{words}</p></main></body></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Farewell {
        Farewell { language: "ja".into(), words: "<閉じてください>".into() }
    }

    /// A door at a port that is free, with its address.
    async fn door() -> (Door, String) {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let address = format!("http://127.0.0.1:{free}/signed-in");
        (Door::open(&address).await.unwrap(), format!("127.0.0.1:{free}"))
    }

    /// Sends bytes and reads the answer to its end.
    async fn send(to: &str, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        // The other side may close before it has read all that is too much.
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    async fn get(to: &str, target: &str) -> String {
        send(to, format!("GET {target} HTTP/1.1\r\nHost: {to}\r\n\r\n").as_bytes()).await
    }

    #[tokio::test]
    async fn the_browser_is_let_in_and_shown_a_page_that_keeps_nothing() {
        let (door, to) = door().await;
        let farewell = words();
        let (query, answer) = tokio::join!(door.wait(&farewell), get(&to, "/signed-in?code=c%2B1&state=s"));
        assert_eq!(query, "code=c%2B1&state=s");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        for header in ["Cache-Control: no-store", "Referrer-Policy: no-referrer", "Connection: close"] {
            assert!(head.contains(header), "{head}");
        }
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())));
        assert!(body.contains("lang=\"ja\"") && body.contains("&lt;閉じてください&gt;"), "{body}");
        assert!(!body.contains("c%2B1") && !body.contains("script") && !body.contains("<閉"), "{body}");
    }

    #[tokio::test]
    async fn everything_else_is_sent_away_and_the_wait_goes_on() {
        let (door, to) = door().await;
        let farewell = words();
        let waiting = door.wait(&farewell);
        let others = async {
            let check = async |bytes: &[u8], status: &str| {
                let answer = send(&to, bytes).await;
                assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
                assert!(answer.ends_with("\r\n\r\n"), "an empty body: {answer}");
            };
            let host = format!("Host: {to}\r\n\r\n");
            check(format!("GET /favicon.ico HTTP/1.1\r\n{host}").as_bytes(), "404").await;
            check(format!("GET /signed-in HTTP/1.1\r\n{host}").as_bytes(), "404").await;
            check(format!("GET /signed-in/x?code=1 HTTP/1.1\r\n{host}").as_bytes(), "404").await;
            check(format!("GET http://{to}/signed-in?code=1 HTTP/1.1\r\n{host}").as_bytes(), "404").await;
            check(format!("POST /signed-in?code=1 HTTP/1.1\r\n{host}").as_bytes(), "405").await;
            check(format!("HEAD /signed-in?code=1 HTTP/1.1\r\n{host}").as_bytes(), "405").await;
            check(b"GET /signed-in?code=1 HTTP/1.1\r\nHost: example.jp\r\n\r\n", "404").await;
            check(b"GET /signed-in?code=1 HTTP/1.1\r\n\r\n", "404").await;
            check(b"\x16\x03\x01 not http\r\n\r\n", "400").await;
            let long = format!("GET /signed-in?code={} HTTP/1.1\r\n{host}", "1".repeat(MOST_BYTES));
            let answer = send(&to, long.as_bytes()).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
            get(&to, "/signed-in?code=2").await
        };
        let (query, last) = tokio::join!(waiting, others);
        assert_eq!(query, "code=2");
        assert!(last.starts_with("HTTP/1.1 200 OK"));
    }

    #[tokio::test]
    async fn connections_that_say_nothing_are_in_nobodys_way() {
        let (door, to) = door().await;
        let farewell = words();
        let mut spare = Vec::new();
        for _ in 0..3 {
            spare.push(TcpStream::connect(&to).await.unwrap());
        }
        let mut slow = TcpStream::connect(&to).await.unwrap();
        slow.write_all(b"GET /signed-in?code=slow HT").await.unwrap();
        let gone = TcpStream::connect(&to).await.unwrap();
        drop(gone);
        let (query, _) = tokio::join!(door.wait(&farewell), get(&to, "/signed-in?code=1"));
        assert_eq!(query, "code=1");
    }

    #[tokio::test]
    async fn a_request_in_pieces_is_one_request() {
        let (door, to) = door().await;
        let farewell = words();
        let pieces = async {
            let mut stream = TcpStream::connect(&to).await.unwrap();
            stream.set_nodelay(true).unwrap();
            for piece in format!("GET /signed-in?a=b HTTP/1.1\r\nHost: {to}\r\n\r\n").as_bytes().chunks(7) {
                stream.write_all(piece).await.unwrap();
                tokio::task::yield_now().await;
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
        };
        let (query, ()) = tokio::join!(door.wait(&farewell), pieces);
        assert_eq!(query, "a=b");
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_said_and_one_that_is_given_up_is_free() {
        let (door, to) = door().await;
        let address = format!("http://{to}/signed-in");
        let failure = Door::open(&address).await.err().unwrap();
        assert_eq!(failure.why().reason, Reason::PortTaken);
        drop(door);
        assert!(Door::open(&address).await.is_ok());
    }

    #[tokio::test]
    async fn no_other_computer_is_waited_for() {
        for address in ["http://0.0.0.0:1/", "http://10.0.0.5:1/", "http://example.jp:1/", "http://127.0.0.1/", "x"] {
            let failure = Door::open(address).await.err().unwrap();
            assert_eq!(failure.why().reason, Reason::NotUsable, "{address}");
        }
    }

    #[tokio::test]
    async fn the_name_of_this_computer_is_waited_for_at_both_of_its_addresses() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let door = Door::open(&format!("http://localhost:{free}")).await.unwrap();
        let farewell = words();
        let asking = async {
            let request = format!("GET /?a=b HTTP/1.1\r\nHost: LOCALHOST:{free}\r\n\r\n");
            send(&format!("127.0.0.1:{free}"), request.as_bytes()).await
        };
        let (query, _) = tokio::join!(door.wait(&farewell), asking);
        assert_eq!(query, "a=b");
    }
}
