//! What is told of a call by its line and by the log, in whatever order the two speak.

use futures::StreamExt;
use futures::stream::BoxStream;
use model::Raw;
use model::call::{Outcome, SeenCall};
use model::event::{CallEvent, Event};
use model::ports::Heard;

use crate::double::{Desk, Has, seen};

/// Goes on to the first event that fits, and keeps what was told of calls until then.
async fn until(
    events: &mut BoxStream<'static, Event>,
    told: &mut Vec<(CallEvent, String)>,
    fits: impl Fn(&Event) -> bool,
) {
    while let Some(event) = events.next().await {
        if let Event::Call(news) = &event {
            told.push((news.event, news.call.external_id.clone()));
        }
        if fits(&event) {
            return;
        }
    }
    panic!("the console stopped telling");
}

fn says(desk: &Desk, heard: Heard) {
    let line = desk.system.state().says.clone().expect("somebody listens");
    line.unbounded_send(heard).expect("the line stands");
}

fn live(session: &str, outcome: Outcome) -> Heard {
    let session_id = Some(session.to_owned());
    let call = SeenCall { session_id, outcome, ..seen(&format!("live-{session}"), 0, "0355500142") };
    Heard::Call(Box::new(call))
}

#[tokio::test]
async fn a_late_word_of_the_line_makes_an_edited_record_no_second_news() {
    let desk = Desk::with(Has { live: true, ..Has::default() }).await;
    let (mut events, mut told) = (desk.console.subscribe(), Vec::new());
    desk.console.watch(std::slice::from_ref(&desk.id));
    let stands = |event: &Event| matches!(event, Event::Connections { connections } if connections.iter().any(|it| !it.limitations.is_empty()));
    until(&mut events, &mut told, stands).await;
    let is = |wanted: CallEvent| move |event: &Event| matches!(event, Event::Call(news) if news.event == wanted);

    says(&desk, live("s1", Outcome::Ringing));
    until(&mut events, &mut told, is(CallEvent::Ringing)).await;
    let logged = SeenCall { session_id: Some("s1".to_owned()), ..seen("77", 0, "0355500142") };
    desk.reads(vec![logged.clone()]).await;
    until(&mut events, &mut told, is(CallEvent::Recorded)).await;

    // The line tells the end only now; what nobody understands comes after it, and is counted.
    says(&desk, live("s1", Outcome::Answered));
    says(&desk, Heard::NotUnderstood(Raw("{}".to_owned())));
    let counted = |event: &Event| matches!(event, Event::Connections { connections } if connections.iter().any(|it| it.not_understood == 1));
    until(&mut events, &mut told, counted).await;
    desk.reads(vec![SeenCall { duration_seconds: Some(31), ..logged }]).await;
    says(&desk, live("s2", Outcome::Ringing));
    until(&mut events, &mut told, is(CallEvent::Ringing)).await;

    let expected = [(CallEvent::Ringing, "live-s1"), (CallEvent::Recorded, "77"), (CallEvent::Ringing, "live-s2")];
    assert_eq!(told, expected.map(|(event, id)| (event, id.to_owned())));
    desk.console.stop();
}
