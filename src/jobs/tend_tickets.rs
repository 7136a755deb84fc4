//! Wakes tickets whose snooze has ended, and deletes for good what was ordered to be.

use async_trait::async_trait;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::Services;
use crate::service::acts::due;

/// Tends tickets.
#[derive(Debug)]
pub struct TendTickets {
    services: Services,
}

impl TendTickets {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for TendTickets {
    fn kind(&self) -> &'static str {
        due::KIND
    }

    async fn run(&self, _job: &Job) -> Result<Next, JobError> {
        Ok(Next::At(due::run(&self.services).await.map_err(failed)?))
    }
}
