//! Reads one mailbox up to now, without a server.

use super::App;
use crate::ingest::{self, Looked, OnceError};
use crate::service::sync::SyncMailbox;

impl App {
    /// Reads the mailbox up to now; beside a running server by asking that to look.
    pub async fn sync(&self, mailbox: &SyncMailbox) -> Result<Looked, OnceError> {
        ingest::once(&self.services, &self.net, mailbox, self.reading).await
    }
}
