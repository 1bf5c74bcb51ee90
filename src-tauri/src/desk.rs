//! Which console the window works on: the person's own, or the demo office while it runs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::Console;
use futures::StreamExt;
use model::Failure;
use model::desk::{AppInfo, AppStart, Corner, Go};
use model::event::{Event, Table};
use shell::Demo;
use tauri::async_runtime::{JoinHandle, spawn};
use tauri::ipc::Channel;
use tokio::sync::{Mutex as AsyncMutex, SetOnce, watch};

/// How long the background work waits for a first paint that does not come, as when the window stays hidden.
const WITHOUT_A_PAINT: Duration = Duration::from_secs(5);

/// The state of the shell. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    started: Instant,
    own: SetOnce<Result<Console, Failure>>,
    /// Whether the cache of the own console is being read anew.
    cache_was_rebuilt: AtomicBool,
    demo: AsyncMutex<Option<Demo>>,
    windows: Mutex<HashMap<String, Window>>,
    painted: SetOnce<()>,
    go: Mutex<Asked>,
    /// Told when the window works on another console.
    switched: watch::Sender<()>,
}

/// What the main window is asked to show, until it listens.
#[derive(Default)]
struct Asked {
    channel: Option<Channel<Go>>,
    waiting: Option<Go>,
}

struct Window {
    channel: Channel<Event>,
    feed: JoinHandle<()>,
}

impl Desk {
    /// Opens the console on a thread of its own, so that the window need not wait for the disk. Its work with the systems begins
    /// after the first paint.
    pub(crate) fn open(dir: PathBuf, started: Instant, is_demo: bool) -> Self {
        let desk = Self(Arc::new(Inner {
            dir,
            started,
            own: SetOnce::new(),
            cache_was_rebuilt: AtomicBool::new(false),
            demo: AsyncMutex::default(),
            windows: Mutex::default(),
            painted: SetOnce::new(),
            go: Mutex::default(),
            switched: watch::Sender::new(()),
        }));
        spawn(desk.clone().begin(is_demo));
        desk
    }

    async fn begin(self, is_demo: bool) {
        if is_demo && let Err(failure) = self.start_demo().await {
            tracing::error!(reason = ?failure.why().reason, "the demo could not be started");
        }
        let own = shell::open(&self.0.dir).await.map(|opened| {
            self.0.cache_was_rebuilt.store(opened.cache_was_rebuilt, Ordering::Relaxed);
            opened.console
        });
        let console = own.clone().ok();
        // It is set only here, once.
        let _ = self.0.own.set(own);
        let Some(console) = console else { return };
        self.until_painted().await;
        if let Err(failure) = console.start().await {
            tracing::error!(reason = ?failure.why().reason, "the work in the background could not begin");
        }
    }

    /// The console that the window works on. Waits until the own one is open: a program that was started as a demo has its
    /// demo by then.
    pub(crate) async fn console(&self) -> Result<Console, Failure> {
        let own = self.0.own.wait().await;
        if let Some(demo) = self.0.demo.lock().await.as_ref() {
            return Ok(demo.console.clone());
        }
        own.clone()
    }

    /// Waits until the window works on another console than at the time of this call.
    pub(crate) fn next_console(&self) -> impl Future<Output = ()> + use<> {
        let mut switched = self.0.switched.subscribe();
        async move {
            // The sender lives as long as the desk.
            let _ = switched.changed().await;
        }
    }

    /// Starts the demo office, unless it runs.
    pub(crate) async fn start_demo(&self) -> Result<(), Failure> {
        let settings = match self.0.own.get() {
            Some(Ok(own)) => own.settings_get().await?,
            Some(Err(_)) | None => model::desk::Settings::default(),
        };
        let mut demo = self.0.demo.lock().await;
        if demo.is_none() {
            *demo = Some(Demo::start(&self.0.dir, settings).await?);
        }
        drop(demo);
        self.switch().await
    }

    /// Ends the demo office; the window is back at the person's own systems.
    pub(crate) async fn stop_demo(&self) -> Result<(), Failure> {
        if let Some(demo) = self.0.demo.lock().await.take() {
            demo.stop();
        }
        self.switch().await
    }

