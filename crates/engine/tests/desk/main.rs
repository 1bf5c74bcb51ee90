//! The console over a system that does what each test tells it to: writes, notes, questions, readings, sign-ins, and what it says of
//! how it is.

#[cfg(test)]
mod customers;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod double;
#[cfg(test)]
mod export;
#[cfg(test)]
mod links;
#[cfg(test)]
mod live;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod readings;
#[cfg(test)]
mod records;
#[cfg(test)]
mod sign_in;
