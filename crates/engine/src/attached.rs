//! Files that go with messages: looked at when they are attached, kept where a window brings their bytes, and read again when the message
//! leaves, which it does only with the very same bytes.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::file::{AttachedFile, Uploaded};
use model::message::{Message, Receipt};
use model::ports::{Files, Session};
use model::{DeliveryId, Failure, Reason, Why};
use sha2::{Digest, Sha256};

use crate::board::not_offered;
use crate::console::Console;

/// Where the bytes lie that a window brought, in the data folder.
const FOLDER: &str = "attached";
/// The most that is read of a file: it is held in memory while it leaves.
const MOST: u64 = 200 * 1024 * 1024;
/// How long bytes are kept that belong to nothing that may still leave.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// A file at a system is used again for the same message for so long; systems throw away what nothing shows after a day.
const STANDS_FOR: Duration = Duration::from_secs(20 * 60 * 60);

impl Console {
    /// A file as it is now, for a draft.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with its name where it cannot be read, is empty, is larger than 200 MiB or has no name that can be sent.
    pub async fn file_look(&self, path: PathBuf) -> Result<AttachedFile, Failure> {
        apart(move || look(&path, None)).await
    }

    /// Takes bytes of a file that a window brings, piece by piece: `from` is where they belong, 0 begins anew. `key` is the window's own
    /// name for it: letters, digits and `-`.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a key that cannot be one, a piece without those before it, or more than 200 MiB; where the data folder
    /// cannot be written.
    pub async fn file_write(&self, key: &str, from: u64, bytes: Vec<u8>) -> Result<(), Failure> {
        let path = self.kept_at(key)?;
        if from + bytes.len() as u64 > MOST {
            return Err(Failure::invalid(Reason::FileTooLarge, ""));
        }
        apart(move || write_piece(&path, from, &bytes)).await
    }

    /// The file whose bytes a window brought, under the name that it has there.
    ///
    /// # Errors
    /// As [`Console::file_look`], and as [`Console::file_write`] for the key.
    pub async fn file_keep(&self, key: &str, name: &str) -> Result<AttachedFile, Failure> {
        let (path, name) = (self.kept_at(key)?, name.to_owned());
        apart(move || look(&path, Some(&name))).await
    }

    /// Throws away bytes that a window brought long ago and that nothing wants any more.
    pub(crate) async fn forget_old_files(&self) {
        let since = self.now().minus(KEPT_FOR);
        let wanted = match self.0.store.read(move |r| store::uploads::wanted(r, since)).await {
            Ok(wanted) => wanted,
            Err(failure) => {
                return tracing::warn!(reason = ?failure.why().reason, "old files could not be looked through");
            }
        };
        let folder = self.0.store.folder().join(FOLDER);
        let outcome = apart(move || {
            let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(()) };
            for entry in entries.flatten() {
                let written = entry.metadata().and_then(|it| it.modified()).ok();
                let is_old = written.is_some_and(|at| chrono::DateTime::<chrono::Utc>::from(at) < since.utc());
                if is_old && !wanted.iter().any(|path| Path::new(path) == entry.path()) {
                    std::fs::remove_file(entry.path()).map_err(|_| broken())?;
                }
            }
            Ok(())
        });
        if let Err(failure) = outcome.await {
            tracing::warn!(reason = ?failure.why().reason, "an old file could not be removed");
        }
    }

    fn kept_at(&self, key: &str) -> Result<PathBuf, Failure> {
        let is_key =
            !key.is_empty() && key.len() <= 64 && key.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        if !is_key {
            return Err(Failure::invalid(Reason::NotUsable, "key"));
        }
        Ok(self.0.store.folder().join(FOLDER).join(key))
    }

    /// Sends a message with its file. What happens before the message itself leaves is a refusal: nobody saw anything of it.
    pub(crate) async fn send_with_file(
        &self,
        message: &Message,
        file: &AttachedFile,
        session: Session,
    ) -> Result<Receipt, Failure> {
        let files = session.files.ok_or_else(|| not_offered(""))?;
        let uploaded = match self.left_there(&*files, message).await? {
            Standing::Shown(receipt) => return Ok(receipt),
            Standing::There(uploaded) => uploaded,
            Standing::Nothing => self.bring(&*files, message, file).await?,
        };
        match files.show(message, &uploaded).await {
            Err(Failure::Unknown(why)) => match files.find(message, &uploaded).await {
                Ok(Some(receipt)) => Ok(receipt),
                Ok(None) | Err(_) => Err(Failure::Unknown(why)),
            },
            Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => {
                // Whatever the system refused, the next try begins with the file.
                let id = message.id.clone();
                self.write(move |w| store::uploads::remove(w, &id)).await?;
                Err(failure)
            }
            outcome => outcome,
        }
    }

    /// How a message with a file stands at the system since an earlier try.
    async fn left_there(&self, files: &dyn Files, message: &Message) -> Result<Standing, Failure> {
        let Some(uploaded) = self.uploaded(&message.id).await? else { return Ok(Standing::Nothing) };
        match files.find(message, &uploaded).await {
            Ok(Some(receipt)) => Ok(Standing::Shown(receipt)),
            Ok(None) if uploaded.at > self.now().minus(STANDS_FOR) => Ok(Standing::There(uploaded)),
            // A person wants it sent again where nobody can tell whether it is there.
            Err(Failure::Invalid(_)) | Ok(None) => Ok(Standing::Nothing),
            Err(failure) => Err(failure.before_sending()),
        }
    }

    /// Reads the file again, brings it to the system and writes that down, all before the message leaves.
    async fn bring(&self, files: &dyn Files, message: &Message, file: &AttachedFile) -> Result<Uploaded, Failure> {
        let wanted = file.clone();
        let bytes = apart(move || read_again(&wanted)).await.map_err(refused)?;
        match files.largest().await {
            Ok(Some(most)) if file.size > most => return Err(too_large(file, most)),
            // The system says itself what it does not take.
            Ok(_) | Err(Failure::Refused(_) | Failure::Surprise(_)) => {}
            Err(failure) => return Err(failure.before_sending()),
        }
        let uploaded = files.upload(message, bytes).await.map_err(not_taken)?;
        let (id, kept) = (message.id.clone(), uploaded.clone());
        self.write(move |w| store::uploads::put(w, &id, &kept)).await?;
        Ok(uploaded)
    }

    /// What the system has of the file of a delivery, as it was written down.
    pub(crate) async fn uploaded(&self, id: &DeliveryId) -> Result<Option<Uploaded>, Failure> {
        let id = id.clone();
        self.0.store.read(move |r| store::uploads::get(r, &id)).await
    }
}

