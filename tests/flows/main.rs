//! Things a user can see happen: the real crates against the simulated systems, without a window.

mod busy_minute;
mod changes;
mod chat_rooms;
mod chat_samples;
mod chats;
mod glance;
mod identity;
mod killed;
mod main_job;
mod offline;
mod once;
mod reception;
mod right_person;
mod ring_central_live;
mod ring_central_log;
mod same_call;
mod samples;
mod secrets;
mod signing_in;
mod smart_connect_calls;
mod smart_connect_records;
mod support;
mod telephone_desk;
mod trouble;
mod who_rings;
mod worklist;
