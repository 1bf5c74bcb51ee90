//! A secret as entries of a keyring: one where it fits, else a head and parts, replaced so that it can be read at any moment.
//!
//! The parts of a new secret are written beside those of the old one, under names of another row. Writing the head is the one
//! step that changes which of the two is read. A program that is killed before it leaves the old secret, after it the new one;
//! what was left lying is swept at the next write, and when the secret is forgotten.

use model::{Failure, Secret};

/// The most bytes that one entry may hold: Windows' Credential Manager takes 2,560.
const ENTRY_BYTES: usize = 2_400;
/// What a head begins with where the secret goes on in parts; followed by their number and the mark of their row. The character
/// cannot stand in a token, which travels in a header.
const SPLIT: &str = "\u{1}frontdesk-parts:";
/// The marks of the two rows that parts stand in by turns.
const ROWS: [&str; 2] = ["", "b"];

/// The entries of a keyring, each of which is replaced in one step.
pub(crate) trait Entries {
    /// The text of an entry, or `None` where there is none.
    fn read(&self, name: &str) -> Result<Option<String>, Failure>;
    /// Puts a text in the place of the one before.
    fn write(&self, name: &str, text: &str) -> Result<(), Failure>;
    /// Takes an entry away; nothing happens where there is none.
    fn forget(&self, name: &str) -> Result<(), Failure>;
}

/// The secret under this name, or `None` where there is none or a part of it is missing.
///
/// # Errors
/// Where the keyring cannot be opened.
pub(crate) fn read(entries: &impl Entries, name: &str) -> Result<Option<Secret>, Failure> {
    let mut head = entries.read(name)?;
    loop {
        let Some(text) = head else { return Ok(None) };
        let Some((count, row)) = split_of(&text) else { return Ok(Some(Secret::new(&text))) };
        let parts = (1..=count).map(|at| entries.read(&part(name, row, at)));
        if let Some(whole) = parts.collect::<Result<Option<String>, _>>()? {
            return Ok(Some(Secret::new(&whole)));
        }
        // Another program over the same data folder may have put a new secret in its place between the two readings.
        head = entries.read(name)?.filter(|now| *now != text);
    }
}

/// Puts a secret in the place of the one before. It is kept when this returns; until then the one before is.
///
/// # Errors
/// Where the keyring cannot be opened.
pub(crate) fn write(entries: &impl Entries, name: &str, secret: &Secret) -> Result<(), Failure> {
    let text = secret.reveal();
    let pieces = if text.len() > ENTRY_BYTES { pieces(text) } else { Vec::new() };
    let old = entries.read(name)?;
    let row = old.as_deref().and_then(split_of).map_or(0, |(_, row)| 1 - row);
    for (at, piece) in pieces.iter().enumerate() {
        entries.write(&part(name, row, at + 1), piece)?;
    }
    if pieces.is_empty() {
        entries.write(name, text)?;
    } else {
        entries.write(name, &format!("{SPLIT}{}{}", pieces.len(), ROWS[row]))?;
    }
    if sweep(entries, name, row, pieces.len() + 1).and_then(|()| sweep(entries, name, 1 - row, 1)).is_err() {
        tracing::warn!("parts of an old secret stay in the keyring until the next one is written");
    }
    Ok(())
}

/// Forgets a secret with all that was left lying of it.
///
/// # Errors
/// Where the keyring cannot be opened.
pub(crate) fn forget(entries: &impl Entries, name: &str) -> Result<(), Failure> {
    entries.forget(name)?;
    (0..ROWS.len()).try_for_each(|row| sweep(entries, name, row, 1))
}

/// Takes away the parts of a row from one on: the last one first, so that those that stay are found again from the first one.
fn sweep(entries: &impl Entries, name: &str, row: usize, first: usize) -> Result<(), Failure> {
    let mut end = first;
    while entries.read(&part(name, row, end))?.is_some() {
        end += 1;
    }
    (first..end).rev().try_for_each(|at| entries.forget(&part(name, row, at)))
}

/// How many parts a head speaks of, and in which row.
fn split_of(head: &str) -> Option<(usize, usize)> {
    let rest = head.strip_prefix(SPLIT)?;
    let (count, row) = rest.strip_suffix(ROWS[1]).map_or((rest, 0), |count| (count, 1));
    Some((count.parse().ok()?, row))
}

fn part(name: &str, row: usize, at: usize) -> String {
    format!("{name}#{}{at}", ROWS[row])
}

