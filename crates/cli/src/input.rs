//! What comes from outside the arguments: secrets, files, instants.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::Path;

use model::{Day, Failure, Raw, Reason, Secret, Time};
use serde_json::value::RawValue;

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

/// One more secret, from the next line of standard input.
///
/// # Errors
/// [`Failure::Invalid`] with its key where standard input ends.
pub(crate) fn line(key: &str) -> Result<Secret, Failure> {
    let line = std::io::stdin().lock().lines().next().and_then(Result::ok).unwrap_or_default();
    let secret = Secret::new(&line);
    if secret.is_empty() { Err(Failure::invalid(Reason::Missing, key)) } else { Ok(secret) }
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

/// The text of a file; `-` is standard input.
///
/// # Errors
/// [`Failure::Invalid`] with its name.
pub(crate) fn file(path: &Path) -> Result<String, Failure> {
    let text =
        if path == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(path) };
    text.map_err(|error| Failure::invalid(Reason::NotUsable, format!("{}: {}", path.display(), error.kind())))
}

/// The bytes of a file; `-` is standard input.
///
/// # Errors
/// [`Failure::Invalid`] with its name.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| Failure::invalid(Reason::NotUsable, format!("{}: {}", path.display(), error.kind())))
}

/// One JSON object from a file, untouched.
///
/// # Errors
/// [`Failure::Invalid`] with its name where it is none.
pub(crate) fn object(path: &Path) -> Result<Raw, Failure> {
    let text = file(path)?;
    // Text files of some editors begin with a mark that JSON does not know.
    let text = text.trim_start_matches('\u{feff}').trim();
    match serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
        Ok(_) => Ok(Raw(text.to_owned())),
        Err(error) => {
            let place = format!("{}: {}:{}", path.display(), error.line(), error.column());
            Err(Failure::invalid(Reason::NotUsable, place))
        }
    }
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
    fn a_row_is_one_object_and_stays_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("row.json");
        let check = |text: &str, expected: Option<&str>| {
            std::fs::write(&path, text).unwrap();
            assert_eq!(object(&path).ok().map(|raw| raw.0).as_deref(), expected, "{text}");
        };
        check("\u{feff}{\"z\":1.10,\"a\":1564831284702237059123}\n", Some("{\"z\":1.10,\"a\":1564831284702237059123}"));
        check("[{}]", None);
        check("{} {}", None);
        check("\"text\"", None);
        check("", None);
    }

    #[test]
    fn times_need_an_offset() {
        assert!(time("2026-10-14T09:00:00+09:00").is_ok());
        assert!(time("2026-10-14T09:00:00").is_err());
        assert!(time("tomorrow").is_err());
    }
}
