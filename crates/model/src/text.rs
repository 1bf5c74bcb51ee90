//! Folding of text for search: width, kana, case.

use unicode_normalization::UnicodeNormalization;

/// Text as search compares it: NFKC, lower case, hiragana as katakana, white space as single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            gap = !folded.is_empty();
            continue;
        }
        if gap {
            folded.push(' ');
            gap = false;
        }
        folded.push(match c {
            '\u{3041}'..='\u{3096}' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
            other => other,
        });
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_kana_and_case_do_not_matter() {
        let check = |a: &str, b: &str| assert_eq!(fold(a), fold(b), "{a} and {b} are the same to a search");
        check("にしむら", "ニシムラ");
        check("ﾆｼﾑﾗ", "ニシムラ");
        check("ＡＢＣ", "abc");
        check("  西村　彩 ", "西村 彩");
        assert_ne!(fold("西村"), fold("東村"));
    }
}
