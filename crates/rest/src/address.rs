//! Base addresses: which can be used, and how a path is put behind one.

use model::{Failure, Reason};
use url::{Host, Url};

/// Reads a base address as a person typed it. Query and fragment fall away.
///
/// # Errors
/// `Invalid(BadAddress)` for what is no http(s) address or carries a user name, `Invalid(PlainHttp)` for http to another
/// computer that nobody agreed to.
pub(crate) fn base(text: &str, allow_http: bool) -> Result<Url, Failure> {
    let bad = || Failure::invalid(Reason::BadAddress, "url");
    let mut url = Url::parse(text.trim()).map_err(|_| bad())?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    if !is_web || !has_host || !url.username().is_empty() || url.password().is_some() {
        return Err(bad());
    }
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        return Err(Failure::invalid(Reason::PlainHttp, "url"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Whether the address is this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Puts a path behind the base. Joining as a browser does would replace the last part of the base's own path.
pub(crate) fn behind(base: &Url, path: &str) -> Result<Url, Failure> {
    let text = format!("{}/{}", base.as_str().trim_end_matches('/'), path.trim_start_matches('/'));
    Url::parse(&text).map_err(|_| Failure::invalid(Reason::BadAddress, "path"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_without_a_user_can_be_used() {
        let check = |text: &str, allow_http: bool, expected: Result<&str, Reason>| {
            let found = base(text, allow_http).map(|url| url.to_string()).map_err(|it| it.why().reason);
            assert_eq!(found, expected.map(str::to_owned), "{text}");
        };
        check(" https://h/camserver/api/ ", false, Ok("https://h/camserver/api"));
        check("https://h?x=1#y", false, Ok("https://h/"));
        check("http://127.0.0.1:8080", false, Ok("http://127.0.0.1:8080/"));
        check("http://[::1]:8080", false, Ok("http://[::1]:8080/"));
        check("http://localhost/a", false, Ok("http://localhost/a"));
        check("http://10.0.0.5:3000", false, Err(Reason::PlainHttp));
        check("http://10.0.0.5:3000", true, Ok("http://10.0.0.5:3000/"));
        check("http://localhost.example.jp", false, Err(Reason::PlainHttp));
        check("chat.example.jp", false, Err(Reason::BadAddress));
        check("ftp://h/", false, Err(Reason::BadAddress));
        check("file:///etc/hosts", false, Err(Reason::BadAddress));
        check("https://user:word@h/", false, Err(Reason::BadAddress));
        check("", false, Err(Reason::BadAddress));
    }

    #[test]
    fn a_path_is_put_behind_the_whole_base() {
        let check = |text: &str, path: &str, expected: &str| {
            assert_eq!(behind(&base(text, false).unwrap(), path).unwrap().as_str(), expected);
        };
        check("https://h/camserver/api", "sendMessage", "https://h/camserver/api/sendMessage");
        check("https://h/camserver/api//", "/sendMessage", "https://h/camserver/api/sendMessage");
        check("https://h", "api/v1/me", "https://h/api/v1/me");
        check("https://h", "a/%E5%9B%9E", "https://h/a/%E5%9B%9E");
    }
}
