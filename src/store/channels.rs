//! Channels and who belongs to them.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId};
use crate::domain::words::{ChannelKind, ChannelState, EventKind};

/// A channel.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: ChannelId,
    /// What it is.
    pub kind: ChannelKind,
    /// Its key in the keyring.
    pub key_id: Uuid,
    /// How it is.
    pub state: ChannelState,
    /// Why, as a stable word.
    pub state_code: Option<String>,
    /// Since when.
    pub state_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl TryFrom<entity::channel::Model> for Channel {
    type Error = StoreError;

    fn try_from(row: entity::channel::Model) -> Result<Self> {
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: ChannelId(row.id),
            kind: row.kind.parse()?,
            key_id: row.key_id,
            state: row.state.parse()?,
            state_code: row.state_code,
            state_at: from_millis(row.state_at),
            created_at: from_millis(row.created_at),
        })
    }
}

/// Adds a channel whose key is in the keyring already.
pub async fn add(tx: &Tx, channel: &Channel) -> Result<()> {
    entity::channel::ActiveModel {
        organization_id: Set(channel.organization_id.0),
        id: Set(channel.id.0),
        kind: Set(channel.kind.as_str().to_owned()),
        key_id: Set(channel.key_id),
        state: Set(channel.state.as_str().to_owned()),
        state_code: Set(channel.state_code.clone()),
        state_detail: Set(None),
        state_at: Set(millis(channel.state_at)),
        told_at: Set(None),
        created_at: Set(millis(channel.created_at)),
        disconnected_at: Set(None),
        kept_at: Set(None),
        kept_by: Set(None),
    }
    .insert(tx.conn())
    .await?;
    tx.event(super::events::NewEvent::channel(
        channel.organization_id,
        EventKind::MailboxChanged,
        channel.id,
    ));
    Ok(())
}

/// The channel, if the organization has it.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Option<Channel>> {
    entity::channel::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?
        .map(Channel::try_from)
        .transpose()
}

/// The channels of an organization, oldest first.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<Channel>> {
    entity::channel::Entity::find()
        .filter(entity::channel::Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(entity::channel::Column::CreatedAt)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Channel::try_from)
        .collect()
}

/// A change of state, with its reason.
#[derive(Debug, Clone)]
pub struct StateChange<'a> {
    /// The new state.
    pub state: ChannelState,
    /// Why, as a stable word.
    pub code: Option<&'a str>,
    /// Why, in the server's own words; sealed.
    pub detail: Option<&'a str>,
}

