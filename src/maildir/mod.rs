//! A local Maildir as a mailbox: read without changing it, and answers handed to a folder or to a
//! sendmail program.
//!
//! 1. [`scan`] lists `new/` and `cur/`: each mail under its unique name (the file's name before `:2,`),
//!    which stays the same when a mail client moves it from `new` to `cur` or changes its flags.
//!    [`Entry::uid`] is a number derived from that name, for the ledger.
//! 2. [`read`] reads one mail, bounded, and finds it again where a client moved it meanwhile.
//! 3. [`deliver_to_folder`] writes an answer into another Maildir (`tmp`, then `new`, both synced);
//!    [`deliver_by_sendmail`] gives it to a program.
//!
//! Only regular files are read: no symbolic link is followed, no pipe or device opened. There is no
//! watching: the caller scans every second or two.

mod deliver;
mod scan;

pub use deliver::{Handed, deliver_by_sendmail, deliver_to_folder};
pub use scan::{Entry, read, scan, uid_of};

/// Why a Maildir could not be read or written. No file name is in the text.
#[derive(Debug, thiserror::Error)]
pub enum MaildirError {
    #[error("the folder has no new and cur folders, so it is not a Maildir")]
    NotAMaildir,
    #[error("the folder cannot be read or written")]
    Io(#[from] std::io::Error),
    #[error("the mail is gone")]
    Missing,
    #[error("the mail is larger than {0} bytes")]
    TooLarge(u64),
    #[error("the sendmail program did not end in time")]
    Timeout,
}

impl MaildirError {
    /// A stable code for the API and the UI's translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAMaildir => "not_a_maildir",
            Self::Io(_) => "folder_not_accessible",
            Self::Missing => "missing",
            Self::TooLarge(_) => "too_large",
            Self::Timeout => "timeout",
        }
    }
}
