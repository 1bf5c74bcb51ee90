//! What the words of bulk sending mean, and how they are counted.

use super::{BulkCounts, BulkOptions, BulkProblemKind, BulkRowState};

impl BulkCounts {
    /// Counts rows of a state.
    pub fn add(&mut self, state: BulkRowState, rows: u32) {
        let of_state = match state {
            BulkRowState::Waiting => &mut self.waiting,
            BulkRowState::Sending => &mut self.sending,
            BulkRowState::Sent => &mut self.sent,
            BulkRowState::Refused => &mut self.refused,
            BulkRowState::Unknown => &mut self.unknown,
            BulkRowState::Paused => &mut self.paused,
            BulkRowState::Left => &mut self.left,
            BulkRowState::Excluded => &mut self.excluded,
            BulkRowState::Withheld => &mut self.withheld,
        };
        *of_state += rows;
        if state != BulkRowState::Excluded {
            self.total += rows;
        }
    }
}

impl BulkProblemKind {
    /// All of them, the gravest first.
    pub const ALL: [Self; 13] = [
        Self::Unreadable,
        Self::NoRecipient,
        Self::NothingToSend,
        Self::EmptyField,
        Self::NotUsable,
        Self::TooLong,
        Self::Doubled,
        Self::UnknownAddress,
        Self::UnknownRoom,
        Self::Unverifiable,
        Self::Guest,
        Self::GotBefore,
        Self::LargeRoom,
    ];

    /// Whether a row with this problem is left out under these options.
    #[must_use]
    pub fn excludes(self, options: &BulkOptions) -> bool {
        match self {
            Self::Unreadable
            | Self::NoRecipient
            | Self::NothingToSend
            | Self::EmptyField
            | Self::NotUsable
            | Self::TooLong
            | Self::Doubled => true,
            Self::UnknownAddress | Self::UnknownRoom => !options.sends_to_unknown,
            Self::Unverifiable | Self::LargeRoom => false,
            Self::Guest => options.skips_guests,
            Self::GotBefore => options.skips_got_before,
        }
    }
}

impl BulkRowState {
    /// The word that it has in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Paused => "paused",
            Self::Left => "left",
            Self::Excluded => "excluded",
            Self::Withheld => "withheld",
        }
    }
}

impl BulkProblemKind {
    /// The word that it has in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NoRecipient => "no_recipient",
            Self::NothingToSend => "nothing_to_send",
            Self::EmptyField => "empty_field",
            Self::NotUsable => "not_usable",
            Self::TooLong => "too_long",
            Self::Doubled => "doubled",
            Self::UnknownAddress => "unknown_address",
            Self::UnknownRoom => "unknown_room",
            Self::Unverifiable => "unverifiable",
            Self::Guest => "guest",
            Self::GotBefore => "got_before",
            Self::LargeRoom => "large_room",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_json() {
        for kind in BulkProblemKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.word()));
        }
    }
}
