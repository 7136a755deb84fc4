//! Saved replies, sealed under the organization's key: they are nobody's mail.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait as _, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, keys, millis};
use crate::crypto::OpenKey;
use crate::domain::desk::ReplyScope;
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, SavedReplyId, TeamId};

/// What stands in a saved reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What it is called.
    pub name: String,
    /// As plain text.
    pub text: String,
    /// As HTML, when it has any format.
    pub html: Option<String>,
}

/// Whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of {
    /// Who uses it.
    pub scope: ReplyScope,
    /// The member, team or mailbox; nothing for the organization.
    pub subject_id: Option<Uuid>,
}

/// A saved reply.
#[derive(Debug, Clone)]
pub struct SavedReply {
    /// Its id.
    pub id: SavedReplyId,
    /// Whose it is.
    pub of: Of,
    /// What stands in it.
    pub content: Content,
    /// Rises with each change.
    pub version: i32,
    /// Who wrote it.
    pub created_by: MembershipId,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Who looks: their own, those of their teams and mailboxes, and those of everybody.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The member.
    pub membership_id: MembershipId,
    /// Their mailboxes.
    pub channels: &'a [ChannelId],
}

fn readable(reader: &Reader<'_>) -> Condition {
    use entity::saved_reply::Column;
    let of = |scope: ReplyScope, subject: SimpleExpr| {
        Condition::all().add(Column::Scope.eq(scope.as_str())).add(subject)
    };
    let mine = of(ReplyScope::Personal, Column::SubjectId.eq(reader.membership_id.0));
    let teams = {
        use entity::team_member::{Column, Entity};
        Entity::find()
            .select_only()
            .column(Column::TeamId)
            .filter(Column::OrganizationId.eq(reader.organization_id.0))
            .filter(Column::MembershipId.eq(reader.membership_id.0))
            .into_query()
    };
    let teams = of(ReplyScope::Team, Column::SubjectId.in_subquery(teams));
    let mailboxes = reader.channels.iter().map(|id| id.0);
    let mailboxes = of(ReplyScope::Mailbox, Column::SubjectId.is_in(mailboxes));
    let everybody = Column::Scope.eq(ReplyScope::Organization.as_str());
    Condition::all()
        .add(Column::OrganizationId.eq(reader.organization_id.0))
        .add(Condition::any().add(mine).add(teams).add(mailboxes).add(everybody))
}

fn open(row: &entity::saved_reply::Model, key: &OpenKey) -> Result<SavedReply> {
    let content = key.open(columns::SAVED_REPLY_CONTENT.of(row.id), &row.content)?;
    Ok(SavedReply {
        id: SavedReplyId(row.id),
        of: Of { scope: row.scope.parse()?, subject_id: row.subject_id },
        content: serde_json::from_slice(&content)?,
        version: row.version,
        created_by: MembershipId(row.created_by),
        updated_at: from_millis(row.updated_at),
    })
}

/// The saved replies that the reader uses, in no order.
pub async fn list(store: &Store, reader: &Reader<'_>) -> Result<Vec<SavedReply>> {
    let rows =
        entity::saved_reply::Entity::find().filter(readable(reader)).all(store.db().read()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = keys::of_organization(store, reader.organization_id).await?;
    rows.iter().map(|row| open(row, &key)).collect()
}

/// All of an organization's, for its export.
pub async fn list_all(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
) -> Result<Vec<SavedReply>> {
    use entity::saved_reply::{Column, Entity};
    Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?
        .iter()
        .map(|row| open(row, key))
        .collect()
}

/// The saved reply, if the reader uses it.
pub async fn find(
    store: &Store,
    key: &OpenKey,
    reader: &Reader<'_>,
    id: SavedReplyId,
) -> Result<Option<SavedReply>> {
    let row = entity::saved_reply::Entity::find()
        .filter(readable(reader))
        .filter(entity::saved_reply::Column::Id.eq(id.0))
        .one(store.db().read())
        .await?;
    row.map(|row| open(&row, key)).transpose()
}

/// Adds one.
pub async fn add(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    reply: &SavedReply,
) -> Result<()> {
    entity::saved_reply::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(reply.id.0),
        scope: Set(reply.of.scope.as_str().to_owned()),
        subject_id: Set(reply.of.subject_id),
        content: Set(seal(key, reply.id, &reply.content)?),
        version: Set(reply.version),
        created_by: Set(reply.created_by.0),
        updated_at: Set(millis(reply.updated_at)),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

fn seal(key: &OpenKey, id: SavedReplyId, content: &Content) -> Result<Vec<u8>> {
    let content = zeroize::Zeroizing::new(serde_json::to_vec(content)?);
    Ok(key.seal(columns::SAVED_REPLY_CONTENT.of(id.0), &content))
}

/// Changes one.
pub async fn update(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    reply: &SavedReply,
) -> Result<()> {
    use entity::saved_reply::{ActiveModel, Column, Entity};
    let changed = Entity::update_many()
        .set(ActiveModel {
            scope: Set(reply.of.scope.as_str().to_owned()),
            subject_id: Set(reply.of.subject_id),
            content: Set(seal(key, reply.id, &reply.content)?),
            updated_at: Set(millis(tx.store().now())),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(reply.id.0))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Removes one.
pub async fn remove(tx: &Tx, organization_id: OrganizationId, id: SavedReplyId) -> Result<()> {
    entity::saved_reply::Entity::delete_by_id((organization_id.0, id.0)).exec(tx.conn()).await?;
    Ok(())
}

/// Removes those of a mailbox that is purged.
pub async fn remove_of_mailbox(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<()> {
    use entity::saved_reply::{Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Scope.eq(ReplyScope::Mailbox.as_str()))
        .filter(Column::SubjectId.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The teams of a member.
pub async fn teams_of(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<Vec<TeamId>> {
    use entity::team_member::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::TeamId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(member.0))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(TeamId).collect())
}
