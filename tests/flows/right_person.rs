//! The right person and the right day for a missed call: over midnight, with two addresses, after somebody left, after a short number
//! was handed on, and never a guest.

use model::call::{CallFilter, Outcome};
use model::matching::MatchKind;
use model::message::Recipient;
use model::person::PersonPair;
use model::worklist::{Colleague, FollowUp, FollowUpDraft, FollowUpState};
use model::{PersonId, Reason, Time};
use simulators::ring_central::Change;
use simulators::{CHAT_AND_MESSENGER, RING_CENTRAL, ROCKET_CHAT, SMART_CONNECT};

use crate::reception::{CALLER, CALLER_E164, Reception};
use crate::support::{Desk, failure};

/// Places of people in the office.
const TANAKA: usize = 0;
const SUZUKI: usize = 2;

/// Somebody rings this extension, nobody takes it, and the log has it.
async fn missed(reception: &mut Reception, from: &str, line: &str) {
    let id = reception.rings(RING_CENTRAL, from, Some(line));
    reception.later(12);
    reception.desk.office.hang_up(&id);
    reception.over_is().await;
    reception.read().await;
}

/// The entry of a number that waits.
async fn waits(reception: &Reception, e164: &str) -> FollowUp {
    let list = reception.worklist().await;
    let mut found = list.open.into_iter().filter(|it| it.call.from.e164.as_deref() == Some(e164));
    let (Some(entry), None) = (found.next(), found.next()) else { panic!("one entry of {e164} waits") };
    entry
}

async fn change(desk: &Desk, index: usize, change: Change) {
    desk.office.ring_central.change_person(index, change);
    assert_eq!(desk.sync(RING_CENTRAL).await.error, None);
}

fn names(colleagues: &[Colleague]) -> Vec<&str> {
    colleagues.iter().map(|it| it.name.as_str()).collect()
}

async fn id_of(desk: &Desk, system: &str, external_id: &str) -> PersonId {
    format!("{}/{external_id}", desk.id(system).await).as_str().into()
}

#[tokio::test]
async fn a_call_over_midnight_is_of_the_day_on_which_it_began() {
    let mut reception = Reception::open().await;
    // From 10:42 in Tokyo to ten seconds before midnight.
    reception.later(13 * 3_600 + 17 * 60 + 50);
    let begun = Time::from(reception.desk.office.clock.now());
    assert_eq!(begun, Time::parse("2026-10-14T23:59:50+09:00").unwrap());
    let ids = [RING_CENTRAL, SMART_CONNECT].map(|system| reception.rings(system, CALLER, None));
    for _ in &ids {
        reception.next(model::event::CallEvent::Ringing).await;
    }
    reception.later(30);
    for id in &ids {
        reception.desk.office.hang_up(id);
    }
    for _ in &ids {
        reception.over_is().await;
    }
    reception.read().await;

    let midnight = Time::parse("2026-10-15T00:00:00+09:00").unwrap();
    let filter = || CallFilter { number: Some(CALLER.to_owned()), ..CallFilter::default() };
    let before = CallFilter { to: Some(midnight), ..filter() };
    let today = CallFilter { from: Some(midnight), ..filter() };
    let counts = reception.desk.console.calls_count(vec![before.clone(), today.clone()]).await.unwrap();
    assert_eq!(counts, [1, 0], "as the tiles of Today count");
    let listed = reception.desk.console.calls_block(before.clone(), 0).await.unwrap().calls;
    let [call] = listed.as_slice() else { panic!("one row: {listed:?}") };
    assert_eq!((call.started_at, call.duration_seconds, call.outcome), (Some(begun), Some(30), Outcome::Missed));
    assert_eq!(reception.desk.console.calls_block(today, 0).await.unwrap().total, 0);
    let hour = |text| Time::parse(text).unwrap();
    let edges = vec![hour("2026-10-14T23:00:00+09:00"), midnight, hour("2026-10-15T01:00:00+09:00")];
    let volume = reception.desk.console.calls_volume(filter(), edges).await.unwrap();
    assert_eq!(volume.iter().map(|it| it.missed).collect::<Vec<_>>(), [1, 0], "in the last hour of its day");
    let entry = waits(&reception, CALLER_E164).await;
    assert_eq!((entry.call.started_at, entry.state), (Some(begun), FollowUpState::New));

    // Whoever rings back in the new day closes it in the new day.
    let back = reception.rings(RING_CENTRAL, CALLER, Some("204"));
    reception.later(5);
    reception.desk.office.answer(&back);
    reception.later(20);
    reception.desk.office.hang_up(&back);
    reception.over_is().await;
    reception.read().await;
    let list = reception.worklist().await;
    let closed: Vec<_> = list.closed.iter().filter(|it| it.call.id == call.id).collect();
    let [closed] = closed[..] else { panic!("it is closed once: {:?}", list.closed) };
    assert_eq!(closed.state, FollowUpState::ClosedItself);
    assert!(closed.at.is_some_and(|at| at > midnight), "{:?}", closed.at);
}

