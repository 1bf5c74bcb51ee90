//! What the window that shows who rings is told of a call: the call with its people, every customer of its number and the last five
//! calls with it, beside one row of a list, read by hand. Each finds its rows as cold as the other: they never ask for the same call one
//! after the other.

use std::path::Path;
use std::time::Instant;

use model::CallId;
use model::call::{CallBlock, CallFilter};
use rusqlite::types::Value;
use serde_json::{Value as Json, json};
use store::Store;

use crate::lists::{ROW, open};
use crate::{Outcome, p95};

/// Asks for so many calls, spread over the whole list, each in a read of its own, as the feed does.
pub(crate) async fn measure(data: &Path, times: u32) -> Outcome<Json> {
    let store = Store::open(data.to_owned()).await?.store;
    let ids = sample(&store, times).await?;
    let by_hand = open(data)?;
    let one = "WHERE c.source = (SELECT id FROM sources WHERE connection = $1) AND c.external_id = $2";
    let mut floor = by_hand.prepare(&format!("{ROW} {one}"))?;
    let columns = floor.column_count();
    let (mut ours, mut hand, mut customers, mut earlier) = (Vec::new(), Vec::new(), 0, 0);
    let mut others = ids.clone();
    others.rotate_left(ids.len() / 2);
    for (id, other) in ids.into_iter().zip(others) {
        let (connection, external_id) = other.as_str().split_once('/').ok_or("an id without a connection")?;
        let key = [connection.to_owned(), external_id.to_owned()];
        let begun = Instant::now();
        let told = store.read_at_once(|r| store::calls::told(r, &id)).await?.ok_or("a call is gone")?;
        ours.push(begun.elapsed().as_secs_f64() * 1_000.0);
        customers += usize::from(!told.customers.is_empty());
        earlier += told.last_calls.len();
        let begun = Instant::now();
        let mut rows = floor.query(key)?;
        let row = rows.next()?.ok_or("a call is gone")?;
        for column in 0..columns {
            std::hint::black_box(row.get::<_, Value>(column)?);
        }
        hand.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    if customers == 0 || earlier == 0 {
        return Err("none of these calls has a customer, or an earlier call".into());
    }
    Ok(json!({ "ms": p95(ours), "floor_ms": p95(hand), "with_customer": customers, "earlier_calls": earlier }))
}

/// Calls at even places of the whole list.
async fn sample(store: &Store, times: u32) -> Outcome<Vec<CallId>> {
    const SIZE: u64 = CallBlock::SIZE;
    let total = store.read(|r| store::calls::count(r, &CallFilter::default())).await?;
    let step = (total / u64::from(times.max(1))).max(1);
    let mut ids = Vec::new();
    for place in (0..u64::from(times)).map(|nth| nth * step).filter(|place| *place < total) {
        let block = store.read(move |r| store::calls::block(r, &CallFilter::default(), place / SIZE)).await?;
        ids.extend(block.calls.get(usize::try_from(place % SIZE)?).map(|call| call.id.clone()));
    }
    Ok(ids)
}
