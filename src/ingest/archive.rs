//! Gmail's "All Mail" holds what was archived, and everything else once more.
//!
//! It is read for history only, between the INBOX and the folder of sent mail: a question must be
//! there before the answers to it. What lies in those two is left to them, so that it is not
//! downloaded twice and nobody's word but the provider's says what the mailbox has sent. New
//! mail, comparisons and IDLE pass the archive by.

use std::collections::HashSet;

use super::imap::{Open, Reader, SyncError};
use crate::domain::words::FolderRole;
use crate::imap::{Marks, Session};
use crate::service::sync::{self, Folder};

/// What becomes of a mail of the archive.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// It lies here only.
    Here,
    /// Another folder that is read has it.
    Elsewhere,
    /// It is no correspondence; the word goes into the ledger.
    Nowhere(&'static str),
}

/// Labels of Gmail's own, lower case.
const LABELS: [(&str, Place); 9] = [
    ("\\draft", Place::Nowhere("draft")),
    ("\\drafts", Place::Nowhere("draft")),
    ("\\chat", Place::Nowhere("chat")),
    ("\\chats", Place::Nowhere("chat")),
    ("\\spam", Place::Nowhere("spam")),
    ("\\junk", Place::Nowhere("spam")),
    ("\\trash", Place::Nowhere("trash")),
    ("\\inbox", Place::Elsewhere),
    ("\\sent", Place::Elsewhere),
];

fn place(marks: &Marks) -> &'static Place {
    if marks.draft {
        return &Place::Nowhere("draft");
    }
    let has = |label: &str| marks.labels.iter().any(|own| own.eq_ignore_ascii_case(label));
    LABELS.iter().find(|(label, _)| has(label)).map_or(&Place::Here, |(_, place)| place)
}

/// What of some mails is to be fetched.
#[derive(Debug, Default)]
pub(super) struct Archived {
    pub(super) uids: Vec<u32>,
    pub(super) left_out: Vec<(i64, &'static str)>,
    /// Mails that another folder has.
    pub(super) elsewhere: u64,
}

impl Reader<'_> {
    /// Opens the archive, if there is something to do in it: history once that of `others` is in,
    /// or mail that an admin wants.
    pub(super) async fn open_archive(
        &self,
        session: &mut Session,
        open: &Open,
        others: bool,
    ) -> Result<Option<Folder>, SyncError> {
        let target = &self.mailbox.target;
        let folder = sync::folder(self.services, target, &open.name, FolderRole::All).await?;
        let is_idle = folder.uid_validity != 0 && (folder.backfill_uid == 0 || others);
        if is_idle && sync::wanted(self.services, &folder).await?.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.open(session, open).await?.0))
    }

    /// Tells what lies in the archive only. A server without labels tells by the sender what was
    /// sent; what is in the INBOX too is then known by its content.
    pub(super) async fn archived(
        &self,
        session: &mut Session,
        uids: Vec<u32>,
    ) -> Result<Archived, SyncError> {
        let marks = session.marks(&uids).await?;
        let sent = if session.has_labels() {
            HashSet::default()
        } else {
            session.from_among(&uids, &self.mailbox.address).await?
        };
        let mut found = Archived::default();
        for uid in uids {
            let place = marks.get(&uid).map_or(&Place::Here, place);
            match place {
                Place::Nowhere(reason) => found.left_out.push((i64::from(uid), reason)),
                Place::Elsewhere => found.elsewhere += 1,
                Place::Here if sent.contains(&uid) => found.elsewhere += 1,
                Place::Here => found.uids.push(uid),
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_what_lies_in_the_archive_only() {
        let of = |labels: &[&str]| {
            let labels = labels.iter().map(|&label| label.to_owned()).collect();
            place(&Marks { draft: false, labels })
        };
        assert_eq!(of(&[]), &Place::Here);
        assert_eq!(of(&["\\Important", "\\Starred", "Inbox", "sent"]), &Place::Here);
        assert_eq!(of(&["Klanten", "\\Inbox"]), &Place::Elsewhere);
        assert_eq!(of(&["\\Sent"]), &Place::Elsewhere);
        assert_eq!(of(&["\\Sent", "\\Draft"]), &Place::Nowhere("draft"));
        let marks = Marks { draft: true, labels: Vec::new() };
        assert_eq!(place(&marks), &Place::Nowhere("draft"));
    }
}
