//! The requests we make: signed in, paced by limit group, with the vendor's errors read; and the test of a connection.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::connection::{Check, CheckStep, CheckUp, Connection};
use model::failure::Problem;
use model::ports::{Opening, SignedIn, Tested};
use model::{Clock, ConnectionId, Failure, Reason, Secret, Why};
use rest::{Answer, Budget, Dialect, Limit, Request, Server, Setup};
use tokio::sync::Mutex;
use url::Url;

use crate::people::Directory;
use crate::sign_in::{self, App, Credentials, JWT, REFRESH_TOKEN, SignIn};
use crate::wire::{Myself, Page, Trouble, Versions};

/// The limit group of light requests.
pub(crate) const LIGHT: &str = "Light";
/// The limit group of medium requests.
pub(crate) const MEDIUM: &str = "Medium";
/// The limit group that call logs share.
pub(crate) const HEAVY: &str = "Heavy";
/// The limit group of signing in.
pub(crate) const AUTH: &str = "Auth";

/// The vendor's guide to limits: requests a minute for each group, for one user and application.
const LIMITS: &[Limit] = &[a_minute(LIGHT, 50), a_minute(MEDIUM, 40), a_minute(HEAVY, 10), a_minute(AUTH, 5)];

const fn a_minute(group: &'static str, requests: u32) -> Limit {
    Limit { group, requests, per: Duration::from_secs(60) }
}

/// Until posts are tried again when those of a day are used up; the vendor does not say when its day ends.
const DAILY_PAUSE: Duration = Duration::from_secs(3_600);

/// One account at one host.
pub(crate) struct Client {
    /// The connection's id, with which ids are made.
    pub(crate) connection: ConnectionId,
    /// The country whose national numbers are written without a country code.
    pub(crate) region: String,
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// The directory as it was read last.
    pub(crate) directory: Mutex<Directory>,
    /// Where the interface of team messaging is.
    pub(crate) messaging: &'static str,
    /// Whether people of other companies are read too.
    pub(crate) knows_other_companies: bool,
    server: Server,
    /// The host that keeps recordings, where it is another one.
    pub(crate) media: Option<Server>,
    sign_in: SignIn,
    allow_http: bool,
}

impl Client {
    /// Checks the settings and the secrets; sends nothing.
    pub(crate) fn open(mut opening: Opening) -> Result<Self, Failure> {
        let app = app(&mut opening)?;
        let credentials = Credentials { refresh: secret(&mut opening, REFRESH_TOKEN), jwt: secret(&mut opening, JWT) };
        if credentials.refresh.is_none() && credentials.jwt.is_none() {
            return Err(Failure::SignedOut(Why::new(Reason::SecretMissing, JWT)));
        }
        let server = server(&opening)?;
        let Opening { connection, clock, keeper, .. } = opening;
        let knows_other_companies = match setting(&connection, "directory") {
            None | Some("own") => false,
            Some("all") => true,
            Some(_) => return Err(Failure::invalid(Reason::NotUsable, "directory")),
        };
        Ok(Self {
            messaging: crate::chat::base(setting(&connection, "messaging"))?,
            media: media(&server, &connection)?,
            server,
            sign_in: SignIn::new(app, credentials, clock.clone(), keeper),
            region: setting(&connection, "region").unwrap_or("US").to_ascii_uppercase(),
            connection: connection.id,
            allow_http: connection.allow_http,
            directory: Mutex::default(),
            knows_other_companies,
            clock,
        })
    }

    /// Sends a request signed in. A token that is refused is renewed once and the request sent again: a refusal of the
    /// token means that nothing else was done.
    pub(crate) async fn ask(&self, make: impl Fn() -> Request + Send + Sync) -> Result<Answer, Failure> {
        self.ask_at(&self.server, make).await
    }

    /// Sends a request signed in to another host of the vendor's; which hosts are the vendor's is the caller's duty.
    pub(crate) async fn ask_at(
        &self,
        home: &Server,
        make: impl Fn() -> Request + Send + Sync,
    ) -> Result<Answer, Failure> {
        let token = self.sign_in.token(&self.server).await?;
        match home.ask(make().bearer(&token)).await {
            Err(Failure::SignedOut(_)) => {
                let token = self.sign_in.token_after(&self.server, &token).await?;
                home.ask(make().bearer(&token)).await
            }
            other => other,
        }
    }

