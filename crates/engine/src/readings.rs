//! What changed between two readings of a month: pure, by the systems' own ids. What two readings cannot show is not told: which of
//! several bookings without an id moved, what became of one that can no longer be placed, or of one that reaches into another month.

use std::collections::BTreeMap;

use model::Time;
use model::conference_room::{Bookings, Reservation, Unplaced};

#[cfg(test)]
mod tests;

/// So many bookings do not vanish, or move by the same time, at once: then the reading is not to be believed, or a clock changed.
const TOO_MANY: usize = 3;

/// A booking as two readings showed it; one of them may not have it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference<'a> {
    pub(crate) before: Option<&'a Reservation>,
    pub(crate) after: Option<&'a Reservation>,
}

/// Bookings that are the same in both readings, and those that only one of them has.
#[derive(Default)]
struct Matched<'a> {
    pairs: Vec<(&'a Reservation, &'a Reservation)>,
    gone: Vec<&'a Reservation>,
    new: Vec<&'a Reservation>,
}

/// Whether a reading says that everything of a month is gone, which servers also say that did not understand the question.
pub(crate) fn is_doubtful(before: &Bookings, now: &Bookings) -> bool {
    before.reservations.len() >= TOO_MANY && now.reservations.is_empty()
}

/// What became of the bookings of a month, which lasts from its first instant to before the next one's, in the order of their begin.
pub(crate) fn differences<'a>(before: &'a Bookings, now: &'a Bookings, month: (Time, Time)) -> Vec<Difference<'a>> {
    let Matched { pairs, gone, new } = matched(&before.reservations, &now.reservations);
    let count = pairs.len();
    let mut changed: Vec<_> = pairs.into_iter().filter(|(old, young)| content(old) != content(young)).collect();
    drop_swaps(&mut changed);
    if is_of_a_clock(&changed, count) {
        changed.clear();
    }
    let hiding: Vec<&Unplaced> = only_in(&now.unplaced, &before.unplaced);
    let hidden: Vec<&Unplaced> = only_in(&before.unplaced, &now.unplaced);
    let is_inside = |it: &&Reservation| month.0 <= it.start && it.end <= month.1;
    let is_seen = |it: &&Reservation, tray: &[&Unplaced]| !tray.iter().any(|entry| may_be(entry, it));
    let gone = gone.into_iter().filter(is_inside).filter(|it| is_seen(it, &hiding));
    let new = new.into_iter().filter(is_inside).filter(|it| is_seen(it, &hidden));
    let mut all: Vec<Difference<'_>> = changed
        .into_iter()
        .map(|(old, young)| Difference { before: Some(old), after: Some(young) })
        .chain(gone.map(|it| Difference { before: Some(it), after: None }))
        .chain(new.map(|it| Difference { before: None, after: Some(it) }))
        .collect();
    all.sort_by_key(|it| it.after.or(it.before).map(|it| (it.start, it.id.clone())));
    all
}

fn matched<'a>(before: &'a [Reservation], now: &'a [Reservation]) -> Matched<'a> {
    let mut all = Matched::default();
    let mut by_id: BTreeMap<&str, (Vec<&Reservation>, Vec<&Reservation>)> = BTreeMap::new();
    for it in before {
        match &it.own_id {
            Some(id) => by_id.entry(id).or_default().0.push(it),
            None => all.gone.push(it),
        }
    }
    for it in now {
        match &it.own_id {
            Some(id) => by_id.entry(id).or_default().1.push(it),
            None => all.new.push(it),
        }
    }
    for (old, young) in by_id.into_values() {
        match_of_one_id(&mut all, old, young);
    }
    // What stands unchanged is the same also without an id, and where ids are not the same at every reading.
    let mut standing: BTreeMap<_, Vec<&Reservation>> = BTreeMap::new();
    for it in std::mem::take(&mut all.new) {
        standing.entry(content(it)).or_default().push(it);
    }
    for it in std::mem::take(&mut all.gone) {
        match standing.get_mut(&content(it)).and_then(Vec::pop) {
            Some(same) => all.pairs.push((it, same)),
            None => all.gone.push(it),
        }
    }
    all.new = standing.into_values().flatten().collect();
    all
}

/// Several bookings share an id where one repeats, or has several rooms. Those at their place are the same; the others are taken one
/// by one where there are as many as before, and otherwise are gone and new.
fn match_of_one_id<'a>(all: &mut Matched<'a>, old: Vec<&'a Reservation>, mut young: Vec<&'a Reservation>) {
    let mut left = Vec::new();
    for it in old {
        match young.iter().position(|other| other.room_id == it.room_id && other.start == it.start) {
            Some(place) => all.pairs.push((it, young.remove(place))),
            None => left.push(it),
        }
    }
    if left.len() != young.len() {
        all.gone.append(&mut left);
        all.new.append(&mut young);
        return;
    }
    for (old, young) in left.into_iter().zip(young) {
        if is_one_thing(old, young) {
            all.pairs.push((old, young));
        } else {
            all.gone.push(old);
            all.new.push(young);
        }
    }
}

/// Where neither title nor owner are the same, the id was given to another booking.
fn is_one_thing(old: &Reservation, young: &Reservation) -> bool {
    old.title == young.title || old.owner.is_some() && old.owner == young.owner
}

/// What is told when it changes.
fn content(it: &Reservation) -> (&str, Time, Time, &str) {
    (it.room_id.as_str(), it.start, it.end, &it.title)
}

/// Bookings that only changed ids with one another: the board shows what it showed before.
fn drop_swaps(changed: &mut Vec<(&Reservation, &Reservation)>) {
    fn whole(it: &Reservation) -> ((&str, Time, Time, &str), &Option<String>) {
        (content(it), &it.owner)
    }
    let places: BTreeMap<_, usize> = changed.iter().enumerate().map(|(place, (old, _))| (whole(old), place)).collect();
    let next: Vec<Option<usize>> = changed.iter().map(|(_, young)| places.get(&whole(young)).copied()).collect();
    let is_closed = |from: usize| {
        let mut at = next[from];
        for _ in 0..next.len() {
            match at {
                Some(place) if place == from => return true,
                Some(place) => at = next[place],
                None => return false,
            }
        }
        false
    };
    let mut closed = (0..next.len()).map(is_closed).collect::<Vec<_>>().into_iter();
    changed.retain(|_| !closed.next().unwrap_or(false));
}

/// Whether every booking moved by the same time, as when the computer's zone is another one now.
fn is_of_a_clock(changed: &[(&Reservation, &Reservation)], count: usize) -> bool {
    let by = |(old, young): &(&Reservation, &Reservation)| {
        (young.start.millis() - old.start.millis(), young.end.millis() - old.end.millis())
    };
    let Some(first) = changed.first().map(by) else { return false };
    changed.len() >= TOO_MANY
        && changed.len() == count
        && first.0 == first.1
        && changed.iter().all(|it| by(it) == first)
}

/// Entries of one tray that the other has not.
fn only_in<'a>(tray: &'a [Unplaced], other: &[Unplaced]) -> Vec<&'a Unplaced> {
    tray.iter().filter(|it| !other.iter().any(|known| known.raw == it.raw)).collect()
}

/// Whether an entry that could not be placed may be this booking. One that says nothing of itself may be any.
fn may_be(entry: &Unplaced, it: &Reservation) -> bool {
    match (&entry.own_id, &it.own_id) {
        (Some(entry), Some(own)) => entry == own,
        (None, _) if entry.title.is_empty() => true,
        _ => entry.title == it.title,
    }
}
