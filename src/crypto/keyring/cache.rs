//! Opened keys in memory: few, and never one that was destroyed.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use uuid::Uuid;

use super::super::OpenKey;

/// A key that another instance destroyed is dropped no later than this; sooner when
/// [`super::Keyring::refresh`] is called.
const KEPT: Duration = Duration::from_mins(15);

/// A bounded cache with a gate: what was read before a destruction is not cached after it.
#[derive(Debug)]
pub(super) struct KeyCache {
    keys: Cache<Uuid, OpenKey>,
    destructions: RwLock<u64>,
}

/// When a key began to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadSince(u64);

impl KeyCache {
    pub(super) fn new(capacity: u64) -> Self {
        let keys = Cache::builder().max_capacity(capacity).time_to_live(KEPT).build();
        Self { keys, destructions: RwLock::new(0) }
    }

    pub(super) fn find(&self, id: Uuid) -> Option<OpenKey> {
        self.keys.get(&id)
    }

    /// Whether nothing is cached.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.iter().next().is_none()
    }

    /// Call before reading a row that may end in [`Self::add`].
    pub(super) fn reading(&self) -> ReadSince {
        ReadSince(*self.destructions.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn add(&self, since: ReadSince, key: &OpenKey) {
        let destructions = self.destructions.read().unwrap_or_else(PoisonError::into_inner);
        if *destructions == since.0 {
            self.keys.insert(key.id(), key.clone());
        }
    }

    /// Drops keys that have no children.
    pub(super) fn drop_keys(&self, ids: &[Uuid]) {
        let mut destructions = self.destructions.write().unwrap_or_else(PoisonError::into_inner);
        *destructions += 1;
        for id in ids {
            self.keys.invalidate(id);
        }
    }

    /// Drops everything: an upper key was destroyed, and which keys hung on it is not known here.
    pub(super) fn drop_all(&self) {
        let mut destructions = self.destructions.write().unwrap_or_else(PoisonError::into_inner);
        *destructions += 1;
        self.keys.invalidate_all();
    }
}