    /// Notes the first paint.
    pub(crate) fn painted(&self) {
        if std::env::var_os("FRONTDESK_REPORT_PAINT").is_some() {
            eprintln!("painted {}", self.0.started.elapsed().as_millis());
        }
        // A window that began anew tells it again.
        let _ = self.0.painted.set(());
    }

    /// Waits for the first paint, or until it is plain that none comes.
    pub(crate) async fn until_painted(&self) {
        let _ = tokio::time::timeout(WITHOUT_A_PAINT, self.0.painted.wait()).await;
    }

    /// Keeps where somebody put the window that shows who rings.
    pub(crate) async fn keep_popup_place(&self, corner: Corner, screen: String) -> Result<(), Failure> {
        let console = self.console().await?;
        let mut settings = console.settings_get().await?;
        if (settings.popup.corner, &settings.popup.screen) == (corner, &screen) {
            return Ok(());
        }
        (settings.popup.corner, settings.popup.screen) = (corner, screen);
        console.settings_set(settings).await
    }

    /// Asks the main window to show something. Where it does not listen yet, the last that was asked for waits.
    pub(crate) fn go(&self, to: Go) {
        let mut asked = self.asked();
        let told = asked.channel.as_ref().is_some_and(|it| it.send(to.clone()).is_ok());
        asked.waiting = (!told).then_some(to);
    }

    /// Tells the main window what it is asked to show, from now on and what waits.
    pub(crate) fn follow_go(&self, channel: Channel<Go>) {
        let mut asked = self.asked();
        if let Some(to) = asked.waiting.take() {
            // A window that is gone already asks again when it is back.
            let _ = channel.send(to);
        }
        asked.channel = Some(channel);
    }

    fn asked(&self) -> std::sync::MutexGuard<'_, Asked> {
        self.0.go.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells a window everything that happens, beginning with a snapshot. A window that asks again replaces its channel.
    pub(crate) async fn subscribe(&self, window: String, channel: Channel<Event>) -> Result<(), Failure> {
        let feed = follow(&self.console().await?, channel.clone());
        let former = self.windows().insert(window, Window { channel, feed });
        if let Some(former) = former {
            former.feed.abort();
        }
        Ok(())
    }

    /// What a window begins with, in one answer: each takes its way across three processes.
    pub(crate) async fn beginning(&self) -> Result<AppStart, Failure> {
        let console = self.console().await?;
        Ok(AppStart {
            info: self.info(console.keyring()).await,
            settings: console.settings_get().await?,
            systems: console.systems_list(),
            connections: console.connections_list().await?,
        })
    }

    /// Whether this is the demo office.
    pub(crate) async fn is_demo(&self) -> bool {
        self.0.demo.lock().await.is_some()
    }

    /// What the program says of itself, once the console is open.
    async fn info(&self, keyring: String) -> AppInfo {
        let is_demo = self.is_demo().await;
        AppInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            is_demo,
            keyring,
            data_dir: self.0.dir.display().to_string(),
            platform: std::env::consts::OS.to_owned(),
            cache_was_rebuilt: !is_demo && self.0.cache_was_rebuilt.load(Ordering::Relaxed),
        }
    }

    fn windows(&self) -> std::sync::MutexGuard<'_, HashMap<String, Window>> {
        self.0.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn switch(&self) -> Result<(), Failure> {
        self.0.switched.send_replace(());
        if self.windows().is_empty() {
            return Ok(());
        }
        let console = self.console().await?;
        for window in self.windows().values_mut() {
            window.feed.abort();
            window.feed = follow(&console, window.channel.clone());
            let everything = vec![
                Table::Calls,
                Table::Rooms,
                Table::Reservations,
                Table::ChatRooms,
                Table::Deliveries,
                Table::Bulks,
                Table::Settings,
                Table::CallViews,
                Table::FollowUps,
                Table::Stages,
                Table::People,
                Table::Customers,
                Table::Destinations,
            ];
            // A window that is gone needs no telling.
            let _ = window.channel.send(Event::Changed { tables: everything });
        }
        Ok(())
    }
}

fn follow(console: &Console, channel: Channel<Event>) -> JoinHandle<()> {
    let mut events = console.subscribe();
    spawn(async move {
        while let Some(event) = events.next().await {
            if channel.send(event).is_err() {
                return;
            }
        }
    })
}
