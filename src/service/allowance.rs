//! A provider lets only so much be downloaded from a mailbox in a day, and shuts it when more is
//! asked for, also to its owner. Reading history uses no more than a share of that; new mail and
//! the owner's own programs have the rest.

use chrono::{DateTime, TimeDelta, Utc};

use super::intake::Target;
use super::{Result, Services};
use crate::store::mailboxes;

/// History stops when a day's downloads reach this share of the allowance, in percent.
const SHARE: u64 = 80;

const DAY: i64 = 86_400;

fn day(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(DAY)
}

/// Counts what was downloaded, new mail and history alike.
pub async fn count(services: &Services, target: &Target, bytes: u64) -> Result<()> {
    let store = services.store();
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    let (organization, channel) = (target.organization_id, target.channel_id);
    let day = day(store.now());
    mailboxes::add_downloaded(store, organization, channel, day, bytes).await?;
    Ok(())
}

/// How many bytes of history may be downloaded today, of a day's `allowance` (`None`: all that
/// there are). With 0 the mailbox says that the import goes on the next day.
pub async fn left(services: &Services, target: &Target, allowance: Option<u64>) -> Result<u64> {
    let store = services.store();
    let (organization, channel) = (target.organization_id, target.channel_id);
    let now = store.now();
    let today = day(now);
    let found = mailboxes::downloaded(store, organization, channel, today).await?;
    let used = u64::try_from(found.bytes).unwrap_or(0);
    let left =
        allowance.map_or(u64::MAX, |all| (all.saturating_mul(SHARE) / 100).saturating_sub(used));
    let begins = DateTime::from_timestamp((today + 1) * DAY, 0).unwrap_or(now + TimeDelta::days(1));
    let until = (left == 0).then_some(begins);
    if until != found.waits_until {
        mailboxes::set_import_waits(store, organization, channel, until).await?;
    }
    Ok(left)
}
