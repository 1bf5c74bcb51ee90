//! One booking, whose fields are documented nowhere: every likely name is tried, and what cannot be placed says why.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use model::Time;
use model::conference_room::UnplacedReason;

use super::{Fields, Json};
use crate::times::{Moment, Zone, moment};

const ID: &[&str] = &["id", "scheduleId"];
const TITLE: &[&str] = &["title", "subject", "name", "summary", "content"];
const START: &[&str] = &["start", "startDate", "startTime", "startDateTime", "from", "begin"];
const END: &[&str] = &["end", "endDate", "endTime", "endDateTime", "to", "finish"];
const DATE: &[&str] = &["date", "day", "yyyyMMdd", "reservedDate", "scheduleDate"];
const OWNER: &[&str] = &["createUser", "createUserName", "owner", "userName", "organizer", "user"];
const OWNER_ID: &[&str] = &["createUserId", "createUserMail", "createUserEmail", "ownerId", "ownerEmail", "userId"];
const MEMBERS: &[&str] = &["members", "member", "memberUids", "participants", "attendees", "users"];
const PERSON: &[&str] = &["name", "userName", "displayName", "email", "mail"];
const PERSON_ID: &[&str] = &["id", "uid", "userId"];
const ALL_DAY: &[&str] = &["allDay", "isAllDay"];
const ROOM: &[&str] = &["conferenceRoomId", "roomId", "room", "conferenceRoom", "conferenceRoomName", "roomName"];

/// What a booking says.
pub(crate) struct Schedule {
    /// The system's id.
    pub(crate) id: Option<String>,
    /// What for; may be empty.
    pub(crate) title: String,
    /// Who booked it.
    pub(crate) owner: Option<String>,
    /// Names, addresses and ids of the owner and of those who take part.
    pub(crate) people: Vec<String>,
    /// Begin and end, and whether it is for whole days; or why there is no such span.
    pub(crate) span: Result<Span, Trouble>,
}

/// A time on the board.
pub(crate) struct Span {
    pub(crate) start: Time,
    /// Exclusive, never before `start`.
    pub(crate) end: Time,
    pub(crate) all_day: bool,
}

/// Why a booking has no place in time, and the value that is the trouble.
pub(crate) struct Trouble(pub(crate) UnplacedReason, pub(crate) String);

/// Whether an object is a booking rather than a room: it has a begin or an end, or an id of its own and a room's name.
pub(super) fn is_schedule(fields: &Fields) -> bool {
    fields.has(START) || fields.has(END) || fields.has(ID) && fields.has(&["conferenceRoomId", "room"])
}

/// The room that a booking names itself, by id or name.
pub(super) fn room_of(fields: &Fields) -> Option<String> {
    let named = |value: &Json| value.text().or_else(|| value.fields().as_ref().and_then(super::room::id_of));
    ROOM.iter().filter_map(|key| fields.get(key)).find_map(named)
}

/// The title of anything that may have one.
pub(crate) fn title_of(fields: &Fields) -> String {
    fields.text(TITLE).unwrap_or_default()
}

impl Schedule {
    pub(crate) fn read(fields: &Fields, zone: Zone) -> Self {
        let person = |value: &Json| value.text().or_else(|| value.fields().and_then(|it| it.text(PERSON)));
        Self {
            id: fields.text(ID),
            title: title_of(fields),
            owner: OWNER.iter().filter_map(|key| fields.get(key)).find_map(person),
            people: people(fields),
            span: span(fields, zone),
        }
    }
}

