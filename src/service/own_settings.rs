//! What a member sets for themselves in an organization: the signature under their answers, and of
//! what they are told.

use super::access::{self, Object};
use super::{Result, ServiceError, Services};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::store::{keys, member_settings};

pub use crate::store::member_settings::MemberSettings;

/// The longest signature, in characters.
const MAX_SIGNATURE: usize = 10_000;

/// The actor's settings.
pub async fn get(services: &Services, actor: &Actor) -> Result<MemberSettings> {
    let (store, organization_id) = (services.store(), actor.organization_id);
    let key = keys::of_organization(store, organization_id).await?;
    Ok(member_settings::find(store, &key, organization_id, actor.membership_id).await?)
}

/// Saves the actor's settings in place of those before.
pub async fn put(
    services: &Services,
    actor: &Actor,
    settings: MemberSettings,
) -> Result<MemberSettings> {
    let signature = settings.signature.map(|text| text.replace("\r\n", "\n").trim().to_owned());
    let signature = signature.filter(|text| !text.is_empty());
    if signature.as_ref().is_some_and(|text| text.chars().count() > MAX_SIGNATURE) {
        return Err(ServiceError::invalid(
            "signature",
            "A signature has at most 10,000 characters.",
        ));
    }
    let mut switched_off = settings.switched_off;
    switched_off.sort_unstable();
    switched_off.dedup();
    let settings = MemberSettings { signature, switched_off };
    let object = Object::new(ObjectKind::Membership, actor.membership_id.0);
    access::record_all(services, actor, &[(Action::ChangeAccount, object)]).await?;
    let (store, organization_id) = (services.store(), actor.organization_id);
    let key = keys::of_organization(store, organization_id).await?;
    let tx = store.begin().await?;
    member_settings::put(&tx, &key, organization_id, actor.membership_id, &settings).await?;
    tx.commit().await?;
    Ok(settings)
}
