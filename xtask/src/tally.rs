//! Counts what test runners say: passed, failed, skipped, and by name what failed.

use std::fmt;
use std::ops::AddAssign;

/// How many tests did what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed.
    pub(crate) failed: u64,
    /// Not run.
    pub(crate) skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl Tally {
    /// Whether any test ran.
    pub(crate) fn ran(self) -> bool {
        self.passed + self.failed > 0
    }

    /// From what cargo's own test runner or cargo-nextest printed; each of their binaries or runs is added.
    pub(crate) fn of_rust(said: &str) -> Self {
        let mut all = Self::default();
        for line in said.lines().map(str::trim) {
            if line.starts_with("test result:") || line.starts_with("Summary [") {
                all += Self {
                    passed: before(line, "passed"),
                    failed: before(line, "failed") + before(line, "timed out") + before(line, "exec failed"),
                    skipped: before(line, "ignored") + before(line, "skipped"),
                };
            }
        }
        all
    }

    /// From the JSON report of vitest. A file that could not be loaded counts as one failed test.
    pub(crate) fn of_vitest(report: &serde_json::Value) -> Self {
        let count = |name: &str| report[name].as_u64().unwrap_or_default();
        let files = report["testResults"].as_array().into_iter().flatten();
        let broken = files
            .filter(|file| file["status"] == "failed" && file["assertionResults"].as_array().is_none_or(Vec::is_empty));
        Self {
            passed: count("numPassedTests"),
            failed: count("numFailedTests") + broken.count() as u64,
            skipped: count("numPendingTests") + count("numTodoTests"),
        }
    }

    /// From the JSON report of Playwright.
    pub(crate) fn of_playwright(report: &serde_json::Value) -> Self {
        let count = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
        let broken = report["errors"].as_array().map_or(0, Vec::len) as u64;
        Self {
            passed: count("expected") + count("flaky"),
            failed: count("unexpected") + broken,
            skipped: count("skipped"),
        }
    }
}

/// The tests that failed by what cargo's own test runner or cargo-nextest printed, each once.
pub(crate) fn failed_of_rust(said: &str) -> Vec<String> {
    let lines = said.lines().map(str::trim);
    let of_nextest = |line: &str| Some(line.strip_prefix("FAIL [")?.rsplit_once(") ")?.1.to_owned());
    let of_cargo = |line: &str| Some(line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned());
    let mut failed: Vec<String> = lines.clone().filter_map(of_nextest).collect();
    if failed.is_empty() {
        failed = lines.filter_map(of_cargo).collect();
    }
    failed.sort_unstable();
    failed.dedup();
    failed
}

/// The tests that failed by the JSON report of vitest, each with its file and the first line of why.
pub(crate) fn failed_of_vitest(report: &serde_json::Value) -> Vec<String> {
    let mut failed = Vec::new();
    for file in list(&report["testResults"]) {
        let name = text(&file["name"]);
        let tests = list(&file["assertionResults"]);
        if tests.is_empty() && file["status"] == "failed" {
            failed.push(format!("{name}: {}", first_line(&file["message"])));
        }
        for test in tests.iter().filter(|it| it["status"] == "failed") {
            failed.push(format!("{name}: {}: {}", text(&test["fullName"]), first_line(&test["failureMessages"][0])));
        }
    }
    failed
}

/// The tests that failed by the JSON report of Playwright, each with its file and the first lines of why.
pub(crate) fn failed_of_playwright(report: &serde_json::Value) -> Vec<String> {
    let mut failed: Vec<String> =
        list(&report["errors"]).iter().map(|error| first_line(&error["message"]).to_owned()).collect();
    let mut suites: Vec<&serde_json::Value> = list(&report["suites"]).iter().collect();
    while let Some(suite) = suites.pop() {
        suites.extend(list(&suite["suites"]));
        for spec in list(&suite["specs"]).iter().filter(|it| it["ok"] == false) {
            let place = format!("{}:{} {}", text(&spec["file"]), spec["line"], text(&spec["title"]));
            let results = list(&spec["tests"]).iter().flat_map(|test| list(&test["results"]));
            let why = results.flat_map(|result| list(&result["errors"])).map(|error| text(&error["message"]));
            failed.extend(
                why.map(|why| format!("{place}: {}", plain(why).lines().take(12).collect::<Vec<_>>().join("\n  "))),
            );
        }
    }
    failed.sort_unstable();
    failed
}

