//! Which version of a thing somebody changes: two who change it at once do not undo each other.
//!
//! Tickets have a version too, which is raised with their state ([`super::tickets`]).

use sea_orm::{ConnectionTrait as _, Statement, Value};
use uuid::Uuid;

use super::Tx;
use super::error::{Result, StoreError};
use crate::domain::ids::{
    ChannelId, MembershipId, OrganizationId, SavedReplyId, SavedViewId, TagId, TeamId,
};

/// What has a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versioned {
    /// Name and time zone of the organization.
    Organization,
    /// What an admin sets of a mailbox, and who belongs to it.
    Mailbox(ChannelId),
    /// How long its mail is kept.
    Retention(ChannelId),
    /// Role of a user, and whether they are shut out.
    Membership(MembershipId),
    /// A team.
    Team(TeamId),
    /// A tag.
    Tag(TagId),
    /// A view.
    View(SavedViewId),
    /// A saved reply.
    SavedReply(SavedReplyId),
}

impl Versioned {
    /// Its table, the columns that find its row, and its id.
    const fn row(self, organization_id: OrganizationId) -> (&'static str, [&'static str; 2], Uuid) {
        const BY_ID: [&str; 2] = ["organization_id", "id"];
        const BY_CHANNEL: [&str; 2] = ["organization_id", "channel_id"];
        match self {
            Self::Organization => ("organization", ["id", "id"], organization_id.0),
            Self::Mailbox(id) => ("mailbox", BY_CHANNEL, id.0),
            Self::Retention(id) => ("retention", BY_CHANNEL, id.0),
            Self::Membership(id) => ("membership", BY_ID, id.0),
            Self::Team(id) => ("team", BY_ID, id.0),
            Self::Tag(id) => ("tag", BY_ID, id.0),
            Self::View(id) => ("saved_view", BY_ID, id.0),
            Self::SavedReply(id) => ("saved_reply", BY_ID, id.0),
        }
    }
}

/// Raises the version of what is still at `version`, and holds its row until the end of the
/// transaction. [`StoreError::Stale`] when it is not: somebody has changed it meanwhile, or it is gone.
pub async fn raise(
    tx: &Tx,
    organization_id: OrganizationId,
    what: Versioned,
    version: i32,
) -> Result<()> {
    match update(tx, organization_id, what, Some(version)).await? {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}

/// Raises the version of what is changed without looking at it before, so that whoever has looked
/// at it is told.
pub async fn touch(tx: &Tx, organization_id: OrganizationId, what: Versioned) -> Result<()> {
    update(tx, organization_id, what, None).await.map(|_| ())
}

async fn update(
    tx: &Tx,
    organization_id: OrganizationId,
    what: Versioned,
    version: Option<i32>,
) -> Result<u64> {
    let (table, [organization, id], row) = what.row(organization_id);
    let mut sql =
        format!("UPDATE {table} SET version = version + 1 WHERE {organization} = $1 AND {id} = $2");
    let mut values: Vec<Value> = vec![organization_id.0.into(), row.into()];
    if let Some(version) = version {
        sql.push_str(" AND version = $3");
        values.push(version.into());
    }
    let conn = tx.conn();
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}
