//! Teams: groups of members that tickets are given to.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::error::Result;
use super::removal::remove;
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, TeamId, TicketId};

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// Who is in it.
    pub members: Vec<MembershipId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i32,
}

/// The teams of an organization, by name.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<Team>> {
    let rows = entity::team::Entity::find()
        .filter(entity::team::Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(entity::team::Column::Name)
        .order_by_asc(entity::team::Column::Id)
        .all(store.db().read())
        .await?;
    let mut members: HashMap<Uuid, Vec<MembershipId>> = HashMap::new();
    let pairs = entity::team_member::Entity::find()
        .filter(entity::team_member::Column::OrganizationId.eq(organization_id.0))
        .all(store.db().read())
        .await?;
    for pair in pairs {
        members.entry(pair.team_id).or_default().push(MembershipId(pair.membership_id));
    }
    let team = |row: entity::team::Model| Team {
        id: TeamId(row.id),
        name: row.name,
        members: members.remove(&row.id).unwrap_or_default(),
        created_at: from_millis(row.created_at),
        version: row.version,
    };
    Ok(rows.into_iter().map(team).collect())
}

/// Locks the organization's teams until the end of the transaction, so that no two get one name.
pub async fn lock_names(tx: &Tx, organization_id: OrganizationId) -> Result<Vec<(TeamId, String)>> {
    use entity::team::Column;
    super::organizations::lock(tx, organization_id).await?;
    let rows: Vec<(Uuid, String)> = entity::team::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (TeamId(id), name)).collect())
}

/// Adds a team.
pub async fn add(tx: &Tx, organization_id: OrganizationId, team: &Team) -> Result<()> {
    entity::team::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(team.id.0),
        name: Set(team.name.clone()),
        created_at: Set(millis(team.created_at)),
        version: Set(team.version),
    }
    .insert(tx.conn())
    .await?;
    set_members(tx, organization_id, team.id, &team.members).await
}

/// Gives it another name.
pub async fn rename(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TeamId,
    name: &str,
) -> Result<()> {
    use entity::team::Column;
    entity::team::Entity::update_many()
        .col_expr(Column::Name, Expr::value(name))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Says who is in it.
pub async fn set_members(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TeamId,
    members: &[MembershipId],
) -> Result<()> {
    use entity::team_member::{ActiveModel, Column, Entity};
    remove!(tx, team_member, organization_id, Column::TeamId.eq(id.0));
    let rows: Vec<ActiveModel> = members
        .iter()
        .map(|member| ActiveModel {
            organization_id: Set(organization_id.0),
            team_id: Set(id.0),
            membership_id: Set(member.0),
        })
        .collect();
    for chunk in super::chunks(rows, 3) {
        Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Takes up to `limit` tickets from a team; which they were, with their channels.
pub async fn take_from(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TeamId,
    limit: u64,
) -> Result<Vec<(TicketId, ChannelId)>> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ChannelId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TeamId.eq(id.0))
        .limit(limit)
        .lock_exclusive()
        .into_tuple()
        .all(tx.conn())
        .await?;
    if !rows.is_empty() {
        Entity::update_many()
            .col_expr(Column::TeamId, Expr::value(None::<Uuid>))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(rows.iter().map(|(id, _)| *id)))
            .exec(tx.conn())
            .await?;
    }
    Ok(rows.into_iter().map(|(id, channel)| (TicketId(id), ChannelId(channel))).collect())
}

/// Removes a team that has no ticket any more.
pub async fn remove(tx: &Tx, organization_id: OrganizationId, id: TeamId) -> Result<()> {
    remove!(tx, team_member, organization_id, entity::team_member::Column::TeamId.eq(id.0));
    remove!(tx, team, organization_id, entity::team::Column::Id.eq(id.0));
    Ok(())
}
