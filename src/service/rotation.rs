//! A key gets a new secret: the server's, an organization's, or a mailbox's. (The root key is
//! another matter: [`crate::app::rotate`].)
//!
//! 1. [`begin`]: the rotation is written down with its job, committed → the keyring gives the key its
//!    new secret and wraps anew what hangs on it, in one transaction. From here on everything is sealed
//!    under the new secret, and opens under both.
//! 2. [`run`], the job: *resealing*: what the old secret sealed directly is sealed anew, a few rows at a
//!    time, with numbers → *waiting*: nothing needs the old secret but backups of data, which are
//!    restored with it for as long as they are kept → it is destroyed, the forget-list tells so →
//!    *done*.
//!
//! Content keys of tickets and messages, and profiles, keep their secrets: they are wrapped anew at
//! once, and replaced whenever their content is sealed anew for another reason. See ADR 7.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::access::{self, Object};
use super::{Result, ServiceError, Services};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::crypto::{KeyError, UpperKey};
use crate::domain::ids::OrganizationId;
use crate::domain::words::RotationState;
use crate::store::jobs::{self, NewJob};
use crate::store::resealing::{self, Page};
use crate::store::rotations;
use crate::store::{StoreError, Tx, forget, keys, mailboxes, organizations};

pub use crate::crypto::KeyKind;
pub use crate::store::resealing::Of;
pub use crate::store::rotations::Rotation;

/// The kind of job that seals anew.
pub const RESEAL: &str = "reseal";

/// After so long a run gives its place back to other jobs, and is taken up at once.
const SLICE: Duration = Duration::from_secs(20);

/// Rows per transaction.
const BATCH: u64 = 32;

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do.
    Goes,
    /// The old secret is kept until then.
    Waits(DateTime<Utc>),
    /// Nothing is left to do.
    Ended,
}

/// Whose key is to be rotated, as an operator says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The server's.
    Server,
    /// An organization's, by id or name.
    Organization(String),
    /// A mailbox's, by address.
    Mailbox(String),
}

/// What there is of keys.
#[derive(Debug, Clone)]
pub struct Status {
    /// The version of the root key.
    pub root_version: u32,
    /// Upper keys, each with a name for people.
    pub keys: Vec<(UpperKey, String)>,
    /// Rotations, the newest first.
    pub rotations: Vec<Rotation>,
}

/// Finds out whose key is meant.
pub async fn resolve(services: &Services, which: &Which) -> Result<Of> {
    let store = services.store();
    let missing = |field| ServiceError::invalid(field, "there is no such thing here");
    match which {
        Which::Server => Ok(Of::Server),
        Which::Organization(wanted) => {
            let mut found = organizations::list(store).await?;
            found.retain(|one| one.id.to_string() == *wanted || one.name == *wanted);
            match found.as_slice() {
                [one] => Ok(Of::Organization(one.id)),
                [] => Err(missing("organization")),
                _ => {
                    Err(ServiceError::invalid("organization", "several have that name: use the id"))
                }
            }
        }
        Which::Mailbox(address) => {
            let mut found = Vec::new();
            for organization in organizations::list(store).await? {
                for mailbox in mailboxes::list(store, organization.id).await? {
                    if mailbox.address.eq_ignore_ascii_case(address.trim()) {
                        found.push(Of::Channel(organization.id, mailbox.channel_id));
                    }
                }
            }
            match found.as_slice() {
                [one] => Ok(*one),
                [] => Err(missing("mailbox")),
                _ => Err(ServiceError::invalid("mailbox", "several organizations have it")),
            }
        }
    }
}

