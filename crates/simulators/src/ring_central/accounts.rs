//! The account over the wire: extensions, the directory, the presence of everybody and recordings.

use super::extensions::{Extension, kind};
use super::ids::{self, ACCOUNT_ID};
use super::query::Query;
use super::refusal::Refusal;
use super::state::State;
use crate::lock;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

const KINDS: [&str; 3] = ["User", "Department", "IvrMenu"];
const STATUSES: [&str; 5] = ["Enabled", "Disabled", "Frozen", "NotActivated", "Unassigned"];
/// Entries of the directory: a page unless asked otherwise, and the longest page.
const DIRECTORY_PAGE: (usize, usize) = (1_000, 2_000);

impl State {
    /// A page of the extensions.
    pub(super) fn extension_list(&self, query: Query, base: &str) -> Result<Value, Refusal> {
        let kinds = query.some("type", &KINDS)?;
        let statuses = query.some("status", &STATUSES)?;
        let number = query.one("extensionNumber")?;
        let email = query.one("email")?;
        let all: Vec<Extension> = self
            .extensions()
            .filter(|it| kinds.is_empty() || kinds.contains(&kind(*it)))
            .filter(|it| statuses.is_empty() || statuses.contains(&self.status_now(*it)))
            .filter(|it| number.is_none_or(|number| self.extension_number(*it) == number))
            .filter(|it| email.is_none_or(|email| self.email(*it) == Some(email)))
            .collect();
        let here = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/extension");
        page(&here, &query, &all, (100, 1_000), |it| self.extension_record(*it, base))
    }

    fn email(&self, extension: Extension) -> Option<&str> {
        match extension {
            Extension::User(index) => Some(&self.people[index].email),
            Extension::Queue(_) | Extension::Menu => None,
        }
    }

    /// A page of the directory, which also shows people of befriended companies unless told not to.
    pub(super) fn directory(&self, query: Query, headers: &HeaderMap, base: &str) -> Result<Response, Refusal> {
        let kinds = query.some("type", &KINDS)?;
        let shows_others = query.word("showFederated", &["true", "false"])? != Some("false");
        let chosen = self.extensions().filter(|it| kinds.is_empty() || kinds.contains(&kind(*it)));
        let mut all: Vec<Value> = chosen.map(|it| self.directory_entry(it)).collect();
        if shows_others && (kinds.is_empty() || kinds.contains(&"User")) {
            all.extend(federated());
        }
        let here = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/directory/entries");
        let answer = page(&here, &query, &all, DIRECTORY_PAGE, Clone::clone)?;
        let mut hasher = DefaultHasher::new();
        answer.to_string().hash(&mut hasher);
        let tag = format!("\"{:x}\"", hasher.finish());
        let is_same = headers.get(header::IF_NONE_MATCH).is_some_and(|it| it.as_bytes() == tag.as_bytes());
        if is_same {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
        }
        Ok(([(header::ETAG, tag)], axum::Json(answer)).into_response())
    }

    /// Entries of the directory that have a text in one of the fields that are searched, or one of these ids.
    pub(super) fn directory_search(&self, body: &[u8], base: &str) -> Result<Value, Refusal> {
        let asked: Search = serde_json::from_slice(body).map_err(|_| Refusal::body())?;
        if asked.extension_ids.len() > MOST_IDS {
            return Err(Refusal::parameter("extensionIds"));
        }
        if let Some(odd) = asked.search_fields.iter().find(|it| !FIELDS.contains(&it.as_str())) {
            return Err(Refusal::parameter(odd));
        }
        let others = federated().into_iter().filter(|_| asked.show_federated);
        let all = self.extensions().map(|it| self.directory_entry(it)).chain(others);
        let all: Vec<Value> = all.filter(|it| asked.matches(it)).collect();
        let here = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/directory/entries/search");
        let number = |name: &str, value: Option<u64>| value.map(|it| format!("{name}={it}"));
        let query = [number("page", asked.page), number("perPage", asked.per_page)];
        let query = query.into_iter().flatten().collect::<Vec<_>>().join("&");
        page(&here, &Query::read(&query), &all, (100, 100), Clone::clone)
    }

    /// The presence of everybody.
    pub(super) fn presences(&self, query: Query, base: &str) -> Result<Value, Refusal> {
        let users: Vec<Extension> = (0..self.people.len()).map(Extension::User).collect();
        let here = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/presence");
        let all: Vec<Value> = users.iter().map(|it| self.presence(*it, &query, base)).collect::<Result<_, _>>()?;
        page(&here, &query, &all, (100, 1_000), Clone::clone)
    }

    /// What is known of a recording.
    pub(super) fn recording(&self, id: &str, base: &str) -> Result<Value, Refusal> {
        let entry = ids::of_recording(id).and_then(|n| self.entry(n)).filter(|it| it.is_recorded());
        let entry = entry.ok_or_else(|| Refusal::missing("recordingId"))?;
        let uri = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/recording/{id}");
        Ok(json!({
            "id": id,
            "uri": uri,
            "contentUri": self.content_uri(id, base),
            "contentType": "audio/wav",
            "duration": entry.call.seconds,
        }))
    }

