//! Bytes in the clear: blocks that were opened lately, so that a word that is looked for again costs
//! no deciphering, and what was put together of several.
//!
//! Tantivy takes bytes as something that lives as long as anybody reads them, and tells nobody when
//! that ends. So whatever is handed out stays listed here, and is wiped as soon as nobody else holds
//! it: looked through as the list grows, and by [`BlockCache::tidy`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use zeroize::Zeroize as _;

use super::Tag;

/// Bytes in the clear.
pub(super) type Plain = Arc<[u8]>;

/// The list is not looked through before it has this many entries.
const WORTH_LOOKING: usize = 256;

/// Each with a lock of its own, so that searches do not wait for each other.
const SHARDS: usize = 16;

/// The blocks of all indexes of a server that are open, up to a number of bytes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BlockCache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shards: [Mutex<Shard>; SHARDS],
    /// Bytes of one shard.
    most: usize,
    lent: Lent,
}

#[derive(Debug)]
struct Shard {
    blocks: LruCache<(Tag, u64), Plain>,
    bytes: usize,
}

impl BlockCache {
    /// A cache of at most `bytes`.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        let shard = |_| Mutex::new(Shard { blocks: LruCache::unbounded(), bytes: 0 });
        let shards = std::array::from_fn(shard);
        Self(Arc::new(Inner { shards, most: bytes / SHARDS, lent: Lent::default() }))
    }

    fn shard(&self, tag: Tag, number: u64) -> Option<MutexGuard<'_, Shard>> {
        let first = u64::from(tag.first().copied().unwrap_or_default());
        let which = usize::try_from(first.wrapping_add(number)).unwrap_or_default() % SHARDS;
        Some(self.0.shards.get(which)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn get(&self, tag: Tag, number: u64) -> Option<Plain> {
        self.shard(tag, number)?.blocks.get(&(tag, number)).cloned()
    }

    pub(super) fn keep(&self, tag: Tag, number: u64, plain: &[u8]) -> Plain {
        let block = Plain::from(plain);
        let mut out = Vec::new();
        if let Some(mut shard) = self.shard(tag, number) {
            shard.bytes += block.len();
            let before = shard.blocks.put((tag, number), Arc::clone(&block));
            shard.bytes -= before.as_ref().map_or(0, |before| before.len());
            out.extend(before);
            while shard.bytes > self.0.most {
                let Some((_, oldest)) = shard.blocks.pop_lru() else { break };
                shard.bytes -= oldest.len();
                out.push(oldest);
            }
        }
        for block in out {
            self.0.lent.give_back(block);
        }
        block
    }

    /// Hands out what is in no block by itself.
    pub(super) fn lend(&self, plain: Plain) -> Plain {
        self.0.lent.give_back(Arc::clone(&plain));
        plain
    }

    /// Wipes what nobody reads any more.
    pub fn tidy(&self) {
        self.0.lent.look_through();
    }

    /// Lets go of every block.
    pub fn clear(&self) {
        for shard in &self.0.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.bytes = 0;
            while let Some((_, block)) = shard.blocks.pop_lru() {
                self.0.lent.give_back(block);
            }
        }
        self.tidy();
    }

    /// How many bytes of blocks are kept, and how many are read by somebody besides.
    #[must_use]
    pub fn size(&self) -> (usize, u64) {
        let bytes =
            |shard: &Mutex<Shard>| shard.lock().unwrap_or_else(PoisonError::into_inner).bytes;
        (self.0.shards.iter().map(bytes).sum(), self.0.lent.bytes())
    }
}

/// What somebody may be reading.
#[derive(Debug, Default)]
struct Lent(Mutex<List>);

#[derive(Debug, Default)]
struct List {
    all: Vec<Plain>,
    /// How long the list may grow before it is looked through.
    until: usize,
}

impl Lent {
    fn give_back(&self, mut plain: Plain) {
        if wipe(&mut plain) {
            return;
        }
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.all.push(plain);
        if list.all.len() >= list.until.max(WORTH_LOOKING) {
            list.look_through();
        }
    }

    fn look_through(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).look_through();
    }

    fn bytes(&self) -> u64 {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.all.iter().map(|plain| plain.len() as u64).sum()
    }
}

impl List {
    fn look_through(&mut self) {
        self.all.retain_mut(|plain| !wipe(plain));
        self.until = self.all.len() * 2;
    }
}

/// Wipes it, if nobody else holds it.
fn wipe(plain: &mut Plain) -> bool {
    match Arc::get_mut(plain) {
        Some(bytes) => {
            bytes.zeroize();
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_no_more_than_it_may_and_wipes_what_nobody_reads() {
        let cache = BlockCache::new(16_000);
        let block = vec![7_u8; 1_000];
        for number in 0..50 {
            cache.keep([0; 16], number, &block);
        }
        let (kept, lent) = cache.size();
        assert!((1_000..=16_000).contains(&kept), "{kept}");
        assert_eq!(lent, 0);
        let read = cache.lend(Plain::from(block.as_slice()));
        cache.tidy();
        assert_eq!(cache.size().1, 1_000, "somebody reads it");
        drop(read);
        cache.tidy();
        assert_eq!(cache.size().1, 0);
    }
}
