//! Makes backups, as often as is configured.

use std::time::Duration;

use async_trait::async_trait;

use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, backup};

/// A large server on a slow disk; a run that hangs must not keep the next from being made.
const LIMIT: Duration = Duration::from_hours(6);

/// Makes backups.
#[derive(Debug)]
pub struct Backup {
    services: Services,
}

impl Backup {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for Backup {
    fn kind(&self) -> &'static str {
        backup::KIND
    }

    fn time_limit(&self) -> Duration {
        LIMIT
    }

    async fn run(&self, _job: &Job) -> Result<Next, JobError> {
        let began = self.services.store().now();
        let again =
            backup::run(&self.services).await.map_err(|error| JobError::caused("backup", error))?;
        Ok(again.map_or(Next::Done, |after| Next::At(began + after)))
    }
}
