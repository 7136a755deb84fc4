//! Forgetting a mailbox: from *disconnect* to the signed statement.
//!
//! 1. [`preview`]: what there is, what will happen and when.
//!    [`farewell`] writes to customers whose tickets are open, while the mailbox still works.
//! 2. [`disconnect`]: nothing comes in and nothing goes out any more; answers that waited are
//!    stopped; the countdown begins. [`end_grant`] revokes the grant, as a job of its own, because
//!    a provider may be down.
//! 3. [`undo`]: within the window everything is back, and reading goes on at the cursor.
//!    [`early`]: the window ends now, if the address is typed, the password is right, and a second
//!    admin agrees where there is one.
//! 4. [`run`]: once the window has ended. *countdown* → everything is counted and nobody belongs
//!    to the channel any more, committed → *destroying* → the channel's key dies, which the
//!    forget-list tells → *deleting* → objects and rows go in short batches ([`rows`], [`mixed`],
//!    [`contacts`]), space is given back → the statement is signed ([`statement`]) → *done*. Each step
//!    finds by what is left where an earlier run broke off.
//!    What a legal hold keeps is passed over ([`held`]) and goes when the hold ends.
//! 5. [`watch`]: grants that have been dead for two weeks; purges that take too long.
//!
//! To forget another kind of row: its place in [`rows`], before the rows that it names.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Result, ServiceError, Services};
use crate::crypto::KeyError;
use crate::domain::ids::{MembershipId, OrganizationId, PurgeId};
use crate::store::jobs::{self, NewJob};
use crate::store::purges::{self, Purge};
use crate::store::{StoreError, Tx, memberships};

mod batch;
mod contacts;
mod disconnect;
mod early;
mod farewell;
mod grant;
mod held;
mod mixed;
mod preview;
mod rows;
mod run;
pub mod statement;
mod undo;
pub mod watch;
pub(super) mod words;

pub use crate::store::purges::Counts;
pub(in crate::service) use batch::BatchSize;
pub(in crate::service) use contacts::remove_left_over;
pub(in crate::service) use disconnect::disconnect_for_closing;
pub use disconnect::{Disconnected, disconnect};
pub use early::early;
pub use farewell::farewell;
pub use grant::{end_grant, grant_code};
pub use held::resume_held;
pub use preview::{OpenTicket, Preview, PurgeView, list, preview};
pub(in crate::service) use rows::delete_objects;
pub(in crate::service) use run::reclaim;
pub use run::{Progress, run, step_once};
pub(in crate::service) use undo::undo_of_closing;
pub use undo::{find as find_of_mailbox, undo, undo_in};

/// The kind of job that purges.
pub const PURGE: &str = "purge";

/// The kind of job that ends a grant.
pub const END_GRANT: &str = "end_grant";

/// By then nothing may be left.
pub const PROMISE: TimeDelta = TimeDelta::days(30);

/// Puts the job that purges into the queue, for when the window ends.
async fn enqueue(tx: &Tx, purge: &Purge) -> Result<(), StoreError> {
    let job = NewJob {
        kind: PURGE,
        organization_id: Some(purge.organization_id),
        subject_id: Some(purge.channel_id.0),
        payload: serde_json::json!({ "purge_id": purge.id }),
        unique_key: Some(unique_key(purge.id)),
        run_at: purge.due_at,
    };
    jobs::add(tx, job).await
}

fn unique_key(id: PurgeId) -> String {
    format!("{PURGE}:{id}")
}

/// Puts every purge that is not at its end into the queue again: after a restore the queue may
/// not know of it. For the start of the server.
pub async fn schedule(services: &Services) -> Result<()> {
    let open = purges::list_open(services.store()).await?;
    let tx = services.store().begin().await?;
    for purge in open {
        enqueue(&tx, &purge).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The purge, if the organization has it.
async fn get(services: &Services, organization_id: OrganizationId, id: PurgeId) -> Result<Purge> {
    purges::find(services.store(), organization_id, id).await?.ok_or(ServiceError::NotFound)
}

/// The purge, locked.
async fn lock(tx: &Tx, known: &Purge) -> Result<Purge> {
    purges::lock(tx, known.organization_id, known.id).await?.ok_or(ServiceError::NotFound)
}

fn under_way() -> ServiceError {
    ServiceError::conflict(
        "purge_under_way",
        "The window has ended and the data is being deleted. It cannot come back.",
    )
}

/// Days from now, as the configuration has them.
fn days(count: u32) -> TimeDelta {
    TimeDelta::days(count.into())
}

/// The end of the window that begins now.
fn window_end(services: &Services) -> DateTime<Utc> {
    services.store().now() + days(services.options().forgetting.undo_days)
}

/// Whether a key is dead already.
fn is_dead(error: &KeyError) -> bool {
    matches!(error, KeyError::Destroyed(_) | KeyError::Missing(_))
}

/// The other owners and admins of the organization.
async fn other_admins(
    services: &Services,
    organization_id: OrganizationId,
    than: MembershipId,
) -> Result<usize> {
    let admins = memberships::list_admins(services.store(), organization_id).await?;
    Ok(admins.iter().filter(|admin| admin.id != than).count())
}
