//! The vendor's rows: which field means what, and how a row becomes a call or a customer.
//!
//! The fields of one resource only are published. The others are found by likely names, compared after folding of width,
//! case and kana; what is not recognised stays in the raw record.

mod answer;
mod columns;
mod new_customer;
mod row;
mod rows;

use std::collections::HashMap;

use model::call::{Direction, Outcome, Party, SeenCall};
use model::customer::Customer;
use model::{ConnectionId, CustomerId, Failure, Raw, Time, phone};

pub(crate) use answer::Said;
pub(crate) use new_customer::new_customer;
pub(crate) use row::Change;
pub(crate) use rows::{Page, Row};

use columns::{CALL, CUSTOMER, Columns, Fields, Role, folded};

use crate::times::{self, Zone};

/// The country whose national numbers the system writes.
const REGION: &str = "JP";

/// The most texts of one kind whose reading is remembered.
const MOST_TEXTS: usize = 20_000;

/// A number that is the same for the same text of a row, in every version of this program (FNV-1a); it makes ids.
fn digest(row: &str) -> u64 {
    row.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A number that tells, while the program runs, whether a row is still the same; eight bytes at a time.
pub(crate) fn mark(row: &str) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |mark: u64, word: u64| (mark.rotate_left(23) ^ word).wrapping_mul(MIX);
    let (words, rest) = row.as_bytes().as_chunks::<8>();
    let whole = words.iter().fold(row.len() as u64, |mark, word| mix(mark, u64::from_le_bytes(*word)));
    rest.iter().fold(whole, |mark, byte| mix(mark, u64::from(*byte)))
}

/// Reads the rows of 着信記録.
pub(crate) struct CallRows {
    columns: Columns,
    zone: Zone,
    numbers: HashMap<String, Option<String>>,
    words: HashMap<String, Option<Outcome>>,
}

impl CallRows {
    /// For rows of a server whose clock hangs in `zone`.
    pub(crate) fn new(zone: Zone) -> Self {
        Self { columns: Columns::new(CALL, false), zone, numbers: HashMap::new(), words: HashMap::new() }
    }

    /// One row as a call; never fails, because what cannot be read stays in the raw record.
    pub(crate) fn call(&mut self, row: &Row<'_>) -> SeenCall {
        let fields = self.columns.read(row);
        let from = Party { name: fields.owned(Role::FromName), ..self.party(fields.best(Role::From)) };
        let outcome = self.outcome(&fields.all(Role::Result));
        // While somebody speaks the row says that they answered and has no length yet.
        let is_length = |seconds: &u32| *seconds > 0 || outcome != Outcome::Answered;
        SeenCall {
            external_id: fields.id(row),
            session_id: None,
            started_at: began(&fields, self.zone),
            duration_seconds: fields.best(Role::Duration).and_then(times::seconds).filter(is_length),
            direction: Direction::Inbound,
            outcome,
            from,
            to: self.party(fields.best(Role::To)),
            line: fields.owned(Role::LineName).or_else(|| fields.owned(Role::LineNumber)),
            extensions: Vec::new(),
            customer_external_id: fields.owned(Role::CustomerId).filter(|id| !id.trim_start_matches('0').is_empty()),
            note: fields.owned(Role::Note).or_else(|| self.remark(fields.best(Role::Handling)?)),
            legs: Vec::new(),
            raw: Raw(row.raw.to_owned()),
        }
    }

    fn party(&mut self, number: Option<&str>) -> Party {
        let raw = number.unwrap_or_default();
        let e164 = remembered(&mut self.numbers, raw, |raw| phone::e164(raw, REGION));
        Party { raw: raw.to_owned(), e164, ..Party::default() }
    }

    /// What the texts say became of the call; a text that says nothing of it, such as 電話 or 未対応, is passed over.
    fn outcome(&mut self, texts: &[&str]) -> Outcome {
        texts.iter().find_map(|text| remembered(&mut self.words, text, outcome)).unwrap_or(Outcome::Unknown)
    }