/// What an earlier try left at the system.
enum Standing {
    Nothing,
    There(Uploaded),
    Shown(Receipt),
}

/// Runs what waits for the disk on a thread where it disturbs nobody.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(broken()))
}

fn broken() -> Failure {
    Failure::Refused(Why::new(Reason::StoreBroken, FOLDER))
}

/// What is wrong with a file when its message leaves is a refusal: nothing was sent.
fn refused(failure: Failure) -> Failure {
    Failure::Refused(failure.why().clone())
}

fn too_large(file: &AttachedFile, most: u64) -> Failure {
    Failure::Refused(Why::new(Reason::FileTooLarge, format!("{} > {} bytes", file.size, most)))
}

/// A file that left without an answer has shown nothing to anybody.
fn not_taken(failure: Failure) -> Failure {
    match failure {
        Failure::Unknown(why) | Failure::Surprise(why) => Failure::Refused(Why::new(Reason::FileNotTaken, why.words)),
        failure @ (Failure::SignedOut(_)
        | Failure::SlowDown(..)
        | Failure::Offline(_)
        | Failure::Refused(_)
        | Failure::Invalid(_)) => failure,
    }
}

fn look(path: &Path, name: Option<&str>) -> Result<AttachedFile, Failure> {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let own = || path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.map_or_else(own, str::to_owned);
    let text = whole.to_str().ok_or_else(|| Failure::invalid(Reason::NotUsable, name.as_str()))?.to_owned();
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(Failure::invalid(Reason::NotUsable, "file name"));
    }
    let bytes = read(&whole, &name)?;
    if bytes.is_empty() {
        return Err(Failure::invalid(Reason::Missing, name));
    }
    Ok(AttachedFile { path: text, name, size: bytes.len() as u64, sha256: digest(&bytes) })
}

/// The bytes of a file that is still as it was.
fn read_again(file: &AttachedFile) -> Result<Vec<u8>, Failure> {
    let bytes = read(Path::new(&file.path), &file.name)?;
    if bytes.len() as u64 != file.size || digest(&bytes) != file.sha256 {
        return Err(Failure::invalid(Reason::FileChanged, file.name.as_str()));
    }
    Ok(bytes)
}

fn read(path: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    let gone = |_| Failure::invalid(Reason::FileGone, name);
    let opened = std::fs::File::open(path).map_err(gone)?;
    if opened.metadata().map_err(gone)?.is_dir() {
        return Err(Failure::invalid(Reason::FileGone, name));
    }
    let mut bytes = Vec::new();
    opened.take(MOST + 1).read_to_end(&mut bytes).map_err(gone)?;
    if bytes.len() as u64 > MOST {
        return Err(Failure::invalid(Reason::FileTooLarge, name));
    }
    Ok(bytes)
}

fn write_piece(path: &Path, from: u64, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|_| broken())?;
    }
    let mut options = std::fs::OpenOptions::new();
    let opened = options.write(true).create(from == 0).truncate(from == 0).open(path);
    let mut file = opened.map_err(|_| broken())?;
    if file.metadata().map_err(|_| broken())?.len() != from {
        return Err(Failure::invalid(Reason::NotUsable, "from"));
    }
    file.seek(SeekFrom::Start(from)).and_then(|_| file.write_all(bytes)).map_err(|_| broken())
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
