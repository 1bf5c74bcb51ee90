//! What this system offers to the rest of the console, in its words.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::bulk::Pace;
use model::chat_room::{ChatRoom, Destination, Difference};
use model::conference_room::{Bookings, Period, Reservation, Room, Unplaced, UnplacedReason};
use model::connection::{Check, CheckStep, CheckUp};
use model::failure::Problem;
use model::message::{Message, QuickCall, Receipt, Recipient};
use model::ports::{Chat, ChatRooms, ConferenceRooms, QuickCalls, Tested};
use model::{Failure, Raw, Reason, ReservationId, Secret, Time};
use rest::Request;

use crate::chat_room;
use crate::client::{Client, Question, Taken, quick_call_object};
use crate::wire::{self, Entry, GeneralPurposes, Json, Schedule, SendMessage, Span, Trouble};

/// Milliseconds between two of many messages. The vendor names no limit, and the server is an office's own: slow on purpose.
const BETWEEN_TWO: u32 = 1_000;

/// Milliseconds of the year 2001: less is a time in seconds by mistake.
const LEAST_MILLIS: i64 = 1_000_000_000_000;

#[async_trait]
impl Tested for Client {
    async fn check_up(&self) -> CheckUp {
        let outcome = ConferenceRooms::rooms(self).await;
        let step = |what, found: String, failure: Option<&Failure>| CheckStep {
            what,
            found,
            problem: failure.map(Problem::from),
        };
        let reached = || step(Check::Reached, self.host(), None);
        let signed_in = || step(Check::SignedIn, String::new(), None);
        let steps = match &outcome {
            Ok(rooms) => vec![reached(), signed_in(), step(Check::ReadRooms, rooms.len().to_string(), None)],
            Err(failure) if is_about_signing_in(failure) => {
                vec![reached(), step(Check::SignedIn, String::new(), Some(failure))]
            }
            Err(failure) if is_about_reading(failure) => {
                vec![reached(), signed_in(), step(Check::ReadRooms, String::new(), Some(failure))]
            }
            Err(failure) => vec![step(Check::Reached, self.host(), Some(failure))],
        };
        CheckUp { at: self.clock.now(), signed_in_as: None, steps }
    }
}

fn is_about_signing_in(failure: &Failure) -> bool {
    matches!(failure, Failure::SignedOut(_)) || failure.why().reason == Reason::NoPlan
}

fn is_about_reading(failure: &Failure) -> bool {
    matches!(failure, Failure::SlowDown(..)) || failure.why().reason == Reason::SystemRefused
}

#[async_trait]
impl Chat for Client {
    fn check(&self, message: &Message) -> Result<(), Failure> {
        body(message).map(drop)
    }

    async fn send(&self, message: &Message) -> Result<Receipt, Failure> {
        let body = body(message)?;
        let request = Request::post("sendMessage").form(&[("message", &body)]);
        Ok(match self.write(request, None).await? {
            Taken::Understood(reply) => Receipt { external_id: reply.id(), remark: None },
            Taken::NotUnderstood(text) => Receipt { external_id: None, remark: Some(text) },
        })
    }

    async fn find(&self, _: &Message) -> Result<Option<Receipt>, Failure> {
        Ok(None)
    }

    fn can_be_asked(&self) -> bool {
        false
    }

    async fn rooms(&self) -> Result<Vec<Destination>, Failure> {
        Ok(Vec::new())
    }

    fn pace(&self) -> Pace {
        Pace { gap_ms: BETWEEN_TWO, ..Pace::default() }
    }
}

/// The value of the form field `message`, or what is wrong with the message.
fn body(message: &Message) -> Result<String, Failure> {
    let (panel_name, users) = checked(message)?;
    let message = SendMessage {
        panel_name,
        message: &message.draft.text,
        is_opened: message.draft.sealed,
        general_purposes: GeneralPurposes::of(&users),
    };
    Ok(Json::written(&message).raw().0)
}

