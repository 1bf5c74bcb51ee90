//! Customers as a file: the columns that an import understands, so that what is written can be read again.

use std::path::Path;

use model::Failure;
use model::customer::Customer;
use model::customer_table::{CustomerColumn, CustomerExport};
use model::export::Exported;
use sheet::{Cell, Table};

use crate::console::Console;
use crate::export::{failure, new_table, not_written};

impl Console {
    /// Writes customers to a file in a folder, by reading. A telephone number is text as the system has it.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a name that is no file's; a folder or a cache that gives way. No file is left then.
    pub async fn customers_export(&self, export: CustomerExport, folder: &Path) -> Result<Exported, Failure> {
        let customers = self.customers_list(export.connection.as_ref(), &export.search).await?;
        let folder = folder.to_owned();
        let writing = tokio::task::spawn_blocking(move || {
            let heading = |it: &CustomerColumn| export.words.get(it.code()).map_or(it.code(), String::as_str);
            let head: Vec<&str> = CustomerColumn::ALL.iter().map(heading).collect();
            let mut table = new_table(export.format, export.encoding, &export.name, &folder, &head)?;
            customers.iter().try_for_each(|it| row(&mut table, it)).map_err(failure)?;
            let written = table.finish().map_err(failure)?;
            let rows = customers.len() as u64;
            Ok(Exported { rows, file: written.path.display().to_string(), replaced: written.replaced })
        });
        writing.await.map_err(|_| not_written())?
    }
}

fn row(table: &mut Table, customer: &Customer) -> Result<(), sheet::Error> {
    let cells = CustomerColumn::ALL.map(|column| Cell::Text(text(customer, column).unwrap_or_default()));
    table.row(&cells)
}

fn text(customer: &Customer, column: CustomerColumn) -> Option<&str> {
    match column {
        CustomerColumn::Name => Some(&customer.name),
        CustomerColumn::Kana => customer.kana.as_deref(),
        CustomerColumn::Company => customer.company.as_deref(),
        CustomerColumn::Email => customer.email.as_deref(),
        CustomerColumn::Address => customer.address.as_deref(),
        CustomerColumn::Note => customer.note.as_deref(),
        CustomerColumn::Number
        | CustomerColumn::Number2
        | CustomerColumn::Number3
        | CustomerColumn::Number4
        | CustomerColumn::Number5
        | CustomerColumn::Number6 => customer.numbers.get(column.number()?).map(|it| it.raw.as_str()),
    }
}
