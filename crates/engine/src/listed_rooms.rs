//! Rooms that their system lists itself: read when they are looked at, made and renamed once, and never kept here.

use std::sync::Arc;

use model::about::Ability;
use model::audit::AuditKind;
use model::listed_room::{ListedRoom, NewListedRoom, RoomPerson};
use model::ports::ListedRooms;
use model::{ConnectionId, Failure, Raw, Reason};

use crate::audit::Done;
use crate::board::not_offered;
use crate::console::Console;

impl Console {
    /// The rooms of a connection that the account is in or may see, by name.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the system lists none; what it answers.
    pub async fn listed_rooms(&self, connection: &ConnectionId) -> Result<Vec<ListedRoom>, Failure> {
        let outcome = self.listed_rooms_of(connection).await?.list().await;
        self.note(connection, &outcome).await;
        let mut rooms = outcome?;
        rooms.sort_by_cached_key(|room| (model::text::fold(&room.name), room.external_id.clone()));
        Ok(rooms)
    }

    /// Who is in a room.
    ///
    /// # Errors
    /// As [`Console::listed_rooms`]; [`Failure::Refused`] where the account may not see it.
    pub async fn listed_room_people(&self, room: &ListedRoom) -> Result<Vec<RoomPerson>, Failure> {
        self.listed_rooms_of(&room.connection).await?.people(room).await
    }

    /// Makes a room, once; as the system has it.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a name or a member that cannot be used; what the system answers. [`Failure::Unknown`]: it may have
    /// been made.
    pub async fn listed_room_create(
        &self,
        connection: &ConnectionId,
        new: &NewListedRoom,
    ) -> Result<ListedRoom, Failure> {
        let mut new = new.clone();
        new.name = usable(&new.name)?;
        new.members = new.members.iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        let port = self.listed_rooms_of(connection).await?;
        let mut deed = self.deed(AuditKind::ChatRoom, connection, new.name.clone()).await?;
        deed.after = Some(Raw::of(&new));
        let made = self.audited(deed, port.create(&new), as_it_is).await?;
        self.read_destinations(connection).await;
        Ok(made)
    }

    /// Gives a room another name, once; as the system has it.
    ///
    /// # Errors
    /// As [`Console::listed_room_create`].
    pub async fn listed_room_rename(&self, room: &ListedRoom, name: &str) -> Result<ListedRoom, Failure> {
        let name = usable(name)?;
        let port = self.listed_rooms_of(&room.connection).await?;
        let mut deed = self.deed(AuditKind::ChatRoom, &room.connection, name.clone()).await?;
        deed.key = Some(room.external_id.clone());
        deed.before = Some(Raw::of(room));
        deed.after = Some(Raw::of(&ListedRoom { name: name.clone(), ..room.clone() }));
        let renamed = self.audited(deed, port.rename(room, &name), as_it_is).await?;
        self.read_destinations(&room.connection).await;
        Ok(renamed)
    }

    async fn listed_rooms_of(&self, id: &ConnectionId) -> Result<Arc<dyn ListedRooms>, Failure> {
        let connection = self.connection(id).await?;
        let system = self.system(&connection.system);
        if !system.is_some_and(|it| it.about().abilities.contains(&Ability::ListedRooms)) {
            return Err(not_offered(&connection.name));
        }
        self.session(id).await?.listed_rooms.ok_or_else(|| not_offered(&connection.name))
    }

    /// Has the composer know the rooms as they are now. Where that fails, the next reading brings them.
    pub(crate) async fn read_destinations(&self, id: &ConnectionId) {
        let Ok(Some(chat)) = self.session(id).await.map(|session| session.chat) else { return };
        let Ok(rooms) = chat.rooms().await else { return };
        let id = id.clone();
        if let Err(failure) = self.write(move |w| store::destinations::replace(w, &id, &rooms)).await {
            tracing::warn!(reason = ?failure.why().reason, "the rooms could not be written down");
        }
    }
}

/// The room as the system has it now, for the log of writes.
fn as_it_is(room: &ListedRoom) -> Done {
    Done { key: Some(room.external_id.clone()), after: Some(Raw::of(room)), ..Done::default() }
}

fn usable(name: &str) -> Result<String, Failure> {
    let name = name.trim();
    if name.is_empty() { Err(Failure::invalid(Reason::Missing, "name")) } else { Ok(name.to_owned()) }
}