#[tokio::test]
async fn who_has_two_addresses_is_told_at_the_one_that_the_chat_knows() {
    let mut reception = Reception::open().await;
    let other = "t.kenichi@frontdesk.example";
    change(&reception.desk, TANAKA, Change { email: Some(other.into()), ..Change::default() }).await;
    let person = reception.desk.office.rocket_chat.people()[TANAKA].clone();
    let pair = PersonPair {
        one: id_of(&reception.desk, ROCKET_CHAT, &person.rocket_id).await,
        other: id_of(&reception.desk, RING_CENTRAL, &person.extension_id.to_string()).await,
    };
    reception.desk.console.people_link(vec![pair]).await.unwrap();
    missed(&mut reception, CALLER, &person.extension_number).await;
    let entry = waits(&reception, CALLER_E164).await;
    assert_eq!(names(&entry.colleagues), ["田中 健一"], "one person, though two addresses");
    let of = async |system: &str| {
        let id = reception.desk.id(system).await;
        let ways = entry.colleagues[0].chats.iter().filter(|it| it.connection == id);
        ways.map(|it| it.address.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(RING_CENTRAL).await, [person.extension_id.to_string()]);
    assert_eq!(of(ROCKET_CHAT).await.len(), 1);
    assert!(!of(ROCKET_CHAT).await.contains(&other.to_owned()), "an address of another directory is no way there");
    let mut mails = of(CHAT_AND_MESSENGER).await;
    mails.sort();
    assert_eq!(mails, ["t.kenichi@example.jp", other], "who cannot be asked for people may know either: a list");
}

#[tokio::test]
async fn a_colleague_who_left_is_no_longer_told_of_what_rang_there() {
    let mut reception = Reception::open().await;
    missed(&mut reception, CALLER, "204").await;
    let entry = waits(&reception, CALLER_E164).await;
    assert_eq!(names(&entry.colleagues), ["田中 健一"]);
    let stale = entry.colleagues[0].clone();
    change(&reception.desk, TANAKA, Change { has_left: true, ..Change::default() }).await;
    let entry = waits(&reception, CALLER_E164).await;
    assert_eq!(names(&entry.colleagues), Vec::<&str>::new());
    assert_eq!(entry.call.people.len(), 1, "the call still says whose telephone rang");

    // What a window showed before is no way any more.
    let way = stale.chats[0].clone();
    let mut draft = reception.desk.draft(RING_CENTRAL, Recipient::People(vec![way.address]), "折り返しを").await;
    draft.connection = way.connection;
    let message = FollowUpDraft { call: entry.call.id, person: stale.person, draft };
    let refused = failure(reception.desk.console.follow_up_message(message).await);
    assert_eq!(refused.why().reason, Reason::NotAddressable);
    assert_eq!(reception.desk.office.ring_central.posts().len(), 0);
}

#[tokio::test]
async fn a_short_number_that_was_handed_on_rings_the_new_person_and_takes_no_missed_call_along() {
    let mut reception = Reception::open().await;
    missed(&mut reception, CALLER, "204").await;
    change(&reception.desk, TANAKA, Change { extension_number: Some("299".into()), ..Change::default() }).await;
    change(&reception.desk, SUZUKI, Change { extension_number: Some("204".into()), ..Change::default() }).await;
    missed(&mut reception, "0455500888", "204").await;
    let (former, later) = (waits(&reception, CALLER_E164).await, waits(&reception, "+81455500888").await);
    assert_eq!(names(&former.colleagues), ["田中 健一"], "whose telephone rang then");
    assert_eq!(names(&later.colleagues), ["鈴木 大輔"], "whose telephone rings now");
}

#[tokio::test]
async fn a_guest_is_never_whom_to_tell() {
    let mut reception = Reception::open().await;
    missed(&mut reception, CALLER, "204").await;
    let found = reception.desk.console.people_match("glip-29507587").await.unwrap();
    assert_eq!(found.iter().map(|it| it.kind).collect::<Vec<_>>(), [MatchKind::Guest]);
    let guest = found[0].person.as_ref().expect("an entry").id.clone();
    let entry = waits(&reception, CALLER_E164).await;
    assert!(entry.colleagues.iter().all(|it| it.person != guest));
    let draft = reception.desk.draft(RING_CENTRAL, Recipient::People(vec!["glip-29507587".into()]), "折り返しを").await;
    let message = FollowUpDraft { call: entry.call.id, person: guest, draft };
    let refused = failure(reception.desk.console.follow_up_message(message).await);
    assert_eq!(refused.why().reason, Reason::NotAddressable);
    assert_eq!(reception.desk.office.ring_central.posts().len(), 0, "nothing reached them");
}
