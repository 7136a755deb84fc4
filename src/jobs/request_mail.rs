//! Sends a mail to a person about what they asked.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use super::failed;
use crate::domain::ids::RequestMailId;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::Services;
use crate::service::data_requests::mail::{self, Prepared};
use crate::service::outgoing::{Outgoing, SendOutcome};
use crate::service::post::Way;

/// Sends a mail to one person.
#[derive(Debug)]
pub struct RequestMail {
    services: Services,
    outgoing: Arc<dyn Outgoing>,
}

impl RequestMail {
    /// A handler that sends by `outgoing`, or by the server of the configuration.
    #[must_use]
    pub fn new(services: Services, outgoing: Arc<dyn Outgoing>) -> Self {
        Self { services, outgoing }
    }
}

#[async_trait]
impl Handler for RequestMail {
    fn kind(&self) -> &'static str {
        mail::KIND
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let id = job.payload.get("mail_id").and_then(|id| id.as_str());
        let id: Option<Uuid> = id.and_then(|id| id.parse().ok());
        let (Some(organization), Some(id)) = (job.organization_id, id.map(RequestMailId)) else {
            return Err(JobError::new("payload"));
        };
        let sent = match mail::prepare(&self.services, organization, id).await.map_err(failed)? {
            Prepared::Nothing => return Ok(Next::Done),
            Prepared::NoWay => false,
            Prepared::Ready(notice) => {
                let outcome = match notice.way {
                    Way::Mailbox(by) => self.outgoing.send(by, &notice.envelope, &notice.raw).await,
                    Way::Server => {
                        self.services.ports().post.send(&notice.envelope, &notice.raw).await
                    }
                };
                match outcome {
                    SendOutcome::Sent | SendOutcome::InDoubt => true,
                    SendOutcome::Retry { code, .. } => return Err(JobError::new(code)),
                    SendOutcome::NeedsReauthorization { .. } => {
                        return Err(JobError::new("needs_reauthorization"));
                    }
                    SendOutcome::Failed { .. } => false,
                }
            }
        };
        mail::ended(&self.services, organization, id, sent).await.map_err(failed)?;
        Ok(Next::Done)
    }
}
