//! Both telephone systems heard at once, as the reception has them: everything read, the lines standing, and every event in hand.

use std::time::Duration;

use futures::stream::BoxStream;
use model::call::Call;
use model::connection::{ConnectionView, State};
use model::event::{CallEvent, CallNews, Event};
use model::worklist::Worklist;
use simulators::{RING_CENTRAL, Ring, SMART_CONNECT};

use crate::support::{Desk, wait_for};

/// A number that nobody in the simulated office has.
pub(crate) const CALLER: &str = "0455500777";
pub(crate) const CALLER_E164: &str = "+81455500777";

/// A desk that hears both telephone systems.
pub(crate) struct Reception {
    pub(crate) desk: Desk,
    pub(crate) events: BoxStream<'static, Event>,
}

impl Reception {
    /// Everything is read and both lines stand.
    pub(crate) async fn open() -> Self {
        Self::over(Desk::synced().await).await
    }

    /// Listens at a desk whose connections have been read.
    pub(crate) async fn over(desk: Desk) -> Self {
        let mut events = desk.console.subscribe();
        let ids = [desk.id(SMART_CONNECT).await, desk.id(RING_CENTRAL).await];
        desk.console.watch(&ids);
        let stand = |all: &[ConnectionView]| all.iter().filter(|it| ids.contains(&it.id) && is_live(it)).count() == 2;
        wait_for(&mut events, |event| connections(event).filter(|all| stand(all)).map(drop)).await;
        Self { desk, events }
    }

    /// Somebody rings; the answer is the system's id of the call.
    pub(crate) fn rings(&self, system: &'static str, from: &str, line: Option<&str>) -> String {
        self.desk.office.ring(Ring { system, from: from.to_owned(), line: line.map(str::to_owned) })
    }

    /// Time goes by.
    pub(crate) fn later(&self, seconds: u64) {
        self.desk.office.clock.advance(Duration::from_secs(seconds));
    }

    /// The next news of this kind.
    pub(crate) async fn next(&mut self, kind: CallEvent) -> CallNews {
        wait_for(&mut self.events, |event| news(event).filter(|it| it.event == kind)).await
    }

    /// The next news that a call is over: its last change, or its record of the log if that is quicker.
    pub(crate) async fn over_is(&mut self) -> CallNews {
        let is_over = |it: &CallNews| matches!(it.event, CallEvent::Ended | CallEvent::Recorded);
        wait_for(&mut self.events, |event| news(event).filter(is_over)).await
    }

    /// As [`Reception::over_is`], of the call with this number; what is told of others meanwhile, such as their records of the log,
    /// is none of its business.
    pub(crate) async fn over_of(&mut self, e164: &str) -> CallNews {
        loop {
            let news = self.over_is().await;
            if [&news.call.from, &news.call.to].iter().any(|it| it.e164.as_deref() == Some(e164)) {
                return news;
            }
        }
    }

    /// What a window that opens now is told to ring.
    pub(crate) async fn ringing(&self) -> Vec<Call> {
        wait_for(&mut self.desk.console.subscribe(), |event| match event {
            Event::Snapshot { ringing, .. } => Some(ringing),
            Event::Call(_) | Event::Changed { .. } | Event::Connections { .. } => None,
        })
        .await
    }

    /// Both logs are read, some time after the last call.
    pub(crate) async fn read(&self) {
        self.later(60);
        for system in [SMART_CONNECT, RING_CENTRAL] {
            assert_eq!(self.desk.sync(system).await.error, None, "{system}");
        }
    }

    pub(crate) async fn worklist(&self) -> Worklist {
        self.desk.console.follow_ups("misaki").await.expect("the worklist")
    }
}

/// News of a call, where an event is that.
pub(crate) fn news(event: Event) -> Option<CallNews> {
    match event {
        Event::Call(news) => Some(*news),
        Event::Snapshot { .. } | Event::Connections { .. } | Event::Changed { .. } => None,
    }
}

/// How the connections are, where an event says so.
pub(crate) fn connections(event: Event) -> Option<Vec<ConnectionView>> {
    match event {
        Event::Connections { connections } | Event::Snapshot { connections, .. } => Some(connections),
        Event::Call(_) | Event::Changed { .. } => None,
    }
}

fn is_live(view: &ConnectionView) -> bool {
    view.state == State::Live
}
