//! The switches of signing in and of the sockets that tests and demos turn.

use super::push::Word;
use super::state::State;
use crate::lock;
use std::time::Duration;

impl State {
    /// How long access tokens given from now on live, in seconds.
    pub fn set_token_seconds(&self, seconds: u32) {
        lock(&self.inner).tokens.seconds = seconds;
    }

    /// How many requests an access token given from now on survives. The next one is told that the token has expired.
    pub fn set_token_requests(&self, requests: u32) {
        lock(&self.inner).tokens.requests = Some(requests);
    }

    /// Whether signing in by a code gives a refresh token, which is a setting of the application.
    pub fn set_refresh_tokens(&self, is_on: bool) {
        lock(&self.inner).tokens.gives_refresh = is_on;
    }

    /// How long refresh tokens given from now on live, in seconds.
    pub fn set_refresh_seconds(&self, seconds: u32) {
        lock(&self.inner).tokens.refresh_seconds = seconds;
    }

    /// Whether the user refuses when the application asks to be allowed.
    pub fn set_user_declines(&self, declines: bool) {
        lock(&self.inner).codes.declines = declines;
    }

    /// How many sessions live: those that can still ask, or can refresh their access token.
    pub fn sessions(&self) -> usize {
        lock(&self.inner).tokens.live(self.now())
    }

    /// Lets every access token end now.
    pub fn expire_access_tokens(&self) {
        let now = self.now();
        lock(&self.inner).tokens.expire(now);
    }

    /// How many open sockets have a subscription, for waiting until a client listens.
    pub fn subscriptions(&self) -> usize {
        self.pushes.listening()
    }

    /// How many sockets are open.
    pub fn sockets(&self) -> usize {
        self.pushes.open()
    }

    /// How many sockets came back and took up their session.
    pub fn recoveries(&self) -> usize {
        self.pushes.recoveries()
    }

    /// Cuts every open socket without a word. Their sessions can be taken up again.
    pub fn cut_sockets(&self) {
        self.pushes.order(Word::Cut(None));
    }

    /// Whether a socket that comes back gets its session; otherwise it is told `Failed`, and its subscription is gone.
    pub fn set_recovery(&self, is_on: bool) {
        self.pushes.set_recovery(is_on);
    }

    /// How long sockets opened from now on may be silent, and how long they may be open at all. These go by the
    /// computer's time and not by the clock.
    pub fn set_socket_limits(&self, idle: Duration, absolute: Duration) {
        self.pushes.set_limits((idle, absolute));
    }

    /// Whether sockets stay open but neither answer nor tell anything. What they miss counts as missed.
    pub fn set_deaf(&self, is_deaf: bool) {
        self.pushes.deaf.send_replace(is_deaf);
    }

    /// Sends a text as it is to every open socket.
    pub fn say_raw(&self, text: &str) {
        self.pushes.order(Word::Say(text.to_owned()));
    }
}
