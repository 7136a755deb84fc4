//! Walks the audit log and counts what is of the window.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Window;
use crate::audit::{Action, Actor as Who, AuditEntry, ObjectKind};
use crate::domain::ids::OrganizationId;
use crate::domain::incident::{How, IncidentLog, WhoKind};
use crate::service::{Result, Services};
use crate::store::audit::Walk;
use crate::store::incidents;

/// Lines that are kept in memory at most.
pub(super) const MOST: usize = 50_000;

/// What was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// A ticket, or something in it; with the mailbox that the log names.
    Ticket(Uuid, Option<Uuid>),
    /// Something of a mailbox that is no ticket, or is gone.
    Mailbox(Uuid),
    /// A list over several mailboxes.
    List,
}

/// Who did it.
pub(super) type By = (WhoKind, Option<Uuid>);

/// The same, once or more often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) count: u64,
    pub(super) first_at: DateTime<Utc>,
    pub(super) last_at: DateTime<Utc>,
}

/// What a walk found.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) log: IncidentLog,
    pub(super) complete: bool,
    pub(super) accesses: BTreeMap<(Target, How, By), Seen>,
    pub(super) acts: BTreeMap<(&'static str, By), Seen>,
}

/// How an act reaches mail; `None` for one that reaches none.
pub(super) const fn how(action: Action) -> Option<How> {
    Some(match action {
        Action::ListTickets | Action::Search | Action::ListRelated | Action::ChangeTicket => {
            How::Listed
        }
        Action::ReadTicket | Action::ReadDraft | Action::ReadMessage | Action::ReadQuarantined => {
            How::Read
        }
        Action::ReadAttachment => How::Downloaded,
        Action::ReadOriginal => How::Original,
        Action::Export => How::Exported,
        _ => return None,
    })
}

pub(super) async fn gather(
    services: &Services,
    organization_id: OrganizationId,
    window: Window,
) -> Result<Gathered> {
    let mut walk = Walk::start(services.store(), organization_id).await?;
    let mut found = Gathered {
        log: IncidentLog {
            unbroken: false,
            broken_at: None,
            entries: 0,
            in_window: 0,
            unreadable: 0,
        },
        complete: true,
        accesses: BTreeMap::new(),
        acts: BTreeMap::new(),
    };
    while let Some(mut entries) = walk.next().await? {
        entries.retain(|entry| is_meant(entry, window));
        found.log.in_window += u64::try_from(entries.len()).unwrap_or(0);
        add_page(services, organization_id, &entries, &mut found).await?;
    }
    found.log.broken_at = walk.broken_at();
    found.log.unbroken = walk.broken_at().is_none();
    found.log.entries = walk.entries();
    found.log.unreadable = walk.unreadable();
    Ok(found)
}

fn is_meant(entry: &AuditEntry, window: Window) -> bool {
    let by = window.user.is_none_or(|user| entry.actor == Who::Member(user.0));
    // A list over several mailboxes may have shown this one's tickets.
    let of = window.mailbox.is_none_or(|mailbox| {
        entry.channel_id == Some(mailbox.0)
            || (entry.channel_id.is_none() && how(entry.action).is_some())
    });
    entry.at >= window.from && entry.at < window.to && by && of
}

async fn add_page(
    services: &Services,
    organization_id: OrganizationId,
    entries: &[AuditEntry],
    found: &mut Gathered,
) -> Result<()> {
    let store = services.store();
    let ids = |kind: ObjectKind| -> Vec<Uuid> {
        let of_kind = entries.iter().filter(|entry| entry.object_kind == kind);
        of_kind.filter_map(|entry| entry.object_id).collect()
    };
    let files = ids(ObjectKind::Attachment);
    let files = incidents::messages_of_files(store, organization_id, &files).await?;
    let mut messages = ids(ObjectKind::Message);
    messages.extend(files.values());
    let messages = incidents::tickets_of_messages(store, organization_id, &messages).await?;
    for entry in entries {
        let by = by(entry.actor);
        match how(entry.action) {
            Some(how) => {
                let key = (target(entry, &files, &messages), how, by);
                found.complete &= count(&mut found.accesses, key, entry.at);
            }
            None => {
                found.complete &= count(&mut found.acts, (entry.action.as_str(), by), entry.at);
            }
        }
    }
    Ok(())
}

/// Counts it, unless it would be a line too many.
fn count<K: Ord>(lines: &mut BTreeMap<K, Seen>, key: K, at: DateTime<Utc>) -> bool {
    let full = lines.len() >= MOST;
    match lines.get_mut(&key) {
        Some(seen) => {
            seen.count += 1;
            // Instances' clocks differ: the log's order is not always that of time.
            seen.first_at = seen.first_at.min(at);
            seen.last_at = seen.last_at.max(at);
        }
        None if full => return false,
        None => {
            lines.insert(key, Seen { count: 1, first_at: at, last_at: at });
        }
    }
    true
}

const fn by(actor: Who) -> By {
    match actor {
        Who::Member(id) => (WhoKind::Member, Some(id)),
        // By the server, for whoever brought link and code.
        Who::System | Who::Person => (WhoKind::Server, None),
        Who::Cli => (WhoKind::Operator, None),
    }
}

fn target(
    entry: &AuditEntry,
    files: &HashMap<Uuid, Uuid>,
    messages: &HashMap<Uuid, Uuid>,
) -> Target {
    let id = entry.object_id;
    let ticket = match entry.object_kind {
        ObjectKind::Ticket => id,
        ObjectKind::Message => id.and_then(|id| messages.get(&id).copied()),
        ObjectKind::Attachment => {
            id.and_then(|id| files.get(&id)).and_then(|message| messages.get(message).copied())
        }
        _ => None,
    };
    match (ticket, entry.channel_id) {
        (Some(ticket), channel) => Target::Ticket(ticket, channel),
        (None, Some(channel)) => Target::Mailbox(channel),
        (None, None) => Target::List,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known is counted further; what would be a line too many is told of.
    #[test]
    fn a_package_that_is_full_says_so() {
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        let mut lines = BTreeMap::new();
        for key in 0..MOST {
            assert!(count(&mut lines, key, at(5)));
        }
        assert!(count(&mut lines, 0, at(3)));
        assert!(!count(&mut lines, MOST, at(9)));
        let seen = &lines[&0];
        assert_eq!((seen.count, seen.first_at, seen.last_at), (2, at(3), at(5)));
        assert_eq!(lines.len(), MOST);
    }
}