fn list(value: &serde_json::Value) -> &[serde_json::Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn first_line(value: &serde_json::Value) -> &str {
    text(value).lines().next().unwrap_or_default()
}

/// Without the colours of a terminal.
fn plain(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    pieces.for_each(|piece| plain.push_str(piece.split_once('m').map_or(piece, |(_, rest)| rest)));
    plain
}

/// The number that stands before a word, or nothing.
fn before(line: &str, word: &str) -> u64 {
    let end = line.find(&format!(" {word}")).unwrap_or_default();
    let digits = line[..end].rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(found: Tally, passed: u64, failed: u64, skipped: u64) {
        assert_eq!(found, Tally { passed, failed, skipped });
    }

    #[test]
    fn both_runners_of_rust_are_understood() {
        check(
            Tally::of_rust(
                "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 7 filtered out; finished in 0.1s",
            ),
            12,
            0,
            3,
        );
        check(
            Tally::of_rust(
                "test result: FAILED. 1 passed; 2 failed; 0 ignored\ntest result: ok. 4 passed; 0 failed; 0 ignored",
            ),
            5,
            2,
            0,
        );
        check(
            Tally::of_rust("     Summary [   2.1s] 120 tests run: 118 passed (1 slow), 2 failed, 5 skipped"),
            118,
            2,
            5,
        );
        check(Tally::of_rust("     Summary [   2.1s] 4 tests run: 4 passed, 0 skipped"), 4, 0, 0);
        check(Tally::of_rust("running 3 tests"), 0, 0, 0);
    }

    #[test]
    fn a_file_that_cannot_be_loaded_is_a_failure() {
        let report = json!({
            "numPassedTests": 3, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 0,
            "testResults": [{ "status": "failed", "assertionResults": [] }, { "status": "passed", "assertionResults": [{}] }]
        });
        check(Tally::of_vitest(&report), 3, 2, 2);
        let report = json!({ "stats": { "expected": 5, "unexpected": 1, "flaky": 1, "skipped": 2 }, "errors": [{}] });
        check(Tally::of_playwright(&report), 6, 2, 2);
    }

    #[test]
    fn what_failed_is_named_once() {
        let nextest = "        PASS [   0.1s] (1/2) tests::flows a::b\n        FAIL [   0.9s] ( 33/142) tests::flows right::one\n\
                       test right::one ... FAILED\n    Summary [ 1s]\n        FAIL [   0.9s] ( 33/142) tests::flows right::one";
        assert_eq!(failed_of_rust(nextest), ["tests::flows right::one"]);
        assert_eq!(failed_of_rust("test popup::comes ... FAILED\ntest popup::goes ... ok"), ["popup::comes"]);
        assert_eq!(failed_of_rust("test popup::goes ... ok"), Vec::<String>::new());
    }

    #[test]
    fn what_failed_in_a_browser_is_named_with_its_place_and_why() {
        let result = json!({ "errors": [{ "message": "Error: \u{1b}[31mnot visible\u{1b}[39m\nCall log" }] });
        let spec = |title: &str, ok: bool| json!({ "title": title, "ok": ok, "file": "popup.spec.ts", "line": 7, "tests": [{ "results": [result] }] });
        let inner = json!({ "specs": [spec("comes", false), spec("goes", true)] });
        let report =
            json!({ "errors": [{ "message": "no server\n" }], "suites": [{ "specs": [], "suites": [inner] }] });
        assert_eq!(
            failed_of_playwright(&report),
            ["no server", "popup.spec.ts:7 comes: Error: not visible\n  Call log"]
        );
    }

    #[test]
    fn what_failed_in_the_web_ui_is_named_with_its_file() {
        let test = json!({ "status": "failed", "fullName": "folds widths", "failureMessages": ["expected 1\nat x"] });
        let passed = json!({ "status": "passed", "fullName": "other" });
        let report = json!({ "testResults": [
            { "name": "a.test.ts", "status": "failed", "assertionResults": [test, passed] },
            { "name": "b.test.ts", "status": "failed", "assertionResults": [], "message": "cannot be loaded" },
        ] });
        assert_eq!(failed_of_vitest(&report), ["a.test.ts: folds widths: expected 1", "b.test.ts: cannot be loaded"]);
    }
}
