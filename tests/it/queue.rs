//! The queue on both databases: what is due runs, nothing runs twice at once, nothing is lost.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use loket::queue::{Handler, Job, JobError, Next, Worker, WorkerOptions};
use loket::store::jobs::{self, NewJob, Takes};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::db::{Home, On, on_both};

on_both!(
    a_job_runs_when_it_is_due_and_once,
    a_job_that_fails_or_panics_comes_back_later,
    a_transaction_that_is_rolled_back_leaves_no_job,
    workers_never_get_the_same_job,
    a_worker_that_dies_loses_its_job_to_another,
    the_same_key_is_one_job_at_the_earlier_time,
    a_job_that_is_asked_for_while_it_runs_runs_again,
    a_recurring_job_is_there_once,
    a_commit_wakes_the_worker,
    a_subject_is_worked_on_by_one_at_a_time,
    a_kind_that_hangs_leaves_room_for_the_others,
    a_job_that_takes_long_stays_with_its_worker,
);

/// Does what the payload says, and writes down what it did.
#[derive(Debug, Default)]
struct Scripted {
    ran: Mutex<Vec<String>>,
    failures: AtomicUsize,
}

#[async_trait]
impl Handler for Scripted {
    fn kind(&self) -> &'static str {
        "scripted"
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        let name = job.payload.get("name").unwrap().as_str().unwrap().to_owned();
        self.ran.lock().unwrap().push(name.clone());
        match name.as_str() {
            "fails" if self.failures.fetch_add(1, Ordering::Relaxed) < 2 => {
                Err(JobError::new("scripted"))
            }
            "panics" if self.failures.fetch_add(1, Ordering::Relaxed) < 1 => panic!("scripted"),
            _ => Ok(Next::Done),
        }
    }
}

impl Scripted {
    fn ran(&self) -> Vec<String> {
        self.ran.lock().unwrap().clone()
    }
}

fn job(name: &str, run_at: DateTime<Utc>) -> NewJob {
    NewJob {
        kind: "scripted",
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({ "name": name }),
        unique_key: None,
        run_at,
    }
}

async fn add(home: &Home, job: NewJob) {
    let tx = home.store.begin().await.unwrap();
    jobs::add(&tx, job).await.unwrap();
    tx.commit().await.unwrap();
}

fn worker(home: &Home, handler: Arc<dyn Handler>) -> Worker {
    let poll = Duration::from_secs(3_600);
    let options = WorkerOptions { at_once: 4, poll, ..WorkerOptions::default() };
    Worker::new(home.store.clone(), vec![handler], options)
}

fn scripted() -> Takes {
    Takes { kinds: vec!["scripted"], busy: Vec::new() }
}

async fn a_job_runs_when_it_is_due_and_once(on: On) {
    let home = Home::new(on).await;
    let handler = Arc::new(Scripted::default());
    let worker = worker(&home, handler.clone());
    let due = home.store.now() + TimeDelta::seconds(10);
    add(&home, job("later", due)).await;
    add(&home, job("now", home.store.now())).await;

    assert_eq!(worker.drain().await.unwrap(), 1);
    assert_eq!(jobs::next_due(&home.store, &scripted()).await.unwrap(), Some(due));
    home.advance(TimeDelta::milliseconds(9_999));
    assert_eq!(worker.drain().await.unwrap(), 0);
    home.advance(TimeDelta::milliseconds(1));
    assert_eq!(worker.drain().await.unwrap(), 1);
    home.advance(TimeDelta::days(1));
    assert_eq!(worker.drain().await.unwrap(), 0);
    assert_eq!(handler.ran(), ["now", "later"]);
    assert_eq!(jobs::next_due(&home.store, &scripted()).await.unwrap(), None);
}

async fn a_job_that_fails_or_panics_comes_back_later(on: On) {
    for (name, runs) in [("fails", 3), ("panics", 2)] {
        let home = Home::new(on).await;
        let handler = Arc::new(Scripted::default());
        let worker = worker(&home, handler.clone());
        add(&home, job(name, home.store.now())).await;

        assert_eq!(worker.drain().await.unwrap(), 1, "at once, and not again at once");
        let mut waits = Vec::new();
        while let Some(due) = jobs::next_due(&home.store, &scripted()).await.unwrap() {
            waits.push((due - home.store.now()).num_seconds());
            home.clock.set(due);
            assert_eq!(worker.drain().await.unwrap(), 1);
        }
        assert_eq!(handler.ran().len(), runs);
        let expected: &[i64] = &[5, 10];
        for (wait, least) in waits.iter().zip(expected) {
            assert!((*least..=least * 6 / 5).contains(wait), "{waits:?}");
        }
    }
}

async fn a_transaction_that_is_rolled_back_leaves_no_job(on: On) {
    let home = Home::new(on).await;
    let tx = home.store.begin().await.unwrap();
    jobs::add(&tx, job("never", home.store.now())).await.unwrap();
    drop(tx);
    assert_eq!(jobs::next_due(&home.store, &scripted()).await.unwrap(), None);
}

