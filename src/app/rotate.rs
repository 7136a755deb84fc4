//! A new root key. Every process that has the keyring open holds the old one in memory, so that none
//! may be running.

use std::path::PathBuf;
use std::sync::Arc;

use super::{OpenError, open, running};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::{KeyError, Rotated};
use crate::ids::Ids;

/// Why the root key cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// A server, or another command, has the keyring open.
    #[error(
        "a server is running here, and it holds the root key in memory. Stop it (all of its \
         instances), change the root key, and start it again. Nothing was changed"
    )]
    Running,
    /// What is here cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<KeyError> for RotateError {
    fn from(error: KeyError) -> Self {
        Self::Open(error.into())
    }
}

/// What was done.
#[derive(Debug)]
pub struct Report {
    /// The version that the root key has now, and how many keys hang on it.
    pub rotated: Rotated,
    /// The new root key.
    pub path: PathBuf,
    /// The old one.
    pub previous: PathBuf,
}

/// Changes the root key, and opens the keyring with the new one to prove that it is the right one.
pub async fn root(
    config: &Config,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
) -> Result<Report, RotateError> {
    config.home.prepare().map_err(OpenError::from)?;
    let _lock = running::alone(config).await?.ok_or(RotateError::Running)?;
    let path = config.home.root_key();
    let keyring = open::existing_keyring(config, &clock, &ids).await?;
    let rotated = keyring.rotate_root(&path).await;
    keyring.close().await?;
    let rotated = rotated?;
    let proof = open::existing_keyring(config, &clock, &ids).await?;
    proof.server_key().await?;
    proof.close().await?;
    let mut previous = path.clone().into_os_string();
    previous.push(".previous");
    Ok(Report { rotated, path, previous: previous.into() })
}
