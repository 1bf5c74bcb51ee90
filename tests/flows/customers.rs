//! An address book of ten thousand: looked at, filled from a file that is not all good, and written to a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::audit::{AuditFilter, AuditKind, AuditOutcome};
use model::bulk::BulkEncoding;
use model::customer::{CustomerAdded, NewCustomer};
use model::customer_table::{CustomerColumn, CustomerExport, CustomerRow, CustomerRowState};
use model::export::{FileFormat, TextEncoding};
use model::failure::Code;
use model::staging::{RecordsAsk, RecordsBlock};
use model::{ConnectionId, Reason};
use simulators::SMART_CONNECT;

use crate::support::{Desk, failure};

const CUSTOMERS: &str = "CustomerAddress";
const MANY: usize = 10_000;
/// Rows of the file, of which every thirty-third cannot be used.
const ROWS: usize = 1_000;

async fn desk(customers: usize) -> (Desk, ConnectionId) {
    let desk = Desk::at(|plan| simulators::Plan { customers, ..plan }).await;
    let id = desk.connect(SMART_CONNECT).await;
    (desk, id)
}

async fn block(desk: &Desk, id: &ConnectionId, find: &str, block: u32) -> RecordsBlock {
    let (connection, resource, find) = (id.clone(), CUSTOMERS.to_owned(), find.to_owned());
    let ask = RecordsAsk { connection, resource, find, sort: None, is_descending: false, block };
    desk.console.records_block(&ask).await.expect("rows that were read")
}

/// What a person says of the columns: as the headings say.
async fn columns(desk: &Desk, bytes: &[u8]) -> Vec<Option<CustomerColumn>> {
    let table = desk.console.customers_table(bytes.to_vec()).await.expect("a table");
    table.columns.into_iter().map(|it| it.means).collect()
}

async fn looked_through(desk: &Desk, id: &ConnectionId, text: &str) -> Vec<CustomerRow> {
    let columns = columns(desk, text.as_bytes()).await;
    let rows = desk.console.customers_look_through(id, text.as_bytes().to_vec(), columns).await;
    rows.expect("a file that can be looked through")
}

fn lines(rows: &[CustomerRow], state: CustomerRowState) -> Vec<u64> {
    rows.iter().filter(|it| it.state == state).map(|it| it.line).collect()
}

#[tokio::test]
async fn ten_thousand_customers_are_shown_a_hundred_at_a_time_and_found_by_any_part() {
    let (desk, id) = desk(MANY).await;
    assert_eq!(desk.console.records_read(&id, CUSTOMERS).await.unwrap() as usize, MANY);
    let first = block(&desk, &id, "", 0).await;
    assert_eq!((first.total as usize, first.matched as usize, first.rows.len()), (MANY, MANY, 100));
    let last = block(&desk, &id, "", 99).await;
    assert_eq!(last.rows.last().and_then(|it| it.key.clone()).as_deref(), Some("10000"));
    let row = desk.office.smart_connect.row(CUSTOMERS, 7_777).unwrap();
    let number = &row.iter().find(|(name, _)| *name == "TEL1").unwrap().1;
    let found = block(&desk, &id, number, 0).await;
    assert!(found.matched >= 1 && found.rows.iter().any(|it| it.key.as_deref() == Some("7777")), "{number}");
    assert!((found.matched as usize) < MANY / 100, "a number is not in every row");
    assert_eq!(block(&desk, &id, "どこにもない言葉", 0).await.matched, 0);
}

