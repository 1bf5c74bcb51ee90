//! One booking whole: its story, its organiser found in the directories, and the question whether it is still needed.

use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};
use model::booking_change::BookingChangeKind;
use model::booking_detail::{
    BookingAnswer, BookingAsk, BookingDetail, BookingQuestion, OrganiserFound, OrganiserPerson, QuestionStanding,
};
use model::message::{Draft, Guise, Recipient};
use model::room_report::Rhythm;
use model::worklist::ChatWay;
use model::{Day, Reason, ReservationId};
use simulators::CHAT_AND_MESSENGER;
use simulators::chat_and_messenger::BookingEdit;

use crate::support::{Desk, arrived, failure};

fn wall(day: u32, hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 10, day).and_then(|it| it.and_hms_opt(hour, 0, 0)).expect("an hour")
}

/// Somebody books 会議室 301 for an hour; the id is ours.
async fn book(desk: &Desk, owner: &str, day: u32, hour: u32) -> ReservationId {
    let id = desk.office.chat_and_messenger.book("3", "定例会", owner, wall(day, hour), wall(day, hour + 1));
    read(desk).await;
    ReservationId(format!("{}/{id}", desk.id(CHAT_AND_MESSENGER).await))
}

async fn read(desk: &Desk) {
    desk.office.clock.advance(Duration::from_secs(60));
    desk.console.room_board_read(Day("2026-10-14".parse().expect("a day"))).await.expect("the month");
}

fn own(id: &ReservationId) -> &str {
    id.as_str().split_once('/').expect("of a connection").1
}

async fn shown(desk: &Desk, id: &ReservationId) -> BookingDetail {
    desk.console.booking_show(id).await.expect("a booking")
}

fn person(detail: &BookingDetail) -> &OrganiserPerson {
    detail.organiser.person.as_ref().expect("somebody booked it")
}

fn ask(desk: &Desk, id: &ReservationId, person: &OrganiserPerson, way: &ChatWay) -> BookingAsk {
    let draft = Draft {
        id: desk.console.draft_new(),
        connection: way.connection.clone(),
        to: Recipient::People(vec![way.address.clone()]),
        text: "この予約はまだ必要ですか。".to_owned(),
        mentions: vec![],
        sealed: false,
        attachments: None,
        guise: Guise::default(),
        thread: None,
        file: None,
    };
    BookingAsk { reservation: id.clone(), person: person.id.clone(), draft }
}

async fn question(desk: &Desk, id: &ReservationId) -> BookingQuestion {
    let mut all = shown(desk, id).await.questions;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[tokio::test]
async fn a_booking_tells_what_readings_showed_of_it_and_who_booked_it() {
    let desk = Desk::synced().await;
    let id = book(&desk, "田中 健一", 15, 6).await;
    book(&desk, "田中 健一", 15, 20).await;
    let later = BookingEdit { start: Some(wall(15, 7)), end: Some(wall(15, 8)), ..BookingEdit::default() };
    assert!(desk.office.chat_and_messenger.change(own(&id), &later));
    read(&desk).await;
    let detail = shown(&desk, &id).await;
    let kinds: Vec<_> = detail.history.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [BookingChangeKind::Moved, BookingChangeKind::Added], "the newest first");
    assert_eq!(detail.history[0].seen_at, desk.now());
    assert!(detail.has_id && detail.compared_from.is_some());
    assert_eq!(detail.reservation.title, "定例会");

    assert_eq!(detail.organiser.found, OrganiserFound::ByName);
    let person = person(&detail);
    assert_eq!((person.name.as_str(), person.extension.as_deref()), ("田中 健一", Some("204")));
    assert!(person.is_active && person.numbers.iter().any(|it| it.e164.as_deref() == Some("+818055500104")));
    assert_eq!(person.chats.len(), 3, "{:?}", person.chats);
    assert!(person.others.iter().any(|it| it.room == "会議室 301" && it.start.utc().to_string().contains("11:00")));
    assert!(person.others.iter().all(|it| it.start != detail.reservation.start), "not this one itself");
}

#[tokio::test]
async fn an_organiser_is_found_by_address_or_name_and_never_guessed() {
    let desk = Desk::synced().await;
    let found = async |owner: &str, hour| {
        let id = book(&desk, owner, 15, hour).await;
        let detail = shown(&desk, &id).await;
        (detail.organiser.found, detail.organiser.person.map(|it| it.name))
    };
    let tanaka = || Some("田中 健一".to_owned());
    assert_eq!(found("T.Kenichi@example.jp", 5).await, (OrganiserFound::ByEmail, tanaka()));
    assert_eq!(found("田中健一", 6).await, (OrganiserFound::ByName, tanaka()), "without regard to spaces");
    assert_eq!(found("田中", 7).await, (OrganiserFound::Nobody, None), "a part of a name is nobody's");
    assert_eq!(found("総務部", 8).await, (OrganiserFound::Nobody, None));
    assert_eq!(found(" ", 4).await, (OrganiserFound::Unnamed, None));
}