    /// The server of the interface.
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    /// Sends a request of team messaging once. A 500 there may be the cap of a day, which no waiting of a minute helps,
    /// and which must not shut the other requests of its group.
    pub(crate) async fn ask_once(&self, make: impl Fn() -> Request + Send + Sync) -> Result<Answer, Failure> {
        let answer = self.ask(|| make().accept_status(&[500])).await?;
        if answer.status != 500 {
            return Ok(answer);
        }
        let trouble = Trouble::read(&answer);
        if trouble.message.contains("exceeded your limits") {
            return Err(Failure::SlowDown(DAILY_PAUSE, Why::new(Reason::DailyLimit, trouble.words())));
        }
        Err(Failure::Unknown(Why::new(Reason::OutcomeUnknown, trouble.words())))
    }

    /// How long so many further requests of a group take at its pace.
    pub(crate) fn span(&self, group: &str, requests: u32) -> Option<Duration> {
        self.server.span(group, requests)
    }

    /// Whether a socket may be opened to this address: encrypted, or where plain http may be used too.
    pub(crate) fn may_open(&self, url: &Url) -> bool {
        let is_this_computer = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => return false,
        };
        url.scheme() == "wss" || (url.scheme() == "ws" && (is_this_computer || self.allow_http))
    }

    async fn reached(&self) -> Result<String, Failure> {
        let stranger = || Failure::Refused(Why::new(Reason::NotThisKind, ""));
        let found = match self.server.ask(Request::get("restapi")).await {
            Ok(answer) => answer.json::<Versions>().map_err(|_| stranger())?,
            Err(Failure::Refused(why)) if why.reason == Reason::NotFound => return Err(stranger()),
            Err(other) => return Err(other),
        };
        if found.api_versions.is_empty() { Err(stranger()) } else { Ok(found.server_version.0) }
    }

    async fn myself(&self) -> Result<String, Failure> {
        let answer = self.ask(|| Request::get("restapi/v1.0/account/~/extension/~").group(LIGHT)).await?;
        Ok(answer.json::<Myself>()?.name.0)
    }

    async fn can(&self, make: impl Fn() -> Request + Send + Sync) -> Result<String, Failure> {
        self.ask(make).await.map(|_| String::new())
    }

    async fn reads_calls(&self) -> Result<String, Failure> {
        let log = |of: &'static str| {
            move || Request::get(&format!("restapi/v1.0/account/~/{of}call-log")).query("perPage", "1").group(HEAVY)
        };
        match self.can(log("")).await {
            Err(failure) if is_company_refused(&failure) => self.can(log("extension/~/")).await,
            other => other,
        }
    }

    async fn reads_people(&self) -> Result<String, Failure> {
        let one = || Request::get("restapi/v1.0/account/~/extension").query("perPage", "1").group(MEDIUM);
        let page: Page = self.ask(one).await?.json()?;
        Ok(page.paging.unwrap_or_default().total_elements.0)
    }
}

/// A setting, where it says anything.
pub(crate) fn setting<'a>(connection: &'a Connection, key: &str) -> Option<&'a str> {
    connection.settings.get(key).map(|it| it.trim()).filter(|it| !it.is_empty())
}

fn secret(opening: &mut Opening, key: &str) -> Option<Secret> {
    opening.secrets.remove(key).filter(|it| !it.is_empty())
}

/// The application that a connection signs in with.
pub(crate) fn app(opening: &mut Opening) -> Result<App, Failure> {
    let id = setting(&opening.connection, "client-id").ok_or_else(|| Failure::invalid(Reason::Missing, "client-id"))?;
    Ok(App { id: id.to_owned(), secret: secret(opening, "client-secret") })
}

/// The vendor's server at the address of a connection.
pub(crate) fn server(opening: &Opening) -> Result<Server, Failure> {
    let setup = Setup {
        url: opening.connection.url.clone(),
        allow_http: opening.connection.allow_http,
        limits: LIMITS.to_vec(),
        clock: opening.clock.clone(),
    };
    Server::new(setup, Words)
}

/// Whether the company's log is closed to this account, so that its own log is read instead.
pub(crate) fn is_company_refused(failure: &Failure) -> bool {
    let code = |it: &str| failure.why().words.starts_with(it);
    matches!(failure, Failure::Refused(_)) && (code("CMN-408") || code("CMN-401") || code("InsufficientPermissions"))
}

/// The vendor's host for recordings, if its own host of the interface is used.
const MEDIA: (&str, &str) = ("platform.ringcentral.com", "https://media.ringcentral.com");

/// The host that keeps recordings, where it is another than that of the interface: the one that the connection names, else the
/// vendor's own.
fn media(server: &Server, connection: &Connection) -> Result<Option<Server>, Failure> {
    let is_vendors = server.url().host_str() == Some(MEDIA.0);
    let named = connection.settings.get("media-url").map(|it| it.trim()).filter(|it| !it.is_empty());
    let url = named.or(is_vendors.then_some(MEDIA.1));
    url.map(|url| server.beside(url, connection.allow_http)).transpose()
}