    /// What stands in 対応 as a note, unless it is one of the words that say what became of the call.
    fn remark(&mut self, handling: &str) -> Option<String> {
        let is_word = remembered(&mut self.words, handling, outcome).is_some() || folded(handling) == "未対応";
        (!is_word).then(|| handling.to_owned())
    }
}

/// What `find` makes of a text, worked out once for each text.
fn remembered<T: Clone>(memory: &mut HashMap<String, T>, text: &str, find: impl FnOnce(&str) -> T) -> T {
    if let Some(known) = memory.get(text) {
        return known.clone();
    }
    if memory.len() >= MOST_TEXTS {
        memory.clear();
    }
    let found = find(text);
    memory.insert(text.to_owned(), found.clone());
    found
}

/// When a call began: one field may hold it whole whatever its name, or two hold a date and a time of day.
fn began(fields: &Fields<'_>, zone: Zone) -> Option<Time> {
    let whole = |role| fields.best(role).and_then(|text| times::date_time(text, zone));
    let split = || {
        let date = fields.best(Role::Date).or_else(|| fields.best(Role::At))?;
        times::split(date, fields.best(Role::TimeOfDay)?, zone)
    };
    whole(Role::At).or_else(split).or_else(|| whole(Role::Date)).or_else(|| whole(Role::TimeOfDay))
}

/// What a text says became of a call.
fn outcome(text: &str) -> Option<Outcome> {
    const WORDS: &[(Outcome, &[&str])] = &[
        (
            Outcome::Missed,
            &["不在", "未応答", "無応答", "不応答", "応答ナシ", "応答無シ", "不出", "missed", "noanswer"],
        ),
        (Outcome::Voicemail, &["留守", "voicemail"]),
        (Outcome::Refused, &["拒否", "rejected", "blocked"]),
        (Outcome::Answered, &["応答", "通話", "対応済", "answered"]),
    ];
    let text = folded(text);
    let says = |(_, words): &&(Outcome, &[&str])| words.iter().any(|word| text.contains(word));
    WORDS.iter().find(says).map(|(outcome, _)| *outcome)
}

/// Reads the rows of 顧客アドレス帳.
///
/// # Errors
/// [`Failure::Surprise`] where the list breaks off.
pub(crate) fn customers(page: &Page, connection: &ConnectionId) -> Result<Vec<Customer>, Failure> {
    let mut columns = Columns::new(CUSTOMER, true);
    page.rows()?.map(|row| row.map(|row| customer(&columns.read(&row), &row, connection))).collect()
}

fn customer(fields: &Fields<'_>, row: &Row<'_>, connection: &ConnectionId) -> Customer {
    let external_id = fields.id(row);
    let mut numbers = fields.all(Role::Number);
    numbers.retain(|number| phone::digits(number).len() >= 3);
    let parts = [fields.best(Role::FamilyName), fields.best(Role::GivenName)];
    let whole = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let company = fields.owned(Role::Company);
    let name = fields.owned(Role::Name).or_else(|| (!whole.is_empty()).then_some(whole)).or_else(|| company.clone());
    let name = name.or_else(|| numbers.first().map(|it| (*it).to_owned())).unwrap_or_else(|| external_id.clone());
    let mut address = fields.all(Role::PostCode);
    address.truncate(1);
    address.extend(fields.all(Role::Address));
    Customer {
        id: CustomerId(format!("{connection}/{external_id}")),
        connection: connection.clone(),
        name,
        kana: fields.owned(Role::Kana),
        company,
        numbers: numbers.iter().map(|number| phone::party(number, REGION)).collect(),
        email: fields.owned(Role::Email),
        address: (!address.is_empty()).then(|| address.join(" ")),
        note: fields.owned(Role::Note),
        external_id,
    }
}

