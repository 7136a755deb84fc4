//! Several contacts at once.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::Contact;
use crate::crypto::Place;
use crate::domain::ids::{ChannelId, ContactId, OrganizationId};
use crate::store::error::Result;
use crate::store::{Store, columns, from_millis};

/// These contacts, with what is known of them by `channels` (by any, when there are none): a fact
/// belongs to the channel that it came by. One whose key was destroyed is left out.
pub async fn list_many(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[ContactId],
    channels: &[ChannelId],
) -> Result<Vec<Contact>> {
    use entity::{contact, contact_identity};
    let is_told = |id: Uuid| channels.is_empty() || channels.contains(&ChannelId(id));
    let rows = contact::Entity::find()
        .filter(contact::Column::OrganizationId.eq(organization_id.0))
        .filter(contact::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(contact::Column::Id)
        .all(store.db().read())
        .await?;
    let key_ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&key_ids).await?;
    let mut identities: HashMap<Uuid, Vec<contact_identity::Model>> = HashMap::new();
    let found = contact_identity::Entity::find()
        .filter(contact_identity::Column::OrganizationId.eq(organization_id.0))
        .filter(contact_identity::Column::ContactId.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(contact_identity::Column::CreatedAt)
        .all(store.db().read())
        .await?;
    for identity in found.into_iter().filter(|row| is_told(row.channel_id)) {
        identities.entry(identity.contact_id).or_default().push(identity);
    }
    let mut contacts = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(key) = keys.get(&row.key_id) else { continue };
        let place = Place { column: columns::CONTACT_NAME, row: row.id };
        let name = row.name.filter(|_| row.name_channel_id.is_none_or(is_told));
        let mut known = Vec::new();
        for identity in identities.remove(&row.id).unwrap_or_default() {
            let place = Place { column: columns::CONTACT_IDENTITY_VALUE, row: identity.id };
            known.push((identity.kind, key.open_string(place, &identity.value)?));
        }
        contacts.push(Contact {
            id: ContactId(row.id),
            name: name.map(|name| key.open_string(place, &name)).transpose()?,
            identities: known,
            created_at: from_millis(row.created_at),
            rectified_at: row.rectified_at.map(from_millis),
        });
    }
    Ok(contacts)
}
