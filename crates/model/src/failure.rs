//! What can go wrong, sorted by what happens next.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A failure by what has to happen next. `Display` gives the English sentence of its [`Reason`] and the system's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The credential is missing or no longer accepted: stop, and ask a person to sign in.
    SignedOut(Why),
    /// A limit: wait this long; nothing else may be sent to the limit group meanwhile.
    SlowDown(Duration, Why),
    /// Not reached, or the system is not able to answer now: a read may be tried again.
    Offline(Why),
    /// The system says no, in its own words.
    Refused(Why),
    /// A write left and its answer never came or made no sense: never repeat it blindly.
    Unknown(Why),
    /// An answer that we cannot read; the words hold the JSON path.
    Surprise(Why),
    /// What the person gave cannot be used; nothing was sent.
    Invalid(Why),
}

/// The cause of a failure: a known reason that every language has a sentence for, and the words that came with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Why {
    /// Which sentence explains it.
    pub reason: Reason,
    /// The system's own words, a field's name or a JSON path. Never a token, a body or a telephone number. May be empty.
    pub words: String,
}

impl Why {
    /// A reason with its words.
    #[must_use]
    pub fn new(reason: Reason, words: impl Into<String>) -> Self {
        Self { reason, words: words.into() }
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.reason.sentence())?;
        if self.words.is_empty() { Ok(()) } else { write!(f, " [{}]", self.words) }
    }
}

