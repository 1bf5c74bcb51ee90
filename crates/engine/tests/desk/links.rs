//! What a person says of people, taking it back, and what a later reading makes of it.

use model::failure::Code;
use model::person::{HealthList, LinkReason, LinkedPerson, Person, PersonKind, PersonPair, PutAside};
use model::{ConnectionId, PersonId, Reason};

use crate::double::{Desk, Has, at};

fn user(id: &ConnectionId, external_id: &str, email: &str) -> Person {
    Person {
        id: format!("{id}/{external_id}").as_str().into(),
        connection: id.clone(),
        external_id: external_id.into(),
        name: external_id.into(),
        email: (!email.is_empty()).then(|| email.into()),
        username: None,
        numbers: vec![],
        extension: None,
        kind: PersonKind::User,
        is_active: true,
    }
}

/// Two directories: `a` of the first has the address of `b` of the second, `c` is of the second too, `q` is a queue there.
struct Two {
    desk: Desk,
    other: ConnectionId,
}

impl Two {
    async fn read() -> Self {
        let desk = Desk::with(Has::default()).await;
        let other = desk.another("Other").await;
        let two = Self { desk, other };
        two.again().await;
        two
    }

    /// Reads both directories.
    async fn again(&self) {
        let queue = Person { kind: PersonKind::Queue, ..user(&self.other, "q", "") };
        for (id, people) in [
            (&self.desk.id, vec![user(&self.desk.id, "a", "a@x.jp")]),
            (&self.other, vec![user(&self.other, "b", "a@x.jp"), user(&self.other, "c", ""), queue]),
        ] {
            self.desk.system.state().people = people;
            let report = self.desk.console.sync(std::slice::from_ref(id), None).await.unwrap();
            assert_eq!(report[0].error, None);
        }
    }

    fn id(&self, name: &str) -> PersonId {
        let connection = if name == "a" { &self.desk.id } else { &self.other };
        format!("{connection}/{name}").as_str().into()
    }

    fn pair(&self, one: &str, other: &str) -> Vec<PersonPair> {
        vec![PersonPair { one: self.id(one), other: self.id(other) }]
    }

    async fn people(&self) -> Vec<LinkedPerson> {
        self.desk.console.people_list("").await.unwrap()
    }

    /// Who is one person, by the names of their entries, with the reason of the last.
    async fn shape(&self) -> Vec<(String, Option<LinkReason>)> {
        let name = |it: &LinkedPerson| it.identities.iter().map(|one| one.external_id.as_str()).collect::<String>();
        let people = self.people().await;
        people.iter().map(|it| (name(it), it.identities.last().and_then(|one| one.reason))).collect()
    }
}

fn alone(name: &str) -> (String, Option<LinkReason>) {
    (name.to_owned(), None)
}

#[tokio::test]
async fn a_link_by_hand_stands_above_the_systems_holds_and_is_taken_back() {
    let two = Two::read().await;
    let by_systems = [("ab".to_owned(), Some(LinkReason::SameEmail)), alone("c")];
    assert_eq!(two.shape().await, by_systems);
    let seen = two.people().await[0].identities[1].since;
    assert_eq!(seen, Some(at(0)), "since when it has been seen");

    let before = two.desk.console.people_link(two.pair("a", "c")).await.unwrap();
    let by_hand = [("ac".to_owned(), Some(LinkReason::ByHand)), alone("b")];
    assert_eq!(two.shape().await, by_hand);
    assert_eq!(two.people().await[0].identities[1].since, Some(at(0)));
    two.again().await;
    assert_eq!(two.shape().await, by_hand);
    two.desk.console.people_put_back(before).await.unwrap();
    assert_eq!(two.shape().await, by_systems);
}

#[tokio::test]
async fn a_pair_that_was_taken_apart_is_not_linked_by_a_later_reading_nor_offered() {
    let two = Two::read().await;
    let before = two.desk.console.people_separate(two.pair("b", "a")).await.unwrap();
    let apart = [alone("a"), alone("b"), alone("c")];
    assert_eq!(two.shape().await, apart);
    two.again().await;
    assert_eq!(two.shape().await, apart);
    assert_eq!(two.desk.console.people_health().await.unwrap().maybe, []);
    two.desk.console.people_put_back(before).await.unwrap();
    assert_eq!(two.shape().await[0].1, Some(LinkReason::SameEmail));

    // Linking says more than taking apart did.
    two.desk.console.people_separate(two.pair("a", "b")).await.unwrap();
    let before = two.desk.console.people_link(two.pair("a", "b")).await.unwrap();
    assert_eq!(two.shape().await[0], ("ab".to_owned(), Some(LinkReason::ByHand)));
    two.desk.console.people_put_back(before).await.unwrap();
    assert_eq!(two.shape().await, apart, "what was said before is said again");
}

#[tokio::test]
async fn a_queue_a_stranger_and_two_of_one_directory_are_never_linked_and_then_nothing_is_kept() {
    let two = Two::read().await;
    let reasons = [("q", Reason::NoSuchThing), ("nobody", Reason::NoSuchThing)];
    for (other, reason) in reasons {
        let pairs = [two.pair("a", "c"), two.pair("a", other)].concat();
        let outcome = two.desk.console.people_link(pairs).await.unwrap_err();
        assert_eq!((outcome.code(), outcome.why().reason), (Code::Invalid, reason), "{other}");
    }
    let outcome = two.desk.console.people_link(two.pair("b", "c")).await.unwrap_err();
    assert_eq!(outcome.why().reason, Reason::NotUsable);
    assert_eq!(two.shape().await[0].1, Some(LinkReason::SameEmail), "the pair before it is not kept either");
}

#[tokio::test]
async fn what_is_put_aside_leaves_its_list_and_comes_back() {
    let two = Two::read().await;
    let unmatched = async || {
        let health = two.desk.console.people_health().await.unwrap();
        health.unmatched.iter().map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(unmatched().await, ["c"]);
    let entry = || vec![PutAside { person: two.id("c"), list: HealthList::Unmatched }];
    two.desk.console.people_put_aside(entry(), true).await.unwrap();
    two.again().await;
    assert_eq!(unmatched().await, [""; 0]);
    two.desk.console.people_put_aside(entry(), false).await.unwrap();
    assert_eq!(unmatched().await, ["c"]);
}
