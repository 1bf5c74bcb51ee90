//! Customers of the address books.

use model::ConnectionId;
use model::customer::{Customer, CustomerAdded, NewCustomer};
use tauri::State;

use crate::desk::Desk;
use crate::error::Result;

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
