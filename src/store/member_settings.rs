//! What members have set for themselves: their signature, sealed under the organization's key, and
//! what they do not want to be told.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, columns};
use crate::crypto::OpenKey;
use crate::domain::desk::NoticeSwitch;
use crate::domain::ids::{MembershipId, OrganizationId};

/// What a member has set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberSettings {
    /// What stands under their answers.
    pub signature: Option<String>,
    /// What they have switched off.
    pub switched_off: Vec<NoticeSwitch>,
}

fn switches(words: &str) -> Result<Vec<NoticeSwitch>> {
    let words = words.split(',').filter(|word| !word.is_empty());
    words.map(|word| Ok(word.parse()?)).collect()
}

/// The settings of a member; those of whoever has set nothing are empty.
pub async fn find(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<MemberSettings> {
    let row = entity::member_setting::Entity::find_by_id((organization_id.0, member.0))
        .one(store.db().read())
        .await?;
    let Some(row) = row else { return Ok(MemberSettings::default()) };
    let place = columns::MEMBER_SETTING_SIGNATURE.of(member.0);
    let signature = row.signature.map(|sealed| key.open_string(place, &sealed)).transpose()?;
    Ok(MemberSettings { signature, switched_off: switches(&row.switched_off)? })
}

/// Saves the settings of a member.
pub async fn put(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    member: MembershipId,
    settings: &MemberSettings,
) -> Result<()> {
    use entity::member_setting::{ActiveModel, Column, Entity};
    let place = columns::MEMBER_SETTING_SIGNATURE.of(member.0);
    let signature = settings.signature.as_ref().map(|text| key.seal(place, text.as_bytes()));
    let words: Vec<&str> = settings.switched_off.iter().map(|switch| switch.as_str()).collect();
    Entity::insert(ActiveModel {
        organization_id: Set(organization_id.0),
        membership_id: Set(member.0),
        signature: Set(signature),
        switched_off: Set(words.join(",")),
    })
    .on_conflict(
        OnConflict::columns([Column::OrganizationId, Column::MembershipId])
            .update_columns([Column::Signature, Column::SwitchedOff])
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    Ok(())
}

/// What each of these members has switched off.
pub async fn switched_off(
    tx: &Tx,
    organization_id: OrganizationId,
    members: &[MembershipId],
) -> Result<HashMap<MembershipId, Vec<NoticeSwitch>>> {
    use entity::member_setting::{Column, Entity};
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::MembershipId, Column::SwitchedOff])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.is_in(members.iter().map(|id| id.0)))
        .into_tuple()
        .all(tx.conn())
        .await?;
    rows.into_iter().map(|(id, words)| Ok((MembershipId(id), switches(&words)?))).collect()
}

/// The signatures of all members of the organization who have one.
pub async fn signatures(
    store: &Store,
    key: &OpenKey,
    organization_id: OrganizationId,
) -> Result<HashMap<MembershipId, String>> {
    use entity::member_setting::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Signature.is_not_null())
        .all(store.db().read())
        .await?;
    let mut found = HashMap::new();
    for row in rows {
        let Some(sealed) = row.signature else { continue };
        let place = columns::MEMBER_SETTING_SIGNATURE.of(row.membership_id);
        found.insert(MembershipId(row.membership_id), key.open_string(place, &sealed)?);
    }
    Ok(found)
}
