//! Tells whoever began a ticket that their mail has arrived.

use async_trait::async_trait;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{ServiceError, Services, acknowledgements};

/// Answers at once what mailboxes answer by themselves.
#[derive(Debug)]
pub struct Acknowledge {
    services: Services,
}

impl Acknowledge {
    /// A handler.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for Acknowledge {
    fn kind(&self) -> &'static str {
        acknowledgements::KIND
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let order = serde_json::from_value(job.payload.clone())
            .map_err(|error| JobError::caused("payload", error))?;
        match acknowledgements::run(&self.services, order).await {
            // Its mailbox is being purged.
            Ok(()) | Err(ServiceError::NotFound) => Ok(Next::Done),
            Err(error) => Err(failed(error)),
        }
    }
}