#[tokio::test]
async fn a_file_with_bad_rows_is_told_line_by_line_and_nothing_is_written_before_it_is_applied() {
    let (desk, id) = desk(MANY).await;
    desk.console.customers_read(&id).await.unwrap();
    let known = desk.console.customers_list(Some(&id), "").await.unwrap().swap_remove(4_321);
    let mut text = "氏名,会社,電話番号,備考\n".to_owned();
    let mut bad = Vec::new();
    for row in 0..ROWS {
        let line = row as u64 + 2;
        let number = format!("050-1{:03}-{:04}", row / 100, row);
        let _ = match row % 99 {
            0 => writeln!(text, ",会社 {row},{number},名前なし"),
            33 => writeln!(text, "名前 {row},会社,,番号なし"),
            66 => writeln!(text, "名前 {row},{number}"),
            _ => writeln!(text, "名前 {row},会社 {row},{number},"),
        };
        if row % 33 == 0 {
            bad.push(line);
        }
    }
    let _ = writeln!(text, "{},別の会社,{},", known.name, known.numbers[0].raw);
    let _ = writeln!(text, "もう一人,,050-1000-0001,");
    desk.office.forget_requests(SMART_CONNECT);
    let rows = looked_through(&desk, &id, &text).await;
    assert!(desk.office.log(SMART_CONNECT).iter().all(|it| it.method == "GET"), "a dry run writes nothing");
    assert_eq!(bad.len(), 31, "three in a hundred");
    assert_eq!(lines(&rows, CustomerRowState::Bad), bad, "each with its line");
    assert!(rows.iter().filter(|it| it.state == CustomerRowState::Bad).all(|it| it.problem.is_some()));
    let words = |line: u64| rows.iter().find(|it| it.line == line).unwrap().problem.clone().unwrap();
    assert_eq!((words(2).reason, words(2).words.as_str()), (Reason::Missing, "name"));
    assert_eq!(words(35).words, "number");
    assert_eq!(words(68).words, "2 cells instead of 4");
    let met = rows.iter().find(|it| it.state == CustomerRowState::Known).unwrap();
    assert_eq!((met.line, &met.known[0].external_id), (ROWS as u64 + 2, &known.external_id));
    let company = met.differences.iter().find(|it| it.column == CustomerColumn::Company).unwrap();
    assert_eq!(company.here, "別の会社");
    let double = rows.iter().find(|it| it.state == CustomerRowState::Double).unwrap();
    assert_eq!((double.line, double.same_as), (ROWS as u64 + 3, Some(3)));
    assert_eq!(lines(&rows, CustomerRowState::New).len(), ROWS - bad.len());
}

#[tokio::test]
async fn what_is_new_is_added_once_each_with_its_entry_in_the_log() {
    let (desk, id) = desk(40).await;
    let text = "お客様,電話,分類\n東村 一,050-1000-0001,a\n東村 二,050-1000-0002,b\n,050-1000-0003,c\n";
    let table = desk.console.customers_table(text.as_bytes().to_vec()).await.unwrap();
    assert!(table.columns.iter().all(|it| it.means.is_none()), "none of these headings is known");
    assert_eq!(table.columns[0].samples, ["東村 一", "東村 二"]);
    let said = vec![Some(CustomerColumn::Name), Some(CustomerColumn::Number), None];
    let look = || desk.console.customers_look_through(&id, text.as_bytes().to_vec(), said.clone());
    let rows = look().await.unwrap();
    let new = |rows: &[CustomerRow]| -> Vec<NewCustomer> {
        rows.iter().filter(|it| it.state == CustomerRowState::New).map(|it| it.customer.clone()).collect()
    };
    let became = desk.console.customers_add(&id, new(&rows)).await.unwrap();
    assert!(became.len() == 2 && became.iter().all(|it| matches!(it, CustomerAdded::Done { .. })), "{became:?}");
    let kinds = AuditFilter { kinds: vec![AuditKind::Customer], ..AuditFilter::default() };
    let log = desk.console.audit_list(&kinds, None).await.unwrap().entries;
    let done: Vec<_> = log.iter().map(|it| (it.deed.subject.as_str(), it.outcome)).collect();
    assert_eq!(done, [("東村 二", Some(AuditOutcome::Done)), ("東村 一", Some(AuditOutcome::Done))]);
    let again = look().await.unwrap();
    assert_eq!((new(&again), lines(&again, CustomerRowState::Known)), (vec![], vec![2, 3]), "a second run adds nobody");
}

