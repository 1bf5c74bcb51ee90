//! The page where the user allows the application: it answers at once, as if the user had pressed a button, with a code.

use super::query::Query;
use super::refusal::Refusal;
use super::sign_in::CLIENT_ID;
use super::state::State;
use crate::lock;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use url::Url;

/// A code has to be exchanged within this time.
const CODE_SECONDS: i64 = 60;

/// Codes that were given and not yet exchanged, and what the user does.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// The user refuses instead of allowing.
    pub(super) declines: bool,
    given: u64,
    open: HashMap<String, Code>,
}

#[derive(Debug)]
struct Code {
    until: DateTime<Utc>,
    redirect_uri: String,
    challenge: Option<Challenge>,
}

/// What the client promised to know: RFC 7636.
#[derive(Debug, PartialEq, Eq)]
enum Challenge {
    Plain(String),
    S256(String),
}

/// Why a code is not exchanged: the code of the vendor and its words.
pub(super) type Denied = (&'static str, &'static str);

impl Codes {
    /// Exchanges a code. Whatever comes of it, the code is used up. The answer is whether it was challenged.
    pub(super) fn take(
        &mut self,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, Denied> {
        let found = self.open.remove(code).ok_or(("OAU-106", "Authorization code is invalid"))?;
        if now >= found.until {
            return Err(("OAU-108", "Authorization code is expired"));
        }
        if redirect_uri != Some(found.redirect_uri.as_str()) {
            return Err(("OAU-109", "Redirect URI mismatch"));
        }
        let is_proved = match (&found.challenge, verifier) {
            (None, None) => true,
            (Some(challenge), Some(verifier)) => is_verifier(verifier) && challenge.is_met_by(verifier),
            (None, Some(_)) | (Some(_), None) => false,
        };
        if is_proved { Ok(found.challenge.is_some()) } else { Err(("OAU-113", "Code verifier does not match")) }
    }
}

impl Challenge {
    /// The challenge of a request; without a method it is `plain`, which is the vendor's default.
    fn read(query: &Query) -> Option<Option<Self>> {
        let challenge = query.one("code_challenge").ok()?.map(str::to_owned);
        let method = query.one("code_challenge_method").ok()?;
        match (challenge, method) {
            (None, None) => Some(None),
            (Some(text), None | Some("plain")) => is_verifier(&text).then_some(Some(Self::Plain(text))),
            (Some(text), Some("S256")) => (text.len() == 43 && is_verifier(&text)).then_some(Some(Self::S256(text))),
            _ => None,
        }
    }

    fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(text) => text == verifier,
            Self::S256(text) => *text == base64url(&Sha256::digest(verifier.as_bytes())),
        }
    }
}

/// 43 to 128 letters, digits and `-._~`.
fn is_verifier(text: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
    (43..=128).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Base64 with the alphabet for addresses, without padding.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, it| bits << 8 | u32::from(*it)) << (8 * (3 - three.len()));
        let letters = (0..=three.len()).map(|at| LETTERS[(bits >> (18 - 6 * at) & 63) as usize]);
        out.extend(letters.map(char::from));
    }
    out
}

/// A loopback address of the client that waits for the user to come back.
fn loopback(text: &str) -> Option<Url> {
    let uri = Url::parse(text).ok()?;
    let is_loopback = uri.scheme() == "http" && matches!(uri.host_str(), Some("127.0.0.1" | "localhost"));
    let is_plain = uri.username().is_empty() && uri.password().is_none() && uri.fragment().is_none();
    (is_loopback && is_plain).then_some(uri)
}

/// Sends the user back with a code, or with why there is none. An unknown application, and an address that is not
/// loopback, are told here: nobody is sent there.
pub(super) fn authorize(state: &State, query: &Query) -> Result<Response, Refusal> {
    if query.one("client_id")? != Some(CLIENT_ID) {
        return Err(Refusal::parameter("client_id"));
    }
    let address = query.one("redirect_uri")?.ok_or_else(|| Refusal::parameter("redirect_uri"))?;
    let mut back = loopback(address).ok_or_else(|| Refusal::parameter("redirect_uri"))?;
    let outcome = outcome(state, query, address);
    {
        let mut pairs = back.query_pairs_mut();
        match &outcome {
            Ok(code) => pairs.append_pair("code", code).append_pair("expires_in", &CODE_SECONDS.to_string()),
            Err(error) => {
                pairs.append_pair("error", error).append_pair("error_description", "The request was not allowed")
            }
        };
        if let Some(own) = query.one("state")? {
            pairs.append_pair("state", own);
        }
    }
    Ok((StatusCode::FOUND, [(header::LOCATION, back.to_string())]).into_response())
}

fn outcome(state: &State, query: &Query, redirect_uri: &str) -> Result<String, &'static str> {
    if query.one("response_type").ok().flatten() != Some("code") {
        return Err("unsupported_response_type");
    }
    let challenge = Challenge::read(query).ok_or("invalid_request")?;
    let now = state.now();
    let codes = &mut lock(&state.inner).codes;
    if codes.declines {
        return Err("access_denied");
    }
    codes.given += 1;
    let code = format!("example-code-{:08}", codes.given);
    let until = now + TimeDelta::seconds(CODE_SECONDS);
    codes.open.insert(code.clone(), Code { until, redirect_uri: redirect_uri.to_owned(), challenge });
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_of_a_challenge_is_met() {
        // RFC 7636, appendix B.
        let challenge = Challenge::S256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned());
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
        assert_eq!((base64url(b"f"), base64url(b"fo"), base64url(b"foo")), ("Zg".into(), "Zm8".into(), "Zm9v".into()));
    }

    #[test]
    fn only_plain_loopback_addresses_are_sent_to() {
        for good in ["http://127.0.0.1:49152/back", "http://localhost/", "http://127.0.0.1:1/?a=b"] {
            assert!(loopback(good).is_some(), "{good}");
        }
        for bad in [
            "https://127.0.0.1/",
            "http://127.0.0.1.example.com/",
            "http://example.com/",
            "http://a@localhost/",
            "http://localhost/#x",
            "app://back",
            "",
        ] {
            assert!(loopback(bad).is_none(), "{bad}");
        }
    }
}
