//! Erasing a person: from the dry run to the last row.
//!
//! A person is a set of addresses and the profiles that have them ([`person`]).
//!
//! 1. [`preview`]: what there is, and what would become of it. Changes nothing.
//! 2. [`prepare`] and [`begin`]: the erasure is written down, the person sealed under a key of its
//!    own, and a job put into the queue, in the caller's transaction.
//! 3. [`run`], the job, a step at a time, each committed by itself:
//!    *planned* → everything is counted ([`scope`]), each ticket's fate and where the provider has
//!    copies are written down, and the addresses lead to the profile no more: mail that comes in
//!    from here on makes a new profile and is new mail → *destroying* → all keys die in one
//!    transaction of the keyring, which the forget-list tells → *deleting* → ticket by ticket
//!    ([`ticket`]) objects and rows go, or tombstones take their place; mail that was about to be
//!    filed under the old profile while this ran is found by it and goes too; the profile goes →
//!    *done*, and the key dies that sealed who it was.
//!    What legal holds keep is passed over (*held*) and goes when the holds end.
//!
//! Each step finds by what is left where an earlier run broke off.
//!
//! Which message is whose is decided in [`judge`]; to teach it a new case, change that.

use chrono::{DateTime, Utc};

use super::{Result, ServiceError, Services};
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ContactId, ErasureId, HoldId, MembershipId, OrganizationId};
use crate::domain::words::ErasureState;
use crate::store::erasures::{self, Erasure, Person};
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, folders, keys};

mod judge;
mod person;
mod run;
mod scope;
mod ticket;
mod unfiled;

pub use crate::store::erasures::Counts;
pub use run::{Progress, run, step_once};
pub use scope::{Preview, TicketRef};

/// The kind of job that erases.
pub const ERASE: &str = "erase";

/// Who is to be erased: all identities of a profile, and addresses that were typed. What leads to
/// further profiles takes those along: a profile is one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// A profile.
    pub contact_id: Option<ContactId>,
    /// Addresses.
    pub addresses: Vec<String>,
}

/// How far an erasure is, for people.
#[derive(Debug, Clone)]
pub struct ErasureView {
    /// Its id.
    pub id: ErasureId,
    /// How far it is.
    pub state: ErasureState,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When the keys died.
    pub keys_destroyed_at: Option<DateTime<Utc>>,
    /// When nothing was left.
    pub finished_at: Option<DateTime<Utc>>,
    /// How much there was; nothing counted while it is *planned*.
    pub counts: Counts,
    /// Messages that are gone or tombstones.
    pub removed: i64,
    /// Legal holds that keep something.
    pub holds: Vec<HoldId>,
}

/// A copy that the mailbox's provider has yet. Loket changes nothing there: somebody has to.
#[derive(Debug, Clone)]
pub struct ProviderCopy {
    /// The mailbox's name.
    pub mailbox: String,
    /// The folder, as the server calls it; empty when it is gone.
    pub folder: String,
    /// The folder's UIDVALIDITY when the mail was seen.
    pub uid_validity: i64,
    /// The mail's UID.
    pub uid: i64,
    /// When the provider received it.
    pub received_at: Option<DateTime<Utc>>,
}

/// What an erasure would do. A dry run.
pub async fn preview(
    services: &Services,
    organization_id: OrganizationId,
    subject: &Subject,
) -> Result<Preview> {
    let person = person::resolve(services, organization_id, subject).await?;
    scope::preview(services, organization_id, &person).await
}

/// An erasure that is about to begin: its key is committed.
#[derive(Debug)]
pub struct Prepared {
    organization_id: OrganizationId,
    key: OpenKey,
    person: Person,
}

/// Makes the erasure's key; before the transaction that begins it.
pub async fn prepare(
    services: &Services,
    organization_id: OrganizationId,
    subject: &Subject,
) -> Result<Prepared> {
    let person = person::resolve(services, organization_id, subject).await?;
    let store = services.store();
    let organization_key = keys::of_organization(store, organization_id).await?;
    let key = store
        .keyring()
        .create(KeyKind::Profile, organization_id.0, Some(&organization_key), None)
        .await
        .map_err(StoreError::from)?;
    Ok(Prepared { organization_id, key, person })
}

