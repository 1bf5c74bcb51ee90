//! Rooms as the administrator of a desk sees them: those that the account is in or may see, who is in them, and making and renaming.
//!
//! Public and private rooms have routes of their own for the same thing. What the account lacks is named beside the refusal, because the
//! server does not name it.

use async_trait::async_trait;
use model::listed_room::{ListedRoom, NewListedRoom, RoomPerson};
use model::ports::ListedRooms;
use model::{Failure, Reason, Why};
use rest::Request;

use crate::client::{Client, MOST_PAGES, PAGE, PATIENCE};
use crate::wire::{ChangedRoom, Channels, CreateRoom, Members, RenameRoom, Room};

/// The permissions that these routes ask for.
const CREATE: [&str; 2] = ["create-c", "create-p"];
const EDIT: &str = "edit-room";

/// What differs between the two kinds of rooms.
struct Routes {
    create: &'static str,
    rename: &'static str,
    members: &'static str,
    may_create: &'static str,
}

fn routes(is_private: bool) -> Routes {
    let [create_channel, create_group] = CREATE;
    if is_private {
        Routes { create: "groups.create", rename: "groups.rename", members: "groups.members", may_create: create_group }
    } else {
        Routes {
            create: "channels.create",
            rename: "channels.rename",
            members: "channels.members",
            may_create: create_channel,
        }
    }
}

impl Client {
    /// Public rooms, also those that our user is not in; none where the account may not list them.
    async fn channels(&self) -> Result<Vec<Room>, Failure> {
        let mut rooms = Vec::new();
        for _ in 0..MOST_PAGES {
            let request = Request::get("api/v1/channels.list")
                .query("offset", rooms.len().to_string())
                .query("count", PAGE.to_string())
                .deadline(PATIENCE);
            let page: Channels = match self.ask("channels.list", request).await {
                Ok(answer) => answer.json()?,
                Err(Failure::Refused(why)) if why.reason == Reason::NoPermission => return Ok(rooms),
                Err(failure) => return Err(failure),
            };
            let is_last = page.channels.is_empty();
            rooms.extend(page.channels);
            if is_last || page.total.is_some_and(|total| rooms.len() >= total) {
                return Ok(rooms);
            }
        }
        Err(Failure::surprise("channels.list"))
    }

    async fn changed(&self, route: &'static str, body: String, right: &str) -> Result<ListedRoom, Failure> {
        let request = Request::post(&format!("api/v1/{route}")).json(body);
        let answer = self.ask(route, request).await.map_err(|failure| named(failure, right))?;
        self.forget_rooms().await;
        // It was taken; how the room is now cannot be told.
        let unclear = |_| Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, ""));
        let changed: ChangedRoom = answer.json().map_err(unclear)?;
        let room = changed.room().and_then(|room| room.listed(&self.connection, true));
        room.ok_or_else(|| Failure::Unknown(Why::new(Reason::AnswerNotUnderstood, "")))
    }
}

/// A refusal with the permission that it is about.
fn named(failure: Failure, right: &str) -> Failure {
    match failure {
        Failure::Refused(why) if why.reason == Reason::NoPermission => {
            Failure::Refused(Why::new(why.reason, format!("{} ({right})", why.words)))
        }
        Failure::SignedOut(_)
        | Failure::SlowDown(..)
        | Failure::Offline(_)
        | Failure::Refused(_)
        | Failure::Unknown(_)
        | Failure::Surprise(_)
        | Failure::Invalid(_) => failure,
    }
}

fn written<T: serde::Serialize>(body: &T) -> Result<String, Failure> {
    serde_json::to_string(body).map_err(|it| Failure::surprise(it.to_string()))
}

#[async_trait]
impl ListedRooms for Client {
    async fn list(&self) -> Result<Vec<ListedRoom>, Failure> {
        let joined = self.joined_rooms().await?;
        let mut rooms: Vec<ListedRoom> = joined.iter().filter_map(|room| room.listed(&self.connection, true)).collect();
        let others = self.channels().await?;
        for room in others.iter().filter_map(|room| room.listed(&self.connection, false)) {
            if !rooms.iter().any(|known| known.external_id == room.external_id) {
                rooms.push(room);
            }
        }
        Ok(rooms)
    }

    async fn people(&self, room: &ListedRoom) -> Result<Vec<RoomPerson>, Failure> {
        let route = routes(room.is_private).members;
        let mut people = Vec::new();
        for _ in 0..MOST_PAGES {
            let request = Request::get(&format!("api/v1/{route}"))
                .query("roomId", &room.external_id)
                .query("offset", people.len().to_string())
                .query("count", PAGE.to_string())
                .deadline(PATIENCE);
            let page: Members = self.ask(route, request).await?.json()?;
            let is_last = page.members.is_empty();
            people.extend(page.members.into_iter().map(|user| user.into_room_person()));
            if is_last || page.total.is_some_and(|total| people.len() >= total) {
                return Ok(people);
            }
        }
        Err(Failure::surprise(route))
    }

    async fn create(&self, new: &NewListedRoom) -> Result<ListedRoom, Failure> {
        let mut members = Vec::new();
        for address in &new.members {
            let username = self.username(address).await.map_err(Failure::before_sending)?;
            if !members.contains(&username) {
                members.push(username);
            }
        }
        let Routes { create, may_create, .. } = routes(new.is_private);
        self.changed(create, written(&CreateRoom { name: &new.name, members: &members })?, may_create).await
    }

    async fn rename(&self, room: &ListedRoom, name: &str) -> Result<ListedRoom, Failure> {
        let body = written(&RenameRoom { id: &room.external_id, name })?;
        self.changed(routes(room.is_private).rename, body, EDIT).await
    }
}
