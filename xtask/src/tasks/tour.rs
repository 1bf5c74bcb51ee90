//! Saves a picture of every screen in both themes and both languages, from the real window.

use crate::office;
use crate::shell::Outcome;

/// Takes the pictures.
pub(crate) fn run() -> Outcome {
    office::pictures("tour::", "tour")
}
