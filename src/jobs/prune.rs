//! Clears what has served its time, every hour.

use async_trait::async_trait;
use chrono::TimeDelta;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, backup, prune};

/// Often enough that little piles up, rarely enough that nobody notices.
const EVERY: TimeDelta = TimeDelta::hours(1);

/// Prunes.
#[derive(Debug)]
pub struct Prune {
    services: Services,
}

impl Prune {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for Prune {
    fn kind(&self) -> &'static str {
        prune::KIND
    }

    async fn run(&self, _job: &Job) -> Result<Next, JobError> {
        let report = prune::run(&self.services).await.map_err(failed)?;
        if report != prune::Report::default() {
            tracing::info!(
                sessions.count = report.sessions,
                answers.count = report.answers,
                uploads.count = report.uploads,
                exports.count = report.exports,
                keys.count = report.keys,
                "pruned"
            );
        }
        match backup::prune(&self.services).await {
            Ok(pruned) if pruned != backup::Pruned::default() => {
                tracing::info!(
                    data.count = pruned.data.len(),
                    keyring.count = pruned.keyring.len(),
                    blobs.count = pruned.blobs,
                    aside.count = pruned.aside.len(),
                    "backups were pruned"
                );
            }
            // One is being made, and prunes when it is done.
            Ok(_) | Err(backup::Failure::NotSet) => {}
            Err(error) if error.is_busy() => {}
            Err(error) => return Err(JobError::caused("backup", error)),
        }
        Ok(Next::At(self.services.store().now() + EVERY))
    }
}
