//! A server at its base address: sends a request, follows redirects that stay at home, keeps the pace and names every failure.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use bytes::{Bytes, BytesMut};
use model::bulk::Pace;
use model::{Clock, Failure, Reason, Why};
use reqwest::header::LOCATION;
use reqwest::{Certificate, Client, Method, Response};
use url::Url;

use crate::classify::{self, Dialect};
use crate::gate::{Gate, Limit, Passage};
use crate::{Answer, Request, address, install_tls};

/// The most that is read of one body, in bytes after decompression.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// How many redirects are followed.
const MOST_REDIRECTS: u32 = 3;

/// How long connecting may take. Less than any usual deadline, so that a host that swallows packets is told from a lost answer.
const CONNECTING: Duration = Duration::from_secs(10);

/// How long an idle connection is kept. Servers commonly close theirs after five seconds, and a write that meets such a
/// closing ends as unknown.
const IDLE: Duration = Duration::from_secs(4);

/// What a server is made from.
pub struct Setup {
    /// Base address as the connection has it.
    pub url: String,
    /// Whether plain http to another computer was agreed to.
    pub allow_http: bool,
    /// The pace of each limit group that is known beforehand.
    pub limits: Vec<Limit>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// One server. Clones share connections and pace.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    client: Client,
    base: Url,
    host: String,
    gate: Arc<Gate>,
    dialect: Arc<dyn Dialect>,
    clock: Arc<dyn Clock>,
}

/// What one sending came to.
enum Reply {
    Whole(Answer),
    /// Status and target of a redirect that stays at home.
    Elsewhere(u16, Url),
}

impl Server {
    /// A server at this address. Nothing is sent.
    ///
    /// # Errors
    /// `Invalid(BadAddress)` or `Invalid(PlainHttp)`.
    pub fn new(setup: Setup, dialect: impl Dialect + 'static) -> Result<Self, Failure> {
        Self::build(setup, Arc::new(dialect), Vec::new())
    }

    /// A server whose certificate may also come from this authority (DER), besides those the computer trusts.
    ///
    /// # Errors
    /// As [`Server::new`], and `Invalid(NotUsable)` for what is no certificate.
    pub fn trusting(setup: Setup, dialect: impl Dialect + 'static, authority: &[u8]) -> Result<Self, Failure> {
        let root = Certificate::from_der(authority).map_err(|_| Failure::invalid(Reason::NotUsable, "certificate"))?;
        Self::build(setup, Arc::new(dialect), vec![root])
    }

    fn build(setup: Setup, dialect: Arc<dyn Dialect>, roots: Vec<Certificate>) -> Result<Self, Failure> {
        install_tls();
        let base = address::base(&setup.url, setup.allow_http)?;
        let client = client(&base, roots)?;
        let host = base.host_str().unwrap_or_default().to_owned();
        let gate = Arc::new(Gate::new(&setup.limits, dialect.unheard()));
        Ok(Self(Arc::new(Inner { client, base, host, gate, dialect, clock: setup.clock })))
    }

    /// Another host of the same system, whose requests count against the same limits.
    ///
    /// # Errors
    /// As [`Server::new`].
    pub fn beside(&self, url: &str, allow_http: bool) -> Result<Self, Failure> {
        let base = address::base(url, allow_http)?;
        let client = client(&base, Vec::new())?;
        let host = base.host_str().unwrap_or_default().to_owned();
        let Inner { gate, dialect, clock, .. } = &*self.0;
        let (gate, dialect, clock) = (gate.clone(), dialect.clone(), clock.clone());
        Ok(Self(Arc::new(Inner { client, base, host, gate, dialect, clock })))
    }

    /// The base address, without a slash at the end of its path.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0.base
    }

    /// How long so many further requests of a limit group will take at the pace that its server allows, were nothing else asked;
    /// `None` where no limit is known.
    #[must_use]
    pub fn span(&self, group: &str, requests: u32) -> Option<Duration> {
        self.0.gate.span(group, requests)
    }

    /// How fast requests of a limit group may leave, as far as it is known now; nothing is asked and nothing counted.
    #[must_use]
    pub fn pace(&self, group: &str) -> Pace {
        self.0.gate.pace(group)
    }

    /// Sends one request and waits for the whole answer. A read is tried up to three times while the server cannot be
    /// reached or reports a fault, but not after its deadline has passed; a write is sent once.
    ///
    /// # Errors
    /// Every kind of failure; `SlowDown` also without sending, while the group's pace or a penalty does not allow it.
    pub async fn ask(&self, request: Request) -> Result<Answer, Failure> {
        let inner = &*self.0;
        let result = if request.is_read { inner.read(&request).await } else { inner.once(&request).await };
        result.map_err(|failure| scrub(failure, &request))
    }
}

impl Inner {
    async fn read(&self, request: &Request) -> Result<Answer, Failure> {
        let pauses =
            ExponentialBuilder::default().with_min_delay(Duration::from_millis(100)).with_factor(3.0).with_max_times(2);
        (|| self.once(request)).retry(pauses).when(classify::may_pass).await
    }

    async fn once(&self, request: &Request) -> Result<Answer, Failure> {
        let passage = self.gate.pass(request.group, request.deadline).await?;
        let in_time = tokio::time::timeout(request.deadline, self.walk(request, &passage)).await;
        in_time.unwrap_or_else(|_| Err(classify::lost(Reason::TimedOut, request.is_read)))
    }

