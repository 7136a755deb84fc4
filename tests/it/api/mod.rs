//! The API, over HTTP, on both databases.

mod acts;
mod audit;
mod authorization;
mod connect;
mod contacts;
mod customers;
mod events;
mod idempotency;
mod incidents;
mod isolation;
mod mailboxes;
mod password;
mod policies;
mod profile;
mod quarantine;
mod register;
mod replies;
mod saved_replies;
mod session;
mod setup;
mod tickets;
mod token;
mod users;
mod views;
mod watch;
