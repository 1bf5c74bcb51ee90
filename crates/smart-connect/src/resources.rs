//! The nineteen resources and what the system allows with each, as the vendor's table of its REST interface lists them.

use model::record::{Resource, ResourceCaution, ResourceGroup, Verb};
use model::{Failure, Reason};

/// One line of the vendor's table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Path name as printed: hyphens, capitals and all.
    pub(crate) path: &'static str,
    name: &'static str,
    /// The field that identifies a row.
    pub(crate) key: &'static str,
    verbs: &'static [Verb],
    least_key: u32,
    group: ResourceGroup,
    /// Fields that the vendor published.
    fields: &'static [&'static str],
    starts_something: bool,
    opens_on_call: bool,
    is_live: bool,
    caution: Option<ResourceCaution>,
}

const ALL: &[Verb] = &[Verb::List, Verb::Get, Verb::Create, Verb::Update, Verb::Delete];
const NO_DELETE: &[Verb] = &[Verb::List, Verb::Get, Verb::Create, Verb::Update];
const READ_UPDATE: &[Verb] = &[Verb::List, Verb::Get, Verb::Update];
const READ: &[Verb] = &[Verb::List, Verb::Get];

const fn entry(path: &'static str, name: &'static str, verbs: &'static [Verb]) -> Entry {
    Entry {
        path,
        name,
        key: "ID",
        verbs,
        least_key: 1,
        group: ResourceGroup::Telephone,
        fields: &[],
        starts_something: false,
        opens_on_call: false,
        is_live: false,
        caution: None,
    }
}

const fn incoming(path: &'static str, name: &'static str, verbs: &'static [Verb]) -> Entry {
    Entry { group: ResourceGroup::Incoming, ..entry(path, name, verbs) }
}

const fn service(path: &'static str, name: &'static str, verbs: &'static [Verb]) -> Entry {
    Entry { group: ResourceGroup::Service, ..entry(path, name, verbs) }
}

/// A write may run a program or begin work on the service computer; the vendor does not say when.
const fn starting(entry: Entry) -> Entry {
    Entry { starts_something: true, ..entry }
}

/// Works through LINE Notify, whose tokens the vendor's words mean.
const fn by_line_notify(entry: Entry) -> Entry {
    Entry { caution: Some(ResourceCaution::LineNotifyEnded), ..entry }
}

/// The fields of 収容回線, the only ones that the vendor published.
const FIELDS_OF_LINES: &[&str] = &["回線No", "着信TEL", "代表TEL", "種別", "代理内線番号"];
/// 収容回線.
pub(crate) const LINES: &str = "ContainmentLine";
/// 顧客アドレス帳.
pub(crate) const CUSTOMERS: &str = "CustomerAddress";
/// 着信記録.
pub(crate) const CALLS: &str = "ReceivedCall-Record";
/// All resources in the vendor's order.
pub(crate) const RESOURCES: &[Entry] = &[
    Entry { key: "回線No", fields: FIELDS_OF_LINES, ..entry(LINES, "収容回線", ALL) },
    Entry { least_key: 2, ..entry("SIP-ServerConnection", "SIPサーバー接続設定", ALL) },
    Entry { is_live: true, ..entry("ConnectedClient", "接続中クライアント", READ) },
    Entry { key: "顧客ID", ..entry(CUSTOMERS, "顧客アドレス帳", ALL) },
    entry(CALLS, "着信記録", READ_UPDATE),
    Entry { opens_on_call: true, ..incoming("IncomingCall-URL", "着信時URL呼出", ALL) },
    starting(incoming("IncomingCall-Command", "着信時コマンド呼出", ALL)),
    by_line_notify(incoming("Notification-LINE-AccessToken", "通知先LINEアクセストークン", ALL)),
    incoming("Notification-Email-Address", "通知先メールアドレス", ALL),
    entry("PhoneNumber-SearchSite", "電話番号検索サイト", ALL),
    incoming("MessDef-Mail", "メッセージ定義_メール用", NO_DELETE),
    by_line_notify(incoming("MessDef-Line", "メッセージ定義_LINE用", NO_DELETE)),
    incoming("MessDef-Toast", "メッセージ定義_トースト用", NO_DELETE),
    incoming("Mail-Account", "メールアカウント", NO_DELETE),
    Entry { least_key: 2, ..starting(service("Online-Activation", "オンラインアクティベーション", ALL)) },
    starting(service("DataBackup", "データバックアップ", NO_DELETE)),
    service("UserManagement", "ユーザー管理", ALL),
    starting(service("Output-CSV", "CSVデータ出力", NO_DELETE)),
    starting(service("Output-EXCEL", "EXCELデータ出力", NO_DELETE)),
];

