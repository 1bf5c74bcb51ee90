//! One booking whole: its story, who booked it, and the question whether it is still needed.

use model::about::Ability;
use model::booking_change::{BookingChange, BookingChangeKind, BookingThen};
use model::booking_detail::{
    BookingAnswer, BookingAsk, BookingDetail, BookingOrganiser, BookingQuestion, ComesAgain, OrganiserFound,
    OrganiserPerson, QuestionStanding,
};
use model::conference_room::{Reservation, Room};
use model::connection::Connection;
use model::message::{Delivery, DeliveryState, Draft, Recipient};
use model::{Day, DraftId, Failure, Reason, ReservationId, Time};
use store::booking_questions::Kept;
use store::{Reader, StoreError};

use crate::board::{Zone, month_key};
use crate::colleagues::{self, Outlet};
use crate::console::Console;
use crate::room_calendar::span_of;
use crate::room_report::Material;
use crate::whereabouts::booked;

/// So many days before and after a booking are looked at for its rhythm.
const AROUND: u16 = 92;

/// What a booking says of itself, and what is kept about it.
struct Story {
    history: Vec<BookingChange>,
    compared_from: Option<Time>,
    questions: Vec<BookingQuestion>,
}

impl Console {
    /// A booking with its story, its organiser and what they were asked, from the cache and the console's own data.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with [`Reason::NoSuchThing`] where it is not in the cache; where that cannot be read.
    pub async fn booking_show(&self, id: &ReservationId) -> Result<BookingDetail, Failure> {
        let reservation = self.reservation(id).await?;
        let connection = self.connection(&reservation.connection).await?;
        let day = Day(Zone::of(&connection).day(reservation.start));
        let (asked, month, of, now) = (id.clone(), month_key(day), connection.id.clone(), self.now());
        let Story { history, compared_from, questions } = self
            .0
            .store
            .read(move |r| {
                Ok(Story {
                    history: store::booking_changes::of(r, &asked)?,
                    compared_from: store::reservations::compared_from(r, &of, &month)?,
                    questions: questions(r, store::booking_questions::of(r, &asked)?, now)?,
                })
            })
            .await?;
        let organiser = self.organiser(&reservation, day).await?;
        let again = self.comes_again(&connection, &reservation, day).await?;
        let has_id = reservation.own_id.is_some();
        Ok(BookingDetail { reservation, history, compared_from, has_id, again, organiser, questions })
    }

    /// How a booking comes again, of what was read of its room three months around it.
    async fn comes_again(
        &self,
        connection: &Connection,
        it: &Reservation,
        day: Day,
    ) -> Result<Option<ComesAgain>, Failure> {
        let from = day.0.checked_sub_days(chrono::Days::new(AROUND.into())).map_or(day, Day);
        let (zone, days) = self.days(std::slice::from_ref(connection), from, 2 * AROUND + 1, 2 * AROUND + 1).await?;
        let (room, span) = (it.room_id.clone(), span_of(&days));
        let reservations = self.0.store.read(move |r| store::reservations::of_room(r, &room, span)).await?;
        Ok(Material { zone, days, rooms: Vec::new(), reservations }.again(it))
    }

    /// Asks who booked a room whether it is still needed, through the outbox, once for a draft.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the booking is not there any more or the person did not book it or cannot be reached like that,
    /// and as [`Console::outbox_add`]; nothing was sent then.
    pub async fn booking_ask(&self, ask: BookingAsk) -> Result<Delivery, Failure> {
        let draft = self.note_question(ask).await?;
        self.outbox_add(draft).await
    }

    /// As [`Console::booking_ask`], but waits until the message is settled.
    ///
    /// # Errors
    /// As [`Console::booking_ask`]. What the system answers is in the delivery.
    pub async fn booking_ask_now(&self, ask: BookingAsk) -> Result<Delivery, Failure> {
        let draft = self.note_question(ask).await?;
        self.send_now(draft).await
    }

