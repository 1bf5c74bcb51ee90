//! Counts what test runners say: passed, failed, skipped.

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

/// The number that stands before a word, or nothing.
fn before(line: &str, word: &str) -> u64 {
    let end = line.find(&format!(" {word}")).unwrap_or_default();
    let digits = line[..end].rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
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
        let report = serde_json::json!({
            "numPassedTests": 3, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 0,
            "testResults": [{ "status": "failed", "assertionResults": [] }, { "status": "passed", "assertionResults": [{}] }]
        });
        check(Tally::of_vitest(&report), 3, 2, 2);
        let report = serde_json::json!({ "stats": { "expected": 5, "unexpected": 1, "flaky": 1, "skipped": 2 }, "errors": [{}] });
        check(Tally::of_playwright(&report), 6, 2, 2);
    }
}
