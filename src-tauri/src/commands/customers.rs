//! Customers of the address books.

use model::ConnectionId;
use model::customer::{Customer, CustomerAdded, NewCustomer};
use model::customer_table::{CustomerColumn, CustomerExport, CustomerRow, CustomerTable};
use model::export::Exported;
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;
use crate::exports::Exports;

/// At most fifty customers whose name, company or number holds the text.
#[tauri::command]
pub(crate) async fn customers_find(desk: State<'_, Desk>, text: String) -> Result<Vec<Customer>> {
    Ok(desk.console().await?.customers_find(&text, 50).await?)
}

/// At most five thousand customers whose name, company or number holds the text, by reading.
#[tauri::command]
pub(crate) async fn customers_list(desk: State<'_, Desk>, text: String) -> Result<Vec<Customer>> {
    Ok(desk.console().await?.customers_find(&text, 5_000).await?)
}

/// Puts customers into an address book, one after the other; what became of each, in their order.
#[tauri::command]
pub(crate) async fn customers_add(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    customers: Vec<NewCustomer>,
) -> Result<Vec<CustomerAdded>> {
    Ok(desk.console().await?.customers_add(&connection, customers).await?)
}

/// What a file of customers holds.
#[tauri::command]
pub(crate) async fn customers_table(desk: State<'_, Desk>, bytes: Vec<u8>) -> Result<CustomerTable> {
    Ok(desk.console().await?.customers_table(bytes).await?)
}

/// What would become of each row of a file, with what a person said of its columns; nothing is written.
#[tauri::command]
pub(crate) async fn customers_look_through(
    desk: State<'_, Desk>,
    connection: ConnectionId,
    bytes: Vec<u8>,
    columns: Vec<Option<CustomerColumn>>,
) -> Result<Vec<CustomerRow>> {
    Ok(desk.console().await?.customers_look_through(&connection, bytes, columns).await?)
}

/// Writes customers to a file.
#[tauri::command]
pub(crate) async fn customers_export(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    request: CustomerExport,
) -> Result<Exported> {
    exports.customers(&desk.console().await?, request).await
}
