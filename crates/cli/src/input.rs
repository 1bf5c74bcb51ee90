//! What comes from outside the arguments: secrets, files, instants.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use model::{Day, Failure, Reason, Secret, Time};

/// The secrets that `--secret` names, in the order given: a line of standard input each, or an environment variable.
///
/// # Errors
/// [`Failure::Invalid`] where standard input ends too soon or the variable does not exist.
pub(crate) fn secrets(named: &[String]) -> Result<BTreeMap<String, Secret>, Failure> {
    let mut lines = std::io::stdin().lock().lines();
    named
        .iter()
        .map(|name| match name.split_once("=env:") {
            Some((key, variable)) => {
                let value = std::env::var(variable).map_err(|_| Failure::invalid(Reason::Missing, variable))?;
                Ok((key.to_owned(), Secret::new(&value)))
            }
            None if name.contains('=') => {
                // What stands behind the sign may be the secret itself, so it is not repeated.
                let key = name.split('=').next().unwrap_or_default();
                Err(Failure::invalid(Reason::NotUsable, format!("--secret {key}: KEY or KEY=env:VAR")))
            }
            None => {
                let line = lines.next().and_then(Result::ok).unwrap_or_default();
                let secret = Secret::new(&line);
                if secret.is_empty() {
                    Err(Failure::invalid(Reason::Missing, name))
                } else {
                    Ok((name.clone(), secret))
                }
            }
        })
        .collect()
}

/// The settings that `--set` gives.
///
/// # Errors
/// [`Failure::Invalid`] where one has no `=`.
pub(crate) fn settings(given: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    given
        .iter()
        .map(|text| {
            let (key, value) =
                text.split_once('=').ok_or_else(|| Failure::invalid(Reason::NotUsable, format!("--set {text}")))?;
            Ok((key.to_owned(), value.to_owned()))
        })
        .collect()
}

/// An instant in RFC 3339.
///
/// # Errors
/// [`Failure::Invalid`] with an example.
pub(crate) fn time(text: &str) -> Result<Time, Failure> {
    Time::parse(text).map_err(|_| Failure::invalid(Reason::NotUsable, format!("{text}: 2026-10-14T09:00:00+09:00")))
}

/// A day, or the first of a month.
///
/// # Errors
/// [`Failure::Invalid`] with an example.
pub(crate) fn day(text: &str) -> Result<Day, Failure> {
    text.parse().map(Day).map_err(|_| Failure::invalid(Reason::NotUsable, format!("{text}: 2019-08-01, 2019-08")))
}

/// The text of a file.
///
/// # Errors
/// [`Failure::Invalid`] with its name.
pub(crate) fn file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::invalid(Reason::NotUsable, format!("{}: {}", path.display(), error.kind())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_an_argument_is_refused_and_not_repeated() {
        let Err(failure) = secrets(&["token=hunter2".into()]) else { panic!("it was taken") };
        assert!(!failure.to_string().contains("hunter2"));
    }

    #[test]
    fn times_need_an_offset() {
        assert!(time("2026-10-14T09:00:00+09:00").is_ok());
        assert!(time("2026-10-14T09:00:00").is_err());
        assert!(time("tomorrow").is_err());
    }
}