/// Begins it. The caller has checked that the person is who they say they are, and that the actor
/// may do this.
pub async fn begin(
    tx: &Tx,
    prepared: &Prepared,
    requested_by: Option<MembershipId>,
) -> Result<ErasureId> {
    let id = ErasureId(tx.store().new_id());
    let Prepared { organization_id, key, person } = prepared;
    erasures::add(tx, *organization_id, id, key, person, requested_by).await?;
    enqueue(tx, *organization_id, id).await?;
    Ok(id)
}

/// How far an erasure is.
pub async fn find(
    services: &Services,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<Option<ErasureView>> {
    let Some(erasure) = erasures::find(services.store(), organization_id, id).await? else {
        return Ok(None);
    };
    let holds = run::holding(services, &erasure).await?;
    Ok(Some(ErasureView {
        id,
        state: erasure.state,
        requested_at: erasure.requested_at,
        keys_destroyed_at: erasure.keys_destroyed_at,
        finished_at: erasure.finished_at,
        counts: erasure.counts,
        removed: erasure.removed,
        holds,
    }))
}

/// The copies that are at providers yet, as far as the ledger knew when everything was counted.
pub async fn copies(
    services: &Services,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<Vec<ProviderCopy>> {
    let store = services.store();
    let erasure =
        erasures::find(store, organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    let organization_key = keys::of_organization(store, organization_id).await?;
    named(services, organization_id, erasure.copies(&organization_key)?).await
}

/// With the names of mailboxes and folders. Those of a mailbox that is gone are left out.
async fn named(
    services: &Services,
    organization_id: OrganizationId,
    copies: Vec<erasures::Copy>,
) -> Result<Vec<ProviderCopy>> {
    let store = services.store();
    let names = super::names::Names::load(services, organization_id).await?;
    let mut known = std::collections::HashMap::new();
    let mut found = Vec::with_capacity(copies.len());
    for copy in copies {
        let channel_id = copy.channel_id;
        if let std::collections::hash_map::Entry::Vacant(unknown) = known.entry(channel_id) {
            let folders = match keys::of_channel(store, organization_id, channel_id).await {
                Ok(key) => Some(folders::list(store, &key, organization_id, channel_id).await?),
                Err(StoreError::Key(_) | StoreError::Corrupt { .. }) => None,
                Err(other) => return Err(other.into()),
            };
            unknown.insert(folders);
        }
        let Some(Some(folders)) = known.get(&channel_id) else { continue };
        let folder = folders.iter().find(|folder| folder.id == copy.folder_id);
        if folder.is_some_and(|folder| folder.name == super::import::FOLDER) {
            continue;
        }
        found.push(ProviderCopy {
            mailbox: names.channel(channel_id),
            folder: folder.map(|folder| folder.name.clone()).unwrap_or_default(),
            uid_validity: copy.uid_validity,
            uid: copy.uid,
            received_at: copy.received_at,
        });
    }
    Ok(found)
}

/// Puts every erasure that is not at its end into the queue again: after a restore the queue may
/// not know of it. For the start of the server.
pub async fn schedule(services: &Services) -> Result<()> {
    let open = erasures::list_open(services.store(), None).await?;
    let tx = services.store().begin().await?;
    for erasure in open {
        enqueue(&tx, erasure.organization_id, erasure.id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A hold has ended: what it kept of persons who are erased is looked at.
pub async fn resume_held(tx: &Tx, organization_id: OrganizationId) -> Result<(), StoreError> {
    for erasure in erasures::list_open(tx.store(), Some(organization_id)).await? {
        enqueue(tx, organization_id, erasure.id).await?;
    }
    Ok(())
}

async fn enqueue(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ErasureId,
) -> Result<(), StoreError> {
    let job = NewJob {
        kind: ERASE,
        organization_id: Some(organization_id),
        subject_id: None,
        payload: serde_json::json!({ "erasure_id": id }),
        unique_key: Some(format!("{ERASE}:{id}")),
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await
}

/// The erasure, locked.
async fn lock(tx: &Tx, known: &Erasure) -> Result<Erasure> {
    erasures::lock(tx, known.organization_id, known.id).await?.ok_or(ServiceError::NotFound)
}
