//! Exports: ZIPs with JSON, the original mails and pages for a person to read, sealed until they
//! are downloaded (docs/data-export.md).
//!
//! 1. [`order`]: a key of its own, a row, a job. Who may order what is decided by whoever calls:
//!    [`mailbox`], the closing of an organization, a data request.
//! 2. [`make`]: the job. [`contents`] decides what is in it; [`Writer`] packs and seals it part by
//!    part, so that neither the disk nor the memory ever has all of it. Whoever dies begins anew: only
//!    a whole ZIP is ever offered, and the row knows the parts of an attempt that broke off.
//! 3. [`open`]: hands it out, as often as one likes, for [`LASTS`].
//! 4. [`remove`]: nobody can download it any more → its key dies → its parts go → its row goes.
//!    [`sweep`] does that when its time is over; a purge, when the mailbox goes.
//!
//! No backup holds an export: its row may be in one, its bytes are not. After a restore it says that it is
//! lost, and can be ordered again.
//!
//! To add another kind: a word in `ParcelKind`, and who writes it in [`contents`].

use chrono::TimeDelta;
use uuid::Uuid;

use super::{Result, ServiceError, Services};
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, ParcelId};
use crate::domain::words::{ParcelKind, ParcelState};
use crate::store::jobs::{self, NewJob};
use crate::store::parcels::{self, NewParcel};
use crate::store::{StoreError, Tx, keys};

mod contents;
pub mod mailbox;
mod make;
mod open;
mod remove;
mod writer;

pub use contents::model;
pub use contents::pages;
pub use contents::tickets::{Reader, Wanted, Written};
pub use make::{Made, TRIES, make};
pub use open::{Opened, open};
pub use remove::{remove, sweep};
pub use writer::Writer;

pub use crate::store::parcels::Parcel;

/// The kind of job that makes one.
pub const MAKE: &str = "make_export";

/// It can be downloaded for so long from when it is ready.
pub const LASTS: TimeDelta = TimeDelta::days(7);

/// One that was not ready after so long never will be.
const GIVEN_UP: TimeDelta = TimeDelta::days(14);

/// An export to be made.
#[derive(Debug, Clone)]
pub struct Order {
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// What it is of.
    pub kind: ParcelKind,
    /// Which one: the mailbox, the organization, the data request.
    pub subject_id: Uuid,
    /// The mailbox that it is of: it goes with it.
    pub channel_id: Option<ChannelId>,
    /// The name of its file.
    pub name: String,
    /// Who orders it, if a person does.
    pub made_by: Option<MembershipId>,
}

/// Makes the key of an export, before the transaction that orders it ([`order_in`]).
pub async fn new_key(services: &Services, order: &Order) -> Result<OpenKey> {
    let store = services.store();
    let organization_id = order.organization_id;
    let Some(channel) = order.channel_id else {
        let above = keys::of_organization(store, organization_id).await?;
        let kind = KeyKind::Parcel;
        return Ok(store.keyring().create(kind, organization_id.0, Some(&above), None).await?);
    };
    let above = keys::of_channel(store, organization_id, channel).await?;
    let ids = [store.new_id()];
    let made = store.keyring().create_many(KeyKind::Content, &above, Some(channel.0), &ids).await?;
    made.into_iter()
        .next()
        .ok_or_else(|| ServiceError::internal(std::io::Error::other("no key was made")))
}

/// Orders an export, in the transaction that gives reason to.
pub async fn order_in(tx: &Tx, key: &OpenKey, order: &Order) -> Result<ParcelId, StoreError> {
    let id = ParcelId(tx.store().new_id());
    let new = NewParcel {
        organization_id: order.organization_id,
        id,
        kind: order.kind,
        subject_id: order.subject_id,
        channel_id: order.channel_id,
        key,
        name: order.name.clone(),
        made_by: order.made_by,
        expires_at: tx.store().now() + GIVEN_UP,
    };
    parcels::add(tx, new).await?;
    enqueue(tx, order.organization_id, id).await?;
    Ok(id)
}

/// Orders an export.
pub async fn order(services: &Services, order: &Order) -> Result<ParcelId> {
    let key = new_key(services, order).await?;
    let tx = services.store().begin().await?;
    let id = order_in(&tx, &key, order).await?;
    tx.commit().await?;
    Ok(id)
}

async fn enqueue(tx: &Tx, organization_id: OrganizationId, id: ParcelId) -> Result<(), StoreError> {
    let job = NewJob {
        kind: MAKE,
        organization_id: Some(organization_id),
        subject_id: None,
        payload: serde_json::json!({ "parcel_id": id }),
        unique_key: Some(format!("{MAKE}:{id}")),
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await
}

/// Puts every export that is not ready into the queue again: after a restore the queue may not
/// know of it. For the start of the server.
pub async fn schedule(services: &Services) -> Result<()> {
    let preparing = parcels::list_preparing(services.store()).await?;
    let tx = services.store().begin().await?;
    for parcel in preparing {
        enqueue(&tx, parcel.organization_id, parcel.id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The export, if the organization has it and it is not being removed.
pub async fn find(
    services: &Services,
    organization_id: OrganizationId,
    id: ParcelId,
) -> Result<Option<Parcel>> {
    let found = parcels::find(services.store(), organization_id, id).await?;
    Ok(found.filter(|parcel| is_there(services, parcel)))
}

/// The exports of one subject, the newest first; not those that are being removed.
pub async fn list_of(
    services: &Services,
    organization_id: OrganizationId,
    kind: ParcelKind,
    subject_id: Uuid,
) -> Result<Vec<Parcel>> {
    let mut found = parcels::list_of(services.store(), organization_id, kind, subject_id).await?;
    found.retain(|parcel| is_there(services, parcel));
    Ok(found)
}

fn is_there(services: &Services, parcel: &Parcel) -> bool {
    parcel.state != ParcelState::Expired && parcel.expires_at > services.store().now()
}
