//! The calls we make, and how an address becomes a user or a room.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::bulk::Pace;
use model::connection::Connection;
use model::{Clock, ConnectionId, Failure, Reason, Secret, Why};
use rest::{Answer, Request, Server, Setup};

use crate::dialect::Rocket;
use crate::is_one_word;
use crate::rooms::Shelf;
use crate::wire::{Direct, DirectRoom, InfoOfRoom, InfoOfUser, Room, Rooms, User, Users};

/// The most that the server gives of a list at once; it cuts silently what asks for more.
pub(crate) const PAGE: usize = 100;

/// How long a page of a long list may take, so that it outlasts the minute in which the limit is counted.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// More pages than any server has: an end for a server that repeats itself.
pub(crate) const MOST_PAGES: usize = 10_000;

/// What opens a server: a token and whose it is.
pub(crate) struct Key {
    pub(crate) user_id: String,
    pub(crate) token: Secret,
    /// Whether signing in brought it, so that it ends by itself and can be ended.
    pub(crate) is_signed_in: bool,
}

impl Key {
    /// What a sign-in brought, as it is kept.
    pub(crate) fn kept(user_id: &str, token: &Secret) -> Secret {
        Secret::new(&format!("{user_id} {}", token.reveal()))
    }

    /// Reads what is kept of a sign-in; `None` where it cannot be one.
    pub(crate) fn read(kept: &Secret) -> Option<Self> {
        let (user_id, token) = kept.reveal().split_once(' ')?;
        let is_right = is_one_word(user_id) && is_one_word(token);
        is_right.then(|| Self { user_id: user_id.to_owned(), token: Secret::new(token), is_signed_in: true })
    }
}

/// A server of a connection, nobody signed in yet.
pub(crate) fn server(connection: &Connection, clock: Arc<dyn Clock>) -> Result<Server, Failure> {
    let url = without_api(&connection.url).to_owned();
    Server::new(Setup { url, allow_http: connection.allow_http, limits: Vec::new(), clock }, Rocket)
}

/// An open connection to one server as one user.
pub(crate) struct Client {
    server: Server,
    key: Key,
    pub(crate) connection: ConnectionId,
    pub(crate) clock: Arc<dyn Clock>,
    /// Account names by the address, in lower case, that was looked up.
    usernames: Mutex<HashMap<String, String>>,
    /// Room ids by the address that was looked up.
    rooms: Mutex<HashMap<String, String>>,
    /// Addresses are looked up by one at a time, so that many messages to one room ask once.
    pub(crate) turn: tokio::sync::Mutex<()>,
    /// The rooms that our user is in.
    shelf: tokio::sync::Mutex<Shelf>,
}

impl Client {
    pub(crate) fn new(connection: &Connection, key: Key, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        Ok(Self {
            server: server(connection, Arc::clone(&clock))?,
            key,
            connection: connection.id.clone(),
            clock,
            usernames: Mutex::default(),
            rooms: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            shelf: tokio::sync::Mutex::default(),
        })
    }

    /// The server's address.
    pub(crate) fn url(&self) -> &url::Url {
        self.server.url()
    }

    /// What opens the server.
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// How fast a route may be asked, as far as it is known.
    pub(crate) fn pace_of(&self, route: &str) -> Pace {
        self.server.pace(route)
    }

    /// Asks a route that needs no sign-in, without the token.
    pub(crate) async fn ask_anybody(&self, path: &'static str) -> Result<Answer, Failure> {
        self.server.ask(Request::get(path).group(path)).await
    }

    /// Asks a route of the API as our user. Every route has a limit of its own.
    pub(crate) async fn ask(&self, route: &'static str, request: Request) -> Result<Answer, Failure> {
        let request = request.header("x-user-id", &self.key.user_id).secret_header("x-auth-token", &self.key.token);
        match self.server.ask(request.group(route)).await {
            // What signing in brought ends by itself; a token that was entered was refused.
            Err(Failure::SignedOut(why)) if self.key.is_signed_in && why.reason == Reason::TokenRefused => {
                Err(Failure::SignedOut(Why::new(Reason::TokenExpired, why.words)))
            }
            outcome => outcome,
        }
    }

