//! Clears what has served its time, every hour.

use async_trait::async_trait;
use chrono::TimeDelta;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, prune};

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
                keys.count = report.keys,
                "pruned"
            );
        }
        Ok(Next::At(self.services.store().now() + EVERY))
    }
}
