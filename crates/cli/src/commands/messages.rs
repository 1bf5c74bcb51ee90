//! `send`, `outbox` and `quick-call`.

use std::process::ExitCode;

use engine::Console;
use model::failure::Code;
use model::message::{Delivery, DeliveryState, Draft, Guise, Recipient};
use model::{DeliveryId, Failure, Raw};

use crate::args::{Outbox, QuickCall, Send};
use crate::input;
use crate::output::{Output, Table, exit_code, local, with_raw, word};

pub(crate) async fn send(console: &Console, send: Send, output: Output) -> Result<ExitCode, Failure> {
    let connection = console.connection_named(&send.connection).await?.id;
    let trimmed =
        |list: Vec<String>| list.into_iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
    let file = match send.file {
        Some(path) => Some(console.file_look(path).await?),
        None => None,
    };
    let draft = Draft {
        id: console.draft_new(),
        connection,
        to: send.room.map_or_else(|| Recipient::People(trimmed(send.to)), Recipient::Room),
        text: send.text.unwrap_or_default(),
        mentions: trimmed(send.mention),
        sealed: send.sealed,
        attachments: send.attachments.as_deref().map(input::file).transpose()?.map(Raw),
        guise: Guise { alias: send.alias, emoji: send.emoji, avatar: send.avatar },
        thread: send.thread,
        file,
    };
    super::sees_it_through(output);
    let delivery = console.send_now(draft).await?;
    told(&delivery, output)
}

/// What an earlier run left behind is settled first, so that the list says how things stand. No system is asked for it: who asks says
/// so.
pub(crate) async fn outbox(console: &Console, command: Outbox, output: Output) -> Result<ExitCode, Failure> {
    super::sees_it_through(output);
    console.outbox_recover().await?;
    match command {
        Outbox::List { before, limit } => {
            let list = console.deliveries_before(before.map(DeliveryId).as_ref(), limit).await?;
            output.answer(&list, || table(&list))
        }
        Outbox::Ask { id } => told(&console.outbox_ask(&DeliveryId(id)).await?, output),
        Outbox::Decide { id, arrived, lost: _ } => {
            told(&console.outbox_decide(&DeliveryId(id), arrived).await?, output)
        }
        Outbox::Withdraw { id } => told(&console.outbox_withdraw(&DeliveryId(id)).await?, output),
        Outbox::Again { id } => told(&console.outbox_again_now(&DeliveryId(id)).await?, output),
    }
}

fn table(deliveries: &[Delivery]) -> Table {
    let mut table = Table::new(["ID", "STATE", "AT", "DETAIL"]);
    for it in deliveries {
        table.row([it.id.as_str().to_owned(), word(&it.state), local(Some(it.created_at)), it.detail.clone()]);
    }
    table
}

/// Says what became of a delivery.
pub(super) fn told(delivery: &Delivery, output: Output) -> Result<ExitCode, Failure> {
    output.answer(delivery, || Table::line(format!("{} {}", word(&delivery.state), delivery.detail)))?;
    Ok(match delivery.state {
        DeliveryState::Sent => ExitCode::SUCCESS,
        DeliveryState::Sending | DeliveryState::Unknown => exit_code(Code::UnknownOutcome),
        DeliveryState::Refused | DeliveryState::Waiting | DeliveryState::Paused => {
            exit_code(delivery.problem.as_ref().map_or(Code::Refused, |problem| problem.code))
        }
    })
}

pub(crate) async fn quick_call(console: &Console, command: QuickCall, output: Output) -> Result<ExitCode, Failure> {
    let QuickCall::Create { connection, expires, secret } = command;
    let id = console.connection_named(&connection).await?.id;
    let expires_at = input::time(&expires)?;
    let password = input::secrets(secret.as_slice())?.into_values().next();
    let made = console.quick_call_create(&id, expires_at, password.as_ref()).await?;
    output.answer(&with_raw(&made, &made.raw)?, || Table::line(made.url.clone().unwrap_or_else(|| made.raw.0.clone())))
}
