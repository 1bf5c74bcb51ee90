//! The least that filling a cache can cost: the same pages fetched and read as plain JSON, the same rows written without index.

use std::path::Path;
use std::time::Instant;

use reqwest::Client;
use serde_json::{Value, json};

use crate::office::{Office, Telephones};
use crate::{Outcome, rows};

/// Asks for the pages of the last fill, both systems side by side, then writes the rows of its cache into a bare file.
pub(crate) async fn measure(office: &Office, data: &Path) -> Outcome<Value> {
    let mut pages = Vec::new();
    for telephones in &office.systems {
        let asked = office.requests(telephones).await?.1;
        pages.push(asked.into_iter().filter(|path| is_of_log(path)).collect::<Vec<_>>());
    }
    let begun = Instant::now();
    let walks = office.systems.iter().zip(pages).map(|(telephones, pages)| {
        let (client, telephones) = (office.client.clone(), telephones.clone());
        tokio::spawn(async move { walk(&client, &telephones, pages).await })
    });
    let mut fetched = Fetched::default();
    for walk in walks.collect::<Vec<_>>() {
        let more = walk.await??;
        fetched.bytes += more.bytes;
        fetched.records += more.records;
    }
    let fetch_seconds = begun.elapsed().as_secs_f64();
    let insert_seconds = rows::insert_again(data)?;
    Ok(json!({
        "seconds": fetch_seconds + insert_seconds,
        "fetch_seconds": fetch_seconds,
        "insert_seconds": insert_seconds,
        "bytes": fetched.bytes,
        "records": fetched.records,
    }))
}

/// Whether a request was for a page of calls. One with a token cannot be asked again: the log of requests keeps no secrets.
fn is_of_log(path: &str) -> bool {
    (path.contains("/call-log") || path.contains("ReceivedCall-Record")) && !path.contains('…')
}

/// What came.
#[derive(Default)]
struct Fetched {
    bytes: u64,
    records: u64,
}

async fn walk(client: &Client, telephones: &Telephones, pages: Vec<String>) -> Outcome<Fetched> {
    let token = token(client, telephones).await?;
    let mut fetched = Fetched::default();
    for page in pages {
        let mut request = client.get(format!("{}{page}", telephones.url));
        if let Some(token) = &token {
            request = request.bearer_auth(token);
        }
        let body = request.send().await?.error_for_status()?.bytes().await?;
        let value: Value = serde_json::from_slice(&body)?;
        let records = value["records"].as_array().or_else(|| value.as_array()).map_or(0, Vec::len);
        fetched.bytes += body.len() as u64;
        fetched.records += records as u64;
    }
    Ok(fetched)
}

/// A token, for a system that wants one.
async fn token(client: &Client, telephones: &Telephones) -> Outcome<Option<String>> {
    if telephones.word("jwt").is_empty() {
        return Ok(None);
    }
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", telephones.word("jwt")),
        ("client_id", telephones.word("client-id")),
    ];
    let request = client.post(format!("{}/restapi/oauth/token", telephones.url)).form(&form);
    let answer: Value = serde_json::from_slice(&request.send().await?.error_for_status()?.bytes().await?)?;
    Ok(answer["access_token"].as_str().map(str::to_owned))
}
