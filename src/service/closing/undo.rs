//! An owner takes it back.

use super::{CLOSE, allow, over};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::domain::words::{ChannelState, ClosingState, Provider, PurgeCause, PurgeState};
use crate::service::access::{self, Object};
use crate::service::{Result, Services, purge};
use crate::store::channels::StateChange;
use crate::store::{channels, closings, jobs, keys, purges};

/// Takes the closing back: at any time before the window's end.
pub async fn undo(services: &Services, actor: &Actor) -> Result<()> {
    allow(actor)?;
    let store = services.store();
    let id = actor.organization_id;
    let known = closings::find_open(store, id).await?.ok_or_else(over)?;
    let object = Object::new(ObjectKind::Organization, id.0);
    access::record_all(services, actor, &[(Action::UndoClosing, object)]).await?;
    let mut woken = Vec::new();
    let tx = store.begin().await?;
    let mut closing = closings::lock(&tx, id, known.id).await?.ok_or_else(over)?;
    let is_open = match closing.state {
        ClosingState::Asked => true,
        ClosingState::Countdown => closing.due_at.is_some_and(|due| due > store.now()),
        _ => false,
    };
    if !is_open {
        return Err(over());
    }
    closing.state = ClosingState::Undone;
    closing.finished_at = Some(store.now());
    closing.save(&tx).await?;
    jobs::remove(&tx, &format!("{CLOSE}:{}", closing.id)).await?;
    // Read now: none is added while the closing is locked.
    let purges = purges::list(store, id).await?;
    for found in &purges {
        if found.cause != PurgeCause::Closing || found.state != PurgeState::Countdown {
            continue;
        }
        purge::undo_of_closing(&tx, found).await?;
        if matches!(found.provider, Provider::Google | Provider::Microsoft) {
            // The grant was ended: its account consents anew.
            let key = keys::of_channel(store, id, found.channel_id).await?;
            let change =
                StateChange { state: ChannelState::NeedsReauthorization, code: None, detail: None };
            channels::set_state(&tx, &key, id, found.channel_id, &change).await?;
        }
        woken.push(found.channel_id);
    }
    tx.commit().await?;
    for channel in woken {
        services.ports().wake.wake(channel);
    }
    tracing::info!(organization.id = %id, "the closing of an organization was taken back");
    Ok(())
}
