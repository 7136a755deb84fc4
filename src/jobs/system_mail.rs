//! Sends one of Loket's own mails.

use std::sync::Arc;

use async_trait::async_trait;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::Services;
use crate::service::outgoing::{Outgoing, SendOutcome};
use crate::service::post::{self, Way};

/// Sends a mail to one user.
#[derive(Debug)]
pub struct SystemMail {
    services: Services,
    outgoing: Arc<dyn Outgoing>,
}

impl SystemMail {
    /// A handler that sends by the server of the configuration, or by `outgoing`.
    #[must_use]
    pub fn new(services: Services, outgoing: Arc<dyn Outgoing>) -> Self {
        Self { services, outgoing }
    }
}

#[async_trait]
impl Handler for SystemMail {
    fn kind(&self) -> &'static str {
        post::MAIL
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let order = serde_json::from_value(job.payload.clone())
            .map_err(|error| JobError::caused("payload", error))?;
        let notice = post::notice(&self.services, job.organization_id, order).await;
        let Some(notice) = notice.map_err(failed)? else { return Ok(Next::Done) };
        let outcome = match notice.way {
            Way::Mailbox(by) => self.outgoing.send(by, &notice.envelope, &notice.raw).await,
            Way::Server => self.services.ports().post.send(&notice.envelope, &notice.raw).await,
        };
        match outcome {
            SendOutcome::Sent | SendOutcome::InDoubt => Ok(Next::Done),
            SendOutcome::Retry { code, .. } => Err(JobError::new(code)),
            SendOutcome::NeedsReauthorization { .. } => Err(JobError::new("needs_reauthorization")),
            SendOutcome::Failed { .. } => {
                // The server's words may name an address: they are not logged.
                tracing::warn!(job.id = %job.id, "A mail of Loket's own was refused");
                Ok(Next::Done)
            }
        }
    }
}
