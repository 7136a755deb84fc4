//! Lists of tickets and searches that members keep under a name: one's own, and those that are shared.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    Set,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error::Result;
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::{MembershipId, OrganizationId, SavedViewId};

/// A list of tickets under a name.
#[derive(Debug, Clone)]
pub struct SavedView {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: SavedViewId,
    /// Whose it is.
    pub owner: MembershipId,
    /// Whether everybody sees it.
    pub is_shared: bool,
    /// What it is called, and what it shows.
    pub content: Content,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i32,
}

/// What a view is called, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The name.
    pub name: String,
    /// The parameters of the list or of the search, by name.
    pub filter: BTreeMap<String, String>,
}

impl SavedView {
    fn open(key: &OpenKey, row: &entity::saved_view::Model) -> Result<Self> {
        let content = key.open(columns::SAVED_VIEW_CONTENT.of(row.id), &row.content)?;
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: SavedViewId(row.id),
            owner: MembershipId(row.owner_id),
            is_shared: row.is_shared,
            content: serde_json::from_slice(&content)?,
            created_at: from_millis(row.created_at),
            version: row.version,
        })
    }

    fn seal(&self, key: &OpenKey) -> Result<Vec<u8>> {
        let content = Zeroizing::new(serde_json::to_vec(&self.content)?);
        Ok(key.seal(columns::SAVED_VIEW_CONTENT.of(self.id.0), &content))
    }
}

/// What the member sees: their own, and those that are shared, oldest first.
pub async fn list(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<Vec<SavedView>> {
    use entity::saved_view::{Column, Entity};
    Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Condition::any().add(Column::OwnerId.eq(member.0)).add(Column::IsShared.eq(true)))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?
        .iter()
        .map(|row| SavedView::open(key, row))
        .collect()
}

/// Every view of an organization, for its export.
pub async fn list_all(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
) -> Result<Vec<SavedView>> {
    use entity::saved_view::{Column, Entity};
    Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?
        .iter()
        .map(|row| SavedView::open(key, row))
        .collect()
}

/// The view, if the organization has it.
pub async fn find(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    id: SavedViewId,
) -> Result<Option<SavedView>> {
    entity::saved_view::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?
        .map(|row| SavedView::open(key, &row))
        .transpose()
}

/// How many the member has.
pub async fn count(tx: &Tx, organization_id: OrganizationId, member: MembershipId) -> Result<u64> {
    use entity::saved_view::{Column, Entity};
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::OwnerId.eq(member.0))
        .count(tx.conn())
        .await?)
}

/// Adds it.
pub async fn add(tx: &Tx, key: &OpenKey, view: &SavedView) -> Result<()> {
    entity::saved_view::ActiveModel {
        organization_id: Set(view.organization_id.0),
        id: Set(view.id.0),
        owner_id: Set(view.owner.0),
        is_shared: Set(view.is_shared),
        content: Set(view.seal(key)?),
        created_at: Set(millis(view.created_at)),
        version: Set(view.version),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Changes what it is called, what it shows, and who sees it.
pub async fn update(tx: &Tx, key: &OpenKey, view: &SavedView) -> Result<()> {
    use entity::saved_view::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        is_shared: Set(view.is_shared),
        content: Set(view.seal(key)?),
        ..Default::default()
    };
    Entity::update_many()
        .set(row)
        .filter(Column::OrganizationId.eq(view.organization_id.0))
        .filter(Column::Id.eq(view.id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes it.
pub async fn remove(tx: &Tx, organization_id: OrganizationId, id: SavedViewId) -> Result<()> {
    use entity::saved_view::{Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
