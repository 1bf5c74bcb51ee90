//! The people of the example office, known to all four systems.

use super::names::{FAMILY, GIVEN, LATIN_FAMILY, LATIN_GIVEN};
use super::{Purpose, stream};
use rand::Rng;

/// One colleague, with the identity that each system has for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Family and given name in the person's own script and order, such as `田中 健一`.
    pub name: String,
    /// The reading in katakana.
    pub kana: String,
    /// The name in Latin letters, given name first.
    pub latin: String,
    /// Work address, unique, under `example.jp`.
    pub email: String,
    /// Sign-in name, unique: the part of the address before the `@`.
    pub username: String,
    /// The team, such as `Sales`.
    pub department: String,
    /// The short number that colleagues dial, unique.
    pub extension_number: String,
    /// RingCentral's id of the extension, which is the id of the person there too; often beyond 32 bits.
    pub extension_id: i64,
    /// Chat&Messenger's user id: 20 letters and digits.
    pub cam_uid: String,
    /// Rocket.Chat's user id: 17 letters and digits.
    pub rocket_id: String,
    /// Direct number in E.164.
    pub phone: String,
}

/// Name, kana, Latin name, username, department, extension number and telephone of one fixed person.
type Fixed = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const FIXED: &[Fixed] = &[
    ("田中 健一", "タナカ ケンイチ", "Kenichi Tanaka", "t.kenichi", "Sales", "204", "+818055500104"),
    ("佐藤 美咲", "サトウ ミサキ", "Misaki Sato", "s.misaki", "Reception", "100", "+81355500100"),
    ("鈴木 大輔", "スズキ ダイスケ", "Daisuke Suzuki", "s.daisuke", "Sales", "206", "+818055500106"),
    ("高橋 由美", "タカハシ ユミ", "Yumi Takahashi", "t.yumi", "Accounts", "120", "+818055500120"),
    ("渡辺 翔", "ワタナベ ショウ", "Sho Watanabe", "w.sho", "Support", "311", "+818055500111"),
    ("伊藤 さくら", "イトウ サクラ", "Sakura Ito", "i.sakura", "People", "130", "+818055500130"),
    ("小林 拓也", "コバヤシ タクヤ", "Takuya Kobayashi", "k.takuya", "IT", "140", "+818055500140"),
    ("山本 亮", "ヤマモト リョウ", "Ryo Yamamoto", "y.ryo", "Osaka", "503", "+81655500131"),
    ("김민준", "キム ミンジュン", "Minjun Kim", "k.minjun", "Seoul", "231", "+8225550131"),
    ("Emma Clarke", "エマ クラーク", "Emma Clarke", "c.emma", "Overseas", "221", "+442079460921"),
    ("Luis Ortega", "ルイス オルテガ", "Luis Ortega", "o.luis", "Procurement", "415", "+818055500141"),
    ("陳 怡君", "チン イクン", "Yi-Chun Chen", "c.yichun", "Taipei", "251", "+886255500160"),
];

const DEPARTMENTS: &[&str] =
    &["Sales", "Support", "Accounts", "Osaka", "Overseas", "IT", "People", "Procurement", "Logistics", "Design"];

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The first `n` people of the office of this seed; the first twelve are the same for every seed, except for their ids.
pub fn people(seed: u64, n: usize) -> Vec<Person> {
    (0..n).map(|index| person(seed, index)).collect()
}

/// The person at `index`, without making the ones before.
pub fn person(seed: u64, index: usize) -> Person {
    let mut rng = stream(seed, Purpose::Person, index as u64);
    let named = FIXED.get(index).map_or_else(|| combined(index), fixed);
    Person {
        email: format!("{}@example.jp", named.username),
        extension_id: extension_id(index),
        cam_uid: letters(&mut rng, 20),
        rocket_id: letters(&mut rng, 17),
        ..named
    }
}

/// Two out of three ids do not fit into 32 bits, as on an account that has grown over the years.
fn extension_id(index: usize) -> i64 {
    let index = index as i64;
    match index % 3 {
        0 => 62_264_425_008 + index * 1_000,
        1 => 400_131_427_008 + index * 1_000,
        _ => 130_836_004 + index * 1_000,
    }
}

