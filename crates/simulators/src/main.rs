//! Runs the example office until it is interrupted, and prints how to connect to it.

use std::io;

use chrono::Utc;
use clap::Parser;
use serde_json::{Value, json};
use simulators::{Account, Office, Plan};

/// Four simulated systems of one office on this computer: Chat&Messenger, Rocket.Chat, SmartConnect and RingCentral.
#[derive(Parser)]
struct Options {
    /// Where all chance comes from; the same seed makes the same office
    #[arg(long)]
    seed: Option<u64>,
    /// Calls in RingCentral's log
    #[arg(long)]
    ring_calls: Option<usize>,
    /// Calls in SmartConnect's records
    #[arg(long)]
    cti_calls: Option<usize>,
    /// Entries of the address book
    #[arg(long)]
    customers: Option<usize>,
    /// Colleagues
    #[arg(long)]
    people: Option<usize>,
    /// Conference rooms
    #[arg(long)]
    rooms: Option<usize>,
    /// Four ports of this computer, such as 8101,8102,8103,8104; free ones otherwise
    #[arg(long, value_parser = four_ports)]
    ports: Option<[u16; 4]>,
    /// Nothing happens by itself
    #[arg(long)]
    quiet_office: bool,
    /// Print one line of JSON instead of commands
    #[arg(long)]
    json: bool,
}

impl Options {
    fn plan(&self) -> Plan {
        #[expect(clippy::disallowed_methods, reason = "this is the program that starts the scenario's clock")]
        let demo = Plan::demo(Utc::now());
        Plan {
            seed: self.seed.unwrap_or(demo.seed),
            ring_calls: self.ring_calls.unwrap_or(demo.ring_calls),
            cti_calls: self.cti_calls.unwrap_or(demo.cti_calls),
            customers: self.customers.unwrap_or(demo.customers),
            people: self.people.unwrap_or(demo.people),
            rooms: self.rooms.unwrap_or(demo.rooms),
            is_living: !self.quiet_office,
            ports: self.ports,
            ..demo
        }
    }
}

fn four_ports(text: &str) -> Result<[u16; 4], String> {
    let ports: Result<Vec<u16>, _> = text.split(',').map(str::parse).collect();
    let ports = ports.map_err(|error| error.to_string())?;
    ports.try_into().map_err(|_| "four ports are needed".to_owned())
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the addresses and keys are what this program is asked for")]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    let office = Office::start(options.plan()).await?;
    if options.json {
        println!("{}", document(&office.accounts()));
    } else {
        office.accounts().iter().for_each(|account| println!("{}\n", command(account)));
        println!("Running until Ctrl-C.");
    }
    tokio::signal::ctrl_c().await?;
    office.stop().await;
    Ok(())
}

/// A command for a POSIX shell that connects the console to this account.
fn command(account: &Account) -> String {
    let Account { system, name, url, settings, secrets } = account;
    let values: Vec<_> = secrets.iter().map(|(_, value)| format!("'{value}'")).collect();
    let typed = if values.is_empty() { String::new() } else { format!("printf '%s\\n' {} | ", values.join(" ")) };
    let sets: String = settings.iter().map(|(key, value)| format!(" --set {key}={value}")).collect();
    let keys: String = secrets.iter().map(|(key, _)| format!(" --secret {key}")).collect();
    format!("{typed}frontdesk-cli connections add {system} --name '{name}' --url {url}{sets}{keys}")
}

fn document(accounts: &[Account]) -> Value {
    let object = |pairs: &[(&'static str, String)]| -> Value {
        let fields = pairs.iter().map(|(key, value)| ((*key).to_owned(), json!(value)));
        Value::Object(fields.collect())
    };
    let systems = accounts.iter().map(|it| {
        json!({
            "system": it.system,
            "name": it.name,
            "url": it.url,
            "settings": object(&it.settings),
            "secrets": object(&it.secrets),
        })
    });
    json!({ "systems": systems.collect::<Vec<_>>() })
}
