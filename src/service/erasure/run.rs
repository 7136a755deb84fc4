//! What an erasure does, step by step. A run that breaks off anywhere is taken up where it was: the
//! state says which step, and what is left says how far.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::judge::judge;
use super::{lock, person, scope, ticket, unfiled};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::crypto::{KeyError, OpenKey};
use crate::domain::ids::{ErasureId, HoldId, OrganizationId, TicketId};
use crate::domain::words::{ErasureState, Fate, HoldKind};
use crate::service::access::{self, Object};
use crate::service::data_requests::erase;
use crate::service::purge::reclaim;
use crate::service::{Result, ServiceError, Services, dead_keys, letters};
use crate::store::erasures::{self, Erasure, Person};
use crate::store::removal::{self, Leftover};
use crate::store::{Scope, StoreError, erasure_rows, forget, holds, keys, messages};

/// After so long a run gives its place back to other jobs, and is taken up at once.
const SLICE: Duration = Duration::from_secs(20);

/// Every fate but being held.
const DUE: &[Fate] = &[Fate::Delete, Fate::Redact, Fate::Mention];

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do.
    Goes,
    /// A legal hold keeps what is left.
    Held,
    /// Nothing is left to do.
    Ended,
}

/// Does what is due, for as long as a slice lasts.
pub async fn run(
    services: &Services,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<Progress> {
    let until = Instant::now() + SLICE;
    loop {
        match step_once(services, organization_id, id).await? {
            Progress::Goes if Instant::now() < until => {}
            other => return Ok(other),
        }
    }
}

/// Does one thing that is committed by itself.
pub async fn step_once(
    services: &Services,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<Progress> {
    let store = services.store();
    let Some(erasure) = erasures::find(store, organization_id, id).await? else {
        return Ok(Progress::Ended);
    };
    if erasure.state == ErasureState::Done {
        return Ok(Progress::Ended);
    }
    let key = match store.keyring().get(erasure.key_id).await {
        Ok(key) => key,
        // It was done before the data was put back; the forget-list has been replayed.
        Err(KeyError::Destroyed(_)) => return close(services, &erasure).await,
        Err(other) => return Err(StoreError::from(other).into()),
    };
    let person = erasure.person(&key)?.ok_or(ServiceError::NotFound)?;
    match erasure.state {
        ErasureState::Planned => plan(services, &erasure, &person).await,
        ErasureState::Destroying => destroy(services, &erasure, &person).await,
        ErasureState::Deleting => delete(services, &erasure, &person).await,
        ErasureState::Held => release(services, &erasure, &person).await,
        ErasureState::Done => Ok(Progress::Ended),
    }
}

/// The holds that keep something of the person.
pub(super) async fn holding(services: &Services, erasure: &Erasure) -> Result<Vec<HoldId>> {
    if erasure.state != ErasureState::Held && erasure.counts.tickets_held == 0 {
        return Ok(Vec::new());
    }
    let store = services.store();
    let held = erasures::tickets(store, erasure, &[Fate::Hold], u64::from(u16::MAX)).await?;
    let lasting = holds::lasting(store, erasure.organization_id).await?;
    let whole = Scope::whole(erasure.organization_id);
    let mut found = BTreeSet::new();
    let ids: Vec<TicketId> = held.into_iter().map(|(id, _)| id).collect();
    for ticket in crate::store::tickets::find_many(store, &whole, &ids).await? {
        let messages = messages::list(store, &whole, ticket.id).await?;
        found.extend(scope::held_by(&lasting, &ticket, &messages));
    }
    Ok(found.into_iter().collect())
}

/// Whether a profile stays for now: a hold keeps it, or a ticket that names it.
async fn keeps_profiles(services: &Services, erasure: &Erasure, person: &Person) -> Result<bool> {
    let store = services.store();
    if !erasures::tickets(store, erasure, &[Fate::Hold], 1).await?.is_empty() {
        return Ok(true);
    }
    let lasting = holds::lasting(store, erasure.organization_id).await?;
    Ok(lasting.iter().any(|hold| match hold.kind {
        HoldKind::Organization => true,
        HoldKind::Contact => person.contacts.iter().any(|id| id.0 == hold.subject_id),
        HoldKind::Ticket | HoldKind::Mailbox => false,
    }))
}

/// Counts what there is, and says what becomes of each ticket. Unless a hold keeps something, the
/// addresses lead to the profiles no more.
async fn plan(services: &Services, known: &Erasure, person: &Person) -> Result<Progress> {
    let store = services.store();
    let organization_id = known.organization_id;
    let found = scope::look(services, organization_id, person).await?;
    let organization_key = keys::of_organization(store, organization_id).await?;
    let lasting = holds::lasting(store, organization_id).await?;
    let is_held = found.counts.tickets_held > 0
        || lasting.iter().any(|hold| {
            hold.kind == HoldKind::Contact
                && person.contacts.iter().any(|id| id.0 == hold.subject_id)
        });
    let tx = store.begin().await?;
    let mut erasure = lock(&tx, known).await?;
    if erasure.state != ErasureState::Planned {
        return Ok(Progress::Goes);
    }
    erasure.state = ErasureState::Destroying;
    erasure.planned_at = Some(store.now());
    erasure.counts = found.counts;
    erasure.set_copies(&organization_key, &found.copies)?;
    erasure.save(&tx).await?;
    erasures::add_tickets(&tx, &erasure, &found.fates()).await?;
    if !is_held {
        erasure_rows::remove_identities(&tx, organization_id, &person.contacts).await?;
    }
    tx.commit().await?;
    Ok(Progress::Goes)
}

/// Every key that sealed what goes dies at once, and the forget-list tells so.
async fn destroy(services: &Services, known: &Erasure, person: &Person) -> Result<Progress> {
    letters::remove_addressed(services, known.organization_id, &person.addresses).await?;
    let store = services.store();
    let organization_id = known.organization_id;
    let unfiled = unfiled::find(services, organization_id, person).await?;
    let dead = dying(services, known, person).await?;
    let object = Object::new(ObjectKind::Erasure, known.id.0);
    access::record_by(services, organization_id, Who::System, Action::DestroyKeys, object).await?;
    unfiled::remove(services, &unfiled).await?;
    forget::erase_keys(store, &dead).await?;
    let tx = store.begin().await?;
    let mut erasure = lock(&tx, known).await?;
    if erasure.state == ErasureState::Destroying {
        erasure.state = ErasureState::Deleting;
        erasure.keys_destroyed_at = erasure.keys_destroyed_at.or(Some(store.now()));
        erasure.save(&tx).await?;
    }
    tx.commit().await?;
    tracing::info!(erasure.id = %known.id, "the keys of an erased person's mail are destroyed");
    Ok(Progress::Goes)
}

/// The keys of everything that goes. Those of what is sealed anew die once that is done.
async fn dying(services: &Services, erasure: &Erasure, person: &Person) -> Result<Vec<Uuid>> {
    let store = services.store();
    let organization_id = erasure.organization_id;
    let whole = Scope::whole(organization_id);
    let mut dead: BTreeSet<Uuid> = BTreeSet::new();
    let fates = [Fate::Delete, Fate::Redact];
    let tickets = erasures::tickets(store, erasure, &fates, u64::from(u32::MAX)).await?;
    for (id, fate) in tickets {
        let messages = messages::list(store, &whole, id).await?;
        let judged = judge(person, &messages, erasure.planned_at);
        // Somebody else may have joined since it was counted: what they wrote stays.
        let goes = fate == Fate::Delete && !judged.others;
        let of: Vec<&messages::Message> =
            if goes { messages.iter().collect() } else { judged.theirs };
        let ids: Vec<_> = of.iter().map(|message| message.id).collect();
        dead.extend(of.iter().map(|message| message.key_id));
        dead.extend(removal::raw_keys_of(store, organization_id, &ids).await?);
        if goes {
            dead.extend(removal::ticket_keys(store, organization_id, &[id]).await?);
        }
    }
    if !keeps_profiles(services, erasure, person).await? {
        dead.extend(erasure_rows::profile_keys(store, organization_id, &person.contacts).await?);
    }
    Ok(dead.into_iter().collect())
}

/// Removes the next ticket's part, or ends.
async fn delete(services: &Services, erasure: &Erasure, person: &Person) -> Result<Progress> {
    let store = services.store();
    let organization_id = erasure.organization_id;
    let blinds = person::blinds(services, organization_id, person).await?;
    let next = erasures::tickets(store, erasure, DUE, 1).await?;
    if let Some((id, fate)) = next.first().copied() {
        ticket::settle(services, erasure, person, &blinds, (id, fate)).await?;
        return Ok(Progress::Goes);
    }
    if keeps_profiles(services, erasure, person).await? {
        let tx = store.begin().await?;
        let mut held = lock(&tx, erasure).await?;
        held.state = ErasureState::Held;
        held.save(&tx).await?;
        tx.commit().await?;
        return Ok(Progress::Held);
    }
    // What was about to be filed under the old profile when the addresses were taken from it.
    let late = erasure_rows::tickets_of_contacts(store, organization_id, &person.contacts).await?;
    let late: Vec<TicketId> = late.into_iter().map(TicketId).collect();
    if !late.is_empty() && came_before(services, erasure, person).await? {
        let found =
            scope::look_at(services, organization_id, person, &late, erasure.planned_at).await?;
        let fates = found.fates();
        if !fates.is_empty() {
            let tx = store.begin().await?;
            erasures::add_tickets(&tx, erasure, &fates).await?;
            tx.commit().await?;
            return Ok(Progress::Goes);
        }
    }
    remove_profiles(services, erasure, person).await?;
    reclaim(services).await?;
    finish(services, erasure).await
}

/// Whether what still names the profiles belongs to the erasure. Where a hold kept the profiles,
/// their addresses led to them all the while: what came since is new mail, and they stay for it.
async fn came_before(services: &Services, erasure: &Erasure, person: &Person) -> Result<bool> {
    let of_profiles =
        erasure_rows::has_identities(services.store(), erasure.organization_id, &person.contacts);
    Ok(!of_profiles.await?)
}

/// The profiles go; one that new mail names stays.
async fn remove_profiles(services: &Services, erasure: &Erasure, person: &Person) -> Result<()> {
    let store = services.store();
    let organization_id = erasure.organization_id;
    let dead = erasure_rows::profile_keys(store, organization_id, &person.contacts).await?;
    let left = removal::left_over(store, organization_id, &person.contacts).await?;
    let tx = store.begin().await?;
    let gone: Vec<Leftover> = removal::contacts(&tx, organization_id, &left).await?;
    let dead: Vec<Uuid> =
        gone.iter().map(|one| one.key_id).filter(|id| dead.contains(id)).collect();
    dead_keys::order(&tx, &dead).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &dead).await
}

/// Nobody knows any more who it was.
async fn finish(services: &Services, known: &Erasure) -> Result<Progress> {
    let store = services.store();
    let request = erase::asked_by(services, known.organization_id, known.id).await?;
    let tx = store.begin().await?;
    let mut erasure = lock(&tx, known).await?;
    if erasure.state != ErasureState::Deleting {
        return Ok(Progress::Ended);
    }
    erasure.state = ErasureState::Done;
    erasure.finished_at = Some(store.now());
    erasure.forget_person();
    erasure.save(&tx).await?;
    erase::ended(&tx, request).await?;
    dead_keys::order(&tx, &[known.key_id]).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &[known.key_id]).await?;
    tracing::info!(erasure.id = %known.id, "a person is erased");
    Ok(Progress::Ended)
}

