//! Loket: a helpdesk ticketing server. `docs/architecture.md` follows one mail in and one
//! answer out through these modules.

pub mod app;
pub mod audit;
pub mod authz;
#[warn(missing_docs)]
pub mod backup;
pub mod blob;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crash;
#[warn(missing_docs)]
pub mod crypto;
#[warn(missing_docs)]
pub mod domain;
#[warn(missing_docs)]
pub mod export;
pub mod http;
pub mod ids;
pub mod imap;
pub mod ingest;
pub mod jobs;
#[warn(missing_docs)]
pub mod mail;
pub mod maildir;
pub mod net;
pub mod oauth;
pub mod queue;
pub mod search;
pub mod service;
pub mod smtp;
#[warn(missing_docs)]
pub mod store;
pub mod telemetry;
