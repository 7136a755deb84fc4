//! What is known of a customer: what came by one channel goes when that channel's data goes; what is
//! wrong is put right.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::profile;
use crate::crypto::{KeyError, OpenKey, Place};
use crate::domain::ids::{ChannelId, ContactId, OrganizationId};
use crate::store::error::Result;
use crate::store::events::NewEvent;
use crate::store::{Tx, columns};

/// Drops a customer's facts that came by the channel, and seals what stays under `new`. An address
/// by which they take part in a ticket of another channel stays as known by that one. Answers the
/// key that must die once the transaction has ended.
pub async fn drop_of_channel(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ContactId,
    channel_id: ChannelId,
    new: &OpenKey,
) -> Result<Option<Uuid>> {
    use entity::contact_identity as identity;
    let Some(row) = entity::contact::Entity::find_by_id((organization_id.0, id.0))
        .lock_exclusive()
        .one(tx.conn())
        .await?
    else {
        return Ok(None);
    };
    let old = match tx.store().keyring().get(row.key_id).await {
        Ok(key) => Some(key),
        // A run before this one got as far as that.
        Err(KeyError::Destroyed(_) | KeyError::Missing(_)) => None,
        Err(other) => return Err(other.into()),
    };
    let place = Place { column: columns::CONTACT_NAME, row: row.id };
    let name = match (&old, &row.name) {
        (Some(old), Some(name)) if row.name_channel_id != Some(channel_id.0) => {
            Some(new.seal(place, &old.open(place, name)?))
        }
        _ => None,
    };
    // What colleagues wrote down goes with the channel in which they did.
    let mut facts = match &old {
        Some(old) => profile::open(old, row.id, row.profile.as_deref())?,
        None => Vec::new(),
    };
    facts.retain(|fact| fact.channel_id != channel_id);
    tx.event(NewEvent::contact(organization_id, id));
    let profile = profile::seal(new, row.id, &facts)?;
    entity::contact::Entity::update_many()
        .col_expr(entity::contact::Column::Profile, Expr::value(profile))
        .col_expr(entity::contact::Column::KeyId, Expr::value(new.id()))
        .col_expr(
            entity::contact::Column::NameChannelId,
            Expr::value(row.name_channel_id.filter(|_| name.is_some())),
        )
        .col_expr(entity::contact::Column::Name, Expr::value(name))
        .filter(entity::contact::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::contact::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    let identities = identity::Entity::find()
        .filter(identity::Column::OrganizationId.eq(organization_id.0))
        .filter(identity::Column::ContactId.eq(id.0))
        .all(tx.conn())
        .await?;
    let blinds = identities.iter().map(|row| row.value_blind.clone()).collect();
    let elsewhere = channels_of(tx, organization_id, blinds, channel_id).await?;
    for row in identities {
        let here = row.channel_id == channel_id.0;
        let known_by = if here { elsewhere.get(&row.value_blind) } else { Some(&row.channel_id) };
        let place = Place { column: columns::CONTACT_IDENTITY_VALUE, row: row.id };
        let stays = known_by.zip(old.as_ref());
        let which = identity::Column::Id.eq(row.id);
        let Some((known_by, old)) = stays else {
            identity::Entity::delete_many()
                .filter(identity::Column::OrganizationId.eq(organization_id.0))
                .filter(which)
                .exec(tx.conn())
                .await?;
            continue;
        };
        let value = new.seal(place, &old.open(place, &row.value)?);
        identity::Entity::update_many()
            .set(identity::ActiveModel {
                value: Set(value),
                channel_id: Set(*known_by),
                ..Default::default()
            })
            .filter(identity::Column::OrganizationId.eq(organization_id.0))
            .filter(which)
            .exec(tx.conn())
            .await?;
    }
    Ok(old.map(|key| key.id()))
}

/// Another channel in which each of these addresses takes part, if there is one.
async fn channels_of(
    tx: &Tx,
    organization_id: OrganizationId,
    blinds: Vec<Vec<u8>>,
    but: ChannelId,
) -> Result<HashMap<Vec<u8>, Uuid>> {
    use entity::{participant, ticket};
    let rows: Vec<(Vec<u8>, Uuid)> = participant::Entity::find()
        .select_only()
        .columns([participant::Column::AddressBlind])
        .column_as(participant::Column::TicketId, "ticket")
        .filter(participant::Column::OrganizationId.eq(organization_id.0))
        .filter(participant::Column::AddressBlind.is_in(blinds))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let ids = rows.iter().map(|(_, ticket)| *ticket);
    let channels: HashMap<Uuid, Uuid> = ticket::Entity::find()
        .select_only()
        .columns([ticket::Column::Id, ticket::Column::ChannelId])
        .filter(ticket::Column::OrganizationId.eq(organization_id.0))
        .filter(ticket::Column::Id.is_in(ids))
        .filter(ticket::Column::ChannelId.ne(but.0))
        .into_tuple::<(Uuid, Uuid)>()
        .all(tx.conn())
        .await?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|(blind, ticket)| Some((blind, *channels.get(&ticket)?)))
        .collect())
}

/// What is put right of a customer.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The name.
    pub name: Option<String>,
    /// The address that was wrong, the right one, and that one's blind.
    pub address: Option<(String, String, Vec<u8>)>,
}

/// Puts a customer's facts right and seals all of them under `new`. Answers the key that must die
/// once the transaction has ended.
pub async fn correct(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ContactId,
    correction: &Correction,
    new: &OpenKey,
) -> Result<Option<Uuid>> {
    use entity::{contact, contact_identity as identity};
    let Some(row) = contact::Entity::find_by_id((organization_id.0, id.0))
        .lock_exclusive()
        .one(tx.conn())
        .await?
    else {
        return Ok(None);
    };
    let old = tx.store().keyring().get(row.key_id).await?;
    let place = Place { column: columns::CONTACT_NAME, row: row.id };
    let name = match (&correction.name, &row.name) {
        (Some(name), _) => Some(new.seal(place, name.as_bytes())),
        (None, Some(name)) => Some(new.seal(place, &old.open(place, name)?)),
        (None, None) => None,
    };
    let facts = profile::open(&old, row.id, row.profile.as_deref())?;
    tx.event(NewEvent::contact(organization_id, id));
    contact::Entity::update_many()
        .set(contact::ActiveModel {
            key_id: Set(new.id()),
            name: Set(name),
            profile: Set(profile::seal(new, row.id, &facts)?),
            rectified_at: Set(Some(crate::store::millis(tx.store().now()))),
            ..Default::default()
        })
        .filter(contact::Column::OrganizationId.eq(organization_id.0))
        .filter(contact::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    let identities = identity::Entity::find()
        .filter(identity::Column::OrganizationId.eq(organization_id.0))
        .filter(identity::Column::ContactId.eq(id.0))
        .all(tx.conn())
        .await?;
    for row in identities {
        let place = Place { column: columns::CONTACT_IDENTITY_VALUE, row: row.id };
        let value = old.open_string(place, &row.value)?;
        let mut change = identity::ActiveModel::default();
        match &correction.address {
            Some((from, to, blind)) if value.eq_ignore_ascii_case(from) => {
                change.value = Set(new.seal(place, to.as_bytes()));
                change.value_blind = Set(blind.clone());
            }
            _ => change.value = Set(new.seal(place, value.as_bytes())),
        }
        identity::Entity::update_many()
            .set(change)
            .filter(identity::Column::OrganizationId.eq(organization_id.0))
            .filter(identity::Column::Id.eq(row.id))
            .exec(tx.conn())
            .await?;
    }
    Ok(Some(old.id()))
}
