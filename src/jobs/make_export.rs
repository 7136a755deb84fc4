//! Writes an export.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::failed;
use crate::domain::ids::ParcelId;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, parcels};

/// A mailbox of 10 GB on a slow disk; who takes longer hangs.
const TIME_LIMIT: Duration = Duration::from_hours(6);

/// Writes exports.
#[derive(Debug)]
pub struct MakeExport {
    services: Services,
}

impl MakeExport {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for MakeExport {
    fn kind(&self) -> &'static str {
        parcels::MAKE
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    /// Each keeps a core and the disk busy.
    fn at_once(&self) -> usize {
        1
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let id = job.payload.get("parcel_id").and_then(|id| id.as_str());
        let id: Option<Uuid> = id.and_then(|id| id.parse().ok());
        let (Some(organization), Some(id)) = (job.organization_id, id) else {
            return Err(JobError::new("payload"));
        };
        let made = parcels::make(&self.services, organization, ParcelId(id), job.attempts);
        made.await.map_err(failed)?;
        Ok(Next::Done)
    }
}
