//! Signing in with the browser: a page, a way back to this computer, renewals that survive the end of the program, and an end.

use model::connection::{ConnectionView, NewConnection};
use model::failure::Code;
use model::{ConnectionId, Failure, Reason};
use shell::Farewell;
use simulators::RING_CENTRAL;

use crate::support::{Desk, failure, new};

const REFRESH: &str = "refresh-token";

/// A desk with a connection that has no key yet and comes back to a port that is free.
async fn desk() -> (Desk, ConnectionId) {
    let desk = Desk::empty().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
    let mut connection = NewConnection { secrets: Default::default(), ..new(desk.office.account(RING_CENTRAL)) };
    connection.settings.insert("redirect-uri".into(), format!("http://{free}/back"));
    let id = desk.console.connection_add(connection).await.expect("a new connection").id;
    (desk, id)
}

/// Signs in with a browser that opens the page and goes wherever it is sent.
async fn sign_in(desk: &Desk, id: &ConnectionId) -> Result<ConnectionView, Failure> {
    let farewell = Farewell { language: "en".into(), words: "Go back to it.".into() };
    shell::sign_in(&desk.console, id, &farewell, |page| {
        rest::install_tls();
        let page = page.to_owned();
        tokio::spawn(async move {
            let answer = reqwest::get(page).await.expect("the browser comes back");
            assert!(answer.text().await.expect("a page").contains("Go back to it."));
        });
        Ok(())
    })
    .await
}

fn posts(desk: &Desk, path: &str) -> Vec<String> {
    let log = desk.office.log(RING_CENTRAL).into_iter().filter(|seen| seen.path.contains(path));
    log.map(|seen| seen.body.unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_person_signs_in_with_the_browser_and_everything_is_read_without_a_pasted_key() {
    let (desk, id) = desk().await;
    let without = desk.sync(RING_CENTRAL).await.error.expect("there is no key yet");
    assert_eq!((without.code, without.reason), (Code::SignedOut, Reason::SecretMissing));
    sign_in(&desk, &id).await.unwrap();
    assert!(desk.has_secret(&id, REFRESH) && !desk.has_secret(&id, "jwt"));
    let report = desk.sync(RING_CENTRAL).await;
    assert_eq!(report.error, None);
    assert!(report.calls > 0 && report.people > 0);
    let page =
        desk.office.log(RING_CENTRAL).into_iter().find(|seen| seen.path.contains("oauth/authorize")).unwrap().path;
    assert!(page.contains("code_challenge_method=S256"), "{page}");
    assert_eq!(desk.office.ring_central.sessions(), 1);
}

#[tokio::test]
async fn a_sign_in_is_renewed_again_and_again_also_after_the_program_was_ended() {
    let (mut desk, id) = desk().await;
    sign_in(&desk, &id).await.unwrap();
    for round in 0..3 {
        desk.office.ring_central.expire_access_tokens();
        assert_eq!(desk.sync(RING_CENTRAL).await.error, None, "round {round}");
        desk = desk.restarted().await;
        assert_eq!(desk.sync(RING_CENTRAL).await.error, None, "round {round}, after a restart");
    }
    assert_eq!(desk.office.ring_central.sessions(), 1, "one session all the time");
    let renewals = posts(&desk, "oauth/token").into_iter().filter(|it| it.contains("grant_type=refresh_token")).count();
    assert!(renewals >= 3, "{renewals}");
}

#[tokio::test]
async fn a_sign_in_that_was_not_used_for_too_long_has_to_be_made_again() {
    let (desk, id) = desk().await;
    desk.office.ring_central.set_refresh_seconds(60);
    sign_in(&desk, &id).await.unwrap();
    desk.office.clock.advance(std::time::Duration::from_secs(2 * 3_600));
    let over = desk.sync(RING_CENTRAL).await.error.expect("it is over");
    assert_eq!((over.code, over.reason), (Code::SignedOut, Reason::TokenExpired));
    sign_in(&desk, &id).await.unwrap();
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
}

#[tokio::test]
async fn whoever_says_no_in_the_browser_has_signed_in_nowhere() {
    let (desk, id) = desk().await;
    desk.office.ring_central.set_user_declines(true);
    let declined = failure(sign_in(&desk, &id).await);
    assert_eq!((declined.code(), declined.why().reason), (Code::Refused, Reason::SignInDeclined));
    assert!(!desk.has_secret(&id, REFRESH));
    assert_eq!((desk.office.ring_central.sessions(), posts(&desk, "oauth/token").len()), (0, 0));
}

#[tokio::test]
async fn removing_a_connection_ends_its_sign_in_at_the_system_and_does_not_wait_for_one_that_is_off() {
    let (desk, id) = desk().await;
    sign_in(&desk, &id).await.unwrap();
    desk.sync(RING_CENTRAL).await;
    desk.console.connection_remove(&id).await.unwrap();
    assert_eq!(desk.office.ring_central.sessions(), 0, "what was kept opens nothing any more");
    assert!(!desk.has_secret(&id, REFRESH));
    let by_key = desk.connect(RING_CENTRAL).await;
    desk.sync(RING_CENTRAL).await;
    assert_eq!(desk.office.ring_central.sessions(), 1);
    desk.console.connection_remove(&by_key).await.unwrap();
    assert_eq!(desk.office.ring_central.sessions(), 0, "that of a pasted key too");
    let off = desk.connect(RING_CENTRAL).await;
    desk.sync(RING_CENTRAL).await;
    desk.office.switch_off(RING_CENTRAL).await;
    desk.console.connection_remove(&off).await.unwrap();
    assert_eq!(desk.console.connections_list().await.unwrap(), []);
}

#[tokio::test]
async fn a_program_that_comes_and_goes_leaves_no_session_behind_and_ends_none_that_is_kept() {
    let (desk, id) = desk().await;
    sign_in(&desk, &id).await.unwrap();
    desk.sync(RING_CENTRAL).await;
    desk.console.leave().await;
    assert_eq!(desk.office.ring_central.sessions(), 1, "what the keyring has goes on");
    desk.console.connection_remove(&id).await.unwrap();
    let by_key = desk.connect(RING_CENTRAL).await;
    desk.sync(RING_CENTRAL).await;
    desk.console.leave().await;
    assert_eq!(desk.office.ring_central.sessions(), 0, "a session of a pasted key is of no use to anybody else");
    assert_eq!(
        desk.console.sync(&[by_key], None).await.unwrap()[0].error,
        None,
        "and is begun anew where it is needed"
    );
}
