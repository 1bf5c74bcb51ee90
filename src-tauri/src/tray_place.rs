//! Whether the desktop has a place for an icon beside its clock. Windows and macOS always have; on Linux it takes a library, which a
//! tray icon without it would end the program for, and a panel that shows icons.

/// Tells whether icons are shown, now and whenever that changes. Ends where nobody can tell.
#[cfg(target_os = "linux")]
pub(crate) use linux::{can_draw, follow};

#[cfg(not(target_os = "linux"))]
pub(crate) fn can_draw() -> bool {
    true
}

#[cfg(not(target_os = "linux"))]
pub(crate) async fn follow(tell: impl Fn(bool)) {
    tell(true);
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::Read;
    use std::path::{Path, PathBuf};

    use futures::StreamExt;
    use zbus::Connection;
    use zbus::fdo::DBusProxy;
    use zbus::names::BusName;

    /// The libraries that draw an icon; one of them is enough.
    const LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    /// What the loader of the system knows, and where it looks besides.
    const KNOWN: &str = "/etc/ld.so.cache";
    const FOLDERS: [&str; 4] = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];
    /// Who shows icons.
    const PANEL: &str = "org.kde.StatusNotifierWatcher";

    /// Whether a library is there that draws an icon. Looking for it loads nothing.
    pub(crate) fn can_draw() -> bool {
        let asked = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        let folders = std::env::split_paths(&asked).chain(FOLDERS.map(PathBuf::from));
        let known = named(&std::fs::read(KNOWN).unwrap_or_default());
        let beside = folders.flat_map(|folder| LIBRARIES.map(|name| folder.join(name)));
        known.into_iter().chain(beside).any(|path| is_ours(&path))
    }

    /// Where these libraries are, by the list of the loader, which holds paths that end with a zero.
    fn named(list: &[u8]) -> Vec<PathBuf> {
        let is_one =
            |path: &&str| path.starts_with('/') && LIBRARIES.iter().any(|it| path.ends_with(&format!("/{it}")));
        let texts = list.split(|byte| *byte == 0).filter_map(|it| std::str::from_utf8(it).ok());
        texts.filter(is_one).map(PathBuf::from).collect()
    }

    /// Whether a file is a library for programs as wide as this one: a computer may have those of 32 bits as well.
    fn is_ours(path: &Path) -> bool {
        let mut head = [0; 5];
        let is_read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok();
        let width = if cfg!(target_pointer_width = "64") { 2 } else { 1 };
        is_read && head == [0x7f, b'E', b'L', b'F', width]
    }

    pub(crate) async fn follow(tell: impl Fn(bool)) {
        if let Err(error) = watch(&tell).await {
            tracing::info!(%error, "nobody tells whether this desktop shows icons");
            tell(false);
        }
    }

    async fn watch(tell: &impl Fn(bool)) -> zbus::Result<()> {
        let connection = Connection::session().await?;
        let bus = DBusProxy::new(&connection).await?;
        let mut changes = bus.receive_name_owner_changed_with_args(&[(0, PANEL)]).await?;
        tell(bus.name_has_owner(BusName::try_from(PANEL)?).await?);
        while let Some(change) = changes.next().await {
            tell(change.args()?.new_owner().is_some());
        }
        Ok(())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_list_of_the_loader_says_where_the_library_is() {
            let list = b"glibc-ld.so\0\x01\x02libayatana-appindicator3.so.1\0/usr/lib/x86_64-linux-gnu/libayatana-appindicator3.so.1\0\
                /usr/lib/libother.so.1\0/usr/lib/libayatana-appindicator3.so.1.0.0\0";
            let expected = "/usr/lib/x86_64-linux-gnu/libayatana-appindicator3.so.1";
            assert_eq!(named(list), [PathBuf::from(expected)]);
            assert_eq!(named(b""), Vec::<PathBuf>::new());
        }

        #[test]
        fn only_a_library_that_this_program_could_load_counts() {
            assert!(is_ours(&std::env::current_exe().unwrap()));
            assert!(!is_ours(Path::new("/etc/hostname")));
            assert!(!is_ours(Path::new("/no/such/file")));
        }
    }
}
