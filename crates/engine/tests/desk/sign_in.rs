//! Signing in with the browser, renewing what it brings, and ending it, over a system that is made up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use engine::vault::entry;
use engine::{Console, MemoryVault, Parts, Vault};
use model::about::{About, Field, Mark, Origin};
use model::connection::{CheckUp, ConnectionView, Limitation, NewConnection};
use model::failure::Code;
use model::ports::{BrowserSignIn, Keeper, Opening, Session, SignedIn, System, Tested};
use model::{Clock, ConnectionId, Failure, Reason, Secret, SystemId, Why};
use store::Store;

use crate::double::Noon;

/// What the made-up system was asked, and how it is.
#[derive(Default)]
struct Seen {
    /// The kept token of every session that was opened, and `revoked` for each that was ended.
    told: Mutex<Vec<String>>,
    keepers: Mutex<Vec<Arc<dyn Keeper>>>,
    is_down: Mutex<bool>,
}

impl Seen {
    fn tell(&self, what: impl Into<String>) {
        self.told.lock().unwrap().push(what.into());
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    fn keeper(&self) -> Arc<dyn Keeper> {
        self.keepers.lock().unwrap().last().unwrap().clone()
    }
}

struct MadeUp {
    seen: Arc<Seen>,
    by_browser: bool,
}

struct Account(Arc<Seen>);
struct Waiting;

impl System for MadeUp {
    fn about(&self) -> About {
        About {
            id: SystemId::from("made-up"),
            name: "Made up".into(),
            mark: Mark::Circle,
            url_example: "https://example.jp".into(),
            url_default: "https://example.jp".into(),
            fields: vec![Field::of_sign_in("key", Origin::TypedInstead), Field::of_sign_in("refresh", Origin::SignIn)],
            longest_text: None,
            grammar: model::about::Grammar::Plain,
            messages_per_minute: None,
            messages_per_day: None,
            abilities: vec![],
            signs_in_by_browser: self.by_browser,
            signs_in_by_password: false,
        }
    }

    fn open(&self, opening: Opening) -> Result<Session, Failure> {
        let found = opening.secrets.get("refresh").or(opening.secrets.get("key"));
        let token = found.ok_or_else(|| Failure::SignedOut(Why::new(Reason::SecretMissing, "key")))?;
        self.seen.tell(format!("opened with {}", token.reveal()));
        self.seen.keepers.lock().unwrap().push(opening.keeper);
        let account = Arc::new(Account(self.seen.clone()));
        let mut session = Session::new(account.clone());
        session.signed_in = Some(account);
        Ok(session)
    }

    fn sign_in(&self, _: Opening) -> Result<Box<dyn BrowserSignIn>, Failure> {
        Ok(Box::new(Waiting))
    }
}

#[async_trait]
impl Tested for Account {
    async fn check_up(&self) -> CheckUp {
        CheckUp { at: Noon.now(), signed_in_as: None, steps: vec![] }
    }
}

#[async_trait]
impl SignedIn for Account {
    async fn sign_out(&self) -> Result<(), Failure> {
        if *self.0.is_down.lock().unwrap() {
            std::future::pending::<()>().await;
        }
        self.0.tell("revoked");
        Err(Failure::Offline(Why::new(Reason::NothingListens, "")))
    }

    async fn leave(&self) -> Result<(), Failure> {
        self.0.tell("left");
        Ok(())
    }
}

#[async_trait]
impl BrowserSignIn for Waiting {
    fn page(&self) -> String {
        "https://example.jp/authorize".into()
    }

    fn comes_back_to(&self) -> String {
        "http://127.0.0.1:1/".into()
    }

    async fn finish(&self, query: &str) -> Result<BTreeMap<String, Secret>, Failure> {
        match query.strip_prefix("code=") {
            Some(code) => Ok(BTreeMap::from([("refresh".to_owned(), Secret::new(code))])),
            None => Err(Failure::Refused(Why::new(Reason::SignInDeclined, ""))),
        }
    }
}

/// A vault that can be closed.
#[derive(Default)]
struct Keys {
    memory: MemoryVault,
    is_closed: Mutex<bool>,
}

impl Vault for Keys {
    fn read(&self, entry: &str) -> Result<Option<Secret>, Failure> {
        self.memory.read(entry)
    }

    fn write(&self, entry: &str, secret: &Secret) -> Result<(), Failure> {
        if *self.is_closed.lock().unwrap() {
            return Err(Failure::SignedOut(Why::new(Reason::KeyringClosed, "")));
        }
        self.memory.write(entry, secret)
    }

