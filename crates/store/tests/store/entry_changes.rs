//! Changes of customers and people that were seen: beside what was cached, never at a first reading, many of them counted.

use model::call::Party;
use model::customer::Customer;
use model::entry_change::EntryChange;
use model::event::Table;
use model::person::{Person, PersonKind};
use store::Store;

use crate::making::{at, customer, number, office, person, read, store, write};

/// Reads the address book at this minute, as the engine does.
async fn customers(store: &Store, minute: i64, customers: Vec<Customer>) -> bool {
    let tables = write(store, move |w| {
        store::entry_changes::of_customers(w, &office(), &customers, at(minute))?;
        store::customers::replace(w, &office(), &customers)
    })
    .await;
    tables.contains(&Table::Reservations)
}

async fn people(store: &Store, minute: i64, people: Vec<Person>) {
    write(store, move |w| {
        store::entry_changes::of_people(w, &office(), &people, at(minute))?;
        store::people::replace(w, &office(), &people)
    })
    .await;
}

async fn since(store: &Store, minute: i64) -> Vec<EntryChange> {
    let (changes, count) = read(store, move |r| store::entry_changes::since(r, at(minute), 200)).await;
    assert_eq!(count as usize, changes.len());
    changes
}

/// In words, the oldest first.
async fn words(store: &Store) -> Vec<String> {
    let mut words: Vec<String> = since(store, 0)
        .await
        .iter()
        .map(|it| {
            let value = |value: &Option<String>| value.clone().unwrap_or_default();
            format!("{:?} {:?} {}×{} {}>{}", it.list, it.kind, it.name, it.count, value(&it.before), value(&it.after))
        })
        .collect();
    words.reverse();
    words
}

fn with_numbers(mut customer: Customer, numbers: &[&str]) -> Customer {
    customer.numbers = numbers.iter().map(|it| number(it)).collect::<Vec<Party>>();
    customer
}

#[tokio::test]
async fn an_address_book_tells_what_differs_from_the_reading_before() {
    let store = store().await;
    let book = [customer("1", "黒田 亨", "0355500170"), customer("2", "西村 彩", "0655500118")];
    assert!(!customers(&store, 1, book.to_vec()).await, "a first reading announces no change");
    customers(&store, 2, book.to_vec()).await;
    customers(&store, 2, Vec::new()).await;
    customers(&store, 2, book.to_vec()).await;
    assert!(words(&store).await.is_empty(), "nor does one with nothing new, nor one that lost everything");

    let [kuroda, nishimura] = book;
    let written_anew = vec![with_numbers(kuroda.clone(), &["03-5550-0170"]), nishimura.clone()];
    customers(&store, 2, written_anew).await;
    assert!(words(&store).await.is_empty(), "a number that is written in another way is no other number");
    let moved =
        Customer { company: Some("南星物流".to_owned()), ..with_numbers(kuroda, &["0355500171", "08055500119"]) };
    let married = Customer { name: "北浜 彩".to_owned(), ..nishimura };
    assert!(customers(&store, 3, vec![moved.clone(), married, customer("3", "林 志豪", "0355500162")]).await);
    customers(&store, 4, vec![with_numbers(moved, &["08055500119"])]).await;
    let expected = [
        "Customers Added 林 志豪×1 >",
        "Customers Renamed 北浜 彩×1 西村 彩>北浜 彩",
        "Customers Company 黒田 亨×1 >南星物流",
        "Customers Numbers 黒田 亨×1 03-5550-0170>03-5550-0171 080-5550-0119",
        "Customers Removed 北浜 彩×1 >",
        "Customers Removed 林 志豪×1 >",
        "Customers Numbers 黒田 亨×1 03-5550-0171>",
    ];
    assert_eq!(words(&store).await, expected);
    assert_eq!(since(&store, 4).await.len(), 3);
    assert!(since(&store, 5).await.is_empty());
}

#[tokio::test]
async fn a_directory_tells_of_people_and_never_of_queues() {
    let store = store().await;
    let user = |id: &str, name: &str| person(id, name, PersonKind::User);
    let queue = |name: &str| person("q", name, PersonKind::Queue);
    people(&store, 1, vec![user("a", "古川 茜"), user("b", "山本 亮"), queue("営業")]).await;
    let off = Person { is_active: false, ..user("a", "古川 茜") };
    let moved = Person { extension: Some("231".to_owned()), ..user("b", "山本 亮") };
    people(&store, 2, vec![off, moved, queue("販売")]).await;
    people(&store, 3, vec![user("a", "古川 茜"), user("c", "김민준")]).await;
    let expected = [
        "People Extension 山本 亮×1 b>231",
        "People SwitchedOff 古川 茜×1 >",
        "People Added 김민준×1 >",
        "People Removed 山本 亮×1 >",
        "People SwitchedOn 古川 茜×1 >",
    ];
    assert_eq!(words(&store).await, expected);
}

#[tokio::test]
async fn many_changes_of_one_kind_are_one_row_and_hide_nothing_else() {
    let store = store().await;
    let book =
        |count: usize| (0..count).map(|it| customer(&it.to_string(), &format!("客 {it}"), "")).collect::<Vec<_>>();
    customers(&store, 1, book(3)).await;
    let mut grown = book(403);
    grown[0].name = "名".to_owned();
    customers(&store, 2, grown).await;
    assert_eq!(words(&store).await, ["Customers Added ×400 >", "Customers Renamed 名×1 客 0>名"]);
}

#[tokio::test]
async fn what_is_old_or_of_a_connection_that_goes_is_forgotten() {
    let store = store().await;
    customers(&store, 1, vec![customer("1", "一", "")]).await;
    customers(&store, 2, vec![customer("1", "二", "")]).await;
    customers(&store, 9, vec![customer("1", "三", "")]).await;
    write(&store, |w| store::entry_changes::prune(w, at(5))).await;
    assert_eq!(words(&store).await, ["Customers Renamed 三×1 二>三"]);
    write(&store, |w| store::connections::remove(w, &office())).await;
    assert!(words(&store).await.is_empty());
}
