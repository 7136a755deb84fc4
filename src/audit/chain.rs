//! The chain: each entry's hash covers the entry and the hash before it.

use uuid::Uuid;

use super::AuditEntry;
use crate::crypto::OpenKey;

/// The purpose of the chain's key; permanent.
const DOMAIN: &str = "audit.chain";

/// An entry with the hash that was stored for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The entry.
    pub entry: AuditEntry,
    /// What [`link`] made of it.
    pub hash: [u8; 32],
}

/// The chain does not fit from this entry on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log does not fit from entry {number} on: it was altered, removed or moved")]
pub struct Broken {
    /// The number that was expected there.
    pub number: u64,
}

/// The hash of an entry that follows one with the hash `before` (nothing for the first). Fields
/// carry their length, so that no two entries give the same bytes. The layout is permanent.
#[must_use]
pub fn link(key: &OpenKey, before: Option<&[u8; 32]>, entry: &AuditEntry) -> [u8; 32] {
    let mut text = Vec::with_capacity(224);
    let mut field = |bytes: &[u8]| {
        text.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        text.extend_from_slice(bytes);
    };
    field(before.map_or(&[], |hash| hash.as_slice()));
    field(entry.organization_id.as_bytes());
    field(&entry.number.to_be_bytes());
    field(&entry.at.timestamp_millis().to_be_bytes());
    field(entry.actor.as_str().as_bytes());
    field(bytes_of(entry.actor.id().as_ref()));
    field(entry.action.as_str().as_bytes());
    field(entry.object_kind.as_str().as_bytes());
    field(bytes_of(entry.object_id.as_ref()));
    field(bytes_of(entry.channel_id.as_ref()));
    key.mac(DOMAIN, &text)
}

fn bytes_of(id: Option<&Uuid>) -> &[u8] {
    id.map_or(&[], |id| id.as_bytes().as_slice())
}

/// Walks consecutive entries of one organization that follow the entry `after` (nothing when they
/// start at the first), and returns the head: the last one's number and hash. Feed it page by
/// page, each with the head of the page before.
pub fn verify(
    key: &OpenKey,
    organization_id: Uuid,
    after: Option<(u64, [u8; 32])>,
    entries: &[Linked],
) -> Result<Option<(u64, [u8; 32])>, Broken> {
    let mut head = after;
    for linked in entries {
        let number = head.map_or(1, |(number, _)| number.saturating_add(1));
        let entry = &linked.entry;
        let expected = link(key, head.as_ref().map(|(_, hash)| hash), entry);
        if entry.organization_id != organization_id
            || entry.number != number
            || expected != linked.hash
        {
            return Err(Broken { number });
        }
        head = Some((number, linked.hash));
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::super::{Action, Actor, ObjectKind};
    use super::*;
    use crate::crypto::test_key;

    const ORGANIZATION: Uuid = Uuid::from_u128(5);

    fn log(organization_id: Uuid, count: u64) -> Vec<Linked> {
        let start: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut before: Option<[u8; 32]> = None;
        (1..=count)
            .map(|number| {
                let entry = AuditEntry {
                    organization_id,
                    number,
                    at: start + TimeDelta::milliseconds(number.cast_signed()),
                    actor: Actor::Member(Uuid::from_u128(u128::from(number % 3))),
                    action: Action::ReadMessage,
                    object_kind: ObjectKind::Message,
                    object_id: Some(Uuid::from_u128(u128::from(number))),
                    channel_id: Some(Uuid::from_u128(9)),
                };
                let hash = link(&test_key(1), before.as_ref(), &entry);
                before = Some(hash);
                Linked { entry, hash }
            })
            .collect()
    }

    fn broken_at(entries: &[Linked]) -> u64 {
        verify(&test_key(1), ORGANIZATION, None, entries).unwrap_err().number
    }

    #[test]
    fn an_untouched_log_verifies_whole_and_in_pages() {
        let log = log(ORGANIZATION, 10);
        let head = verify(&test_key(1), ORGANIZATION, None, &log).unwrap();
        assert_eq!(head, Some((10, log[9].hash)));
        let half = verify(&test_key(1), ORGANIZATION, None, &log[..5]).unwrap();
        assert_eq!(verify(&test_key(1), ORGANIZATION, half, &log[5..]).unwrap(), head);
        assert_eq!(verify(&test_key(1), ORGANIZATION, None, &[]).unwrap(), None);
    }

    #[test]
    fn removing_moving_doubling_and_foreign_entries_are_noticed() {
        let whole = log(ORGANIZATION, 10);
        let mut removed = whole.clone();
        removed.remove(4);
        assert_eq!(broken_at(&removed), 5);
        let mut swapped = whole.clone();
        swapped.swap(2, 3);
        assert_eq!(broken_at(&swapped), 3);
        let mut doubled = whole.clone();
        doubled.insert(3, whole[2].clone());
        assert_eq!(broken_at(&doubled), 4);
        assert_eq!(broken_at(&whole[1..]), 1);
        assert_eq!(broken_at(&log(Uuid::from_u128(6), 3)), 1);
        // Who has the database but not the key cannot make a new chain.
        assert!(verify(&test_key(2), ORGANIZATION, None, &whole).is_err());
    }

    #[test]
    fn altering_any_field_is_noticed() {
        type Change = fn(&mut AuditEntry);
        let changes: [Change; 8] = [
            |entry| entry.at += TimeDelta::milliseconds(1),
            |entry| entry.actor = Actor::Member(Uuid::from_u128(99)),
            |entry| entry.actor = Actor::Cli,
            |entry| entry.action = Action::ListTickets,
            |entry| entry.object_kind = ObjectKind::Ticket,
            |entry| entry.object_id = None,
            |entry| entry.channel_id = None,
            |entry| std::mem::swap(&mut entry.object_id, &mut entry.channel_id),
        ];
        for change in changes {
            let mut altered = log(ORGANIZATION, 5);
            change(&mut altered[2].entry);
            assert_eq!(broken_at(&altered), 3);
        }
    }

    #[test]
    fn stored_words_read_back() {
        for action in Action::ALL {
            assert_eq!(Action::from_stored(action.as_str()), Some(*action));
        }
        let words: HashSet<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(words.len(), Action::ALL.len());
        for kind in ObjectKind::ALL {
            assert_eq!(ObjectKind::from_stored(kind.as_str()), Some(*kind));
        }
        for actor in [Actor::Member(ORGANIZATION), Actor::System, Actor::Cli, Actor::Person] {
            assert_eq!(Actor::from_stored(actor.as_str(), actor.id()), Some(actor));
        }
        assert_eq!(Actor::from_stored("server", Some(ORGANIZATION)), None);
    }
}
