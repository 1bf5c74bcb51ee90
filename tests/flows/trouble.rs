//! Wrong input and broken systems: each a clear sentence, nothing lost, nothing hung, the other systems unharmed.

use model::connection::NewConnection;
use model::failure::{Code, Problem};
use model::{Failure, Reason, Secret};
use simulators::{CHAT_AND_MESSENGER, Fault, RING_CENTRAL, ROCKET_CHAT, SMART_CONNECT, SYSTEMS};

use crate::support::{Desk, failure, new};

/// The first trouble that a test of the connection finds.
async fn trouble(desk: &Desk, connection: NewConnection) -> Problem {
    let view = desk.console.connection_add(connection).await.expect("a new connection");
    let check_up = desk.console.connection_test(&view.id).await.expect("a test");
    desk.console.connection_remove(&view.id).await.expect("a removal");
    let problem = check_up.steps.into_iter().find_map(|step| step.problem).expect("a trouble");
    assert!(problem.message.len() > 20, "a sentence: {problem:?}");
    problem
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_told() {
    let desk = Desk::empty().await;
    for account in desk.office.accounts() {
        let system = account.system;
        desk.office.switch_off(system).await;
        let problem = trouble(&desk, new(account)).await;
        assert_eq!((problem.code, problem.reason), (Code::Offline, Reason::NothingListens), "{system}");
    }
}

#[tokio::test]
async fn a_wrong_token_is_told() {
    let desk = Desk::empty().await;
    for system in [CHAT_AND_MESSENGER, ROCKET_CHAT, RING_CENTRAL] {
        let mut connection = new(desk.office.account(system));
        for secret in connection.secrets.values_mut() {
            *secret = Secret::new("wrong");
        }
        let problem = trouble(&desk, connection).await;
        assert_eq!((problem.code, problem.reason), (Code::SignedOut, Reason::TokenRefused), "{system}: {problem:?}");
        assert!(!problem.message.contains("wrong"), "the token is not repeated");
    }
}

#[tokio::test]
async fn a_token_that_expires_is_told_and_replacing_it_helps() {
    let desk = Desk::synced().await;
    for system in [CHAT_AND_MESSENGER, ROCKET_CHAT] {
        desk.office.fault(system, Fault::TokenExpired);
        let before = desk.calls().await;
        let report = desk.sync(system).await;
        assert_eq!(report.error.map(|it| it.code), Some(Code::SignedOut), "{system}");
        assert_eq!(desk.calls().await, before, "nothing cached is lost");
        desk.office.heal(system);
        let id = desk.id(system).await;
        let (key, value) = desk.office.account(system).secrets.pop().unwrap();
        desk.console.connection_replace_secret(&id, key, Secret::new(&value)).await.unwrap();
        assert_eq!(desk.sync(system).await.error, None, "{system}");
    }
}

#[tokio::test]
async fn an_access_token_that_expires_in_the_middle_is_renewed_unseen() {
    let desk = Desk::synced().await;
    desk.office.fault(RING_CENTRAL, Fault::TokenExpired.next(1));
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
}

#[tokio::test]
async fn another_kind_of_server_is_told() {
    let desk = Desk::empty().await;
    for system in SYSTEMS {
        let other = if system == ROCKET_CHAT { SMART_CONNECT } else { ROCKET_CHAT };
        let connection = NewConnection { url: desk.office.account(other).url, ..new(desk.office.account(system)) };
        let problem = trouble(&desk, connection).await;
        assert!(
            matches!(
                problem.reason,
                Reason::NotThisKind | Reason::HtmlInstead | Reason::NotFound | Reason::TokenRefused
            ),
            "{system} at {other}: {problem:?}"
        );
    }
}

#[tokio::test]
async fn every_fault_of_every_system_is_classified_and_loses_nothing() {
    let desk = Desk::synced().await;
    let before = desk.calls().await;
    let elsewhere = "http://127.0.0.1:9/elsewhere".to_owned();
    let check = async |fault: Fault, expected: &[Code]| {
        for system in SYSTEMS {
            desk.office.fault(system, fault.clone());
            let report = desk.sync(system).await;
            let problem = report.error.unwrap_or_else(|| panic!("{fault:?} at {system} went unnoticed"));
            assert!(expected.contains(&problem.code), "{fault:?} at {system}: {problem:?}");
            desk.office.heal(system);
            assert_eq!(desk.calls().await, before, "{fault:?} at {system} lost something");
        }
    };
    check(Fault::Reset, &[Code::Offline]).await;
    check(Fault::Status(500), &[Code::Offline]).await;
    check(Fault::Status(403), &[Code::Refused, Code::SignedOut]).await;
    check(Fault::Status(401), &[Code::SignedOut]).await;
    check(Fault::Html, &[Code::Surprise, Code::Refused]).await;
    check(Fault::CutJson, &[Code::Surprise, Code::Offline]).await;
    check(Fault::WrongJson, &[Code::Surprise, Code::Refused, Code::SignedOut]).await;
    check(Fault::RedirectTo(elsewhere), &[Code::Refused]).await;
    for system in SYSTEMS {
        assert_eq!(desk.sync(system).await.error, None, "{system} is well again");
    }
}

#[tokio::test]
async fn an_answer_of_a_hundred_megabytes_is_not_swallowed() {
    let desk = Desk::synced().await;
    desk.office.fault(SMART_CONNECT, Fault::Huge);
    let problem = desk.sync(SMART_CONNECT).await.error.expect("a trouble");
    assert_eq!((problem.code, problem.reason), (Code::Surprise, Reason::TooLarge));
}

#[tokio::test]
async fn plain_http_to_another_computer_needs_a_yes_and_stays_marked() {
    let desk = Desk::empty().await;
    let connection = |allow_http| NewConnection {
        url: "http://192.0.2.20:55963".into(),
        allow_http,
        ..new(desk.office.account(SMART_CONNECT))
    };
    let no: Failure = failure(desk.console.connection_add(connection(false)).await);
    assert_eq!((no.code(), no.why().reason), (Code::Invalid, Reason::PlainHttp));
    assert_eq!(desk.console.connections_list().await.unwrap(), []);
    let yes = desk.console.connection_add(connection(true)).await.unwrap();
    assert!(yes.is_plain_http);
    let desk = desk.restarted().await;
    assert!(desk.view(SMART_CONNECT).await.is_plain_http, "it stays marked");
}

#[tokio::test]
async fn a_missing_field_a_taken_name_and_a_bad_address_are_told() {
    let desk = Desk::connected().await;
    let rocket = || NewConnection { name: "Second".into(), ..new(desk.office.account(ROCKET_CHAT)) };
    let check = async |connection: NewConnection, reason: Reason| {
        let failure = failure(desk.console.connection_add(connection).await);
        assert_eq!((failure.code(), failure.why().reason), (Code::Invalid, reason));
    };
    check(NewConnection { secrets: Default::default(), ..rocket() }, Reason::Missing).await;
    check(NewConnection { settings: Default::default(), ..rocket() }, Reason::Missing).await;
    check(NewConnection { name: "rocket.chat".into(), ..rocket() }, Reason::NameTaken).await;
    check(NewConnection { url: "ftp://example.jp".into(), ..rocket() }, Reason::BadAddress).await;
    check(NewConnection { system: "telex".into(), ..rocket() }, Reason::NoSuchThing).await;
    assert_eq!(desk.console.connections_list().await.unwrap().len(), 4, "none of them was kept");
}
