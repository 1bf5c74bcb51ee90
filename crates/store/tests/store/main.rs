//! The database as its callers see it: opening, announcements, lists, search, the ledger.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod booking_changes;
#[cfg(test)]
mod bulks;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod chat_rooms;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod entry_changes;
#[cfg(test)]
mod follow_ups;
#[cfg(test)]
mod former;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod making;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod person_links;
#[cfg(test)]
mod record_stages;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod same;
#[cfg(test)]
mod search;