    /// Sends and follows redirects to the end.
    async fn walk(&self, request: &Request, passage: &Passage<'_>) -> Result<Answer, Failure> {
        let mut url = request.url(&self.base)?;
        let mut method = request.method.clone();
        for _ in 0..=MOST_REDIRECTS {
            match self.send(request, method.clone(), url, passage).await? {
                Reply::Whole(answer) => {
                    passage.heard();
                    return self.judge(request, answer);
                }
                Reply::Elsewhere(status, next) => {
                    if !matches!(status, 307 | 308) {
                        method = Method::GET;
                    }
                    url = next;
                }
            }
        }
        Err(Failure::Refused(Why::new(Reason::SystemRefused, "redirects without end")))
    }

    async fn send(&self, request: &Request, method: Method, url: Url, passage: &Passage<'_>) -> Result<Reply, Failure> {
        let with_body = method == request.method;
        let sending = request.dress(self.client.request(method, url.clone()), with_body)?;
        let response = match sending.send().await {
            Ok(response) => response,
            Err(error) => {
                if error.is_connect() {
                    passage.unsent();
                }
                return Err(classify::no_answer(&error, request.is_read, &self.host));
            }
        };
        let status = response.status().as_u16();
        tracing::debug!(host = %self.host, method = %request.method, group = request.group, status, "answered");
        if matches!(status, 301 | 302 | 303 | 307 | 308) && !request.accepted.contains(&status) {
            return redirected(request, status, &url, &response);
        }
        let headers = response.headers().clone();
        let body = self.body(request, response).await?;
        Ok(Reply::Whole(Answer::new(status, headers, body, self.clock.now())))
    }

    async fn body(&self, request: &Request, mut response: Response) -> Result<Bytes, Failure> {
        let is_success = response.status().is_success();
        let too_large = || {
            if request.is_read {
                Failure::Surprise(Why::new(Reason::TooLarge, ""))
            } else {
                Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, ""))
            }
        };
        if response.content_length().is_some_and(|length| length > MOST_BYTES as u64) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > MOST_BYTES => return Err(too_large()),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body.freeze()),
                Err(_) if request.is_read => return Err(classify::lost(Reason::ConnectionLost, true)),
                // The status has come and says what happened; a refusal is one without its words too.
                Err(_) if is_success => return Err(Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, ""))),
                Err(_) => return Ok(Bytes::new()),
            }
        }
    }

    /// Corrects the pace by an answer and tells whether it is a failure.
    fn judge(&self, request: &Request, answer: Answer) -> Result<Answer, Failure> {
        let told = self.dialect.limit(&answer);
        if told.is_none() && answer.is_success() {
            self.gate.free(request.group);
        }
        let budget = told.unwrap_or_default();
        let group = budget.group.as_deref().unwrap_or(request.group);
        self.gate.learn(group, budget.limit, budget.window);
        if let Some(remaining) = budget.remaining {
            self.gate.hear(group, remaining, budget.resets_in);
        }
        if request.accepted.contains(&answer.status) {
            return Ok(answer);
        }
        let failure = classify::failure(&answer, request.is_read, &*self.dialect);
        match failure {
            None => Ok(answer),
            Some(Failure::SlowDown(wait, why)) => {
                self.gate.shut(group, wait, why.reason);
                self.gate.shut(request.group, wait, why.reason);
                if self.dialect.shuts_everything(&answer) {
                    self.gate.shut_all(wait, why.reason);
                }
                Err(Failure::SlowDown(wait, why))
            }
            Some(failure) => Err(failure),
        }
    }
}

/// Where a redirect leads, if it may be followed.
fn redirected(request: &Request, status: u16, from: &Url, response: &Response) -> Result<Reply, Failure> {
    let target = response.headers().get(LOCATION).and_then(|it| it.to_str().ok()).and_then(|it| from.join(it).ok());
    let refused = |reason, words: String| Err(Failure::Refused(Why::new(reason, words)));
    let Some(target) = target else {
        return refused(Reason::SystemRefused, format!("HTTP {status}"));
    };
    if target.origin() != from.origin() {
        return refused(Reason::RedirectedAway, target.host_str().unwrap_or_default().to_owned());
    }
    if !request.is_read {
        return refused(Reason::SystemRefused, format!("HTTP {status} {}", target.path()));
    }
    Ok(Reply::Elsewhere(status, target))
}

/// Takes the request's secrets out of the words of its failure, should the server repeat them.
fn scrub(failure: Failure, request: &Request) -> Failure {
    let clean = |why: Why| Why::new(why.reason, request.without_secrets(&why.words));
    match failure {
        Failure::SignedOut(why) => Failure::SignedOut(clean(why)),
        Failure::SlowDown(wait, why) => Failure::SlowDown(wait, clean(why)),
        Failure::Offline(why) => Failure::Offline(clean(why)),
        Failure::Refused(why) => Failure::Refused(clean(why)),
        Failure::Unknown(why) => Failure::Unknown(clean(why)),
        Failure::Surprise(why) => Failure::Surprise(clean(why)),
        Failure::Invalid(why) => Failure::Invalid(clean(why)),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that makes an HTTP client")]
fn client(base: &Url, roots: Vec<Certificate>) -> Result<Client, Failure> {
    let mut builder = Client::builder()
        .user_agent(concat!("Frontdesk/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECTING)
        .pool_idle_timeout(IDLE);
    // A proxy between two programs on this computer would only see the token.
    if address::is_loopback(base) {
        builder = builder.no_proxy();
    }
    // Without TLS no certificates are needed, and a computer without any can still be used.
    builder = if base.scheme() == "http" { builder.tls_certs_only([]) } else { builder.tls_certs_merge(roots) };
    builder.build().map_err(|_| Failure::Offline(Why::new(Reason::CertificateNotTrusted, "no certificate authorities")))
}