    fn forget(&self, entry: &str) -> Result<(), Failure> {
        self.memory.forget(entry)
    }

    fn place(&self) -> String {
        String::new()
    }

    fn full_name(&self, entry: &str) -> String {
        entry.to_owned()
    }
}

struct Desk {
    console: Console,
    seen: Arc<Seen>,
    keys: Arc<Keys>,
    id: ConnectionId,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn with(by_browser: bool, secrets: &[(&str, &str)]) -> Result<Self, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().to_owned()).await.unwrap().store;
        let (seen, keys) = (Arc::new(Seen::default()), Arc::new(Keys::default()));
        let systems: Vec<Arc<dyn System>> = vec![Arc::new(MadeUp { seen: seen.clone(), by_browser })];
        let console = Console::new(Parts { store, vault: keys.clone(), clock: Arc::new(Noon), systems });
        let new = NewConnection {
            system: SystemId::from("made-up"),
            name: String::new(),
            url: String::new(),
            settings: BTreeMap::new(),
            secrets: secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(value))).collect(),
            allow_http: false,
        };
        let id = console.connection_add(new).await?.id;
        Ok(Self { console, seen, keys, id, _folder: folder })
    }

    async fn new() -> Self {
        Self::with(true, &[]).await.unwrap()
    }

    async fn signs_in(&self, token: &str) -> ConnectionView {
        self.console.sign_in_begin(&self.id).await.unwrap().finish(&format!("code={token}")).await.unwrap()
    }

    async fn view(&self) -> ConnectionView {
        self.console.connection_named(self.id.as_str()).await.unwrap()
    }

    fn kept(&self, key: &str) -> Option<String> {
        self.keys.memory.read(&entry(&self.id, key)).unwrap().map(|it| it.reveal().to_owned())
    }
}

fn is_kept(view: &ConnectionView) -> Vec<bool> {
    view.secrets.iter().map(|it| it.is_kept).collect()
}

#[tokio::test]
async fn what_signing_in_brings_is_kept_and_used_at_once() {
    let desk = Desk::new().await;
    assert_eq!(is_kept(&desk.view().await), [false, false], "a new connection says what it has not");
    desk.console.connection_test(&desk.id).await.unwrap();
    let signing_in = desk.console.sign_in_begin(&desk.id).await.unwrap();
    assert_eq!(signing_in.page(), "https://example.jp/authorize");
    let view = signing_in.finish("code=r1").await.unwrap();
    assert_eq!((is_kept(&view), view.problem), (vec![false, true], None));
    desk.console.connection_test(&desk.id).await.unwrap();
    assert_eq!((desk.kept("refresh").as_deref(), desk.seen.told()), (Some("r1"), vec!["opened with r1".to_owned()]));
}

#[tokio::test]
async fn a_person_who_says_no_changes_nothing() {
    let desk = Desk::new().await;
    desk.signs_in("r1").await;
    let outcome = desk.console.sign_in_begin(&desk.id).await.unwrap().finish("error=access_denied").await;
    assert_eq!(outcome.unwrap_err().why().reason, Reason::SignInDeclined);
    assert_eq!(desk.kept("refresh").as_deref(), Some("r1"));
}

#[tokio::test]
async fn a_connection_that_is_removed_meanwhile_gets_no_secret() {
    let desk = Desk::new().await;
    let signing_in = desk.console.sign_in_begin(&desk.id).await.unwrap();
    desk.console.connection_remove(&desk.id).await.unwrap();
    assert_eq!(signing_in.finish("code=r1").await.unwrap_err().code(), Code::Invalid);
    assert_eq!(desk.kept("refresh"), None);
}

#[tokio::test]
async fn a_system_without_a_page_offers_no_sign_in() {
    let desk = Desk::with(false, &[("key", "k")]).await.unwrap();
    let failure = desk.console.sign_in_begin(&desk.id).await.err().unwrap();
    assert_eq!((failure.code(), failure.why().reason), (Code::Invalid, Reason::NotOffered));
}

#[tokio::test]
async fn nobody_enters_what_signing_in_brings() {
    let failure = Desk::with(true, &[("refresh", "r1")]).await.err().unwrap();
    assert_eq!((failure.why().reason, failure.why().words.as_str()), (Reason::NoSuchThing, "refresh"));
    let desk = Desk::new().await;
    let failure = desk.console.connection_replace_secret(&desk.id, "refresh", Secret::new("r1")).await.unwrap_err();
    assert_eq!(failure.why().reason, Reason::NoSuchThing);
    assert_eq!(desk.kept("refresh"), None);
}

