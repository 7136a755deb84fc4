//! `loket restore`: a server from its backups.
//!
//! 1. Takes the lock alone: nothing is put under a running server.
//! 2. Reads the backups whole and compares them with their manifests; finds what is in the way.
//! 3. Collects the forget-list from everywhere: the databases that are there now, the files
//!    beside the backups, the configured place, the backups themselves ([`sources`]).
//! 4. Moves the old aside and puts the new in its place ([`place`]); until the end all of it can
//!    be taken back. The keyring comes first: it tells whether it signed the manifests and the
//!    list. A list that is not complete ends the restore here, unless an operator overrides.
//! 5. Opens the store, replays the list, removes what hangs on destroyed keys, stops what must
//!    not go on (`service::restore`).
//!
//! A file in the data folder says from 4 to the end that a restore is under way: a server whose
//! restore was broken off does not start.

mod place;
mod sources;

use std::path::PathBuf;
use std::sync::Arc;

use super::running::{self, UNFINISHED};
use super::{App, OpenError};
use crate::backup::{BackupError, DatabaseKind, Kind, Manifest, Pool, Verified, verify};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::{KeyError, Keyring};
use crate::ids::Ids;
use crate::service::backup::Failure;
use crate::service::restore::{self, Done};
use crate::store::reconcile::{Disagreement, Union};
use crate::store::{StoreError, pairing, restored};
use place::Placed;

/// What is to be restored.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A backup of the data.
    pub from: Option<PathBuf>,
    /// A backup of the keyring.
    pub keyring: Option<PathBuf>,
    /// Whether what is there now may be moved aside.
    pub replace: bool,
    /// Why to go on although the forget-list is incomplete.
    pub override_incomplete: Option<String>,
}

/// What was done, in numbers.
#[derive(Debug)]
pub struct Report {
    /// What the use cases did.
    pub done: Done,
    /// The number of the last entry of the forget-list.
    pub last_forgotten: u64,
    /// The copies of it that were read.
    pub sources: Vec<String>,
    /// What was wrong with it and was overridden.
    pub overridden: Vec<Disagreement>,
    /// Where what was there before is now.
    pub aside: Vec<String>,
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Neither backup was named.
    #[error("name a backup of the data (--from), of the keyring (--keyring), or both")]
    Nothing,
    /// It is in use.
    #[error(
        "a server or another command has this home folder or its database open: stop it first \
         (every instance, with PostgreSQL). Nothing was changed"
    )]
    Running,
    /// Something is there.
    #[error(
        "{what} is there already. To move it aside and put the backup in its place, say --replace. \
         Nothing was changed"
    )]
    Occupied {
        /// What.
        what: &'static str,
    },
    /// What is not restored must be there.
    #[error("{what} is not here, so its backup is needed too: name it with {flag}")]
    Absent {
        /// What.
        what: &'static str,
        /// The option that names its backup.
        flag: &'static str,
    },
    /// The configuration names another kind of database than the backup is of.
    #[error(
        "the backup of the {kind} is of {found}, and the configuration names {wanted}: correct \
         database.url or database.keyring_url"
    )]
    OtherDatabase {
        /// Of what.
        kind: &'static str,
        /// What the backup is of.
        found: &'static str,
        /// What is configured.
        wanted: &'static str,
    },
    /// Backups of different servers.
    #[error("the backup of the data and the keyring are of different servers")]
    Unpaired,
    /// The backup is newer than this build.
    #[error("the backup was made by a newer version of Loket: upgrade first")]
    Newer,
    /// The forget-list is incomplete.
    #[error(
        "{0}. Nothing was changed. Only if no complete copy exists any more: go on with \
         --override-incomplete REASON, which is recorded"
    )]
    Incomplete(Disagreement),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The home folder or what is in it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The work on the databases.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<KeyError> for RestoreError {
    fn from(error: KeyError) -> Self {
        Self::Open(error.into())
    }
}

impl From<StoreError> for RestoreError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Backup(error) => Self::Backup(error),
            StoreError::Forget(problem) => Self::Incomplete(problem),
            other => Self::Open(other.into()),
        }
    }
}

