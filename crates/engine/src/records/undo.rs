//! Taking back what stands in the log of writes: another write, made of what was kept, unless somebody changed the same since.

use model::audit::{AuditEntry, AuditPutBack, WayBack, way_back};
use model::call::CallNoted;
use model::record::{RowChange, Updated};
use model::{CallId, Failure, Raw, Reason};

use crate::console::Console;
use crate::records::log::Ties;
use crate::records::row::Fields;

impl Console {
    /// Takes an entry of the log back: a row gets the values that it had, one that was made goes, one that went comes back under a new
    /// key, a note reads as before. It is a write like any other, and stands in the log too. What was taken back, from here or by a
    /// commit, or may have been, is not taken back again.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such entry or it cannot be taken back; what the system answers.
    pub async fn audit_put_back(&self, number: u64) -> Result<AuditPutBack, Failure> {
        let _turn = self.0.records.turn.lock().await;
        let entry = self.0.store.read(move |r| store::audit::get(r, number)).await?;
        let entry = entry.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, number.to_string()))?;
        let not_offered = || Failure::invalid(Reason::NotOffered, number.to_string());
        if !entry.can_put_back {
            return Err(not_offered());
        }
        let done = entry.deed.done.clone();
        let became = self.put_entry_back(entry).await;
        let may_be_back = match &became {
            Ok(AuditPutBack::Done | AuditPutBack::UnderKey { .. }) | Err(Failure::Unknown(_)) => true,
            Ok(AuditPutBack::Conflict { .. }) | Err(_) => false,
        };
        if let Some(done) = done.filter(|_| may_be_back) {
            self.mark_put_back(done).await?;
        }
        became
    }

    async fn put_entry_back(&self, entry: AuditEntry) -> Result<AuditPutBack, Failure> {
        let AuditEntry { number, deed, outcome, .. } = entry;
        let not_offered = || Failure::invalid(Reason::NotOffered, number.to_string());
        let (Some(key), Some(way)) = (&deed.key, way_back(&deed, outcome)) else { return Err(not_offered()) };
        let ties = Ties { done: None, puts_back: Some(number) };
        let (id, path) = (&deed.connection, deed.resource.as_deref().unwrap_or_default());
        match way {
            WayBack::DeleteRow => self.remove_row(id, path, key, ties).await.map(|()| AuditPutBack::Done),
            WayBack::CreateRow => {
                let made = self.make_row(id, path, &deed.before.ok_or_else(not_offered)?, ties).await?;
                Ok(AuditPutBack::UnderKey { key: made.key })
            }
            WayBack::UpdateRow => {
                let change = reverse(deed.before.as_ref(), deed.after).ok_or_else(not_offered)?;
                Ok(match self.change_row(id, path, key, &change, ties).await? {
                    Updated::Done(_) => AuditPutBack::Done,
                    Updated::Conflict(conflict) => AuditPutBack::Conflict { fields: conflict.fields },
                })
            }
            WayBack::WriteNote => {
                let before = Fields::read(&deed.before.ok_or_else(not_offered)?)?;
                let text = crate::records::row::text(before.get("note").unwrap_or("null"));
                Ok(match self.call_note(&CallId(key.clone()), &text, None).await? {
                    CallNoted::Done(_) => AuditPutBack::Done,
                    CallNoted::Conflict(conflict) => AuditPutBack::Conflict { fields: conflict.fields },
                })
            }
        }
    }
}

/// The change from the row after to the row before: the fields that differ, with their old values.
fn reverse(before: Option<&Raw>, after: Option<Raw>) -> Option<RowChange> {
    let (old, new) = (Fields::read(before?).ok()?, Fields::read(after.as_ref()?).ok()?);
    let differs = |name: &&str| old.get(name) != new.get(name);
    let names: Vec<&str> = new.iter().map(|(name, _)| name).filter(differs).collect();
    let fields = names.iter().map(|name| (*name, old.get(name).unwrap_or("null")));
    Some(RowChange { fields: fields.collect::<Fields>().raw(), seen: after.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_put_back() {
        let raw = |text: &str| Raw(text.to_owned());
        let before = raw(r#"{"ID":"2","名称":"x","備考":"old"}"#);
        let after = raw(r#"{"ID":"2","名称":"x","備考":"new","追加":"1"}"#);
        let change = reverse(Some(&before), Some(after.clone())).unwrap();
        assert_eq!(change.fields.0, r#"{"備考":"old","追加":null}"#);
        assert_eq!(change.seen, Some(after));
    }
}
