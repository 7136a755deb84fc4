//! The window ends before its time: on request, with a password, the address typed, and a second
//! admin's word where there is one.

use secrecy::SecretString;

use super::{enqueue, get, lock, other_admins, under_way};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::PurgeId;
use crate::domain::words::{PurgeCause, PurgeState};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services, closing, passwords};
use crate::store::mailboxes;
use crate::store::purges::Purge;

/// Asks for it, or agrees to what another admin has asked for. Answers the purge as it is then.
pub async fn early(
    services: &Services,
    actor: &Actor,
    id: PurgeId,
    address: &str,
    password: SecretString,
) -> Result<Purge> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let store = services.store();
    let known = get(services, actor.organization_id, id).await?;
    let mailbox =
        mailboxes::find_disconnected(store, actor.organization_id, known.channel_id).await?;
    let mailbox = mailbox.ok_or_else(under_way)?;
    passwords::confirm(services, actor, password).await?;
    if known.cause == PurgeCause::Closing {
        return Err(closing::closing_now());
    }
    if !mailbox.address.eq_ignore_ascii_case(address.trim()) {
        return Err(ServiceError::invalid("address", "type the mailbox's address exactly"));
    }
    let others = other_admins(services, actor.organization_id, actor.membership_id).await?;
    let object = Object::of(known.channel_id, ObjectKind::Mailbox, known.channel_id.0);
    access::record_all(services, actor, &[(Action::PurgeEarly, object)]).await?;
    let tx = store.begin().await?;
    let mut purge = lock(&tx, &known).await?;
    if purge.state != PurgeState::Countdown {
        return Err(under_way());
    }
    let now = store.now();
    match purge.early_by {
        // Nobody else could agree.
        _ if others == 0 => {
            purge.early_by = Some(actor.membership_id);
            purge.early_at = Some(now);
            purge.due_at = now;
        }
        Some(first) if first != actor.membership_id => {
            purge.early_confirmed_by = Some(actor.membership_id);
            purge.due_at = now;
        }
        Some(_) => {}
        None => {
            purge.early_by = Some(actor.membership_id);
            purge.early_at = Some(now);
        }
    }
    purge.save(&tx).await?;
    enqueue(&tx, &purge).await?;
    tx.commit().await?;
    Ok(purge)
}