/// Restores.
pub async fn run(
    config: &Config,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    request: &Request,
) -> Result<Report, RestoreError> {
    if request.from.is_none() && request.keyring.is_none() {
        return Err(RestoreError::Nothing);
    }
    config.home.prepare().map_err(OpenError::from)?;
    let _lock = running::alone(config).await?.ok_or(RestoreError::Running)?;
    let data = read(request.from.as_ref(), Kind::Data, config).await?;
    let keyring = read(request.keyring.as_ref(), Kind::Keyring, config).await?;
    if data.as_ref().is_some_and(|data| data.manifest.schema > restored::known_schema()) {
        return Err(RestoreError::Newer);
    }
    let there = place::look(config).await?;
    for (what, is_there, backup, flag) in [
        ("the data", there.data, &data, "--from"),
        ("the keyring", there.keyring, &keyring, "--keyring"),
    ] {
        match (is_there, backup) {
            (true, Some(_)) if !request.replace => return Err(RestoreError::Occupied { what }),
            (false, None) => return Err(RestoreError::Absent { what, flag }),
            _ => {}
        }
    }
    if let (Some(data), Some(keyring)) = (&data, &keyring)
        && data.manifest.pairing != keyring.manifest.pairing
    {
        return Err(RestoreError::Unpaired);
    }
    let (mut union, sources) = sources::collect(config, there, request, (&clock, &ids)).await?;
    for backup in [&data, &keyring].into_iter().flatten() {
        union.reaches(backup.manifest.last_forgotten);
    }

    let mark = config.home.data().join(UNFINISHED);
    std::fs::write(&mark, []).map_err(|source| OpenError::Lock { path: mark.clone(), source })?;
    crate::backup::sync_folder(config.home.data())?;
    let mut placed = Placed::new(config, clock.now(), ids.uuid(clock.now()));
    let work = Work { config, clock, ids, request, data, keyring };
    match work.put(&mut placed, &mut union).await {
        Ok((done, overridden)) => {
            let failed = |source| OpenError::Lock { path: mark.clone(), source };
            std::fs::remove_file(&mark).map_err(failed)?;
            crate::backup::sync_folder(config.home.data())?;
            let last_forgotten = union.last();
            Ok(Report { done, last_forgotten, sources, overridden, aside: placed.keep() })
        }
        Err(error) => {
            placed.take_back().await?;
            std::fs::remove_file(&mark)
                .map_err(|source| OpenError::Lock { path: mark.clone(), source })?;
            Err(error)
        }
    }
}

/// Reads a backup whole.
async fn read(
    folder: Option<&PathBuf>,
    kind: Kind,
    config: &Config,
) -> Result<Option<Verified>, RestoreError> {
    let Some(folder) = folder else { return Ok(None) };
    let verified = verify(folder, kind).await?;
    let on_postgres = match kind {
        Kind::Data => config.database.on_postgres().is_some(),
        Kind::Keyring => config.database.keyring_on_postgres().is_some(),
    };
    let wanted = if on_postgres { DatabaseKind::Postgres } else { DatabaseKind::Sqlite };
    let name = |kind| match kind {
        DatabaseKind::Postgres => "PostgreSQL",
        DatabaseKind::Sqlite => "SQLite",
    };
    if verified.manifest.database != wanted {
        return Err(RestoreError::OtherDatabase {
            kind: kind.as_str(),
            found: name(verified.manifest.database),
            wanted: name(wanted),
        });
    }
    Ok(Some(verified))
}

struct Work<'a> {
    config: &'a Config,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    request: &'a Request,
    data: Option<Verified>,
    keyring: Option<Verified>,
}

impl Work<'_> {
    /// Everything that can be taken back.
    async fn put(
        &self,
        placed: &mut Placed<'_>,
        union: &mut Union,
    ) -> Result<(Done, Vec<Disagreement>), RestoreError> {
        if let (Some(_), Some(folder)) = (&self.keyring, &self.request.keyring) {
            placed.keyring(folder).await?;
        }
        let keyring = sources::open_keyring(self.config, &self.clock, &self.ids).await?;
        let found = self.believe(&keyring, union).await;
        keyring.close().await?;
        let wrong = found?;
        match wrong.first() {
            Some(problem) if self.request.override_incomplete.is_none() => {
                return Err(RestoreError::Incomplete(problem.clone()));
            }
            _ => {}
        }
        if let (Some(_), Some(folder)) = (&self.data, &self.request.from) {
            placed.data(folder).await?;
        }
        let app =
            App::assemble(self.config, Arc::clone(&self.clock), Arc::clone(&self.ids)).await?;
        let done = self.finish(&app, union, !wrong.is_empty()).await;
        app.services.store().close().await?;
        app.services.store().keyring().close().await?;
        Ok((done?, wrong))
    }

    /// Whether this keyring's server made the backups, and what is wrong with the forget-list.
    async fn believe(
        &self,
        keyring: &Keyring,
        union: &mut Union,
    ) -> Result<Vec<Disagreement>, RestoreError> {
        let pairing = pairing::of_keyring(keyring).await?;
        for (backup, folder) in
            [(&self.data, &self.request.from), (&self.keyring, &self.request.keyring)]
        {
            let (Some(backup), Some(folder)) = (backup, folder) else { continue };
            if pairing.as_ref() != Some(&backup.manifest.pairing) {
                return Err(RestoreError::Unpaired);
            }
            let key = keyring.public_key(backup.seal.signing_key_id).await?;
            if !key.is_some_and(|key| backup.seal.verify(&key)) {
                let path = Manifest::path(folder);
                let what = "this server did not sign it";
                return Err(BackupError::Altered { path, what }.into());
            }
        }
        Ok(union.check(keyring).await?)
    }

    async fn finish(
        &self,
        app: &App,
        union: &Union,
        overridden: bool,
    ) -> Result<Done, RestoreError> {
        let store = app.services.store();
        store.migrate().await?;
        let pool = match &self.request.from {
            Some(folder) => Pool::of_backup(folder)?,
            None => None,
        };
        let blobs = self.data.as_ref().map(|data| data.manifest.blobs.as_slice());
        let pool = pool.as_ref().zip(blobs);
        let reason = self.request.override_incomplete.as_deref().filter(|_| overridden);
        Ok(restore::finish(&app.services, union, pool, reason).await?)
    }
}
