//! Puts a copy of an answer into the Sent folder, where the provider does not do so itself.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{entry_of, failed};
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::outbox::{self, SentMail};
use crate::service::outgoing::Outgoing;
use crate::service::{ServiceError, Services};

/// A large mail over a slow line.
const TIME_LIMIT: Duration = Duration::from_mins(5);

/// After so many failures the copy is not worth trying for any more: the answer itself was sent.
const MAX_ATTEMPTS: i32 = 10;

/// Appends copies.
#[derive(Debug)]
pub struct AppendSent {
    services: Services,
    outgoing: Arc<dyn Outgoing>,
}

impl AppendSent {
    /// A handler that appends by `outgoing`.
    #[must_use]
    pub fn new(services: Services, outgoing: Arc<dyn Outgoing>) -> Self {
        Self { services, outgoing }
    }
}

#[async_trait]
impl Handler for AppendSent {
    fn kind(&self) -> &'static str {
        outbox::APPEND
    }

    /// Copies are worth less than answers: these have the other places.
    fn at_once(&self) -> usize {
        4
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let (organization, id) = entry_of(job)?;
        let copy = match outbox::sent_mail(&self.services, organization, id).await {
            Ok(copy) => copy,
            Err(ServiceError::NotFound) => return Ok(Next::Done),
            Err(error) => return Err(failed(error)),
        };
        let SentMail { mailbox, message_id, raw } = &copy;
        match self.outgoing.append_sent(*mailbox, message_id, raw).await {
            Ok(()) => Ok(Next::Done),
            Err(error) if job.attempts >= MAX_ATTEMPTS => {
                tracing::warn!(
                    channel.id = %mailbox.channel_id,
                    code = error.code,
                    "An answer was sent, and no copy of it could be put into the Sent folder"
                );
                Ok(Next::Done)
            }
            Err(error) => Err(JobError::caused("append", error)),
        }
    }
}