/// Sets the state. Tells listeners only when state or code really changed. A channel that is
/// disconnected stays so ([`reconnect`]): whoever was at work with it comes too late.
pub async fn set_state(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    id: ChannelId,
    change: &StateChange<'_>,
) -> Result<()> {
    let before = entity::channel::Entity::find_by_id((organization_id.0, id.0))
        .one(tx.conn())
        .await?
        .ok_or(StoreError::Stale)?;
    if before.state == ChannelState::Disconnected.as_str() {
        return Ok(());
    }
    let place = Place { column: columns::CHANNEL_STATE_DETAIL, row: id.0 };
    let detail = change.detail.map(|detail| key.seal(place, detail.as_bytes()));
    let same = before.state == change.state.as_str() && before.state_code.as_deref() == change.code;
    // Who is in trouble again is told of again.
    let needs = ChannelState::NeedsReauthorization;
    let told_at = before.told_at.filter(|_| change.state == needs).map(|at| at.0);
    let kept_at = before.kept_at.filter(|_| change.state == needs).map(|at| at.0);
    let at = if same { before.state_at } else { millis(tx.store().now()) };
    entity::channel::Entity::update_many()
        .col_expr(entity::channel::Column::State, Expr::value(change.state.as_str()))
        .col_expr(entity::channel::Column::StateCode, Expr::value(change.code))
        .col_expr(entity::channel::Column::StateDetail, Expr::value(detail))
        .col_expr(entity::channel::Column::StateAt, Expr::value(at))
        .col_expr(entity::channel::Column::ToldAt, Expr::value(told_at))
        .col_expr(entity::channel::Column::KeptAt, Expr::value(kept_at))
        .filter(entity::channel::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::channel::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    if !same {
        tx.event(
            super::events::NewEvent::channel(organization_id, EventKind::MailboxChanged, id)
                .data(serde_json::json!({ "state": change.state.as_str() })),
        );
    }
    Ok(())
}

/// From here on nothing comes in and nothing goes out. `code` says what becomes of the grant.
pub async fn disconnect(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
    code: &str,
) -> Result<()> {
    let now = millis(tx.store().now());
    change(tx, organization_id, id, ChannelState::Disconnected, Some(code), Some(now)).await
}

/// It is read again from where it was left.
pub async fn reconnect(tx: &Tx, organization_id: OrganizationId, id: ChannelId) -> Result<()> {
    change(tx, organization_id, id, ChannelState::Connecting, None, None).await
}

async fn change(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
    state: ChannelState,
    code: Option<&str>,
    disconnected_at: Option<entity::UnixMillis>,
) -> Result<()> {
    use entity::channel::{ActiveModel, Column, Entity};
    let changed = Entity::update_many()
        .set(ActiveModel {
            state: Set(state.as_str().to_owned()),
            state_code: Set(code.map(str::to_owned)),
            state_detail: Set(None),
            state_at: Set(millis(tx.store().now())),
            told_at: Set(None),
            kept_at: Set(None),
            kept_by: Set(None),
            disconnected_at: Set(disconnected_at),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    tx.event(
        super::events::NewEvent::channel(organization_id, EventKind::MailboxChanged, id)
            .data(serde_json::json!({ "state": state.as_str() })),
    );
    Ok(())
}

/// What became of the grant of a channel that is disconnected.
pub async fn set_code(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
    code: &str,
) -> Result<()> {
    use entity::channel::Column;
    entity::channel::Entity::update_many()
        .col_expr(Column::StateCode, Expr::value(Some(code)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::State.eq(ChannelState::Disconnected.as_str()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// [`StoreError::Stale`] when the channel is disconnected: what was on its way in stays out.
pub async fn require_connected(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<()> {
    use entity::channel::Column;
    let state: Option<String> = entity::channel::Entity::find_by_id((organization_id.0, id.0))
        .select_only()
        .column(Column::State)
        .lock_shared()
        .into_tuple()
        .one(tx.conn())
        .await?;
    match state {
        Some(state) if state != ChannelState::Disconnected.as_str() => Ok(()),
        _ => Err(StoreError::Stale),
    }
}

/// An admin keeps the data although nobody signs in.
pub async fn keep(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
    by: MembershipId,
) -> Result<bool> {
    use entity::channel::Column;
    let changed = entity::channel::Entity::update_many()
        .col_expr(Column::KeptAt, Expr::value(Some(millis(tx.store().now()).0)))
        .col_expr(Column::KeptBy, Expr::value(Some(by.0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::State.eq(ChannelState::NeedsReauthorization.as_str()))
        .exec(tx.conn())
        .await?;
    Ok(changed.rows_affected == 1)
}

/// The channels of all organizations that have needed a sign-in since `before`, and that nobody
/// chose to keep.
pub async fn list_dead(
    store: &Store,
    before: DateTime<Utc>,
) -> Result<Vec<(OrganizationId, ChannelId)>> {
    use entity::channel::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::channel::Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Id])
        .filter(Column::State.eq(ChannelState::NeedsReauthorization.as_str()))
        .filter(Column::StateAt.lte(millis(before)))
        .filter(Column::KeptAt.is_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|(o, c)| (OrganizationId(o), ChannelId(c))).collect())
}

/// The channels that need a sign-in, and about which nobody was told since `before`.
pub async fn list_to_tell(
    store: &Store,
    organization_id: OrganizationId,
    before: DateTime<Utc>,
) -> Result<Vec<ChannelId>> {
    use entity::channel::Column;
    let ids: Vec<Uuid> = entity::channel::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::State.eq(ChannelState::NeedsReauthorization.as_str()))
        .filter(Column::ToldAt.is_null().or(Column::ToldAt.lte(millis(before))))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(ChannelId).collect())
}

/// Their admins are told of these channels now.
pub async fn set_told(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[ChannelId],
    at: DateTime<Utc>,
) -> Result<()> {
    use entity::channel::Column;
    entity::channel::Entity::update_many()
        .col_expr(Column::ToldAt, Expr::value(Some(millis(at).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The server's own words about the state.
pub async fn state_detail(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Option<String>> {
    let sealed: Option<Vec<u8>> = entity::channel::Entity::find_by_id((organization_id.0, id.0))
        .select_only()
        .column(entity::channel::Column::StateDetail)
        .into_tuple()
        .one(store.db().read())
        .await?
        .flatten();
    let place = Place { column: columns::CHANNEL_STATE_DETAIL, row: id.0 };
    sealed.map(|sealed| Ok(key.open_string(place, &sealed)?)).transpose()
}

/// The channels that a member belongs to.
pub async fn list_of_member(
    store: &Store,
    organization_id: OrganizationId,
    membership_id: MembershipId,
) -> Result<Vec<ChannelId>> {
    use entity::channel_member::Column;
    let ids: Vec<Uuid> = entity::channel_member::Entity::find()
        .select_only()
        .column(Column::ChannelId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(membership_id.0))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(ChannelId).collect())
}

/// The members of a channel.
pub async fn list_members(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Vec<MembershipId>> {
    use entity::channel_member::Column;
    let ids: Vec<Uuid> = entity::channel_member::Entity::find()
        .select_only()
        .column(Column::MembershipId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(MembershipId).collect())
}

/// Says who belongs to a channel: just these.
pub async fn set_members(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
    members: &[MembershipId],
) -> Result<()> {
    use entity::channel_member::{ActiveModel, Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(tx.conn())
        .await?;
    if members.is_empty() {
        return Ok(());
    }
    let rows = members.iter().map(|member| ActiveModel {
        organization_id: Set(organization_id.0),
        channel_id: Set(id.0),
        membership_id: Set(member.0),
    });
    Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Who belongs to which channel, of all channels of an organization.
pub async fn list_all_members(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<(ChannelId, MembershipId)>> {
    use entity::channel_member::Column;
    let pairs: Vec<(Uuid, Uuid)> = entity::channel_member::Entity::find()
        .select_only()
        .column(Column::ChannelId)
        .column(Column::MembershipId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(pairs.into_iter().map(|(id, member)| (ChannelId(id), MembershipId(member))).collect())
}

/// Lets a new member into channels.
pub async fn join(
    tx: &Tx,
    organization_id: OrganizationId,
    membership_id: MembershipId,
    channels: &[ChannelId],
) -> Result<()> {
    use entity::channel_member::{ActiveModel, Entity};
    if channels.is_empty() {
        return Ok(());
    }
    let rows = channels.iter().map(|channel| ActiveModel {
        organization_id: Set(organization_id.0),
        channel_id: Set(channel.0),
        membership_id: Set(membership_id.0),
    });
    Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}
