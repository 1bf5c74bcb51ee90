//! A sign-in with the browser from end to end, for both shells.

use std::time::Duration;

use engine::Console;
use model::connection::ConnectionView;
use model::{ConnectionId, Failure, Reason, Why};

use crate::loopback::{Door, Farewell};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(300);

/// Signs a connection in: opens the page of its system by `open`, waits for the browser to come back, and keeps what it brings.
/// Dropping the future gives the sign-in up and frees the port.
///
/// # Errors
/// What [`Console::sign_in_begin`] and [`engine::SigningIn::finish`] say, what `open` says, [`Failure::Invalid`] with
/// [`Reason::PortTaken`], and [`Failure::Refused`] with [`Reason::SignInAbandoned`] where nobody came back for five minutes.
pub async fn sign_in(
    console: &Console,
    id: &ConnectionId,
    farewell: &Farewell,
    open: impl FnOnce(&str) -> Result<(), Failure>,
) -> Result<ConnectionView, Failure> {
    let signing_in = console.sign_in_begin(id).await?;
    // The door is open before the browser is sent away: nobody else can be standing there when it comes back.
    let door = Door::open(&signing_in.comes_back_to()).await?;
    open(&signing_in.page())?;
    let query = tokio::time::timeout(PATIENCE, door.wait(farewell))
        .await
        .map_err(|_| Failure::Refused(Why::new(Reason::SignInAbandoned, "")))?;
    signing_in.finish(&query).await
}

/// Opens the page of a sign-in in the person's browser. The window itself loads nothing from outside.
///
/// # Errors
/// [`Failure::Refused`] with [`Reason::BrowserNotOpened`].
pub fn open_page(page: &str) -> Result<(), Failure> {
    open::that_detached(page).map_err(|_| Failure::Refused(Why::new(Reason::BrowserNotOpened, "")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use engine::MemoryVault;
    use model::SystemId;
    use model::connection::NewConnection;
    use model::failure::Code;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// A console with a connection that signs in with the browser and comes back to this port.
    async fn desk(port: u16) -> (Console, ConnectionId, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let opened = crate::open_with(folder.path(), Arc::new(MemoryVault::default())).await.unwrap();
        let about = opened.console.systems_list().into_iter().find(|it| it.signs_in_by_browser).unwrap();
        let setting = |key: &str, value: String| (key.to_owned(), value);
        let new = NewConnection {
            system: SystemId(about.id.0),
            name: String::new(),
            url: String::new(),
            settings: BTreeMap::from([
                setting("client-id", "app".into()),
                setting("redirect-uri", format!("http://127.0.0.1:{port}/back")),
            ]),
            secrets: BTreeMap::new(),
            allow_http: false,
        };
        let id = opened.console.connection_add(new).await.unwrap().id;
        (opened.console, id, folder)
    }

    async fn free_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
    }

    fn farewell() -> Farewell {
        Farewell { language: "en".into(), words: "Close it.".into() }
    }

    #[tokio::test]
    async fn a_person_who_says_no_in_the_browser_is_heard() {
        let port = free_port().await;
        let (console, id, _folder) = desk(port).await;
        let farewell = farewell();
        let outcome = sign_in(&console, &id, &farewell, |page| {
            let page = url::Url::parse(page).unwrap();
            let state = page.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
            tokio::spawn(async move {
                let mut browser = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let target = format!("/back?error=access_denied&state={state}");
                let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
                browser.write_all(request.as_bytes()).await.unwrap();
                let mut answer = String::new();
                browser.read_to_string(&mut answer).await.unwrap();
            });
            Ok(())
        });
        let failure = outcome.await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (Code::Refused, Reason::SignInDeclined));
    }

    #[tokio::test]
    async fn nobody_is_sent_away_while_another_program_has_the_port() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (console, id, _folder) = desk(taken.local_addr().unwrap().port()).await;
        let outcome = sign_in(&console, &id, &farewell(), |_| panic!("the page is not opened")).await;
        let failure = outcome.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (Code::Invalid, Reason::PortTaken));
    }

    #[tokio::test]
    async fn a_person_who_does_not_come_back_is_waited_for_no_longer_than_five_minutes() {
        let port = free_port().await;
        let (console, id, _folder) = desk(port).await;
        let mut begun = None;
        let farewell = farewell();
        let outcome = sign_in(&console, &id, &farewell, |_| {
            tokio::time::pause();
            begun = Some(tokio::time::Instant::now());
            Ok(())
        });
        let failure = outcome.await.unwrap_err();
        assert_eq!((failure.code(), failure.why().reason), (Code::Refused, Reason::SignInAbandoned));
        assert_eq!(begun.unwrap().elapsed().as_secs(), 300);
        assert!(TcpListener::bind(("127.0.0.1", port)).await.is_ok(), "the port is free again");
    }

    #[tokio::test]
    async fn a_browser_that_does_not_open_ends_the_wait_at_once() {
        let (console, id, _folder) = desk(free_port().await).await;
        let closed = || Failure::Refused(Why::new(Reason::BrowserNotOpened, ""));
        let outcome = sign_in(&console, &id, &farewell(), |_| Err(closed())).await;
        assert_eq!(outcome.unwrap_err(), closed());
    }
}
