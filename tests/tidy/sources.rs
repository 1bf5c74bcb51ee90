//! The files of the project, and Rust code as words without comments and tests.

use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Folders that hold nothing written by hand.
const NOT_OURS: &[&str] = &[
    "target",
    "node_modules",
    "dist",
    "paraglide",
    "gen",
    "types",
    "permissions",
    "test-results",
    "playwright-report",
];

/// One file.
pub(crate) struct Source {
    /// From the project's root, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
}

impl Source {
    /// A file that need not exist.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether it is in one of these folders, or is one of these files.
    pub(crate) fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || self.path.starts_with(&format!("{place}/")))
    }

    /// Whether it holds only tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "tests.rs" || part == "fixtures")
    }

    /// The Rust words of the file with their lines; comments and `#[cfg(test)]` items are left out.
    pub(crate) fn words(&self) -> Vec<Word> {
        let mut words = Vec::new();
        match self.text.parse::<TokenStream>() {
            Ok(tokens) => collect(tokens, &mut words),
            Err(error) => panic!("{} cannot be read as Rust: {error}", self.path),
        }
        words
    }
}

/// A name, a literal or a sign of Rust code.
#[derive(Debug)]
pub(crate) struct Word {
    /// As written; signs that belong together, such as `::`, are one word.
    pub(crate) text: String,
    /// Counted from one.
    pub(crate) line: usize,
}

/// Whether `names` stand at `at`, one after the other.
pub(crate) fn stands(words: &[Word], at: usize, names: &[&str]) -> bool {
    names.iter().enumerate().all(|(step, name)| words.get(at + step).is_some_and(|word| word.text == *name))
}

/// All files with one of these endings.
pub(crate) fn sources(endings: &[&str]) -> Vec<Source> {
    let root = tests::root();
    let mut found = Vec::new();
    walk(&root, &root, endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// All Rust files.
pub(crate) fn rust() -> Vec<Source> {
    sources(&["rs"])
}

fn walk(root: &Path, folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of the project can be read").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()) {
                walk(root, &path, endings, found);
            }
        } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let path = path.strip_prefix(root).expect("it was found there").to_string_lossy().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

fn collect(tokens: TokenStream, words: &mut Vec<Word>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut skips_item = false;
    while let Some(token) = tokens.next() {
        let line = token.span().start().line;
        match token {
            TokenTree::Punct(sign)
                if sign.as_char() == '#'
                    && matches!(tokens.peek(), Some(TokenTree::Group(_) | TokenTree::Punct(_))) =>
            {
                while matches!(tokens.peek(), Some(TokenTree::Punct(inner)) if inner.as_char() == '!') {
                    tokens.next();
                }
                let attribute = tokens.next().map(|token| token.to_string()).unwrap_or_default();
                skips_item |= attribute.replace(' ', "") == "[cfg(test)]";
            }
            TokenTree::Group(group) if skips_item => skips_item = group.delimiter() != Delimiter::Brace,
            TokenTree::Punct(sign) if skips_item => skips_item = sign.as_char() != ';',
            TokenTree::Ident(_) | TokenTree::Literal(_) if skips_item => {}
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                words.push(Word { text: open.to_owned(), line });
                collect(group.stream(), words);
                words.push(Word { text: close.to_owned(), line: group.span_close().start().line });
            }
            TokenTree::Punct(sign) => {
                let mut text = sign.as_char().to_string();
                if sign.spacing() == Spacing::Joint
                    && let Some(TokenTree::Punct(second)) = tokens.next_if(|next| matches!(next, TokenTree::Punct(_)))
                {
                    text.push(second.as_char());
                }
                words.push(Word { text, line });
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => words.push(Word { text: token.to_string(), line }),
        }
    }
}

#[test]
fn comments_and_tests_are_no_words() {
    let source = Source::new(
        "a.rs",
        "//! Nothing.\n/// Nothing.\nfn a() { b::c(\"d\"); }\n// Nothing.\n#[cfg(test)]\nuse x::y;\n#[cfg(test)]\nmod tests { fn e() {} }\nfn f() {}",
    );
    let texts: Vec<String> = source.words().into_iter().map(|word| word.text).collect();
    assert_eq!(
        texts,
        ["fn", "a", "(", ")", "{", "b", "::", "c", "(", "\"d\"", ")", ";", "}", "fn", "f", "(", ")", "{", "}"]
    );
    assert_eq!(source.words().last().unwrap().line, 9);
}
