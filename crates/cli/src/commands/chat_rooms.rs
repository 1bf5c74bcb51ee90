//! `chat-rooms`.

use std::process::ExitCode;

use engine::Console;
use model::about::Ability;
use model::chat_room::{ChatRoomVersion, Difference, KeptRoom};
use model::listed_room::{ListedRoom, NewListedRoom};
use model::{Failure, Reason};

use crate::args::ChatRooms;
use crate::input;
use crate::output::{Output, Table, local, or_dash, with_raw, word};

pub(crate) async fn run(console: &Console, command: ChatRooms, output: Output) -> Result<ExitCode, Failure> {
    match command {
        ChatRooms::List { connection } => {
            let view = console.connection_named(&connection).await?;
            let about = console.systems_list().into_iter().find(|about| about.id == view.system);
            let id = view.id;
            if about.is_some_and(|about| about.abilities.contains(&Ability::ListedRooms)) {
                let rooms = console.listed_rooms(&id).await?;
                return output.answer(&rooms, || listed(&rooms));
            }
            let rooms: Vec<KeptRoom> =
                console.chat_rooms_list().await?.into_iter().filter(|kept| kept.connection == id).collect();
            let answer = rooms.iter().map(|kept| with_raw(kept, &kept.raw)).collect::<Result<Vec<_>, _>>()?;
            output.answer(&answer, || table(&rooms))
        }
        ChatRooms::Versions { connection, room } => {
            let id = console.connection_named(&connection).await?.id;
            let all = console.chat_rooms_list().await?;
            let mut here = all.into_iter().filter(|kept| kept.connection == id);
            let is_meant = |kept: &KeptRoom| kept.room.external_id.as_ref() == Some(&room) || kept.room.name == room;
            let kept = here.find(is_meant).ok_or_else(|| Failure::invalid(Reason::NoSuchThing, room.clone()))?;
            let versions = console.chat_room_versions(&kept.id).await?;
            let answer = versions.iter().map(|it| with_raw(it, &it.raw)).collect::<Result<Vec<_>, _>>()?;
            output.answer(&answer, || history(&versions))
        }
        ChatRooms::Create { connection, name, private, member } => {
            let id = console.connection_named(&connection).await?.id;
            let new = NewListedRoom { name, is_private: private, members: member };
            let made = console.listed_room_create(&id, &new).await?;
            output.answer(&made, || listed(std::slice::from_ref(&made)))
        }
        ChatRooms::Rename { connection, id, name } => {
            let connection = console.connection_named(&connection).await?.id;
            let rooms = console.listed_rooms(&connection).await?;
            let room = rooms.into_iter().find(|room| room.external_id == id);
            let room = room.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, id))?;
            let renamed = console.listed_room_rename(&room, &name).await?;
            output.answer(&renamed, || listed(std::slice::from_ref(&renamed)))
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

fn history(versions: &[ChatRoomVersion]) -> Table {
    let mut table = Table::new(["version", "at", "origin", "name", "members"]);
    for it in versions {
        let members = it.room.members.len().to_string();
        table.row([it.number.to_string(), local(it.at), word(&it.origin), it.room.name.clone(), members]);
    }
    table
}

fn listed(rooms: &[ListedRoom]) -> Table {
    let mut table = Table::new(["name", "address", "room id", "kind", "members"]);
    for room in rooms {
        let kind = if room.is_private { "private" } else { "public" };
        let people = room.people.map(|count| count.to_string());
        let [name, address, id] = [&room.name, &room.address, &room.external_id].map(Clone::clone);
        table.row([name, address, id, kind.to_owned(), or_dash(people.as_deref())]);
    }
    table
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
