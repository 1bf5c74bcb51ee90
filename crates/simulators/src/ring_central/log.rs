//! The call log: filters and pages over calls that are made as they are asked for, newest first.

use super::edits::Spot;
use super::extensions::Extension;
use super::ids::{self, ACCOUNT_ID};
use super::query::Query;
use super::records::{Entry, View, direction, is_fax};
use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whose log is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Company,
    Of(Extension),
}

/// Parameters that `sessionId` must not stand beside.
const FILTERS: [&str; 10] = [
    "dateFrom",
    "dateTo",
    "direction",
    "type",
    "phoneNumber",
    "extensionNumber",
    "telephonySessionId",
    "recordingType",
    "transport",
    "metadataCategory",
];

/// What is asked for.
struct Filter {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    directions: Vec<String>,
    types: Vec<String>,
    phone: Option<String>,
    extension: Option<Extension>,
    owner: Option<Extension>,
    /// The number of the only call that is asked for, and the id of its session.
    only: Option<(u64, String)>,
    is_recorded: bool,
    shows_deleted: bool,
}

/// The longest pages of each view.
fn most(view: View) -> usize {
    match view {
        View::Simple => 1_000,
        View::Detailed => 250,
    }
}

/// The view that is asked for.
pub(super) fn view(query: &Query) -> Result<View, Refusal> {
    Ok(match query.word("view", &["Simple", "Detailed"])? {
        Some("Detailed") => View::Detailed,
        _ => View::Simple,
    })
}

impl State {
    /// A page of the log.
    pub(super) fn log(&self, whose: Whose, query: Query, base: &str) -> Result<Value, Refusal> {
        let view = view(&query)?;
        let page = query.count("page")?.unwrap_or(1);
        let per_page = query.per_page(100, most(view))?;
        let filter = self.filter(whose, &query)?;
        let level = self.level(whose);
        let mut entries = self.select(&filter, (page - 1).saturating_mul(per_page), per_page + 1);
        let has_more = entries.len() > per_page;
        entries.truncate(per_page);
        let records: Vec<Value> = entries.iter().map(|it| self.record(it, view, base, &level)).collect();
        self.turn_page();
        let query = query.pinned("view", format!("{view:?}")).pinned("perPage", per_page.to_string());
        let here = format!("{base}{level}/call-log");
        Ok(paged(&here, &query, records, Page { page, per_page, has_more }))
    }

    /// The record with this id in this log.
    pub(super) fn one_record(&self, whose: Whose, id: &str, query: &Query, base: &str) -> Result<Value, Refusal> {
        let view = view(query)?;
        let owner = self.owner(whose);
        let entry = self.entry_with(id).filter(|it| !it.is_deleted && owner.is_none_or(|owner| it.involves(owner)));
        let entry = entry.ok_or_else(|| Refusal::missing("callRecordId"))?;
        Ok(self.record(&entry, view, base, &self.level(whose)))
    }

    /// Calls that go on now, as records.
    pub(super) fn active(&self, whose: Whose, query: Query, base: &str) -> Result<Value, Refusal> {
        let view = view(&query)?;
        let page = query.count("page")?.unwrap_or(1);
        let per_page = query.per_page(100, most(view))?;
        let (owner, level) = (self.owner(whose), self.level(whose));
        let live: Vec<(Entry, Option<usize>)> = {
            let inner = lock(&self.inner);
            inner.live.values().rev().map(|it| (it.entry.clone(), it.answered.map(|(who, _)| who))).collect()
        };
        let chosen = live.iter().filter(|(it, _)| owner.is_none_or(|owner| it.involves(owner)));
        let mut records: Vec<Value> = chosen
            .skip((page - 1).saturating_mul(per_page))
            .take(per_page + 1)
            .map(|(it, answered)| self.going_on(self.record(it, view, base, &level), *answered))
            .collect();
        let has_more = records.len() > per_page;
        records.truncate(per_page);
        Ok(paged(&format!("{base}{level}/active-calls"), &query, records, Page { page, per_page, has_more }))
    }

    /// A record as it is while its call goes on: only the telephone that was taken has a result already.
    fn going_on(&self, mut record: Value, answered: Option<usize>) -> Value {
        record["result"] = "In Progress".into();
        record["finished"] = false.into();
        let taken = answered.map(|who| self.extension_id(Extension::User(who)));
        for leg in record["legs"].as_array_mut().into_iter().flatten() {
            let is_taken = taken.is_some_and(|id| leg["extension"]["id"] == json!(id));
            leg["result"] = if is_taken { "Accepted" } else { "In Progress" }.into();
        }
        record
    }

    /// The part of the address before the log.
    pub(super) fn level(&self, whose: Whose) -> String {
        match whose {
            Whose::Company => format!("/restapi/v1.0/account/{ACCOUNT_ID}"),
            Whose::Of(extension) => {
                format!("/restapi/v1.0/account/{ACCOUNT_ID}/extension/{}", self.extension_id(extension))
            }
        }
    }

    pub(super) fn owner(&self, whose: Whose) -> Option<Extension> {
        match whose {
            Whose::Company => None,
            Whose::Of(extension) => Some(extension),
        }
    }

