//! Almost-JSON as people paste it and as the vendor's own samples print it, made strict.

/// Makes strict JSON of `text`: byte order mark and `name=` in front go, so does the form encoding behind such a name; commas
/// too many before a closing bracket go, and a comma that is missing between two fields is put in. Texts stay untouched.
pub(crate) fn strict(text: &str, name: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim();
    let body = text.strip_prefix(name).and_then(|rest| rest.trim_start().strip_prefix('=')).unwrap_or(text).trim();
    let is_encoded =
        body.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("%7b") || start.eq_ignore_ascii_case("%5b"));
    if is_encoded {
        return mend(&decode(body));
    }
    mend(body)
}

/// Undoes the form encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        rest = after;
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What stands before the next sign, as far as commas go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A value has ended.
    Value,
    /// A comma that is held back until something follows it.
    Comma,
    /// Anything else.
    Other,
}

fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = String::new();
    let mut before = Before::Other;
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign.is_whitespace() {
            gap.push(sign);
            continue;
        }
        if sign == ',' {
            if before == Before::Value {
                before = Before::Comma;
            }
            continue;
        }
        let closes = matches!(sign, '}' | ']');
        let follows_on = !closes && sign != ':' && (before == Before::Comma || before == Before::Value && opens(sign));
        if follows_on {
            out.push(',');
        }
        out.push_str(&gap);
        gap.clear();
        out.push(sign);
        if sign == '"' {
            copy_text(&mut signs, &mut out);
        }
        before = if matches!(sign, '{' | '[' | ':') { Before::Other } else { Before::Value };
    }
    out.push_str(&gap);
    out
}

/// Whether a sign begins a value of its own. Letters and digits do not: they may go on with the one before.
fn opens(sign: char) -> bool {
    matches!(sign, '"' | '{' | '[')
}

fn copy_text(signs: &mut std::str::Chars<'_>, out: &mut String) {
    while let Some(sign) = signs.next() {
        out.push(sign);
        match sign {
            '"' => return,
            '\\' => out.extend(signs.next()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_strict_stays_as_it_is() {
        let check = |text: &str| assert_eq!(strict(text, "chatRoom"), text);
        check(r#"{"id": "1564831284702237059", "a": [1, 2.50, {"b": null}], "c": ",]}\"x"}"#);
        check("[]");
        check(r#""just, ] text""#);
    }

    #[test]
    fn the_vendors_own_samples_can_be_pasted() {
        let check = |text: &str, expected: &str| assert_eq!(strict(text, "chatRoom"), expected);
        check("{\"a\":{\"u\":true,\"v\":false,},}", r#"{"a":{"u":true,"v":false}}"#);
        check("{\r\n\"name\":\"x\"\r\n\"b\":1,\r\n}", "{\r\n\"name\":\"x\",\r\n\"b\":1\r\n}");
        check("{\"m\":true , }", "{\"m\":true  }");
        check("\u{feff}chatRoom={\"a\":1,}", r#"{"a":1}"#);
        check("chatRoom=%7B%22a%22%3A%22Q%26A+%2B%22%7D", r#"{"a":"Q&A +"}"#);
        check("[{\"a\":1},\n{\"b\":2},\n]", "[{\"a\":1},\n{\"b\":2}\n]");
        check("[,1,,2,]", "[1,2]");
    }
}
