//! The customers of the example office: eleven fixed ones, then as many as asked for.

use super::names::{COMPANY, FAMILY, GIVEN, LATIN_COMPANY, LATIN_FAMILY, LATIN_GIVEN, PLACE, TRADE};
use super::{Purpose, stream};
use rand::Rng;

/// Somebody who calls from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Number of the entry, from 1.
    pub id: u64,
    /// The person to speak with, in their own script.
    pub name: String,
    /// The reading in katakana; empty where nobody wrote one down.
    pub kana: String,
    /// The company.
    pub company: String,
    /// One to three telephone numbers in E.164, the usual one first.
    pub numbers: Vec<String>,
    /// Address for mail, under `example.com`; may be empty.
    pub email: String,
    /// Postal address with its code; may be empty.
    pub address: String,
    /// What the office should know; may be empty.
    pub note: String,
}

/// Name, kana, company, numbers and note of one fixed customer.
type Fixed = (&'static str, &'static str, &'static str, &'static [&'static str], &'static str);

const FIXED: &[Fixed] = &[
    ("西村 彩", "ニシムラ アヤ", "北浜デザイン", &["+81655500118", "+818055500119"], "納品は水曜午前。領収書は PDF で"),
    ("山岸 恵子", "ヤマギシ ケイコ", "ひがし野製作所", &["+81355500142"], ""),
    ("黒田 亨", "クロダ トオル", "南星物流", &["+81355500171"], "配車係"),
    ("Daniel Ashby", "ダニエル アシュビー", "Meridian Freight", &["+12125550148"], "English only"),
    ("大野 修", "オオノ オサム", "まるやま歯科クリニック", &["+81355500164"], ""),
    ("Grace Holloway", "グレース ホロウェイ", "Harbour & Pine", &["+442079460958"], ""),
    ("川瀬 浩", "カワセ ヒロシ", "川瀬印刷", &["+81355500126"], ""),
    ("三宅 文", "ミヤケ フミ", "つばめ会計事務所", &["+81355500109"], "折り返しは午後に"),
    ("이서연", "イ ソヨン", "한빛무역", &["+8225550133"], ""),
    ("宮田 聡", "ミヤタ サトシ", "宮田建材", &["+81355500155"], ""),
    ("林 志豪", "リン シゴウ", "福成電子", &["+886255500162"], ""),
];

const NOTES: &[&str] = &["担当は営業", "請求は月末締め", "担当者不在が多い", "Prefers e-mail", "折り返しは 15 時以降"];

/// The first `n` customers of the office of this seed.
pub fn customers(seed: u64, n: usize) -> impl Iterator<Item = Customer> {
    (0..n).map(move |index| customer(seed, index))
}

/// The customer at `index` (whose id is one more), without making the ones before.
pub fn customer(seed: u64, index: usize) -> Customer {
    let mut rng = stream(seed, Purpose::Customer, index as u64);
    let place = PLACE[rng.random_range(0..PLACE.len())];
    let address = format!("〒{} {}{}-{}", place.0, place.1, rng.random_range(1..30), rng.random_range(1..20));
    let named = FIXED.get(index).map_or_else(|| combined(index, &mut rng), fixed);
    Customer { id: index as u64 + 1, email: format!("c{:05}@example.com", index + 1), address, ..named }
}

/// The usual number of the customer at `index`, without making the rest of the entry.
pub fn usual_number(index: usize) -> String {
    match FIXED.get(index) {
        Some(it) => it.3[0].to_owned(),
        None => combined_number(index),
    }
}

fn fixed(it: &Fixed) -> Customer {
    let numbers = it.3.iter().map(|&number| number.to_owned()).collect();
    named([it.0, it.1], it.2.to_owned(), numbers, it.4)
}

fn named(names: [&str; 2], company: String, numbers: Vec<String>, note: &str) -> Customer {
    Customer {
        id: 0,
        name: names[0].to_owned(),
        kana: names[1].to_owned(),
        company,
        numbers,
        email: String::new(),
        address: String::new(),
        note: note.to_owned(),
    }
}

/// Every twelfth customer has a Latin name.
fn is_latin(index: usize) -> bool {
    index % 12 == 11
}

fn combined(index: usize, rng: &mut impl Rng) -> Customer {
    let mut numbers = vec![combined_number(index)];
    if rng.random_ratio(1, 4) {
        numbers.push(format!("+8180556{:05}", index % 100_000));
    }
    let note = if rng.random_ratio(1, 5) { NOTES[rng.random_range(0..NOTES.len())] } else { "" };
    if is_latin(index) {
        let given = LATIN_GIVEN[rng.random_range(0..LATIN_GIVEN.len())];
        let family = LATIN_FAMILY[rng.random_range(0..LATIN_FAMILY.len())];
        let company = LATIN_COMPANY[rng.random_range(0..LATIN_COMPANY.len())].to_owned();
        return named([&format!("{} {}", given.0, family.0), ""], company, numbers, note);
    }
    let (family, given) = (FAMILY[rng.random_range(0..FAMILY.len())], GIVEN[rng.random_range(0..GIVEN.len())]);
    let company =
        format!("{}{}", COMPANY[rng.random_range(0..COMPANY.len())].0, TRADE[rng.random_range(0..TRADE.len())]);
    named([&format!("{} {}", family.0, given.0), &format!("{} {}", family.1, given.1)], company, numbers, note)
}

/// The area codes whose numbers 555-0100 to 555-0199 are kept free for examples.
const AMERICAN_AREAS: [u32; 10] = [212, 312, 415, 617, 702, 206, 305, 404, 503, 646];

/// Unique up to 200,000 customers; the numbers lie beside those of the office's own people.
fn combined_number(index: usize) -> String {
    let latin = index / 12;
    if is_latin(index) && latin < AMERICAN_AREAS.len() * 40 {
        return format!("+1{}55501{:02}", AMERICAN_AREAS[latin / 40], latin % 40);
    }
    let (area, rest) = ([3, 6][index % 2], index / 2);
    format!("+81{area}{:04}{:04}", 5552 + rest / 10_000, rest % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_first_customer_is_known() {
        let first = customer(3, 0);
        assert_eq!((first.id, first.name.as_str(), first.kana.as_str()), (1, "西村 彩", "ニシムラ アヤ"));
        assert_eq!(first.numbers, ["+81655500118", "+818055500119"]);
    }

    #[test]
    fn no_two_of_a_hundred_thousand_share_their_usual_number() {
        let numbers: HashSet<String> = (0..100_000).map(usual_number).collect();
        assert_eq!(numbers.len(), 100_000);
    }

    #[test]
    fn a_customer_does_not_depend_on_how_many_are_made() {
        let all: Vec<Customer> = customers(3, 60).collect();
        assert_eq!(all[59], customer(3, 59));
        assert!(all.iter().enumerate().all(|(index, it)| it.numbers[0] == usual_number(index)));
    }
}
