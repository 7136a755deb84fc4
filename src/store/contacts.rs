//! Contacts and the identities by which they are known.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{BlindDomain, OpenKey, Place};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, OrganizationId};

pub mod facts;
mod list;
pub mod profile;
mod seen;

pub use list::{PageOf, list_many, page};
pub use profile::{Fact, channels_of, edited};
pub use seen::seen;

/// The one kind of identity so far.
pub const EMAIL: &str = "email";

/// The blind of an address: the same for every spelling of its case.
#[must_use]
pub fn address_blind(organization_key: &OpenKey, address: &str) -> Vec<u8> {
    organization_key.blind(BlindDomain::Address, address.trim().to_lowercase().as_bytes()).to_vec()
}

/// A contact to be added, with its first identity.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// Its id.
    pub id: ContactId,
    /// Its profile key.
    pub key: OpenKey,
    /// What it is called, if it said so.
    pub name: Option<String>,
    /// Its address.
    pub address: String,
    /// The blind of the address, under the organization's key.
    pub address_blind: Vec<u8>,
    /// The channel that it came by.
    pub channel_id: ChannelId,
}

/// A contact.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// What it is called.
    pub name: Option<String>,
    /// Kind and value of each identity, oldest first.
    pub identities: Vec<(String, String)>,
    /// When it was first seen.
    pub created_at: DateTime<Utc>,
    /// When the last message in a ticket of theirs came or went, where somebody has looked.
    pub last_message_at: Option<DateTime<Utc>>,
    /// When the person had it corrected.
    pub rectified_at: Option<DateTime<Utc>>,
    /// What colleagues wrote down.
    pub facts: Vec<Fact>,
    /// Since when their mail goes to spam.
    pub blocked_at: Option<DateTime<Utc>>,
    /// Who said so.
    pub blocked_by: Option<MembershipId>,
}

/// Adds contacts.
pub async fn add(tx: &Tx, organization_id: OrganizationId, contacts: &[NewContact]) -> Result<()> {
    let now = millis(tx.store().now());
    let mut rows = Vec::with_capacity(contacts.len());
    let mut identities = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let place = Place { column: columns::CONTACT_NAME, row: contact.id.0 };
        rows.push(entity::contact::ActiveModel {
            organization_id: Set(organization_id.0),
            id: Set(contact.id.0),
            key_id: Set(contact.key.id()),
            name: Set(contact.name.as_ref().map(|name| contact.key.seal(place, name.as_bytes()))),
            name_channel_id: Set(contact.name.as_ref().map(|_| contact.channel_id.0)),
            created_at: Set(now),
            rectified_at: Set(None),
            profile: Set(None),
            blocked_at: Set(None),
            blocked_by: Set(None),
        });
        let id = tx.store().new_id();
        let place = Place { column: columns::CONTACT_IDENTITY_VALUE, row: id };
        identities.push(entity::contact_identity::ActiveModel {
            organization_id: Set(organization_id.0),
            id: Set(id),
            contact_id: Set(contact.id.0),
            kind: Set(EMAIL.to_owned()),
            value: Set(contact.key.seal(place, contact.address.as_bytes())),
            value_blind: Set(contact.address_blind.clone()),
            channel_id: Set(contact.channel_id.0),
            created_at: Set(now),
        });
    }
    for chunk in super::chunks(rows, 10) {
        entity::contact::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    for chunk in super::chunks(identities, 8) {
        entity::contact_identity::Entity::insert_many(chunk)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// The contacts that have these addresses, by the blind of the address.
pub async fn find_by_blinds(
    store: &Store,
    organization_id: OrganizationId,
    blinds: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, ContactId>> {
    use entity::contact_identity::Column;
    let mut found = HashMap::new();
    for chunk in blinds.chunks(500) {
        let rows = entity::contact_identity::Entity::find()
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Kind.eq(EMAIL))
            .filter(Column::ValueBlind.is_in(chunk.iter().cloned()))
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(|row| (row.value_blind, ContactId(row.contact_id))));
    }
    Ok(found)
}

/// The contact with its identities.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: ContactId,
) -> Result<Option<Contact>> {
    let Some(row) = entity::contact::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?
    else {
        return Ok(None);
    };
    let key = store.keyring().get(row.key_id).await?;
    let place = Place { column: columns::CONTACT_NAME, row: row.id };
    let name = row.name.map(|name| key.open_string(place, &name)).transpose()?;
    let facts = profile::open(&key, row.id, row.profile.as_deref())?;
    let identities = entity::contact_identity::Entity::find()
        .filter(entity::contact_identity::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::contact_identity::Column::ContactId.eq(id.0))
        .order_by_asc(entity::contact_identity::Column::CreatedAt)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(|row| {
            let place = Place { column: columns::CONTACT_IDENTITY_VALUE, row: row.id };
            Ok((row.kind, key.open_string(place, &row.value)?))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Some(Contact {
        id,
        name,
        identities,
        created_at: from_millis(row.created_at),
        last_message_at: None,
        rectified_at: row.rectified_at.map(from_millis),
        facts,
        blocked_at: row.blocked_at.map(from_millis),
        blocked_by: row.blocked_by.map(MembershipId),
    }))
}
