//! A cache of any size, made at once: the calls of the example office as both its telephone systems would tell them, with the
//! address book and the colleagues, written straight into a data folder without any system being asked.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use model::call::{Direction, Leg, Outcome, Party, Role, SeenCall};
use model::connection::Connection;
use model::customer::Customer;
use model::person::{Person, PersonKind};
use model::{ConnectionId, CustomerId, Failure, PersonId, Raw, SystemId, Time, phone};
use serde_json::json;
use simulators::generator::calls::{self, Calls, LINES, Side};
use simulators::generator::{customers, people};
use store::{Store, StoreError, Writer};

/// Calls that are written in one transaction.
const AT_ONCE: usize = 2_000;
const SEED: u64 = 1;

/// What a cache holds.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Calls of both telephone systems together.
    pub calls: usize,
    /// Entries of the address book.
    pub customers: usize,
    /// Colleagues.
    pub people: usize,
    /// When the last call was over.
    pub until: Time,
}

/// A telephone system of the example office, as a connection to it is kept.
struct Telephones {
    connection: ConnectionId,
    side: Side,
}

/// Makes the data folder. The connections lead nowhere and hold no secret.
///
/// # Errors
/// Where the folder cannot be written.
pub async fn make(dir: &Path, extent: Extent) -> Result<(), Failure> {
    let store = Store::open(dir.to_owned()).await?.store;
    let mut numbers = Numbers::default();
    let colleagues = people::people(SEED, extent.people);
    let both = [
        (Telephones { connection: "office".into(), side: Side::Office }, "smart-connect", "http://127.0.0.1:9"),
        (Telephones { connection: "cloud".into(), side: Side::Cloud }, "ring-central", "https://127.0.0.1:9"),
    ];
    for (telephones, system, url) in both {
        let connection = connection(&telephones.connection, system, url);
        store.write(move |w| store::connections::insert(w, &connection)).await?;
        let of = telephones.connection.clone();
        match telephones.side {
            Side::Office => {
                let book: Vec<_> = customers::customers(SEED, extent.customers).map(|it| customer(&of, it)).collect();
                store.write(move |w| store::customers::replace(w, &of, &book)).await?;
            }
            Side::Cloud => {
                let directory: Vec<_> = colleagues.iter().map(|it| person(&of, it)).collect();
                store.write(move |w| store::people::replace(w, &of, &directory)).await?;
            }
        }
        let count = extent.calls / 2;
        let until = chrono::DateTime::from_timestamp_millis(extent.until.millis()).unwrap_or_default();
        let history = Calls::new(SEED, telephones.side, count, &colleagues, extent.customers, until);
        let mut end = count;
        // Newest first, as a call log is read.
        while end > 0 {
            let begin = end.saturating_sub(AT_ONCE);
            let told: Vec<SeenCall> = (begin..end)
                .rev()
                .map(|at| seen(&mut numbers, telephones.side, at, &history.get(at), &colleagues))
                .collect();
            let of = telephones.connection.clone();
            store.write(move |w| take_in(w, &of, &told)).await?;
            end = begin;
        }
    }
    Ok(())
}

/// Each number is read once: the same few customers ring again and again.
#[derive(Default)]
struct Numbers(HashMap<(String, bool), Party>);

impl Numbers {
    fn party(&mut self, number: &str, is_national: bool) -> Party {
        let read = |number: &str| match is_national {
            true => phone::party(&calls::national(number), "JP"),
            false => phone::party(number, ""),
        };
        self.0.entry((number.to_owned(), is_national)).or_insert_with(|| read(number)).clone()
    }
}

fn take_in(w: &mut Writer<'_>, of: &ConnectionId, told: &[SeenCall]) -> Result<u64, StoreError> {
    store::calls::upsert(w, of, None, told)
}

fn connection(id: &ConnectionId, system: &str, url: &str) -> Connection {
    Connection {
        id: id.clone(),
        name: if system == "smart-connect" { "SmartConnect" } else { "RingCentral" }.to_owned(),
        system: SystemId::from(system),
        url: url.to_owned(),
        settings: BTreeMap::new(),
        allow_http: true,
    }
}

fn customer(of: &ConnectionId, it: customers::Customer) -> Customer {
    let some = |text: String| (!text.is_empty()).then_some(text);
    Customer {
        id: CustomerId(format!("{of}/{}", it.id)),
        connection: of.clone(),
        external_id: it.id.to_string(),
        name: it.name,
        kana: some(it.kana),
        company: some(it.company),
        numbers: it.numbers.iter().map(|number| phone::party(&calls::national(number), "JP")).collect(),
        email: some(it.email),
        address: some(it.address),
        note: some(it.note),
    }
}

fn person(of: &ConnectionId, it: &people::Person) -> Person {
    Person {
        id: PersonId(format!("{of}/{}", it.extension_id)),
        connection: of.clone(),
        external_id: it.extension_id.to_string(),
        name: it.name.clone(),
        email: Some(it.email.clone()),
        username: None,
        numbers: vec![it.phone.clone()],
        extension: Some(it.extension_number.clone()),
        kind: PersonKind::User,
        is_active: true,
    }
}

fn seen(numbers: &mut Numbers, side: Side, at: usize, call: &calls::Call, colleagues: &[people::Person]) -> SeenCall {
    let line = &LINES[call.line];
    let outside =
        call.outside.as_deref().map_or_else(Party::default, |number| numbers.party(number, side == Side::Office));
    let inside = Party { name: Some(line.name.to_owned()), ..numbers.party(line.number, false) };
    let is_outbound = call.direction == calls::Direction::Outbound;
    let (from, to) = if is_outbound { (inside, outside) } else { (outside, inside) };
    let external_id = format!("{}{at}", if side == Side::Cloud { "A" } else { "" });
    let extension = |index: &usize| colleagues[*index].extension_id.to_string();
    let role = |index: &usize| if call.spoke == Some(*index) { Role::Spoke } else { Role::Rang };
    let began = Time::from_millis(call.started_at.timestamp_millis());
    let leg = |index: &usize| Leg {
        started_at: began,
        duration_seconds: Some(call.rang_for),
        name: colleagues[*index].name.clone(),
        outcome: if call.spoke == Some(*index) { Outcome::Answered } else { Outcome::Missed },
        extension_id: Some(extension(index)),
        kind: "FindMe".to_owned(),
        is_master: false,
    };
    let cloud = side == Side::Cloud;
    SeenCall {
        session_id: cloud.then(|| format!("s{at}")),
        started_at: began,
        duration_seconds: Some(call.seconds),
        direction: if is_outbound { Direction::Outbound } else { Direction::Inbound },
        outcome: match call.outcome {
            calls::Outcome::Answered => Outcome::Answered,
            calls::Outcome::Missed => Outcome::Missed,
            calls::Outcome::Voicemail => Outcome::Voicemail,
            calls::Outcome::Busy => Outcome::Failed,
        },
        line: Some(line.name.to_owned()),
        extensions: if cloud { call.rang.iter().map(|it| (extension(it), role(it))).collect() } else { Vec::new() },
        customer_external_id: if cloud { None } else { call.customer.map(|it| (it + 1).to_string()) },
        note: (!cloud && !call.note.is_empty()).then(|| call.note.to_owned()),
        legs: if cloud { call.rang.iter().map(leg).collect() } else { Vec::new() },
        raw: Raw(json!({ "id": external_id, "from": from.raw, "to": to.raw, "seconds": call.seconds }).to_string()),
        from,
        to,
        external_id,
    }
}
