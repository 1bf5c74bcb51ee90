//! Who sits at this computer, as the operating system calls them.

/// The name of the operating system's user; empty where it tells none.
#[must_use]
pub fn user_name() -> String {
    first_of(["USERNAME", "USER", "LOGNAME"].map(std::env::var_os))
}

fn first_of(told: [Option<std::ffi::OsString>; 3]) -> String {
    let names = told.into_iter().flatten().map(|it| it.to_string_lossy().trim().to_owned());
    names.into_iter().find(|it| !it.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_that_says_something_is_meant() {
        let some = |text: &str| Some(text.into());
        assert_eq!(first_of([some(" "), some("misaki "), some("root")]), "misaki");
        assert_eq!(first_of([None, None, None]), "");
    }
}