/// Nothing is known any more of whom it was about.
async fn close(services: &Services, known: &Erasure) -> Result<Progress> {
    let store = services.store();
    let request = erase::asked_by(services, known.organization_id, known.id).await?;
    let tx = store.begin().await?;
    let mut erasure = lock(&tx, known).await?;
    erasure.state = ErasureState::Done;
    erasure.finished_at = Some(store.now());
    erasure.forget_person();
    erasure.save(&tx).await?;
    erase::ended(&tx, request).await?;
    tx.commit().await?;
    Ok(Progress::Ended)
}

/// Takes up what no hold keeps any more.
async fn release(services: &Services, known: &Erasure, person: &Person) -> Result<Progress> {
    let store = services.store();
    let held = erasures::tickets(store, known, &[Fate::Hold], u64::from(u16::MAX)).await?;
    let ids: Vec<TicketId> = held.into_iter().map(|(id, _)| id).collect();
    let found = scope::look_at(services, known.organization_id, person, &ids, None).await?;
    let free: Vec<(TicketId, Fate)> =
        found.fates().into_iter().filter(|(_, fate)| *fate != Fate::Hold).collect();
    // Deleted since, with a purge that the hold did not stop.
    let gone: Vec<TicketId> = ids
        .iter()
        .copied()
        .filter(|id| !found.tickets.iter().any(|(ticket, _)| ticket.id == *id))
        .collect();
    if free.is_empty() && gone.is_empty() && keeps_profiles(services, known, person).await? {
        return Ok(Progress::Held);
    }
    let tx = store.begin().await?;
    let mut erasure = lock(&tx, known).await?;
    if erasure.state != ErasureState::Held {
        return Ok(Progress::Goes);
    }
    for id in free.iter().map(|(id, _)| id).chain(&gone) {
        erasures::ticket_done(&tx, &erasure, *id).await?;
    }
    erasures::add_tickets(&tx, &erasure, &free).await?;
    let more = found.counts;
    let counts = &mut erasure.counts;
    counts.tickets_held -= i64::try_from(free.len() + gone.len()).unwrap_or(0);
    counts.tickets_deleted += more.tickets_deleted;
    counts.tickets_redacted += more.tickets_redacted;
    counts.tickets_mentioned += more.tickets_mentioned;
    counts.messages += more.messages;
    counts.attachments += more.attachments;
    counts.answers_redacted += more.answers_redacted;
    counts.mentions += more.mentions;
    counts.drafts += more.drafts;
    counts.deliveries += more.deliveries;
    erasure.state = ErasureState::Destroying;
    erasure.save(&tx).await?;
    tx.commit().await?;
    Ok(Progress::Goes)
}

/// Those of these keys that open.
pub(super) async fn open_among(
    services: &Services,
    ids: &[Uuid],
) -> Result<std::collections::HashMap<Uuid, OpenKey>> {
    Ok(services.store().keyring().get_many(ids).await.map_err(StoreError::from)?)
}
