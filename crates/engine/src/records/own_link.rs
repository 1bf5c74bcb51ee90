//! This program's own link among the addresses that a telephone service opens when a call comes in: staged as a new row, like any
//! other change.

use model::record::{Resource, is_secret};
use model::staging::{KeptStage, OwnLink, StageKind, ValueKind};
use model::text::fold;
use model::{ConnectionId, Failure, Reason};

use crate::console::Console;
use crate::records::row::{Fields, is_nothing, kind, quoted, text};
use crate::records::staged::of;
use crate::vault::SecretValues;

/// What opens this program with the number behind it.
const LINK: &str = "frontdesk://call?tel=";
/// What the row is called.
const NAME: &str = "Frontdesk";
/// What other programs put around the place of a number.
const BRACKETS: [char; 12] = ['(', ')', '{', '}', '[', ']', '<', '>', '%', '$', '*', '@'];

impl Console {
    /// Stages a row that opens this program when a call comes in. It is made like the rows that are there: the same fields, what they
    /// write in the place of the number, and everything else as in one of them that is switched on. Where there is such a row, or it is staged
    /// already, that is the answer.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where the resource opens nothing, or where no row shows yet which field holds an address; what the system
    /// answers.
    pub async fn stage_own_link(&self, connection: &ConnectionId, path: &str) -> Result<OwnLink, Failure> {
        let resource = self.resource_for(connection, path, StageKind::Add.verb()).await?;
        if !resource.opens_on_call {
            return Err(Failure::invalid(Reason::NotOffered, path));
        }
        let listed = self.records_list(connection, path).await?;
        let rows: Vec<Fields> = listed.iter().filter_map(|raw| Fields::read(raw).ok()).collect();
        if let Some(row) = rows.iter().find(|row| is_own(row)) {
            return Ok(OwnLink::There { key: key(&resource, row) });
        }
        let _turn = self.0.records.turn.lock().await;
        let staged = self.kept_stages(connection, path).await?;
        let is_waiting = |it: &&KeptStage| it.kind != StageKind::Delete && is_own(&of(Some(&it.fields)));
        if let Some(stage) = staged.iter().find(is_waiting) {
            return Ok(OwnLink::Staged { stage: stage.id.clone() });
        }
        let row = own_row(&resource, &rows).ok_or_else(|| Failure::invalid(Reason::Missing, path))?;
        let (stage, _) = self.new_stage(connection, path, row).await?;
        let id = stage.id.clone();
        self.stage_step(connection, vec![(id.clone(), Some((stage, SecretValues::default())))]).await?;
        Ok(OwnLink::Staged { stage: id })
    }
}

fn is_own(row: &Fields) -> bool {
    row.iter().any(|(_, value)| text(value).trim().to_lowercase().starts_with(LINK))
}

fn key(resource: &Resource, row: &Fields) -> String {
    let field = fold(&resource.key);
    row.iter().find(|(name, _)| fold(name) == field).map(|(_, value)| text(value)).unwrap_or_default()
}

/// A row like one that is there, if possible like one in which nothing is switched off, with our own address and name and without
/// secrets; nothing where no row has an address.
fn own_row(resource: &Resource, rows: &[Fields]) -> Option<Fields> {
    let is_key = |name: &str| fold(name) == fold(&resource.key);
    let is_off = |value: &str| ["0", "false"].contains(&text(value).to_lowercase().as_str());
    let is_on = |row: &&Fields| !row.iter().any(|(name, value)| !is_key(name) && is_off(value));
    let last = rows.iter().rfind(is_on).or(rows.last())?;
    let address = last.iter().find(|(name, value)| !is_key(name) && text(value).contains("://"))?.0.to_owned();
    let titled = |name: &str, value: &str| {
        !is_key(name) && name != address && !is_secret(name) && kind(value) == ValueKind::Text && !is_switch(value)
    };
    let title = last.iter().find(|(name, value)| titled(name, value)).map(|(name, _)| name.to_owned());
    let mut addresses = rows.iter().filter_map(|row| row.get(&address)).map(text);
    let place = addresses.find_map(|it| place_of_number(&it).map(str::to_owned)).unwrap_or_default();
    Some(last.map(|name, value| {
        if name == address {
            return Some(quoted(&format!("{LINK}{place}")));
        }
        if Some(name) == title.as_deref() {
            return Some(quoted(NAME));
        }
        (is_secret(name) && !is_nothing(value)).then(|| "\"\"".to_owned())
    }))
}

/// Whether a text is a number or a flag, and no title.
fn is_switch(value: &str) -> bool {
    let text = text(value);
    text.chars().all(|c| c.is_ascii_digit()) || ["true", "false"].contains(&text.to_lowercase().as_str())
}

/// What stands in an address where the number goes, such as `{TEL}`; the vendor documents none.
fn place_of_number(address: &str) -> Option<&str> {
    let mut values = address.split(['?', '&']).skip(1).filter_map(|it| it.split_once('=')).map(|(_, value)| value);
    values.find(|value| value.contains(BRACKETS))
}

#[cfg(test)]
mod tests {
    use model::Raw;
    use model::record::ResourceGroup;

    use super::*;

    fn own(rows: &[&str]) -> Option<String> {
        let resource = Resource {
            path: "R".into(),
            name: "R".into(),
            key: "ID".into(),
            verbs: Vec::new(),
            least_key: 1,
            group: ResourceGroup::Incoming,
            fields: Vec::new(),
            starts_something: false,
            opens_on_call: true,
            is_live: false,
            caution: None,
        };
        let rows: Vec<Fields> = rows.iter().map(|it| Fields::read(&Raw((*it).to_owned())).unwrap()).collect();
        own_row(&resource, &rows).map(|row| row.raw().0)
    }

    #[test]
    fn the_row_is_like_those_that_are_there() {
        let row =
            r#"{"ID":"1","名称":"顧客管理","URL":"https://crm.example.jp/?tel=(TEL)&x=1","有効":"1","トークン":"t"}"#;
        let expected = r#"{"ID":"1","名称":"Frontdesk","URL":"frontdesk://call?tel=(TEL)","有効":"1","トークン":""}"#;
        assert_eq!(own(&[row]).as_deref(), Some(expected));
        let off = r#"{"ID":"2","名称":"受注","URL":"https://x.example.jp/","有効":"0","トークン":""}"#;
        assert_eq!(own(&[row, off]).as_deref(), Some(expected), "one that is on");
        let plain = r#"{"ID":1,"有効":true,"アドレス":"https://crm.example.jp/?tel="}"#;
        assert_eq!(
            own(&[plain]).as_deref(),
            Some(r#"{"ID":1,"有効":true,"アドレス":"frontdesk://call?tel="}"#),
            "without a title, and with nothing in the place of the number"
        );
        assert_eq!((own(&[]), own(&[r#"{"ID":"1","名称":"a"}"#])), (None, None), "no row shows where an address goes");
    }
}
