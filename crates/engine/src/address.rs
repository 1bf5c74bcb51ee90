//! The address of a connection as typed by a person, made usable.

use model::{Failure, Reason};
use url::{Host, Url};

/// An address that can be kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Without a slash at its end.
    pub(crate) url: String,
    /// Whether what is sent there travels unencrypted over a network.
    pub(crate) is_plain_http: bool,
}

/// Reads an address: `https://` is put before a bare host name, query and fragment are refused.
///
/// # Errors
/// [`Failure::Invalid`] with [`Reason::BadAddress`].
pub(crate) fn read(typed: &str) -> Result<Address, Failure> {
    let typed = typed.trim();
    let bad = |words: &str| Failure::invalid(Reason::BadAddress, words);
    if typed.is_empty() {
        return Err(bad(""));
    }
    let text = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let url = Url::parse(&text).map_err(|problem| bad(&problem.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(bad(url.scheme()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("? #"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("@"));
    }
    Ok(Address { is_plain_http: is_plain_http(&url), url: url.as_str().trim_end_matches('/').to_owned() })
}

/// Whether an address that is kept already travels unencrypted over a network.
pub(crate) fn is_plain(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_plain_http(&url))
}

fn is_plain_http(url: &Url) -> bool {
    url.scheme() == "http" && !is_this_computer(url)
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_people_type_it() {
        let check = |typed: &str, url: &str, is_plain_http: bool| {
            assert_eq!(read(typed), Ok(Address { url: url.into(), is_plain_http }), "{typed}");
        };
        check(" rocket.example.jp/ ", "https://rocket.example.jp", false);
        check("https://chat.example.jp/camserver/api/", "https://chat.example.jp/camserver/api", false);
        check("http://192.168.10.20:55963", "http://192.168.10.20:55963", true);
        check("http://127.0.0.1:8080", "http://127.0.0.1:8080", false);
        check("http://localhost:3000", "http://localhost:3000", false);
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for typed in [
            "",
            "ftp://example.jp",
            "https://",
            "https://user:word@example.jp",
            "https://example.jp/?a=b",
            "not an address",
        ] {
            assert!(matches!(read(typed), Err(Failure::Invalid(why)) if why.reason == Reason::BadAddress), "{typed}");
        }
    }
}
