//! The second factor: a code of an app or one that is mailed, asked for at signing in and on the routes that write.

use rand::Rng;
use serde_json::{Value, json};

use super::State;
use super::answer::Refusal;
use super::ask::Ask;
use crate::lock;

/// Wrong codes after which those that were mailed are worth nothing.
const MOST_FAILURES: u32 = 5;

/// What a workspace asks for beside the password.
#[derive(Default)]
pub(super) struct SecondFactor {
    /// The code that an app shows.
    app: Option<String>,
    /// Whether codes are mailed.
    by_email: bool,
    /// Whether routes that write ask for it too.
    on_writes: bool,
    /// Codes that were mailed and not used yet.
    mailed: Vec<String>,
    failures: u32,
}

/// How a code comes to its person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    App,
    Email,
}

impl SecondFactor {
    fn methods(&self) -> Vec<&'static str> {
        let app = self.app.as_ref().map(|_| "totp");
        app.into_iter().chain(self.by_email.then_some("email")).collect()
    }

    /// The method that was asked for, else the first that there is.
    fn method(&self, asked: Option<&str>) -> Option<Method> {
        match asked {
            Some("email") if self.by_email => Some(Method::Email),
            Some("totp") if self.app.is_some() => Some(Method::App),
            _ if self.app.is_some() => Some(Method::App),
            _ => self.by_email.then_some(Method::Email),
        }
    }
}

impl State {
    /// Asks for this code of an app on every route that writes and at signing in; `None` asks for nothing more.
    pub fn second_factor(&self, code: Option<&str>) {
        let app = code.map(str::to_owned);
        *lock(&self.second_factor) = SecondFactor { app, on_writes: true, ..SecondFactor::default() };
    }

    /// Asks at signing in alone: for this code of an app, for one that is mailed, or for either.
    pub fn second_factor_at_login(&self, app: Option<&str>, by_email: bool) {
        let app = app.map(str::to_owned);
        *lock(&self.second_factor) = SecondFactor { app, by_email, ..SecondFactor::default() };
    }

    /// The codes that were mailed and are good, the newest last.
    #[must_use]
    pub fn mailed_codes(&self) -> Vec<String> {
        lock(&self.second_factor).mailed.clone()
    }

    fn mail(&self) {
        let code = lock(&self.dice).random_range(100_000..1_000_000_u32).to_string();
        lock(&self.second_factor).mailed.push(code);
    }

    /// Refuses a route that writes without the code, or with a wrong one.
    pub(super) fn check_second_factor(&self, given: (Option<&str>, Option<&str>)) -> Result<(), Refusal> {
        if !lock(&self.second_factor).on_writes {
            return Ok(());
        }
        self.code(given).map_err(|(text, code, details)| Refusal::second_factor(text, code, details))
    }

    /// Refuses a sign-in without the code, or with a wrong one. Such a refusal is an answer to a failed login.
    pub(super) fn check_login_code(&self, ask: &Ask) -> Result<(), Refusal> {
        let in_body = ask.body.get("code").and_then(Value::as_str);
        self.code((ask.method.as_deref(), ask.code.as_deref().or(in_body))).map_err(|(text, code, details)| {
            let mut refusal = Refusal::login(json!(code), text);
            refusal.body["details"] = details;
            refusal
        })
    }

    fn code(&self, (method, given): (Option<&str>, Option<&str>)) -> Result<(), (&'static str, &'static str, Value)> {
        let Some(chosen) = lock(&self.second_factor).method(method) else { return Ok(()) };
        let Some(given) = given.filter(|code| !code.is_empty()) else {
            // A code is mailed unless one that is good was mailed before.
            let mails = chosen == Method::Email && lock(&self.second_factor).mailed.is_empty();
            if mails {
                self.mail();
            }
            return Err(("TOTP Required", "totp-required", self.details(chosen, mails)));
        };
        let mut factor = lock(&self.second_factor);
        let is_right = match chosen {
            Method::App => factor.app.as_deref() == Some(given),
            Method::Email => factor.mailed.iter().any(|code| code == given),
        };
        if is_right {
            factor.mailed.retain(|code| code != given);
            factor.failures = 0;
            return Ok(());
        }
        factor.failures += 1;
        let is_over = chosen == Method::Email && factor.failures >= MOST_FAILURES;
        if is_over {
            factor.mailed.clear();
            factor.failures = 0;
        }
        drop(factor);
        let details = self.details(chosen, false);
        Err(match is_over {
            true => ("TOTP Maximum Failed Attempts Reached", "totp-max-attempts", details),
            false => ("TOTP Invalid", "totp-invalid", details),
        })
    }

    /// How the code can be given. What is mailed is told in more words.
    fn details(&self, method: Method, was_mailed: bool) -> Value {
        let factor = lock(&self.second_factor);
        let methods = factor.methods();
        match method {
            Method::App => json!({ "method": "totp", "codeGenerated": false, "availableMethods": methods }),
            Method::Email => json!({
                "method": "email",
                "codeGenerated": was_mailed,
                "codeCount": factor.mailed.len(),
                "availableMethods": methods,
            }),
        }
    }
}

/// Mails another code. Whoever is not known gets the same answer.
pub(super) fn send_email_code(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let missing = || Refusal::coded("emailOrUsername is required", "error-parameter-required");
    let name = ask.optional_text("emailOrUsername")?.filter(|name| !name.is_empty()).ok_or_else(missing)?;
    let is_known = state.people.iter().any(|person| person.username == name || person.email == name);
    if is_known && lock(&state.second_factor).by_email {
        state.mail();
    }
    Ok(json!({}))
}
