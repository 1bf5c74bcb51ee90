//! What a person says of people, and since when links have been seen.

use std::collections::BTreeSet;
use std::path::Path;

use model::event::Table;
use model::person::{HealthList, LinkReason, PersonKind, PersonSaid, PutAside};
use model::{ConnectionId, PersonId, Reason, Time};
use store::person_links::{self, SeenLink};
use store::{Store, StoreError, Writer};

use crate::making::{OFFICE, at, connection, person, read, write};

fn word(one: &str, other: &str, is_same: Option<bool>, said_at: Option<Time>) -> PersonSaid {
    PersonSaid { one: one.into(), other: other.into(), is_same, at: said_at }
}

async fn say(store: &Store, word: PersonSaid, now: Time) -> PersonSaid {
    store.write(move |w| person_links::say(w, &word, now)).await.unwrap().value
}

async fn said(store: &Store) -> Vec<PersonSaid> {
    read(store, person_links::said).await
}

async fn seen(store: &Store) -> Vec<(SeenLink, Time)> {
    let mut all: Vec<_> = read(store, person_links::seen).await.into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// A database in a folder with two connections, each with one person.
async fn open(dir: &Path) -> Store {
    let store = Store::open(dir.to_owned()).await.unwrap().store;
    if read(&store, store::connections::all).await.is_empty() {
        write(&store, |w| store::connections::insert(w, &connection(OFFICE, "Office"))).await;
        write(&store, |w| store::connections::insert(w, &connection("c2", "Chat"))).await;
        fill(&store).await;
    }
    store
}

async fn fill(store: &Store) {
    write(store, |w| both(w, true)).await;
}

fn both(w: &mut Writer<'_>, is_there: bool) -> Result<(), StoreError> {
    for id in [OFFICE, "c2"] {
        let people = if is_there { vec![person("a", "佐藤", PersonKind::User)] } else { vec![] };
        store::people::replace(w, &ConnectionId::from(id), &people)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_word_is_kept_once_whichever_of_the_two_comes_first_and_tells_what_stood_there() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let nothing = word("c1/a", "c2/a", None, None);
    assert_eq!(say(&store, word("c2/a", "c1/a", Some(true), None), at(1)).await, nothing);
    let same = word("c1/a", "c2/a", Some(true), Some(at(1)));
    assert_eq!(said(&store).await, std::slice::from_ref(&same));
    let apart = word("c1/a", "c2/a", Some(false), Some(at(2)));
    assert_eq!(say(&store, word("c1/a", "c2/a", Some(false), None), at(2)).await, same);
    assert_eq!(said(&store).await, std::slice::from_ref(&apart));
    assert_eq!(say(&store, same.clone(), at(3)).await, apart);
    assert_eq!(said(&store).await, std::slice::from_ref(&same), "what is put back keeps its date");
    assert_eq!(say(&store, nothing, at(4)).await, same);
    assert_eq!(said(&store).await, []);
}

#[tokio::test]
async fn a_word_is_announced_as_a_change_of_people() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let say = |is_same| move |w: &mut Writer<'_>| person_links::say(w, &word("c1/a", "c2/a", is_same, None), at(1));
    assert_eq!(write(&store, say(Some(true))).await, BTreeSet::from([Table::People]));
    assert_eq!(write(&store, say(None)).await, BTreeSet::from([Table::People]));
    let aside = PutAside { person: "c1/a".into(), list: HealthList::Gone };
    let put = move |w: &mut Writer<'_>| person_links::set_aside(w, &aside, true, at(1));
    assert_eq!(write(&store, put).await, BTreeSet::from([Table::People]));
}

#[tokio::test]
async fn nothing_can_be_said_of_two_entries_of_one_directory() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let outcome = store.write(|w| person_links::say(w, &word("c1/a", "c1/b", Some(true), None), at(1))).await;
    assert_eq!(outcome.unwrap_err().why().reason, Reason::NotUsable);
    assert_eq!(said(&store).await, []);
}

#[tokio::test]
async fn a_link_is_dated_once_and_dated_anew_when_it_comes_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let link = |reason| -> SeenLink { ("c1/a".into(), "c2/a".into(), reason) };
    let (email, number) = (link(LinkReason::SameEmail), link(LinkReason::SameNumber));
    let see = async |links: Vec<SeenLink>, minute: i64| {
        write(&store, move |w| person_links::see(w, &links, at(minute))).await
    };
    let tables = see(vec![email.clone()], 1).await;
    assert_eq!(tables, BTreeSet::new(), "that it was seen is no news by itself");
    see(vec![email.clone(), number.clone()], 2).await;
    assert_eq!(seen(&store).await, [(email.clone(), at(1)), (number.clone(), at(2))]);
    see(vec![number.clone()], 3).await;
    assert_eq!(seen(&store).await, [(number.clone(), at(2))]);
    see(vec![email.clone(), number.clone()], 4).await;
    assert_eq!(seen(&store).await, [(email, at(4)), (number, at(2))]);
}

#[tokio::test]
async fn words_and_dates_outlive_a_rebuilt_cache_and_another_reading() {
    let dir = tempfile::tempdir().unwrap();
    let link: SeenLink = ("c1/a".into(), "c2/a".into(), LinkReason::SameEmail);
    let aside = PutAside { person: PersonId::from("c1/a"), list: HealthList::Unmatched };
    {
        let store = open(dir.path()).await;
        say(&store, word("c1/a", "c2/a", Some(false), None), at(1)).await;
        let (link, aside) = (link.clone(), aside.clone());
        write(&store, move |w| {
            person_links::see(w, &[link], at(2))?;
            person_links::set_aside(w, &aside, true, at(3))
        })
        .await;
    }
    std::fs::write(dir.path().join("cache.db"), b"not a database").unwrap();
    let opened = Store::open(dir.path().to_owned()).await.unwrap();
    assert!(opened.cache_was_rebuilt);
    let store = opened.store;
    // The first of two directories is read again: nobody can say yet that the link is gone.
    write(&store, |w| store::people::replace(w, &OFFICE.into(), &[person("a", "佐藤", PersonKind::User)])).await;
    write(&store, |w| person_links::see(w, &[], at(9))).await;
    fill(&store).await;
    assert_eq!(seen(&store).await, [(link, at(2))]);
    assert_eq!(said(&store).await, [word("c1/a", "c2/a", Some(false), Some(at(1)))]);
    assert_eq!(read(&store, person_links::put_aside).await, std::slice::from_ref(&aside));
    write(&store, move |w| person_links::set_aside(w, &aside, false, at(10))).await;
    assert_eq!(read(&store, person_links::put_aside).await, []);
}

#[tokio::test]
async fn what_was_said_goes_with_a_connection_that_is_removed_and_stays_with_a_person_who_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    say(&store, word("c1/a", "c2/a", Some(true), None), at(1)).await;
    write(&store, |w| both(w, false)).await;
    assert_eq!(said(&store).await.len(), 1, "who comes back is still known");
    write(&store, |w| store::connections::remove(w, &"c2".into())).await;
    assert_eq!(said(&store).await, []);
}
