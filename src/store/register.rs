//! The register of processing: what an owner says of hosts, and disclosures to authorities.
//! Sealed under the organization's key.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};

use super::error::Result;
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{BlindDomain, OpenKey};
use crate::domain::ids::{DisclosureId, MembershipId, OrganizationId};

/// What an owner says of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Where it stands.
    pub country: Option<String>,
    /// What allows data to go there.
    pub safeguard: Option<String>,
    /// Under which contract.
    pub contract: Option<String>,
}

/// [`Facts`] as they are stored: with the host that they are of.
#[derive(Serialize, Deserialize)]
struct HostContent {
    host: String,
    #[serde(flatten)]
    facts: Facts,
}

/// What an owner said of a host, and when.
#[derive(Debug, Clone)]
pub struct HostFacts {
    /// What they said.
    pub facts: Facts,
    /// Who.
    pub changed_by: MembershipId,
    /// When.
    pub changed_at: DateTime<Utc>,
}

/// What was disclosed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// On which day.
    pub date: NaiveDate,
    /// To which authority.
    pub authority: String,
    /// On which legal basis.
    pub legal_basis: String,
    /// What.
    pub what: String,
    /// Who decided.
    pub decided_by: String,
}

/// A disclosure to an authority.
#[derive(Debug, Clone)]
pub struct Disclosure {
    /// Its id.
    pub id: DisclosureId,
    /// What was disclosed.
    pub told: Told,
    /// Who recorded it.
    pub recorded_by: MembershipId,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Says something of a host, in place of what was said before.
pub async fn set_host(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    host: &str,
    facts: &Facts,
    by: MembershipId,
) -> Result<()> {
    use entity::register_host::Column;
    let id = tx.store().new_id();
    let content = HostContent { host: host.to_owned(), facts: facts.clone() };
    let content = zeroize::Zeroizing::new(serde_json::to_vec(&content)?);
    let row = entity::register_host::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(id),
        host_blind: Set(key.blind(BlindDomain::Host, host.as_bytes()).to_vec()),
        content: Set(key.seal(columns::REGISTER_HOST_CONTENT.of(id), &content)),
        changed_by: Set(by.0),
        changed_at: Set(millis(tx.store().now())),
    };
    entity::register_host::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::HostBlind])
                .update_columns([Column::Id, Column::Content, Column::ChangedBy, Column::ChangedAt])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// What was said of hosts, by host.
pub async fn hosts(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
) -> Result<HashMap<String, HostFacts>> {
    let rows = entity::register_host::Entity::find()
        .filter(entity::register_host::Column::OrganizationId.eq(organization_id.0))
        .all(store.db().read())
        .await?;
    rows.into_iter()
        .map(|row| {
            let content = key.open(columns::REGISTER_HOST_CONTENT.of(row.id), &row.content)?;
            let HostContent { host, facts } = serde_json::from_slice(&content)?;
            let said = HostFacts {
                facts,
                changed_by: MembershipId(row.changed_by),
                changed_at: from_millis(row.changed_at),
            };
            Ok((host, said))
        })
        .collect()
}

/// Records a disclosure. Nothing changes or removes it.
pub async fn add_disclosure(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    disclosure: &Disclosure,
) -> Result<()> {
    let content = zeroize::Zeroizing::new(serde_json::to_vec(&disclosure.told)?);
    entity::disclosure::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(disclosure.id.0),
        content: Set(key.seal(columns::DISCLOSURE_CONTENT.of(disclosure.id.0), &content)),
        recorded_by: Set(disclosure.recorded_by.0),
        recorded_at: Set(millis(disclosure.recorded_at)),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The disclosures, the newest first.
pub async fn disclosures(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
) -> Result<Vec<Disclosure>> {
    use entity::disclosure::Column;
    let rows = entity::disclosure::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_desc(Column::RecordedAt)
        .order_by_desc(Column::Id)
        .all(store.db().read())
        .await?;
    rows.into_iter()
        .map(|row| {
            let content = key.open(columns::DISCLOSURE_CONTENT.of(row.id), &row.content)?;
            Ok(Disclosure {
                id: DisclosureId(row.id),
                told: serde_json::from_slice(&content)?,
                recorded_by: MembershipId(row.recorded_by),
                recorded_at: from_millis(row.recorded_at),
            })
        })
        .collect()
}