fn letters(rng: &mut impl Rng, count: usize) -> String {
    (0..count).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}

fn fixed(it: &Fixed) -> Person {
    named([it.0, it.1, it.2], it.3.to_owned(), it.4, it.5.to_owned(), it.6.to_owned())
}

fn named(names: [&str; 3], username: String, department: &str, extension_number: String, phone: String) -> Person {
    Person {
        name: names[0].to_owned(),
        kana: names[1].to_owned(),
        latin: names[2].to_owned(),
        email: String::new(),
        username,
        department: department.to_owned(),
        extension_number,
        extension_id: 0,
        cam_uid: String::new(),
        rocket_id: String::new(),
        phone,
    }
}

/// Every eighth person has a Latin name; when all pairs of names are used, they return with a number in the username.
fn combined(index: usize) -> Person {
    let k = index - FIXED.len();
    let (name, kana, latin, round) = match k % 8 {
        7 => latin_name(k / 8),
        _ => japanese_name(k - k / 8),
    };
    let mut username = latin.to_lowercase().replace(' ', ".");
    if round > 0 {
        username.push_str(&(round + 1).to_string());
    }
    let (department, number) = (DEPARTMENTS[k % DEPARTMENTS.len()], (1_000 + k).to_string());
    named([&name, &kana, &latin], username, department, number, format!("+81355{:06}", 510_000 + k))
}

/// Name, kana, Latin name and how often the pair was used before.
fn japanese_name(k: usize) -> (String, String, String, usize) {
    let (f, g, round) = pair(k, FAMILY.len(), GIVEN.len());
    let (family, given) = (FAMILY[f], GIVEN[g]);
    let name = format!("{} {}", family.0, given.0);
    (name, format!("{} {}", family.1, given.1), format!("{} {}", given.2, family.2), round)
}

fn latin_name(k: usize) -> (String, String, String, usize) {
    let (f, g, round) = pair(k, LATIN_FAMILY.len(), LATIN_GIVEN.len());
    let (family, given) = (LATIN_FAMILY[f], LATIN_GIVEN[g]);
    let latin = format!("{} {}", given.0, family.0);
    (latin.clone(), format!("{} {}", given.1, family.1), latin, round)
}

/// Walks over all pairs of two lists whose lengths share no factor, both lists moving at each step.
fn pair(k: usize, first: usize, second: usize) -> (usize, usize, usize) {
    (k % first, k % second, k / (first * second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_office_is_the_same_in_every_run() {
        assert_eq!(people(7, 40), people(7, 40));
        assert_ne!(people(7, 1)[0].cam_uid, people(8, 1)[0].cam_uid);
        assert_eq!(people(7, 500)[499], person(7, 499), "a person does not depend on how many are made");
    }

    #[test]
    fn the_first_person_is_known() {
        let tanaka = person(1, 0);
        assert_eq!(
            (tanaka.name.as_str(), tanaka.email.as_str(), tanaka.extension_number.as_str(), tanaka.department.as_str()),
            ("田中 健一", "t.kenichi@example.jp", "204", "Sales")
        );
        assert_eq!((tanaka.cam_uid.len(), tanaka.rocket_id.len()), (20, 17));
    }

    #[test]
    fn three_thousand_people_share_no_identity() {
        let all = people(1, 3_000);
        fn distinct<T: std::hash::Hash + Eq>(all: &[Person], key: impl Fn(&Person) -> T) -> usize {
            all.iter().map(key).collect::<HashSet<_>>().len()
        }
        assert_eq!(distinct(&all, |it| it.email.clone()), 3_000);
        assert_eq!(distinct(&all, |it| it.extension_id), 3_000);
        assert_eq!(distinct(&all, |it| it.extension_number.clone()), 3_000);
        assert_eq!(distinct(&all, |it| it.cam_uid.clone()), 3_000);
        assert_eq!(distinct(&all, |it| it.phone.clone()), 3_000);
    }

    #[test]
    fn some_extension_ids_need_more_than_32_bits_and_some_do_not() {
        let all = people(1, 12);
        assert!(all.iter().any(|it| it.extension_id > i64::from(i32::MAX)));
        assert!(all.iter().any(|it| it.extension_id < i64::from(i32::MAX)));
    }
}
