//! Deletes the data of a disconnected mailbox once its window has ended.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::failed;
use crate::domain::ids::PurgeId;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::Services;
use crate::service::purge::{self, Progress};

/// A slice is shorter; giving space back may take longer.
const TIME_LIMIT: Duration = Duration::from_mins(10);

/// Purges.
#[derive(Debug)]
pub struct PurgeMailbox {
    services: Services,
}

impl PurgeMailbox {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for PurgeMailbox {
    fn kind(&self) -> &'static str {
        purge::PURGE
    }

    /// They share the one writer, so two are no faster than one.
    fn at_once(&self) -> usize {
        1
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let id = job.payload.get("purge_id").and_then(|id| id.as_str());
        let id: Option<Uuid> = id.and_then(|id| id.parse().ok());
        let (Some(organization), Some(id)) = (job.organization_id, id) else {
            return Err(JobError::new("payload"));
        };
        match purge::run(&self.services, organization, PurgeId(id)).await.map_err(failed)? {
            Progress::Waits(until) => Ok(Next::At(until)),
            Progress::Goes => Ok(Next::At(self.services.store().now())),
            Progress::Ended => Ok(Next::Done),
        }
    }
}
