//! What colleagues write down about a customer, who is blocked, and two customers who are one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, OrganizationId};
use crate::store::contacts::Contact;
use crate::store::error::{Result, StoreError};
use crate::store::events::NewEvent;
use crate::store::{Store, Tx, columns, millis};

/// Something that a colleague wrote down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What kind of thing: `phone`, `company`, `note` or `field`.
    pub kind: String,
    /// What a field is called.
    #[serde(default)]
    pub label: Option<String>,
    /// What it says.
    pub value: String,
    /// The channel that it belongs to: it goes with that one.
    pub channel_id: ChannelId,
}

fn place(row: Uuid) -> Place {
    Place { column: columns::CONTACT_PROFILE, row }
}

pub(super) fn open(key: &OpenKey, row: Uuid, sealed: Option<&[u8]>) -> Result<Vec<Fact>> {
    let Some(sealed) = sealed else { return Ok(Vec::new()) };
    Ok(serde_json::from_slice(&key.open(place(row), sealed)?)?)
}

pub(super) fn seal(key: &OpenKey, row: Uuid, facts: &[Fact]) -> Result<Option<Vec<u8>>> {
    if facts.is_empty() {
        return Ok(None);
    }
    let json = Zeroizing::new(serde_json::to_vec(facts)?);
    Ok(Some(key.seal(place(row), &json)))
}

/// A name, and the channel that it belongs to.
pub type NameOf = Option<(String, ChannelId)>;

