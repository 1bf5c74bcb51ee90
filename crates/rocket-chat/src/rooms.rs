//! The rooms that our user is in: read whole, then only what changed, and whole again after a while, because nobody tells of rooms
//! that the user left.

use std::time::Duration;

use model::{Clock, Time};

use crate::wire::{Gone, Room, Rooms};

/// How long what changed is enough. A room that the user left stays in the list for so long.
const WHOLE: Duration = Duration::from_secs(900);

/// The rooms as they were read last.
#[derive(Default)]
pub(crate) struct Shelf {
    rooms: Vec<Room>,
    /// When all of them were read, on our clock.
    whole_at: Option<Time>,
}

impl Shelf {
    /// Since when the changes are to be asked for, on the server's clock; `None` where all rooms have to be read.
    pub(crate) fn since(&self, clock: &dyn Clock) -> Option<Time> {
        let now = clock.now();
        // A clock that was set back must not keep the list for ever.
        let is_fresh = self.whole_at.is_some_and(|at| at <= now && now.minus(WHOLE) < at);
        // The newest change that was read: what changed at the same instant comes again, which harms nobody.
        is_fresh.then(|| self.rooms.iter().filter_map(Room::updated_at).max()).flatten()
    }

    /// Puts an answer on the shelf: changes since an instant, or everything.
    pub(crate) fn put(&mut self, answer: Rooms, was_since: Option<Time>, now: Time) {
        let Rooms { update, remove } = answer;
        if was_since.is_none() {
            *self = Self { rooms: update, whole_at: Some(now) };
            return;
        }
        let is_gone = |room: &Room| remove.iter().any(|Gone { id }| *id == room.id);
        self.rooms.retain(|room| !is_gone(room));
        for room in update {
            match self.rooms.iter_mut().find(|known| known.id == room.id) {
                Some(known) => *known = room,
                None => self.rooms.push(room),
            }
        }
    }

    /// The rooms.
    pub(crate) fn rooms(&self) -> Vec<Room> {
        self.rooms.clone()
    }

    /// The next reading reads everything.
    pub(crate) fn doubt(&mut self) {
        self.whole_at = None;
    }
}
