//! A file that goes with a message: what was chosen, and what a system made of it before anybody can see it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Time;

/// A file as it was when it was attached. It is read when the message leaves, and leaves only if it is still the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AttachedFile {
    /// Where it lies on this computer.
    pub path: String,
    /// The name that it is sent under.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// A file at a system that belongs to no message yet, so that nobody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// The system's id of the conversation or room that it is meant for.
    pub place: String,
    /// The system's id of the file.
    pub file: String,
    /// When it was there, by this computer's clock.
    pub at: Time,
}

/// Endings of names and what such files are, as the registry of media types has them.
const TYPES: &[(&str, &str)] = &[
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("gif", "image/gif"),
    ("heic", "image/heic"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4a", "audio/mp4"),
    ("md", "text/markdown"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("webp", "image/webp"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// The media type of a file, by the ending of its name.
#[must_use]
pub fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    TYPES.iter().find(|(own, _)| *own == ending).map_or("application/octet-stream", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_ends_with() {
        let check = |name: &str, expected: &str| assert_eq!(media_type(name), expected, "{name}");
        check("見積.pdf", "application/pdf");
        check("Photo.JPG", "image/jpeg");
        check("notes.final.txt", "text/plain");
        check("txt", "application/octet-stream");
        check("unknown.zzz", "application/octet-stream");
    }
}
