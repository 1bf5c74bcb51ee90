//! Who is who in the four systems: by the id of their extension, by their address, by what a person said of them. A guest, a queue and
//! whoever was given a number later are never taken for somebody else.

use std::time::Duration;

use model::ConnectionId;
use model::call::CallFilter;
use model::matching::{MatchKind, MatchReason};
use model::person::{HealthList, LinkReason, LinkedPerson, MaybeReason, PersonKind, PersonPair, PutAside};
use simulators::ring_central::Change;
use simulators::{RING_CENTRAL, ROCKET_CHAT};

use crate::support::Desk;

/// Places of people in the office.
const TANAKA: usize = 0;
const SUZUKI: usize = 2;

/// A desk over everything, and the connections that know people.
struct Front {
    desk: Desk,
    rocket: ConnectionId,
    ring: ConnectionId,
}

impl Front {
    async fn read() -> Self {
        let desk = Desk::synced().await;
        let (rocket, ring) = (desk.id(ROCKET_CHAT).await, desk.id(RING_CENTRAL).await);
        Self { desk, rocket, ring }
    }

    /// Changes somebody at the telephone system, which is then read again.
    async fn change(&self, index: usize, change: Change) {
        self.desk.office.ring_central.change_person(index, change);
        assert_eq!(self.desk.sync(RING_CENTRAL).await.error, None);
    }

    async fn people(&self) -> Vec<LinkedPerson> {
        self.desk.console.people_list("").await.expect("the cache")
    }

    /// Everybody who is this colleague of the chat or of the telephone system.
    async fn known(&self, index: usize) -> Vec<LinkedPerson> {
        let ids = [self.chat_id(index), self.phone_id(index)];
        let mut all = self.people().await;
        all.retain(|it| it.identities.iter().any(|one| ids.contains(&one.external_id)));
        all
    }

    fn chat_id(&self, index: usize) -> String {
        self.desk.office.rocket_chat.people()[index].rocket_id.clone()
    }

    fn phone_id(&self, index: usize) -> String {
        self.desk.office.rocket_chat.people()[index].extension_id.to_string()
    }

    fn pair(&self, index: usize) -> PersonPair {
        PersonPair {
            one: format!("{}/{}", self.rocket, self.chat_id(index)).into(),
            other: format!("{}/{}", self.ring, self.phone_id(index)).into(),
        }
    }
}

/// Why the two entries of somebody are linked, if they are one.
fn why(people: &[LinkedPerson]) -> Option<LinkReason> {
    assert!(!people.is_empty());
    match people {
        [one] => one.identities.iter().find_map(|it| it.reason),
        [_, ..] | [] => None,
    }
}

#[tokio::test]
async fn a_queue_a_menu_and_a_guest_never_become_colleagues() {
    let front = Front::read().await;
    let people = front.people().await;
    assert!(people.iter().flat_map(|it| &it.identities).all(|it| it.kind == PersonKind::User));
    assert!(people.iter().flat_map(|it| &it.identities).all(|it| !it.external_id.starts_with("glip-")));
    for (number, kind) in [("600", MatchKind::Queue), ("601", MatchKind::Queue), ("glip-29507587", MatchKind::Guest)] {
        let found = front.desk.console.people_match(number).await.unwrap();
        assert_eq!(found.iter().map(|it| it.kind).collect::<Vec<_>>(), [kind], "{number}");
        let person = found[0].person.as_ref().expect("an entry of a directory");
        let (other, one) = (person.id.clone(), front.pair(TANAKA).one);
        let outcome = front.desk.console.people_link(vec![PersonPair { one, other }]).await;
        assert!(outcome.is_err(), "{number} cannot be linked by hand either");
    }

    // The legs of a call name queues by ids of the same kind; whoever took part is a person all the same.
    let colleagues: Vec<&str> = people.iter().flat_map(|it| &it.identities).map(|it| it.external_id.as_str()).collect();
    let mut of_queues = 0;
    for call in front.desk.calls_of(&front.ring).await.iter().take(60) {
        assert!(call.people.iter().all(|it| colleagues.contains(&it.external_id.as_str())), "{call:?}");
        let legs = front.desk.console.call_show(&call.id).await.unwrap().call.legs;
        let ids = legs.iter().filter_map(|it| it.extension_id.as_deref());
        of_queues += ids.filter(|it| !colleagues.contains(it)).count();
    }
    assert!(of_queues > 0, "some calls went through a queue");
}

#[tokio::test]
async fn a_person_with_two_addresses_is_linked_by_hand_once_and_for_good() {
    let front = Front::read().await;
    assert_eq!(why(&front.known(TANAKA).await), Some(LinkReason::SameEmail));
    let first_read = front.known(TANAKA).await[0].identities[1].since.expect("a date");
    front.desk.office.clock.advance(Duration::from_secs(3_600));
    assert_eq!(front.desk.sync(ROCKET_CHAT).await.error, None);
    assert_eq!(front.known(TANAKA).await[0].identities[1].since, Some(first_read), "since when it was seen first");

    let other = Change { email: Some("t.kenichi@frontdesk.example".into()), ..Change::default() };
    front.change(TANAKA, other).await;
    assert_eq!(front.known(TANAKA).await.len(), 2);
    let maybe = front.desk.console.people_health().await.unwrap().maybe;
    let offered = maybe.iter().find(|it| [&it.one, &it.other].iter().any(|it| it.name == "田中 健一"));
    let offered = offered.expect("they are offered");
    assert_eq!(offered.reason, MaybeReason::SameAccount);

    let pair = PersonPair { one: offered.one.id.clone(), other: offered.other.id.clone() };
    let before = front.desk.console.people_link(vec![pair]).await.unwrap();
    assert_eq!(why(&front.known(TANAKA).await), Some(LinkReason::ByHand));
    let Front { desk, rocket, ring } = front;
    let front = Front { desk: desk.restarted().await, rocket, ring };
    for system in [ROCKET_CHAT, RING_CENTRAL] {
        assert_eq!(front.desk.sync(system).await.error, None);
    }
    let person = front.known(TANAKA).await;
    assert_eq!(why(&person), Some(LinkReason::ByHand));
    assert!(person[0].identities[1].since > Some(first_read));
    front.desk.console.people_put_back(before).await.unwrap();
    assert_eq!(front.known(TANAKA).await.len(), 2);
}

