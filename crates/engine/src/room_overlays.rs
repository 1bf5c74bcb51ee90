//! What this desk says of conference rooms, and files of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model::conference_room::Room;
use model::export::Exported;
use model::room_overlay::{OverlaidRoom, OverlayEntry, OverlayImport, RoomOverlay};
use model::{Failure, Raw, Reason, RoomId};

use crate::console::Console;
use crate::export::{failure, not_written};

/// The most bytes of a picture that are shown.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// The most rooms that a file may have.
const MOST_ROOMS: usize = 10_000;
/// The longest text that is kept of a room.
const LONGEST: usize = 1_000;

impl Console {
    /// Every room as its system tells it, with what is said of it here, hidden ones included.
    ///
    /// # Errors
    /// Where the cache or the console's own data cannot be read.
    pub async fn room_overlays(&self) -> Result<Vec<OverlaidRoom>, Failure> {
        let overlaid = |room: Room, said: &HashMap<RoomId, RoomOverlay>| OverlaidRoom {
            overlay: said.get(&room.id).cloned().unwrap_or_default(),
            room: Room { raw: Raw(String::new()), ..room },
        };
        self.0
            .store
            .read(move |r| {
                let said = store::room_overlays::all(r)?;
                Ok(store::rooms::told(r)?.into_iter().map(|room| overlaid(room, &said)).collect())
            })
            .await
    }

    /// Says something of a room here; the empty overlay takes it back.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a text that is too long; where the console's own data cannot be written.
    pub async fn room_overlay_set(&self, room: &RoomId, overlay: RoomOverlay) -> Result<(), Failure> {
        let overlay = tidied(overlay)?;
        let room = room.clone();
        self.write(move |w| store::room_overlays::put(w, &room, &overlay)).await
    }

    /// Writes what is said of rooms to a JSON file in a folder.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a name that is no file's; a folder that gives way.
    pub async fn room_overlays_export(&self, name: &str, folder: &Path) -> Result<Exported, Failure> {
        let names = self.connection_names().await?;
        let entry = |it: OverlaidRoom| OverlayEntry {
            connection: names.get(&it.room.connection).cloned().unwrap_or_default(),
            id: it.room.external_id,
            name: it.room.name,
            overlay: it.overlay,
        };
        let said = self.room_overlays().await?.into_iter().filter(|it| it.overlay != RoomOverlay::default());
        let entries: Vec<OverlayEntry> = said.map(entry).collect();
        let text = serde_json::to_string_pretty(&entries).map_err(|error| Failure::surprise(error.to_string()))?;
        let name = name.trim();
        let name = if name.to_lowercase().ends_with(".json") { name.to_owned() } else { format!("{name}.json") };
        let (folder, rows) = (folder.to_owned(), entries.len() as u64);
        let writing = tokio::task::spawn_blocking(move || sheet::write_whole(&folder, &name, text.as_bytes()));
        let path = writing.await.map_err(|_| not_written())?.map_err(failure)?;
        Ok(Exported { rows, file: path.display().to_string(), replaced: 0 })
    }

    /// Says of rooms what a file says, in place of what was said of them; rooms that it does not name stay as they are.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a text that is no such file, with the line; where the console's own data cannot be written.
    pub async fn room_overlays_import(&self, text: &str) -> Result<OverlayImport, Failure> {
        let text = text.trim_start_matches('\u{feff}');
        let entries: Vec<OverlayEntry> = serde_json::from_str(text)
            .map_err(|error| Failure::invalid(Reason::NotUsable, format!("{}:{}", error.line(), error.column())))?;
        if entries.len() > MOST_ROOMS {
            return Err(Failure::invalid(Reason::NotUsable, entries.len().to_string()));
        }
        let names = self.connection_names().await?;
        let rooms = self.0.store.read(store::rooms::told).await?;
        let mut import = OverlayImport::default();
        let mut taken = Vec::new();
        for entry in entries {
            match find(&entry, &rooms, |it| names.get(&it.connection).map_or("", String::as_str)) {
                Some(room) => {
                    taken.push((room.id.clone(), tidied(entry.overlay)?));
                    import.taken.push(room.id.clone());
                }
                None => import.unknown.push(entry.name),
            }
        }
        self.write(move |w| taken.iter().try_for_each(|(id, overlay)| store::room_overlays::put(w, id, overlay)))
            .await?;
        Ok(import)
    }

