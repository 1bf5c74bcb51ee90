//! What bookings are called, by the language of who made them, and the bookings of the day on which the scenario starts.

use chrono::Weekday;

/// Titles in Japanese.
pub(super) const JAPANESE: [&str; 20] = [
    "営業週次",
    "採用面接",
    "見積もり相談",
    "契約更新 打合せ",
    "価格改定レビュー",
    "1on1",
    "システム移行 WG",
    "障害ふりかえり",
    "月次決算報告",
    "サポート朝会",
    "ランチ勉強会",
    "安全衛生委員会",
    "物流定例",
    "来客対応(工場見学)",
    "南星物流 様 来社",
    "営業引き継ぎ",
    "在庫棚卸し",
    "品質会議",
    "新商品企画",
    "評価面談",
];
/// Titles in English.
pub(super) const ENGLISH: [&str; 8] = [
    "Q3 forecast review",
    "Pricing Q&A",
    "Procurement sync",
    "Overseas planning",
    "Meridian Freight visit",
    "Contract review: Harbour & Pine",
    "Design critique",
    "1:1",
];
/// Titles in Korean.
pub(super) const KOREAN: [&str; 4] = ["서울–도쿄 주간회의", "계약 검토", "신규 고객 미팅", "분기 실적 공유"];
/// Titles in Chinese.
pub(super) const CHINESE: [&str; 4] = ["台北供應商通話", "合約翻譯", "物流時程確認", "新品報價"];

/// A booking of the first day: index of the room, begin and end as hours and minutes, title, owner, and whether it repeats
/// every week.
pub(super) type Entry = (usize, u32, u32, &'static str, &'static str, bool);

/// The first day is the same for every seed.
pub(super) const FIRST_DAY: [Entry; 32] = [
    (0, 900, 1000, "採用面接", "伊藤 さくら", false),
    (0, 1300, 1400, "Meridian Freight 様 来社", "鈴木 大輔", false),
    (0, 1600, 1700, "契約更新 打合せ", "田中 健一", false),
    (1, 1000, 1100, "採用面接(二次)", "伊藤 さくら", false),
    (1, 1400, 1530, "川瀬印刷 様 来社", "高橋 由美", false),
    (2, 900, 930, "サポート朝会", "渡辺 翔", true),
    (2, 1000, 1130, "北浜デザイン 定例", "田中 健一", true),
    (2, 1300, 1430, "価格改定レビュー", "鈴木 大輔", false),
    (2, 1500, 1600, "見積もり相談", "田中 健一", false),
    (3, 930, 1030, "Procurement sync", "Luis Ortega", true),
    (3, 1100, 1200, "営業週次", "鈴木 大輔", true),
    (3, 1400, 1600, "システム移行 WG", "小林 拓也", true),
    (4, 1030, 1200, "Q3 forecast review", "Emma Clarke", false),
    (4, 1330, 1500, "서울–도쿄 주간회의", "김민준", true),
    (4, 1630, 1730, "Pricing Q&A", "Emma Clarke", false),
    (5, 900, 1700, "新人研修 3日目", "伊藤 さくら", false),
    (6, 1000, 1200, "月次決算報告", "高橋 由美", false),
    (6, 1500, 1700, "取締役会", "高橋 由美", false),
    (7, 945, 1045, "障害ふりかえり", "渡辺 翔", false),
    (7, 1130, 1200, "見積レビュー", "渡辺 翔", false),
    (7, 1600, 1800, "採用ミーティング", "伊藤 さくら", true),
    (9, 830, 930, "1on1", "小林 拓也", true),
    (9, 1430, 1530, "台北供應商通話", "陳 怡君", false),
    (10, 1015, 1115, "合約翻譯", "陳 怡君", false),
    (10, 1300, 1330, "1on1", "小林 拓也", true),
    (11, 1200, 1330, "ランチ勉強会", "小林 拓也", false),
    (11, 1730, 1900, "歓迎会", "伊藤 さくら", false),
    (12, 930, 1130, "関西営業会議", "藤井 直子", false),
    (12, 1030, 1200, "来客対応(工場見学)", "山本 亮", false),
    (12, 1400, 1500, "安全衛生委員会", "藤井 直子", false),
    (13, 900, 1000, "面談", "藤井 直子", false),
    (13, 1500, 1630, "物流定例", "山本 亮", true),
];

/// Whether nobody works on this day.
pub(super) fn is_weekend(day: Weekday) -> bool {
    matches!(day, Weekday::Sat | Weekday::Sun)
}

/// The titles that somebody of this name and team gives.
pub(super) fn titles(name: &str, department: &str) -> &'static [&'static str] {
    match department {
        "Seoul" => &KOREAN,
        "Taipei" => &CHINESE,
        _ if name.is_ascii() => &ENGLISH,
        _ => &JAPANESE,
    }
}
