//! Removes what has been kept for as long as it may: each hour it looks whose night has come.

use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, retention};

/// Every organization's night begins at a full hour of some time zone.
const EVERY: TimeDelta = TimeDelta::hours(1);

/// The first night after a long time removes much.
const TIME_LIMIT: Duration = Duration::from_hours(2);

/// Removes what is due.
#[derive(Debug)]
pub struct Retain {
    services: Services,
}

impl Retain {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for Retain {
    fn kind(&self) -> &'static str {
        retention::KIND
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    async fn run(&self, _job: &Job) -> Result<Next, JobError> {
        retention::run(&self.services).await.map_err(failed)?;
        Ok(Next::At(self.services.store().now() + EVERY))
    }
}
