//! From the ring to the window: the time until a call that begins to ring stands on the channel that a window listens to.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::Console;
use futures::StreamExt;
use model::ConnectionId;
use model::connection::State;
use model::event::{CallEvent, Event};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::office::{Office, Telephones};
use crate::{Outcome, desk, p95};

/// From one ring to the next: not in step with the pace at which a system is asked.
const PAUSE: Duration = Duration::from_millis(137);
/// The longest that is waited for a line to stand, or for the last news.
const PATIENCE: Duration = Duration::from_secs(30);

/// When the news of each ringing call stood on the channel, by connection and by each of the call's ids.
type Heard = Arc<Mutex<HashMap<(ConnectionId, String), Instant>>>;

/// Lets both systems ring so often and tells the times, the longest of twenty left out.
pub(crate) async fn measure(office: &Office, data: &Path, times: u32) -> Outcome<Value> {
    let socket = round_trips(times).await?;
    let (console, ids) = desk::open(office, data).await?;
    let mut window = console.subscribe();
    console.start().await?;
    let is_live = |event: &Event| match event {
        Event::Snapshot { connections, .. } | Event::Connections { connections } => {
            connections.iter().all(|view| view.state == State::Live)
        }
        Event::Call(_) | Event::Changed { .. } => false,
    };
    let standing = async { while window.next().await.is_some_and(|event| !is_live(&event)) {} };
    tokio::time::timeout(PATIENCE, standing).await.map_err(|_| "the lines did not come to stand")?;
    let heard = Heard::default();
    let listening = tokio::spawn(listen(window, heard.clone()));
    let mut figures = json!({ "rings": times, "socket_ms": p95(socket) });
    for (telephones, id) in office.systems.iter().zip(&ids) {
        let took = rings(office, telephones, id, (&heard, times)).await?;
        figures[format!("{}_ms", telephones.system)] = p95(took).into();
    }
    listening.abort();
    stop(console);
    Ok(figures)
}

fn stop(console: Console) {
    console.stop();
    drop(console);
}

async fn listen(mut window: impl StreamExt<Item = Event> + Unpin, heard: Heard) {
    while let Some(event) = window.next().await {
        let now = Instant::now();
        let Event::Call(news) = event else { continue };
        if news.event != CallEvent::Ringing {
            continue;
        }
        let ids = [Some(news.call.external_id), news.call.session_id];
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids.into_iter().flatten() {
            heard.entry((news.call.connection.clone(), id)).or_insert(now);
        }
    }
}

/// Rings without waiting for the news, so that the rings fall anywhere between two looks of a system that is asked.
async fn rings(
    office: &Office,
    telephones: &Telephones,
    connection: &ConnectionId,
    (heard, times): (&Heard, u32),
) -> Outcome<Vec<f64>> {
    let mut rung = Vec::new();
    for turn in 0..times {
        let begun = Instant::now();
        let id = office.ring(telephones, &format!("+8190555{turn:05}")).await?;
        rung.push((id, begun));
        tokio::time::sleep(PAUSE).await;
    }
    let end = Instant::now() + PATIENCE;
    let mut took = Vec::new();
    for (id, begun) in &rung {
        let key = (connection.clone(), id.clone());
        let at = loop {
            let known = heard.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
            match known {
                Some(at) => break at,
                None if Instant::now() > end => return Err("a ring was not told".into()),
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        took.push(at.saturating_duration_since(*begun).as_secs_f64() * 1_000.0);
    }
    for (id, _) in &rung {
        office.hang_up(telephones, id).await?;
    }
    Ok(took)
}

/// One byte there and back through a socket on this computer.
async fn round_trips(times: u32) -> Outcome<Vec<f64>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let echo = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let mut byte = [0];
        while socket.read(&mut byte).await? > 0 {
            socket.write_all(&byte).await?;
        }
        Ok::<_, std::io::Error>(())
    });
    let mut socket = TcpStream::connect(address).await?;
    socket.set_nodelay(true)?;
    let mut took = Vec::new();
    for _ in 0..times {
        let begun = Instant::now();
        socket.write_all(&[1]).await?;
        socket.read_exact(&mut [0]).await?;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(socket);
    echo.await??;
    Ok(took)
}
