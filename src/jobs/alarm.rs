//! Tells admins what waits for them: at once when somebody asks, and every hour.

use async_trait::async_trait;
use chrono::TimeDelta;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, alarm};

/// What is told again daily is told within an hour of that.
const EVERY: TimeDelta = TimeDelta::hours(1);

/// Looks what there is to tell.
#[derive(Debug)]
pub struct Alarm {
    services: Services,
}

impl Alarm {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for Alarm {
    fn kind(&self) -> &'static str {
        alarm::KIND
    }

    async fn run(&self, _job: &Job) -> Result<Next, JobError> {
        alarm::run(&self.services).await.map_err(failed)?;
        Ok(Next::At(self.services.store().now() + EVERY))
    }
}
