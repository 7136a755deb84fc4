//! Memberships: accounts in organizations, with their roles.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set, Statement,
};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{AccountId, ChannelId, MembershipId, OrganizationId};
use crate::domain::words::{MarkKind, Role};

/// An account in an organization.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: MembershipId,
    /// The account.
    pub account_id: AccountId,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its link to choose a password by was last made, if one was.
    pub invited_at: Option<DateTime<Utc>>,
    /// When it was shut, if it is.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Rises with each change that somebody makes.
    pub version: i32,
}

impl TryFrom<entity::membership::Model> for Membership {
    type Error = StoreError;

    fn try_from(row: entity::membership::Model) -> Result<Self> {
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: MembershipId(row.id),
            account_id: AccountId(row.account_id),
            role: row.role.parse()?,
            created_at: from_millis(row.created_at),
            invited_at: row.invited_at.map(from_millis),
            disabled_at: row.disabled_at.map(from_millis),
            version: row.version,
        })
    }
}

/// Adds a membership. [`StoreError::Duplicate`] when the account is in the organization already.
pub async fn add(tx: &Tx, membership: &Membership) -> Result<()> {
    entity::membership::ActiveModel {
        organization_id: Set(membership.organization_id.0),
        id: Set(membership.id.0),
        account_id: Set(membership.account_id.0),
        role: Set(membership.role.as_str().to_owned()),
        created_at: Set(millis(membership.created_at)),
        invited_at: Set(membership.invited_at.map(millis)),
        disabled_at: Set(membership.disabled_at.map(millis)),
        version: Set(membership.version),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The membership as the transaction sees it, if the organization has it.
pub async fn find_in(
    tx: &Tx,
    organization_id: OrganizationId,
    id: MembershipId,
) -> Result<Option<Membership>> {
    entity::membership::Entity::find_by_id((organization_id.0, id.0))
        .one(tx.conn())
        .await?
        .map(Membership::try_from)
        .transpose()
}

/// The membership, if the organization has it.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: MembershipId,
) -> Result<Option<Membership>> {
    entity::membership::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?
        .map(Membership::try_from)
        .transpose()
}

/// What decides what a member may do, at this moment.
#[derive(Debug)]
pub struct Rights {
    /// Their role.
    pub role: Role,
    /// The channels that they belong to.
    pub channels: Vec<ChannelId>,
    /// Whether the data of anybody is restricted in the organization.
    pub has_restrictions: bool,
}

/// The member's rights; `None` where the membership or the account is shut, or is not that of this account. One
/// statement, for each request asks.
pub async fn rights(
    store: &Store,
    organization_id: OrganizationId,
    id: MembershipId,
    account_id: AccountId,
) -> Result<Option<Rights>> {
    const QUERY: &str = "SELECT m.role AS role, c.channel_id AS channel, EXISTS (SELECT 1 \
                         FROM person_mark p WHERE p.organization_id = $1 \
                         AND p.kind = $4 AND p.ended_at IS NULL) AS restricted \
                         FROM membership m JOIN account a ON a.id = m.account_id \
                         LEFT JOIN channel_member c ON c.organization_id = m.organization_id \
                         AND c.membership_id = m.id \
                         WHERE m.organization_id = $1 AND m.id = $2 AND m.account_id = $3 \
                         AND m.disabled_at IS NULL AND a.disabled_at IS NULL";
    let values = [
        organization_id.0.into(),
        id.0.into(),
        account_id.0.into(),
        MarkKind::Restriction.as_str().into(),
    ];
    let db = store.db().read();
    let statement = Statement::from_sql_and_values(db.get_database_backend(), QUERY, values);
    let rows = db.query_all_raw(statement).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (role, has_restrictions): (String, bool) =
        (first.try_get("", "role")?, first.try_get("", "restricted")?);
    let mut channels = Vec::with_capacity(rows.len());
    for row in &rows {
        let channel: Option<Uuid> = row.try_get("", "channel")?;
        channels.extend(channel.map(ChannelId));
    }
    Ok(Some(Rights { role: role.parse()?, channels, has_restrictions }))
}

/// The membership of an account in an organization, also one that is shut.
pub async fn find_of_account(
    store: &Store,
    organization_id: OrganizationId,
    account_id: AccountId,
) -> Result<Option<Membership>> {
    use entity::membership::Column;
    entity::membership::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::AccountId.eq(account_id.0))
        .one(store.db().read())
        .await?
        .map(Membership::try_from)
        .transpose()
}

/// The memberships of an organization that are not shut, oldest first.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<Membership>> {
    let mut all = list_all(store, organization_id).await?;
    all.retain(|membership| membership.disabled_at.is_none());
    Ok(all)
}

/// The memberships of an organization, those that are shut as well, oldest first.
pub async fn list_all(store: &Store, organization_id: OrganizationId) -> Result<Vec<Membership>> {
    use entity::membership::Column;
    entity::membership::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Membership::try_from)
        .collect()
}

/// Those who answer for an organization: its owners and admins that are not shut.
pub async fn list_admins(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<Membership>> {
    let mut members = list(store, organization_id).await?;
    members.retain(|member| matches!(member.role, Role::Owner | Role::Admin));
    Ok(members)
}

/// The memberships of an account that are not shut, oldest first.
pub async fn list_of_account(store: &Store, account_id: AccountId) -> Result<Vec<Membership>> {
    use entity::membership::Column;
    entity::membership::Entity::find()
        .filter(Column::AccountId.eq(account_id.0))
        .filter(Column::DisabledAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Membership::try_from)
        .collect()
}

/// Changes role, invitation and whether it is shut.
pub async fn update(tx: &Tx, membership: &Membership) -> Result<()> {
    use entity::membership::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        role: Set(membership.role.as_str().to_owned()),
        invited_at: Set(membership.invited_at.map(millis)),
        disabled_at: Set(membership.disabled_at.map(millis)),
        ..Default::default()
    };
    let changed = Entity::update_many()
        .set(row)
        .filter(Column::OrganizationId.eq(membership.organization_id.0))
        .filter(Column::Id.eq(membership.id.0))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The memberships of an organization as the transaction sees them, shut ones as well, locked
/// until its end: so that two who change them at once do not undo what the other relied on.
pub async fn lock_all(tx: &Tx, organization_id: OrganizationId) -> Result<Vec<Membership>> {
    use entity::membership::{Column, Entity};
    Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx.conn())
        .await?
        .into_iter()
        .map(Membership::try_from)
        .collect()
}
