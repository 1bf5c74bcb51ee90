//! Texts with `{{field}}`: which fields they have, and filling them in.

/// The name of a field as names are compared: width, case and white space do not matter.
pub(crate) fn folded(name: &str) -> String {
    sheet::folded(name)
}

/// A piece of a text.
enum Piece<'a> {
    Plain(&'a str),
    Field(&'a str),
}

/// The names of the fields of a text as they are written, each once.
pub(crate) fn fields(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Field(name) = piece
            && names.iter().all(|it| folded(it) != folded(name))
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// Fills the fields in. `Err` has the names of those for which `value` has nothing.
pub(crate) fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Vec<String>> {
    let mut out = String::with_capacity(text.len());
    let mut empty: Vec<String> = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Plain(plain) => out.push_str(plain),
            Piece::Field(name) => match value(&folded(name)).filter(|it| !it.trim().is_empty()) {
                Some(value) => out.push_str(value.trim()),
                None if empty.iter().any(|it| it == name) => {}
                None => empty.push(name.to_owned()),
            },
        }
    }
    if empty.is_empty() { Ok(out) } else { Err(empty) }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start + 2..].find("}}") else { break };
        let name = rest[start + 2..start + 2 + length].trim();
        let end = start + 2 + length + 2;
        // Braces around nothing, or around lines, are no field.
        if name.is_empty() || name.contains(['\n', '{', '}']) {
            found.push(Piece::Plain(&rest[..start + 2]));
            rest = &rest[start + 2..];
            continue;
        }
        found.push(Piece::Plain(&rest[..start]));
        found.push(Piece::Field(name));
        rest = &rest[end..];
    }
    found.push(Piece::Plain(rest));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_and_filled_in_whatever_their_case() {
        let text = "{{ Name }} 様\n{{会社}} {{ＮＡＭＥ}} {{}} {{\n}} {x} {{name";
        assert_eq!(fields(text), ["Name", "会社"]);
        let value = |name: &str| match name {
            "name" => Some("西村".to_owned()),
            "会社" => Some(" 北浜 ".to_owned()),
            _ => None,
        };
        assert_eq!(filled(text, value).unwrap(), "西村 様\n北浜 西村 {{}} {{\n}} {x} {{name");
        let missing = filled("{{a}}{{b}}{{a}}", |name| (name == "b").then(|| "  ".to_owned()));
        assert_eq!(missing.unwrap_err(), ["a", "b"]);
    }
}
