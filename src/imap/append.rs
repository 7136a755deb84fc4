//! Filing a sent copy, and looking for a mail by its Message-ID.

use super::reply::{Reply, Status};
use super::session::{Step, quote};
use super::{ImapError, Role, Session};

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

    /// Makes the folder for sent mail where the account has none, and returns its name. It stands where
    /// the other folders do: Courier and Cyrus refuse one beside INBOX.
    pub async fn create_sent(&mut self) -> Result<String, ImapError> {
        let folders = self.list_folders().await?;
        let inbox = folders.iter().find(|folder| folder.role == Role::Inbox);
        let delimiter = inbox.and_then(|inbox| inbox.delimiter.as_deref()).unwrap_or("/");
        let below = format!("INBOX{delimiter}Sent");
        let beside = "Sent".to_owned();
        let others = || folders.iter().filter(|folder| folder.role != Role::Inbox);
        let is_below = |name: &str| {
            name.get(..6).is_some_and(|head| {
                head.get(..5).is_some_and(|inbox| inbox.eq_ignore_ascii_case("INBOX"))
                    && head.ends_with(delimiter)
            })
        };
        let all_below = others().next().is_some() && others().all(|folder| is_below(&folder.name));
        let names = if all_below { [below, beside] } else { [beside, below] };
        let mut refused = ImapError::Protocol("no folder for sent mail");
        for name in names {
            match self.run(&format!("CREATE {}", quote(&name)?)).await {
                Ok(_) => {
                    // Mail programs show what is subscribed to; without, the folder works all the same.
                    match self.run(&format!("SUBSCRIBE {}", quote(&name)?)).await {
                        Ok(_) | Err(ImapError::Refused { .. }) => return Ok(name),
                        Err(error) => return Err(error),
                    }
                }
                Err(error @ ImapError::Refused { .. }) => refused = error,
                Err(error) => return Err(error),
            }
        }
        Err(refused)
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
