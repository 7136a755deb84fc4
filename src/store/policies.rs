//! Policy texts: versions that an owner published, sealed under the organization's key, and who
//! has read which. A version is never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::{MembershipId, OrganizationId, PolicyId};
use crate::domain::words::PolicyKind;

/// What stands in a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Its title.
    pub title: String,
    /// What is new in it, in a few words.
    pub changes: String,
    /// The text.
    pub text: String,
}

/// A version of a policy text, without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: PolicyId,
    /// What it is about.
    pub kind: PolicyKind,
    /// Counts from 1 for each kind.
    pub version: u32,
    /// Who published it.
    pub published_by: MembershipId,
    /// When.
    pub published_at: DateTime<Utc>,
}

/// A version of a policy text.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Which.
    pub version: Version,
    /// What stands in it.
    pub content: Content,
}

fn version(row: &entity::policy_text::Model) -> Result<Version> {
    Ok(Version {
        id: PolicyId(row.id),
        kind: row.kind.parse()?,
        version: u32::try_from(row.version)
            .map_err(|_| StoreError::Corrupt { table: "policy_text", what: "version" })?,
        published_by: MembershipId(row.published_by),
        published_at: from_millis(row.published_at),
    })
}

fn open(key: &OpenKey, row: &entity::policy_text::Model) -> Result<Policy> {
    let content = key.open(columns::POLICY_TEXT_CONTENT.of(row.id), &row.content)?;
    Ok(Policy { version: version(row)?, content: serde_json::from_slice(&content)? })
}

/// Adds a version. [`StoreError::Duplicate`] when another with its number was faster.
pub async fn add(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    policy: &Policy,
) -> Result<()> {
    let Version { id, kind, version, published_by, published_at } = policy.version;
    let content = zeroize::Zeroizing::new(serde_json::to_vec(&policy.content)?);
    entity::policy_text::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(id.0),
        kind: Set(kind.as_str().to_owned()),
        version: Set(i32::try_from(version).unwrap_or(i32::MAX)),
        content: Set(key.seal(columns::POLICY_TEXT_CONTENT.of(id.0), &content)),
        published_by: Set(published_by.0),
        published_at: Set(millis(published_at)),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Every version without its words, the newest of each kind first.
pub async fn versions(store: &Store, organization_id: OrganizationId) -> Result<Vec<Version>> {
    use entity::policy_text::{Column, Entity};
    // Not the column with the texts: this is asked at each sign-in.
    let rows: Vec<(uuid::Uuid, String, i32, uuid::Uuid, i64)> = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Kind,
            Column::Version,
            Column::PublishedBy,
            Column::PublishedAt,
        ])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::Kind)
        .order_by_desc(Column::Version)
        .into_tuple()
        .all(store.db().read())
        .await?;
    rows.into_iter()
        .map(|(id, kind, number, published_by, published_at)| {
            version(&entity::policy_text::Model {
                organization_id: organization_id.0,
                id,
                kind,
                version: number,
                content: Vec::new(),
                published_by,
                published_at: entity::UnixMillis(published_at),
            })
        })
        .collect()
}

/// The version, if the organization has it.
pub async fn find(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    id: PolicyId,
) -> Result<Option<Policy>> {
    entity::policy_text::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?
        .map(|row| open(key, &row))
        .transpose()
}

/// Notes that somebody has read a version; once is enough.
pub async fn add_reading(
    tx: &Tx,
    organization_id: OrganizationId,
    id: PolicyId,
    by: MembershipId,
) -> Result<()> {
    use entity::policy_reading::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        organization_id: Set(organization_id.0),
        policy_id: Set(id.0),
        membership_id: Set(by.0),
        read_at: Set(millis(tx.store().now())),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::PolicyId, Column::MembershipId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Who has read a version, and when.
pub async fn readings(
    store: &Store,
    organization_id: OrganizationId,
    id: PolicyId,
) -> Result<HashMap<MembershipId, DateTime<Utc>>> {
    use entity::policy_reading::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::PolicyId.eq(id.0))
        .all(store.db().read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (MembershipId(row.membership_id), from_millis(row.read_at)))
        .collect())
}

/// What a member has read, and when.
pub async fn readings_of(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<HashMap<PolicyId, DateTime<Utc>>> {
    use entity::policy_reading::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(member.0))
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|row| (PolicyId(row.policy_id), from_millis(row.read_at))).collect())
}
