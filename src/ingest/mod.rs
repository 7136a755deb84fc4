//! Mail is fetched here: one task per mailbox, from its source to `service::intake`.
//!
//! 1. [`supervisor`] starts a task (`reading`) for each mailbox that is to be read and that nobody
//!    else reads (`service::reading`), restarts it when an admin changes the mailbox, and stops
//!    all of them at shutdown. [`once`] reads a mailbox up to now, for the command line.
//! 2. [`imap`] (or [`maildir`]) lists what is above the folder cursor, fetches bounded batches,
//!    and hands each to `service::intake::take` while it fetches the next.
//!    Of Gmail's archive only the history is read (`archive`).
//! 3. `rules` says which mail is history and which is left out, by the import choice.
//! 4. `compare` holds the server's UIDs against the ledger each day, and fetches what was missed.
//! 5. What goes wrong is told to `service::sync`, which sets the mailbox's state; the task
//!    backs off (`backoff`) or, when only the admin can help (`refusals`), ends.
//!
//! To read a new kind of mailbox: a file here that makes batches, and a line in `reading`.

mod archive;
mod backoff;
mod compare;
mod imap;
mod maildir;
mod once;
mod reading;
mod refusals;
mod rules;
mod supervisor;
mod walk;

pub use once::{Looked, OnceError, once};
pub use supervisor::{Allowances, Bells, Options, Supervisor};
