//! Which missed calls wait, and what closed the others: a rule of thought over the calls that are there, whatever order they came in.
//!
//! A missed call is over when a person says so, or when a later call with the same number was answered, whichever way it went. A
//! call without a number stands by itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::call::Direction;
use model::worklist::{FollowUpMark, FollowUpStep};
use model::{CallId, Time};
use store::calls::{Fate, Trace};

use crate::links::{countries, whole};
use crate::numbers::Number;

/// Missed calls that stand or fall together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The newest first.
    pub(crate) calls: Vec<CallId>,
    /// Records of other connections of any of them.
    pub(crate) same: Vec<CallId>,
    /// When the newest one began.
    pub(crate) last_at: Time,
    /// The number as the newest one has it.
    pub(crate) number: Option<String>,
    /// How they stand.
    pub(crate) standing: Standing,
}

/// How missed calls stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody looks after them.
    New,
    /// Somebody does.
    Taken(FollowUpMark),
    /// Somebody closed them.
    Done(FollowUpMark),
    /// This later call closed them.
    ClosedBy(CallId, Time),
}

impl Entry {
    /// Whether it still waits.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.standing, Standing::New | Standing::Taken(_))
    }

    /// When it was closed; of one that waits, when the newest call began.
    pub(crate) fn at(&self) -> Time {
        match &self.standing {
            Standing::New | Standing::Taken(_) => self.last_at,
            Standing::Done(mark) => mark.at,
            Standing::ClosedBy(_, at) => *at,
        }
    }
}

/// Who is on the other side, as far as numbers tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Caller {
    /// Somebody who can be dialled from outside.
    Number(Number),
    /// A short number, which means something within its own connection only.
    Inside(String, String),
    /// Nobody knows: this call alone.
    Withheld(CallId),
}

/// What keeps the missed calls of one caller together: until something closes them they wait together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Bundle {
    Open,
    Done(Time, String),
    ClosedBy(Time, CallId),
}

/// A missed call and what was said of it last.
type Missed<'a> = (&'a Trace, Option<&'a FollowUpMark>);

/// The missed calls among these, each with what became of it: those that wait first, then by time, the newest first.
pub(crate) fn entries(traces: &[Trace], marks: &HashMap<CallId, FollowUpMark>) -> Vec<Entry> {
    let callers = callers(traces);
    let answers = answers(traces, &callers);
    let mut bundles: BTreeMap<(&Caller, Bundle), Vec<Missed<'_>>> = BTreeMap::new();
    for (trace, caller) in traces.iter().zip(&callers).filter(|(trace, _)| is_missed(trace)) {
        let mark = mark_of(trace, marks);
        let bundle = bundle(trace, mark, answers.get(caller).map_or(&[], Vec::as_slice));
        bundles.entry((caller, bundle)).or_default().push((trace, mark));
    }
    let mut entries: Vec<Entry> =
        bundles.into_iter().filter_map(|((_, bundle), missed)| entry(bundle, missed)).collect();
    entries.sort_by(|a, b| (b.is_open(), b.at(), b.last_at, &b.calls).cmp(&(a.is_open(), a.at(), a.last_at, &a.calls)));
    entries
}

fn is_missed(trace: &Trace) -> bool {
    trace.fate == Fate::Missed && trace.direction == Direction::Inbound
}

fn callers(traces: &[Trace]) -> Vec<Caller> {
    let numbers: Vec<Option<Number>> = traces.iter().map(|it| Number::read(it.number.as_deref()?)).collect();
    let known: HashSet<&Number> = numbers.iter().flatten().collect();
    let countries = countries(known.into_iter());
    let caller = |(trace, number): (&Trace, &Option<Number>)| match (number, &trace.number) {
        // Where two countries dial the same, it is taken as it is written.
        (Some(number), _) => Caller::Number(whole(number, &countries).unwrap_or_else(|| number.clone())),
        (None, Some(short)) => {
            let connection = trace.id.as_str().split_once('/').map_or("", |it| it.0);
            Caller::Inside(connection.to_owned(), short.clone())
        }
        (None, None) => Caller::Withheld(trace.id.clone()),
    };
    traces.iter().zip(&numbers).map(caller).collect()
}

/// Answered calls by caller, the earliest first.
fn answers<'a>(traces: &'a [Trace], callers: &'a [Caller]) -> HashMap<&'a Caller, Vec<(Time, &'a CallId)>> {
    let mut answers: HashMap<&Caller, Vec<(Time, &CallId)>> = HashMap::new();
    for (trace, caller) in traces.iter().zip(callers) {
        let has_way = matches!(trace.direction, Direction::Inbound | Direction::Outbound);
        if trace.fate == Fate::Answered && has_way && !matches!(caller, Caller::Withheld(_)) {
            answers.entry(caller).or_default().push((trace.started_at, &trace.id));
        }
    }
    answers.values_mut().for_each(|it| it.sort_unstable());
    answers
}

/// What was said last of any record of a call.
fn mark_of<'a>(trace: &Trace, marks: &'a HashMap<CallId, FollowUpMark>) -> Option<&'a FollowUpMark> {
    let said = std::iter::once(&trace.id).chain(&trace.same).filter_map(|id| marks.get(id));
    said.max_by(|a, b| (a.at, a.step, &a.call).cmp(&(b.at, b.step, &b.call)))
}

fn bundle(trace: &Trace, mark: Option<&FollowUpMark>, answers: &[(Time, &CallId)]) -> Bundle {
    // Whoever opened it again knew of the calls until then.
    let since = match mark {
        Some(mark) if mark.step == FollowUpStep::Done => return Bundle::Done(mark.at, mark.who.clone()),
        Some(mark) if mark.step == FollowUpStep::Open => mark.at.max(trace.started_at),
        Some(_) | None => trace.started_at,
    };
    let later = answers.partition_point(|(at, _)| *at <= since);
    answers.get(later).map_or(Bundle::Open, |(at, id)| Bundle::ClosedBy(*at, (*id).clone()))
}

fn entry(bundle: Bundle, mut missed: Vec<Missed<'_>>) -> Option<Entry> {
    missed.sort_by(|(a, _), (b, _)| (b.started_at, &b.id).cmp(&(a.started_at, &a.id)));
    let marks = || missed.iter().filter_map(|(_, mark)| *mark);
    let last =
        |step| marks().filter(|it| it.step == step).max_by(|a, b| (a.at, &a.call).cmp(&(b.at, &b.call))).cloned();
    let standing = match bundle {
        Bundle::Open => last(FollowUpStep::Taken).map_or(Standing::New, Standing::Taken),
        Bundle::Done(..) => Standing::Done(last(FollowUpStep::Done)?),
        Bundle::ClosedBy(at, id) => Standing::ClosedBy(id, at),
    };
    let (newest, _) = missed.first()?;
    Some(Entry {
        last_at: newest.started_at,
        number: newest.number.clone(),
        calls: missed.iter().map(|(it, _)| it.id.clone()).collect(),
        same: missed.iter().flat_map(|(it, _)| it.same.iter().cloned()).collect(),
        standing,
    })
}

#[cfg(test)]
mod tests;
