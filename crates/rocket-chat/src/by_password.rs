//! Signing in with a user name and a password, with a code beside them where the server asks for one, and ending it.
//!
//! A login that is refused has code and text the other way round, and a missing second factor is such a refusal. A code goes along in two
//! headers. Once a code is to be mailed, the first refusal mails it; another one is asked for at a route of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use model::connection::Connection;
use model::ports::{PasswordSignIn, SignedIn};
use model::sign_in::{AskedCode, CodeMethod, Credentials, Granted, SignInStep};
use model::{Clock, Failure, Reason, Why};
use rest::{Answer, Request, Server};
use serde::Serialize;

use crate::client::{Client, Key, server};
use crate::wire::{LoggedIn, Trouble};
use crate::{SIGN_IN, USER_ID, is_one_word};

/// A sign-in with a user name and a password.
pub(crate) struct ByPassword(Server);

impl ByPassword {
    pub(crate) fn new(connection: &Connection, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        Ok(Self(server(connection, clock)?))
    }
}

/// How the server calls a method.
fn name(method: CodeMethod) -> &'static str {
    match method {
        CodeMethod::App => "totp",
        CodeMethod::Email => "email",
    }
}

/// The user to whom a code is mailed.
#[derive(Serialize)]
struct Mail<'a> {
    #[serde(rename = "emailOrUsername")]
    user: &'a str,
}

#[async_trait]
impl PasswordSignIn for ByPassword {
    async fn sign_in(&self, given: &Credentials) -> Result<SignInStep, Failure> {
        let user = given.user.trim();
        for (is_empty, words) in [(user.is_empty(), "user"), (given.password.is_empty(), "password")] {
            if is_empty {
                return Err(Failure::invalid(Reason::Missing, words));
            }
        }
        let login = Request::post("api/v1/login").json_secret(&[("user", user)], "password", &given.password);
        let mut login = login.group("login").accept_status(&[400, 401]);
        if let Some(given) = &given.code {
            login = login.header("x-2fa-method", name(given.method)).secret_header("x-2fa-code", &given.code);
        }
        let answer = self.0.ask(login).await.map_err(cut_short)?;
        if answer.is_success() { granted(&answer).map(SignInStep::Done) } else { refused(&answer, given) }
    }

    async fn mail_code(&self, user: &str) -> Result<(), Failure> {
        let body =
            serde_json::to_string(&Mail { user: user.trim() }).map_err(|it| Failure::surprise(it.to_string()))?;
        let request = Request::post("api/v1/users.2fa.sendEmailCode").json(body).group("users.2fa.sendEmailCode");
        self.0.ask(request).await.map_err(cut_short).map(|_| ())
    }
}

/// A login is no message: where its answer is lost, one begins anew.
fn cut_short(failure: Failure) -> Failure {
    match failure {
        Failure::Unknown(why) if why.reason == Reason::OutcomeUnknown => {
            Failure::Offline(Why::new(Reason::SignInCutShort, why.words))
        }
        Failure::Unknown(why) => Failure::Surprise(Why::new(Reason::Unreadable, why.words)),
        Failure::SignedOut(_)
        | Failure::SlowDown(..)
        | Failure::Offline(_)
        | Failure::Refused(_)
        | Failure::Surprise(_)
        | Failure::Invalid(_) => failure,
    }
}

fn granted(answer: &Answer) -> Result<Granted, Failure> {
    let LoggedIn { data } = answer.json()?;
    if !is_one_word(&data.user_id) || !is_one_word(data.auth_token.reveal()) {
        return Err(Failure::surprise("data"));
    }
    Ok(Granted {
        secrets: BTreeMap::from([(SIGN_IN.to_owned(), Key::kept(&data.user_id, &data.auth_token))]),
        settings: BTreeMap::from([(USER_ID.to_owned(), data.user_id)]),
    })
}

fn refused(answer: &Answer, given: &Credentials) -> Result<SignInStep, Failure> {
    if answer.is_html() {
        return Err(Failure::Surprise(Why::new(Reason::HtmlInstead, format!("HTTP {}", answer.status))));
    }
    let trouble = Trouble::read(answer);
    let was_wrong = ["totp-invalid", "totp-max-attempts"].into_iter().any(|code| trouble.says(code));
    if was_wrong || trouble.says("totp-required") {
        let factor = trouble.factor();
        let method = match factor.method.as_deref() {
            Some("totp") => CodeMethod::App,
            Some("email") => CodeMethod::Email,
            // The server says no more: it is what was tried, or what most people have.
            None => given.code.as_ref().map_or(CodeMethod::App, |code| code.method),
            Some(other) => return Err(Failure::SignedOut(Why::new(Reason::SecondFactor, other))),
        };
        let can_be_mailed = method == CodeMethod::Email || factor.methods.iter().any(|it| it == "email");
        return Ok(SignInStep::AsksCode(AskedCode { method, can_be_mailed, was_wrong }));
    }
    let words = trouble.words();
    Err(match answer.status {
        401 => Failure::SignedOut(Why::new(Reason::PasswordRefused, words)),
        _ => Failure::Refused(Why::new(Reason::SystemRefused, words)),
    })
}

#[async_trait]
impl SignedIn for Client {
    async fn sign_out(&self) -> Result<(), Failure> {
        self.ask("logout", Request::post("api/v1/logout")).await.map(|_| ())
    }

    async fn leave(&self) -> Result<(), Failure> {
        // The keyring has it, and a server lets a person have as many as they like.
        Ok(())
    }
}
