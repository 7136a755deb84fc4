//! Where the forget-list is, before anything is put in its place.

use std::sync::Arc;

use super::place::There;
use super::{Request, RestoreError};
use crate::app::{backup, open};
use crate::backup::{FORGET_LIST, ForgetFile};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::Keyring;
use crate::ids::Ids;
use crate::store::reconcile::{self, Disagreement, Union};

/// Opens the keyring that is there; makes none.
pub(super) async fn open_keyring(
    config: &Config,
    clock: &Arc<dyn Clock>,
    ids: &Arc<dyn Ids>,
) -> Result<Keyring, RestoreError> {
    Ok(open::existing_keyring(config, clock, ids).await?)
}

/// Puts together what every copy knows, and names the copies. Databases that are to be replaced
/// may be broken: then they know nothing.
pub(super) async fn collect(
    config: &Config,
    there: There,
    request: &Request,
    (clock, ids): (&Arc<dyn Clock>, &Arc<dyn Ids>),
) -> Result<(Union, Vec<String>), RestoreError> {
    let mut union = Union::default();
    let mut sources = Vec::new();
    let may_lie = request.override_incomplete.is_some();
    let mut add = |place: String, entries| match union.add(&place, entries) {
        Ok(()) => {
            sources.push(place);
            Ok(())
        }
        Err(problem) if may_lie => {
            tracing::warn!(%problem, "a copy of the forget-list was left out");
            Ok(())
        }
        Err(problem) => Err(RestoreError::Incomplete(problem)),
    };
    if there.keyring {
        match open_keyring(config, clock, ids).await {
            Ok(keyring) => {
                let entries = reconcile::all_of_keyring(&keyring).await;
                keyring.close().await?;
                add("the keyring".to_owned(), entries?)?;
            }
            Err(error) if request.keyring.is_none() => return Err(error),
            Err(error) => tracing::warn!(%error, "the keyring that is replaced cannot be read"),
        }
    }
    if there.data {
        match open::data(config).await {
            Ok(entries) => add("the data".to_owned(), entries)?,
            Err(error) if request.from.is_none() => return Err(error.into()),
            Err(error) => tracing::warn!(%error, "the data that is replaced cannot be read"),
        }
    }
    let mut files = backup::settings(config).forget_files();
    for folder in [&request.from, &request.keyring].into_iter().flatten() {
        files.push(ForgetFile::new(folder.join(FORGET_LIST)));
        if let Some(beside) = folder.parent() {
            files.push(ForgetFile::new(beside.join(FORGET_LIST)));
        }
    }
    for file in files {
        let place = file.path().display().to_string();
        let entries = match file.read() {
            Ok(Some(entries)) => entries,
            Ok(None) if config.backup.forget_list.as_deref() == Some(file.path()) && !may_lie => {
                return Err(RestoreError::Incomplete(Disagreement::Unreadable { place }));
            }
            Ok(None) => continue,
            Err(error) if may_lie => {
                tracing::warn!(%error, "a copy of the forget-list was left out");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        add(place, entries)?;
    }
    sources.sort();
    sources.dedup();
    Ok((union, sources))
}
