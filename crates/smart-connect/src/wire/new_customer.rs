//! The row of somebody who is put into 顧客アドレス帳, in the fields that its rows have.

use model::customer::NewCustomer;
use model::{Failure, Raw, Reason, phone};

use super::REGION;
use super::columns::{CUSTOMER, Columns, Role};
use super::rows::Row;

/// The row to make, named as the rows that are `there`.
///
/// # Errors
/// [`Reason::Missing`] for no name; [`Reason::NotOffered`] with the name of what the rows have no field for, or not enough
/// fields. Nothing is left out silently.
pub(crate) fn new_customer(new: &NewCustomer, there: &[Row<'_>]) -> Result<Raw, Failure> {
    let columns = Columns::new(CUSTOMER, true).names(there);
    let mut members = serde_json::Map::new();
    let mut put = |role: Role, what: &str, values: &[String]| {
        let mut names = columns.iter().filter(|(it, ..)| *it == role).map(|(.., name)| *name);
        for value in values {
            let name = names.next().ok_or_else(|| Failure::invalid(Reason::NotOffered, what))?;
            members.insert(name.to_owned(), value.as_str().into());
        }
        Ok(())
    };
    let name = given(Some(&new.name));
    if name.is_empty() {
        return Err(Failure::invalid(Reason::Missing, "name"));
    }
    put(Role::Name, "name", &name)?;
    put(Role::Kana, "kana", &given(new.kana.as_ref()))?;
    put(Role::Company, "company", &given(new.company.as_ref()))?;
    put(Role::Number, "numbers", &new.numbers.iter().filter_map(|it| number(it)).collect::<Vec<_>>())?;
    put(Role::Address, "address", &given(new.address.as_ref()))?;
    put(Role::Email, "email", &given(new.email.as_ref()))?;
    put(Role::Note, "note", &given(new.note.as_ref()))?;
    Ok(Raw(serde_json::Value::Object(members).to_string()))
}

/// A text that is not empty, as a list of one.
fn given(text: Option<&String>) -> Vec<String> {
    text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).into_iter().collect()
}

/// A number as the vendor's samples write one (documented): the digits that its own country dials. What is no number of this
/// country stays as it is written.
fn number(written: &str) -> Option<String> {
    let written = written.trim();
    let national = phone::e164(written, REGION).filter(|it| it.starts_with("+81"));
    let digits = national.and_then(|it| phone::national_digits(&it));
    (!written.is_empty()).then(|| digits.unwrap_or_else(|| written.to_owned()))
}