/// Everything by which the people of a booking can be recognised, each once.
fn people(fields: &Fields) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in [OWNER, OWNER_ID, MEMBERS].concat().into_iter().filter_map(|key| fields.get(key)).flat_map(words) {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// The words of one person or of a list of them; in a table of ids the ids that are said to be true.
fn words(value: &Json) -> Vec<String> {
    if let Some(text) = value.text() {
        return vec![text];
    }
    if let Some(list) = value.list() {
        return list.iter().flat_map(words).collect();
    }
    let fields = value.fields().unwrap_or_default();
    let known = [PERSON, PERSON_ID].concat();
    if fields.has(&known) {
        return known.into_iter().filter_map(|key| fields.get(key)?.text()).collect();
    }
    fields.0.into_iter().filter(|(_, is)| is.truth() == Some(true)).map(|(id, _)| id).collect()
}

/// What the fields of one end of a booking say together.
#[derive(Default)]
struct Edge {
    whole: Option<When>,
    day: Option<NaiveDate>,
    clock: Option<Duration>,
}

#[derive(Clone, Copy)]
enum When {
    Instant(Time),
    Wall(NaiveDateTime),
}

impl When {
    fn time(self, zone: Zone) -> Time {
        match self {
            Self::Instant(time) => time,
            Self::Wall(wall) => zone.instant(wall),
        }
    }

    fn plus_day(self) -> Self {
        match self {
            Self::Instant(time) => Self::Instant(time.plus(std::time::Duration::from_secs(86_400))),
            Self::Wall(wall) => Self::Wall(wall + Duration::days(1)),
        }
    }

    fn day(self, zone: Zone) -> NaiveDate {
        match self {
            Self::Instant(time) => zone.day(time),
            Self::Wall(wall) => wall.date(),
        }
    }
}

fn edge(fields: &Fields, keys: &[&str]) -> Edge {
    let mut edge = Edge::default();
    for text in keys.iter().filter_map(|key| fields.get(key)).filter_map(Json::text) {
        match moment(&text) {
            Some(Moment::Instant(time)) => edge.whole = edge.whole.or(Some(When::Instant(time))),
            Some(Moment::Wall(wall)) => edge.whole = edge.whole.or(Some(When::Wall(wall))),
            Some(Moment::Day(day)) => edge.day = edge.day.or(Some(day)),
            Some(Moment::Clock(clock)) => edge.clock = edge.clock.or(Some(clock)),
            None => {}
        }
    }
    edge
}

fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

impl Edge {
    /// The instant, where a time of day is given; the day of a bare time is `day`.
    fn timed(&self, day: Option<NaiveDate>) -> Option<When> {
        let day = self.day.or(day);
        self.whole.or_else(|| Some(When::Wall(midnight(day?) + self.clock?)))
    }
}

fn span(fields: &Fields, zone: Zone) -> Result<Span, Trouble> {
    let date = edge(fields, DATE);
    let date = date.day.or_else(|| date.whole.map(|whole| whole.day(zone)));
    let (from, to) = (edge(fields, START), edge(fields, END));
    let says_all_day = fields.first(ALL_DAY).and_then(Json::truth).unwrap_or(false);
    let first_day = from.day.or(date).map(|day| When::Wall(midnight(day)));
    let timed = from.timed(date);
    let start = timed.or(first_day).ok_or_else(|| trouble(fields, UnplacedReason::NoStart, START))?;
    // A day without a time of day is meant as a whole.
    let timed_end = to.timed(Some(start.day(zone)));
    let all_day = says_all_day || timed.is_none() && timed_end.is_none();
    let end = match (timed_end, to.day) {
        (Some(end), _) => Some(end),
        (None, Some(last)) => Some(When::Wall(midnight(last)).plus_day()),
        (None, None) if all_day => Some(start.plus_day()),
        (None, None) => None,
    };
    let end = end.ok_or_else(|| trouble(fields, UnplacedReason::NoEnd, END))?;
    let (begins_at, mut ends_at) = (start.time(zone), end.time(zone));
    if all_day && begins_at == ends_at {
        ends_at = start.plus_day().time(zone);
    }
    if ends_at < begins_at {
        return Err(trouble(fields, UnplacedReason::EndsBeforeStart, END));
    }
    Ok(Span { start: begins_at, end: ends_at, all_day })
}

fn trouble(fields: &Fields, reason: UnplacedReason, keys: &[&str]) -> Trouble {
    Trouble(reason, fields.text(keys).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Schedule {
        Schedule::read(&Json::parse(text).unwrap().fields().unwrap(), Zone::named("Asia/Tokyo").unwrap())
    }

    #[test]
    fn begin_and_end_are_found_in_every_shape() {
        let check = |text: &str, expected: &str| {
            let found = match read(text).span {
                Ok(span) => format!("{} {}{}", span.start, span.end, if span.all_day { " all day" } else { "" }),
                Err(Trouble(reason, words)) => format!("{reason:?} {words}"),
            };
            assert_eq!(found, expected, "{text}");
        };
        let hour = "2026-10-14T01:00:00.000Z 2026-10-14T02:00:00.000Z";
        check(r#"{"start":1791939600000,"end":1791943200000}"#, hour);
        check(r#"{"startDate":"2026/10/14 10:00","endDate":"2026/10/14 11:00"}"#, hour);
        check(r#"{"startDate":"20261014","startTime":"1000","endDate":"20261014","endTime":"11:00"}"#, hour);
        check(r#"{"date":"2026-10-14","from":"10:00","to":"11:00"}"#, hour);
        check(r#"{"yyyyMMdd":20261014,"start":1000,"end":1100}"#, hour);
        check(r#"{"begin":"2026-10-14T10:00:00+09:00","finish":"11:00"}"#, hour);
        let day = "2026-10-13T15:00:00.000Z 2026-10-14T15:00:00.000Z all day";
        check(r#"{"startDate":"2026/10/14","endDate":"2026/10/14"}"#, day);
        check(r#"{"startDate":"2026/10/14 00:00","endDate":"2026/10/14 24:00","allDay":true}"#, day);
        check(r#"{"startDate":"2026/10/14 00:00","endDate":"2026/10/14 00:00","allDay":1}"#, day);
        check(r#"{"date":"20261014","isAllDay":"true"}"#, day);
        check(
            r#"{"start":"2026/10/14 10:00","end":"2026/10/14 10:00"}"#,
            "2026-10-14T01:00:00.000Z 2026-10-14T01:00:00.000Z",
        );
        check(r#"{"start":"2026/10/14 18:00","end":"2026/10/14 17:00"}"#, "EndsBeforeStart 2026/10/14 17:00");
        check(r#"{"start":"soon","end":"2026/10/14 17:00"}"#, "NoStart soon");
        check(r#"{"start":"2026/10/14 18:00"}"#, "NoEnd ");
        check(r#"{}"#, "NoStart ");
    }

    #[test]
    fn the_owner_may_be_an_object() {
        assert_eq!(read(r#"{"createUser":{"id":"u1","name":"高橋 結衣"}}"#).owner.as_deref(), Some("高橋 結衣"));
        assert_eq!(read(r#"{"createUserName":"高橋 結衣"}"#).owner.as_deref(), Some("高橋 結衣"));
    }
}
