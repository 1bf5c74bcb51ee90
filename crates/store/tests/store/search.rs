//! Search: exactly what a plain scan of the folded text finds.

use model::call::{Party, SeenCall};
use model::text::fold;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::Store;

use crate::making::{customer, found, number, office, read, searching, seen, store, take_in, write};

fn named(name: &str) -> Party {
    Party { name: Some(name.to_owned()), ..Party::default() }
}

/// A call whose other side has nothing to find.
fn from_only(external_id: &str, minute: i64, from: Party) -> SeenCall {
    SeenCall { to: Party::default(), ..seen(external_id, minute, from) }
}

/// 10,000 names as an office meets them: kanji, kana of both widths, Latin of both widths, marks and signs.
fn names() -> Vec<String> {
    let name = "[佐藤鈴木高橋田中渡辺伊山本村彩美咲翔𠮷髙﨑]{1,4}[ 　]?[あかさたなかがぱぴアガパｱｶﾞﾊﾟ]{0,3}[ -_%'\"(]?[a-cA-CＡ-Ｃéßﬁ]{0,3}";
    let mut runner = TestRunner::deterministic();
    let strategy = prop::string::string_regex(name).unwrap();
    (0..10_000).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

async fn filled(names: &[String]) -> Store {
    let store = store().await;
    let call = |(n, name): (usize, &String)| from_only(&n.to_string(), n as i64, named(name));
    take_in(&store, names.iter().enumerate().map(call).collect()).await;
    store
}

async fn all_found(store: &Store, text: &str) -> Vec<usize> {
    let filter = searching(text);
    let page = read(store, move |r| store::calls::page(r, &filter, None, 20_000)).await;
    assert_eq!(page.total, page.calls.len() as u64);
    let mut ids: Vec<usize> = page.calls.iter().map(|it| it.external_id.parse().unwrap()).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_search_finds_what_a_plain_scan_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let names = names();
    let store = runtime.block_on(filled(&names));
    let pick = (0..names.len(), any::<prop::sample::Index>(), 1_usize..5);
    let strange = "[佐藤田ｱアa-cＡ%_\"' *-]{1,4}";
    proptest!(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() }, |(part in pick, other in strange)| {
        let characters: Vec<char> = names[part.0].chars().collect();
        let begin = part.1.index(characters.len());
        let part: String = characters[begin..characters.len().min(begin + part.2)].iter().collect();
        for text in [part, other] {
            let needle = fold(&text);
            let expected: Vec<usize> =
                (0..names.len()).filter(|n| fold(&names[*n]).contains(&needle)).collect();
            // A text of white space alone narrows nothing, which is what a scan for nothing finds.
            let found = runtime.block_on(all_found(&store, &text));
            prop_assert!(found == expected, "{:?}: {} found, {} expected", text, found.len(), expected.len());
        }
    });
}

#[tokio::test]
async fn numbers_are_found_by_any_part_of_their_digits() {
    let store = store().await;
    let international =
        Party { raw: "+81355500142".to_owned(), e164: Some("+81355500142".to_owned()), ..Party::default() };
    take_in(
        &store,
        vec![
            from_only("1", 1, number("03-5550-0142")),
            from_only("2", 2, international),
            from_only("3", 3, number("+1855201XXXX")),
            from_only("4", 4, number("非通知")),
        ],
    )
    .await;
    for text in ["5550-01", "55500142", "０１４２", "+81 3 5550", "03-5550", "(03) 5550", "0142"] {
        assert_eq!(found(&store, searching(text)).await, ["2", "1"], "{text}");
    }
    assert_eq!(found(&store, searching("1855201")).await, ["3"]);
    assert_eq!(found(&store, searching("xxxx")).await, ["3"]);
    assert_eq!(found(&store, searching("通知")).await, ["4"]);
    assert!(found(&store, searching("5550-0143")).await.is_empty());
}

#[tokio::test]
async fn notes_and_customers_lead_to_their_calls() {
    let store = store().await;
    let noted =
        SeenCall { note: Some("折り返し希望。ＦＡＸも".to_owned()), ..seen("1", 1, number("0355500142")) };
    take_in(&store, vec![noted, seen("2", 2, number("0355500143"))]).await;
    let mut known = customer("k1", "西村 彩", "0355500143");
    known.kana = Some("ニシムラ アヤ".to_owned());
    known.company = Some("みどり商会".to_owned());
    write(&store, move |w| store::customers::replace(w, &office(), &[known])).await;
    for text in ["折り返し", "fax", "希"] {
        assert_eq!(found(&store, searching(text)).await, ["1"], "{text}");
    }
    for text in ["西村", "にしむら", "ﾐﾄﾞﾘ", "彩"] {
        assert_eq!(found(&store, searching(text)).await, ["2"], "{text}");
    }
    write(&store, |w| store::customers::replace(w, &office(), &[])).await;
    assert!(found(&store, searching("西村")).await.is_empty(), "a customer that is gone is not found");
}
