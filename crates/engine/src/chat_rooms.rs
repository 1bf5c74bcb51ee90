//! Chat rooms: kept here because their system cannot list them, changed as a difference, saved once.

use model::about::Ability;
use model::chat_room::{ChatRoom, ChatRoomPlan, ChatRoomSaved, Difference, KeptRoom};
use model::{ConnectionId, Failure, KeptRoomId, Raw, Reason};

use crate::board::not_offered;
use crate::console::Console;

impl Console {
    /// Every chat room kept here.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn chat_rooms_list(&self) -> Result<Vec<KeptRoom>, Failure> {
        self.0.store.read(store::chat_rooms::all).await
    }

    /// Keeps a room from JSON that a person pasted or imported. Nothing is sent.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with the place that cannot be read, or where the connection has no chat rooms.
    pub async fn chat_room_import(&self, connection: &ConnectionId, text: &str) -> Result<KeptRoom, Failure> {
        let (room, raw) = self.chat_rooms_of(connection).await?.read(text)?;
        let known = match &room.external_id {
            Some(id) => self.kept_by_external_id(connection, id).await?,
            None => None,
        };
        let id = known.as_ref().map_or_else(new_id, |kept| kept.id.clone());
        let saved_at = known.and_then(|kept| kept.saved_at);
        self.keep(KeptRoom { id, connection: connection.clone(), room, raw, saved_at }).await
    }

    /// What a save would send, and how that differs from the room as it is kept. Nothing is sent.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the edit cannot be sent.
    pub async fn chat_room_plan(
        &self,
        connection: &ConnectionId,
        kept: Option<&KeptRoomId>,
        edit: &ChatRoom,
    ) -> Result<ChatRoomPlan, Failure> {
        let port = self.chat_rooms_of(connection).await?;
        let before = self.kept_room(connection, kept).await?;
        let sends = port.write(before.as_ref().map(|kept| &kept.raw), edit)?;
        let (after, _) = port.read(&sends.0)?;
        let differences = differences(before.as_ref().map(|kept| &kept.room), &after);
        Ok(ChatRoomPlan { differences, sends })
    }

    /// Saves a room at its system, once, and keeps the system's answer.
    ///
    /// # Errors
    /// As [`Console::chat_room_plan`], and what the system answers. [`Failure::Unknown`]: it may have been saved.
    pub async fn chat_room_save(
        &self,
        connection: &ConnectionId,
        kept: Option<&KeptRoomId>,
        edit: &ChatRoom,
    ) -> Result<ChatRoomSaved, Failure> {
        let before = self.kept_room(connection, kept).await?;
        let id = before.as_ref().map_or_else(new_id, |kept| kept.id.clone());
        self.save(connection, id, before.as_ref().map(|kept| &kept.raw), edit).await
    }

    /// Saves a whole record from a file, as the command line has it: the room of the same id is its base.
    ///
    /// # Errors
    /// As [`Console::chat_room_save`].
    pub async fn chat_room_apply(&self, connection: &ConnectionId, text: &str) -> Result<ChatRoomSaved, Failure> {
        let (edit, raw) = self.chat_rooms_of(connection).await?.read(text)?;
        let known = match &edit.external_id {
            Some(id) => self.kept_by_external_id(connection, id).await?,
            None => None,
        };
        // The file holds the whole record, unknown keys too: it is the base that is sent.
        self.save(connection, known.map_or_else(new_id, |kept| kept.id), Some(&raw), &edit).await
    }

    /// What [`Console::chat_room_apply`] would do. Nothing is sent, nothing is kept.
    ///
    /// # Errors
    /// As [`Console::chat_room_plan`].
    pub async fn chat_room_dry_run(&self, connection: &ConnectionId, text: &str) -> Result<ChatRoomPlan, Failure> {
        let port = self.chat_rooms_of(connection).await?;
        let (edit, raw) = port.read(text)?;
        let before = match &edit.external_id {
            Some(id) => self.kept_by_external_id(connection, id).await?,
            None => None,
        };
        let sends = port.write(Some(&raw), &edit)?;
        let (after, _) = port.read(&sends.0)?;
        Ok(ChatRoomPlan { differences: differences(before.as_ref().map(|kept| &kept.room), &after), sends })
    }

    /// Forgets a room here; at its system it stays.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn chat_room_forget(&self, id: &KeptRoomId) -> Result<(), Failure> {
        let id = id.clone();
        self.write(move |w| store::chat_rooms::remove(w, &id)).await
    }

    async fn save(
        &self,
        connection: &ConnectionId,
        id: KeptRoomId,
        base: Option<&Raw>,
        edit: &ChatRoom,
    ) -> Result<ChatRoomSaved, Failure> {
        let port = self.chat_rooms_of(connection).await?;
        let sends = port.write(base, edit)?;
        let (asked, _) = port.read(&sends.0)?;
        let outcome = port.apply(&sends).await;
        self.note(connection, &outcome).await;
        let answered = outcome?;
        let answer = answered.as_ref().map(|(_, raw)| raw.clone());
        let not_as_asked = answered.as_ref().map_or_else(Vec::new, |(room, _)| {
            // A new room gets its id from the system: that is no difference.
            let asked =
                ChatRoom { external_id: asked.external_id.clone().or(room.external_id.clone()), ..asked.clone() };
            differences(Some(&asked), room)
        });
        let (room, raw) = answered.unwrap_or((asked, sends));
        let saved_at = Some(self.now());
        let kept = self.keep(KeptRoom { id, connection: connection.clone(), room, raw, saved_at }).await?;
        Ok(ChatRoomSaved { kept, not_as_asked, answer })
    }

    async fn chat_rooms_of(&self, id: &ConnectionId) -> Result<std::sync::Arc<dyn model::ports::ChatRooms>, Failure> {
        let connection = self.connection(id).await?;
        let offers =
            self.system(&connection.system).is_some_and(|it| it.about().abilities.contains(&Ability::ChatRooms));
        if !offers {
            return Err(not_offered(&connection.name));
        }
        self.session(id).await?.chat_rooms.ok_or_else(|| not_offered(&connection.name))
    }

    async fn kept_room(&self, connection: &ConnectionId, id: Option<&KeptRoomId>) -> Result<Option<KeptRoom>, Failure> {
        let Some(id) = id.cloned() else { return Ok(None) };
        let wanted = id.clone();
        let kept = self.0.store.read(move |r| store::chat_rooms::get(r, &wanted)).await?;
        match kept {
            Some(kept) if kept.connection == *connection => Ok(Some(kept)),
            Some(_) | None => Err(Failure::invalid(Reason::NoSuchThing, id.0)),
        }
    }

    async fn kept_by_external_id(&self, connection: &ConnectionId, id: &str) -> Result<Option<KeptRoom>, Failure> {
        let all = self.chat_rooms_list().await?;
        Ok(all.into_iter().find(|kept| kept.connection == *connection && kept.room.external_id.as_deref() == Some(id)))
    }

    async fn keep(&self, kept: KeptRoom) -> Result<KeptRoom, Failure> {
        let copy = kept.clone();
        self.write(move |w| store::chat_rooms::put(w, &copy)).await?;
        Ok(kept)
    }
}

