//! Leased jobs with backoff. Knows no job.
//!
//! 1. `service` adds a job ([`crate::store::jobs::add`]) in the transaction that causes it; the
//!    commit wakes the worker of this process.
//! 2. The [`Worker`] claims what is due, one job at a time, by a lease that it renews while the job
//!    runs; it sleeps exactly until the next job is due, and looks every [`worker::POLL`] for
//!    what another instance has added.
//! 3. A [`Handler`] runs the job. It may be run twice (a worker may die after the work and
//!    before it says so): it must look at the state of its subject first.
//! 4. [`Next`] says what becomes of the job; an error postpones it ([`backoff`]). No job is ever
//!    given up: an hour between two attempts costs nothing, and the error stays visible.
//!
//! To add a job: a file in `jobs/` with a [`Handler`], listed in `jobs::handlers`.

use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub mod backoff;
pub mod worker;

pub use crate::store::jobs::Job;
pub use worker::{Worker, WorkerOptions};

/// Runs the jobs of one kind.
#[async_trait]
pub trait Handler: Send + Sync + Debug {
    /// The kind of job that it runs.
    fn kind(&self) -> &'static str;

    /// How long one run may take; then it is stopped and counts as failed.
    fn time_limit(&self) -> Duration {
        Duration::from_mins(2)
    }

    /// How many jobs of this kind this process runs at once.
    fn at_once(&self) -> usize {
        4
    }

    /// How many jobs about the same subject this process runs at once.
    fn at_once_per_subject(&self) -> usize {
        1
    }

    /// Does the work.
    async fn run(&self, job: &Job) -> Result<Next, JobError>;
}

/// What becomes of a job that did well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Done,
    /// It is to run again at this time.
    At(DateTime<Utc>),
}

/// Why a job failed. Carries no personal data: it is logged.
#[derive(Debug, thiserror::Error)]
#[error("{code}")]
pub struct JobError {
    /// A stable word.
    pub code: &'static str,
    /// What went wrong below.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl JobError {
    /// A failure with a word of its own.
    #[must_use]
    pub fn new(code: &'static str) -> Self {
        Self { code, source: None }
    }

    /// A failure of something below.
    pub fn caused(code: &'static str, source: impl Error + Send + Sync + 'static) -> Self {
        Self { code, source: Some(Box::new(source)) }
    }
}

impl From<crate::store::StoreError> for JobError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::caused("store", error)
    }
}