/// The panel that a message goes to and the addresses that belong to it, or what is wrong with the message.
pub(crate) fn checked(message: &Message) -> Result<(&str, Vec<String>), Failure> {
    let draft = &message.draft;
    if draft.text.trim().is_empty() {
        return Err(Failure::invalid(Reason::Missing, "text"));
    }
    let is_disguised = draft.guise.alias.is_some() || draft.guise.emoji.is_some() || draft.guise.avatar.is_some();
    let not_offered =
        [(draft.attachments.is_some(), "attachments"), (is_disguised, "guise"), (draft.thread.is_some(), "thread")];
    if let Some((_, field)) = not_offered.into_iter().find(|(is_asked, _)| *is_asked) {
        return Err(Failure::invalid(Reason::NotOffered, field));
    }
    match &draft.to {
        Recipient::People(people) => {
            let users = addresses(people)?;
            if users.is_empty() {
                return Err(Failure::invalid(Reason::Missing, "to"));
            }
            if !draft.mentions.is_empty() {
                return Err(Failure::invalid(Reason::NotUsable, "mentions"));
            }
            Ok((SendMessage::DIRECT, users))
        }
        Recipient::Room(name) => Ok((room_name(name)?, addresses(&draft.mentions)?)),
    }
}

fn room_name(name: &str) -> Result<&str, Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::invalid(Reason::Missing, "to"));
    }
    if name == SendMessage::DIRECT {
        return Err(Failure::invalid(Reason::NotAddressable, name));
    }
    Ok(name)
}

/// Trimmed e-mail addresses, each once. The wire joins them by commas, so none may hold one.
pub(crate) fn addresses(given: &[String]) -> Result<Vec<String>, Failure> {
    let mut addresses: Vec<String> = Vec::new();
    for address in given.iter().map(|address| address.trim()) {
        let is_bad = |c: char| c == ',' || c.is_whitespace() || c.is_control();
        let is_address = address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if !is_address || address.contains(is_bad) {
            return Err(Failure::invalid(Reason::NotUsable, address));
        }
        if addresses.iter().all(|known| known.to_lowercase() != address.to_lowercase()) {
            addresses.push(address.to_owned());
        }
    }
    Ok(addresses)
}

#[async_trait]
impl ChatRooms for Client {
    fn read(&self, text: &str) -> Result<(ChatRoom, Raw), Failure> {
        chat_room::read(text)
    }

    fn write(&self, base: Option<&Raw>, edit: &ChatRoom) -> Result<Raw, Failure> {
        chat_room::write(base, edit)
    }

    fn differences(&self, before: Option<&Raw>, after: &Raw) -> Vec<Difference> {
        chat_room::differences(before, after)
    }

    fn not_as_asked(&self, before: Option<&Raw>, asked: &Raw, answer: &Raw) -> Vec<Difference> {
        chat_room::not_as_asked(before, asked, answer)
    }

    async fn apply(&self, raw: &Raw) -> Result<Option<(ChatRoom, Raw)>, Failure> {
        // Strict on the wire, whoever made the record: it must be an object that we can read ourselves.
        let json = Json::parse(&raw.0).map_err(|it| Failure::invalid(Reason::NotUsable, format!("chatRoom: {it}")))?;
        chat_room::from_record(&json)?;
        let request = Request::post("updateChatRoom").form(&[("chatRoom", &json.raw().0)]);
        Ok(match Client::write(self, request, Some("chatRoom")).await? {
            Taken::Understood(reply) => {
                reply.payload(&["chatRoom"]).and_then(|json| chat_room::from_record(&json).ok())
            }
            Taken::NotUnderstood(_) => None,
        })
    }
}

#[async_trait]
impl QuickCalls for Client {
    async fn create(&self, expires_at: Time, password: Option<&Secret>) -> Result<QuickCall, Failure> {
        let millis = expires_at.millis();
        if millis < LEAST_MILLIS || expires_at <= self.clock.now() {
            return Err(Failure::invalid(Reason::NotUsable, "expires"));
        }
        let none = Secret::new("");
        let password = password.unwrap_or(&none);
        let request = Request::post("createQuickCall");
        let request = match &self.quick_call_field {
            None => request.form(&[("expiredDate", &millis.to_string())]).form_secret("password", password),
            Some(field) => request.form_secret(field, &quick_call_object(millis, password)),
        };
        Ok(wire::quick_call(&self.write_for_text(request).await?))
    }
}

