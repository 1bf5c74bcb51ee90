//! `send` and `quick-call`.

use std::process::ExitCode;

use engine::Console;
use model::failure::Code;
use model::message::{DeliveryState, Draft, Guise, Recipient};
use model::{Failure, Raw};

use crate::args::{QuickCall, Send};
use crate::input;
use crate::output::{Output, Table, exit_code, with_raw, word};

pub(crate) async fn send(console: &Console, send: Send, output: Output) -> Result<ExitCode, Failure> {
    let connection = console.connection_named(&send.connection).await?.id;
    let trimmed =
        |list: Vec<String>| list.into_iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
    let draft = Draft {
        id: console.draft_new(),
        connection,
        to: send.room.map_or_else(|| Recipient::People(trimmed(send.to)), Recipient::Room),
        text: send.text,
        mentions: trimmed(send.mention),
        sealed: send.sealed,
        attachments: send.attachments.as_deref().map(input::file).transpose()?.map(Raw),
        guise: Guise { alias: send.alias, emoji: send.emoji, avatar: send.avatar },
        thread: send.thread,
    };
    super::sees_it_through(output);
    let delivery = console.send_now(draft).await?;
    output.answer(&delivery, || Table::line(format!("{} {}", word(&delivery.state), delivery.detail)))?;
    Ok(match delivery.state {
        DeliveryState::Sent => ExitCode::SUCCESS,
        DeliveryState::Sending | DeliveryState::Unknown => exit_code(Code::UnknownOutcome),
        DeliveryState::Refused | DeliveryState::Waiting | DeliveryState::Paused => {
            exit_code(delivery.problem.map_or(Code::Refused, |problem| problem.code))
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
