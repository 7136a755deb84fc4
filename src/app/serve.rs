//! Runs everything until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{App, outgoing};
use crate::http::{self, HttpOptions};
use crate::ingest::{self, Supervisor};
use crate::jobs;
use crate::queue::{Worker, WorkerOptions};
use crate::service::ServiceError;
use crate::service::outgoing::Outgoing;

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
        options: HttpOptions,
        shutdown: CancellationToken,
    ) -> Result<(), ServeError> {
        let outgoing: Arc<dyn Outgoing> =
            Arc::new(outgoing::Sender::new(self.services.clone(), self.net.clone()));
        jobs::schedule(&self.services).await?;
        let handlers = jobs::handlers(&self.services, &outgoing);
        let worker = Worker::new(self.services.store().clone(), handlers, WorkerOptions::default());
        let reading =
            ingest::Options { poll: self.poll, idle: self.idle, ..ingest::Options::default() };
        let supervisor =
            Supervisor::new(self.services.clone(), self.net.clone(), self.wake, reading);
        let router = http::router(self.services.clone(), options)
            .into_make_service_with_connect_info::<SocketAddr>();
        let stop = shutdown.clone();
        let server = async {
            let served = axum::serve(listener, router)
                .with_graceful_shutdown(async move { stop.cancelled().await })
                .await;
            // Nothing goes on without its pages.
            shutdown.cancel();
            served
        };
        let (end, (), ()) =
            tokio::join!(server, supervisor.run(shutdown.clone()), worker.run(shutdown.clone()));
        self.services.settle().await;
        self.services.store().close().await.map_err(ServiceError::from)?;
        Ok(end?)
    }
}