#[tokio::test]
async fn a_question_leaves_once_and_its_answer_is_what_somebody_wrote_down() {
    let desk = Desk::synced().await;
    let id = book(&desk, "田中 健一", 15, 6).await;
    let detail = shown(&desk, &id).await;
    let organiser = person(&detail);
    let ask = ask(&desk, &id, organiser, &organiser.chats[0]);
    desk.console.booking_ask_now(ask.clone()).await.unwrap();
    desk.console.booking_ask(ask.clone()).await.unwrap();
    assert_eq!(arrived(&desk.office, "この予約はまだ必要ですか。"), 1, "the same draft is one message");
    let asked = question(&desk, &id).await;
    assert_eq!((asked.standing, asked.name.as_str()), (QuestionStanding::Waiting, "田中 健一"));
    assert_eq!(asked.booking.room, "会議室 301");

    desk.console.booking_answer(&asked.draft, Some(BookingAnswer::NotNeeded)).await.unwrap();
    let desk = desk.restarted().await;
    let answered = question(&desk, &id).await;
    let expected = (QuestionStanding::Answered, Some(BookingAnswer::NotNeeded), Some(desk.now()));
    assert_eq!((answered.standing, answered.answer, answered.answered_at), expected);
    desk.console.booking_answer(&asked.draft, None).await.unwrap();
    assert_eq!(question(&desk, &id).await.standing, QuestionStanding::Waiting, "it can be taken back");
    let nobody = failure(desk.console.booking_answer(&"none".into(), None).await);
    assert_eq!(nobody.why().reason, Reason::NoSuchThing);

    let away = BookingEdit { room: Some("4".to_owned()), ..BookingEdit::default() };
    assert!(desk.office.chat_and_messenger.change(own(&id), &away));
    read(&desk).await;
    assert_eq!(question(&desk, &id).await.standing, QuestionStanding::Changed, "nobody wrote, but it was seen");
}

#[tokio::test]
async fn a_question_that_nobody_answered_says_so_when_the_booking_is_over() {
    let desk = Desk::synced().await;
    let id = book(&desk, "田中 健一", 15, 6).await;
    let detail = shown(&desk, &id).await;
    let organiser = person(&detail);
    desk.console.booking_ask_now(ask(&desk, &id, organiser, &organiser.chats[0])).await.unwrap();
    desk.office.clock.advance(Duration::from_secs(2 * 24 * 3_600));
    assert_eq!(question(&desk, &id).await.standing, QuestionStanding::Unanswered);
}

#[tokio::test]
async fn nobody_but_the_organiser_is_asked_and_only_where_they_are_reached() {
    let desk = Desk::synced().await;
    let id = book(&desk, "田中 健一", 15, 6).await;
    let other = book(&desk, "鈴木 大輔", 15, 20).await;
    let detail = shown(&desk, &id).await;
    let organiser = person(&detail);
    let way = organiser.chats[0].clone();
    let refused = async |ask: BookingAsk| failure(desk.console.booking_ask(ask).await).why().reason;
    assert_eq!(refused(ask(&desk, &other, organiser, &way)).await, Reason::NotAddressable, "they did not book it");
    let elsewhere = ChatWay { address: "somebody@example.com".to_owned(), ..way.clone() };
    assert_eq!(refused(ask(&desk, &id, organiser, &elsewhere)).await, Reason::NotAddressable);
    assert!(desk.office.chat_and_messenger.cancel(own(&id)));
    read(&desk).await;
    assert_eq!(refused(ask(&desk, &id, organiser, &way)).await, Reason::NoSuchThing, "it is gone");
    assert_eq!(arrived(&desk.office, "この予約はまだ必要ですか。"), 0);
}

#[tokio::test]
async fn what_comes_again_every_month_is_told_of_the_months_that_were_read() {
    let desk = Desk::connected().await;
    let office = &desk.office.chat_and_messenger;
    // The second Tuesdays of three months.
    let book = |month, day| {
        let date = NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        let at = |hour| date.and_hms_opt(hour, 0, 0).expect("an hour");
        office.book("3", "月次棚卸し", "田中 健一", at(6), at(7))
    };
    book(8, 11);
    book(9, 8);
    let last = book(10, 13);
    let id = ReservationId(format!("{}/{last}", desk.id(CHAT_AND_MESSENGER).await));
    read(&desk).await;
    assert_eq!(shown(&desk, &id).await.again, None, "one month shows it once");

    let first = |month: &str| Day(format!("2026-{month}-01").parse().expect("a day"));
    for month in ["08", "09"] {
        desk.office.clock.advance(Duration::from_secs(60));
        desk.console.room_board_read(first(month)).await.expect("the month");
    }
    let again = shown(&desk, &id).await.again.expect("a rhythm");
    assert_eq!((again.rhythm, again.nth, again.weekday), (Rhythm::Monthly, 2, 2));
    assert_eq!((again.times, again.expected), (3, 3));
    let report = desk.console.room_report(first("10"), 31).await.expect("a report");
    let told: Vec<_> = report.series.iter().filter(|it| it.title == "月次棚卸し").collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].rhythm, told[0].times, told[0].booking.clone()), (Rhythm::Monthly, 3, id));
    let earlier = desk.console.room_report(first("09"), 30).await.expect("a report");
    assert!(earlier.series.iter().all(|it| it.title != "月次棚卸し"), "by then it had been there twice");
}