macro_rules! reasons {
    ($($(#[$meta:meta])* $name:ident => $sentence:literal),+ $(,)?) => {
        /// Every cause that has a sentence of its own, in each language of the window and here in English.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[ts(export)]
        pub enum Reason { $($(#[$meta])* $name),+ }

        impl Reason {
            /// All reasons, for the test that every language has a sentence for each.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What it is and what to do, in English; the window has the same in its message files.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),+ }
            }
        }
    };
}

reasons! {
    /// The host's name does not exist.
    HostNotFound => "There is no computer of this name. Check the address.",
    /// The host refuses the port, or nobody listens.
    NothingListens => "Nothing answers at this address. Check the address and the port, and that the system is running.",
    /// No answer before the deadline.
    TimedOut => "No answer in time. Check the network; it is tried again by itself.",
    /// The connection broke in the middle of an answer, or another network trouble.
    ConnectionLost => "The connection was lost. Check the network; it is tried again by itself.",
    /// The certificate is not from an authority that this computer trusts.
    CertificateNotTrusted => "This computer does not trust the server's certificate. Ask whoever runs the server to install its certificate authority on this computer.",
    /// The certificate is not valid at the time this computer shows.
    ClockOff => "The certificate is not valid at this computer's date. Set the computer's clock, or ask whoever runs the server to renew the certificate.",
    /// The certificate belongs to another host name.
    CertificateWrongName => "The server's certificate is for another name. Check the address.",
    /// Neither http nor https, or not an address at all.
    BadAddress => "This is not an address that can be used. Enter one that begins with https://.",
    /// Plain http to a host that is not this computer, and nobody agreed to it.
    PlainHttp => "With http:// the token travels unencrypted. Use https://, or allow http for this connection.",
    /// A redirect to another host, which would have taken the credential along.
    RedirectedAway => "The server points to another host. Nothing was sent there; check the address.",
    /// A web page came where data should have been.
    HtmlInstead => "A web page came instead of data: a sign-in page, a proxy, or not this kind of server. Check the address.",
    /// Data came, but not what this kind of system answers.
    NotThisKind => "This server answers, but it is not this kind of system. Check the address and the kind.",
    /// The answer is larger than we read.
    TooLarge => "The answer is too large to read. Nothing of it was used.",
    /// An answer that cannot be read; the words say where.
    Unreadable => "The answer cannot be read.",
    /// No credential is kept for this connection.
    SecretMissing => "The key of this connection is not in the keyring. Sign in, or enter it again.",
    /// The system does not accept the credential.
    TokenRefused => "The system does not accept the key. Replace it.",
    /// The credential was good once and is no longer.
    TokenExpired => "The key or the sign-in has expired. Sign in again, or replace the key.",
    /// User name and password do not fit, or the system lets nobody in with them.
    PasswordRefused => "The system does not accept this user name and password. Enter them again.",
    /// The code of a second factor does not fit, or came too late.
    CodeRefused => "The system does not accept this code. Enter a new one.",
    /// A second factor is needed that cannot be asked for here.
    SecondFactor => "The system asks for a code here that cannot be entered. Use a personal access token that skips the second factor.",
    /// The keyring of the operating system cannot be used.
    KeyringClosed => "The keyring of this computer cannot be opened. Unlock it and try again.",
    /// Signed in, but this account may not do it.
    NoPermission => "This account may not do that. Ask whoever looks after the system for the permission.",
    /// The plan or the settings of the system do not include the interface.
    NoPlan => "The system refuses the interface: the plan may not include it, or it is switched off.",
    /// The requests allowed in this span of time are used up.
    LimitReached => "The system's limit is reached. Nothing is sent until it ends.",
    /// The posts allowed for a day are used up.
    DailyLimit => "The limit for one day is reached. Try again tomorrow.",
    /// The thing asked for is not there.
    NotFound => "It is not there.",
    /// The system refuses, in its words.
    SystemRefused => "The system refuses.",
    /// The system reports a fault of its own.
    SystemFault => "The system reports a fault of its own. It is tried again by itself.",
    /// A write without an answer.
    OutcomeUnknown => "It was sent, but no answer came. It may have arrived; look there before sending again.",
    /// A write with an answer that makes no sense.
    AnswerNotUnderstood => "The system took it, but its answer cannot be read.",
    /// The program ended between the press and the sending.
    ClosedBeforeSending => "The program was closed before this was sent. Nothing was sent; send it again.",
    /// The connection of a message that waited for it did not come back in time.
    HeldTooLong => "The connection could not be reached for twelve hours. Nothing was sent; look whether it still holds, and send it again.",
    /// The system was asked, or a person looked: what was sent is not there.
    NotArrived => "It did not arrive. Send it again.",
    /// A person took a message back before it was sent.
    Withdrawn => "It was taken back before it was sent.",
    /// Something required is empty.
    Missing => "Something is missing.",
    /// A value that this field does not take.
    NotUsable => "This cannot be used.",
    /// More text than the system takes.
    TooLong => "The text is longer than the system takes.",
    /// A name that the system cannot address.
    NotAddressable => "The system cannot address a room of this name. Choose another.",
    /// There is already one of this name.
    NameTaken => "There is already one of this name. Choose another.",
    /// No such connection, room, call or resource in this console.
    NoSuchThing => "There is nothing of this name here.",
    /// Somebody else changed the same thing since it was read.
    ChangedMeanwhile => "Somebody else changed this meanwhile, so nothing was written. Look at what stands there now, then decide.",
    /// The person said no on the system's page, or closed it.
    SignInDeclined => "The sign-in was not allowed in the browser. Try again and allow it there.",
    /// Nobody came back from the browser.
    SignInAbandoned => "Nobody came back from the browser in time. Start the sign-in again.",
    /// The browser brought an answer that does not belong to this sign-in.
    SignInMixedUp => "The browser came back from another sign-in. Close the other pages and start again.",
    /// The port that the browser comes back to is taken.
    PortTaken => "Another program uses the port that the sign-in comes back to. Close it, or choose another port in this connection.",
    /// The sign-in was allowed, but what came of it was lost on the way.
    SignInCutShort => "The sign-in was allowed, but its answer was lost on the way. Start the sign-in again.",
    /// The system signs in for an hour only: the application gets no refresh token.
    SignInNotLasting => "The system gives this app no refresh token, so the sign-in would end within the hour. Switch refresh tokens on in the settings of the app, then sign in again.",
    /// No browser could be started.
    BrowserNotOpened => "The browser could not be opened. Choose a default browser on this computer, then start the sign-in again.",
    /// The same request is being answered already.
    AskedTwice => "The same thing is being asked already. Wait for its answer.",
    /// What was asked is not possible with this system.
    NotOffered => "This system does not offer that.",
    /// An attached file is not there any more, or cannot be read.
    FileGone => "The attached file cannot be read any more, so nothing was sent. Attach it again.",
    /// An attached file is not as it was when it was attached.
    FileChanged => "The attached file was changed since it was attached, so nothing was sent. Look at it and attach it again.",
    /// A file that is larger than the system, or this console, takes.
    FileTooLarge => "The file is larger than is taken here, so nothing was sent. Send a smaller one, or a link.",
    /// A kind of file that the system does not take.
    FileKindRefused => "The system does not take files of this kind, so nothing was sent. Send another kind, such as a PDF, or a link.",
    /// A file did not get through to the system; no message was written.
    FileNotTaken => "The file did not get through, so nothing was sent. Send it again.",
    /// A file could not be written, or its folder could not be used.
    FileNotWritten => "The file cannot be written. Check the folder's permissions and the free space.",
    /// Another file is being written.
    StillWriting => "Another file is being written. Wait until it is done, or cancel it.",
    /// The disk, the data folder or the database gave way.
    StoreBroken => "The data folder cannot be read or written. Check its permissions and free space.",
}

impl std::error::Error for Failure {}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SlowDown(wait, why) => write!(f, "{why} ({} s)", wait.as_secs()),
            Self::SignedOut(why)
            | Self::Offline(why)
            | Self::Refused(why)
            | Self::Unknown(why)
            | Self::Surprise(why)
            | Self::Invalid(why) => why.fmt(f),
        }
    }
}

impl Failure {
    /// Why it happened.
    #[must_use]
    pub fn why(&self) -> &Why {
        match self {
            Self::SignedOut(why)
            | Self::SlowDown(_, why)
            | Self::Offline(why)
            | Self::Refused(why)
            | Self::Unknown(why)
            | Self::Surprise(why)
            | Self::Invalid(why) => why,
        }
    }

    /// The same failure where it met what is looked up before a write: whatever was answered, the write has not left.
    #[must_use]
    pub fn before_sending(self) -> Self {
        match self {
            Self::Unknown(why) | Self::Surprise(why) => Self::Refused(why),
            Self::SignedOut(_) | Self::SlowDown(..) | Self::Offline(_) | Self::Refused(_) | Self::Invalid(_) => self,
        }
    }

    /// The word that the window and the command line act on.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::SignedOut(_) => Code::SignedOut,
            Self::SlowDown(..) => Code::SlowDown,
            Self::Offline(_) => Code::Offline,
            Self::Refused(_) => Code::Refused,
            Self::Unknown(_) => Code::UnknownOutcome,
            Self::Surprise(_) => Code::Surprise,
            Self::Invalid(_) => Code::Invalid,
        }
    }

    /// [`Failure::Invalid`] with a reason and the name of what is wrong.
    #[must_use]
    pub fn invalid(reason: Reason, words: impl Into<String>) -> Self {
        Self::Invalid(Why::new(reason, words))
    }

    /// [`Failure::Surprise`] at a JSON path.
    #[must_use]
    pub fn surprise(words: impl Into<String>) -> Self {
        Self::Surprise(Why::new(Reason::Unreadable, words))
    }
}