/// The resource of a path, if it allows `verb`. Nothing has been sent when this fails.
///
/// # Errors
/// [`Reason::NoSuchThing`] for an unknown path, [`Reason::NotOffered`] for a verb that the resource does not allow.
pub(crate) fn permitted(path: &str, verb: Verb) -> Result<&'static Entry, Failure> {
    let found = RESOURCES.iter().find(|entry| entry.path == path);
    let entry = found.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, path))?;
    if entry.verbs.contains(&verb) { Ok(entry) } else { Err(Failure::invalid(Reason::NotOffered, path)) }
}

impl Entry {
    /// Checks a key before it goes into a path: digits only, and not below the least key of this resource.
    pub(crate) fn check_key(&self, key: &str) -> Result<u64, Failure> {
        let wrong = || Failure::invalid(Reason::NotUsable, self.key);
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: u64 = key.parse().map_err(|_| wrong())?;
        if number >= u64::from(self.least_key) { Ok(number) } else { Err(wrong()) }
    }

    /// The line as the screens see it.
    pub(crate) fn resource(&self) -> Resource {
        Resource {
            path: self.path.to_owned(),
            name: self.name.to_owned(),
            key: self.key.to_owned(),
            verbs: self.verbs.to_vec(),
            least_key: self.least_key,
            group: self.group,
            fields: self.fields.iter().map(|field| (*field).to_owned()).collect(),
            starts_something: self.starts_something,
            opens_on_call: self.opens_on_call,
            is_live: self.is_live,
            caution: self.caution,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_the_vendors_table_hold() {
        let count = |verbs: &[Verb]| RESOURCES.iter().filter(|entry| entry.verbs == verbs).count();
        assert_eq!(RESOURCES.len(), 19);
        assert_eq!((count(ALL), count(NO_DELETE), count(READ_UPDATE), count(READ)), (10, 7, 1, 1));
        assert_eq!(RESOURCES.iter().filter(|entry| entry.least_key == 2).count(), 2);
    }

    #[test]
    fn a_verb_that_is_not_allowed_is_refused_for_each_resource() {
        for entry in RESOURCES {
            for verb in [Verb::List, Verb::Get, Verb::Create, Verb::Update, Verb::Delete] {
                let expected = if entry.verbs.contains(&verb) {
                    Ok(entry)
                } else {
                    Err(Failure::invalid(Reason::NotOffered, entry.path))
                };
                assert_eq!(permitted(entry.path, verb), expected, "{} {verb:?}", entry.path);
            }
        }
        assert_eq!(
            permitted("containmentline", Verb::List),
            Err(Failure::invalid(Reason::NoSuchThing, "containmentline"))
        );
    }

    #[test]
    fn keys_are_digits_and_not_below_the_least() {
        let check = |path: &str, key: &str, fine: bool| {
            assert_eq!(permitted(path, Verb::Get).unwrap().check_key(key).is_ok(), fine, "{path}/{key}");
        };
        check(LINES, "1", true);
        check(LINES, "0", false);
        check(LINES, "", false);
        check(LINES, "1/../2", false);
        check(LINES, "１", false);
        check("SIP-ServerConnection", "1", false);
        check("SIP-ServerConnection", "2", true);
        check("Online-Activation", "1", false);
        check("Online-Activation", "10", true);
    }
}
