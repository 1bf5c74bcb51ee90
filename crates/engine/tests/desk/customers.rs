//! Customers put into an address book: who is known, what is sent once, and when nothing more is sent.

use engine::CustomerPlan;
use model::connection::NewConnection;
use model::customer::{CustomerAdded, NewCustomer};
use model::failure::{Code, Problem};
use model::{Failure, Reason, SystemId, Why};

use crate::double::{Desk, Has, customer, refused, seen};

fn new(name: &str, number: &str) -> NewCustomer {
    NewCustomer { name: name.into(), numbers: vec![number.into()], ..NewCustomer::default() }
}

async fn desk() -> Desk {
    let desk = Desk::with(Has::default()).await;
    desk.system.state().customers = vec![customer(&desk.id, "k1", "西村商店", "03-5550-0142")];
    desk.reads(vec![seen("1", 0, "0655500118")]).await;
    desk
}

/// What became of each, in a word.
fn words(became: &[CustomerAdded]) -> Vec<String> {
    let word = |it: &CustomerAdded| match it {
        CustomerAdded::Done { customer } => format!("done {}", customer.name),
        CustomerAdded::Known { customers } => {
            format!("known {}", customers.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(","))
        }
        CustomerAdded::Failed { problem } => format!("{:?} {:?} {}", problem.code, problem.reason, problem.words),
    };
    became.iter().map(word).collect()
}

#[tokio::test]
async fn who_is_added_is_in_the_cache_at_once_and_named_on_calls() {
    let desk = desk().await;
    let became = desk.console.customers_add(&desk.id, vec![new("林 健", "06-5550-0118")]).await.unwrap();
    assert_eq!(words(&became), ["done 林 健"]);
    assert_eq!(desk.system.asked(), ["customers", "add 林 健", "customers"], "looked at before and after, sent once");
    let call = desk.console.call_show(&desk.call("1")).await.unwrap().call;
    assert_eq!(call.customer.map(|it| it.name).as_deref(), Some("林 健"));
}

#[tokio::test]
async fn a_number_that_is_there_is_known_in_any_written_form_and_not_sent() {
    let desk = desk().await;
    // Somebody else added this one since the last sync.
    desk.system.state().customers.push(customer(&desk.id, "k2", "東村商店", "0355500188"));
    let list = vec![
        new("西村", "+81 3 5550 0142"),
        new("東村", "０３－５５５０－０１８８"),
        new("林 健", "0655500118"),
        new("林", "06-5550-0118"),
    ];
    let plan = desk.console.customers_plan(&desk.id, &list).await.unwrap();
    assert!(matches!(
        plan.as_slice(),
        [CustomerPlan::Known(_), CustomerPlan::Known(_), CustomerPlan::New, CustomerPlan::Double(2)]
    ));
    assert_eq!(desk.system.asked(), ["customers"], "a plan writes nothing");
    let became = desk.console.customers_add(&desk.id, list).await.unwrap();
    assert_eq!(words(&became), ["known 西村商店", "known 東村商店", "done 林 健", "known 林 健"]);
    assert_eq!(desk.system.asked(), ["customers", "add 林 健", "customers"]);
}

#[tokio::test]
async fn a_number_of_another_address_book_is_not_known_in_this_one() {
    let desk = desk().await;
    let second = NewConnection {
        system: SystemId::from("double"),
        name: "Branch".into(),
        url: "https://branch.example".into(),
        settings: [].into(),
        secrets: [].into(),
        allow_http: false,
    };
    let branch = desk.console.connection_add(second).await.unwrap().id;
    desk.system.state().customers.clear();
    let became = desk.console.customers_add(&branch, vec![new("西村", "0355500142")]).await.unwrap();
    assert_eq!(words(&became), ["done 西村"]);
    assert_eq!(desk.console.customers_find("0142", 10).await.unwrap().len(), 2, "one in each");
    assert_eq!(desk.console.customers_find("0142", 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_nobody_could_use_is_not_sent() {
    let desk = desk().await;
    let unreachable = NewCustomer { name: "林".into(), ..NewCustomer::default() };
    let by_mail = NewCustomer { email: Some("ken@example.jp".into()), ..unreachable.clone() };
    let list = vec![new(" ", "0655500118"), unreachable, new("林", "なし"), new("林", "03"), new("林", "")];
    let became = desk.console.customers_add(&desk.id, list.clone()).await.unwrap();
    let unusable = "Invalid NotUsable number";
    assert_eq!(words(&became), ["Invalid Missing name", "Invalid Missing number", unusable, unusable, unusable]);
    assert_eq!(desk.system.asked(), [""; 0]);
    let plan = desk.console.customers_plan(&desk.id, &list).await.unwrap();
    assert!(plan.iter().all(|it| matches!(it, CustomerPlan::Bad(_))), "{plan:?}");
    let became = desk.console.customers_add(&desk.id, vec![by_mail]).await.unwrap();
    assert_eq!(words(&became), ["done 林"], "an e-mail address is enough");
}

#[tokio::test]
async fn after_an_unknown_outcome_or_a_sign_out_nothing_more_is_sent() {
    let why = || Why::new(Reason::OutcomeUnknown, "");
    for (failure, last) in [
        (Failure::Unknown(why()), "customers"),
        (Failure::SignedOut(why()), "add 林 健"),
        (Failure::Offline(why()), "add 林 健"),
    ] {
        let desk = desk().await;
        desk.system.state().refusals.push_back(failure.clone());
        let list = vec![new("林 健", "0655500118"), new("東村", "0355500188"), new("西村", "0355500142")];
        let became = desk.console.customers_add(&desk.id, list).await.unwrap();
        let failed = CustomerAdded::Failed { problem: Problem::from(&failure) };
        assert_eq!(became, [failed.clone(), failed.clone(), failed]);
        let asked = desk.system.asked();
        assert_eq!(asked.iter().filter(|it| it.starts_with("add")).count(), 1, "{asked:?}");
        assert_eq!(asked.last().map(String::as_str), Some(last), "it may be there only where nobody knows");
    }
}

#[tokio::test]
async fn a_no_to_one_leaves_the_others() {
    let desk = desk().await;
    desk.system.state().refusals.push_back(refused(Reason::SystemRefused));
    let list = vec![new("林 健", "0655500118"), new("東村", "0355500188")];
    let became = desk.console.customers_add(&desk.id, list).await.unwrap();
    assert_eq!(words(&became), ["Refused SystemRefused ", "done 東村"]);
}

#[tokio::test]
async fn who_was_added_is_in_the_cache_even_where_it_cannot_be_read_again() {
    let desk = desk().await;
    desk.system.state().reads_left = Some(1);
    let became = desk.console.customers_add(&desk.id, vec![new("林 健", "0655500118")]).await.unwrap();
    assert_eq!(words(&became), ["done 林 健"]);
    let names: Vec<_> = desk.console.customers_find("", 10).await.unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["林 健", "西村商店"]);
    let outcome = desk.console.customers_add(&desk.id, vec![new("東村", "0355500188")]).await.unwrap_err();
    assert_eq!(outcome.code(), Code::Offline, "who is there cannot be told, so nothing is sent");
    assert!(!desk.system.asked().contains(&"add 東村".to_owned()));
}
