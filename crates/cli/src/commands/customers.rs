//! `customers`: the address books of the systems.

use std::collections::BTreeMap;
use std::process::ExitCode;

use engine::Console;
use model::customer::Customer;
use model::customer_table::CustomerExport;
use model::{CustomerId, Failure};

use super::exports::{encoding, format, place, put_in_place};
use crate::args::{Customers, ExportCustomers};
use crate::output::{Output, Table, or_dash};

pub(crate) async fn run(console: &Console, command: Customers, output: Output) -> Result<ExitCode, Failure> {
    match command {
        Customers::List { connection, search } => {
            let connection = match &connection {
                Some(name) => Some(console.connection_named(name).await?.id),
                None => None,
            };
            let all = console.customers_list(connection.as_ref(), &search).await?;
            output.answer(&all, || {
                let mut table = Table::new(["name", "company", "number", "id"]);
                for it in &all {
                    table.row([
                        it.name.clone(),
                        or_dash(it.company.as_deref()),
                        or_dash(Some(&numbers(it))),
                        it.id.0.clone(),
                    ]);
                }
                table
            })
        }
        Customers::Show { id } => {
            let it = console.customer_show(&CustomerId(id)).await?;
            output.answer(&it, || {
                let mut table = Table::new(["field", "value"]);
                let fields = [
                    ("name", Some(it.name.clone())),
                    ("reading", it.kana.clone()),
                    ("company", it.company.clone()),
                    ("numbers", Some(numbers(&it))),
                    ("e-mail", it.email.clone()),
                    ("address", it.address.clone()),
                    ("note", it.note.clone()),
                ];
                for (name, value) in fields {
                    table.row([name.to_owned(), or_dash(value.as_deref())]);
                }
                table
            })
        }
        Customers::Export(export) => write(console, export, output).await,
        Customers::Import(import) => super::customers_import::run(console, &import, output).await,
    }
}

async fn write(console: &Console, asked: ExportCustomers, output: Output) -> Result<ExitCode, Failure> {
    let connection = match &asked.connection {
        Some(name) => Some(console.connection_named(name).await?.id),
        None => None,
    };
    let (folder, name) = place(&asked.out, asked.force)?;
    let export = CustomerExport {
        connection,
        search: asked.search,
        format: format(asked.format),
        encoding: encoding(asked.encoding),
        name,
        words: BTreeMap::new(),
    };
    let answer = put_in_place(console.customers_export(export, folder).await?, &asked.out)?;
    output.answer(&answer, || Table::line(format!("{}: {} customers", answer.file, answer.rows)))
}

fn numbers(customer: &Customer) -> String {
    customer.numbers.iter().map(|it| it.shown.as_str()).collect::<Vec<_>>().join(", ")
}
