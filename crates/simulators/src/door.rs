//! A system's front door: the port it listens on, which can be closed and opened again.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::{Router, middleware};
use tokio::task::JoinHandle;

use crate::fault::{Gate, pass};
use crate::line::{Plug, Port, Scissors};
use crate::lock;

/// Serves one system on one port.
pub(crate) struct Door {
    pub(crate) gate: Arc<Gate>,
    pub(crate) port: u16,
    router: Router,
    plug: Arc<Plug>,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Door {
    /// Opens a door at `port`, or at a free one where it is 0. Faults come before `vendor` and spare `control`.
    pub(crate) async fn open(
        port: u16,
        gate: Arc<Gate>,
        vendor: Router,
        control: Router,
        plug: Arc<Plug>,
    ) -> io::Result<Self> {
        let vendor = vendor.layer(middleware::from_fn_with_state(gate.clone(), pass));
        let router = Router::new().nest("/_simulator", control).merge(vendor);
        let listener = Port::bind(port, plug.clone()).await?;
        let port = axum::serve::Listener::local_addr(&listener)?.port();
        let door = Self { gate, port, router, plug, serving: Mutex::default() };
        door.serve(listener);
        Ok(door)
    }

    /// Listens again on the same port after [`Self::close`].
    pub(crate) async fn reopen(&self) -> io::Result<()> {
        self.close().await;
        let listener = Port::bind(self.port, self.plug.clone()).await?;
        self.serve(listener);
        Ok(())
    }

    /// Stops listening and resets every connection: the next one is refused.
    pub(crate) async fn close(&self) {
        let serving = self.serving().take();
        if let Some(serving) = serving {
            serving.abort();
            let _ = serving.await;
        }
        self.cut();
    }

    /// Resets every connection that is open now.
    pub(crate) fn cut(&self) {
        self.plug.cut();
    }

    fn serve(&self, listener: Port) {
        let service = self.router.clone().into_make_service_with_connect_info::<Scissors>();
        let serving = tokio::spawn(async move {
            // It ends only by being aborted.
            let _ = axum::serve(listener, service).await;
        });
        *self.serving() = Some(serving);
    }

    fn serving(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        lock(&self.serving)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if let Some(serving) = self.serving().take() {
            serving.abort();
        }
        self.cut();
    }
}