    /// Keeps the question, before its message leaves: what went out is never without the booking that it is about.
    async fn note_question(&self, ask: BookingAsk) -> Result<Draft, Failure> {
        let BookingAsk { reservation, person, draft } = ask;
        let reservation = self.reservation(&reservation).await?;
        let office = self.office().await?;
        let no_way = || Failure::invalid(Reason::NotAddressable, "to");
        let word = reservation.owner.as_deref().unwrap_or_default();
        let (_, organiser) = office.organiser(&reservation.connection, word);
        let organiser = organiser.filter(|it| it.identities.iter().any(|one| one.id == person)).ok_or_else(no_way)?;
        let (ways, _) = colleagues::ways(organiser, &office, &self.all_outlets().await?);
        let is_reached = ways.iter().any(|it| it.connection == draft.connection && is_to(&draft.to, &it.address));
        if !is_reached {
            return Err(no_way());
        }
        let rooms = self.0.store.read(store::rooms::all).await?;
        let kept = Kept {
            draft: draft.id.clone(),
            reservation: reservation.id.clone(),
            booking: then(&reservation, &rooms),
            name: organiser.name.clone(),
            asked_at: self.now(),
            answer: None,
        };
        self.write(move |w| store::booking_questions::add(w, &kept)).await?;
        Ok(draft)
    }

    /// Writes down what an organiser answered, or takes that back.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with [`Reason::NoSuchThing`] where nobody was asked like that; where the console's own data cannot be
    /// written.
    pub async fn booking_answer(&self, question: &DraftId, answer: Option<BookingAnswer>) -> Result<(), Failure> {
        let (draft, answer) = (question.clone(), answer.map(|it| (it, self.now())));
        let is_there = self.write(move |w| store::booking_questions::answer(w, &draft, answer)).await?;
        if is_there { Ok(()) } else { Err(Failure::invalid(Reason::NoSuchThing, question.as_str())) }
    }

    async fn reservation(&self, id: &ReservationId) -> Result<Reservation, Failure> {
        let asked = id.clone();
        let found = self.0.store.read(move |r| store::reservations::get(r, &asked)).await?;
        found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id.as_str()))
    }

    async fn all_outlets(&self) -> Result<Vec<Outlet>, Failure> {
        Ok(self.outlets(self.0.store.read(store::connections::all).await?))
    }

    async fn organiser(&self, reservation: &Reservation, day: Day) -> Result<BookingOrganiser, Failure> {
        let Some(word) = reservation.owner.as_deref().filter(|it| !it.trim().is_empty()) else {
            return Ok(BookingOrganiser { found: OrganiserFound::Unnamed, person: None });
        };
        let office = self.office().await?;
        let (found, person) = office.organiser(&reservation.connection, word);
        let Some(person) = person else { return Ok(BookingOrganiser { found, person: None }) };
        let with_rooms: Vec<Connection> = self.connections_with(Ability::Rooms).await?;
        let board = self.room_board_of(&with_rooms, day).await?;
        let others = office.bookings_of(person, &board.reservations);
        let others = others.into_iter().filter(|it| it.id != reservation.id).map(|it| booked(it, &board.rooms));
        let (chats, is_chat_clear) = colleagues::ways(person, &office, &self.all_outlets().await?);
        let person = OrganiserPerson {
            id: person.id.clone(),
            name: person.name.clone(),
            is_active: office.entries(person).any(|it| it.is_active),
            chats,
            is_chat_clear,
            numbers: person.numbers.clone(),
            extension: person.extension.clone(),
            whereabouts: office.whereabouts(person, &person.id),
            others: others.collect(),
        };
        Ok(BookingOrganiser { found, person: Some(person) })
    }
}

fn is_to(to: &Recipient, address: &str) -> bool {
    matches!(to, Recipient::People(all) if matches!(all.as_slice(), [only] if only == address))
}

/// A booking as it stands now, with the name of its room.
fn then(it: &Reservation, rooms: &[Room]) -> BookingThen {
    BookingThen {
        room_id: it.room_id.clone(),
        room: booked(it, rooms).room,
        title: it.title.clone(),
        owner: it.owner.clone(),
        start: it.start,
        end: it.end,
        all_day: it.all_day,
    }
}