/// Pieces of at most [`ENTRY_BYTES`], cut between characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(ENTRY_BYTES));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use model::{Reason, Why};

    use super::*;

    /// A keyring whose program is killed after a number of changes.
    #[derive(Default)]
    struct Ring {
        entries: RefCell<BTreeMap<String, String>>,
        steps: Cell<Option<usize>>,
        /// What another program does when this entry is read the next time.
        then: RefCell<Option<(String, String)>>,
    }

    impl Ring {
        fn step(&self) -> Result<(), Failure> {
            let killed = || Failure::SignedOut(Why::new(Reason::KeyringClosed, ""));
            match self.steps.get() {
                Some(0) => Err(killed()),
                Some(left) => {
                    self.steps.set(Some(left - 1));
                    Ok(())
                }
                None => Ok(()),
            }
        }

        fn found(&self) -> Option<String> {
            read(self, "a").unwrap().map(|it| it.reveal().to_owned())
        }
    }

    impl Entries for Ring {
        fn read(&self, name: &str) -> Result<Option<String>, Failure> {
            let found = self.entries.borrow().get(name).cloned();
            if self.then.borrow().as_ref().is_some_and(|(at, _)| at == name) {
                let (_, text) = self.then.take().unwrap();
                write(self, "a", &Secret::new(&text)).unwrap();
            }
            Ok(found)
        }

        fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
            self.step()?;
            assert!(text.len() <= ENTRY_BYTES, "every keyring takes it");
            self.entries.borrow_mut().insert(name.to_owned(), text.to_owned());
            Ok(())
        }

        fn forget(&self, name: &str) -> Result<(), Failure> {
            self.step()?;
            self.entries.borrow_mut().remove(name);
            Ok(())
        }
    }

    /// Secrets of no, one, two and five parts.
    fn lengths() -> [usize; 4] {
        [10, ENTRY_BYTES, ENTRY_BYTES + 1, ENTRY_BYTES * 4 + 1]
    }

    #[test]
    fn a_program_that_is_killed_leaves_the_old_secret_or_the_new_one() {
        for (old, new) in lengths().into_iter().flat_map(|old| lengths().map(|new| (old, new))) {
            for steps in 0..=16 {
                let ring = Ring::default();
                let (old, new) = ("o".repeat(old), "n".repeat(new));
                write(&ring, "a", &Secret::new(&old)).unwrap();
                ring.steps.set(Some(steps));
                let is_kept = write(&ring, "a", &Secret::new(&new)).is_ok();
                ring.steps.set(None);
                let found = ring.found();
                let expected = if is_kept { &new } else { &old };
                assert_eq!(found.as_ref(), Some(expected), "{} over {} after {steps}", new.len(), old.len());
            }
        }
    }

    #[test]
    fn nothing_of_a_killed_program_is_left_lying_for_good() {
        for (first, second) in (0..=16).flat_map(|first| (0..=16).map(move |second| (first, second))) {
            let ring = Ring::default();
            write(&ring, "a", &Secret::new(&"o".repeat(lengths()[3]))).unwrap();
            for (steps, letter) in [(first, "m"), (second, "n")] {
                ring.steps.set(Some(steps));
                let _ = write(&ring, "a", &Secret::new(&letter.repeat(lengths()[2])));
            }
            ring.steps.set(None);
            write(&ring, "a", &Secret::new("short")).unwrap();
            assert_eq!((ring.found().as_deref(), ring.entries.borrow().len()), (Some("short"), 1));
            forget(&ring, "a").unwrap();
            assert!(ring.entries.borrow().is_empty(), "{first}, {second}");
        }
    }

    #[test]
    fn forgetting_that_is_cut_short_can_be_done_again() {
        for steps in 0..=6 {
            let ring = Ring::default();
            write(&ring, "a", &Secret::new(&"o".repeat(lengths()[3]))).unwrap();
            ring.steps.set(Some(steps));
            let _ = forget(&ring, "a");
            ring.steps.set(None);
            assert!(steps == 0 || ring.found().is_none(), "what is half forgotten opens nothing");
            forget(&ring, "a").unwrap();
            assert!(ring.entries.borrow().is_empty(), "{steps}");
        }
    }

    #[test]
    fn a_secret_that_another_program_replaces_meanwhile_is_read_whole() {
        let ring = Ring::default();
        let (old, new) = ("o".repeat(lengths()[3]), "n".repeat(lengths()[2]));
        write(&ring, "a", &Secret::new(&old)).unwrap();
        *ring.then.borrow_mut() = Some(("a#2".into(), new.clone()));
        assert_eq!(ring.found(), Some(new));
    }

    #[test]
    fn a_long_secret_of_an_earlier_version_is_read() {
        let ring = Ring::default();
        for (name, text) in [("a", "\u{1}frontdesk-parts:2"), ("a#1", "on"), ("a#2", "e")] {
            ring.write(name, text).unwrap();
        }
        assert_eq!(ring.found().as_deref(), Some("one"));
        ring.forget("a#2").unwrap();
        assert_eq!(ring.found(), None, "a half is no secret");
    }

    #[test]
    fn a_long_secret_is_cut_between_characters() {
        let text = "あ".repeat(2_000);
        let ring = Ring::default();
        write(&ring, "a", &Secret::new(&text)).unwrap();
        assert_eq!((ring.found(), ring.entries.borrow().len()), (Some(text), 4));
    }
}
