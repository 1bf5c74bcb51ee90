//! The two ways to keep a copy of the call log: a frame of the newest calls that moves, and a pull from the past on.

use super::log::{Whose, view};
use super::query::Query;
use super::records::{Entry, View, instant};
use super::refusal::Refusal;
use super::state::State;
use crate::generator::calls::{Direction, Outcome};
use crate::lock;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// More records than this are never answered by a synchronisation.
const MOST: usize = 250;
/// More records than this are never answered by an extraction.
const MOST_EXTRACTED: usize = 1_000;
/// A frame does not reach further back than this many days.
const DAYS: i64 = 30;

/// What a synchronisation token holds: the frame, and how it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    epoch: u32,
    /// How many calls had ended since the start.
    ended: usize,
    /// The position of the oldest generated call in the frame.
    oldest: usize,
    /// How many calls had been changed or deleted.
    edits: usize,
    is_detailed: bool,
    is_missed_only: bool,
}

impl Token {
    fn written(self) -> String {
        let flags = u8::from(self.is_detailed) + 2 * u8::from(self.is_missed_only);
        format!("sync-{:x}-{:x}-{:x}-{:x}-{flags}", self.epoch, self.ended, self.oldest, self.edits)
    }

    fn read(text: &str, epoch: u32) -> Result<Self, Refusal> {
        let parts: Vec<usize> = text
            .strip_prefix("sync-")
            .into_iter()
            .flat_map(|it| it.split('-'))
            .filter_map(|it| usize::from_str_radix(it, 16).ok())
            .collect();
        let [its_epoch, ended, oldest, edits, flags] = parts[..] else {
            return Err(Refusal::sync("CLG-101", "Parameter [syncToken] is invalid"));
        };
        if its_epoch != epoch as usize {
            return Err(Refusal::sync("CLG-102", "Parameter [syncToken] is expired"));
        }
        Ok(Self { epoch, ended, oldest, edits, is_detailed: flags & 1 != 0, is_missed_only: flags & 2 != 0 })
    }

    fn view(self) -> View {
        if self.is_detailed { View::Detailed } else { View::Simple }
    }

    fn wants(self, entry: &Entry) -> bool {
        let is_missed = entry.call.direction == Direction::Inbound && entry.call.outcome == Outcome::Missed;
        !self.is_missed_only || is_missed
    }
}

impl State {
    /// A frame of the newest calls, or what is new in it.
    pub(super) fn sync(&self, whose: Whose, query: &Query, base: &str) -> Result<Value, Refusal> {
        match query.word("syncType", &["FSync", "ISync"])? {
            Some("ISync") => self.sync_again(whose, query, base),
            _ => self.sync_anew(whose, query, base),
        }
    }

    fn sync_anew(&self, whose: Whose, query: &Query, base: &str) -> Result<Value, Refusal> {
        let count = query.count("recordCount")?.ok_or_else(|| Refusal::parameter("recordCount"))?;
        if count > MOST {
            return Err(Refusal::parameter("recordCount"));
        }
        let earliest = self.now() - TimeDelta::days(DAYS);
        let from = query.time("dateFrom")?.map_or(earliest, |it| it.max(earliest));
        let (epoch, recent) = self.ended_from(0);
        let mut token = Token {
            epoch,
            ended: recent.len(),
            oldest: self.calls.len(),
            edits: self.edit_count(),
            is_detailed: view(query)? == View::Detailed,
            is_missed_only: query.word("statusGroup", &["Missed", "All"])? == Some("Missed"),
        };
        let gone = self.gone();
        let wanted = |it: &Entry| self.is_in(whose, it) && token.wants(it);
        let recent = self.recent(|it| it.call.started_at >= from);
        let spots = self.merged(self.calls.before(from)..self.calls.len(), recent);
        let shown = spots.filter(|it| !gone.contains(&it.n())).map(|it| self.made(it));
        let entries: Vec<Entry> = shown.filter(wanted).take(count).collect();
        let generated = entries.iter().map(|it| it.n as usize).filter(|it| *it < self.calls.len());
        token.oldest = generated.min().unwrap_or(token.oldest);
        Ok(self.synced("FSync", whose, token, &entries, base))
    }

    fn sync_again(&self, whose: Whose, query: &Query, base: &str) -> Result<Value, Refusal> {
        let text = query.one("syncToken")?.ok_or_else(|| Refusal::parameter("syncToken"))?;
        let mut token = Token::read(text, self.ended_from(usize::MAX).0)?;
        let further = query.count("recordCount")?.unwrap_or(0);
        let (_, recent) = self.ended_from(token.ended);
        let mut entries = self.edited_since(&mut token, &recent, query)?;
        token.ended += recent.len();
        let wanted = |it: &Entry| self.is_in(whose, it) && token.wants(it);
        entries.extend(recent.into_iter().filter(|it| !it.is_deleted));
        entries.retain(&wanted);
        if entries.len() > MOST {
            return Err(Refusal::sync("CLG-105", "[max sync record number limit is exceeded]"));
        }
        entries.sort_by_key(|it| std::cmp::Reverse((it.call.started_at, it.n)));
        let room = further.min(MOST - entries.len());
        let history = (0..token.oldest.min(self.calls.len())).rev().map(|it| self.generated(it));
        let older: Vec<Entry> = history.filter(|it| !it.is_deleted && wanted(it)).take(room).collect();
        token.oldest = older.last().map_or(token.oldest, |it| it.n as usize);
        entries.extend(older);
        Ok(self.synced("ISync", whose, token, &entries, base))
    }

