//! The address list of user ids: who is behind an id at a system that cannot list its people, from tables and hands.

use std::collections::HashSet;

use model::chat_room::{ChatAddress, ChatAddressTable};
use model::{ConnectionId, Failure, Reason};

use crate::console::Console;

/// What a column means, by its folded names.
const COLUMNS: [(Column, &[&str]); 5] = [
    (Column::Uid, &["uid", "user id", "userid", "ユーザーid", "ユーザー id"]),
    (Column::Name, &["name", "名前", "氏名", "お名前"]),
    (Column::Kana, &["kana", "フリガナ", "ふりがな"]),
    (Column::Email, &["email", "e-mail", "mail", "メール", "メールアドレス"]),
    (Column::Note, &["note", "department", "備考", "部署"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Uid,
    Name,
    Kana,
    Email,
    Note,
}

impl Console {
    /// Everybody in the address list of a connection.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn chat_addresses_list(&self, connection: &ConnectionId) -> Result<Vec<ChatAddress>, Failure> {
        let connection = connection.clone();
        self.0.store.read(move |r| store::chat_addresses::all(r, &connection)).await
    }

    /// What a table says, from a file or as it was copied in a spreadsheet. Nothing is kept.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for bytes that are no table, one without a column for the id, or with two columns for one thing.
    pub fn chat_addresses_read(&self, bytes: &[u8]) -> Result<ChatAddressTable, Failure> {
        table(bytes)
    }

    /// Writes people down, also over what is known of them.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with the id that cannot be one, or where there is no such connection; nothing is kept then.
    pub async fn chat_addresses_add(
        &self,
        connection: &ConnectionId,
        addresses: Vec<ChatAddress>,
    ) -> Result<(), Failure> {
        let id = self.connection(connection).await?.id;
        if let Some(bad) = addresses.iter().find(|it| !is_uid(&it.uid)) {
            return Err(Failure::invalid(Reason::NotUsable, bad.uid.as_str()));
        }
        self.write(move |w| store::chat_addresses::put(w, &id, &addresses)).await
    }

    /// Forgets who is behind an id.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub async fn chat_address_remove(&self, connection: &ConnectionId, uid: &str) -> Result<(), Failure> {
        let (connection, uid) = (connection.clone(), uid.to_owned());
        self.write(move |w| store::chat_addresses::remove(w, &connection, &uid)).await
    }
}

fn is_uid(uid: &str) -> bool {
    !uid.is_empty() && !uid.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
}

fn table(bytes: &[u8]) -> Result<ChatAddressTable, Failure> {
    let rows = sheet::Rows::read(bytes).map_err(|it| Failure::invalid(Reason::NotUsable, it.to_string()))?;
    let columns: Vec<Option<Column>> = rows.head.iter().map(|name| column(name)).collect();
    for (place, column) in columns.iter().enumerate() {
        if column.is_some() && columns[..place].contains(column) {
            return Err(Failure::invalid(Reason::NotUsable, rows.head[place].trim()));
        }
    }
    if !columns.contains(&Some(Column::Uid)) {
        return Err(Failure::invalid(Reason::Missing, "uid"));
    }
    let named = rows.head.iter().zip(&columns);
    let unknown = named.filter(|(_, column)| column.is_none()).map(|(name, _)| name.trim().to_owned()).collect();
    let line = |line: u64| u32::try_from(line).unwrap_or(u32::MAX);
    let mut read = ChatAddressTable { unknown, ..ChatAddressTable::default() };
    read.bad_lines.extend(rows.ragged.iter().map(|it| line(it.line)));
    let mut seen = HashSet::new();
    for row in rows.rows.iter().filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())) {
        let it = address(&columns, row);
        if !is_uid(&it.uid) {
            read.bad_lines.push(line(row.line));
        } else if seen.insert(it.uid.clone()) {
            read.addresses.push(it);
        }
    }
    read.bad_lines.sort_unstable();
    Ok(read)
}

fn column(name: &str) -> Option<Column> {
    let name = sheet::folded(name);
    COLUMNS.iter().find(|(_, names)| names.iter().any(|it| sheet::folded(it) == name)).map(|(column, _)| *column)
}

fn address(columns: &[Option<Column>], row: &sheet::Row) -> ChatAddress {
    let mut it = ChatAddress::default();
    for (column, cell) in columns.iter().zip(&row.cells) {
        let text = cell.trim().to_owned();
        match column {
            Some(Column::Uid) => it.uid = text,
            Some(Column::Name) => it.name = text,
            Some(Column::Kana) => it.kana = text,
            Some(Column::Email) => it.email = text,
            Some(Column::Note) => it.note = text,
            None => {}
        }
    }
    it
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_whatever_stands_between_its_cells() {
        for between in [",", ";", "\t"] {
            let text = "氏名,ユーザー ID,部署,社員番号\n鈴木 大輔,q8Zt4LmXw02RbVdK7yHs,営業部,7\n,,,\n伊藤,i@example.jp,,\n東,x\n二人目,q8Zt4LmXw02RbVdK7yHs,,\n"
                .replace(',', between);
            let read = table(text.as_bytes()).unwrap();
            let suzuki = ChatAddress {
                uid: "q8Zt4LmXw02RbVdK7yHs".into(),
                name: "鈴木 大輔".into(),
                note: "営業部".into(),
                ..ChatAddress::default()
            };
            assert_eq!(read.addresses, [suzuki], "each id once, the first counts");
            assert_eq!((read.bad_lines, read.unknown), (vec![4, 5], vec!["社員番号".to_owned()]));
        }
    }

    #[test]
    fn a_table_that_cannot_be_meant_is_refused() {
        let check = |text: &str, reason: Reason, words: &str| {
            assert_eq!(table(text.as_bytes()), Err(Failure::invalid(reason, words)));
        };
        check("名前,メール\nA,a@example.jp", Reason::Missing, "uid");
        check("uid,User ID\na,b", Reason::NotUsable, "User ID");
        check("", Reason::NotUsable, "no head");
    }
}
