//! Erases a person.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::failed;
use crate::domain::ids::ErasureId;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::Services;
use crate::service::erasure::{self, Progress};

/// A slice is shorter; giving space back may take longer.
const TIME_LIMIT: Duration = Duration::from_mins(10);

/// Erases.
#[derive(Debug)]
pub struct ErasePerson {
    services: Services,
}

impl ErasePerson {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for ErasePerson {
    fn kind(&self) -> &'static str {
        erasure::ERASE
    }

    /// They share the one writer, so two are no faster than one.
    fn at_once(&self) -> usize {
        1
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let id = job.payload.get("erasure_id").and_then(|id| id.as_str());
        let id: Option<Uuid> = id.and_then(|id| id.parse().ok());
        let (Some(organization), Some(id)) = (job.organization_id, id) else {
            return Err(JobError::new("payload"));
        };
        match erasure::run(&self.services, organization, ErasureId(id)).await.map_err(failed)? {
            Progress::Goes => Ok(Next::At(self.services.store().now())),
            // The end of a hold puts it into the queue again.
            Progress::Held | Progress::Ended => Ok(Next::Done),
        }
    }
}
