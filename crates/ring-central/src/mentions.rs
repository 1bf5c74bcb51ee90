//! Mentions: `![:Person](id)` inside the text of a post, `@Name` to people.

/// Somebody who is mentioned: the id, and the name where it is known.
pub(crate) struct Mentioned {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

/// A mention as the vendor writes it.
pub(crate) fn mention(id: &str) -> String {
    format!("![:Person]({id})")
}

/// What a person wrote cannot mention anybody by accident: a space without width parts the marks of a mention.
pub(crate) fn escaped(text: &str) -> String {
    text.replace("![:", "!\u{200b}[:")
}

/// The text of a post: whoever stands in it as `@Name` is mentioned there, the others in front of it, each once in front.
pub(crate) fn written(text: &str, mentioned: &[Mentioned]) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut found = vec![false; mentioned.len()];
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at);
        out.push_str(&escaped(before));
        match named(&after[1..], mentioned) {
            Some((index, length)) => {
                found[index] = true;
                out.push_str(&mention(&mentioned[index].id));
                rest = &after[1 + length..];
            }
            None => {
                out.push('@');
                rest = &after[1..];
            }
        }
    }
    out.push_str(&escaped(rest));
    let mut front: Vec<String> = Vec::new();
    for (it, is_found) in mentioned.iter().zip(found) {
        let mark = mention(&it.id);
        if !is_found && !front.contains(&mark) {
            front.push(mark);
        }
    }
    front.extend(Some(out).filter(|text| !text.is_empty()));
    front.join(" ")
}

/// Whose name a text begins with, the longest one, and how long it is there. A name does not end inside a word.
fn named(text: &str, mentioned: &[Mentioned]) -> Option<(usize, usize)> {
    let fits = mentioned.iter().enumerate().filter_map(|(index, it)| {
        let name = it.name.as_deref().map(str::trim).filter(|name| !name.is_empty())?;
        let after = text.strip_prefix(name)?;
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_whole = !name.ends_with(goes_on) || !after.starts_with(goes_on);
        is_whole.then_some((index, name.len()))
    });
    fits.max_by_key(|(_, length)| *length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(id: &str, name: &str) -> Mentioned {
        Mentioned { id: id.to_owned(), name: Some(name.to_owned()).filter(|it| !it.is_empty()) }
    }

    #[test]
    fn whoever_stands_in_the_text_is_mentioned_there_and_the_others_in_front() {
        let all = [somebody("1", "Emma"), somebody("2", "Emma Clarke"), somebody("3", "田中 健一"), somebody("4", "")];
        let check = |text: &str, expected: &str| assert_eq!(written(text, &all), expected, "{text}");
        check("", "![:Person](1) ![:Person](2) ![:Person](3) ![:Person](4)");
        check("x", "![:Person](1) ![:Person](2) ![:Person](3) ![:Person](4) x");
        check(
            "@Emma Clarke と@田中 健一さん, @Emma.",
            "![:Person](4) ![:Person](2) と![:Person](3)さん, ![:Person](1).",
        );
        check("@Emmanuel a@b", "![:Person](1) ![:Person](2) ![:Person](3) ![:Person](4) @Emmanuel a@b");
    }

    #[test]
    fn nobody_is_mentioned_by_accident() {
        assert_eq!(written("see ![:Team](1) & ![:Person](2)", &[]), "see !\u{200b}[:Team](1) & !\u{200b}[:Person](2)");
        assert_eq!(written("a![:@Emma", &[somebody("1", "Emma")]), "a!\u{200b}[:![:Person](1)");
    }
}
