//! The change notice: which tables a write touched, learnt from SQLite's update hook, so that nobody can forget to announce.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use model::event::Table;
use rusqlite::Connection;

/// The tables that the running transaction has touched.
#[derive(Clone, Default)]
pub(crate) struct Notice(Arc<Mutex<BTreeSet<Table>>>);

impl Notice {
    /// Begins to watch the writer's connection.
    pub(crate) fn watch(conn: &Connection) -> rusqlite::Result<Self> {
        let notice = Self::default();
        let heard = notice.clone();
        conn.update_hook(Some(move |_action, _database: &str, table: &str, _row| heard.hear(table)))?;
        Ok(notice)
    }

    fn hear(&self, table: &str) {
        let mut touched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        touched.extend(announced(table));
    }

    /// What was touched since the last call.
    pub(crate) fn take(&self) -> BTreeSet<Table> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a touched row means to a window. Rows that only serve reading (words, packed records, cursors) mean nothing by themselves.
fn announced(table: &str) -> &'static [Table] {
    match table {
        "calls" => &[Table::Calls],
        // Calls show the people and the customers that are joined to them.
        "people" => &[Table::People, Table::Calls],
        "person_links" | "people_put_aside" => &[Table::People],
        "customers" => &[Table::Customers, Table::Calls],
        "rooms" | "room_overlays" => &[Table::Rooms],
        // Whoever shows changes of bookings looks at the same announcement as whoever shows bookings.
        "reservations" | "unplaced" | "booking_changes" | "entry_changes" | "booking_questions" => {
            &[Table::Reservations]
        }
        // A month that was read again is as fresh as that, though nothing in it changed: boards say how old they are.
        "months" => &[Table::Reservations],
        "chat_rooms" | "chat_room_versions" | "chat_addresses" => &[Table::ChatRooms],
        "destinations" => &[Table::Destinations],
        "deliveries" => &[Table::Deliveries],
        "bulks" => &[Table::Bulks],
        "connections" => &[Table::Connections],
        "settings" => &[Table::Settings],
        "audit" => &[Table::Audit],
        "call_views" => &[Table::CallViews],
        "templates" => &[Table::Templates],
        "planned" => &[Table::Planned],
        "follow_ups" | "follow_up_messages" => &[Table::FollowUps],
        "record_stages" | "record_done" => &[Table::Stages],
        _ => &[],
    }
}