/// A failure's kind, as it is written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Code {
    /// Sign in again.
    SignedOut,
    /// Wait.
    SlowDown,
    /// Not reached.
    Offline,
    /// The system's no.
    Refused,
    /// An answer nobody understands.
    Surprise,
    /// Wrong input; nothing was sent.
    Invalid,
    /// Sent, outcome unknown.
    UnknownOutcome,
}

/// A failure as it crosses to the web view and to callers of the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Problem {
    /// What to do about it.
    pub code: Code,
    /// Which sentence explains it.
    pub reason: Reason,
    /// The system's own words; may be empty.
    pub words: String,
    /// English sentence and words together.
    pub message: String,
    /// Seconds to wait, where a limit says so.
    pub wait_seconds: Option<u32>,
}

impl From<&Failure> for Problem {
    fn from(failure: &Failure) -> Self {
        let wait_seconds = match failure {
            Failure::SlowDown(wait, _) => Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)),
            Failure::SignedOut(_)
            | Failure::Offline(_)
            | Failure::Refused(_)
            | Failure::Unknown(_)
            | Failure::Surprise(_)
            | Failure::Invalid(_) => None,
        };
        let why = failure.why();
        Self {
            code: failure.code(),
            reason: why.reason,
            words: why.words.clone(),
            message: failure.to_string(),
            wait_seconds,
        }
    }
}