/// A colleague is written as the telephone system does only where no directory says otherwise.
#[tokio::test]
async fn a_call_names_a_colleague_as_every_other_list_does_and_is_found_by_either_name() {
    let front = Front::read().await;
    let tanaka = front.pair(TANAKA).other;
    let found = async |text: &str| {
        let filter = CallFilter { connection: Some(front.ring.clone()), search: text.into(), ..CallFilter::default() };
        let calls = front.desk.console.calls_page(filter, None, 1_000).await.unwrap().calls;
        let people =
            calls.into_iter().map(|call| call.people.into_iter().filter(|it| it.id == tanaka).collect::<Vec<_>>());
        people.filter(|it| !it.is_empty()).flatten().map(|it| it.name).collect::<Vec<_>>()
    };
    let linked = found("田中 健一").await;
    assert!(!linked.is_empty() && linked.iter().all(|it| it == "田中 健一"), "{linked:?}");
    assert_eq!(found("Kenichi Tanaka").await, linked, "the same calls by the other name");

    let before = front.desk.console.people_separate(vec![front.pair(TANAKA)]).await.unwrap();
    let alone = found("Kenichi Tanaka").await;
    assert_eq!((alone.len(), alone.iter().all(|it| it == "Kenichi Tanaka")), (linked.len(), true));
    assert_eq!(found("田中 健一").await, Vec::<String>::new());

    front.desk.console.people_put_back(before).await.unwrap();
    assert_eq!(found("田中 健一").await, linked);
    front.desk.console.connection_remove(&front.rocket).await.unwrap();
    assert_eq!(found("Kenichi Tanaka").await, alone, "nobody is called by a directory that is gone");
}

#[tokio::test]
async fn who_was_taken_apart_stays_apart_through_every_reading_and_a_new_cache() {
    let front = Front::read().await;
    let before = front.desk.console.people_separate(vec![front.pair(TANAKA)]).await.unwrap();
    assert_eq!(front.known(TANAKA).await.len(), 2);
    let Front { desk, rocket, ring } = front;
    desk.console.stop();
    std::fs::write(desk.folder.path().join("cache.db"), b"no database any more").unwrap();
    let front = Front { desk: desk.restarted().await, rocket, ring };
    assert_eq!(front.people().await, [], "the cache begins anew");
    for report in front.desk.console.sync(&[], None).await.unwrap() {
        assert_eq!(report.error, None);
    }
    assert_eq!(front.known(TANAKA).await.len(), 2);
    front.desk.console.people_put_back(before).await.unwrap();
    assert_eq!(why(&front.known(TANAKA).await), Some(LinkReason::SameEmail));
}

#[tokio::test]
async fn a_colleague_who_left_is_shown_as_such_until_somebody_has_looked() {
    let front = Front::read().await;
    let gone = async || {
        let health = front.desk.console.people_health().await.unwrap();
        health.gone.into_iter().find(|it| it.name == "田中 健一")
    };
    assert_eq!(gone().await, None);
    front.change(TANAKA, Change { has_left: true, ..Change::default() }).await;
    let person = gone().await.expect("listed as gone");
    let active: Vec<bool> = person.identities.iter().map(|it| it.is_active).collect();
    assert_eq!((active, why(std::slice::from_ref(&person))), (vec![true, false], Some(LinkReason::SameEmail)));
    let entry = vec![PutAside { person: person.id, list: HealthList::Gone }];
    front.desk.console.people_put_aside(entry.clone(), true).await.unwrap();
    assert_eq!(gone().await, None);
    front.desk.console.people_put_aside(entry, false).await.unwrap();
    assert!(gone().await.is_some());
}

#[tokio::test]
async fn an_extension_number_that_was_handed_on_means_the_new_person_and_takes_no_call_along() {
    let front = Front::read().await;
    let calls = async |index: usize| {
        let person = format!("{}/{}", front.ring, front.phone_id(index)).as_str().into();
        let filter = CallFilter { person: Some(person), ..CallFilter::default() };
        front.desk.console.calls_page(filter, None, 1_000).await.unwrap().total
    };
    let (of_tanaka, of_suzuki) = (calls(TANAKA).await, calls(SUZUKI).await);
    assert!(of_tanaka > 0);
    let meant = async || {
        let found = front.desk.console.people_match("204").await.unwrap();
        assert!(found.iter().all(|it| it.reason == MatchReason::Extension));
        found.into_iter().filter_map(|it| Some(it.person?.name)).collect::<Vec<_>>()
    };
    assert_eq!(meant().await, ["田中 健一"]);
    front.change(TANAKA, Change { has_left: true, extension_number: Some(String::new()), ..Change::default() }).await;
    front.change(SUZUKI, Change { extension_number: Some("204".into()), ..Change::default() }).await;
    assert_eq!(meant().await, ["鈴木 大輔"]);
    assert_eq!((calls(TANAKA).await, calls(SUZUKI).await), (of_tanaka, of_suzuki));
    assert_eq!(why(&front.known(SUZUKI).await), Some(LinkReason::SameEmail), "and nobody is linked by it");
    assert_eq!(front.known(TANAKA).await[0].extension, None);
}
