//! One channel's index: a Tantivy index of its messages in a sealed directory.
//!
//! - [`Message`]: what the index is told; `document` turns it into terms, `schema` names the fields.
//! - [`ChannelIndex::apply`]: takes messages in and out, and commits. The writer is made when it is
//!   needed and lives until [`ChannelIndex::rest`].
//! - [`ChannelIndex::view`]: what was committed last, to be searched ([`crate::search::find`]).
//! - [`ChannelIndex::expunge`]: rewrites what still holds words of messages that were taken out.
//! - [`ChannelIndex::contents`]: what is in it, to be compared with the store.
//!
//! The calls block: they are for a thread that may.

mod document;
mod outdated;
pub(super) mod schema;
mod view;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    DocSet as _, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, SegmentReader,
    TERMINATED, Term,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use self::outdated::Outdated;
use self::schema::SCHEMA;
use super::sealed::{BlockCache, SealedDirectory};

pub use document::{Message, digest, language_of, stamp};
pub use schema::FORMAT;
pub use view::View;
pub(super) use view::{Columns, Facts};

/// What a writer holds in memory before it makes a segment of it. Tantivy takes no less.
const WRITER_BYTES: usize = 15_000_000;

/// Segments of a size that are merged into one.
const MERGED: usize = 6;

/// Segments of fewer messages than this count as one size.
const SMALL: u32 = 256;

/// Messages that are gathered in one segment: to merge more takes minutes.
const GATHERED: u64 = 2_000_000;

/// Why an index cannot be worked with.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Its files are missing, damaged, of another key or older than they should be: it is to be built anew.
    #[error("the index is not what was written")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It was closed, because its channel is gone or another one took its place.
    #[error("the index was closed")]
    Closed,
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Damaged(Box::new(error))
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> Self {
        Self::Damaged(Box::new(error))
    }
}

/// The result of work on an index.
pub type Result<T> = std::result::Result<T, IndexError>;

/// What happens to a message in the index.
#[derive(Debug, Clone)]
pub enum Change {
    /// It is as it is said here.
    Put(Box<Message>),
    /// It is gone.
    Remove(Uuid),
}

/// A message as the index has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The message.
    pub id: Uuid,
    /// The number of its ticket.
    pub ticket: u64,
    /// See [`stamp`].
    pub stamp: u64,
    /// See [`digest`].
    pub digest: u32,
}

/// An index.
pub struct ChannelIndex {
    directory: SealedDirectory,
    index: Index,
    reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    known: view::Known,
}

impl ChannelIndex {
    /// A new, empty index in this folder. What is there is removed.
    pub fn create(folder: &Path, key: Zeroizing<[u8; 32]>, cache: BlockCache) -> Result<Self> {
        let directory = SealedDirectory::create(folder, key, cache)?;
        let schema = SCHEMA.0.clone();
        let index = Index::create(directory.clone(), schema, IndexSettings::default())?;
        Self::over(directory, index)
    }

    /// The index in this folder, if it was changed at least so many times ([`Self::number`]). Files that no
    /// segment names are removed.
    pub fn open(
        folder: &Path,
        key: Zeroizing<[u8; 32]>,
        cache: BlockCache,
        at_least: u64,
    ) -> Result<Self> {
        let directory = SealedDirectory::open(folder, key, cache, at_least)?;
        let index = Index::open(directory.clone())?;
        let segments: Vec<String> = index
            .searchable_segment_ids()?
            .iter()
            .map(tantivy::index::SegmentId::uuid_string)
            .collect();
        let swept = directory.sweep(|name| {
            let of = name.split('.').next().unwrap_or_default();
            matches!(name, "meta.json" | ".managed.json") || segments.iter().any(|id| id == of)
        })?;
        if swept > 0 {
            tracing::info!(files = swept, "removed what a process left of an index when it died");
        }
        Self::over(directory, index)
    }