/// Gives a key its new secret. One that is being rotated already goes on with that.
pub async fn begin(services: &Services, of: Of) -> Result<Rotation> {
    let store = services.store();
    let key_id = match of {
        Of::Server => store.keyring().server_key().await.map_err(StoreError::from)?.id(),
        Of::Organization(id) => keys::of_organization(store, id).await?.id(),
        Of::Channel(id, channel) => keys::of_channel(store, id, channel).await?.id(),
    };
    let under_way = [RotationState::Wrapping, RotationState::Resealing];
    let known = rotations::list(store).await?;
    let known = known.iter().find(|one| one.key_id == key_id && under_way.contains(&one.state));
    let id = match known {
        Some(known) => known.id,
        None => write_down(services, of, key_id).await?,
    };
    let rotation = rotations::find(store, id).await?.ok_or(ServiceError::NotFound)?;
    if rotation.state == RotationState::Wrapping {
        wrap(services, &rotation).await?;
    }
    rotations::find(store, id).await?.ok_or(ServiceError::NotFound)
}

/// The rotation and its job, before the keyring is asked.
async fn write_down(services: &Services, of: Of, key_id: Uuid) -> Result<Uuid> {
    let store = services.store();
    let held = store.keyring().version_of(key_id).await.map_err(StoreError::from)?;
    let held = held.ok_or(ServiceError::NotFound)?;
    let (organization, channel) = of.ids();
    let object = match (organization, channel) {
        (_, Some(id)) => Object::new(ObjectKind::Mailbox, id),
        (Some(id), None) => Object::new(ObjectKind::Organization, id),
        (None, None) => Object::list(ObjectKind::Organization),
    };
    let organization = organization.map_or(access::SERVER, OrganizationId);
    access::record_by(services, organization, Who::Cli, Action::RotateKey, object).await?;
    let tx = store.begin().await?;
    let id = rotations::add(&tx, of, key_id, held.saturating_add(1)).await?;
    enqueue(&tx, id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Does what is due, for as long as a slice lasts.
pub async fn run(services: &Services, id: Uuid) -> Result<Progress> {
    let until = Instant::now() + SLICE;
    loop {
        match step_once(services, id).await? {
            Progress::Goes if Instant::now() < until => {}
            other => return Ok(other),
        }
    }
}

/// Does one step.
pub async fn step_once(services: &Services, id: Uuid) -> Result<Progress> {
    let store = services.store();
    let Some(rotation) = rotations::find(store, id).await? else { return Ok(Progress::Ended) };
    if rotation.state == RotationState::Done {
        return Ok(Progress::Ended);
    }
    match store.keyring().get(rotation.key_id).await {
        Ok(_) => {}
        // Its mailbox was purged, or its organization closed.
        Err(KeyError::Destroyed(_)) => return finish(services, &rotation).await,
        Err(other) => return Err(StoreError::from(other).into()),
    }
    match rotation.state {
        RotationState::Wrapping => wrap(services, &rotation).await,
        RotationState::Resealing => reseal(services, &rotation).await,
        RotationState::Waiting => forget_old(services, &rotation).await,
        RotationState::Done => Ok(Progress::Ended),
    }
}

/// The keyring's part: one transaction there.
async fn wrap(services: &Services, known: &Rotation) -> Result<Progress> {
    let store = services.store();
    let done = store.keyring().rotate(known.key_id, known.version).await;
    let done = done.map_err(StoreError::from)?;
    let mut total = 0;
    for spot in resealing::spots(known.of) {
        total += resealing::count(store, known.of, spot).await?;
    }
    let mut rotation = known.clone();
    rotation.state = RotationState::Resealing;
    rotation.children = i64::try_from(done.children).unwrap_or(i64::MAX);
    rotation.total = total;
    save(services, &rotation).await?;
    tracing::info!(key.id = %known.key_id, version = known.version, "a key is rotated");
    Ok(Progress::Goes)
}

async fn reseal(services: &Services, known: &Rotation) -> Result<Progress> {
    let looked = pass(services, known).await?;
    let mut rotation = known.clone();
    rotation.state = RotationState::Waiting;
    rotation.total = looked;
    rotation.done = looked;
    let now = services.store().now();
    rotation.resealed_at = Some(now);
    let kept = TimeDelta::days(services.options().forgetting.data_backup_days.into());
    rotation.forget_at = Some(now + kept);
    save(services, &rotation).await?;
    Ok(Progress::Goes)
}

/// Seals anew until a whole pass finds nothing more; how many rows that looked at.
async fn pass(services: &Services, rotation: &Rotation) -> Result<i64> {
    let store = services.store();
    let key = store.keyring().get(rotation.key_id).await.map_err(StoreError::from)?;
    loop {
        let (mut rows, mut changed) = (0_i64, 0);
        for spot in resealing::spots(rotation.of) {
            let mut after: Option<Vec<u8>> = None;
            loop {
                let tx = store.begin().await?;
                let page: Page =
                    resealing::page(&tx, rotation.of, spot, &key, after.as_deref(), BATCH).await?;
                rows += i64::try_from(page.rows).unwrap_or(0);
                if page.changed > 0 {
                    rotations::set_done(&tx, rotation.id, rows).await?;
                    tx.commit().await?;
                }
                changed += page.changed;
                let Some(last) = page.last else { break };
                after = Some(last);
            }
        }
        if changed == 0 {
            return Ok(rows);
        }
    }
}

/// The old secrets go once no backup of data needs them.
async fn forget_old(services: &Services, known: &Rotation) -> Result<Progress> {
    let store = services.store();
    if let Some(at) = known.forget_at.filter(|at| *at > store.now()) {
        return Ok(Progress::Waits(at));
    }
    // A process that had the key open may have sealed with it until it noticed.
    pass(services, known).await?;
    let old = known.version.saturating_sub(1);
    store.keyring().forget_versions(known.key_id, old).await.map_err(StoreError::from)?;
    forget::copy(store).await?;
    finish(services, known).await
}

async fn finish(services: &Services, known: &Rotation) -> Result<Progress> {
    let mut rotation = known.clone();
    rotation.state = RotationState::Done;
    rotation.finished_at = Some(services.store().now());
    save(services, &rotation).await?;
    Ok(Progress::Ended)
}

/// Another process may have been as far.
async fn save(services: &Services, rotation: &Rotation) -> Result<()> {
    let tx = services.store().begin().await?;
    match rotation.save(&tx).await {
        Ok(()) => tx.commit().await?,
        Err(StoreError::Stale) => {}
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

/// Versions and ages of keys, and how far rotations are.
pub async fn status(services: &Services) -> Result<Status> {
    let store = services.store();
    let mut names = std::collections::HashMap::new();
    for organization in organizations::list(store).await? {
        for mailbox in mailboxes::list(store, organization.id).await? {
            names.insert(mailbox.channel_id.0, mailbox.address);
        }
        names.insert(organization.id.0, organization.name);
    }
    let keys = store.keyring().upper_keys().await.map_err(StoreError::from)?;
    let name = |key: &UpperKey| {
        let id = key.channel_id.unwrap_or(key.organization_id);
        if id.is_nil() { String::new() } else { names.get(&id).cloned().unwrap_or_default() }
    };
    Ok(Status {
        root_version: store.keyring().root_version(),
        keys: keys
            .into_iter()
            .map(|key| {
                let name = name(&key);
                (key, name)
            })
            .collect(),
        rotations: rotations::list(store).await?,
    })
}

/// Puts every rotation that is not at its end into the queue again. For the start of the server.
pub async fn schedule(services: &Services) -> Result<()> {
    let open = rotations::list(services.store()).await?;
    let tx = services.store().begin().await?;
    for rotation in open.iter().filter(|one| one.state != RotationState::Done) {
        enqueue(&tx, rotation.id).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn enqueue(tx: &Tx, id: Uuid) -> Result<(), StoreError> {
    let job = NewJob {
        kind: RESEAL,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({ "rotation_id": id }),
        unique_key: Some(format!("{RESEAL}:{id}")),
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await
}
