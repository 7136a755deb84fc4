//! Revokes the grant of a disconnected mailbox at its provider.

use async_trait::async_trait;

use super::failed;
use crate::domain::ids::ChannelId;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, purge};

/// Ends grants.
#[derive(Debug)]
pub struct EndGrant {
    services: Services,
}

impl EndGrant {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for EndGrant {
    fn kind(&self) -> &'static str {
        purge::END_GRANT
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let (Some(organization), Some(channel)) = (job.organization_id, job.subject_id) else {
            return Err(JobError::new("payload"));
        };
        let ended = purge::end_grant(&self.services, organization, ChannelId(channel));
        if ended.await.map_err(failed)? {
            Ok(Next::Done)
        } else {
            Err(JobError::new("provider_unavailable"))
        }
    }
}
