//! Filing a sent copy, and looking for a mail by its Message-ID.

use super::reply::{Reply, Status};
use super::session::{Step, quote};
use super::{ImapError, Session};

impl Session {
    /// Files a mail in a folder (for the Sent copy), marked as read since we wrote it. Returns its UID
    /// where the server tells (RFC 4315).
    pub async fn append(&mut self, folder: &str, raw: &[u8]) -> Result<Option<u32>, ImapError> {
        let command = format!("APPEND {} (\\Seen) {{{}}}", quote(folder)?, raw.len());
        let tag = self.begin(&command).await?;
        let mut sent = false;
        loop {
            match self.step(&tag).await? {
                Step::Untagged(Reply::Continue(_)) if !sent => {
                    self.wire.send(raw).await?;
                    self.wire.send(b"\r\n").await?;
                    sent = true;
                }
                Step::Untagged(_) => {}
                Step::Done(done) if done.status == Status::Ok && sent => {
                    let code = done.code.filter(|code| code.name == "APPENDUID");
                    let uid = code.and_then(|c| c.rest.split(' ').nth(1)?.parse().ok());
                    return Ok(uid);
                }
                Step::Done(done) => return Err(ImapError::from_refusal(done)),
            }
        }
    }

    /// The UIDs of the mails in `folder` that have this Message-ID (without angle brackets), also where
    /// Outlook put its own in place of it. Opens the folder, so another one must be opened again.
    pub async fn find_by_message_id(
        &mut self,
        folder: &str,
        message_id: &str,
    ) -> Result<Vec<u32>, ImapError> {
        self.examine(folder).await?;
        for header in ["Message-ID", "X-Microsoft-Original-Message-ID"] {
            let command = format!("UID SEARCH HEADER {header} {}", quote(message_id)?);
            let (replies, _) = self.run(&command).await?;
            let found: Vec<u32> = replies.into_iter().flat_map(uids).collect();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}

fn uids(reply: Reply) -> Vec<u32> {
    match reply {
        Reply::Search(uids) => uids,
        _ => Vec::new(),
    }
}
