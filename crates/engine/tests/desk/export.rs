//! Calls written to files: every row once however many there are, numbers hidden, and nothing left of what was cancelled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::call::CallFilter;
use model::export::{CallColumn, CallExport, ExportColumn, FileFormat, TextEncoding};
use model::{Reason, Time};

use crate::double::{Desk, Has, seen};

fn export(name: &str, hides_numbers: bool) -> CallExport {
    let column = |column, heading: &str| ExportColumn { column, heading: heading.into() };
    CallExport {
        filter: CallFilter::default(),
        format: FileFormat::Csv,
        encoding: TextEncoding::Utf8,
        name: name.into(),
        hides_numbers,
        columns: vec![column(CallColumn::Id, "id"), column(CallColumn::Number, "n"), column(CallColumn::Outcome, "o")],
        words: [("answered".to_owned(), "応答".to_owned())].into(),
    }
}

fn utc(time: Time) -> chrono::NaiveDateTime {
    time.utc().naive_utc()
}

#[tokio::test]
async fn every_call_is_one_row_and_what_is_cancelled_leaves_nothing() {
    let desk = Desk::with(Has::default()).await;
    desk.reads((0..5_000).map(|it| seen(&it.to_string(), it, "0355500142")).collect()).await;
    let folder = tempfile::tempdir().unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let (mut told, flag) = (Vec::new(), Arc::clone(&cancelled));
    let outcome = desk.console.calls_export(export("a", true), folder.path(), utc, |it| told.push(it.rows), flag).await;
    let exported = outcome.unwrap().unwrap();
    assert_eq!((exported.rows, told.as_slice()), (5_000, [2_000, 4_000, 5_000].as_slice()));
    let text = std::fs::read_to_string(&exported.file).unwrap();
    let rows: std::collections::BTreeSet<_> = text.lines().skip(1).collect();
    assert_eq!(rows.len(), 5_000);
    assert!(text.ends_with("/0,**-****-0142,応答\r\n"), "{}", &text[text.len() - 60..]);

    let flag = Arc::clone(&cancelled);
    let stop = |_| cancelled.store(true, Ordering::Relaxed);
    let outcome = desk.console.calls_export(export("b", false), folder.path(), utc, stop, flag).await;
    assert_eq!(outcome, Ok(None));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_name_that_is_no_files_is_refused() {
    let desk = Desk::with(Has::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let outcome = desk.console.calls_export(export("a/b", false), folder.path(), utc, |_| {}, Arc::default()).await;
    assert_eq!(outcome.unwrap_err().why().reason, Reason::NotUsable);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn calls_that_come_and_go_meanwhile_make_no_row_skip_or_repeat() {
    let desk = Desk::with(Has::default()).await;
    desk.reads((0..5_000).map(|it| seen(&it.to_string(), it, "0355500142")).collect()).await;
    let folder = tempfile::tempdir().unwrap();
    // The channel of pages is short: while a page is told of, the next ones are not read yet.
    let (page, mut pages) = tokio::sync::mpsc::unbounded_channel();
    let told = move |it: model::export::ExportProgress| page.send(it.rows).expect("it is listened to");
    let (console, at) = (desk.console.clone(), folder.path().to_owned());
    let export = export("a", false);
    let exporting = tokio::spawn(async move { console.calls_export(export, &at, utc, told, Arc::default()).await });
    let mut late = 0;
    while pages.recv().await.is_some() {
        late += 1;
        desk.reads(vec![seen(&format!("late{late}"), 9_000 + late, "0355500142")]).await;
    }
    let exported = exporting.await.unwrap().unwrap().unwrap();
    let text = std::fs::read_to_string(&exported.file).unwrap();
    let ids: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "nothing is written twice");
    let earlier = (0..5_000).filter(|it| distinct.contains(&desk.call(&it.to_string()).as_str())).count();
    assert_eq!(earlier, 5_000, "what was there all the time is written");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_said_and_the_calls_stay() {
    let desk = Desk::with(Has::default()).await;
    desk.reads(vec![seen("1", 0, "0355500142")]).await;
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let outcome = desk.console.calls_export(export("a", false), &nowhere, utc, |_| {}, Arc::default()).await;
    assert_eq!(outcome.unwrap_err().why().reason, Reason::FileNotWritten);
}
