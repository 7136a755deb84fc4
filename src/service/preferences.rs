//! How somebody likes their pages: their own affair, so it is in no log.

use super::{Result, ServiceError, Services};
use crate::authz::Actor;
use crate::domain::preferences::Preferences;
use crate::store::preferences;

/// As the actor likes it.
pub async fn get(services: &Services, actor: &Actor) -> Result<Preferences> {
    let (organization_id, member) = (actor.organization_id, actor.membership_id);
    Ok(preferences::find(services.store(), organization_id, member).await?)
}

/// Keeps how the actor likes it.
pub async fn set(services: &Services, actor: &Actor, wanted: &Preferences) -> Result<()> {
    wanted.check_keys().map_err(|wrong| ServiceError::invalid("keys", wrong.to_string()))?;
    let tx = services.store().begin().await?;
    preferences::set(&tx, actor.organization_id, actor.membership_id, wanted).await?;
    tx.commit().await?;
    Ok(())
}
