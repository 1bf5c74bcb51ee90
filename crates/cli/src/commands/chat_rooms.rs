//! `chat-rooms`.

use std::process::ExitCode;

use engine::Console;
use model::Failure;
use model::chat_room::{Difference, KeptRoom};

use crate::args::ChatRooms;
use crate::input;
use crate::output::{Output, Table, local, or_dash, with_raw};

pub(crate) async fn run(console: &Console, command: ChatRooms, output: Output) -> Result<ExitCode, Failure> {
    match command {
        ChatRooms::List { connection } => {
            let id = console.connection_named(&connection).await?.id;
            let rooms: Vec<KeptRoom> =
                console.chat_rooms_list().await?.into_iter().filter(|kept| kept.connection == id).collect();
            let answer = rooms.iter().map(|kept| with_raw(kept, &kept.raw)).collect::<Result<Vec<_>, _>>()?;
            output.answer(&answer, || table(&rooms))
        }
        ChatRooms::Apply { connection, file, dry_run } => {
            let id = console.connection_named(&connection).await?.id;
            let text = input::file(&file)?;
            if dry_run {
                let plan = console.chat_room_dry_run(&id, &text).await?;
                return output.answer(&plan, || differences(&plan.differences));
            }
            let saved = console.chat_room_apply(&id, &text).await?;
            if saved.answer.is_none() {
                output.progress("The system took it, but its answer cannot be read. Look there before sending again.");
            }
            if !saved.not_as_asked.is_empty() {
                output.progress("The server's room differs from what was asked:");
                for it in &saved.not_as_asked {
                    output.progress(&line(it));
                }
            }
            output.answer(&with_raw(&saved.kept, &saved.kept.raw)?, || table(std::slice::from_ref(&saved.kept)))
        }
    }
}

fn table(rooms: &[KeptRoom]) -> Table {
    let mut table = Table::new(["name", "room id", "members", "saved"]);
    for kept in rooms {
        let members = kept.room.members.len().to_string();
        table.row([kept.room.name.clone(), or_dash(kept.room.external_id.as_deref()), members, local(kept.saved_at)]);
    }
    table
}

fn differences(all: &[Difference]) -> Table {
    let mut table = Table::new(["field", "before", "after"]);
    for it in all {
        table.row([it.field.clone(), or_dash(it.before.as_deref()), or_dash(it.after.as_deref())]);
    }
    table
}

fn line(it: &Difference) -> String {
    format!("  {}: {} → {}", it.field, or_dash(it.before.as_deref()), or_dash(it.after.as_deref()))
}