/// Whether a row looks like one of 収容回線, the only resource whose fields are published.
pub(crate) fn is_line(row: &Row<'_>) -> bool {
    ["回線No", "着信TEL", "代表TEL", "代理内線番号"].iter().any(|key| row.key(key).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(json: &str) -> SeenCall {
        let page = Page::of_text(&format!("[{json}]")).unwrap();
        let row = page.rows().unwrap().next().unwrap().unwrap();
        CallRows::new(Zone::Named(chrono_tz::Asia::Tokyo)).call(&row)
    }

    #[test]
    fn the_names_in_the_tables_are_written_as_they_are_compared() {
        for name in CALL.iter().chain(CUSTOMER).flat_map(|(_, names)| *names) {
            assert_eq!(folded(name), *name);
        }
    }

    #[test]
    fn a_call_is_read_whatever_the_width_of_its_field_names() {
        let json = r#"{"ＩＤ":"7","着信日時":"2026/10/14 10:31:04","相手ＴＥＬ":"0355500142","顧客名":"西村 彩","着信TEL":"0731235678","回線No":1,"Ｋ＿ＩＤ":"12","種別":"不在着信","memo":"折り返し"}"#;
        let seen = call(json);
        assert_eq!(seen.external_id, "7");
        assert_eq!(seen.started_at.unwrap().to_string(), "2026-10-14T01:31:04.000Z");
        assert_eq!(seen.from.raw, "0355500142");
        assert_eq!(seen.from.e164.as_deref(), Some("+81355500142"));
        assert_eq!(seen.from.name.as_deref(), Some("西村 彩"));
        assert_eq!(seen.to.raw, "0731235678");
        assert_eq!(seen.line.as_deref(), Some("1"));
        assert_eq!(seen.customer_external_id.as_deref(), Some("12"));
        assert_eq!(seen.outcome, Outcome::Missed);
        assert_eq!(seen.note.as_deref(), Some("折り返し"));
        assert_eq!(seen.raw.0, json);
    }

    #[test]
    fn what_cannot_be_read_is_kept_raw() {
        let seen = call(r#"{"ID":9,"着信日時":"きのう","相手TEL":"非通知","顧客ID":"0","種別":"電話","新しい":[1]}"#);
        assert_eq!((seen.started_at, seen.from.raw.as_str(), seen.from.e164), (None, "非通知", None));
        assert_eq!((seen.customer_external_id, seen.outcome), (None, Outcome::Unknown));
        assert_eq!(call(r#"{"ID":1,"対応":"応答","メモ":""}"#).note, None, "a word of outcome is no note");
        assert_eq!(call(r#"{"ID":1,"対応":"山田さんへ伝言"}"#).note.as_deref(), Some("山田さんへ伝言"));
        assert!(call("42").external_id.starts_with("row-"));
        assert_eq!(call(r#"{"x":1}"#).external_id, call(r#"{"x":1}"#).external_id);
        assert_ne!(call(r#"{"x":1}"#).external_id, call(r#"{"x":2}"#).external_id);
    }

    #[test]
    fn a_time_in_two_fields_is_put_together() {
        let seen = call(r#"{"ID":"1","着信日":"2026/10/14","着信時刻":"10:31:04"}"#);
        assert_eq!(seen.started_at.unwrap().to_string(), "2026-10-14T01:31:04.000Z");
        let seen = call(r#"{"ID":12345678901234567890,"日時":"/Date(1566000000000+0900)/"}"#);
        assert_eq!(seen.started_at.unwrap().to_string(), "2019-08-17T00:00:00.000Z");
        assert_eq!(seen.external_id, "12345678901234567890");
    }

    #[test]
    fn a_time_is_found_in_whatever_field_holds_it_whole() {
        let at = |json: &str| call(json).started_at.map(|at| at.to_string());
        let expected = Some("2026-10-14T01:31:04.000Z".to_owned());
        assert_eq!(at(r#"{"ID":"1","着信時間":"2026/10/14 10:31:04"}"#), expected);
        assert_eq!(at(r#"{"ID":"1","日付":"20261014103104"}"#), expected);
        assert_eq!(at(r#"{"ID":"1","着信日時":"2026/10/14","時刻":"10:31:04"}"#), expected);
        assert_eq!(at(r#"{"ID":"1","着信日時":"\/Date(1791941464000+0900)\/"}"#), expected);
        assert_eq!(at(r#"{"ID":"1","着信日時":20261014103104}"#), expected);
        assert_eq!(at(r#"{"ID":"1","着信日時":"2026/10/14"}"#), None, "a day is no instant");
    }

    #[test]
    fn a_withheld_number_is_shown_as_its_word_and_never_as_a_number() {
        for word in
            ["非通知", "公衆電話", "表示圏外", "anonymous", "Anonymous", "P", "O", "C", "Ｐ", "-", "0", "*", "通知不可"]
        {
            let from = call(&format!(r#"{{"ID":"1","相手TEL":"{word}"}}"#)).from;
            assert_eq!((from.raw.as_str(), from.e164), (word, None));
        }
        for nothing in [r#"{"ID":"1","相手TEL":""}"#, r#"{"ID":"1","相手TEL":null}"#, r#"{"ID":"1"}"#] {
            let from = call(nothing).from;
            assert_eq!((from.raw.as_str(), from.e164), ("", None), "{nothing}");
        }
    }

    #[test]
    fn words_say_what_became_of_a_call() {
        let mut reader = CallRows::new(Zone::Computer);
        let mut check = |texts: &[&str], expected: Outcome| assert_eq!(reader.outcome(texts), expected, "{texts:?}");
        check(&["応答"], Outcome::Answered);
        check(&["電話", "対応済み"], Outcome::Answered);
        check(&["応答なし"], Outcome::Missed);
        check(&["未応答"], Outcome::Missed);
        check(&["不在着信"], Outcome::Missed);
        check(&["留守番電話"], Outcome::Voicemail);
        check(&["着信拒否"], Outcome::Refused);
        check(&["未対応"], Outcome::Unknown);
        check(&["電話"], Outcome::Unknown);
        check(&[], Outcome::Unknown);
    }

    #[test]
    fn a_customer_has_every_number_of_its_row() {
        let json = r#"{"顧客ID":"12","氏名":"西村 彩","ふりがな":"ニシムラ アヤ","会社名":"西村商店","TEL1":"03-5550-0142","TEL2":"","携帯電話":"090-5550-0142","〒":"100-0001","住所1":"東京都千代田区","住所2":"1-1","メールアドレス":"aya@example.com","備考":"常連"}"#;
        let page = Page::of_text(json).unwrap();
        let found = customers(&page, &ConnectionId::from("c1")).unwrap();
        let it = &found[0];
        assert_eq!((it.id.as_str(), it.external_id.as_str(), it.name.as_str()), ("c1/12", "12", "西村 彩"));
        assert_eq!(it.kana.as_deref(), Some("ニシムラ アヤ"));
        assert_eq!(it.company.as_deref(), Some("西村商店"));
        let numbers: Vec<_> = it.numbers.iter().filter_map(|party| party.e164.as_deref()).collect();
        assert_eq!(numbers, ["+81355500142", "+819055500142"]);
        assert_eq!(it.address.as_deref(), Some("100-0001 東京都千代田区 1-1"));
        assert_eq!((it.email.as_deref(), it.note.as_deref()), (Some("aya@example.com"), Some("常連")));
    }

    #[test]
    fn a_customer_without_a_name_is_called_by_what_there_is() {
        let name = |json: &str| {
            let page = Page::of_text(json).unwrap();
            customers(&page, &ConnectionId::from("c1")).unwrap()[0].name.clone()
        };
        assert_eq!(name(r#"{"顧客ID":"1","姓":"西村","名":"彩"}"#), "西村 彩");
        assert_eq!(name(r#"{"顧客ID":"1","会社名":"西村商店"}"#), "西村商店");
        assert_eq!(name(r#"{"顧客ID":"1","TEL":"0355500142"}"#), "0355500142");
        assert_eq!(name(r#"{"顧客ID":"1"}"#), "1");
    }
}
