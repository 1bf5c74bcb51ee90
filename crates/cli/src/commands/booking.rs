//! `rooms show`, `rooms ask` and `rooms answer`: one booking.

use std::process::ExitCode;

use engine::Console;
use model::booking_change::{BookingChange, BookingThen};
use model::booking_detail::{BookingAnswer, BookingAsk, BookingDetail, ComesAgain};
use model::conference_room::Reservation;
use model::message::{Draft, Guise, Recipient};
use model::{DraftId, Failure, Reason, ReservationId};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::args::{Answered, AskOrganiser};
use crate::commands::messages;
use crate::output::{Output, Table, local, or_dash, with_raw, word};

/// A booking with its untouched record.
#[derive(Serialize)]
struct Shown<'a> {
    reservation: Box<RawValue>,
    #[serde(flatten)]
    detail: Rest<'a>,
}

/// What stands beside the booking itself.
#[derive(Serialize)]
struct Rest<'a> {
    history: &'a [BookingChange],
    compared_from: Option<model::Time>,
    has_id: bool,
    again: Option<ComesAgain>,
    organiser: &'a model::booking_detail::BookingOrganiser,
    questions: &'a [model::booking_detail::BookingQuestion],
}

pub(crate) async fn show(console: &Console, id: String, output: Output) -> Result<ExitCode, Failure> {
    let detail = console.booking_show(&ReservationId(id)).await?;
    let BookingDetail { reservation, history, compared_from, has_id, again, organiser, questions } = &detail;
    let rest = Rest { history, compared_from: *compared_from, has_id: *has_id, again: *again, organiser, questions };
    let shown = Shown { reservation: with_raw(reservation, &reservation.raw)?, detail: rest };
    output.answer(&shown, || table(&detail))
}

fn table(detail: &BookingDetail) -> Table {
    let Reservation { title, owner, start, end, .. } = &detail.reservation;
    let mut table = Table::new(["what", "when", "words"]);
    let hours = |start, end| format!("{} – {}", local(Some(start)), local(Some(end)));
    table.row(["booking".into(), hours(*start, *end), title.clone()]);
    let found = word(&detail.organiser.found);
    table.row(["organiser".into(), or_dash(owner.as_deref()), found]);
    if let Some(it) = detail.again {
        table.row(["comes again".into(), word(&it.rhythm), format!("seen {} of {}", it.times, it.expected)]);
    }
    for it in &detail.history {
        let place = |it: &BookingThen| format!("{} {} {}", it.room, hours(it.start, it.end), it.title);
        let words: Vec<String> = [&it.before, &it.after].into_iter().flatten().map(place).collect();
        table.row([word(&it.kind), format!("seen {}", local(Some(it.seen_at))), words.join(" → ")]);
    }
    for it in &detail.questions {
        let words = format!("{} ({})", it.name, word(&it.standing));
        table.row([format!("question {}", it.draft.0), local(Some(it.asked_at)), words]);
    }
    table
}

pub(crate) async fn ask(console: &Console, ask: AskOrganiser, output: Output) -> Result<ExitCode, Failure> {
    let reservation = ReservationId(ask.id);
    let detail = console.booking_show(&reservation).await?;
    let not_clear = || Failure::invalid(Reason::NotAddressable, word(&detail.organiser.found));
    let person = detail.organiser.person.as_ref().ok_or_else(not_clear)?;
    let way = match &ask.connection {
        Some(name) => {
            let view = console.connection_named(name).await?;
            person.chats.iter().find(|it| it.connection == view.id)
        }
        None => person.chats.first().filter(|_| person.is_chat_clear),
    };
    let way = way.ok_or_else(|| Failure::invalid(Reason::Missing, "--connection"))?;
    let draft = Draft {
        id: console.draft_new(),
        connection: way.connection.clone(),
        to: Recipient::People(vec![way.address.clone()]),
        text: ask.text,
        mentions: Vec::new(),
        sealed: false,
        attachments: None,
        guise: Guise::default(),
        thread: None,
        file: None,
    };
    super::sees_it_through(output);
    let delivery = console.booking_ask_now(BookingAsk { reservation, person: person.id.clone(), draft }).await?;
    messages::told(&delivery, output)
}

pub(crate) async fn answer(
    console: &Console,
    question: String,
    answer: Answered,
    output: Output,
) -> Result<ExitCode, Failure> {
    let answer = match answer {
        Answered::Needed => Some(BookingAnswer::Needed),
        Answered::NotNeeded => Some(BookingAnswer::NotNeeded),
        Answered::Nothing => None,
    };
    console.booking_answer(&DraftId(question), answer).await?;
    output.answer(&serde_json::json!({ "answer": answer }), || Table::line("written down"))
}
