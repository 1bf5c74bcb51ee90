//! What the service knows of the example office at the start, as rows.

use super::resources::{CUSTOMERS, RECEIVED_CALLS, RESOURCES};
use super::row::Row;
use super::table::Table;
use crate::generator::calls::{Call, Calls, LINES, Outcome, Side, national, tokyo};
use crate::generator::customers::{customer, usual_number};
use crate::generator::people::{Person, people};
use chrono::{DateTime, Utc};

/// What generated rows are made from.
#[derive(Debug)]
pub(super) struct Office {
    seed: u64,
    customers: usize,
    people: Vec<Person>,
    calls: Calls,
}

/// The caller who withholds their number, as the service writes it.
pub(super) const WITHHELD: &str = "非通知";

/// How many colleagues have an account at the service.
const USERS: usize = 60;

impl Office {
    /// An office whose history ends at `until`.
    pub(super) fn new(seed: u64, calls: usize, customers: usize, until: DateTime<Utc>) -> Self {
        let people = people(seed, USERS);
        let calls = Calls::new(seed, Side::Office, calls, &people, customers, until);
        Self { seed, customers, people, calls }
    }

    /// The tables in the order of the resources.
    pub(super) fn tables(&self) -> Vec<Table> {
        let table = |index: usize| match index {
            CUSTOMERS => Table::generated(RESOURCES[index].fields, self.customers as u64, customer_row),
            RECEIVED_CALLS => Table::generated(RESOURCES[index].fields, self.calls.len() as u64, call_row),
            _ => Table::of(RESOURCES[index].fields, self.examples(RESOURCES[index].path)),
        };
        (0..RESOURCES.len()).map(table).collect()
    }

    /// The generated call with this key.
    pub(super) fn call(&self, key: u64) -> Call {
        self.calls.get(key as usize - 1)
    }

    /// The key of the customer in the generated address book who usually calls from this number, as the exchange shows it.
    pub(super) fn customer_with(&self, number: &str) -> Option<u64> {
        (0..self.customers).find(|&index| national(&usual_number(index)) == number).map(|index| index as u64 + 1)
    }

    fn examples(&self, path: &str) -> Vec<Row> {
        match path {
            "ContainmentLine" => self.lines(),
            "UserManagement" => self.people.iter().map(user_row).collect(),
            _ => EXAMPLES.iter().filter(|it| it.0 == path).map(|it| row(it.1)).collect(),
        }
    }

    fn lines(&self) -> Vec<Row> {
        let main = national(LINES[0].number);
        let line = |index: usize| {
            let proxy = self.people.get(index).map_or_else(String::new, |it| it.extension_number.clone());
            vec![String::new(), national(LINES[index].number), main.clone(), "電話".to_owned(), proxy]
        };
        (0..LINES.len()).map(line).collect()
    }
}

/// A time as the service writes it: Tokyo, without a zone.
pub(super) fn written(at: DateTime<Utc>) -> String {
    at.with_timezone(&tokyo()).format("%Y/%-m/%-d %-H:%M:%S").to_string()
}

fn user_row(person: &Person) -> Row {
    row(&[&person.username, &person.name, "********", "一般", &person.extension_number])
}

fn row(values: &[&str]) -> Row {
    std::iter::once("").chain(values.iter().copied()).map(str::to_owned).collect()
}

fn customer_row(office: &Office, key: u64) -> Row {
    let it = customer(office.seed, key as usize - 1);
    let mut numbers = it.numbers.iter().map(|number| national(number)).collect::<Vec<_>>();
    numbers.resize(6, String::new());
    let mut values = vec![key.to_string(), it.name, it.kana, it.company];
    values.extend(numbers);
    values.extend([it.address, it.email, it.note]);
    values
}

fn call_row(office: &Office, key: u64) -> Row {
    let call = office.call(key);
    let (id, name) = match call.customer {
        Some(index) => ((index + 1).to_string(), customer(office.seed, index).name),
        None => ("0".to_owned(), String::new()),
    };
    let is_answered = call.outcome == Outcome::Answered;
    vec![
        key.to_string(),
        written(call.started_at),
        call.outside.as_deref().map_or_else(|| WITHHELD.to_owned(), national),
        national(LINES[call.line].number),
        (call.line + 1).to_string(),
        id,
        name,
        "着信".to_owned(),
        answer(is_answered).to_owned(),
        if is_answered { call.seconds.to_string() } else { "0".to_owned() },
        call.note.to_owned(),
    ]
}

/// The word for whether somebody took the call.
pub(super) fn answer(is_answered: bool) -> &'static str {
    if is_answered { "応答" } else { "不在" }
}

/// Example rows without their key.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("SIP-ServerConnection", &["192.0.2.1", "5060", "10", "0010", "example-1", "5060"]),
    ("SIP-ServerConnection", &["192.0.2.1", "5060", "11", "0011", "example-2", "5061"]),
    ("SIP-ServerConnection", &["192.0.2.1", "5060", "12", "0012", "example-3", "5062"]),
    ("IncomingCall-URL", &["顧客管理", "https://crm.example.jp/customers?tel=(TEL)", "1"]),
    ("IncomingCall-URL", &["受注一覧", "https://orders.example.jp/search?q=(TEL)", "0"]),
    ("IncomingCall-Command", &["メモ帳", "C:\\Windows\\notepad.exe", "(TEL)", "0"]),
    ("Notification-LINE-AccessToken", &["総務", "example-token-1", "0"]),
    ("Notification-Email-Address", &["受付", "reception@example.jp", "1"]),
    ("Notification-Email-Address", &["大阪", "osaka@example.jp", "1"]),
    ("PhoneNumber-SearchSite", &["番号検索", "https://numbers.example.jp/(TEL)"]),
    ("MessDef-Mail", &["標準", "着信のお知らせ", "(相手TEL) (顧客名) 様から着信がありました。"]),
    ("MessDef-Line", &["標準", "(相手TEL) (顧客名) 様から着信"]),
    ("MessDef-Toast", &["標準", "着信", "(相手TEL) (顧客名)"]),
    ("Mail-Account", &["smtp.example.jp", "587", "1", "frontdesk", "example-mail", "frontdesk@example.jp"]),
    ("Online-Activation", &["EXAMPLE-0001", "標準", "認証済み"]),
    ("Online-Activation", &["EXAMPLE-0002", "追加クライアント", "認証済み"]),
    ("DataBackup", &["D:\\Backup", "23:30", "7"]),
    ("Output-CSV", &["着信記録", "D:\\Export", "22:00"]),
    ("Output-EXCEL", &["顧客アドレス帳", "D:\\Export", "22:10"]),
];
