//! One mailbox is read up to now, beside whatever server runs.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Options;
use super::imap::SyncError;
use super::reading::{failure, read_once};
use crate::net::Net;
use crate::service::reading::{self, RENEW};
use crate::service::sync::{self, SyncMailbox};
use crate::service::{ServiceError, Services};

/// How often to see whether the server has looked.
const SEE: Duration = Duration::from_millis(200);

/// A server that reads the mailbox looks within seconds, unless it cannot reach it.
const PATIENCE: Duration = Duration::from_mins(2);

/// Who looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// This process.
    Here,
    /// The server that reads the mailbox.
    Server,
}

/// Why a mailbox was not read.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    /// It cannot be read; the mailbox's state says so too. `words` are the server's own.
    #[error("{code}")]
    Unreadable {
        /// A stable word.
        code: &'static str,
        /// The server's own words.
        words: Option<String>,
    },
    /// The server that reads it does not get to it.
    #[error("the server that reads this mailbox does not get to it")]
    Busy,
    /// Our own side.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Reads a mailbox up to now: here, or by asking the server that reads it.
pub async fn once(
    services: &Services,
    net: &Net,
    mailbox: &SyncMailbox,
    options: Options,
) -> Result<Looked, OnceError> {
    let reader = services.store().new_id();
    let target = &mailbox.target;
    let until = Instant::now() + PATIENCE;
    let mut wished = false;
    while !reading::take(services, target, reader).await? {
        if wished && reading::wished(services, target).await?.is_none() {
            return Ok(Looked::Server);
        }
        if !wished {
            reading::wish(services, target).await?;
            wished = true;
        }
        if Instant::now() >= until {
            return Err(OnceError::Busy);
        }
        tokio::time::sleep(SEE).await;
    }
    let bell = Notify::new();
    let done = tokio::select! {
        done = read_once(services, net, mailbox, &bell, options, true) => done,
        lost = keep(services, reader) => Err(lost.into()),
    };
    reading::release(services, reader, None).await?;
    let Err(error) = done else { return Ok(Looked::Here) };
    if let SyncError::Service(error @ (ServiceError::Store(_) | ServiceError::Internal(_))) = error
    {
        return Err(error.into());
    }
    let failure = failure(&error);
    sync::report_failure(services, mailbox, &failure).await?;
    Err(OnceError::Unreadable { code: failure.code, words: failure.words })
}

/// Renews the lease until that fails.
async fn keep(services: &Services, reader: uuid::Uuid) -> ServiceError {
    loop {
        tokio::time::sleep(RENEW).await;
        match reading::renew(services, reader).await {
            Ok(held) if held.is_empty() => {
                return ServiceError::conflict("lost", "Another process reads this mailbox now.");
            }
            Ok(_) => {}
            Err(error) => return error,
        }
    }
}
