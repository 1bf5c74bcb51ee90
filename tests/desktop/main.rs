//! The built program in its real window, driven from outside, with simulated systems and a real keyring. Each test needs a
//! display, a bus and a keyring of its own, which `cargo xtask test` gives.

mod bulk;
mod bulk_window;
mod chat_rooms;
mod command_bulk;
mod command_line;
mod command_rooms;
mod desk;
mod driver;
mod first_run;
#[cfg(target_os = "linux")]
mod habits;
mod messages;
mod million;
#[cfg(target_os = "linux")]
mod notices;
mod offline;
#[cfg(target_os = "linux")]
mod popup;
mod reading;
mod records;
mod ringing;
mod rooms;
#[cfg(target_os = "linux")]
mod screen;
mod scrolling;
mod secrets;
mod signing_in;
#[cfg(target_os = "linux")]
mod story;
mod tour;
mod walk;
mod window;
