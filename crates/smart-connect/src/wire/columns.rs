//! Which field of a row means what, found by its name.

use std::borrow::Cow;
use std::collections::HashMap;

use model::text;

use super::answer::scalar;
use super::rows::Row;

/// What a field may mean. One field can have several meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Id,
    At,
    Date,
    TimeOfDay,
    Duration,
    From,
    FromName,
    To,
    LineName,
    LineNumber,
    CustomerId,
    Result,
    Handling,
    Note,
    Name,
    FamilyName,
    GivenName,
    Kana,
    Company,
    Number,
    Email,
    PostCode,
    Address,
}

/// Names of the fields that can hold the key of a row in any table, folded: those that are documented, and likely ones.
pub(super) const ID_NAMES: &[&str] = &["id", "顧客id", "回線no", "着信id", "記録id", "着信記録id", "kid"];

/// Names of the fields of 着信記録, folded, the likeliest first.
pub(super) const CALL: &[(Role, &[&str])] = &[
    (Role::Id, &["id", "着信id", "記録id", "着信記録id"]),
    (Role::At, &["着信日時", "日時", "開始日時", "着信開始日時", "発生日時", "datetime", "date"]),
    (Role::Date, &["着信日", "日付", "着信日付"]),
    (Role::TimeOfDay, &["着信時刻", "時刻", "着信時間", "time"]),
    (Role::Duration, &["通話時間", "通話秒数", "duration"]),
    (
        Role::From,
        &[
            "相手tel",
            "発信tel",
            "発信者tel",
            "発信者番号",
            "相手電話番号",
            "相手番号",
            "fromtel",
            "from",
            "tel",
            "電話番号",
        ],
    ),
    (Role::FromName, &["相手名", "顧客名", "氏名", "発信者名", "会社名"]),
    (Role::To, &["着信tel", "着信番号", "着信電話番号", "代表tel", "totel", "to"]),
    (Role::LineName, &["回線名", "回線名称"]),
    (Role::LineNumber, &["回線no", "回線番号", "回線"]),
    (Role::CustomerId, &["顧客id", "kid"]),
    (Role::Result, &["応答", "結果", "状態", "対応", "対応区分", "対応状況", "種別"]),
    (Role::Note, &["memo", "メモ", "対応メモ", "対応内容", "備考", "コメント"]),
    (Role::Handling, &["対応"]),
];

/// Names of the fields of 顧客アドレス帳, folded, the likeliest first. Numbers are found by [`is_number`].
pub(super) const CUSTOMER: &[(Role, &[&str])] = &[
    (Role::Id, &["顧客id", "id", "kid"]),
    (Role::Name, &["氏名", "顧客名", "名前", "顧客氏名", "オ客様名", "name"]),
    (Role::FamilyName, &["姓", "苗字"]),
    (Role::GivenName, &["名"]),
    (
        Role::Kana,
        &["フリガナ", "氏名フリガナ", "顧客名フリガナ", "カナ", "氏名カナ", "顧客名カナ", "ヨミガナ", "ヨミ", "kana"],
    ),
    (Role::Company, &["会社名", "会社", "法人名", "勤務先", "企業名", "company"]),
    (Role::Email, &["メール", "メールアドレス", "メールアドレス1", "eメール", "mail", "email", "mailaddress"]),
    (Role::PostCode, &["〒", "郵便番号"]),
    (Role::Address, &["住所", "住所1", "所在地", "address", "住所2", "建物名"]),
    (Role::Note, &["備考", "メモ", "memo", "備考1", "特記事項", "コメント", "note"]),
];

fn is_number(folded: &str) -> bool {
    let phone = ["tel", "電話", "携帯", "phone", "mobile"].iter().any(|word| folded.contains(word));
    phone && !folded.contains("メモ") && !folded.contains("備考")
}

pub(super) fn folded(key: &str) -> String {
    text::fold(key).chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.' | '・' | '(' | ')')).collect()
}

/// The most names that are remembered, so that rows with ever new names cannot fill the memory.
const MOST_NAMES: usize = 4_096;

