//! Lets an admin's *sync now* reach the supervisor of a mailbox.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::domain::ids::ChannelId;
use crate::ingest::Bells;
use crate::service::ports::Waker;

/// A bell per mailbox.
#[derive(Debug, Default)]
pub(super) struct Wake {
    bells: Mutex<HashMap<ChannelId, Arc<Notify>>>,
}

impl Bells for Wake {
    fn bell(&self, channel: ChannelId) -> Arc<Notify> {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(bells.entry(channel).or_default())
    }
}

impl Waker for Wake {
    fn wake(&self, channel: ChannelId) {
        self.bell(channel).notify_one();
    }
}