/// The vendor's errors and limit headers.
struct Words;

/// The code of a request that is being answered already.
const DUPLICATE: &str = "CMN-304";
/// How long such a request waits where nothing else is said; the other one is about to be answered.
const DUPLICATE_PAUSE: Duration = Duration::from_secs(2);
/// The code of a limit over all groups.
const GLOBAL: &str = "CMN-310";

impl Dialect for Words {
    fn failure(&self, answer: &Answer) -> Option<Failure> {
        if answer.status == 429 {
            let trouble = Trouble::read(answer);
            let wait = answer.retry_after().unwrap_or(DUPLICATE_PAUSE);
            let why = || Why::new(Reason::AskedTwice, trouble.words());
            return (trouble.code == DUPLICATE).then(|| Failure::SlowDown(wait, why()));
        }
        if !matches!(answer.status, 400 | 401) {
            return None;
        }
        let trouble = Trouble::read(answer);
        let is_about_token = answer.status == 401 || trouble.is_refused_grant();
        let reason = if trouble.is_expired() { Reason::TokenExpired } else { Reason::TokenRefused };
        let mut words = trouble.words();
        if sign_in::is_refused_app(answer) && !words.starts_with(sign_in::REFUSED_APP) {
            words = format!("{} {words}", sign_in::REFUSED_APP);
        }
        is_about_token.then(|| Failure::SignedOut(Why::new(reason, words)))
    }

    fn shuts_everything(&self, answer: &Answer) -> bool {
        Trouble::read(answer).code == GLOBAL
    }

    fn words(&self, answer: &Answer) -> String {
        Trouble::read(answer).words()
    }

    fn limit(&self, answer: &Answer) -> Option<Budget> {
        let header = |name: &str| {
            let long = answer.header(&format!("x-rate-limit-{name}"));
            long.or_else(|| answer.header(&format!("x-ratelimit-{name}"))).map(str::trim)
        };
        let number = |name: &str| header(name).and_then(|it| it.parse().ok());
        let (limit, remaining) = (number("limit"), number("remaining"));
        let named = header("group");
        let group = named.and_then(|it| LIMITS.iter().find(|limit| limit.group.eq_ignore_ascii_case(it)));
        let group = group.map(|limit| limit.group.to_owned());
        let seconds = header("window").and_then(|it| it.parse::<f64>().ok());
        let window = seconds.and_then(|it| Duration::try_from_secs_f64(it).ok());
        Some(Budget { group, limit, window, remaining, resets_in: None })
    }
}

/// An id as part of a path.
pub(crate) fn in_path(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The single-use ticket for a socket.
pub(crate) async fn ticket(client: &Client) -> Result<(Url, Secret), Failure> {
    let answer = client.ask(|| Request::post("restapi/oauth/wstoken").group(AUTH).as_read()).await?;
    let ticket: crate::wire::Ticket = answer.json()?;
    let url = Url::parse(&ticket.uri).map_err(|_| Failure::surprise("uri"))?;
    Ok((url, ticket.ws_access_token))
}

#[async_trait]
impl Tested for Client {
    async fn check_up(&self) -> CheckUp {
        let mut steps = vec![step(Check::Reached, self.reached().await)];
        let mut signed_in_as = None;
        if steps.iter().all(|step| step.problem.is_none()) {
            let myself = self.myself().await;
            signed_in_as = myself.as_ref().ok().filter(|name| !name.is_empty()).cloned();
            let goes_on = myself.is_ok();
            steps.push(step(Check::SignedIn, myself));
            if goes_on {
                let path = format!("{}/recent/chats", self.messaging);
                let chats = || Request::get(&path).query("recordCount", "1").group(LIGHT);
                steps.push(step(Check::ReadCalls, self.reads_calls().await));
                steps.push(step(Check::ReadPeople, self.reads_people().await));
                steps.push(step(Check::SendMessages, self.can(chats).await));
                steps.push(step(Check::LiveCalls, ticket(self).await.map(|_| String::new())));
            }
        }
        CheckUp { at: self.clock.now(), signed_in_as, steps }
    }
}

#[async_trait]
impl SignedIn for Client {
    async fn sign_out(&self) -> Result<(), Failure> {
        self.sign_in.sign_out(&self.server).await
    }

    async fn leave(&self) -> Result<(), Failure> {
        self.sign_in.leave(&self.server).await
    }
}

fn step(what: Check, outcome: Result<String, Failure>) -> CheckStep {
    match outcome {
        Ok(found) => CheckStep { what, found, problem: None },
        Err(failure) => CheckStep { what, found: String::new(), problem: Some(Problem::from(&failure)) },
    }
}