async fn workers_never_get_the_same_job(on: On) {
    let home = Home::new(on).await;
    for n in 0..20 {
        add(&home, job(&n.to_string(), home.store.now())).await;
    }
    let until = home.store.now() + TimeDelta::minutes(1);
    let claims = (0..30).map(|_| {
        let store = home.store.clone();
        tokio::spawn(async move { jobs::claim(&store, &scripted(), until).await.unwrap() })
    });
    let claimed: Vec<Uuid> = futures::future::join_all(claims)
        .await
        .into_iter()
        .filter_map(|claim| claim.unwrap().map(|job| job.id.0))
        .collect();
    let distinct: HashSet<_> = claimed.iter().collect();
    assert_eq!(distinct.len(), claimed.len(), "a job was claimed twice");
    // What a claim passed over while another was at it is still there for the next.
    let mut rest = 0;
    while jobs::claim(&home.store, &scripted(), until).await.unwrap().is_some() {
        rest += 1;
    }
    assert_eq!(claimed.len() + rest, 20);
}

async fn a_worker_that_dies_loses_its_job_to_another(on: On) {
    let home = Home::new(on).await;
    let handler = Arc::new(Scripted::default());
    let worker = worker(&home, handler.clone());
    add(&home, job("again", home.store.now())).await;
    let until = home.store.now() + TimeDelta::minutes(1);
    let lost = jobs::claim(&home.store, &scripted(), until).await.unwrap().unwrap();

    assert_eq!(worker.drain().await.unwrap(), 0, "it is leased");
    home.clock.set(until);
    let until = until + TimeDelta::minutes(1);
    let second = jobs::claim(&home.store, &scripted(), until).await.unwrap().unwrap();
    assert_eq!(second.attempts, 2);
    // The first comes back from the dead: the job is no longer its own.
    jobs::complete(&home.store, &lost).await.unwrap();
    home.advance(TimeDelta::minutes(1));
    assert_eq!(worker.drain().await.unwrap(), 1);
    assert_eq!(handler.ran(), ["again"]);
}

async fn the_same_key_is_one_job_at_the_earlier_time(on: On) {
    let home = Home::new(on).await;
    let now = home.store.now();
    for minutes in [10, 5, 20] {
        let job = job("one", now + TimeDelta::minutes(minutes));
        add(&home, NewJob { unique_key: Some("one".into()), ..job }).await;
    }
    let due = jobs::next_due(&home.store, &scripted()).await.unwrap();
    assert_eq!(due, Some(now + TimeDelta::minutes(5)));
    home.advance(TimeDelta::hours(1));
    assert_eq!(worker(&home, Arc::new(Scripted::default())).drain().await.unwrap(), 1);
}

async fn a_job_that_is_asked_for_while_it_runs_runs_again(on: On) {
    let home = Home::new(on).await;
    let now = home.store.now();
    let one = || NewJob { unique_key: Some("one".into()), ..job("one", now) };
    let until = now + TimeDelta::minutes(1);
    for done in [true, false] {
        add(&home, one()).await;
        let running = jobs::claim(&home.store, &scripted(), until).await.unwrap().unwrap();
        add(&home, one()).await;
        let other = jobs::claim(&home.store, &scripted(), until).await.unwrap();
        assert!(other.is_none(), "it is still running");
        if done {
            jobs::complete(&home.store, &running).await.unwrap();
        } else {
            let later = now + TimeDelta::hours(1);
            jobs::postpone(&home.store, &running, later, Some("failed")).await.unwrap();
        }
        let again = jobs::claim(&home.store, &scripted(), until).await.unwrap().unwrap();
        jobs::complete(&home.store, &again).await.unwrap();
        assert_eq!(jobs::next_due(&home.store, &scripted()).await.unwrap(), None);
    }
}

async fn a_recurring_job_is_there_once(on: On) {
    let home = Home::new(on).await;
    let now = home.store.now();
    for minutes in [10, 5] {
        let tx = home.store.begin().await.unwrap();
        let job = job("recurring", now + TimeDelta::minutes(minutes));
        jobs::add_once(&tx, NewJob { unique_key: Some("r".into()), ..job }).await.unwrap();
        tx.commit().await.unwrap();
    }
    let due = jobs::next_due(&home.store, &scripted()).await.unwrap();
    assert_eq!(due, Some(now + TimeDelta::minutes(10)));
}

/// Tells when it starts, and ends when it is let.
#[derive(Debug)]
struct Gated {
    started: mpsc::UnboundedSender<Option<Uuid>>,
    gate: Arc<Semaphore>,
}

