//! How the web view of Linux draws. Without a graphics card it would go round through OpenGL made by the processor, which starts late,
//! draws late and holds memory twice; it draws with the processor at once then. Windows and macOS decide that themselves.

/// Has every window drawn by the processor where there is nothing else to draw with. To be said before anything else begins: other
/// threads may look at the environment.
#[cfg(target_os = "linux")]
pub(crate) use linux::prepare;

#[cfg(not(target_os = "linux"))]
pub(crate) const fn prepare() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::Path;

    /// Where the kernel shows what can draw.
    const CARDS: &str = "/dev/dri";
    /// Of a card, the part that anybody may draw with.
    const DRAWS: &str = "renderD";
    /// WebKitGTK shares what OpenGL has drawn unless this is 1; without that way it draws with the processor. A value that is there
    /// already stands.
    const SHARES_NOT: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    pub(crate) fn prepare() {
        if !has_card(Path::new(CARDS)) {
            // Where it cannot be said, windows are drawn the long way round.
            drop(glib::setenv(SHARES_NOT, "1", false));
        }
    }

    /// Whether something can draw for programs.
    fn has_card(cards: &Path) -> bool {
        let names = std::fs::read_dir(cards).into_iter().flatten().flatten();
        names.into_iter().any(|it| it.file_name().to_string_lossy().starts_with(DRAWS))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_screen_alone_draws_nothing() {
            let folder = tempfile::tempdir().unwrap();
            let has = || has_card(&folder.path().join("dri"));
            assert!(!has());
            std::fs::create_dir(folder.path().join("dri")).unwrap();
            std::fs::write(folder.path().join("dri/card0"), "").unwrap();
            assert!(!has());
            std::fs::write(folder.path().join("dri/renderD128"), "").unwrap();
            assert!(has());
        }
    }
}
