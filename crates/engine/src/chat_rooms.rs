//! Chat rooms: kept here because their system cannot list them, changed as a difference, saved once.

use model::about::Ability;
use model::audit::AuditKind;
use model::chat_room::{
    ChatRoom, ChatRoomEdit, ChatRoomPlan, ChatRoomRead, ChatRoomSaved, ChatRoomVersion, KeptRoom, VersionOrigin,
};
use model::{ConnectionId, Failure, KeptRoomId, Raw, Reason};

use crate::audit::Done;
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

    /// Keeps a room from JSON that a person pasted or imported. Nothing is sent. A room that was kept here before gets its versions
    /// back.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with the place that cannot be read, or where the connection has no chat rooms.
    pub async fn chat_room_import(&self, connection: &ConnectionId, text: &str) -> Result<KeptRoom, Failure> {
        let (room, raw) = self.chat_rooms_of(connection).await?.read(text)?;
        let known = match &room.external_id {
            Some(id) => self.kept_by_external_id(connection, id).await?,
            None => None,
        };
        let former = match (&known, room.external_id.clone()) {
            (None, Some(external_id)) => {
                let connection = connection.clone();
                self.0.store.read(move |r| store::chat_rooms::former(r, &connection, &external_id)).await?
            }
            _ => None,
        };
        let (id, saved_at, is_test) = match (known, former) {
            (Some(kept), _) => (kept.id, kept.saved_at, kept.is_test),
            (None, Some((id, saved_at))) => (id, saved_at, false),
            (None, None) => (new_id(), None, false),
        };
        let kept = KeptRoom { id, connection: connection.clone(), room, raw, saved_at, is_test };
        self.keep(kept, VersionOrigin::Imported).await
    }

    /// What a record says, as it was edited by hand. Nothing is sent, nothing is kept.
    ///
    /// # Errors
    /// As [`Console::chat_room_import`].
    pub async fn chat_room_read(&self, connection: &ConnectionId, text: &str) -> Result<ChatRoomRead, Failure> {
        let (room, raw) = self.chat_rooms_of(connection).await?.read(text)?;
        Ok(ChatRoomRead { room, raw })
    }

    /// What a save would send, and how that differs from the room as it is kept. Nothing is sent.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the edit cannot be sent, or there is no test room to try it on.
    pub async fn chat_room_plan(&self, edit: &ChatRoomEdit) -> Result<ChatRoomPlan, Failure> {
        let port = self.chat_rooms_of(&edit.connection).await?;
        let Aim { before, base, room } = self.aim(edit).await?;
        let sends = port.write(base.as_ref(), &room)?;
        let differences = port.differences(before.as_ref().map(|kept| &kept.raw), &sends);
        Ok(ChatRoomPlan { differences, sends })
    }

    /// Saves a room at its system, once, and keeps the system's answer.
    ///
    /// # Errors
    /// As [`Console::chat_room_plan`], and what the system answers. [`Failure::Unknown`]: it may have been saved.
    pub async fn chat_room_save(&self, edit: &ChatRoomEdit) -> Result<ChatRoomSaved, Failure> {
        let port = self.chat_rooms_of(&edit.connection).await?;
        let Aim { before, base, room } = self.aim(edit).await?;
        let sends = port.write(base.as_ref(), &room)?;
        let (asked, _) = port.read(&sends.0)?;
        let mut deed = self.deed(AuditKind::ChatRoom, &edit.connection, room.name.clone()).await?;
        deed.key.clone_from(&room.external_id);
        deed.before = before.as_ref().map(|kept| kept.raw.clone());
        deed.after = Some(sends.clone());
        let done = |answer: &Option<(ChatRoom, Raw)>| Done {
            key: answer.as_ref().and_then(|(room, _)| room.external_id.clone()),
            after: answer.as_ref().map(|(_, raw)| raw.clone()),
            ..Done::default()
        };
        let outcome = self.audited(deed, port.apply(&sends), done).await;
        self.note(&edit.connection, &outcome).await;
        let answered = outcome?;
        let former = before.as_ref().map(|kept| &kept.raw);
        let not_as_asked =
            answered.as_ref().map_or_else(Vec::new, |(_, answer)| port.not_as_asked(former, &sends, answer));
        let answer = answered.as_ref().map(|(_, raw)| raw.clone());
        let origin = if answered.is_some() { VersionOrigin::Answered } else { VersionOrigin::Sent };
        let (room, raw) = answered.unwrap_or((asked, sends));
        let (id, is_test) = before.map_or_else(|| (new_id(), false), |kept| (kept.id, kept.is_test));
        let kept = KeptRoom { id, connection: edit.connection.clone(), room, raw, saved_at: Some(self.now()), is_test };
        Ok(ChatRoomSaved { kept: self.keep(kept, origin).await?, not_as_asked, answer })
    }

    /// Saves a whole record from a file, as the command line has it: the room of the same id is what it is compared with.
    ///
    /// # Errors
    /// As [`Console::chat_room_save`].
    pub async fn chat_room_apply(&self, connection: &ConnectionId, text: &str) -> Result<ChatRoomSaved, Failure> {
        self.chat_room_save(&self.edit_of_file(connection, text).await?).await
    }

    /// What [`Console::chat_room_apply`] would do. Nothing is sent, nothing is kept.
    ///
    /// # Errors
    /// As [`Console::chat_room_plan`].
    pub async fn chat_room_dry_run(&self, connection: &ConnectionId, text: &str) -> Result<ChatRoomPlan, Failure> {
        self.chat_room_plan(&self.edit_of_file(connection, text).await?).await
    }

    /// How a room once was here, the newest first; the first one is how it is now.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn chat_room_versions(&self, id: &KeptRoomId) -> Result<Vec<ChatRoomVersion>, Failure> {
        let id = id.clone();
        self.0.store.read(move |r| store::chat_rooms::versions(r, &id)).await
    }

    /// Chooses the one room of its connection on which changes are tried, or none any more.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such room; where the ledger cannot be written.
    pub async fn chat_room_choose_test(
        &self,
        connection: &ConnectionId,
        id: Option<&KeptRoomId>,
    ) -> Result<(), Failure> {
        self.kept_room(connection, id).await?;
        let (connection, id) = (connection.clone(), id.cloned());
        self.write(move |w| store::chat_rooms::choose_test(w, &connection, id.as_ref())).await
    }

    /// Forgets a room here; at its system it stays.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn chat_room_forget(&self, id: &KeptRoomId) -> Result<(), Failure> {
        let id = id.clone();
        self.write(move |w| store::chat_rooms::remove(w, &id)).await
    }

    /// Which room an edit goes to, and the record into which it is put.
    async fn aim(&self, edit: &ChatRoomEdit) -> Result<Aim, Failure> {
        if edit.on_test_room {
            let all = self.chat_rooms_list().await?;
            let test = all.into_iter().find(|kept| kept.is_test && kept.connection == edit.connection);
            let test = test.ok_or_else(|| Failure::invalid(Reason::Missing, "test room"))?;
            // Its own name too: two rooms of one name could not be told apart when sending.
            let room = ChatRoom {
                external_id: test.room.external_id.clone(),
                name: test.room.name.clone(),
                ..edit.room.clone()
            };
            return Ok(Aim { base: Some(test.raw.clone()), before: Some(test), room });
        }
        let before = self.kept_room(&edit.connection, edit.kept.as_ref()).await?;
        let id = before.as_ref().and_then(|kept| kept.room.external_id.as_ref());
        if id.is_some() && id != edit.room.external_id.as_ref() {
            // Under another id it would change another room, and without one make a second.
            return Err(Failure::invalid(Reason::NotUsable, "id"));
        }
        let base = edit.base.clone().or_else(|| before.as_ref().map(|kept| kept.raw.clone()));
        Ok(Aim { before, base, room: edit.room.clone() })
    }

    /// The file holds the whole record, unknown keys too: it is the base that is sent.
    async fn edit_of_file(&self, connection: &ConnectionId, text: &str) -> Result<ChatRoomEdit, Failure> {
        let (room, raw) = self.chat_rooms_of(connection).await?.read(text)?;
        let known = match &room.external_id {
            Some(id) => self.kept_by_external_id(connection, id).await?,
            None => None,
        };
        let kept = known.map(|kept| kept.id);
        Ok(ChatRoomEdit { connection: connection.clone(), kept, room, base: Some(raw), on_test_room: false })
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

    async fn keep(&self, kept: KeptRoom, origin: VersionOrigin) -> Result<KeptRoom, Failure> {
        let (copy, now) = (kept.clone(), self.now());
        self.write(move |w| {
            store::chat_rooms::put(w, &copy)?;
            store::chat_rooms::add_version(w, &copy, origin, now)
        })
        .await?;
        Ok(kept)
    }
}

/// Where an edit goes.
struct Aim {
    /// The room as it is kept.
    before: Option<KeptRoom>,
    /// The record into which the edit is put.
    base: Option<Raw>,
    /// The edit.
    room: ChatRoom,
}

fn new_id() -> KeptRoomId {
    KeptRoomId(uuid::Uuid::new_v4().simple().to_string())
}