    /// Lets the sound of recordings be at another host, such as `https://media.example.com`, or here again.
    pub fn set_content_host(&self, base: Option<String>) {
        *lock(&self.content_host) = base;
    }

    /// Where the sound of a recording is.
    pub(super) fn content_uri(&self, id: &str, base: &str) -> String {
        let host = lock(&self.content_host).clone();
        let host = host.as_deref().map_or(base, |it| it.trim_end_matches('/'));
        format!("{host}/restapi/v1.0/account/{ACCOUNT_ID}/recording/{id}/content")
    }

    /// The sound of a recording: one second of silence.
    pub(super) fn recording_content(&self, id: &str, base: &str) -> Result<Response, Refusal> {
        self.recording(id, base)?;
        Ok(([(header::CONTENT_TYPE, "audio/wav")], silence()).into_response())
    }
}

/// Eight thousand samples of eight bits as a WAVE file.
fn silence() -> Vec<u8> {
    const RATE: u32 = 8_000;
    const HEAD: u32 = 36;
    let mut out = Vec::from(*b"RIFF");
    out.extend((HEAD + RATE).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16_u32.to_le_bytes());
    out.extend([1, 0, 1, 0]);
    out.extend(RATE.to_le_bytes());
    out.extend(RATE.to_le_bytes());
    out.extend([1, 0, 8, 0]);
    out.extend(b"data");
    out.extend(RATE.to_le_bytes());
    out.resize(out.len() + RATE as usize, 128);
    out
}

/// What is searched for in the directory.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Search {
    #[serde(default)]
    search_string: String,
    #[serde(default)]
    search_fields: Vec<String>,
    #[serde(default)]
    extension_ids: Vec<String>,
    #[serde(default = "yes")]
    show_federated: bool,
    page: Option<u64>,
    per_page: Option<u64>,
}

/// Fields that can be searched.
const FIELDS: [&str; 7] = ["firstName", "lastName", "name", "email", "extensionNumber", "department", "phoneNumber"];
/// Ids that can be asked for at once.
const MOST_IDS: usize = 100;

fn yes() -> bool {
    true
}

impl Search {
    fn matches(&self, entry: &Value) -> bool {
        let text = self.search_string.to_lowercase();
        let is_searched =
            |field: &str| self.search_fields.is_empty() || self.search_fields.iter().any(|it| it == field);
        let has = |field: &str| {
            if field == "phoneNumber" {
                return entry["phoneNumbers"].to_string().contains(&text);
            }
            entry[field].as_str().is_some_and(|it| it.to_lowercase().contains(&text))
        };
        let is_named = self.extension_ids.is_empty() || self.extension_ids.iter().any(|it| entry["id"] == it.as_str());
        is_named && FIELDS.into_iter().any(|it| is_searched(it) && has(it))
    }
}

/// People of another company.
fn federated() -> Vec<Value> {
    let person = |id: &str, first: &str, last: &str, email: &str| {
        json!({
            "id": id,
            "type": "User",
            "status": "Enabled",
            "firstName": first,
            "lastName": last,
            "email": email,
            "account": { "id": "400777000111", "companyName": "Partner Example", "federatedName": "Partner Example" },
            "phoneNumbers": [],
        })
    };
    vec![
        person("77700011", "Noor", "Visser", "noor.visser@partner.example.com"),
        person("77700012", "Kenichi", "Tanaka", "kenichi.tanaka@partner.example.com"),
        person("400777001008", "Ana", "Ferreira", "ana.ferreira@partner.example.com"),
    ]
}

/// A page with totals, which lists other than the call log have. `length` is the usual and the longest one.
fn page<T>(
    here: &str,
    query: &Query,
    all: &[T],
    length: (usize, usize),
    record: impl Fn(&T) -> Value,
) -> Result<Value, Refusal> {
    let at = query.count("page")?.unwrap_or(1);
    let per_page = match query.one("perPage")? {
        Some("all") => length.1,
        _ => query.per_page(length.0, length.1)?,
    };
    let start = (at - 1).saturating_mul(per_page).min(all.len());
    let chosen = &all[start..(start + per_page).min(all.len())];
    let pages = all.len().div_ceil(per_page).max(1);
    let link = |page: usize| json!({ "uri": format!("{here}?{}", query.with_page(page)) });
    let mut navigation = json!({ "firstPage": link(1), "lastPage": link(pages) });
    if at > 1 {
        navigation["previousPage"] = link(at - 1);
    }
    if at < pages {
        navigation["nextPage"] = link(at + 1);
    }
    Ok(json!({
        "uri": format!("{here}?{}", query.with_page(at)),
        "records": chosen.iter().map(record).collect::<Vec<_>>(),
        "paging": {
            "page": at, "perPage": per_page, "pageStart": start, "pageEnd": (start + chosen.len()).saturating_sub(1),
            "totalPages": pages, "totalElements": all.len(),
        },
        "navigation": navigation,
    }))
}