#[tokio::test]
async fn removing_a_connection_ends_its_sign_in_and_a_system_that_refuses_is_no_obstacle() {
    let desk = Desk::new().await;
    desk.signs_in("r1").await;
    desk.console.connection_remove(&desk.id).await.unwrap();
    assert_eq!(desk.seen.told(), ["opened with r1", "revoked"]);
    assert_eq!(desk.kept("refresh"), None);
    assert!(desk.console.connections_list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_system_that_is_down_does_not_hold_up_a_removal() {
    let desk = Desk::new().await;
    desk.signs_in("r1").await;
    *desk.seen.is_down.lock().unwrap() = true;
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    desk.console.connection_remove(&desk.id).await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 5);
    assert_eq!((desk.kept("refresh"), desk.seen.told().len()), (None, 1));
}

#[tokio::test]
async fn forgetting_a_sign_in_ends_it_and_forgetting_a_pasted_key_does_not() {
    let desk = Desk::with(true, &[("key", "k")]).await.unwrap();
    desk.signs_in("r1").await;
    desk.console.connection_forget_secret(&desk.id, "key").await.unwrap();
    assert_eq!((desk.seen.told(), desk.kept("key")), (vec![], None));
    desk.console.connection_forget_secret(&desk.id, "refresh").await.unwrap();
    assert_eq!(desk.seen.told(), ["opened with r1", "revoked"]);
    assert_eq!((desk.kept("refresh"), is_kept(&desk.view().await)), (None, vec![false, false]));
}

#[tokio::test]
async fn a_connection_that_never_signed_in_is_removed_without_a_word() {
    let desk = Desk::new().await;
    desk.console.connection_remove(&desk.id).await.unwrap();
    assert_eq!(desk.seen.told(), [""; 0]);
}

#[tokio::test]
async fn a_renewed_secret_takes_the_place_of_the_one_before() {
    let desk = Desk::new().await;
    desk.signs_in("r1").await;
    desk.console.connection_test(&desk.id).await.unwrap();
    let keeper = desk.seen.keeper();
    keeper.keep("refresh", &Secret::new("r2")).await.unwrap();
    assert_eq!(desk.kept("refresh").as_deref(), Some("r2"));
    assert_eq!(keeper.kept("refresh").await.unwrap().unwrap().reveal(), "r2");
}

#[tokio::test]
async fn a_session_that_was_replaced_renews_nothing_any_more() {
    let desk = Desk::new().await;
    desk.signs_in("r1").await;
    desk.console.connection_test(&desk.id).await.unwrap();
    let former = desk.seen.keeper();
    desk.signs_in("s1").await;
    former.keep("refresh", &Secret::new("r2")).await.unwrap();
    assert_eq!(desk.kept("refresh").as_deref(), Some("s1"), "what was signed in last stays");
    desk.console.connection_remove(&desk.id).await.unwrap();
    former.keep("refresh", &Secret::new("r3")).await.unwrap();
    assert_eq!(desk.kept("refresh"), None, "nothing is left under an id that nobody knows");
}

#[tokio::test]
async fn a_keyring_that_does_not_take_a_renewal_shows_beside_the_connection_until_it_does() {
    let desk = Desk::new().await;
    desk.signs_in("r1").await;
    desk.console.connection_test(&desk.id).await.unwrap();
    *desk.keys.is_closed.lock().unwrap() = true;
    assert!(desk.seen.keeper().keep("refresh", &Secret::new("r2")).await.is_err());
    let view = desk.view().await;
    assert_eq!((view.limitations, view.problem), (vec![Limitation::SignInNotKept], None));
    *desk.keys.is_closed.lock().unwrap() = false;
    desk.seen.keeper().keep("refresh", &Secret::new("r2")).await.unwrap();
    assert_eq!(desk.view().await.limitations, []);
}

#[tokio::test]
async fn a_sign_in_that_the_keyring_does_not_take_fails_and_leaves_the_one_before() {
    let desk = Desk::new().await;
    desk.signs_in("r1").await;
    let signing_in = desk.console.sign_in_begin(&desk.id).await.unwrap();
    *desk.keys.is_closed.lock().unwrap() = true;
    assert_eq!(signing_in.finish("code=r2").await.unwrap_err().why().reason, Reason::KeyringClosed);
    assert_eq!(desk.kept("refresh").as_deref(), Some("r1"));
}
