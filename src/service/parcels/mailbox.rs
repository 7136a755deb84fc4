//! The export of a mailbox, on the way out and at any time before.
//!
//! Who manages mailboxes and belongs to this one may order it, with their password: all of its mail
//! leaves at once. Only they download it, or remove it before its time; others who manage the
//! mailbox see that it was made, by whom, and how often it was downloaded. Every step is in the audit log.

use secrecy::SecretString;

use super::{Opened, Order, Parcel};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, ParcelId};
use crate::domain::words::{ParcelKind, ParcelState, PurgeState, Role};
use crate::service::access::{self, Object};
use crate::service::names::Names;
use crate::service::{Result, ServiceError, Services, passwords};
use crate::store::{mailboxes, purges};

/// An export with what is shown beside it.
#[derive(Debug, Clone)]
pub struct ParcelView {
    /// The export.
    pub parcel: Parcel,
    /// The name of who made it.
    pub made_by: Option<String>,
    /// Whether the actor may download it.
    pub is_own: bool,
}

/// The exports of a mailbox, the newest first.
pub async fn list(services: &Services, actor: &Actor, id: ChannelId) -> Result<Vec<ParcelView>> {
    address(services, actor, id).await?;
    let kind = ParcelKind::Mailbox;
    let found = super::list_of(services, actor.organization_id, kind, id.0).await?;
    views(services, actor, found).await
}

/// With the names of who made them.
pub(in crate::service) async fn views(
    services: &Services,
    actor: &Actor,
    found: Vec<Parcel>,
) -> Result<Vec<ParcelView>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let names = Names::load(services, actor.organization_id).await?;
    let view = |parcel: Parcel| ParcelView {
        made_by: parcel.made_by.and_then(|id| names.member(id)),
        is_own: parcel.made_by == Some(actor.membership_id),
        parcel,
    };
    Ok(found.into_iter().map(view).collect())
}

/// Orders an export of the mailbox.
pub async fn create(
    services: &Services,
    actor: &Actor,
    id: ChannelId,
    password: SecretString,
) -> Result<ParcelView> {
    let address = address(services, actor, id).await?;
    if !actor.reaches(id) {
        return Err(ServiceError::NotFound);
    }
    passwords::confirm(services, actor, password).await?;
    let organization_id = actor.organization_id;
    let kind = ParcelKind::Mailbox;
    let known = super::list_of(services, organization_id, kind, id.0).await?;
    let is_mine = |parcel: &&Parcel| parcel.made_by == Some(actor.membership_id);
    if known.iter().filter(is_mine).any(|parcel| parcel.state == ParcelState::Preparing) {
        return Err(ServiceError::conflict(
            "export_under_way",
            "An export of this mailbox is being made already.",
        ));
    }
    let object = Object::of(id, ObjectKind::Mailbox, id.0);
    access::record_all(services, actor, &[(Action::OrderExport, object)]).await?;
    let day = services.store().now().format("%Y-%m-%d");
    let order = Order {
        organization_id,
        kind,
        subject_id: id.0,
        channel_id: Some(id),
        name: format!("{address} {day}.zip"),
        made_by: Some(actor.membership_id),
    };
    let ordered = super::order(services, &order).await?;
    let parcel = super::find(services, organization_id, ordered).await?;
    let parcel = parcel.ok_or(ServiceError::NotFound)?;
    let mut views = views(services, actor, vec![parcel]).await?;
    views.pop().ok_or(ServiceError::NotFound)
}

/// Hands an export to who made it.
pub async fn download(services: &Services, actor: &Actor, id: ParcelId) -> Result<Opened> {
    let parcel = own(services, actor, id).await?;
    if parcel.state == ParcelState::Ready {
        record(services, actor, Action::Export, &parcel).await?;
    }
    super::open(services, &parcel).await
}

/// Removes an export before its time.
pub async fn remove(services: &Services, actor: &Actor, id: ParcelId) -> Result<()> {
    let parcel = own(services, actor, id).await?;
    record(services, actor, Action::RemoveExport, &parcel).await?;
    super::remove(services, &parcel).await
}

async fn record(services: &Services, actor: &Actor, action: Action, parcel: &Parcel) -> Result<()> {
    let object =
        Object { channel_id: parcel.channel_id, ..Object::new(ObjectKind::Export, parcel.id.0) };
    access::record_all(services, actor, &[(action, object)]).await
}

/// An export that the actor made and may read yet.
async fn own(services: &Services, actor: &Actor, id: ParcelId) -> Result<Parcel> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let found = super::find(services, actor.organization_id, id).await?;
    let is_own = |parcel: &Parcel| match parcel.kind {
        // Who does not belong to the mailbox any more reads it no more.
        ParcelKind::Mailbox => {
            parcel.made_by == Some(actor.membership_id)
                && parcel.channel_id.is_some_and(|channel| actor.reaches(channel))
        }
        ParcelKind::Organization => {
            parcel.made_by == Some(actor.membership_id) && actor.role == Role::Owner
        }
        ParcelKind::Person => false,
    };
    found.filter(is_own).ok_or(ServiceError::NotFound)
}

/// The mailbox's address, while what is in it can be read.
async fn address(services: &Services, actor: &Actor, id: ChannelId) -> Result<String> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    if let Some(mailbox) = mailboxes::find(store, organization_id, id).await? {
        return Ok(mailbox.address);
    }
    let purge = purges::find_of_channel(store, organization_id, id).await?;
    let waits = purge.is_some_and(|purge| purge.state == PurgeState::Countdown);
    let mailbox = mailboxes::find_disconnected(store, organization_id, id).await?;
    mailbox.filter(|_| waits).map(|mailbox| mailbox.address).ok_or(ServiceError::NotFound)
}