    fn usernames(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.usernames.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page of the list of users, and how many there are on all pages.
    pub(crate) async fn page_of_users(&self, offset: usize, count: usize) -> Result<Users, Failure> {
        let request = Request::get("api/v1/users.list")
            .query("offset", offset.to_string())
            .query("count", count.to_string())
            .deadline(PATIENCE);
        self.ask("users.list", request).await?.json()
    }

    /// Every user, to the last page, each once though the list may shift while it is read.
    pub(crate) async fn all_users(&self) -> Result<Vec<User>, Failure> {
        let mut users: Vec<User> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut offset = 0;
        for _ in 0..MOST_PAGES {
            let page = self.page_of_users(offset, PAGE).await?;
            offset += page.users.len();
            let is_last = page.users.is_empty() || page.total.is_some_and(|total| offset >= total);
            users.extend(page.users.into_iter().filter(|user| seen.insert(user.id.clone())));
            if is_last {
                return Ok(users);
            }
        }
        Err(Failure::surprise("users.list"))
    }

    /// The rooms that our user is in.
    pub(crate) async fn joined_rooms(&self) -> Result<Vec<Room>, Failure> {
        let mut shelf = self.shelf.lock().await;
        let since = shelf.since(&*self.clock);
        let mut request = Request::get("api/v1/rooms.get");
        if let Some(since) = since {
            request = request.query("updatedSince", since.to_string());
        }
        let answer: Rooms = self.ask("rooms.get", request).await?.json()?;
        if since.is_none() || !answer.update.is_empty() || !answer.remove.is_empty() {
            // A name may have gone over to another room. Conversations keep their ids.
            self.rooms().retain(|address, _| address.starts_with('@'));
        }
        shelf.put(answer, since, self.clock.now());
        Ok(shelf.rooms())
    }

    /// The account name that an address means: itself, or that of the user with this e-mail address.
    ///
    /// # Errors
    /// `Refused(NotFound)` with the address where nobody has it.
    pub(crate) async fn username(&self, address: &str) -> Result<String, Failure> {
        let address = address.trim();
        let name = address.strip_prefix('@').unwrap_or(address);
        if !name.contains('@') {
            return Ok(name.to_owned());
        }
        let key = name.to_lowercase();
        if let Some(known) = self.usernames().get(&key).cloned() {
            return Ok(known);
        }
        let found = match self.username_by_email(name).await? {
            Some(found) => found,
            None => self.username_in_list(name).await?,
        };
        self.usernames().insert(key, found.clone());
        Ok(found)
    }

    /// Asks for the one user; servers before 8.4 do not know that question and refuse it, which gives `None`.
    async fn username_by_email(&self, email: &str) -> Result<Option<String>, Failure> {
        let request = Request::get("api/v1/users.info").query("email", email);
        match self.ask("users.info", request).await {
            Ok(answer) => {
                let InfoOfUser { user } = answer.json()?;
                // An answer that shows another address has answered another question.
                let is_theirs = user.has_email(email) != Some(false);
                Ok(user.username.filter(|_| is_theirs))
            }
            Err(Failure::Refused(why)) if why.reason == Reason::NotFound => Err(nobody(email)),
            Err(Failure::Refused(why)) if why.reason == Reason::SystemRefused => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn username_in_list(&self, email: &str) -> Result<String, Failure> {
        let users = self.all_users().await?;
        let user = users.into_iter().find(|user| user.has_email(email) == Some(true));
        user.and_then(|user| user.username).ok_or_else(|| nobody(email))
    }

    /// The id of the conversation with these users, made where there is none yet. Nothing is said in it, and asking again
    /// gives the same one, so this counts as a read.
    pub(crate) async fn conversation(&self, usernames: &[String]) -> Result<String, Failure> {
        let key = format!("@{}", usernames.join(","));
        if let Some(known) = self.rooms().get(&key).cloned() {
            return Ok(known);
        }
        let body = match usernames {
            [username] => DirectRoom::One { username },
            _ => DirectRoom::Several { usernames: usernames.join(",") },
        };
        let body = serde_json::to_string(&body).map_err(|it| Failure::surprise(it.to_string()))?;
        let request = Request::post("api/v1/dm.create").json(body).as_read();
        let direct: Direct = self.ask("dm.create", request).await?.json()?;
        let rid = direct.rid().ok_or_else(|| Failure::surprise("room.rid"))?;
        self.rooms().insert(key, rid.clone());
        Ok(rid)
    }

    /// The id of the room that an address means: an id, a name, or a name behind `#`. Of two, the id counts.
    ///
    /// # Errors
    /// `Refused(NotFound)` with the address where there is no such room to this user.
    pub(crate) async fn room(&self, address: &str) -> Result<String, Failure> {
        let address = address.trim();
        if let Some(known) = self.rooms().get(address).cloned() {
            return Ok(known);
        }
        let name = address.strip_prefix('#');
        let joined = self.joined_rooms().await?;
        let by_id = joined.iter().find(|room| name.is_none() && room.id == address);
        let found = by_id.or_else(|| joined.iter().find(|room| room.is_named(name.unwrap_or(address))));
        let rid = match found {
            Some(room) => room.id.clone(),
            None => self.other_room(address, name).await?,
        };
        self.rooms().insert(address.to_owned(), rid.clone());
        Ok(rid)
    }

    /// A room that our user is not in, but may know of.
    async fn other_room(&self, address: &str, name: Option<&str>) -> Result<String, Failure> {
        let questions = match name {
            Some(name) => vec![("roomName", name)],
            None => vec![("roomId", address), ("roomName", address)],
        };
        for (key, value) in questions {
            match self.ask("rooms.info", Request::get("api/v1/rooms.info").query(key, value)).await {
                Ok(answer) => return Ok(answer.json::<InfoOfRoom>()?.room.id),
                Err(Failure::Refused(why)) if matches!(why.reason, Reason::NotFound | Reason::SystemRefused) => {}
                Err(failure) => return Err(failure),
            }
        }
        Err(nobody(address))
    }

    /// Forgets which rooms addresses mean, after the server did not know one of them.
    pub(crate) async fn forget_rooms(&self) {
        self.rooms().clear();
        self.shelf.lock().await.doubt();
    }
}

fn nobody(address: &str) -> Failure {
    Failure::Refused(Why::new(Reason::NotFound, address))
}

/// The address without the API's own path, which people paste along.
fn without_api(url: &str) -> &str {
    let url = url.trim().trim_end_matches('/');
    url.strip_suffix("/api/v1").or_else(|| url.strip_suffix("/api")).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_apis_own_path_may_be_pasted_along() {
        let check = |url: &str, expected: &str| assert_eq!(without_api(url), expected, "{url}");
        check("https://rocket.example.jp", "https://rocket.example.jp");
        check(" https://rocket.example.jp/api/v1/ ", "https://rocket.example.jp");
        check("https://example.jp/chat/api/", "https://example.jp/chat");
        check("https://example.jp/my-api", "https://example.jp/my-api");
    }
}