/// Questions with their messages and how they stand.
pub(crate) fn questions(r: &Reader<'_>, kept: Vec<Kept>, now: Time) -> Result<Vec<BookingQuestion>, StoreError> {
    let question = |it: Kept| {
        let delivery = store::booking_questions::delivery(r, &it.draft)?;
        let later = store::booking_changes::of(r, &it.reservation)?;
        let later = later.into_iter().find(|change| change.seen_at > it.asked_at).map(|change| change.kind);
        let standing = standing(&it, delivery.as_ref().map(|it| it.state), later, now);
        Ok(BookingQuestion {
            draft: it.draft,
            reservation: it.reservation,
            booking: it.booking,
            name: it.name,
            asked_at: it.asked_at,
            delivery,
            answer: it.answer.map(|(answer, _)| answer),
            answered_at: it.answer.map(|(_, at)| at),
            standing,
        })
    };
    kept.into_iter().map(question).collect()
}

/// How a question stands, by what a person wrote down, then by its message, then by what became of the booking.
fn standing(
    it: &Kept,
    message: Option<DeliveryState>,
    later: Option<BookingChangeKind>,
    now: Time,
) -> QuestionStanding {
    if it.answer.is_some() {
        return QuestionStanding::Answered;
    }
    match message {
        None | Some(DeliveryState::Refused) => return QuestionStanding::NotSent,
        Some(DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Paused) => {
            return QuestionStanding::OnItsWay;
        }
        Some(DeliveryState::Unknown | DeliveryState::Sent) => {}
    }
    match later {
        Some(BookingChangeKind::Cancelled) => QuestionStanding::Cancelled,
        Some(
            BookingChangeKind::Added
            | BookingChangeKind::Moved
            | BookingChangeKind::OtherRoom
            | BookingChangeKind::Renamed,
        ) => QuestionStanding::Changed,
        None if message == Some(DeliveryState::Unknown) => QuestionStanding::Doubtful,
        None if it.booking.end <= now => QuestionStanding::Unanswered,
        None => QuestionStanding::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_stands_as_far_as_it_can_be_known() {
        let at = |hour: i64| Time::from_millis(1_790_000_000_000 + hour * 3_600_000).unwrap();
        let check = |message, later, hour: i64, answer: Option<BookingAnswer>, expected: QuestionStanding| {
            let booking = BookingThen {
                room_id: "c/1".into(),
                room: "301".into(),
                title: "定例".into(),
                owner: None,
                start: at(4),
                end: at(5),
                all_day: false,
            };
            let kept = Kept {
                draft: DraftId("d".into()),
                reservation: "c/9".into(),
                booking,
                name: "田中".into(),
                asked_at: at(0),
                answer: answer.map(|it| (it, at(1))),
            };
            assert_eq!(standing(&kept, message, later, at(hour)), expected, "{message:?} {later:?} {hour}");
        };
        use BookingChangeKind::{Cancelled, Moved};
        use DeliveryState::{Paused, Refused, Sent, Unknown, Waiting};
        check(None, None, 1, None, QuestionStanding::NotSent);
        check(Some(Refused), None, 1, None, QuestionStanding::NotSent);
        check(Some(Waiting), None, 9, None, QuestionStanding::OnItsWay);
        check(Some(Paused), None, 1, None, QuestionStanding::OnItsWay);
        check(Some(Sent), None, 1, None, QuestionStanding::Waiting);
        check(Some(Sent), None, 5, None, QuestionStanding::Unanswered);
        check(Some(Sent), Some(Cancelled), 5, None, QuestionStanding::Cancelled);
        check(Some(Sent), Some(Moved), 1, None, QuestionStanding::Changed);
        check(Some(Unknown), None, 9, None, QuestionStanding::Doubtful);
        check(Some(Unknown), Some(Cancelled), 9, None, QuestionStanding::Cancelled);
        check(Some(Refused), Some(Cancelled), 9, Some(BookingAnswer::Needed), QuestionStanding::Answered);
    }
}
