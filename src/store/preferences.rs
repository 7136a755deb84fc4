//! How members like their pages.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use super::error::Result;
use super::{Store, Tx, millis};
use crate::domain::ids::{MembershipId, OrganizationId};
use crate::domain::preferences::Preferences;

/// As the member likes it; as it comes, unless they have said so.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<Preferences> {
    let row = entity::preference::Entity::find_by_id((organization_id.0, member.0))
        .one(store.db().read())
        .await?;
    Ok(row.map(|row| serde_json::from_str(&row.content)).transpose()?.unwrap_or_default())
}

/// Keeps it.
pub async fn set(
    tx: &Tx,
    organization_id: OrganizationId,
    member: MembershipId,
    preferences: &Preferences,
) -> Result<()> {
    use entity::preference::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        organization_id: Set(organization_id.0),
        membership_id: Set(member.0),
        content: Set(serde_json::to_string(preferences)?),
        updated_at: Set(millis(tx.store().now())),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::MembershipId])
                .update_columns([Column::Content, Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}
