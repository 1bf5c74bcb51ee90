//! One booking whole: its story as readings showed it, who booked it, and what they were asked about it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::booking_change::{BookingChange, BookingThen};
use crate::call::Party;
use crate::conference_room::Reservation;
use crate::message::{Delivery, Draft};
use crate::room_report::Rhythm;
use crate::whereabouts::{Booked, Whereabouts};
use crate::worklist::ChatWay;
use crate::{DraftId, PersonId, ReservationId, Time};

/// What is known of one booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookingDetail {
    /// The booking as it was read last.
    pub reservation: Reservation,
    /// What readings showed of it, the newest first; changes of the last ninety days.
    pub history: Vec<BookingChange>,
    /// Since when each reading of its month could be compared with the one before: nobody knows what changed earlier. `None` where
    /// the month has to be read once more.
    pub compared_from: Option<Time>,
    /// Whether its system names it by an id. Without one a booking that was moved or renamed is another booking, so that its story
    /// begins anew.
    pub has_id: bool,
    /// How it comes again, of what was read three months around it; `None` where it was not seen to.
    pub again: Option<ComesAgain>,
    /// Who booked it.
    pub organiser: BookingOrganiser,
    /// What the organiser was asked about it, the newest first.
    pub questions: Vec<BookingQuestion>,
}

/// In which rhythm a booking comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ComesAgain {
    /// The rhythm.
    pub rhythm: Rhythm,
    /// Weekday, 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// Which weekday of that name in its month it is, from 1 on; which date of it where the rhythm is that.
    pub nth: u8,
    /// How many times it was seen.
    pub times: u16,
    /// How many times it would have been seen from the first to the last, holidays aside.
    pub expected: u16,
}

/// Who booked a room, as far as the directories tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookingOrganiser {
    /// What was found.
    pub found: OrganiserFound,
    /// The colleague, where exactly one is meant.
    pub person: Option<OrganiserPerson>,
}

/// What the directories say of the word that names an organiser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OrganiserFound {
    /// The booking names nobody.
    Unnamed,
    /// No directory has them.
    Nobody,
    /// Several colleagues bear this name, so that none is meant for sure.
    Shared,
    /// An e-mail address that a directory has.
    ByEmail,
    /// The id or the account that the system of the booking has.
    ById,
    /// A name that nobody else has.
    ByName,
}

/// The colleague who booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OrganiserPerson {
    /// The first identity.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Whether any of their accounts is in use. Where none is, they have probably left.
    pub is_active: bool,
    /// Where a message reaches them, the best way first. Empty where no connected system can.
    pub chats: Vec<ChatWay>,
    /// Whether the first way is better than every other. Where it is not, a person chooses.
    pub is_chat_clear: bool,
    /// Their telephone numbers.
    pub numbers: Vec<Party>,
    /// Short number inside the office.
    pub extension: Option<String>,
    /// Where they are now.
    pub whereabouts: Whereabouts,
    /// Their other bookings on the day on which this one begins, in order.
    pub others: Vec<Booked>,
}

/// A question whether a booking is still needed, to be sent once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookingAsk {
    /// The booking.
    pub reservation: ReservationId,
    /// Whom to ask: who booked it.
    pub person: PersonId,
    /// The message.
    pub draft: Draft,
}

/// A question about a booking, and what is known of its answer. Answers come in a chat that cannot be read from here: what
/// somebody answered is known only where a person wrote it down, or where a later reading shows that the booking changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookingQuestion {
    /// The draft that asked, which names the question.
    pub draft: DraftId,
    /// The booking.
    pub reservation: ReservationId,
    /// The booking as it stood then.
    pub booking: BookingThen,
    /// Who was asked.
    pub name: String,
    /// When.
    pub asked_at: Time,
    /// The message; `None` where it never came into the outbox.
    pub delivery: Option<Delivery>,
    /// What a person wrote down as the answer.
    pub answer: Option<BookingAnswer>,
    /// When they did.
    pub answered_at: Option<Time>,
    /// How it stands.
    pub standing: QuestionStanding,
}

/// What an organiser answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BookingAnswer {
    /// The room is needed.
    Needed,
    /// The room can be given to others.
    NotNeeded,
}

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum QuestionStanding {
    /// The message has not left yet.
    OnItsWay,
    /// The message was refused, or never came into the outbox.
    NotSent,
    /// Nobody knows whether the message arrived.
    Doubtful,
    /// It was sent, and nothing is known of an answer.
    Waiting,
    /// A person wrote the answer down.
    Answered,
    /// Nothing was written down, but the booking was seen gone afterwards.
    Cancelled,
    /// Nothing was written down, but the booking was seen changed afterwards.
    Changed,
    /// The booking is over, and nothing was ever known of an answer.
    Unanswered,
}