#[async_trait]
impl ConferenceRooms for Client {
    async fn rooms(&self) -> Result<Vec<Room>, Failure> {
        let reply = Client::read(self, &Question::ROOMS, &[]).await?;
        let payload = reply.payload(&["conferenceRooms", "conferenceRoomStatus"]);
        let rooms = payload.map(|it| wire::rooms(&it, &self.connection)).unwrap_or_default();
        *self.known_rooms() = Some(rooms.clone());
        Ok(rooms)
    }

    async fn bookings(&self, period: Period) -> Result<Bookings, Failure> {
        let text = match period {
            Period::Month(day) => day.0.format("%Y%m").to_string(),
            Period::Day(day) => day.0.format("%Y%m%d").to_string(),
        };
        let reply = Client::read(self, &Question::BOOKINGS, &[("yyyyMMdd", &text)]).await?;
        let entries = wire::status(&reply);
        let known = self.known_rooms().clone();
        if let Some(rooms) = known {
            let placed = self.place(&entries, &rooms);
            if placed.unplaced.iter().all(|it| it.reason != UnplacedReason::NoSuchRoom) {
                return Ok(placed);
            }
        }
        // A room that is not known may have been made since.
        let rooms = ConferenceRooms::rooms(self).await?;
        Ok(self.place(&entries, &rooms))
    }

    fn zone(&self) -> Option<String> {
        self.zone.name()
    }
}

impl Client {
    fn place(&self, entries: &[Entry], rooms: &[Room]) -> Bookings {
        let mut bookings = Bookings::default();
        for entry in entries {
            match self.reservation(entry, rooms) {
                Ok(reservation) => bookings.reservations.push(reservation),
                Err(unplaced) => bookings.unplaced.push(unplaced),
            }
        }
        bookings.reservations = told_apart(bookings.reservations);
        bookings
    }

    fn reservation(&self, entry: &Entry, rooms: &[Room]) -> Result<Reservation, Unplaced> {
        let unplaced = |reason, words: String, title: String, own_id: Option<String>| Unplaced {
            reason,
            words,
            title,
            own_id,
            raw: entry.json.raw(),
        };
        let not_readable = || unplaced(UnplacedReason::NotReadable, String::new(), String::new(), None);
        let fields = entry.json.fields().ok_or_else(not_readable)?;
        let title = wire::title_of(&fields);
        let schedule = Schedule::read(&fields, self.zone);
        let own_id = schedule.id;
        let named = entry.room.clone().unwrap_or_default();
        let known = rooms
            .iter()
            .find(|room| room.external_id == named)
            .or_else(|| rooms.iter().find(|room| room.name == named));
        let room =
            known.ok_or_else(|| unplaced(UnplacedReason::NoSuchRoom, named.clone(), title.clone(), own_id.clone()))?;
        let span = schedule.span.map_err(|Trouble(reason, words)| unplaced(reason, words, title, own_id.clone()))?;
        let Span { start, end, all_day } = span;
        let made = || format!("{}/{start}/{end}/{}", room.external_id, schedule.title);
        let id = own_id.clone().unwrap_or_else(made);
        Ok(Reservation {
            id: ReservationId(format!("{}/{id}", self.connection)),
            connection: self.connection.clone(),
            own_id,
            room_id: room.id.clone(),
            title: schedule.title,
            owner: schedule.owner,
            people: schedule.people,
            start,
            end,
            all_day,
            raw: entry.json.raw(),
        })
    }
}

/// One id may stand for a booking of several rooms or several days: then room and begin belong to the id. The very same
/// booking that is told twice is one.
fn told_apart(reservations: Vec<Reservation>) -> Vec<Reservation> {
    let mut counts: BTreeMap<ReservationId, usize> = BTreeMap::new();
    let mut kept: Vec<Reservation> = Vec::new();
    let place = |it: &Reservation| (it.room_id.clone(), it.start, it.end);
    let mut seen = std::collections::BTreeSet::new();
    for reservation in reservations {
        if seen.insert((reservation.id.clone(), place(&reservation))) {
            *counts.entry(reservation.id.clone()).or_default() += 1;
            kept.push(reservation);
        }
    }
    for reservation in &mut kept {
        if counts.get(&reservation.id).is_some_and(|count| *count > 1) {
            let (room, start, end) = place(reservation);
            reservation.id = ReservationId(format!("{}/{room}/{start}/{end}", reservation.id));
        }
    }
    kept
}
