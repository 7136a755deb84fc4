//! Generated mail: a small shop's service mailbox for the demo, and a large measured corpus.
//!
//! In order: [`demo`] tells stories (who wrote what, when, with which program), or [`bench`]
//! draws them from a seed; each mail becomes a [`letter::Letter`], which makes the bytes with
//! [`encode`] and [`files`]; [`maildir`] puts them where a mailbox reads them. The same seed and
//! time give the same bytes. Every address is under `example.com`, `.org` or `.net`
//! (RFC 2606), so nothing can reach anybody.
//!
//! To add to the demo: a story in `demo/stories_*.rs`, or an oddity in `demo/odd.rs`.

pub mod bench;
pub mod demo;
pub mod encode;
pub mod files;
pub mod letter;
pub mod maildir;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

/// A generated mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// Its bytes.
    pub raw: Vec<u8>,
}