/// Sets what a customer is called and what is known of them, who was read as `read`. `false` when they are gone;
/// stale when something else is known of them by now.
pub async fn set(
    tx: &Tx,
    organization_id: OrganizationId,
    read: &Contact,
    name: &NameOf,
    facts: &[Fact],
) -> Result<bool> {
    use entity::contact::{ActiveModel, Column, Entity};
    let id = read.id;
    let Some(row) =
        Entity::find_by_id((organization_id.0, id.0)).lock_exclusive().one(tx.conn()).await?
    else {
        return Ok(false);
    };
    let key = tx.store().keyring().get(row.key_id).await?;
    let of_name = Place { column: columns::CONTACT_NAME, row: id.0 };
    let called = row.name.map(|name| key.open_string(of_name, &name)).transpose()?;
    if called != read.name || open(&key, id.0, row.profile.as_deref())? != read.facts {
        return Err(StoreError::Stale);
    }
    // Sealed also where nothing is in it: whom a colleague has given a name is known by it, too.
    let profile = match seal(&key, id.0, facts)? {
        None if name.is_some() => Some(key.seal(place(id.0), b"[]")),
        sealed => sealed,
    };
    tx.event(NewEvent::contact(organization_id, id));
    Entity::update_many()
        .set(ActiveModel {
            name: Set(name.as_ref().map(|(name, _)| key.seal(of_name, name.as_bytes()))),
            name_channel_id: Set(name.as_ref().map(|(_, channel)| channel.0)),
            profile: Set(profile),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(true)
}

/// The channels by which a customer is known: their name's and their addresses'.
pub async fn channels(
    store: &Store,
    organization_id: OrganizationId,
    id: ContactId,
) -> Result<Vec<ChannelId>> {
    use entity::contact_identity::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .distinct()
        .column(Column::ChannelId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.eq(id.0))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(ChannelId).collect())
}

/// Of these customers, the channels by which each is known.
pub async fn channels_of(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, Vec<ChannelId>>> {
    use entity::contact_identity::{Column, Entity};
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .distinct()
        .columns([Column::ContactId, Column::ChannelId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().read())
        .await?;
    let mut channels: HashMap<ContactId, Vec<ChannelId>> = HashMap::new();
    for (id, channel) in rows {
        channels.entry(ContactId(id)).or_default().push(ChannelId(channel));
    }
    Ok(channels)
}

/// The customers that a colleague has written something down about, or of whom something was put right.
pub async fn edited(store: &Store, organization_id: OrganizationId) -> Result<Vec<ContactId>> {
    use entity::contact::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Profile.is_not_null().or(Column::RectifiedAt.is_not_null()))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(ContactId).collect())
}

/// The channel that a customer's name came by.
pub async fn name_channel(
    store: &Store,
    organization_id: OrganizationId,
    id: ContactId,
) -> Result<Option<ChannelId>> {
    let row = entity::contact::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?;
    Ok(row.and_then(|row| row.name_channel_id).map(ChannelId))
}

/// Sends a customer's mail to spam from now on, or no longer.
pub async fn set_blocked(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ContactId,
    blocked: Option<(DateTime<Utc>, MembershipId)>,
) -> Result<()> {
    use entity::contact::{ActiveModel, Column, Entity};
    tx.event(NewEvent::contact(organization_id, id));
    Entity::update_many()
        .set(ActiveModel {
            blocked_at: Set(blocked.map(|(at, _)| millis(at))),
            blocked_by: Set(blocked.map(|(_, by)| by.0)),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Which of these customers are blocked.
pub async fn blocked_among(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[ContactId],
) -> Result<Vec<ContactId>> {
    use entity::contact::{Column, Entity};
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let rows: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .filter(Column::BlockedAt.is_not_null())
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(ContactId));
    }
    Ok(found)
}

/// Moves addresses, tickets and messages of one customer to another, who then has them all. The
/// addresses are sealed anew; the emptied profile goes, and the key that is answered must die once
/// the transaction has ended.
pub async fn merge(
    tx: &Tx,
    organization_id: OrganizationId,
    from: ContactId,
    into: ContactId,
) -> Result<Option<Uuid>> {
    use entity::{contact, contact_identity as identity, message, ticket};
    // In the order of their ids, so that two who merge the other way round do not wait for each
    // other.
    let mut rows = HashMap::new();
    for id in [from.min(into), from.max(into)] {
        let row = contact::Entity::find_by_id((organization_id.0, id.0))
            .lock_exclusive()
            .one(tx.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        rows.insert(id, row);
    }
    let (Some(source), Some(target)) = (rows.get(&from), rows.get(&into)) else {
        return Ok(None);
    };
    let old = tx.store().keyring().get(source.key_id).await?;
    let new = tx.store().keyring().get(target.key_id).await?;
    let mut change = contact::ActiveModel::default();
    let of_name = |id: ContactId| Place { column: columns::CONTACT_NAME, row: id.0 };
    if let (None, Some(name)) = (&target.name, &source.name) {
        change.name = Set(Some(new.seal(of_name(into), &old.open(of_name(from), name)?)));
        change.name_channel_id = Set(source.name_channel_id);
    }
    let mut facts = open(&new, into.0, target.profile.as_deref())?;
    for fact in open(&old, from.0, source.profile.as_deref())? {
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    change.profile = Set(seal(&new, into.0, &facts)?);
    for id in [from, into] {
        tx.event(NewEvent::contact(organization_id, id));
    }
    contact::Entity::update_many()
        .set(change)
        .filter(contact::Column::OrganizationId.eq(organization_id.0))
        .filter(contact::Column::Id.eq(into.0))
        .exec(tx.conn())
        .await?;
    let identities = identity::Entity::find()
        .filter(identity::Column::OrganizationId.eq(organization_id.0))
        .filter(identity::Column::ContactId.eq(from.0))
        .all(tx.conn())
        .await?;
    for row in identities {
        let place = Place { column: columns::CONTACT_IDENTITY_VALUE, row: row.id };
        identity::Entity::update_many()
            .set(identity::ActiveModel {
                contact_id: Set(into.0),
                value: Set(new.seal(place, &old.open(place, &row.value)?)),
                ..Default::default()
            })
            .filter(identity::Column::OrganizationId.eq(organization_id.0))
            .filter(identity::Column::Id.eq(row.id))
            .exec(tx.conn())
            .await?;
    }
    ticket::Entity::update_many()
        .col_expr(ticket::Column::ContactId, Expr::value(into.0))
        .filter(ticket::Column::OrganizationId.eq(organization_id.0))
        .filter(ticket::Column::ContactId.eq(from.0))
        .exec(tx.conn())
        .await?;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::ReplacedContactId, Expr::value(into.0))
        .filter(ticket::Column::OrganizationId.eq(organization_id.0))
        // As the index has it.
        .filter(ticket::Column::ReplacedContactId.is_not_null())
        .filter(ticket::Column::ReplacedContactId.eq(from.0))
        .exec(tx.conn())
        .await?;
    message::Entity::update_many()
        .col_expr(message::Column::ContactId, Expr::value(into.0))
        .filter(message::Column::OrganizationId.eq(organization_id.0))
        .filter(message::Column::ContactId.eq(from.0))
        .exec(tx.conn())
        .await?;
    contact::Entity::delete_many()
        .filter(contact::Column::OrganizationId.eq(organization_id.0))
        .filter(contact::Column::Id.eq(from.0))
        .exec(tx.conn())
        .await?;
    Ok(Some(source.key_id))
}
