//! How long mail is kept: a rule per mailbox, counted from a ticket's last message whatever its
//! status.
//!
//! 1. [`get`], [`set`], [`confirm`]: the rule, what it would remove tonight, and the log. A shorter
//!    rule, or one over imported history, waits for an admin's word before it removes anything.
//! 2. [`run`]: once a night in the organization's time zone. What is due is deleted ([`remove`]) or
//!    made anonymous ([`anonymize`]); what a hold keeps, or an agent has exempted ([`exempt`]), is
//!    passed over.
//! 3. Records of delivery go after 13 months.

use chrono::{DateTime, Utc};

use super::{Result, Services};
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::retention::{Rule, days_before, months_before};
use crate::domain::words::{ImportMode, Status};
use crate::store::mailboxes;
use crate::store::purge_rows::Of;
use crate::store::retention::{self, Due, Stored};
use crate::store::versions::{self, Versioned};

mod anonymize;
mod exempt;
pub mod remove;
mod run;
mod settings;

pub use crate::store::retention::{Removed, Run};
pub use exempt::{end_exemption, exempt};
pub use run::{KIND, run, run_channel, schedule};
pub use settings::{Preview, View, confirm, get, set};

/// What is due now by a rule, and why.
fn dues(rule: &Rule, now: DateTime<Utc>) -> [Due; 3] {
    [
        Due::Status(Status::Spam, days_before(now, rule.spam_days)),
        Due::Status(Status::Trash, days_before(now, rule.trash_days)),
        Due::Age(months_before(now, rule.months)),
    ]
}

/// The rule of a mailbox: the one that was set, or the one that everybody has.
async fn rule_of(services: &Services, of: Of) -> Result<Stored> {
    let store = services.store();
    if let Some(stored) = retention::find(store, of).await? {
        return Ok(stored);
    }
    // History that was brought along is older than anybody thinks: an admin looks at it first.
    let mailbox = mailboxes::find(store, of.organization_id, of.channel_id).await?;
    let waits = mailbox.is_some_and(|mailbox| mailbox.import_mode != ImportMode::Now);
    Ok(Stored {
        rule: Rule::default(),
        waits,
        changed_by: None,
        changed_at: store.now(),
        last_run_at: None,
        version: 0,
    })
}

/// Old mail is brought along: the rule waits for an admin's word, so that nothing goes the same
/// night.
pub async fn wait(
    services: &Services,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<()> {
    let of = of(organization_id, channel_id);
    let stored = rule_of(services, of).await?;
    let tx = services.store().begin().await?;
    retention::ensure(&tx, of, &stored).await?;
    // Whoever is about to confirm it has not seen what comes along.
    versions::touch(&tx, organization_id, Versioned::Retention(channel_id)).await?;
    retention::set_waits(&tx, of).await?;
    tx.commit().await?;
    Ok(())
}

fn of(organization_id: OrganizationId, channel_id: ChannelId) -> Of {
    Of { organization_id, channel_id }
}
