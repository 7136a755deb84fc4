//! Runs everything until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{App, outgoing};
use crate::http::{self, HttpOptions};
use crate::ingest::Supervisor;
use crate::jobs;
use crate::queue::{Worker, WorkerOptions};
use crate::service::outgoing::Outgoing;
use crate::service::{ServiceError, Services, search};

/// What is under way may end in this time; a slow download must not keep a restart waiting.
const GRACE: Duration = Duration::from_secs(10);

/// Why the server stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// HTTP.
    #[error("the HTTP server failed")]
    Http(#[from] std::io::Error),
    /// The jobs that run by themselves could not be scheduled.
    #[error("jobs cannot be scheduled")]
    Jobs(#[from] ServiceError),
}

impl App {
    /// Serves on `listener`, reads mailboxes and sends answers, until `shutdown`; then lets
    /// what is under way finish.
    pub async fn serve(
        self,
        listener: TcpListener,
        mut options: HttpOptions,
        shutdown: CancellationToken,
    ) -> Result<(), ServeError> {
        let outgoing: Arc<dyn Outgoing> =
            Arc::new(outgoing::Sender::new(self.services.clone(), self.net.clone()));
        jobs::schedule(&self.services).await?;
        let handlers = jobs::handlers(&self.services, &outgoing);
        let worker = Worker::new(self.services.store().clone(), handlers, WorkerOptions::default());
        let supervisor =
            Supervisor::new(self.services.clone(), self.net.clone(), self.wake, self.reading);
        options.stop = shutdown.clone();
        let router = http::router(self.services.clone(), options)
            .into_make_service_with_connect_info::<SocketAddr>();
        let server = async {
            let serve = axum::serve(listener, router)
                .with_graceful_shutdown(shutdown.clone().cancelled_owned());
            let too_slow = async {
                shutdown.cancelled().await;
                tokio::time::sleep(GRACE).await;
            };
            let served = tokio::select! {
                served = serve.into_future() => served,
                () = too_slow => Ok(()),
            };
            // Nothing goes on without its pages.
            shutdown.cancel();
            served
        };
        let (end, (), (), (), ()) = tokio::join!(
            server,
            supervisor.run(shutdown.clone()),
            worker.run(shutdown.clone()),
            search::feed::run(&self.services, shutdown.clone()),
            notice_keys(&self.services, shutdown.clone())
        );
        self.services.settle().await;
        self.services.store().close().await.map_err(ServiceError::from)?;
        Ok(end?)
    }
}

/// Another process (another instance, `loket keyring rotate`) destroys and rotates keys as well: what is
/// in memory here follows within this time.
const NOTICE_KEYS: Duration = Duration::from_secs(5);

async fn notice_keys(services: &Services, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(NOTICE_KEYS) => {}
        }
        if let Err(error) = services.store().keyring().refresh().await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "the keyring could not be asked what has changed");
        }
    }
}
