//! Hands an answer to its mailbox's server.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{entry_of, failed};
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::outbox::{self, Assignment, Step};
use crate::service::outgoing::Outgoing;
use crate::service::{ServiceError, Services};

/// Longer than the slowest server may take for the largest mail: ten minutes for its text and,
/// by RFC 5321 §4.5.3.2.6, ten after the final dot. Cut off earlier, an answer that was taken
/// would be in doubt.
const TIME_LIMIT: Duration = Duration::from_mins(25);

/// A few times within the lease of an entry.
const RENEW: Duration = Duration::from_mins(1);

/// Sends answers.
#[derive(Debug)]
pub struct SendReply {
    services: Services,
    outgoing: Arc<dyn Outgoing>,
}

impl SendReply {
    /// A handler that sends by `outgoing`.
    #[must_use]
    pub fn new(services: Services, outgoing: Arc<dyn Outgoing>) -> Self {
        Self { services, outgoing }
    }

    /// No transaction is open here: the attempt was counted before, and what became of it is
    /// written down after.
    async fn send(&self, assignment: &Assignment) -> Result<Next, JobError> {
        let Assignment { mailbox, envelope, raw, .. } = assignment;
        let outcome = tokio::select! {
            biased;
            outcome = self.outgoing.send(*mailbox, envelope, raw) => outcome,
            never = self.stay_alive(assignment) => match never {},
        };
        let again = outbox::record(&self.services, assignment, outcome).await.map_err(failed)?;
        Ok(again.map_or(Next::Done, Next::At))
    }

    /// Keeps the entry for as long as it is polled.
    async fn stay_alive(&self, assignment: &Assignment) -> Infallible {
        loop {
            tokio::time::sleep(RENEW).await;
            if let Err(error) = outbox::renew(&self.services, assignment).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(outbox.id = %assignment.entry.id, error, "outbox: not renewed");
            }
        }
    }

    async fn look(&self, assignment: &Assignment) -> Result<Next, JobError> {
        let Assignment { mailbox, message_id, earlier, .. } = assignment;
        let copy = self.outgoing.sent_copy(*mailbox, message_id, earlier).await;
        let again = outbox::record_look(&self.services, assignment, copy).await;
        Ok(again.map_err(failed)?.map_or(Next::Done, Next::At))
    }
}

#[async_trait]
impl Handler for SendReply {
    fn kind(&self) -> &'static str {
        outbox::SEND
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    /// One that hangs at a server must not keep those of other mailboxes from leaving.
    fn at_once(&self) -> usize {
        24
    }

    /// Microsoft allows three connections to its SMTP server, and other instances send too.
    fn at_once_per_subject(&self) -> usize {
        2
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let (organization, id) = entry_of(job)?;
        match outbox::begin(&self.services, organization, id).await {
            Ok(Step::Send(assignment)) => self.send(&assignment).await,
            Ok(Step::Look(assignment)) => self.look(&assignment).await,
            Ok(Step::Wait(until)) => Ok(Next::At(until)),
            // Taken back in the very moment, or its mailbox has been purged.
            Ok(Step::Nothing) | Err(ServiceError::NotFound) => Ok(Next::Done),
            Err(error) => Err(failed(error)),
        }
    }
}
