//! The listening socket of a system and its connections, each of which can be cut without a word.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::lock;

/// Cuts one connection: it is reset instead of answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scissors(Arc<AtomicBool>);

impl Scissors {
    /// Resets the connection at its next byte.
    pub(crate) fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn has_cut(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Connected<IncomingStream<'_, Port>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Port>) -> Self {
        stream.io().scissors.clone()
    }
}

/// What a system's port hangs on: all connections can be cut, and the port itself can be closed for a while.
#[derive(Debug)]
pub(crate) struct Plug {
    cut: watch::Sender<u64>,
    is_out: watch::Sender<bool>,
    is_closed: watch::Sender<bool>,
    port: AtomicU16,
    /// The port, open again, on its way to whoever listens.
    back: Mutex<Option<std::net::TcpListener>>,
}

impl Plug {
    /// A plug that is in.
    pub(crate) fn new() -> Self {
        Self {
            cut: watch::Sender::new(0),
            is_out: watch::Sender::new(false),
            is_closed: watch::Sender::new(false),
            port: AtomicU16::new(0),
            back: Mutex::default(),
        }
    }

    /// Resets every connection that is open now.
    pub(crate) fn cut(&self) {
        self.cut.send_modify(|times| *times += 1);
    }

    /// Closes the port and resets every connection, the one that asks for it included.
    pub(crate) async fn pull(&self) {
        self.is_out.send_replace(true);
        // Its sender is here.
        let _ = self.is_closed.subscribe().wait_for(|it| *it).await;
        self.cut();
    }

    /// Opens the port again; nothing where it is open.
    ///
    /// # Errors
    /// What the operating system says, such as that the port is in use.
    pub(crate) fn put_in(&self) -> io::Result<()> {
        if !*self.is_out.borrow() {
            return Ok(());
        }
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port.load(Ordering::SeqCst)));
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        *lock(&self.back) = Some(listener);
        self.is_closed.send_replace(false);
        self.is_out.send_replace(false);
        Ok(())
    }
}

/// Listens on loopback. Everything it accepted is reset when its plug says so.
pub(crate) struct Port {
    listener: Option<TcpListener>,
    plug: Arc<Plug>,
}

impl Port {
    /// Binds `port` of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// What the operating system says, such as that the port is in use.
    pub(crate) async fn bind(port: u16, plug: Arc<Plug>) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        plug.port.store(listener.local_addr()?.port(), Ordering::SeqCst);
        Ok(Self { listener: Some(listener), plug })
    }

    /// Waits without listening until the plug is in again.
    async fn rest(&mut self) {
        self.listener = None;
        self.plug.is_closed.send_replace(true);
        // Its sender is in the plug.
        let _ = self.plug.is_out.subscribe().wait_for(|it| !*it).await;
        let back = lock(&self.plug.back).take();
        self.listener = back.and_then(|it| TcpListener::from_std(it).ok());
    }
}

impl Listener for Port {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            let Some(listener) = &mut self.listener else {
                return std::future::pending().await;
            };
            let mut is_out = self.plug.is_out.subscribe();
            let accepted = tokio::select! {
                biased;
                _ = is_out.wait_for(|it| *it) => None,
                accepted = Listener::accept(listener) => Some(accepted),
            };
            let Some((stream, address)) = accepted else {
                self.rest().await;
                continue;
            };
            // An answer of several small writes must not wait for the other side's acknowledgement.
            let _ = stream.set_nodelay(true);
            let mut cut = self.plug.cut.subscribe();
            let ends = async move { cut.changed().await.unwrap_or(()) }.boxed();
            return (Line { stream, scissors: Scissors::default(), ends }, address);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.as_ref().ok_or(io::ErrorKind::NotConnected)?.local_addr()
    }
}

/// One accepted connection.
pub(crate) struct Line {
    stream: TcpStream,
    scissors: Scissors,
    ends: BoxFuture<'static, ()>,
}

impl Line {
    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if !self.scissors.has_cut() && self.ends.poll_unpin(cx).is_pending() {
            return Ok(());
        }
        self.scissors.cut();
        // Without lingering, closing sends a reset instead of a polite end.
        let _ = self.stream.set_zero_linger();
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
