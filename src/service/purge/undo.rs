//! Within the window everything is back, and reading goes on at the cursor.

use secrecy::SecretString;

use super::{lock, under_way, unique_key};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::{Provider, PurgeCause, PurgeState};
use crate::service::ports::Target;
use crate::service::{Result, ServiceError, Services, access, closing};
use crate::store::mailboxes::{self, Credentials};
use crate::store::purges::{self, Purge};
use crate::store::{Tx, channels, jobs, keys};

/// Undoes the disconnection of a mailbox that has no consent to renew: one with a password, which
/// is tried first, or a folder. Google and Microsoft come back by connecting again.
pub async fn undo(
    services: &Services,
    actor: &Actor,
    id: ChannelId,
    password: Option<SecretString>,
) -> Result<()> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let purge = find(services, organization_id, id).await?;
    let mailbox = mailboxes::find_disconnected(store, organization_id, id).await?;
    let mailbox = mailbox.ok_or_else(under_way)?;
    let credentials = match (mailbox.provider, password) {
        (Provider::Google | Provider::Microsoft, _) => {
            return Err(ServiceError::conflict(
                "needs_consent",
                "Connect this mailbox again with the same account; that undoes it.",
            ));
        }
        (Provider::Imap, None) => {
            return Err(ServiceError::invalid("password", "give the mailbox's password"));
        }
        (Provider::Imap, Some(password)) => Some(Credentials::Password(password)),
        (Provider::Maildir, _) => None,
    };
    let target = Target {
        provider: mailbox.provider,
        address: &mailbox.address,
        settings: &mailbox.settings,
        credentials: credentials.as_ref(),
    };
    let steps = services.ports().mail.check(target).await;
    if let Some(failed) = steps.into_iter().find(|step| !step.ok) {
        return Err(ServiceError::upstream("connection_failed", failed.message));
    }
    let key = keys::of_channel(store, organization_id, id).await?;
    access::record(services, actor, Action::ConnectMailbox, ObjectKind::Mailbox, id.0, id).await?;
    let tx = store.begin().await?;
    undo_in(&tx, &purge).await?;
    if let Some(credentials) = &credentials {
        mailboxes::store_credentials(&tx, &key, organization_id, id, credentials).await?;
    }
    tx.commit().await?;
    services.ports().wake.wake(id);
    Ok(())
}

/// The purge of a disconnected mailbox.
pub async fn find(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Purge> {
    let purge = purges::find_of_channel(services.store(), organization_id, id).await?;
    purge.ok_or(ServiceError::NotFound)
}

/// Takes the purge back in the transaction that connects the mailbox again. Refused once its window
/// has ended.
pub async fn undo_in(tx: &Tx, known: &Purge) -> Result<()> {
    if known.cause == PurgeCause::Closing {
        return Err(closing::closing_now());
    }
    undo_of_closing(tx, known).await
}

/// As [`undo_in`], for the closing of the organization, which takes all of it back together.
pub(in crate::service) async fn undo_of_closing(tx: &Tx, known: &Purge) -> Result<()> {
    let mut purge = lock(tx, known).await?;
    if purge.state != PurgeState::Countdown || purge.due_at <= tx.store().now() {
        return Err(under_way());
    }
    purge.state = PurgeState::Undone;
    purge.finished_at = Some(tx.store().now());
    purge.save(tx).await?;
    jobs::remove(tx, &unique_key(purge.id)).await?;
    channels::reconnect(tx, purge.organization_id, purge.channel_id).await?;
    Ok(())
}
