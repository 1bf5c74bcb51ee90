//! The one TLS library of the process, and what its refusals mean.

use std::error::Error;
use std::sync::Once;

use model::Reason;
use rustls::CertificateError;

/// Installs ring as the process's TLS library. May be called any number of times; a library that is already installed stays.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Fails only where another library is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// What is wrong with the server's certificate, if that is why connecting failed.
pub(crate) fn certificate_trouble(error: &(dyn Error + 'static)) -> Option<Reason> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<rustls::Error>() {
            return reason(found);
        }
        next = inside(current);
    }
    None
}

/// What an error wraps. An IO error's own source is the source of what it wraps, one step too far.
pub(crate) fn inside<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn reason(error: &rustls::Error) -> Option<Reason> {
    let rustls::Error::InvalidCertificate(trouble) = error else {
        return None;
    };
    if is_about_dates(trouble) {
        return Some(Reason::ClockOff);
    }
    if matches!(trouble, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) {
        return Some(Reason::CertificateWrongName);
    }
    Some(Reason::CertificateNotTrusted)
}

fn is_about_dates(trouble: &CertificateError) -> bool {
    matches!(
        trouble,
        CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. }
    )
}
