//! The operations of the API: which address each has, how it is counted, and what it needs.

use super::limits::Group;
use super::refusal::Refusal;
use axum::http::Method;

/// One operation with the parameters of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation<'a> {
    SocketToken,
    CompanyLog,
    CompanyRecord(&'a str),
    CompanySync,
    CompanyExtract,
    CompanyActive,
    UserLog(&'a str),
    UserRecord(&'a str, &'a str),
    UserSync(&'a str),
    UserExtract(&'a str),
    UserActive(&'a str),
    Extensions,
    Extension(&'a str),
    Directory,
    DirectorySearch,
    Presences,
    Presence(&'a str),
    Session(&'a str),
    Recording(&'a str),
    RecordingContent(&'a str),
    Chats,
    RecentChats,
    Chat(&'a str),
    Posts(&'a str),
    AddPost(&'a str),
    ChangePost(&'a str, &'a str),
    RemovePost(&'a str, &'a str),
    Converse,
    Persons(&'a str),
    AddFile,
}

/// How an operation is counted and what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) group: Group,
    /// The scope of the application.
    pub(super) scope: &'static str,
    /// The permission of the user.
    pub(super) permission: Option<&'static str>,
}

impl<'a> Operation<'a> {
    /// Reads method and path. A path that is not there is told from a method that it does not know.
    pub(super) fn read(method: &Method, path: &'a str) -> Result<Self, Refusal> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if segments.iter().any(|it| it.is_empty()) {
            return Err(Refusal::address());
        }
        let found = match segments[..] {
            ["restapi", "oauth", "wstoken"] => on(method, &[(&Method::POST, Self::SocketToken)]),
            ["restapi", "v1.0", "account", account, ref rest @ ..] => {
                if account != "~" && account != super::ids::ACCOUNT_ID {
                    return Err(Refusal::missing("accountId"));
                }
                Self::of_account(method, rest)
            }
            ["restapi", "v1.0", "glip", ref rest @ ..] => Self::of_glip(method, rest),
            ["team-messaging", "v1", ref rest @ ..] => Self::of_messaging(method, rest),
            _ => None,
        };
        found.ok_or_else(Refusal::address)?
    }

    fn of_account(method: &Method, rest: &[&'a str]) -> Option<Result<Self, Refusal>> {
        if let ["directory", "entries", "search"] = rest {
            return on(method, &[(&Method::POST, Self::DirectorySearch)]);
        }
        let operation = match *rest {
            ["call-log"] => Self::CompanyLog,
            ["call-log", id] => Self::CompanyRecord(id),
            ["call-log-sync"] => Self::CompanySync,
            ["call-log-extract-sync"] => Self::CompanyExtract,
            ["active-calls"] => Self::CompanyActive,
            ["extension"] => Self::Extensions,
            ["extension", id] => Self::Extension(id),
            ["extension", id, "call-log"] => Self::UserLog(id),
            ["extension", id, "call-log", record] => Self::UserRecord(id, record),
            ["extension", id, "call-log-sync"] => Self::UserSync(id),
            ["extension", id, "call-log-extract-sync"] => Self::UserExtract(id),
            ["extension", id, "active-calls"] => Self::UserActive(id),
            ["extension", id, "presence"] => Self::Presence(id),
            ["directory", "entries"] => Self::Directory,
            ["presence"] => Self::Presences,
            ["telephony", "sessions", id] => Self::Session(id),
            ["recording", id] => Self::Recording(id),
            ["recording", id, "content"] => Self::RecordingContent(id),
            _ => return None,
        };
        on(method, &[(&Method::GET, operation)])
    }

    fn of_messaging(method: &Method, rest: &[&'a str]) -> Option<Result<Self, Refusal>> {
        match *rest {
            ["chats"] => on(method, &[(&Method::GET, Self::Chats)]),
            ["recent", "chats"] => on(method, &[(&Method::GET, Self::RecentChats)]),
            ["chats", id] => on(method, &[(&Method::GET, Self::Chat(id))]),
            ["chats", id, "posts"] => {
                on(method, &[(&Method::GET, Self::Posts(id)), (&Method::POST, Self::AddPost(id))])
            }
            ["chats", id, "posts", post] => {
                let removal = (&Method::DELETE, Self::RemovePost(id, post));
                on(method, &[(&Method::PATCH, Self::ChangePost(id, post)), removal])
            }
            ["conversations"] => on(method, &[(&Method::POST, Self::Converse)]),
            ["persons", ids] => on(method, &[(&Method::GET, Self::Persons(ids))]),
            ["files"] => on(method, &[(&Method::POST, Self::AddFile)]),
            _ => None,
        }
    }

    /// The addresses of before, which the vendor no longer documents. They take and answer the same.
    fn of_glip(method: &Method, rest: &[&'a str]) -> Option<Result<Self, Refusal>> {
        match *rest {
            ["groups", id, "posts"] => on(method, &[(&Method::GET, Self::Posts(id))]),
            ["files"] => None,
            _ => Self::of_messaging(method, rest),
        }
    }

    /// What it needs.
    pub(super) fn needs(&self) -> Needs {
        let (group, scope, permission) = match self {
            Self::SocketToken => (Group::Auth, "WebSocketsSubscription", None),
            Self::CompanyLog | Self::CompanyRecord(_) => (Group::Heavy, "ReadCallLog", Some("FullCompanyCallLog")),
            Self::CompanySync
            | Self::CompanyExtract
            | Self::CompanyActive
            | Self::UserLog(_)
            | Self::UserRecord(..)
            | Self::UserSync(_)
            | Self::UserExtract(_)
            | Self::UserActive(_) => (Group::Heavy, "ReadCallLog", None),
            Self::Extensions | Self::Directory => (Group::Medium, "ReadAccounts", None),
            Self::Extension(_) => (Group::Light, "ReadAccounts", None),
            Self::DirectorySearch => (Group::Heavy, "ReadAccounts", None),
            Self::Presences => (Group::Heavy, "ReadPresence", None),
            Self::Presence(_) => (Group::Light, "ReadPresence", None),
            Self::Session(_) => (Group::Light, "CallControl", None),
            Self::Recording(_) | Self::RecordingContent(_) => (Group::Heavy, "ReadCallRecording", None),
            Self::RecentChats | Self::Chat(_) | Self::Persons(_) => (Group::Light, "TeamMessaging", None),
            Self::AddFile => (Group::Heavy, "TeamMessaging", None),
            Self::Chats
            | Self::Posts(_)
            | Self::AddPost(_)
            | Self::ChangePost(..)
            | Self::RemovePost(..)
            | Self::Converse => (Group::Medium, "TeamMessaging", None),
        };
        Needs { group, scope, permission }
    }
}

/// The operation for this method among those of one address.
fn on<'a>(method: &Method, known: &[(&Method, Operation<'a>)]) -> Option<Result<Operation<'a>, Refusal>> {
    let found = known.iter().find(|it| it.0 == method).map(|it| it.1);
    Some(found.ok_or_else(Refusal::verb))
}
