//! Closes an organization: stops its mailboxes, and deletes it once the window has ended.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::failed;
use crate::domain::ids::{ClosingId, OrganizationId};
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::Services;
use crate::service::closing::{self, Progress};

/// A slice is shorter; giving space back may take longer.
const TIME_LIMIT: Duration = Duration::from_mins(10);

/// Closes organizations.
#[derive(Debug)]
pub struct CloseOrganization {
    services: Services,
}

impl CloseOrganization {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for CloseOrganization {
    fn kind(&self) -> &'static str {
        closing::CLOSE
    }

    /// They share the one writer, so two are no faster than one.
    fn at_once(&self) -> usize {
        1
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let id = |name: &str| -> Option<Uuid> {
            job.payload.get(name).and_then(|id| id.as_str()).and_then(|id| id.parse().ok())
        };
        let (Some(organization), Some(id)) = (id("organization_id"), id("closing_id")) else {
            return Err(JobError::new("payload"));
        };
        let ran = closing::run(&self.services, OrganizationId(organization), ClosingId(id));
        match Box::pin(ran).await.map_err(failed)? {
            Progress::Waits(until) => Ok(Next::At(until)),
            Progress::Goes => Ok(Next::At(self.services.store().now())),
            Progress::Ended => Ok(Next::Done),
        }
    }
}
