//! What a filter names, looked up: the keys of a number, the extension of a colleague.

use model::{ConnectionId, phone};
use rusqlite::{OptionalExtension, params};

use crate::full_text::{Needle, Words};
use crate::{Reader, StoreError, source};

/// A number in any written form as every key that it has here. What is typed as people of its country dial it is looked up among
/// the numbers of the calls, so that nobody has to say which country is meant.
pub(super) fn keys_of(r: &Reader<'_>, number: &str) -> Result<Vec<String>, StoreError> {
    let typed = phone::party(number, "");
    let Some(key) = phone::key(&typed) else {
        return Ok(Vec::new());
    };
    let mut keys = vec![key];
    match &typed.e164 {
        Some(e164) => keys.extend(phone::national_digits(e164)),
        None => {
            let digits = phone::digits(number);
            let Some(needle) = Needle::new(&digits) else {
                return Ok(keys);
            };
            let mut statement = r.conn.prepare_cached(&format!(
                "SELECT DISTINCT number_key FROM parties WHERE is_e164 AND id IN ({})",
                Words::Party.matching("$1")
            ))?;
            for key in statement.query_map([needle.expression()], |row| row.get::<_, String>(0))? {
                let key = key?;
                if phone::national_digits(&key).as_ref() == Some(&digits) {
                    keys.push(key);
                }
            }
        }
    }
    Ok(keys)
}

/// The row of a colleague's extension; `None` where they never took part in a call.
pub(super) fn extension_of(r: &Reader<'_>, person: &str) -> Result<Option<i64>, StoreError> {
    let Some((connection, external_id)) = person.split_once('/') else {
        return Ok(None);
    };
    let Some(source) = source::number(r, &ConnectionId::from(connection))? else {
        return Ok(None);
    };
    let mut statement = r.conn.prepare_cached("SELECT id FROM extensions WHERE source = $1 AND external_id = $2")?;
    Ok(statement.query_one(params![source, external_id], |row| row.get(0)).optional()?)
}
