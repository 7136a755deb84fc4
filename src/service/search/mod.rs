//! Search: the indexes of this instance, what feeds them, and what is asked of them.
//!
//! - [`Engine`]: what is in memory: for each organization a [`Library`] with the table of its tickets and the index of
//!   each channel.
//! - [`feed`]: reads the event log and tells the indexes what has happened. What it tells is not what the event says
//!   but how the ticket is *now* ([`reconcile`]): it can be told twice, late, or after a crash, and comes to the same.
//! - [`build`]: makes an index anew from the store, while the old one answers.
//! - [`check`]: compares an index with the store; [`operate`]: what the command line asks.
//! - [`people`]: customers, by what colleagues wrote down about them.
//! - [`ask`]: answers a question; [`within`]: finds words in one ticket.
//!
//! Indexes are derived data. They are in no backup; one that is lost, damaged, older than it should be or sealed with a
//! key that is gone is built anew. Each instance keeps its own, in a folder beside its data.

mod ask;
mod build;
pub mod check;
mod engine;
pub mod feed;
pub mod operate;
mod people;
mod reconcile;
mod resolve;
mod within;

pub use crate::search::find::Order;
pub use crate::search::language::Snippet;
pub use ask::{Answer, Facets, Hit, Question, ask, asks_something};
pub use engine::{Engine, Library};
pub use within::{Within, within};
