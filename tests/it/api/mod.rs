//! The API, over HTTP, on both databases.

mod audit;
mod authorization;
mod connect;
mod customers;
mod events;
mod idempotency;
mod incidents;
mod isolation;
mod mailboxes;
mod notices;
mod password;
mod policies;
mod presence;
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
mod watch;
