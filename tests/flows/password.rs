//! Signing in with a user name and a password: with a code of an app, with one that is mailed, and with what goes wrong on the way.

use model::connection::NewConnection;
use model::failure::Code;
use model::message::DeliveryState;
use model::sign_in::{AskedCode, CodeMethod, Credentials, GivenCode, SignInAnswer};
use model::{ConnectionId, Failure, Reason, Secret};
use simulators::ROCKET_CHAT;
use simulators::rocket_chat::Version;

use crate::support::{Desk, arrived, failure, new, somebody};

const USER: &str = "s.misaki";
const SIGN_IN: &str = "sign-in";

/// A desk with a connection that nobody has signed in yet.
async fn desk() -> (Desk, ConnectionId) {
    let desk = Desk::empty().await;
    let nothing = NewConnection {
        secrets: Default::default(),
        settings: Default::default(),
        ..new(desk.office.account(ROCKET_CHAT))
    };
    let id = desk.console.connection_add(nothing).await.expect("a new connection").id;
    (desk, id)
}

fn credentials(desk: &Desk, code: Option<(CodeMethod, &str)>) -> Credentials {
    let code = code.map(|(method, code)| GivenCode { method, code: Secret::new(code) });
    Credentials { user: USER.into(), password: Secret::new(&desk.office.rocket_chat.password(USER)), code }
}

async fn try_it(
    desk: &Desk,
    id: &ConnectionId,
    code: Option<(CodeMethod, &str)>,
) -> Result<Option<AskedCode>, Failure> {
    Ok(match desk.console.sign_in_by_password(id, &credentials(desk, code)).await? {
        SignInAnswer::SignedIn { .. } => None,
        SignInAnswer::AsksCode { code } => Some(code),
    })
}

fn asked(method: CodeMethod, can_be_mailed: bool, was_wrong: bool) -> Option<AskedCode> {
    Some(AskedCode { method, can_be_mailed, was_wrong })
}

#[tokio::test]
async fn a_person_signs_in_with_a_password_that_is_kept_nowhere() {
    for version in [Version::Seven, Version::Eight, Version::Nine] {
        let (desk, id) = desk().await;
        desk.office.rocket_chat.version(version);
        let without = desk.sync(ROCKET_CHAT).await.error.expect("nobody signed in yet");
        assert_eq!((without.code, without.reason), (Code::SignedOut, Reason::SecretMissing));
        assert_eq!(try_it(&desk, &id, None).await.unwrap(), None, "{version:?}");
        assert!(desk.has_secret(&id, SIGN_IN) && !desk.has_secret(&id, "password"));
        let report = desk.sync(ROCKET_CHAT).await;
        assert!(report.error.is_none() && report.people > 0, "{report:?}");
        assert_eq!(desk.view(ROCKET_CHAT).await.settings["user-id"], desk.office.rocket_chat.user_id());
        let desk = desk.restarted().await;
        let draft = desk.draft(ROCKET_CHAT, somebody(), "signed in").await;
        assert_eq!(desk.console.send_now(draft).await.unwrap().state, DeliveryState::Sent);
        let password = desk.office.rocket_chat.password(USER);
        let files = std::fs::read_dir(desk.folder.path()).unwrap().flatten();
        for file in files.filter_map(|file| std::fs::read(file.path()).ok()) {
            let is_in = file.windows(password.len()).any(|it| it == password.as_bytes());
            assert!(!is_in, "the password is in no file");
        }
    }
}

#[tokio::test]
async fn a_code_of_an_app_is_asked_for_and_a_wrong_one_is_asked_for_again() {
    let (desk, id) = desk().await;
    desk.office.rocket_chat.second_factor_at_login(Some("246810"), false);
    assert_eq!(try_it(&desk, &id, None).await.unwrap(), asked(CodeMethod::App, false, false));
    assert!(!desk.has_secret(&id, SIGN_IN));
    let wrong = try_it(&desk, &id, Some((CodeMethod::App, "000000"))).await.unwrap();
    assert_eq!(wrong, asked(CodeMethod::App, false, true));
    assert_eq!(try_it(&desk, &id, Some((CodeMethod::App, "246810"))).await.unwrap(), None);
    assert_eq!(desk.sync(ROCKET_CHAT).await.error, None);
    let log = desk.office.log(ROCKET_CHAT);
    let logins: Vec<_> = log.iter().filter(|it| it.path.ends_with("/login")).collect();
    let bodies = logins.iter().filter_map(|it| it.body.as_deref());
    assert_eq!(logins.len(), 3, "each code is tried once");
    assert!(bodies.clone().all(|body| !body.contains("246810")), "a code goes in a header, never in a body");
}