    /// The picture of a room as a `data:` address; `None` where there is none, or the file is no picture that a window shows.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the file cannot be read or is too large; where the console's own data cannot be read.
    pub async fn room_photo(&self, room: &RoomId) -> Result<Option<String>, Failure> {
        let said = self.0.store.read(store::room_overlays::all).await?;
        let Some(path) = said.get(room).and_then(|it| it.photo.clone()) else { return Ok(None) };
        let path = PathBuf::from(path);
        let reading = tokio::task::spawn_blocking(move || picture(&path));
        reading.await.map_err(|_| Failure::invalid(Reason::NotUsable, "photo"))?
    }
}

/// The room that an entry means.
fn find<'a>(entry: &OverlayEntry, rooms: &'a [Room], connection: impl Fn(&Room) -> &'a str) -> Option<&'a Room> {
    let by_id = rooms.iter().find(|it| connection(it) == entry.connection && it.external_id == entry.id);
    by_id.or_else(|| {
        let mut named = rooms.iter().filter(|it| it.name == entry.name);
        match (named.next(), named.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    })
}

/// An overlay without empty texts, which say nothing.
fn tidied(overlay: RoomOverlay) -> Result<RoomOverlay, Failure> {
    let text = |it: Option<String>| it.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let equipment = overlay
        .equipment
        .map(|all| all.into_iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect::<Vec<_>>());
    let tidy = RoomOverlay {
        place: text(overlay.place),
        note: text(overlay.note),
        photo: text(overlay.photo),
        equipment,
        ..overlay
    };
    if tidy.hours.is_some_and(|it| it.opens_at >= it.closes_at || it.closes_at > 24) {
        return Err(Failure::invalid(Reason::NotUsable, "hours"));
    }
    let texts = [&tidy.place, &tidy.note, &tidy.photo].into_iter().flatten();
    let long = texts.chain(tidy.equipment.iter().flatten()).find(|it| it.chars().count() > LONGEST).cloned();
    if let Some(long) = long {
        return Err(Failure::invalid(Reason::NotUsable, long.chars().take(40).collect::<String>()));
    }
    Ok(tidy)
}

fn picture(path: &Path) -> Result<Option<String>, Failure> {
    let refused = |error: std::io::Error| Failure::invalid(Reason::NotUsable, error.kind().to_string());
    if std::fs::metadata(path).map_err(refused)?.len() > MOST_BYTES {
        return Err(Failure::invalid(Reason::NotUsable, "photo"));
    }
    let bytes = std::fs::read(path).map_err(refused)?;
    Ok(kind_of(&bytes).map(|kind| format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(&bytes))))
}

/// What kind of picture these bytes are. Drawings with scripts in them are none.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::room_overlay::OpenHours;

    use super::*;

    #[test]
    fn only_pictures_are_shown() {
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n"), Some("png"));
        assert_eq!(kind_of(&[0xFF, 0xD8, 0xFF, 0xE0]), Some("jpeg"));
        assert_eq!(kind_of(b"RIFF\x01\x02\x03\x04WEBPVP8 "), Some("webp"));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a", b"root:x:0:0", b""] {
            assert_eq!(kind_of(other), None);
        }
    }

    #[test]
    fn empty_texts_say_nothing() {
        let said = RoomOverlay {
            place: Some(" ".into()),
            equipment: Some(vec!["".into(), " TV ".into()]),
            ..Default::default()
        };
        let tidy = tidied(said).unwrap();
        assert_eq!((tidy.place, tidy.equipment), (None, Some(vec!["TV".to_owned()])));
        let long = RoomOverlay { note: Some("あ".repeat(1_001)), ..RoomOverlay::default() };
        assert!(tidied(long).is_err());
    }

    #[test]
    fn a_room_opens_before_it_closes() {
        let hours = |opens_at, closes_at| {
            let hours = Some(OpenHours { opens_at, closes_at });
            tidied(RoomOverlay { hours, ..RoomOverlay::default() }).is_ok()
        };
        assert!(hours(0, 24) && hours(23, 24) && hours(10, 17));
        assert!(!hours(10, 10) && !hours(18, 9) && !hours(9, 25));
    }
}
