//! The nineteen resources: where each is, what may be done with it, and the fields of its rows.

/// What may be done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verbs {
    /// A row can be added.
    pub post: bool,
    /// A row can be replaced.
    pub put: bool,
    /// A row can be removed.
    pub delete: bool,
}

const ALL: Verbs = Verbs { post: true, put: true, delete: true };
const KEPT: Verbs = Verbs { post: true, put: true, delete: false };
const CHANGED: Verbs = Verbs { post: false, put: true, delete: false };
const READ: Verbs = Verbs { post: false, put: false, delete: false };

/// One kind of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource {
    /// The path segment, to be spelled exactly so.
    pub path: &'static str,
    /// What may be done; reading is always allowed.
    pub verbs: Verbs,
    /// The smallest key that can be addressed.
    pub least: u64,
    /// The fields of a row in their order; the first is the key.
    pub fields: &'static [&'static str],
}

/// Position of the calls that came in.
pub(super) const RECEIVED_CALLS: usize = 4;
/// Position of the clients that are connected now.
pub(super) const CONNECTED_CLIENTS: usize = 2;
/// Position of the address book.
pub(super) const CUSTOMERS: usize = 3;

/// All resources in the vendor's order.
pub const RESOURCES: [Resource; 19] = [
    of("ContainmentLine", ALL, &["回線No", "着信TEL", "代表TEL", "種別", "代理内線番号"]),
    Resource {
        least: 2,
        ..of(
            "SIP-ServerConnection",
            ALL,
            &["ID", "サーバーアドレス", "ポート番号", "内線番号", "ユーザーID", "パスワード", "ローカルポート番号"],
        )
    },
    of("ConnectedClient", READ, &["ID", "クライアント名", "IPアドレス", "接続日時"]),
    of(
        "CustomerAddress",
        ALL,
        &[
            "顧客ID",
            "顧客名",
            "フリガナ",
            "会社名",
            "TEL1",
            "TEL2",
            "TEL3",
            "TEL4",
            "TEL5",
            "TEL6",
            "住所",
            "メールアドレス",
            "備考",
        ],
    ),
    of(
        "ReceivedCall-Record",
        CHANGED,
        &["ID", "着信日時", "相手TEL", "着信TEL", "回線No", "顧客ID", "顧客名", "種別", "対応", "通話時間", "メモ"],
    ),
    of("IncomingCall-URL", ALL, &["ID", "名称", "URL", "有効"]),
    of("IncomingCall-Command", ALL, &["ID", "名称", "コマンド", "引数", "有効"]),
    of("Notification-LINE-AccessToken", ALL, &["ID", "名称", "アクセストークン", "有効"]),
    of("Notification-Email-Address", ALL, &["ID", "名称", "メールアドレス", "有効"]),
    of("PhoneNumber-SearchSite", ALL, &["ID", "サイト名", "URL"]),
    of("MessDef-Mail", KEPT, &["ID", "名称", "件名", "本文"]),
    of("MessDef-Line", KEPT, &["ID", "名称", "本文"]),
    of("MessDef-Toast", KEPT, &["ID", "名称", "タイトル", "本文"]),
    of(
        "Mail-Account",
        KEPT,
        &["ID", "SMTPサーバー", "ポート番号", "SSL", "アカウント", "パスワード", "差出人アドレス"],
    ),
    Resource { least: 2, ..of("Online-Activation", ALL, &["ID", "シリアル番号", "ライセンス", "状態"]) },
    of("DataBackup", KEPT, &["ID", "保存先フォルダ", "実行時刻", "世代数"]),
    of("UserManagement", ALL, &["ID", "ユーザー名", "氏名", "パスワード", "権限", "内線番号"]),
    of("Output-CSV", KEPT, &["ID", "対象", "出力先フォルダ", "実行時刻"]),
    of("Output-EXCEL", KEPT, &["ID", "対象", "出力先フォルダ", "実行時刻"]),
];

const fn of(path: &'static str, verbs: Verbs, fields: &'static [&'static str]) -> Resource {
    Resource { path, verbs, least: 1, fields }
}

/// The position of the resource with exactly this path segment.
pub(super) fn find(path: &str) -> Option<usize> {
    RESOURCES.iter().position(|it| it.path == path)
}
