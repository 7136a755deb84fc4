//! Seals anew what the old secret of a rotated key sealed.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::Services;
use crate::service::rotation::{self, Progress};

/// A slice is shorter.
const TIME_LIMIT: Duration = Duration::from_mins(10);

/// Seals anew.
#[derive(Debug)]
pub struct Reseal {
    services: Services,
}

impl Reseal {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for Reseal {
    fn kind(&self) -> &'static str {
        rotation::RESEAL
    }

    /// They share the one writer, so two are no faster than one.
    fn at_once(&self) -> usize {
        1
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let id = job.payload.get("rotation_id").and_then(|id| id.as_str());
        let id: Option<Uuid> = id.and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| JobError::new("payload"))?;
        match rotation::run(&self.services, id).await.map_err(failed)? {
            Progress::Goes => Ok(Next::At(self.services.store().now())),
            Progress::Waits(until) => Ok(Next::At(until)),
            Progress::Ended => Ok(Next::Done),
        }
    }
}
