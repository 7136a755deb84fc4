//! Several contacts at once.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::Contact;
use crate::crypto::Place;
use crate::domain::ids::{ChannelId, ContactId, MembershipId, OrganizationId};
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
        let mut facts = super::profile::open(key, row.id, row.profile.as_deref())?;
        facts.retain(|fact| is_told(fact.channel_id.0));
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
            last_message_at: None,
            rectified_at: row.rectified_at.map(from_millis),
            facts,
            blocked_at: row.blocked_at.map(from_millis),
            blocked_by: row.blocked_by.map(MembershipId),
        });
    }
    Ok(contacts)
}

/// Which contacts.
#[derive(Debug, Clone, Copy)]
pub struct PageOf<'a> {
    /// By which channels they are known.
    pub channels: &'a [ChannelId],
    /// Who is left out.
    pub hidden: &'a [ContactId],
    /// Only those whose mail goes to spam.
    pub blocked: bool,
    /// Those that were first seen before this one.
    pub before: Option<ContactId>,
    /// How many.
    pub limit: u64,
}

/// The ids of contacts, those that were first seen last first. An id tells when it was made.
pub async fn page(
    store: &Store,
    organization_id: OrganizationId,
    of: PageOf<'_>,
) -> Result<Vec<ContactId>> {
    use entity::contact::Column;
    use entity::contact_identity as identity;
    let known = identity::Entity::find()
        .select_only()
        .column(identity::Column::ContactId)
        .filter(identity::Column::OrganizationId.eq(organization_id.0))
        .filter(
            Expr::col((identity::Entity, identity::Column::ContactId))
                .equals((entity::contact::Entity, Column::Id)),
        )
        .filter(identity::Column::ChannelId.is_in(of.channels.iter().map(|id| id.0)))
        .into_query();
    let mut query = entity::contact::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Expr::exists(known));
    if !of.hidden.is_empty() {
        query = query.filter(Column::Id.is_not_in(of.hidden.iter().map(|id| id.0)));
    }
    if of.blocked {
        query = query.filter(Column::BlockedAt.is_not_null());
    }
    if let Some(before) = of.before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let ids: Vec<Uuid> =
        query.order_by_desc(Column::Id).limit(of.limit).into_tuple().all(store.db().read()).await?;
    Ok(ids.into_iter().map(ContactId).collect())
}
