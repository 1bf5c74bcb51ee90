//! The account over the wire: extensions, the directory, the presence of everybody and recordings.

use super::extensions::{Extension, kind, status};
use super::ids::{self, ACCOUNT_ID};
use super::query::Query;
use super::refusal::Refusal;
use super::state::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
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
            .filter(|it| statuses.is_empty() || statuses.contains(&status(*it)))
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
            all.push(federated());
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

    /// Entries of the directory whose name, number or address contains a text.
    pub(super) fn directory_search(&self, body: &[u8], base: &str) -> Result<Value, Refusal> {
        let asked: Value = serde_json::from_slice(body).map_err(|_| Refusal::body())?;
        let text = asked["searchString"].as_str().unwrap_or_default().to_lowercase();
        let fields = ["firstName", "lastName", "name", "email", "extensionNumber", "department"];
        let matches = |it: &Value| {
            fields.iter().any(|field| it[*field].as_str().is_some_and(|value| value.to_lowercase().contains(&text)))
        };
        let all: Vec<Value> = self.extensions().map(|it| self.directory_entry(it)).filter(matches).collect();
        let here = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/directory/entries/search");
        page(&here, &Query::default(), &all, (100, 100), Clone::clone)
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
            "contentUri": format!("{uri}/content"),
            "contentType": "audio/wav",
            "duration": entry.call.seconds,
        }))
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

/// Somebody of another company.
fn federated() -> Value {
    json!({
        "id": "77700011",
        "type": "User",
        "status": "Enabled",
        "firstName": "Noor",
        "lastName": "Visser",
        "email": "noor.visser@partner.example.com",
        "account": { "id": "400777000111", "companyName": "Partner Example", "federatedName": "Partner Example" },
        "phoneNumbers": [],
    })
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
