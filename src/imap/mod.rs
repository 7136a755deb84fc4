//! Reads mail from an IMAP server, and changes nothing there.
//!
//! 1. [`Session::connect`] dials, does STARTTLS where asked, signs in (AUTHENTICATE PLAIN, LOGIN or
//!    XOAUTH2) and learns the capabilities.
//! 2. [`Session::list_folders`] names the folders and their roles; [`Session::examine`] opens one
//!    read-only and tells `UIDVALIDITY` and `UIDNEXT`.
//! 3. [`Session::uids_between`] lists UIDs of a range, [`Session::fetch_batch`] fetches whole mails
//!    within a budget of bytes. Every UID that was asked for is accounted for: fetched, left for the
//!    next batch, or skipped with the reason.
//! 4. [`Session::idle`] waits for news. [`Session::append`] files a sent copy,
//!    [`Session::find_by_message_id`] looks whether a mail was sent.
//!
//! `wire` cuts the stream into replies, `reply` takes them apart, `session` runs commands one at a time
//! and checks each tagged result. After any error, timeout or dropped future the session is spent: every
//! further call fails, so that no command can read the answer to an earlier one.
//!
//! The replies are read by our own tokenizer of IMAP's grammar (RFC 3501 section 9) and not by
//! async-imap or imap-proto: the former takes a FETCH that was refused or cut off for a short success,
//! the latter drops a whole reply for one item that it does not know (and panics on `INTERNALDATE NIL`).
//!
//! To add a command: a method on [`Session`] in its own file, made of `run` (small answers) or of
//! `begin` and `step` (streamed answers).

mod append;
mod error;
mod fetch;
mod folders;
mod idle;
mod reply;
mod session;
mod sets;
mod utf7;
mod wire;

pub use error::ImapError;
pub use fetch::{Batch, FetchedMail, Marks, Skipped, Why};
pub use folders::{Folder, Role, Selected};
pub use idle::{IDLE_RENEW, Wake};
pub use session::{Options, Session};
