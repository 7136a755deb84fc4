//! Claims jobs and runs them: a few at once, none twice at the same time.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Handler, Job, JobError, Next, backoff};
use crate::store::{Result, Store, jobs};

/// How often a worker looks for jobs of which nobody told it: those of another instance.
pub const POLL: Duration = Duration::from_secs(15);

/// How long running jobs may finish at shutdown. An SMTP conversation that is cut off leaves an
/// answer in doubt, so it gets more than a moment.
const GRACE: Duration = Duration::from_secs(20);

/// How long a job stays with a worker of which nothing is heard. It is renewed while the job runs, so
/// that a job may take long, and one whose worker has died does not wait for long.
const LEASE: Duration = Duration::from_mins(2);

/// After the database has failed, so that the log is not flooded.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// How many jobs it runs at once.
    pub at_once: usize,
    /// How often it looks unasked.
    pub poll: Duration,
    /// How long a job stays with it after its last sign of life.
    pub lease: Duration,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        // They wait for other people's servers more than they work.
        Self { at_once: 32, poll: POLL, lease: LEASE }
    }
}

/// Runs the jobs of this process.
#[derive(Debug)]
pub struct Worker {
    store: Store,
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
    options: WorkerOptions,
}

/// What a job counts as while it runs: its kind, and its subject if it has one.
type Seat = (&'static str, Option<Uuid>);

/// How many jobs run, per kind (without a subject) and per kind and subject.
type Running = HashMap<Seat, usize>;

impl Worker {
    /// A worker with these handlers.
    #[must_use]
    pub fn new(store: Store, handlers: Vec<Arc<dyn Handler>>, options: WorkerOptions) -> Self {
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        Self { store, handlers, options }
    }

    /// Works until `shutdown`, then lets running jobs finish for a while.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut tasks: JoinSet<Seat> = JoinSet::new();
        let mut running = Running::new();
        while !shutdown.is_cancelled() {
            let wait = match self.start_due(&mut tasks, &mut running).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "queue: no jobs");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                biased;
                () = shutdown.cancelled() => {}
                Some(done) = tasks.join_next() => {
                    if let Ok(seat) = done {
                        leave(&mut running, seat);
                    }
                }
                () = self.store.work_added() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        let finished = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, finished).await.is_err() {
            tracing::warn!(
                jobs.count = tasks.len(),
                "queue: stopped jobs that did not end in time"
            );
        }
    }

    /// Runs everything that is due now, one after the other, and what becomes due by it. Returns
    /// how many jobs ran. For tests and command-line tools, which have no worker running.
    pub async fn drain(&self) -> Result<usize> {
        let takes = self.takes(&Running::new());
        let mut count = 0;
        while let Some((job, handler)) = self.claim(&takes).await? {
            work(&self.store, &*handler, &job, self.options.lease).await;
            count += 1;
        }
        Ok(count)
    }

    /// Starts what is due while there is room; returns how long there will be nothing to start.
    async fn start_due(
        &self,
        tasks: &mut JoinSet<Seat>,
        running: &mut Running,
    ) -> Result<Duration> {
        while tasks.len() < self.options.at_once {
            let takes = self.takes(running);
            let Some((job, handler)) = self.claim(&takes).await? else {
                let Some(due) = jobs::next_due(&self.store, &takes).await? else {
                    return Ok(self.options.poll);
                };
                let wait = (due - self.store.now()).to_std().unwrap_or_default();
                return Ok(wait.min(self.options.poll));
            };
            let seat = (handler.kind(), job.subject_id);
            take(running, seat);
            let (store, lease) = (self.store.clone(), self.options.lease);
            tasks.spawn(async move {
                work(&store, &*handler, &job, lease).await;
                seat
            });
        }
        Ok(self.options.poll)
    }

    fn takes(&self, running: &Running) -> jobs::Takes {
        let count = |seat: &Seat| running.get(seat).copied().unwrap_or(0);
        let has_room =
            |handler: &Arc<dyn Handler>| count(&(handler.kind(), None)) < handler.at_once();
        let mut kinds: Vec<_> =
            self.handlers.values().filter(|handler| has_room(handler)).map(|h| h.kind()).collect();
        kinds.sort_unstable();
        let is_full = |kind: &&'static str, count: usize| {
            self.handlers.get(kind).is_some_and(|handler| count >= handler.at_once_per_subject())
        };
        let busy = running.iter().filter_map(|((kind, subject), count)| {
            subject.filter(|_| is_full(kind, *count)).map(|subject| (*kind, subject))
        });
        jobs::Takes { kinds, busy: busy.collect() }
    }

    async fn claim(&self, takes: &jobs::Takes) -> Result<Option<(Job, Arc<dyn Handler>)>> {
        let job = jobs::claim(&self.store, takes, until(&self.store, self.options.lease)).await?;
        Ok(job.and_then(|job| {
            let handler = Arc::clone(self.handlers.get(job.kind.as_str())?);
            Some((job, handler))
        }))
    }
}

/// Runs one job and says what becomes of it. A panic, a failure and too long a time are the
/// same to the queue.
async fn work(store: &Store, handler: &dyn Handler, job: &Job, lease: Duration) {
    let run = std::panic::AssertUnwindSafe(handler.run(job)).catch_unwind();
    let limited = tokio::time::timeout(handler.time_limit(), run);
    let ended = tokio::select! {
        biased;
        ended = limited => ended,
        never = stay_alive(store, job, lease) => match never {},
    };
    let result = match ended {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(JobError::new("panicked")),
        Err(_) => Err(JobError::new("too_slow")),
    };
    let kept = match result {
        Ok(Next::Done) => jobs::complete(store, job).await,
        Ok(Next::At(at)) => jobs::postpone(store, job, at, None).await,
        Err(error) => {
            tracing::warn!(
                job.kind = job.kind,
                job.id = %job.id,
                job.attempts = job.attempts,
                error = &error as &dyn std::error::Error,
                "queue: a job failed and will be tried again"
            );
            let at = store.now() + backoff::wait(job.attempts, &**store.ids());
            jobs::postpone(store, job, at, Some(error.code)).await
        }
    };
    if let Err(error) = kept {
        // The lease runs out, and the job is run again.
        let error = &error as &dyn std::error::Error;
        tracing::error!(job.kind = job.kind, job.id = %job.id, error, "queue: not recorded");
    }
}

/// Renews the lease for as long as it is polled.
async fn stay_alive(store: &Store, job: &Job, lease: Duration) -> Infallible {
    loop {
        tokio::time::sleep(lease / 3).await;
        if let Err(error) = jobs::extend(store, job, until(store, lease)).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(job.kind = job.kind, job.id = %job.id, error, "queue: not renewed");
        }
    }
}

fn until(store: &Store, lease: Duration) -> DateTime<Utc> {
    store.now() + TimeDelta::from_std(lease).unwrap_or(TimeDelta::hours(1))
}

fn seats((kind, subject): Seat) -> impl Iterator<Item = Seat> {
    std::iter::once((kind, None)).chain(subject.map(|subject| (kind, Some(subject))))
}

fn take(running: &mut Running, seat: Seat) {
    for seat in seats(seat) {
        *running.entry(seat).or_default() += 1;
    }
}

fn leave(running: &mut Running, seat: Seat) {
    for seat in seats(seat) {
        if let Some(count) = running.get_mut(&seat) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                running.remove(&seat);
            }
        }
    }
}
