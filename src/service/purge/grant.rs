//! What becomes of the grant of a disconnected mailbox.

use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::Provider;
use crate::service::ports::OAuthFailure;
use crate::service::{Result, Services, providers};
use crate::store::channels;
use crate::store::mailboxes::{self, Credentials};

/// It is about to be revoked.
const REVOKING: &str = "revoking";
/// The provider has ended it.
const REVOKED: &str = "revoked";
/// The provider ends it only at the wish of the account itself, on a page of its own.
const REVOKE_THERE: &str = "revoke_there";
/// There was nothing that opened it but a password, which is forgotten here.
const FORGOTTEN: &str = "forgotten";

/// What is said of the grant when the mailbox has just been disconnected.
pub(super) fn begun(provider: Provider) -> &'static str {
    match provider {
        Provider::Google => REVOKING,
        Provider::Microsoft => REVOKE_THERE,
        Provider::Imap | Provider::Maildir => FORGOTTEN,
    }
}

/// The words of [`begun`] and [`end_grant`], for who asks what became of it.
#[must_use]
pub fn grant_code(stored: Option<&str>) -> Option<&'static str> {
    let known = [REVOKING, REVOKED, REVOKE_THERE, FORGOTTEN];
    known.into_iter().find(|code| stored == Some(*code))
}

/// Revokes the grant and forgets it; false when the provider is to be asked again later. A grant
/// that the provider refuses to revoke is dead there already.
pub async fn end_grant(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<bool> {
    let store = services.store();
    let Some(mailbox) = mailboxes::find_disconnected(store, organization_id, id).await? else {
        return Ok(true);
    };
    let credentials = mailboxes::credentials(store, organization_id, id).await?;
    let client = providers::client(services, organization_id, mailbox.provider).await?;
    let ended = match (credentials, client) {
        (Some(Credentials::OAuth(grant)), Some(client)) => {
            match services.ports().oauth.revoke(&client, &grant.refresh_token).await {
                Ok(true) | Err(OAuthFailure::Refused) => REVOKED,
                Err(OAuthFailure::Unavailable) => return Ok(false),
                Ok(false) | Err(_) => REVOKE_THERE,
            }
        }
        (Some(Credentials::OAuth(_)), None) => REVOKE_THERE,
        (Some(Credentials::Password(_)), _) => FORGOTTEN,
        (None, _) => return Ok(true),
    };
    let tx = store.begin().await?;
    mailboxes::remove_credentials(&tx, organization_id, id).await?;
    channels::set_code(&tx, organization_id, id, ended).await?;
    tx.commit().await?;
    Ok(true)
}
