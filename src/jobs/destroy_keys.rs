//! Destroys keys that rows name no more, where the process died that was about to.

use async_trait::async_trait;
use uuid::Uuid;

use super::failed;
use crate::queue::{Handler, Job, JobError, Next};
use crate::service::{Services, dead_keys};

/// Destroys keys.
#[derive(Debug)]
pub struct DestroyKeys {
    services: Services,
}

impl DestroyKeys {
    /// A handler over these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

#[async_trait]
impl Handler for DestroyKeys {
    fn kind(&self) -> &'static str {
        dead_keys::KIND
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let ids = job.payload.get("keys").cloned().unwrap_or_default();
        let ids: Vec<Uuid> =
            serde_json::from_value(ids).map_err(|error| JobError::caused("payload", error))?;
        let erased = job.payload.get("erased").and_then(serde_json::Value::as_bool);
        if erased == Some(true) {
            dead_keys::destroy_erased(&self.services, &ids).await.map_err(failed)?;
        } else {
            dead_keys::destroy(&self.services, &ids).await.map_err(failed)?;
        }
        Ok(Next::Done)
    }
}
