//! Bookings as iCalendar, RFC 5545: what other calendars take in.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use model::conference_room::{Reservation, Room};
use model::{ReservationId, Time};

use crate::board::Zone;

/// A line has at most so many bytes (RFC 5545, 3.1); a longer one goes on in the next behind a space.
const LINE: usize = 75;

/// A calendar of bookings. `stamp` is when they were read; days are those of `zone`.
pub(crate) fn calendar(name: &str, bookings: &[(&Reservation, Option<&Room>)], zone: Zone, stamp: Time) -> String {
    let mut out = Lines(String::new());
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Frontdesk//Rooms//EN");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", "PUBLISH");
    out.line("X-WR-CALNAME", &text(name));
    let mut times: HashMap<&ReservationId, usize> = HashMap::new();
    bookings.iter().for_each(|(it, _)| *times.entry(&it.id).or_default() += 1);
    for (it, room) in bookings {
        // What repeats once a month may have the same id in each: then its begin belongs to its name.
        let repeats = times.get(&it.id).is_some_and(|count| *count > 1);
        let own = if repeats { format!("{}-{}", it.id, it.start.millis()) } else { it.id.to_string() };
        event(&mut out, (it, &own), *room, zone, stamp);
    }
    out.line("END", "VCALENDAR");
    out.0
}

fn event(out: &mut Lines, (it, own): (&Reservation, &str), room: Option<&Room>, zone: Zone, stamp: Time) {
    out.line("BEGIN", "VEVENT");
    // The same booking keeps its name, so that a calendar that takes the file again moves it instead of doubling it.
    out.line("UID", &text(&format!("{own}@frontdesk")));
    out.line("DTSTAMP", &instant(stamp));
    let (first, last) = (zone.day(it.start), zone.day(it.end));
    let is_whole = it.all_day && zone.span(first, last) == (it.start, it.end) && first < last;
    if is_whole {
        out.line("DTSTART;VALUE=DATE", &date(first));
        out.line("DTEND;VALUE=DATE", &date(last));
    } else {
        out.line("DTSTART", &instant(it.start));
        // An end has to be later than the begin; without one the event is at its instant.
        if it.end > it.start {
            out.line("DTEND", &instant(it.end));
        }
    }
    out.line("SUMMARY", &text(&it.title));
    if let Some(room) = room {
        let place = room.place.as_ref().map_or_else(|| room.name.clone(), |place| format!("{} ({place})", room.name));
        out.line("LOCATION", &text(&place));
    }
    if let Some(owner) = &it.owner {
        // An ORGANIZER needs an address, which a booking seldom has.
        out.line("CONTACT", &text(owner));
    }
    out.line("END", "VEVENT");
}

fn instant(time: Time) -> String {
    time.utc().format("%Y%m%dT%H%M%SZ").to_string()
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// A text value: what has a meaning of its own is escaped, other control characters are left out.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' | '\r' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Lines that end as the standard says, folded between characters.
struct Lines(String);

impl Lines {
    fn line(&mut self, name: &str, value: &str) {
        let mut whole = String::with_capacity(name.len() + value.len() + 1);
        let _ = write!(whole, "{name}:{value}");
        let mut used = 0;
        for c in whole.chars() {
            if used + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_folded_between_characters_and_within_its_bytes() {
        let mut out = Lines(String::new());
        out.line("SUMMARY", &"会議".repeat(40));
        let lines: Vec<&str> = out.0.split_terminator("\r\n").collect();
        assert!(lines.len() > 3 && lines.iter().all(|it| it.len() <= LINE), "{lines:?}");
        assert!(lines[1..].iter().all(|it| it.starts_with(' ')));
        let unfolded: String = out.0.replace("\r\n ", "");
        assert_eq!(unfolded, format!("SUMMARY:{}\r\n", "会議".repeat(40)));
    }

    #[test]
    fn what_has_one_id_on_several_days_has_a_name_on_each() {
        let at = |text: &str| Time::parse(text).unwrap();
        let booking = |id: &str, start: &str| Reservation {
            id: id.into(),
            connection: "rooms".into(),
            own_id: None,
            room_id: "rooms/1".into(),
            title: "月次".into(),
            owner: None,
            people: vec![],
            start: at(start),
            end: at(start),
            all_day: false,
            raw: model::Raw("{}".into()),
        };
        let all = [
            booking("rooms/7", "2026-10-01T10:00:00+09:00"),
            booking("rooms/7", "2026-11-05T10:00:00+09:00"),
            booking("rooms/8", "2026-11-05T10:00:00+09:00"),
        ];
        let pairs: Vec<_> = all.iter().map(|it| (it, None)).collect();
        let text = calendar("x", &pairs, Zone::Computer, at("2026-10-01T00:00:00Z"));
        let unfolded = text.replace("\r\n ", "");
        let uids: Vec<&str> = unfolded.lines().filter_map(|it| it.strip_prefix("UID:")).collect();
        let named = |it: &Reservation| format!("rooms/7-{}@frontdesk", it.start.millis());
        assert_eq!(uids, [named(&all[0]).as_str(), named(&all[1]).as_str(), "rooms/8@frontdesk"]);
    }

    #[test]
    fn what_has_a_meaning_of_its_own_is_escaped() {
        assert_eq!(text("a,b;c\\d\r\ne\u{7}"), "a\\,b\\;c\\\\d\\ne");
    }
}