#[async_trait]
impl Handler for Gated {
    fn kind(&self) -> &'static str {
        "gated"
    }

    fn at_once(&self) -> usize {
        2
    }

    async fn run(&self, job: &Job) -> Result<Next, JobError> {
        self.started.send(job.subject_id).unwrap();
        self.gate.acquire().await.unwrap().forget();
        Ok(Next::Done)
    }
}

struct Running {
    started: mpsc::UnboundedReceiver<Option<Uuid>>,
    gate: Arc<Semaphore>,
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start(home: &Home) -> Self {
        let (sender, started) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let worker = worker(home, Arc::new(Gated { started: sender, gate: gate.clone() }));
        let shutdown = CancellationToken::new();
        let token = shutdown.clone();
        let task = tokio::spawn(async move { worker.run(token).await });
        Self { started, gate, shutdown, task }
    }

    async fn next(&mut self) -> Option<Uuid> {
        let next = tokio::time::timeout(Duration::from_secs(20), self.started.recv());
        next.await.expect("no job was started").unwrap()
    }

    async fn stop(self) {
        self.gate.add_permits(10);
        self.shutdown.cancel();
        self.task.await.unwrap();
    }
}

async fn a_commit_wakes_the_worker(on: On) {
    let home = Home::new(on).await;
    let mut running = Running::start(&home);
    // The worker looks by itself only once an hour.
    for _ in 0..2 {
        add(&home, NewJob { kind: "gated", ..job("", home.store.now()) }).await;
        running.next().await;
        running.gate.add_permits(1);
    }
    running.stop().await;
}

async fn a_subject_is_worked_on_by_one_at_a_time(on: On) {
    let home = Home::new(on).await;
    let (one, two) = (home.store.new_id(), home.store.new_id());
    for subject in [one, one, two] {
        let job = NewJob { kind: "gated", subject_id: Some(subject), ..job("", home.store.now()) };
        add(&home, job).await;
        home.advance(TimeDelta::milliseconds(1));
    }
    let mut running = Running::start(&home);
    assert_eq!([running.next().await, running.next().await], [Some(one), Some(two)]);
    assert!(running.started.try_recv().is_err(), "the second of the first subject waits");
    running.gate.add_permits(2);
    assert_eq!(running.next().await, Some(one));
    running.stop().await;
}

async fn a_kind_that_hangs_leaves_room_for_the_others(on: On) {
    let home = Home::new(on).await;
    for _ in 0..3 {
        add(&home, NewJob { kind: "gated", ..job("", home.store.now()) }).await;
        home.advance(TimeDelta::milliseconds(1));
    }
    add(&home, job("passes", home.store.now())).await;
    let (sender, mut started) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(0));
    let scripted = Arc::new(Scripted::default());
    let handlers: Vec<Arc<dyn Handler>> =
        vec![Arc::new(Gated { started: sender, gate: gate.clone() }), scripted.clone()];
    let poll = Duration::from_millis(20);
    let options = WorkerOptions { at_once: 3, poll, ..WorkerOptions::default() };
    let worker = Worker::new(home.store.clone(), handlers, options);
    let shutdown = CancellationToken::new();
    let told = shutdown.clone();
    let task = tokio::spawn(async move { worker.run(told).await });
    for _ in 0..2 {
        tokio::time::timeout(Duration::from_secs(20), started.recv()).await.unwrap();
    }
    let passed = async {
        while scripted.ran().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), passed).await.expect("it has its own room");
    assert!(started.try_recv().is_err(), "the third of the kind waits");
    gate.add_permits(10);
    shutdown.cancel();
    task.await.unwrap();
}

async fn a_job_that_takes_long_stays_with_its_worker(on: On) {
    let home = Home::new(on).await;
    add(&home, NewJob { kind: "gated", ..job("", home.store.now()) }).await;
    let (sender, mut started) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(0));
    let handler = Arc::new(Gated { started: sender, gate: gate.clone() });
    let lease = Duration::from_millis(300);
    let options = WorkerOptions { lease, ..WorkerOptions::default() };
    let worker = Worker::new(home.store.clone(), vec![handler], options);
    let shutdown = CancellationToken::new();
    let told = shutdown.clone();
    let task = tokio::spawn(async move { worker.run(told).await });
    tokio::time::timeout(Duration::from_secs(20), started.recv()).await.unwrap();
    let gated = Takes { kinds: vec!["gated"], busy: Vec::new() };
    for _ in 0..5 {
        home.advance(TimeDelta::milliseconds(150));
        // Until a sign of life has pushed the lease on.
        let renewed = async {
            let wanted = home.store.now() + TimeDelta::milliseconds(200);
            while jobs::next_due(&home.store, &gated).await.unwrap().unwrap() < wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), renewed).await.expect("it is renewed");
        let other = jobs::claim(&home.store, &gated, home.store.now()).await.unwrap();
        assert!(other.is_none(), "its worker is alive");
    }
    gate.add_permits(10);
    shutdown.cancel();
    task.await.unwrap();
}