#[tokio::test]
async fn every_encoding_is_read_and_columns_that_cannot_be_meant_are_refused() {
    let (desk, id) = desk(40).await;
    let cp932 = b"\x8E\x81\x96\xBC,\x93\x64\x98\x62\x94\xD4\x8D\x86\r\n\x93\x8C\x91\xBA,050-1000-0001\r\n".to_vec();
    let text = "氏名,電話番号\r\n東村,050-1000-0001\r\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let files = [
        (text.as_bytes().to_vec(), BulkEncoding::Utf8),
        (format!("\u{feff}{text}").into_bytes(), BulkEncoding::Utf8Bom),
        (cp932, BulkEncoding::Cp932),
        (utf16, BulkEncoding::Utf16),
    ];
    for (bytes, encoding) in files {
        let table = desk.console.customers_table(bytes.clone()).await.unwrap();
        let means: Vec<_> = table.columns.iter().map(|it| it.means).collect();
        assert_eq!((table.encoding, table.total), (encoding, 1));
        assert_eq!(means, [Some(CustomerColumn::Name), Some(CustomerColumn::Number)]);
        let rows = desk.console.customers_look_through(&id, bytes, means).await.unwrap();
        assert_eq!((rows[0].customer.name.as_str(), rows[0].state), ("東村", CustomerRowState::New));
    }
    let twice = vec![Some(CustomerColumn::Name); 2];
    let refused = |columns| desk.console.customers_look_through(&id, text.as_bytes().to_vec(), columns);
    assert_eq!(failure(refused(twice).await).why().words, "電話番号");
    assert_eq!(failure(refused(vec![None, Some(CustomerColumn::Number)]).await).why().reason, Reason::Missing);
    assert_eq!(failure(refused(vec![Some(CustomerColumn::Name)]).await).code(), Code::Invalid);
    assert_eq!(failure(desk.console.customers_table(b"a,\"b".to_vec()).await).code(), Code::Invalid);
}

#[tokio::test]
async fn what_is_written_to_a_file_is_known_again_when_it_is_read() {
    let (desk, id) = desk(40).await;
    desk.console.customers_read(&id).await.unwrap();
    let all = desk.console.customers_list(Some(&id), "").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let words: BTreeMap<String, String> =
        [("name", "名前"), ("number", "電話番号"), ("email", "メール")].map(|(a, b)| (a.into(), b.into())).into();
    let export = |format, encoding, search: &str| CustomerExport {
        connection: Some(id.clone()),
        search: search.to_owned(),
        format,
        encoding,
        name: "顧客".to_owned(),
        words: words.clone(),
    };
    let write = |it| desk.console.customers_export(it, folder.path());
    let csv = write(export(FileFormat::Csv, TextEncoding::Utf8Bom, "")).await.unwrap();
    assert_eq!((csv.rows as usize, csv.replaced, csv.file.ends_with("顧客.csv")), (all.len(), 0, true));
    let text = std::fs::read_to_string(&csv.file).unwrap();
    assert!(text.starts_with("\u{feff}名前,kana,company,電話番号,number2,"), "{}", &text[..80]);
    let rows = looked_through(&desk, &id, &text).await;
    let with_number = all.iter().filter(|it| !it.numbers.is_empty()).count();
    assert_eq!(lines(&rows, CustomerRowState::Known).len(), with_number, "everybody with a number is known again");
    let known = rows.iter().filter(|it| it.known.len() == 1);
    assert!(known.into_iter().all(|it| it.differences.is_empty()), "and nothing is different");
    let book = write(export(FileFormat::Xlsx, TextEncoding::Utf8, &all[0].name)).await.unwrap();
    assert!(book.file.ends_with("顧客.xlsx") && book.rows >= 1 && (book.rows as usize) < all.len());
    let unusable = CustomerExport { name: "a/b".into(), ..export(FileFormat::Csv, TextEncoding::Utf8, "") };
    assert_eq!(failure(write(unusable).await).code(), Code::Invalid);
}
