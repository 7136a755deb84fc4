//! Encrypted full-text search.
//!
//! - [`sealed`]: a directory of files that are sealed block by block.
//! - [`index`]: one Tantivy index for each channel in such a directory; messages go in and out.
//! - [`language`]: what a text says to the index, and what a word may look like in it.
//! - [`query`]: what somebody types, read.
//! - [`table`]: what is not sealed of tickets, in memory.
//! - [`people`]: what colleagues wrote down about customers, as signatures in memory.
//! - [`find`]: a query, the table and the indexes together: which tickets, in which order, how many of each.
//!
//! Nothing here reads a database or knows who is signed in: `service::search` feeds the indexes, and says which
//! tickets somebody may read.
//!
//! # To extend
//! - Another field: `index/schema.rs`, `index/document.rs` and a [`find::Place`]; count [`index::FORMAT`] up, so that
//!   indexes are built anew.
//! - Another language: see [`language`].

pub mod find;
pub mod index;
pub mod language;
pub mod people;
pub mod query;
pub mod sealed;
pub mod table;

#[cfg(test)]
mod tests;
