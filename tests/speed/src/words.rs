//! Words to search for, and how the index spells them: written once more from its description, so that a mistake there is seen.

/// Family names of the example office.
pub(crate) const FAMILIES: [&str; 24] = [
    "藤井", "山口", "中村", "加藤", "吉田", "山田", "松本", "井上", "木村", "清水", "斎藤", "池田", "橋本", "阿部",
    "石川", "前田", "小川", "岡田", "村上", "近藤", "石井", "坂本", "遠藤", "青木",
];

/// The phrase of the pairs of a text's characters, each character as four digits to the base 36.
pub(crate) fn phrase(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters.windows(2).map(|pair| pair.iter().map(|it| spelled(*it)).collect()).collect();
    format!("\"{}\"", words.join(" "))
}

fn spelled(character: char) -> String {
    let digit = |power: u32| char::from_digit(character as u32 / 36_u32.pow(power) % 36, 36).unwrap_or('0');
    [3, 2, 1, 0].map(digit).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_phrase_of_its_pairs() {
        assert_eq!(phrase("abc"), "\"002p002q 002q002r\"");
        assert_eq!(phrase("山口"), "\"0i9d0gkj\"");
    }
}