/// The meanings of a table's fields, learnt once per name and not once per row.
#[derive(Debug)]
pub(super) struct Columns {
    table: &'static [(Role, &'static [&'static str])],
    has_numbers: bool,
    names: Vec<(String, Vec<(Role, usize)>)>,
    places: HashMap<String, usize>,
    /// Which name stood where in the row before: in the next row it stands there again.
    order: Vec<usize>,
}

impl Columns {
    pub(super) fn new(table: &'static [(Role, &'static [&'static str])], has_numbers: bool) -> Self {
        Self { table, has_numbers, names: Vec::new(), places: HashMap::new(), order: Vec::new() }
    }

    fn roles(&mut self, position: usize, key: &str) -> &[(Role, usize)] {
        let usual = self.order.get(position).copied().filter(|place| self.names[*place].0 == key);
        let place = usual.unwrap_or_else(|| self.find(position, key));
        &self.names[place].1
    }

    fn find(&mut self, position: usize, key: &str) -> usize {
        if self.names.len() >= MOST_NAMES {
            self.names.clear();
            self.places.clear();
            self.order.clear();
        }
        let known = self.places.get(key).copied();
        let place = known.unwrap_or_else(|| self.learn(key));
        if let Some(slot) = self.order.get_mut(position) {
            *slot = place;
        } else if self.order.len() == position {
            self.order.push(place);
        }
        place
    }

    fn learn(&mut self, key: &str) -> usize {
        let name = folded(key);
        let place = |names: &[&str]| names.iter().position(|it| *it == name);
        let mut roles: Vec<_> = self.table.iter().filter_map(|(role, names)| Some((*role, place(names)?))).collect();
        if self.has_numbers && is_number(&name) {
            roles.push((Role::Number, 0));
        }
        self.names.push((key.to_owned(), roles));
        self.places.insert(key.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// What the fields of these rows mean and what they are called, the likeliest of each meaning first; those that are equally
    /// likely as they stand.
    pub(super) fn names<'r>(&mut self, rows: &'r [Row<'_>]) -> Vec<(Role, usize, &'r str)> {
        let mut found: Vec<(Role, usize, &str)> = Vec::new();
        for row in rows {
            for (position, (key, _)) in row.pairs.iter().enumerate() {
                for (role, rank) in self.roles(position, key) {
                    if !found.iter().any(|(it, _, name)| it == role && folded(name) == folded(key)) {
                        found.push((*role, *rank, key));
                    }
                }
            }
        }
        found.sort_by_key(|(_, rank, _)| *rank);
        found
    }

    pub(super) fn read<'a>(&mut self, row: &Row<'a>) -> Fields<'a> {
        let mut found = Vec::with_capacity(row.pairs.len());
        for (position, (key, value)) in row.pairs.iter().enumerate() {
            let roles = self.roles(position, key);
            if roles.is_empty() {
                continue;
            }
            if let Some(text) = scalar(value) {
                found.extend(roles.iter().map(|(role, rank)| (*role, *rank, text.clone())));
            }
        }
        Fields(found)
    }
}

/// Which member of a call's row holds the note; the likeliest where several could.
pub(super) fn note_of(row: &Row<'_>) -> Option<usize> {
    let (_, names) = CALL.iter().find(|(role, _)| *role == Role::Note)?;
    let rank = |name: &str| names.iter().position(|it| *it == folded(name));
    let ranked = row.pairs.iter().enumerate().filter_map(|(at, (name, _))| Some((rank(name)?, at)));
    ranked.min().map(|(_, at)| at)
}

/// The recognised fields of one row that are not empty.
pub(super) struct Fields<'a>(Vec<(Role, usize, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// The value of the likeliest field.
    pub(super) fn best(&self, role: Role) -> Option<&str> {
        let of_role = self.0.iter().filter(|(it, ..)| *it == role);
        of_role.min_by_key(|(_, rank, _)| *rank).map(|(.., text)| text.as_ref())
    }

    pub(super) fn owned(&self, role: Role) -> Option<String> {
        self.best(role).map(str::to_owned)
    }

    /// Every value, the likeliest field first.
    pub(super) fn all(&self, role: Role) -> Vec<&str> {
        let mut of_role: Vec<_> = self.0.iter().filter(|(it, ..)| *it == role).collect();
        of_role.sort_by_key(|(_, rank, _)| *rank);
        of_role.into_iter().map(|(.., text)| text.as_ref()).collect()
    }

    /// The row's own id, or one made of its content, so that a row without an id is kept too.
    pub(super) fn id(&self, row: &Row<'a>) -> String {
        self.owned(Role::Id).unwrap_or_else(|| format!("row-{:016x}", super::digest(row.raw)))
    }
}