    fn filter(&self, whose: Whose, query: &Query) -> Result<Filter, Refusal> {
        let session = query.one("sessionId")?;
        if session.is_some() && query.has_any(&FILTERS) {
            return Err(Refusal::session_with_others());
        }
        let telephony = query.one("telephonySessionId")?;
        // A session that is not ours matches no call, and no call has this number.
        let only = session
            .map(|id| (ids::of_session(id).unwrap_or(u64::MAX), id.to_owned()))
            .or(telephony.map(|id| (ids::of_telephony(id).unwrap_or(u64::MAX), id.to_owned())));
        let phone = query.digits("phoneNumber")?.map(str::to_owned);
        let number = query.one("extensionNumber")?;
        if phone.is_some() && number.is_some() {
            return Err(Refusal::parameter("extensionNumber"));
        }
        let extension = match number {
            Some(number) => Some(self.extension_numbered(number).ok_or_else(|| Refusal::parameter("extensionNumber"))?),
            None => None,
        };
        let until = query.time("dateTo")?;
        let to = until.unwrap_or_else(|| self.now());
        let from = match query.time("dateFrom")? {
            Some(from) => from,
            None if session.is_some() => DateTime::<Utc>::MIN_UTC,
            None => to - TimeDelta::hours(24),
        };
        if from > to {
            return Err(Refusal::parameter("dateFrom"));
        }
        let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
        Ok(Filter {
            from,
            // Without an end the log also shows what comes while it is answered.
            to: until.unwrap_or(to + TimeDelta::seconds(1)),
            directions: owned(query.some("direction", &["Inbound", "Outbound"])?),
            types: owned(query.some("type", &["Voice", "Fax"])?),
            phone,
            extension,
            owner: self.owner(whose),
            only,
            is_recorded: query.word("recordingType", &["Automatic", "OnDemand", "All"])?.is_some(),
            shows_deleted: query.word("showDeleted", &["true", "false"])? == Some("true"),
        })
    }

    /// The calls that pass the filter, newest first, without the first `skip`.
    fn select(&self, filter: &Filter, skip: usize, take: usize) -> Vec<Entry> {
        let gone = if filter.shows_deleted { BTreeSet::new() } else { self.gone() };
        if let Some((n, session)) = &filter.only {
            let raw = self.recent(|it| it.raw.as_ref().is_some_and(|it| it.is_of(session)));
            let found = raw.into_iter().map(|it| self.edited(it)).chain(self.entry(*n));
            let shown = found.filter(|it| filter.spans(it) && filter.passes(it) && !gone.contains(&it.n));
            return shown.skip(skip).take(take).collect();
        }
        // The last instant itself belongs to the span.
        let end = self.calls.before(filter.to + TimeDelta::milliseconds(1));
        let positions = self.calls.before(filter.from)..end;
        let spots = self.merged(positions, self.recent(|it| filter.spans(it)));
        let shown = spots.filter(|it| gone.is_empty() || !gone.contains(&it.n()));
        if filter.passes_all() {
            return shown.skip(skip).take(take).map(|it| self.made(it)).collect();
        }
        let likely = shown.filter(|it| match it {
            Spot::Old(index) => filter.passes_type(is_fax(*index as u64)),
            Spot::New(_) => true,
        });
        likely.map(|it| self.made(it)).filter(|it| filter.passes(it)).skip(skip).take(take).collect()
    }
}

impl Filter {
    fn spans(&self, entry: &Entry) -> bool {
        (self.from..=self.to).contains(&entry.call.started_at)
    }

    fn passes_all(&self) -> bool {
        self.directions.is_empty()
            && self.types.is_empty()
            && self.phone.is_none()
            && self.extension.is_none()
            && self.owner.is_none()
            && !self.is_recorded
    }

    fn passes_type(&self, is_fax: bool) -> bool {
        let kind = if is_fax { "Fax" } else { "Voice" };
        self.types.is_empty() || self.types.iter().any(|it| it == kind)
    }

    fn passes(&self, entry: &Entry) -> bool {
        let way = direction(entry.call.direction);
        self.passes_type(entry.is_fax())
            && (self.directions.is_empty() || self.directions.iter().any(|it| it == way))
            && self
                .phone
                .as_ref()
                .is_none_or(|it| entry.call.outside.as_deref().is_some_and(|own| own.trim_start_matches('+') == it))
            && self.extension.is_none_or(|it| entry.involves(it))
            && self.owner.is_none_or(|it| entry.involves(it))
            && (!self.is_recorded || entry.is_recorded())
    }
}

/// Where a page is.
#[derive(Debug, Clone, Copy)]
struct Page {
    page: usize,
    per_page: usize,
    has_more: bool,
}

/// A page without totals; the addresses of its neighbours are there only if they are.
fn paged(here: &str, query: &Query, records: Vec<Value>, at: Page) -> Value {
    let link = |page: usize| json!({ "uri": format!("{here}?{}", query.with_page(page)) });
    let mut navigation = json!({ "firstPage": link(1) });
    if at.page > 1 {
        navigation["previousPage"] = link(at.page - 1);
    }
    if at.has_more {
        navigation["nextPage"] = link(at.page + 1);
    }
    let mut paging = json!({ "perPage": at.per_page });
    if !records.is_empty() {
        let start = (at.page - 1) * at.per_page;
        paging["page"] = at.page.into();
        paging["pageStart"] = start.into();
        paging["pageEnd"] = (start + records.len() - 1).into();
    }
    json!({
        "uri": format!("{here}?{}", query.with_page(at.page)),
        "records": records,
        "paging": paging,
        "navigation": navigation,
    })
}
