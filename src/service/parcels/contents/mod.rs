//! What is in an export.
//!
//! - [`mailbox`]: one mailbox. [`organization`]: all of them the same way, users and settings too.
//! - [`person`]: everything of one person, for that person.
//! - [`tickets`]: one ticket: originals, JSON, a page.
//! - [`model`]: the JSON. [`pages`]: the pages that a person reads.

use super::{Parcel, Writer};
use crate::domain::words::ParcelKind;
use crate::mail::compose::Language;
use crate::service::{Result, Services};
use crate::store::{accounts, memberships};

mod mailbox;
pub mod model;
mod organization;
pub mod pages;
mod person;
pub(super) mod tickets;

/// How many steps the export takes, for its progress.
pub(super) async fn count(services: &Services, parcel: &Parcel) -> Result<i64> {
    match parcel.kind {
        ParcelKind::Mailbox => mailbox::count(services, parcel).await,
        ParcelKind::Organization => organization::count(services, parcel).await,
        ParcelKind::Person => person::count(services, parcel).await,
    }
}

/// Writes everything.
pub(super) async fn write(
    services: &Services,
    parcel: &Parcel,
    writer: &mut Writer<'_>,
) -> Result<()> {
    match parcel.kind {
        ParcelKind::Mailbox => mailbox::write(services, parcel, writer).await,
        ParcelKind::Organization => organization::write(services, parcel, writer).await,
        ParcelKind::Person => person::write(services, parcel, writer).await,
    }
}

/// The language of who ordered it.
pub(super) async fn language(services: &Services, parcel: &Parcel) -> Result<Language> {
    let store = services.store();
    let Some(id) = parcel.made_by else { return Ok(Language::default()) };
    let Some(member) = memberships::find(store, parcel.organization_id, id).await? else {
        return Ok(Language::default());
    };
    let account = accounts::find(store, member.account_id).await?;
    Ok(account.map_or(Language::default(), |account| Language::from_tag(&account.locale)))
}