    /// Everything from an instant on, oldest first, in pieces.
    pub(super) fn extract(&self, whose: Whose, query: &Query, base: &str) -> Result<Value, Refusal> {
        let again = query.word("syncType", &["FSync", "ISync"])? == Some("ISync");
        let (epoch, _) = self.ended_from(usize::MAX);
        let (mut token, count) = if again {
            if query.has_any(&["recordCount"]) {
                return Err(Refusal::parameter("recordCount"));
            }
            let text = query.one("syncToken")?.ok_or_else(|| Refusal::parameter("syncToken"))?;
            (Token::read(text, epoch)?, MOST)
        } else {
            let count = query.count("recordCount")?.unwrap_or(MOST);
            if count > MOST_EXTRACTED {
                return Err(Refusal::parameter("recordCount"));
            }
            let from = query.time("dateFrom")?.unwrap_or_else(|| self.now() - TimeDelta::hours(1));
            let is_detailed = view(query)? == View::Detailed;
            let token = Token {
                epoch,
                ended: self.ended_before(from),
                oldest: self.calls.before(from),
                edits: self.edit_count(),
                is_detailed,
                is_missed_only: false,
            };
            (token, count)
        };
        let (_, recent) = self.ended_from(token.ended);
        let edited = self.edited_before(&mut token, &recent, query)?;
        let history = (token.oldest..self.calls.len()).map(|it| self.generated(it));
        let all: Vec<Entry> = history.chain(recent).take(count + 1).collect();
        let entries = &all[..all.len().min(count)];
        let is_live = |it: &&Entry| it.n >= super::ids::FIRST_LIVE;
        let live = entries.iter().filter(is_live).count();
        let next = Token { ended: token.ended + live, oldest: token.oldest + entries.len() - live, ..token };
        let shown = entries.iter().filter(|it| !it.is_deleted).chain(&edited).filter(|it| self.is_in(whose, it));
        let shown: Vec<Entry> = shown.cloned().collect();
        let mut answer = self.synced(if again { "ISync" } else { "FSync" }, whose, next, &shown, base);
        answer["syncInfo"]["newerRecordsExist"] = (all.len() > count).into();
        Ok(answer)
    }

    fn synced(&self, kind: &str, whose: Whose, token: Token, entries: &[Entry], base: &str) -> Value {
        let level = self.level(whose);
        let records: Vec<Value> = entries.iter().map(|it| self.record(it, token.view(), base, &level)).collect();
        json!({
            "uri": format!("{base}{level}/call-log-sync"),
            "records": records,
            "syncInfo": { "syncType": kind, "syncToken": token.written(), "syncTime": instant(self.now()) },
        })
    }

    fn is_in(&self, whose: Whose, entry: &Entry) -> bool {
        self.owner(whose).is_none_or(|owner| entry.involves(owner))
    }

    /// Calls inside the frame that were changed since, and those that were deleted where the query asks for them.
    fn edited_since(&self, token: &mut Token, recent: &[Entry], query: &Query) -> Result<Vec<Entry>, Refusal> {
        let shows_deleted = query.word("showDeleted", &["true", "false"])? == Some("true");
        let oldest = token.oldest as u64;
        let mut edited = self.edited_from(token.edits);
        token.edits = self.edit_count();
        let is_new = |it: &Entry| recent.iter().any(|new| new.n == it.n && !new.is_deleted);
        edited.retain(|it| it.n >= oldest && !is_new(it) && (shows_deleted || !it.is_deleted));
        Ok(edited)
    }

    /// The same for a pull from the past on: calls that were told before.
    fn edited_before(&self, token: &mut Token, recent: &[Entry], query: &Query) -> Result<Vec<Entry>, Refusal> {
        let told = token.oldest as u64;
        let mut edited = self.edited_since(&mut Token { oldest: 0, ..*token }, recent, query)?;
        token.edits = self.edit_count();
        edited.retain(|it| it.n < told || it.n >= super::ids::FIRST_LIVE);
        Ok(edited)
    }

    /// The calls that ended after the first `count`, and the number that valid tokens carry.
    fn ended_from(&self, count: usize) -> (u32, Vec<Entry>) {
        let inner = lock(&self.inner);
        let (epoch, ended) = (inner.sync_epoch, inner.finished.get(count..).unwrap_or_default().to_vec());
        drop(inner);
        (epoch, ended.into_iter().map(|it| self.edited(it)).collect())
    }

    /// How many of the calls that ended since the start began before `time`, up to the first that did not.
    fn ended_before(&self, time: DateTime<Utc>) -> usize {
        lock(&self.inner).finished.iter().take_while(|it| it.call.started_at < time).count()
    }
}
