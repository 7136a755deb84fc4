//! Permissions that end on a day that is known: the secret of an OAuth client, and a sign-in that a
//! provider gave for a time. People are told before mail stops (`alarm`), and the page of
//! mailboxes says which mailbox it is.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Result, Services, providers};
use crate::crypto::OpenKey;
use crate::domain::ids::OrganizationId;
use crate::domain::words::{AccessEnd, ChannelState, Provider};
use crate::store::mailboxes::{self, Mailbox};
use crate::store::{StoreError, Tx, settings};

/// So many days before the end it is told.
const DAYS: [i64; 3] = [1, 7, 30];

/// An end is told for the first time so long before it.
pub(super) const FIRST: TimeDelta = TimeDelta::days(30);

/// The setting that remembers what was told.
const TOLD: &str = "expiry_told";

/// A provider tells the end anew with each token, a little differently; later than this it is
/// another end.
const SAME: TimeDelta = TimeDelta::days(1);

/// A permission that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// What ends.
    pub what: AccessEnd,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was told of an end.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Said {
    at: DateTime<Utc>,
    days: i64,
}

/// What was told of each end, by client or mailbox.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Told(BTreeMap<String, Said>);

/// The fewest days of [`DAYS`] within which it ends; `None` when that is far off, or past.
fn within(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<i64> {
    if at <= now {
        return None;
    }
    DAYS.into_iter().find(|days| at - now <= TimeDelta::days(*days))
}

/// Whether the end is near enough to be shown; one that is past is.
fn is_near(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at <= now || within(at, now).is_some()
}

/// What of a mailbox's access ends first, within the next 30 days.
pub async fn of_mailbox(services: &Services, mailbox: &Mailbox) -> Result<Option<Ending>> {
    let now = services.store().now();
    let grant = mailbox.grant_ends_at.map(|at| Ending { what: AccessEnd::Grant, at });
    let secret = secret_ends(services, mailbox.organization_id, mailbox.provider).await?;
    let secret = secret.map(|at| Ending { what: AccessEnd::ClientSecret, at });
    let near = grant.into_iter().chain(secret).filter(|ending| is_near(ending.at, now));
    Ok(near.min_by_key(|ending| ending.at))
}

async fn secret_ends(
    services: &Services,
    organization_id: OrganizationId,
    provider: Provider,
) -> Result<Option<DateTime<Utc>>> {
    match provider {
        Provider::Google | Provider::Microsoft => {
            providers::secret_ends(services, organization_id, provider).await
        }
        Provider::Imap | Provider::Maildir => Ok(None),
    }
}

/// The ends that come within 30 days and concern a mailbox.
async fn coming(services: &Services, organization_id: OrganizationId) -> Result<Told> {
    let store = services.store();
    let now = store.now();
    let mut ends = BTreeMap::new();
    for mailbox in mailboxes::list(store, organization_id).await? {
        // That one is told of already.
        let is_dead = mailbox.state == ChannelState::NeedsReauthorization;
        if let Some(at) = mailbox.grant_ends_at.filter(|_| !is_dead) {
            ends.insert(mailbox.channel_id.to_string(), at);
        }
        let client = mailbox.provider.as_str();
        if !ends.contains_key(client)
            && let Some(at) = secret_ends(services, organization_id, mailbox.provider).await?
        {
            ends.insert(client.to_owned(), at);
        }
    }
    let said = |(key, at)| within(at, now).map(|days| (key, Said { at, days }));
    Ok(Told(ends.into_iter().filter_map(said).collect()))
}

/// What is to be told now, if there is something that was not told yet.
pub(super) async fn due(
    services: &Services,
    organization_id: OrganizationId,
) -> Result<Option<Told>> {
    let coming = coming(services, organization_id).await?;
    if coming.0.is_empty() {
        return Ok(None);
    }
    let told: Told =
        settings::find(services.store(), organization_id, TOLD).await?.unwrap_or_default();
    let is_new = |(key, now): (&String, &Said)| {
        told.0.get(key).is_none_or(|before| now.days < before.days || now.at - before.at > SAME)
    };
    let is_due = coming.0.iter().any(is_new);
    Ok(is_due.then_some(coming))
}

/// Remembers what is told.
pub(super) async fn set_told(
    tx: &Tx,
    organization_key: &OpenKey,
    organization_id: OrganizationId,
    told: &Told,
) -> Result<(), StoreError> {
    settings::set(tx, organization_key, organization_id, TOLD, told).await
}

/// How many permissions end within 30 days, and within how many days the first.
pub(super) async fn count(
    services: &Services,
    organization_id: OrganizationId,
) -> Result<Option<(usize, i64)>> {
    let now = services.store().now();
    let coming = coming(services, organization_id).await?;
    let first = coming.0.values().map(|said| said.at).min();
    Ok(first.map(|at| (coming.0.len(), ((at - now).num_seconds() + 86_399) / 86_400)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_near_by_steps() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let of = |hours| within(now + TimeDelta::hours(hours), now);
        assert_eq!(of(31 * 24), None);
        assert_eq!(of(30 * 24), Some(30));
        assert_eq!(of(7 * 24 + 1), Some(30));
        assert_eq!(of(7 * 24), Some(7));
        assert_eq!(of(25), Some(7));
        assert_eq!(of(24), Some(1));
        assert_eq!(of(0), None);
        assert!(is_near(now - TimeDelta::days(100), now));
    }
}
