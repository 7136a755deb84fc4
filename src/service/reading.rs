//! Who reads a mailbox: one reader at a time, in whatever process, so that a mail is never taken
//! in twice by two of them. A reader holds a lease on each mailbox that it reads, renews it while
//! it lives, and gives it back when it stops; the lease of one that died ends by itself.
//!
//! Whoever wants a mailbox looked at that another one reads leaves a wish; the reader sees it at
//! its next [`wishes`], looks, and the wish is gone when a look has ended that began after it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::intake::Target;
use super::{Result, Services};
use crate::domain::ids::ChannelId;
use crate::store::mailboxes::reader;

/// Longer than any pause of a reader that lives; as long, nobody reads a mailbox whose reader died.
pub const LEASE: Duration = Duration::from_secs(20);

/// How often a lease is renewed.
pub const RENEW: Duration = Duration::from_secs(5);

/// Becomes the mailbox's reader; false when another one is.
pub async fn take(services: &Services, target: &Target, id: Uuid) -> Result<bool> {
    let store = services.store();
    Ok(reader::take(store, target.organization_id, target.channel_id, id, LEASE).await?)
}

/// Goes on reading; answers which mailboxes are still the reader's.
pub async fn renew(services: &Services, id: Uuid) -> Result<Vec<ChannelId>> {
    Ok(reader::renew(services.store(), id, LEASE).await?)
}

/// Lets another one read the mailbox; all that it reads, when none is named.
pub async fn release(services: &Services, id: Uuid, channel: Option<ChannelId>) -> Result<()> {
    Ok(reader::release(services.store(), id, channel).await?)
}

/// Wants the mailbox to be looked at by whoever reads it.
pub async fn wish(services: &Services, target: &Target) -> Result<()> {
    let store = services.store();
    Ok(reader::want_look(store, target.organization_id, target.channel_id).await?)
}

/// Since when somebody has such a wish, if anybody has.
pub async fn wished(services: &Services, target: &Target) -> Result<Option<DateTime<Utc>>> {
    let store = services.store();
    Ok(reader::look_wanted(store, target.organization_id, target.channel_id).await?)
}

/// The wishes for the mailboxes of a reader.
pub async fn wishes(services: &Services, id: Uuid) -> Result<Vec<(ChannelId, DateTime<Utc>)>> {
    Ok(reader::list_wanted(services.store(), id).await?)
}

/// A look has ended that began when [`wished`] said `since`.
pub async fn fulfil(services: &Services, target: &Target, since: DateTime<Utc>) -> Result<()> {
    let store = services.store();
    Ok(reader::looked(store, target.organization_id, target.channel_id, since).await?)
}
