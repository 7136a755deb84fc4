//! One file per job. A job has no logic of its own: it asks a use case what to do, talks to the
//! network where that is needed, and tells a use case what became of it.
//!
//! - [`send_reply`]: hands an answer to the mailbox's server, and looks for it when in doubt.
//! - [`append_sent`]: puts a copy into the Sent folder where the provider does not.
//! - [`acknowledge`]: tells whoever began a ticket that their mail has arrived.
//! - [`alarm`]: tells admins by mail what waits for them; [`system_mail`] sends each.
//! - [`request_mail`]: writes to a person about what they ask of their data.
//! - [`purge`]: deletes the data of a disconnected mailbox; [`end_grant`] revokes its grant.
//! - [`make_export`]: writes an export into the object store.
//! - [`erase`]: erases a person.
//! - [`close_organization`]: stops its mailboxes, and deletes it once the window has ended.
//! - [`reseal`]: seals anew what a rotated key sealed.
//! - [`destroy_keys`]: ends keys that rows name no more.
//! - [`tend_tickets`]: wakes tickets that slept, and deletes for good.
//! - [`prune`]: clears what has served its time, every hour; [`backup`] makes backups.
//!
//! To add a job: a file here with a [`Handler`], listed in [`handlers`]. One that runs by
//! itself is put into the queue by [`schedule`] at the start.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::ids::{OrganizationId, OutboxId};
use crate::queue::{Handler, Job, JobError};
use crate::service::outgoing::Outgoing;
use crate::service::{Result, ServiceError, Services};

pub mod acknowledge;
pub mod alarm;
pub mod append_sent;
pub mod backup;
pub mod close_organization;
pub mod destroy_keys;
pub mod end_grant;
pub mod erase;
pub mod make_export;
pub mod prune;
pub mod purge;
pub mod request_mail;
pub mod reseal;
pub mod retain;
pub mod send_reply;
pub mod system_mail;
pub mod tend_tickets;

/// The handlers of all jobs.
#[must_use]
pub fn handlers(services: &Services, outgoing: &Arc<dyn Outgoing>) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(send_reply::SendReply::new(services.clone(), Arc::clone(outgoing))),
        Arc::new(append_sent::AppendSent::new(services.clone(), Arc::clone(outgoing))),
        Arc::new(acknowledge::Acknowledge::new(services.clone())),
        Arc::new(prune::Prune::new(services.clone())),
        Arc::new(alarm::Alarm::new(services.clone())),
        Arc::new(purge::PurgeMailbox::new(services.clone())),
        Arc::new(erase::ErasePerson::new(services.clone())),
        Arc::new(reseal::Reseal::new(services.clone())),
        Arc::new(retain::Retain::new(services.clone())),
        Arc::new(tend_tickets::TendTickets::new(services.clone())),
        Arc::new(destroy_keys::DestroyKeys::new(services.clone())),
        Arc::new(end_grant::EndGrant::new(services.clone())),
        Arc::new(make_export::MakeExport::new(services.clone())),
        Arc::new(close_organization::CloseOrganization::new(services.clone())),
        Arc::new(backup::Backup::new(services.clone())),
        Arc::new(request_mail::RequestMail::new(services.clone(), Arc::clone(outgoing))),
        Arc::new(system_mail::SystemMail::new(services.clone(), Arc::clone(outgoing))),
    ]
}

/// Puts the jobs that run by themselves into the queue. For the start of the server.
pub async fn schedule(services: &Services) -> Result<()> {
    crate::service::prune::schedule(services).await?;
    crate::service::alarm::schedule(services).await?;
    crate::service::retention::schedule(services).await?;
    crate::service::acts::due::schedule(services).await?;
    crate::service::purge::schedule(services).await?;
    crate::service::parcels::schedule(services).await?;
    crate::service::erasure::schedule(services).await?;
    crate::service::closing::schedule(services).await?;
    crate::service::rotation::schedule(services).await?;
    crate::service::backup::schedule(services).await
}

/// The outbox entry that a job is about.
fn entry_of(job: &Job) -> Result<(OrganizationId, OutboxId), JobError> {
    let id = job.payload.get("outbox_id").and_then(|id| id.as_str());
    let id: Option<Uuid> = id.and_then(|id| id.parse().ok());
    match (job.organization_id, id) {
        (Some(organization), Some(id)) => Ok((organization, OutboxId(id))),
        _ => Err(JobError::new("payload")),
    }
}

fn failed(error: ServiceError) -> JobError {
    JobError::caused("service", error)
}