    /// As [`Self::open`], to read while another process writes: nothing is removed.
    pub fn peek(
        folder: &Path,
        key: Zeroizing<[u8; 32]>,
        cache: BlockCache,
        at_least: u64,
    ) -> Result<Self> {
        let directory = SealedDirectory::open(folder, key, cache, at_least)?;
        let index = Index::open(directory.clone())?;
        Self::over(directory, index)
    }

    fn over(directory: SealedDirectory, index: Index) -> Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let known = view::Known::default();
        Ok(Self { directory, index, reader, writer: Mutex::new(None), known })
    }

    /// Grows with each commit and each merge. Remember it: an index whose number is smaller is an older copy.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.directory.number()
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.directory.folder()
    }

    /// Bytes on disk.
    pub fn size(&self) -> Result<u64> {
        Ok(self.directory.size()?)
    }

    /// How many messages are in it.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// What was committed last.
    pub fn view(&self) -> Result<View> {
        self.known.view(self.reader.searcher())
    }

    /// Takes messages in and out. When it returns, they are on disk and are found, or are not. Whatever the index has of
    /// them is in one of these tickets, or in the one that it is put in; without tickets it has nothing of them.
    pub fn apply(&self, changes: Vec<Change>, tickets: &[u64]) -> Result<()> {
        self.write(|writer| feed(writer, changes, tickets))?;
        self.commit()
    }

    /// Takes messages in that it does not have, in memory: nothing of it is found, or survives, before [`Self::commit`].
    pub fn add(&self, changes: Vec<Change>) -> Result<()> {
        self.write(|writer| feed(writer, changes, &[]))
    }

    /// Makes everything that was added permanent.
    pub fn commit(&self) -> Result<()> {
        self.write(|writer| Ok(_ = writer.commit()?))?;
        Ok(self.reader.reload()?)
    }

    fn write(&self, work: impl FnOnce(&mut IndexWriter) -> Result<()>) -> Result<()> {
        let mut slot = self.lock();
        let writer = match &mut *slot {
            Some(writer) => writer,
            empty => empty.insert(self.new_writer()?),
        };
        let done = work(writer);
        if done.is_err() {
            // What it holds cannot be relied on; the next one begins with what was committed.
            *slot = None;
        }
        done
    }

    fn new_writer(&self) -> Result<IndexWriter> {
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(WRITER_BYTES)
            .num_worker_threads(1)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = self.index.writer_with_options(options)?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(MERGED);
        policy.set_min_layer_size(SMALL);
        writer.set_merge_policy(Box::new(policy));
        Ok(writer)
    }

    /// Whether it has a writer, which takes memory and a thread.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.writer.try_lock().map_or(true, |writer| writer.is_some())
    }

    /// Lets go of the writer, once its merges are done.
    pub fn rest(&self) -> Result<()> {
        let writer = self.lock().take();
        if let Some(writer) = writer {
            writer.wait_merging_threads()?;
            self.reader.reload()?;
        }
        Ok(())
    }

    /// Makes one segment of all, for an index that was just built: there are fewer places to look in, and words that are in
    /// all of them are there once.
    pub fn gather(&self) -> Result<()> {
        self.rest()?;
        let segments = self.index.searchable_segment_ids()?;
        if segments.len() < 2 || self.count() > GATHERED {
            return Ok(());
        }
        let mut slot = self.lock();
        let mut writer = self.new_writer()?;
        writer.merge(&segments).wait()?;
        self.reader.reload()?;
        writer.garbage_collect_files().wait()?;
        *slot = Some(writer);
        Ok(())
    }

    /// Rewrites the segments that still hold words of messages that were taken out. How many there were.
    pub fn expunge(&self) -> Result<usize> {
        let mut slot = self.lock();
        let spoilt: Vec<_> = self
            .index
            .searchable_segment_metas()?
            .into_iter()
            .filter(|segment| segment.num_deleted_docs() > 0)
            .map(|segment| segment.id())
            .collect();
        if spoilt.is_empty() {
            return Ok(0);
        }
        let writer = match &mut *slot {
            Some(writer) => writer,
            empty => empty.insert(self.new_writer()?),
        };
        let count = spoilt.len();
        for segment in spoilt {
            // One that a merge has taken meanwhile is gone already.
            if let Err(error) = writer.merge(&[segment]).wait() {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "a segment was merged meanwhile"
                );
            }
        }
        self.reader.reload()?;
        // The old files can go once no view names them.
        writer.garbage_collect_files().wait()?;
        Ok(count)
    }

    /// How many segments hold words of messages that were taken out.
    pub fn spoilt(&self) -> Result<usize> {
        let segments = self.index.searchable_segment_metas()?;
        Ok(segments.iter().filter(|segment| segment.num_deleted_docs() > 0).count())
    }

    /// What is in it, in no order.
    pub fn contents(&self) -> Result<Vec<Entry>> {
        let searcher = self.reader.searcher();
        let mut all = Vec::with_capacity(usize::try_from(searcher.num_docs()).unwrap_or(0));
        for segment in searcher.segment_readers() {
            let columns = Columns::of(segment)?;
            all.extend(segment.doc_ids_alive().map(|doc| columns.entry(doc)));
        }
        Ok(all)
    }

    /// What is in it of the tickets with these numbers.
    pub fn entries_of(&self, tickets: &[u64]) -> Result<Vec<Entry>> {
        let searcher = self.reader.searcher();
        let field = SCHEMA.1.ticket;
        let mut found = Vec::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut columns = None;
            for ticket in tickets {
                let term = Term::from_field_u64(field, *ticket);
                let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)?
                else {
                    continue;
                };
                let columns = match &mut columns {
                    Some(columns) => columns,
                    none => none.insert(Columns::of(segment)?),
                };
                while postings.doc() != TERMINATED {
                    if !segment.is_deleted(postings.doc()) {
                        found.push(columns.entry(postings.doc()));
                    }
                    postings.advance();
                }
            }
        }
        Ok(found)
    }

    /// Whether a term is in the dictionary of any field of any segment, even where all that had it was taken out.
    #[must_use]
    pub fn has_word(&self, term: &str) -> bool {
        let view = self.reader.searcher();
        let texts = SCHEMA.0.fields().filter(|(_, entry)| entry.field_type().is_str());
        let has = |segment: &SegmentReader, field| {
            let index = segment.inverted_index(field)?;
            Ok::<_, tantivy::TantivyError>(
                index.get_term_info(&Term::from_field_text(field, term))?,
            )
        };
        texts.into_iter().any(|(field, _)| {
            // What cannot be read may have it.
            view.segment_readers().iter().any(|one| !matches!(has(one, field), Ok(None)))
        })
    }

    /// Reads every byte of it and compares it with what was written.
    pub fn verify(&self) -> Result<()> {
        let spoilt = self.index.validate_checksum()?;
        if spoilt.is_empty() {
            Ok(())
        } else {
            Err(IndexError::Damaged("a file of the index has another checksum".into()))
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn feed(writer: &mut IndexWriter, changes: Vec<Change>, tickets: &[u64]) -> Result<()> {
    if !tickets.is_empty() {
        let mut among: HashSet<u64> = tickets.iter().copied().collect();
        let mut ids = HashSet::with_capacity(changes.len());
        for change in &changes {
            match change {
                Change::Remove(id) => _ = ids.insert(*id),
                Change::Put(message) => {
                    ids.insert(message.id);
                    among.insert(message.ticket);
                }
            }
        }
        writer.delete_query(Box::new(Outdated::new(ids, among)))?;
    }
    for change in changes {
        if let Change::Put(message) = change {
            writer.add_document(document::document(&message))?;
        }
    }
    Ok(())
}

impl std::fmt::Debug for ChannelIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelIndex").field("directory", &self.directory).finish_non_exhaustive()
    }
}
