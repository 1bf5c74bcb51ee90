//! Combinations of keys that work from any program, written as `Ctrl+Alt+P`.

/// The keys that are held, in the order in which they are written.
const HELD: [&str; 4] = ["Ctrl", "Alt", "Shift", "Super"];

/// Whether a text is a combination: one or more of `Ctrl`, `Alt`, `Shift` and `Super` in this order, not `Shift` alone, and then a letter,
/// a figure or one of `F1` to `F24`.
#[must_use]
pub fn is_hot_key(text: &str) -> bool {
    let mut keys: Vec<&str> = text.split('+').collect();
    let Some(last) = keys.pop() else { return false };
    let places: Option<Vec<usize>> = keys.iter().map(|it| HELD.iter().position(|held| held == it)).collect();
    let is_held = places.is_some_and(|it| it.is_sorted_by(|one, next| one < next) && it != [2] && !it.is_empty());
    is_held && is_key(last)
}

fn is_key(text: &str) -> bool {
    let is_sign = text.len() == 1 && text.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    let number = text.strip_prefix('F').filter(|it| !it.starts_with(['0', '+'])).and_then(|it| it.parse::<u8>().ok());
    is_sign || number.is_some_and(|it| (1..=24).contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_combination_has_keys_to_hold_and_one_to_press() {
        for text in ["Ctrl+Alt+P", "Ctrl+Alt+L", "Super+F1", "Alt+F24", "Ctrl+Alt+Shift+Super+0", "Ctrl+Shift+Z"] {
            assert!(is_hot_key(text), "{text}");
        }
        let others = [
            "",
            "P",
            "F5",
            "Shift+P",
            "Ctrl",
            "Ctrl+",
            "Ctrl+p",
            "Alt+Ctrl+P",
            "Ctrl+Ctrl+P",
            "Ctrl+F25",
            "Ctrl+F0",
            "Ctrl+F01",
            "Ctrl+é",
            "Ctrl+P+L",
            "Ctrl+Enter",
            "Hyper+P",
            "Ctrl + P",
        ];
        for text in others {
            assert!(!is_hot_key(text), "{text}");
        }
    }
}
