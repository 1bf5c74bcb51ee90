//! A desk in a simulated office: a console with a data folder of its own, connected to the four systems.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use engine::{Console, MemoryVault, Parts, Vault};
use futures::StreamExt;
use model::call::{Call, CallFilter};
use model::connection::{ConnectionView, NewConnection};
use model::desk::SyncReport;
use model::event::Event;
use model::message::{Draft, Guise, Recipient};
use model::{Clock, ConnectionId, Failure, Secret, Time};
use simulators::{Account, Office, Plan};
use store::Store;

/// The morning on which everything happens: Wednesday 14 October 2026, 10:42 in Tokyo.
pub(crate) const NOW: &str = "2026-10-14T10:42:00+09:00";
/// The longest that a test waits for an event before it says that it did not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A clock that shows what the office's clock shows.
struct OfficeClock(Arc<simulators::Clock>);

impl Clock for OfficeClock {
    fn now(&self) -> Time {
        Time::from(self.0.now())
    }
}

/// A desk, its office and its data folder.
pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) console: Console,
    pub(crate) folder: tempfile::TempDir,
    vault: Arc<MemoryVault>,
}

impl Desk {
    /// A desk without connections.
    pub(crate) async fn empty() -> Self {
        Self::at(|plan| plan).await
    }

    /// A desk without connections, in an office that is different from the usual small one.
    pub(crate) async fn at(change: impl FnOnce(Plan) -> Plan) -> Self {
        let now = Time::parse(NOW).expect("an instant").utc();
        let office = Office::start(change(Plan::small(now))).await.expect("the simulators find their ports");
        let folder = tempfile::tempdir().expect("room for a folder");
        let vault = Arc::new(MemoryVault::default());
        let console = console(&office, &folder, &vault).await;
        Self { office, console, folder, vault }
    }

    /// What the office's clock shows.
    pub(crate) fn now(&self) -> Time {
        Time::from(self.office.clock.now())
    }

    /// Whether the keyring has this secret of a connection.
    pub(crate) fn has_secret(&self, id: &ConnectionId, key: &str) -> bool {
        self.vault.read(&engine::vault::entry(id, key)).expect("the keyring of a test opens").is_some()
    }

    /// Connects one system.
    pub(crate) async fn connect(&self, system: &str) -> ConnectionId {
        self.console.connection_add(new(self.office.account(system))).await.expect("a new connection").id
    }

    /// Every call of a connection, newest first.
    pub(crate) async fn calls_of(&self, id: &ConnectionId) -> Vec<Call> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let filter = CallFilter { connection: Some(id.clone()), ..CallFilter::default() };
            let page = self.console.calls_page(filter, after, 1_000).await.expect("the cache");
            all.extend(page.calls);
            match page.next {
                Some(next) => after = Some(next),
                None => return all,
            }
        }
    }

    /// A desk connected to all four systems, nothing read yet.
    pub(crate) async fn connected() -> Self {
        let desk = Self::empty().await;
        for account in desk.office.accounts() {
            desk.console.connection_add(new(account)).await.expect("a new connection");
        }
        desk
    }

    /// A desk connected to all four systems, everything read.
    pub(crate) async fn synced() -> Self {
        let desk = Self::connected().await;
        for report in desk.console.sync(&[], None).await.expect("reports") {
            assert_eq!(report.error, None, "{report:?}");
        }
        desk
    }

    /// The same data folder and keyring after the program was ended and started again.
    pub(crate) async fn restarted(self) -> Self {
        self.console.stop();
        let Self { office, folder, vault, .. } = self;
        let console = console(&office, &folder, &vault).await;
        Self { office, console, folder, vault }
    }

    pub(crate) async fn view(&self, system: &str) -> ConnectionView {
        let all = self.console.connections_list().await.expect("the ledger");
        all.into_iter()
            .find(|view| view.system.as_str() == system)
            .unwrap_or_else(|| panic!("no connection to {system}"))
    }

    pub(crate) async fn id(&self, system: &str) -> ConnectionId {
        self.view(system).await.id
    }

    pub(crate) async fn sync(&self, system: &str) -> SyncReport {
        let id = self.id(system).await;
        self.console.sync(&[id], None).await.expect("a report").pop().expect("a report")
    }

    /// The first block of the call list.
    pub(crate) async fn calls(&self) -> Vec<Call> {
        self.console.calls_block(CallFilter::default(), 0).await.expect("the cache").calls
    }

    pub(crate) async fn draft(&self, system: &str, to: Recipient, text: &str) -> Draft {
        Draft {
            id: self.console.draft_new(),
            connection: self.id(system).await,
            to,
            text: text.to_owned(),
            mentions: vec![],
            sealed: false,
            attachments: None,
            guise: Guise::default(),
            thread: None,
            file: None,
        }
    }
}

async fn console(office: &Office, folder: &tempfile::TempDir, vault: &Arc<MemoryVault>) -> Console {
    let store = Store::open(folder.path().to_owned()).await.expect("the store opens").store;
    Console::new(Parts {
        store,
        vault: vault.clone(),
        clock: Arc::new(OfficeClock(office.clock.clone())),
        systems: shell::systems(),
    })
}

/// What a person would enter for an account.
pub(crate) fn new(account: Account) -> NewConnection {
    NewConnection {
        system: account.system.into(),
        name: String::new(),
        url: account.url,
        settings: account.settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        secrets: account
            .secrets
            .into_iter()
            .map(|(key, value)| (key.to_owned(), Secret::new(&value)))
            .collect::<BTreeMap<_, _>>(),
        allow_http: false,
    }
}

/// Waits for an event. Where it does not come, what came instead is told.
pub(crate) async fn wait_for<T>(
    events: &mut (impl StreamExt<Item = Event> + Unpin),
    mut wanted: impl FnMut(Event) -> Option<T>,
) -> T {
    let mut heard = Vec::new();
    let search = async {
        loop {
            match events.next().await {
                Some(event) => {
                    heard.push(short(&event));
                    if let Some(found) = wanted(event) {
                        return found;
                    }
                }
                None => panic!("the events ended"),
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, search).await;
    found.unwrap_or_else(|_| panic!("the event did not come; heard were {heard:?}"))
}

/// An event in a few words.
fn short(event: &Event) -> String {
    match event {
        Event::Call(news) => format!("{:?} {} {:?}", news.event, news.call.id.0, news.call.outcome),
        Event::Connections { connections } => {
            format!("{:?}", connections.iter().map(|it| it.state).collect::<Vec<_>>())
        }
        Event::Snapshot { ringing, .. } => format!("snapshot, {} ringing", ringing.len()),
        Event::Changed { tables } => format!("changed {tables:?}"),
    }
}

/// A colleague whom all three chats know.
pub(crate) fn somebody() -> Recipient {
    Recipient::People(vec!["t.kenichi@example.jp".into()])
}

/// How often a text arrived, at any chat.
pub(crate) fn arrived(office: &Office, text: &str) -> usize {
    let cam = office.chat_and_messenger.messages().iter().filter(|it| it.message == text).count();
    let rocket = office.rocket_chat.messages().iter().filter(|it| it.msg == text).count();
    let ring = office.ring_central.posts().iter().filter(|it| it.text == text).count();
    cam + rocket + ring
}

/// The failure of something that must fail.
pub(crate) fn failure<T>(outcome: Result<T, Failure>) -> Failure {
    match outcome {
        Ok(_) => panic!("it went well"),
        Err(failure) => failure,
    }
}
