//! Signing in with the vendor's own page in the browser: an authorization code with a proof of who asked for it (RFC 7636).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::ports::{BrowserSignIn, Opening};
use model::{Failure, Reason, Secret, Why};
use rest::{Request, Server};
use sha2::{Digest, Sha256};
use url::{Host, Url, form_urlencoded};

use crate::client::{self, AUTH};
use crate::sign_in::{App, Granted, REFRESH_TOKEN};

/// The setting that names where the browser comes back to. It has to stand in the application's settings at the vendor, letter
/// by letter.
pub(crate) const REDIRECT_URI: &str = "redirect-uri";
/// Where the browser comes back to unless the connection says otherwise.
const USUAL_REDIRECT: &str = "http://127.0.0.1:47821/signed-in";
/// The most of the vendor's own words that is shown, in characters.
const MOST_WORDS: usize = 200;

/// A sign-in that waits for its person.
pub(crate) struct InBrowser {
    app: App,
    server: Server,
    comes_back_to: String,
    /// Tells our answer from that of another sign-in.
    state: String,
    /// Proves that whoever exchanges the code asked for it; only its hash is in the page's address.
    verifier: Secret,
    is_spent: AtomicBool,
}

impl InBrowser {
    /// Checks the settings; sends nothing.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for settings that cannot be used.
    pub(crate) fn begin(opening: &mut Opening) -> Result<Self, Failure> {
        let comes_back_to = client::setting(&opening.connection, REDIRECT_URI).unwrap_or(USUAL_REDIRECT).to_owned();
        if !is_on_this_computer(&comes_back_to) {
            return Err(Failure::invalid(Reason::NotUsable, REDIRECT_URI));
        }
        Ok(Self {
            app: client::app(opening)?,
            server: client::server(opening)?,
            comes_back_to,
            state: by_chance(),
            verifier: Secret::new(&by_chance()),
            is_spent: AtomicBool::new(false),
        })
    }

    async fn exchange(&self, code: &Secret) -> Result<Granted, Failure> {
        // A code is good once, so this is sent once.
        let request = Request::post("restapi/oauth/token")
            .group(AUTH)
            .form(&[("grant_type", "authorization_code")])
            .form_secret("code", code)
            .form(&[("redirect_uri", &self.comes_back_to)])
            .form_secret("code_verifier", &self.verifier);
        match self.server.ask(self.app.names_itself(request)).await {
            Ok(answer) => answer.json(),
            Err(Failure::Unknown(why)) => Err(Failure::Offline(Why::new(Reason::SignInCutShort, why.words))),
            // What is refused is this code and not a key that somebody could replace.
            Err(Failure::SignedOut(why)) => Err(Failure::Refused(Why::new(Reason::SystemRefused, why.words))),
            Err(other) => Err(other),
        }
    }
}

#[async_trait]
impl BrowserSignIn for InBrowser {
    fn page(&self) -> String {
        let mut page = self.server.url().clone();
        page.set_path(&format!("{}/restapi/oauth/authorize", page.path().trim_end_matches('/')));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.reveal()));
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.app.id)
            .append_pair("redirect_uri", &self.comes_back_to)
            .append_pair("state", &self.state)
            .append_pair("code_challenge", &challenge)
            // Without it the vendor takes the challenge for the verifier itself.
            .append_pair("code_challenge_method", "S256");
        page.into()
    }

    fn comes_back_to(&self) -> String {
        self.comes_back_to.clone()
    }

    async fn finish(&self, query: &str) -> Result<BTreeMap<String, Secret>, Failure> {
        let back: BTreeMap<_, _> = form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).collect();
        let is_ours = back.get("state").is_some_and(|it| *it == self.state);
        if !is_ours || self.is_spent.swap(true, Ordering::Relaxed) {
            return Err(Failure::invalid(Reason::SignInMixedUp, ""));
        }
        if let Some(error) = back.get("error") {
            return Err(declined(error, back.get("error_description").map_or("", |it| it)));
        }
        let code = back.get("code").map(|it| Secret::new(it)).filter(|it| !it.is_empty());
        let granted = self.exchange(&code.ok_or_else(|| Failure::surprise("code"))?).await?;
        match granted.refresh_token.filter(|it| !it.is_empty()) {
            Some(refresh) => Ok(BTreeMap::from([(REFRESH_TOKEN.to_owned(), refresh)])),
            None => {
                // Nobody will use this session, and a person has about five at once; it ends by itself where this fails.
                let _ = self.app.revoke(&self.server, &granted.access_token).await;
                Err(Failure::Refused(Why::new(Reason::SignInNotLasting, "refresh_token")))
            }
        }
    }
}

/// What an error in the address means that the browser came back with.
fn declined(error: &str, description: &str) -> Failure {
    let words = format!("{error} {description}");
    let words = words.trim().chars().filter(|c| !c.is_control()).take(MOST_WORDS).collect::<String>();
    if error == "access_denied" {
        return Failure::Refused(Why::new(Reason::SignInDeclined, ""));
    }
    Failure::Refused(Why::new(Reason::SystemRefused, words))
}

/// Whether an address leads to a port of this computer and nowhere else, so that a code never crosses a network.
fn is_on_this_computer(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(ip)) => ip == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    };
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    is_here && is_bare && url.scheme() == "http" && url.port().is_some_and(|port| port != 0)
}

/// 256 bits that nobody can guess, in 43 characters of the kind that RFC 7636 allows.
fn by_chance() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_comes_back_to_this_computer_only() {
        let check = |address: &str, expected: bool| assert_eq!(is_on_this_computer(address), expected, "{address}");
        check(USUAL_REDIRECT, true);
        check("http://localhost:8080", true);
        check("http://[::1]:8080/a/b", true);
        check("http://127.0.0.1/signed-in", false);
        check("http://127.0.0.1:0/", false);
        check("https://127.0.0.1:8080/", false);
        check("http://0.0.0.0:8080/", false);
        check("http://192.168.0.10:8080/", false);
        check("http://localhost.example.jp:8080/", false);
        check("http://127.0.0.1:8080@example.jp/", false);
        check("http://somebody@127.0.0.1:8080/", false);
        check("http://127.0.0.1:8080/?a=b", false);
        check("http://127.0.0.1:8080/#a", false);
        check("frontdesk://signed-in", false);
        check("47821", false);
    }
}
