//! How a folder is walked: up from the cursor, down through history, or here and there.

use super::rules::{Disposition, Import};
use crate::imap::{self, FetchedMail, Why};
use crate::service::intake::{Batch, Incoming};
use crate::service::sync::{Cursor, Folder};

/// In which direction a folder is walked.
#[derive(Debug)]
pub(super) enum Walk {
    /// From the cursor up: new mail.
    Up,
    /// Here and there, without moving the cursor: what an admin wants.
    Again { import: Import },
    /// From the backfill down: history.
    Down { import: Import },
    /// The same through the archive.
    Archive { import: Import },
}

impl Walk {
    /// Whether it goes through what was there before.
    pub(super) fn is_history(&self) -> bool {
        matches!(self, Self::Down { .. } | Self::Archive { .. })
    }

    fn dispose(&self, mail: &FetchedMail) -> Disposition {
        match self {
            Self::Up => Disposition::Live,
            Self::Again { import } => import.of_wanted(mail.internal_date),
            Self::Down { import } => import.of_old(mail.internal_date),
            Self::Archive { import } => import.of_archived(mail.internal_date),
        }
    }

    /// Where the cursor stands once the batch is stored.
    pub(super) fn cursor(&self, before: Cursor, batch: &Fetched) -> Cursor {
        let rest = batch.rest.first().copied().map(i64::from);
        match self {
            Self::Again { .. } => before,
            Self::Up => Cursor { last_uid: rest.map_or(batch.last, |uid| uid - 1), ..before },
            Self::Down { .. } | Self::Archive { .. } => {
                let uid = rest.map_or(batch.last, |uid| uid + 1);
                Cursor { backfill_uid: if uid <= 1 { 0 } else { uid }, ..before }
            }
        }
    }
}

/// A fetched batch, with what did not fit.
pub(super) struct Fetched {
    mails: Vec<FetchedMail>,
    missing: Vec<i64>,
    skipped: Vec<(i64, &'static str)>,
    pub(super) rest: Vec<u32>,
    /// The last UID that was asked for.
    last: i64,
}

impl Fetched {
    pub(super) fn new(asked: &[u32], batch: imap::Batch) -> Self {
        let mut missing = Vec::new();
        let mut skipped = Vec::new();
        for left_out in batch.skipped {
            let uid = i64::from(left_out.uid);
            match left_out.why {
                Why::Missing => missing.push(uid),
                Why::Unreadable(_) => skipped.push((uid, "unreadable")),
                Why::TooLarge(_) => skipped.push((uid, "too_large")),
            }
        }
        // In the order asked for, so that the first is where the next batch begins.
        let rest = asked.iter().copied().filter(|uid| batch.rest.contains(uid)).collect();
        let last = asked.last().copied().map_or(0, i64::from);
        Self { mails: batch.mails, missing, skipped, rest, last }
    }

    pub(super) fn into_batch(mut self, folder: Folder, cursor: Cursor, walk: &Walk) -> Batch {
        let mut mails = Vec::with_capacity(self.mails.len());
        for mail in self.mails {
            let uid = i64::from(mail.uid);
            let is_history = match walk.dispose(&mail) {
                Disposition::Live => false,
                Disposition::History => true,
                Disposition::Skip(reason) => {
                    self.skipped.push((uid, reason));
                    continue;
                }
            };
            let received_at = mail.internal_date;
            mails.push(Incoming { uid, raw: mail.raw, received_at, is_history });
        }
        Batch { folder, mails, missing: self.missing, skipped: self.skipped, cursor }
    }
}