#[tokio::test]
async fn a_code_is_mailed_at_once_again_and_in_place_of_the_apps() {
    let (desk, id) = desk().await;
    let rocket = &desk.office.rocket_chat;
    rocket.second_factor_at_login(None, true);
    assert_eq!(try_it(&desk, &id, None).await.unwrap(), asked(CodeMethod::Email, true, false));
    assert_eq!(rocket.mailed_codes().len(), 1, "the first refusal mails one");
    assert_eq!(try_it(&desk, &id, None).await.unwrap(), asked(CodeMethod::Email, true, false));
    assert_eq!(rocket.mailed_codes().len(), 1, "which stays good");
    desk.console.sign_in_mail_code(&id, USER).await.unwrap();
    let codes = rocket.mailed_codes();
    assert_eq!(codes.len(), 2, "another one is mailed when it is asked for");
    for _ in 0..5 {
        let wrong = try_it(&desk, &id, Some((CodeMethod::Email, "1"))).await.unwrap();
        assert_eq!(wrong, asked(CodeMethod::Email, true, true));
    }
    let late = try_it(&desk, &id, Some((CodeMethod::Email, &codes[1]))).await.unwrap();
    assert_eq!(late, asked(CodeMethod::Email, true, true), "after too many wrong ones none is good");

    rocket.second_factor_at_login(Some("246810"), true);
    assert_eq!(try_it(&desk, &id, None).await.unwrap(), asked(CodeMethod::App, true, false));
    desk.console.sign_in_mail_code(&id, USER).await.unwrap();
    let code = rocket.mailed_codes().pop().unwrap();
    assert_eq!(try_it(&desk, &id, Some((CodeMethod::Email, &code))).await.unwrap(), None);
    assert!(desk.has_secret(&id, SIGN_IN));
}

#[tokio::test]
async fn a_wrong_password_or_an_unknown_user_signs_in_nowhere_and_says_so() {
    for version in [Version::Eight, Version::Nine] {
        let (desk, id) = desk().await;
        desk.office.rocket_chat.version(version);
        for (user, password) in [(USER, "wrong-pass-word"), ("nobody.here", "wrong-pass-word")] {
            let given = Credentials { user: user.into(), password: Secret::new(password), code: None };
            let refused = failure(desk.console.sign_in_by_password(&id, &given).await);
            assert_eq!((refused.code(), refused.why().reason), (Code::SignedOut, Reason::PasswordRefused));
            assert!(!refused.to_string().contains(password));
        }
        let empty = Credentials { user: USER.into(), password: Secret::new(""), code: None };
        let missing = failure(desk.console.sign_in_by_password(&id, &empty).await);
        assert_eq!((missing.code(), missing.why().words.as_str()), (Code::Invalid, "password"));
        assert!(!desk.has_secret(&id, SIGN_IN));
    }
}

#[tokio::test]
async fn a_sign_in_that_is_over_pauses_what_is_sent_until_somebody_signs_in_again() {
    let (desk, id) = desk().await;
    try_it(&desk, &id, None).await.unwrap();
    desk.office.rocket_chat.revoke_tokens();
    let over = desk.sync(ROCKET_CHAT).await.error.expect("the server ended it");
    assert_eq!((over.code, over.reason), (Code::SignedOut, Reason::TokenExpired));
    let draft = desk.draft(ROCKET_CHAT, somebody(), "waits for a sign-in").await;
    let delivery = desk.console.outbox_add(draft).await.unwrap().id;
    let mut events = desk.console.subscribe();
    let state = async || {
        let all = desk.console.deliveries_list().await.expect("the ledger");
        all.into_iter().find(|it| it.id == delivery).expect("it is in the ledger").state
    };
    while state().await != DeliveryState::Paused {
        crate::support::wait_for(&mut events, Some).await;
    }
    assert_eq!(try_it(&desk, &id, None).await.unwrap(), None);
    while state().await != DeliveryState::Sent {
        crate::support::wait_for(&mut events, Some).await;
    }
    assert_eq!(arrived(&desk.office, "waits for a sign-in"), 1);
}

#[tokio::test]
async fn what_signing_in_brought_is_ended_at_the_server_and_a_pasted_token_never_is() {
    let (desk, id) = desk().await;
    let rocket = &desk.office.rocket_chat;
    let before = rocket.sessions();
    try_it(&desk, &id, None).await.unwrap();
    try_it(&desk, &id, None).await.unwrap();
    assert_eq!(rocket.sessions(), before + 1, "signing in anew ends the one before");
    let token = Secret::new(&rocket.token());
    desk.console.connection_replace_secret(&id, "token", token).await.unwrap();
    assert_eq!((rocket.sessions(), desk.has_secret(&id, SIGN_IN)), (before, false), "a token takes its place");
    assert_eq!(desk.sync(ROCKET_CHAT).await.error, None, "with the user's id of the sign-in");
    desk.console.connection_remove(&id).await.unwrap();
    assert_eq!(rocket.sessions(), before, "the token is good elsewhere too");
    let again = desk.connect(ROCKET_CHAT).await;
    try_it(&desk, &again, None).await.unwrap();
    desk.console.connection_remove(&again).await.unwrap();
    assert_eq!(rocket.sessions(), before);
}

#[tokio::test]
async fn a_token_without_its_user_is_no_connection() {
    let desk = Desk::empty().await;
    let half = NewConnection { settings: Default::default(), ..new(desk.office.account(ROCKET_CHAT)) };
    let refused = failure(desk.console.connection_add(half).await);
    assert_eq!((refused.why().reason, refused.why().words.as_str()), (Reason::Missing, "user-id"));
    let other = NewConnection { secrets: Default::default(), ..new(desk.office.account(ROCKET_CHAT)) };
    let refused = failure(desk.console.connection_add(other).await);
    assert_eq!((refused.why().reason, refused.why().words.as_str()), (Reason::Missing, "token"));
}
