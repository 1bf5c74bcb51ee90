//! The listening socket of a system and its connections, each of which can be cut without a word.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

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

/// Listens on loopback. Everything it accepted is reset when `cut` changes or its sender is gone.
pub(crate) struct Port {
    listener: TcpListener,
    cut: watch::Receiver<u64>,
}

impl Port {
    /// Binds `port` of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// What the operating system says, such as that the port is in use.
    pub(crate) async fn bind(port: u16, cut: watch::Receiver<u64>) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        Ok(Self { listener, cut })
    }
}

impl Listener for Port {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // An answer of several small writes must not wait for the other side's acknowledgement.
        let _ = stream.set_nodelay(true);
        let mut cut = self.cut.clone();
        cut.mark_unchanged();
        let ends = async move { cut.changed().await.unwrap_or(()) }.boxed();
        (Line { stream, scissors: Scissors::default(), ends }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
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
