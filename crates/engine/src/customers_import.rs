//! A table of customers looked through for the window: each row with its line, what would become of it, and what it says otherwise than
//! the address book.

use model::customer::{Customer, NewCustomer};
use model::customer_table::{CustomerColumn, CustomerDifference, CustomerRow, CustomerRowState, CustomerTable};
use model::{ConnectionId, Failure, phone};

use crate::console::Console;
use crate::customer_file::{self, CustomerFile};
use crate::customers_add::CustomerPlan;

impl Console {
    /// What a file of customers holds; nothing is read or written at any system.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for bytes that are no table; the words say why.
    pub async fn customers_table(&self, bytes: Vec<u8>) -> Result<CustomerTable, Failure> {
        let reading = tokio::task::spawn_blocking(move || customer_file::table(&bytes));
        reading.await.map_err(|_| Failure::surprise(""))?
    }

    /// What would become of each row of a file, in the order of their lines, with what a person said of each column. The address book
    /// is read, and nothing is written: [`Console::customers_add`] adds those who are new.
    ///
    /// # Errors
    /// As [`CustomerFile::read_as`] and [`Console::customers_plan`].
    pub async fn customers_look_through(
        &self,
        connection: &ConnectionId,
        bytes: Vec<u8>,
        columns: Vec<Option<CustomerColumn>>,
    ) -> Result<Vec<CustomerRow>, Failure> {
        let reading = tokio::task::spawn_blocking(move || CustomerFile::read_as(&bytes, &columns));
        let file = reading.await.map_err(|_| Failure::surprise(""))??;
        let (lines, customers): (Vec<u64>, Vec<NewCustomer>) = file.customers.into_iter().unzip();
        let plans = self.customers_plan(connection, &customers).await?;
        let planned = customers.into_iter().zip(plans).zip(&lines);
        let mut rows: Vec<CustomerRow> = planned.map(|((new, plan), line)| row(*line, new, plan, &lines)).collect();
        rows.extend(file.bad.into_iter().map(|(line, problem)| CustomerRow {
            state: CustomerRowState::Bad,
            problem: Some(problem),
            ..empty(line, NewCustomer::default())
        }));
        rows.sort_by_key(|it| it.line);
        Ok(rows)
    }
}

fn empty(line: u64, customer: NewCustomer) -> CustomerRow {
    let state = CustomerRowState::New;
    CustomerRow { line, customer, state, known: Vec::new(), differences: Vec::new(), same_as: None, problem: None }
}

fn row(line: u64, new: NewCustomer, plan: CustomerPlan, lines: &[u64]) -> CustomerRow {
    let row = empty(line, new);
    match plan {
        CustomerPlan::New => row,
        CustomerPlan::Known(known) => {
            let differences = match known.as_slice() {
                [one] => differences(one, &row.customer),
                _ => Vec::new(),
            };
            CustomerRow { state: CustomerRowState::Known, known, differences, ..row }
        }
        CustomerPlan::Double(first) => {
            CustomerRow { state: CustomerRowState::Double, same_as: lines.get(first).copied(), ..row }
        }
        CustomerPlan::Bad(problem) => CustomerRow { state: CustomerRowState::Bad, problem: Some(problem), ..row },
    }
}

/// What a row says otherwise than the address book. What the row leaves empty is no difference, and neither is another way to write
/// a number.
fn differences(there: &Customer, new: &NewCustomer) -> Vec<CustomerDifference> {
    let mut found = Vec::new();
    let mut tell = |column, there: Option<&str>, here: Option<&str>| {
        let (there, here) = (there.unwrap_or_default().trim(), here.unwrap_or_default().trim());
        if !here.is_empty() && there != here {
            found.push(CustomerDifference { column, there: there.to_owned(), here: here.to_owned() });
        }
    };
    tell(CustomerColumn::Name, Some(&there.name), Some(&new.name));
    tell(CustomerColumn::Kana, there.kana.as_deref(), new.kana.as_deref());
    tell(CustomerColumn::Company, there.company.as_deref(), new.company.as_deref());
    let known: Vec<String> = there.numbers.iter().filter_map(phone::key).collect();
    let is_missing =
        |number: &&String| phone::key(&phone::party(number, phone::HOME)).is_none_or(|key| !known.contains(&key));
    let missing: Vec<&str> = new.numbers.iter().filter(is_missing).map(String::as_str).collect();
    let numbers: Vec<&str> = there.numbers.iter().map(|it| it.shown.as_str()).collect();
    tell(CustomerColumn::Number, Some(&numbers.join(", ")), Some(&missing.join(", ")));
    tell(CustomerColumn::Email, there.email.as_deref(), new.email.as_deref());
    tell(CustomerColumn::Address, there.address.as_deref(), new.address.as_deref());
    tell(CustomerColumn::Note, there.note.as_deref(), new.note.as_deref());
    found
}
