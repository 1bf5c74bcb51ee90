//! The ways in which calls can be found by an index of their own.

/// One way. Several may find the same call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    FromWords,
    ToWords,
    NoteWords,
    CustomerFrom,
    CustomerTo,
    CustomerNamed,
    ChosenFrom,
    ChosenTo,
    ChosenNamed,
    PersonWords,
    FromNumber,
    ToNumber,
    Extension,
    CallerFrom,
    CallerTo,
}

impl Way {
    /// By what was typed.
    pub(super) const BY_WORDS: &[Self] = &[
        Self::FromWords,
        Self::ToWords,
        Self::NoteWords,
        Self::CustomerFrom,
        Self::CustomerTo,
        Self::CustomerNamed,
        Self::PersonWords,
    ];
    /// By a number on either side.
    pub(super) const BY_NUMBER: &[Self] = &[Self::FromNumber, Self::ToNumber];
    /// By a customer.
    pub(super) const BY_CUSTOMER: &[Self] = &[Self::ChosenFrom, Self::ChosenTo, Self::ChosenNamed];
    /// By a colleague who took part.
    pub(super) const BY_PERSON: &[Self] = &[Self::Extension];
    /// By what is known of who is outside.
    pub(super) const BY_CALLER: &[Self] = &[Self::CallerFrom, Self::CallerTo];
}
