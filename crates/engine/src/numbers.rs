//! Whether two written numbers are one: numbers of people come without a country, as they are written in each system.

use model::phone;

/// The least digits of a number that somebody outside could dial. Shorter ones mean nothing beyond their own office.
const LEAST_DIGITS: usize = 7;

/// A number as it can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Number {
    /// With its country.
    World(String),
    /// As people of its country dial it.
    National(String),
}

impl Number {
    /// `None` for what is no number that could be dialled from outside: withheld, masked, an extension.
    pub(crate) fn read(written: &str) -> Option<Self> {
        let party = phone::party(written, "");
        if let Some(e164) = party.e164 {
            return Some(Self::World(e164));
        }
        phone::key(&party).filter(|digits| digits.len() >= LEAST_DIGITS).map(Self::National)
    }

    /// The digits that people of its country dial.
    pub(crate) fn national(&self) -> Option<String> {
        match self {
            Self::World(e164) => phone::national_digits(e164),
            Self::National(digits) => Some(digits.clone()),
        }
    }

    /// Whether both are the same number. Two with their countries are compared with them.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::World(one), Self::World(two)) | (Self::National(one), Self::National(two)) => one == two,
            (Self::World(_), Self::National(_)) | (Self::National(_), Self::World(_)) => {
                self.national().is_some_and(|digits| Some(digits) == other.national())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_in_every_written_form() {
        let check = |one: &str, two: &str, same: bool| {
            let (one, two) = (Number::read(one).unwrap(), Number::read(two).unwrap());
            assert_eq!((one.is(&two), two.is(&one)), (same, same), "{one:?} {two:?}");
        };
        check("+81 3-5550-0142", "03-5550-0142", true);
        check("０３－５５５０－０１４２", "0355500142", true);
        check("+81355500142", "+81 (3) 5550 0142", true);
        check("+81355500142", "+82355500142", false);
        check("03-5550-0142", "03-5550-0143", false);
        for nothing in ["", "204", "非通知", "+1855201XXXX", "*67"] {
            assert_eq!(Number::read(nothing), None, "{nothing}");
        }
    }
}