fn new_id() -> KeptRoomId {
    KeptRoomId(uuid::Uuid::new_v4().simple().to_string())
}

/// Field by field, in the order of the wire; members one by one.
pub(crate) fn differences(before: Option<&ChatRoom>, after: &ChatRoom) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |field: &str, before: Option<String>, after: Option<String>| {
        if before != after {
            found.push(Difference { field: field.to_owned(), before, after });
        }
    };
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    compare("id", before.and_then(|it| it.external_id.clone()), after.external_id.clone());
    compare("name", before.and_then(|it| text(&it.name)), text(&after.name));
    compare("createUserId", before.and_then(|it| text(&it.creator_id)), text(&after.creator_id));
    compare("adminUserId", before.and_then(|it| text(&it.admin_id)), text(&after.admin_id));
    compare("isPublic", before.map(|it| it.is_public.to_string()), Some(after.is_public.to_string()));
    let none = Vec::new();
    let members = before.map_or(&none, |it| &it.members);
    let value = |list: &[model::chat_room::Member], uid: &str| list.iter().find(|it| it.uid == uid).map(|it| it.value);
    let show = |uid: &str, value: Option<bool>| value.map(|value| format!("{uid}: {value}"));
    for member in &after.members {
        compare("memberUids", show(&member.uid, value(members, &member.uid)), show(&member.uid, Some(member.value)));
    }
    for member in members.iter().filter(|it| value(&after.members, &it.uid).is_none()) {
        compare("memberUids", show(&member.uid, Some(member.value)), None);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::chat_room::Member;

    fn room(name: &str, members: &[(&str, bool)]) -> ChatRoom {
        let members = members.iter().map(|(uid, value)| Member { uid: (*uid).into(), value: *value }).collect();
        ChatRoom { name: name.into(), members, external_id: Some("1564831284702237059".into()), ..ChatRoom::default() }
    }

    #[test]
    fn members_are_compared_one_by_one() {
        let found = differences(
            Some(&room("海外", &[("a", true), ("b", true)])),
            &room("海外営業", &[("a", false), ("c", true)]),
        );
        let lines: Vec<_> =
            found.iter().map(|it| (it.field.as_str(), it.before.as_deref(), it.after.as_deref())).collect();
        assert_eq!(
            lines,
            [
                ("name", Some("海外"), Some("海外営業")),
                ("memberUids", Some("a: true"), Some("a: false")),
                ("memberUids", None, Some("c: true")),
                ("memberUids", Some("b: true"), None),
            ]
        );
    }

    #[test]
    fn the_same_room_has_no_difference() {
        let one = room("海外", &[("a", true), ("b", false)]);
        assert_eq!(differences(Some(&one), &one), []);
    }
}
