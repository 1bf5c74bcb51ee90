//! The switches of signing in that tests and demos turn.

use super::state::State;
use crate::lock;

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
}
