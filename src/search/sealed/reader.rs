//! Reads ranges of a file of blocks.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};
use zeroize::Zeroizing;

use super::cache::Plain;
use super::{
    BLOCK, BlockCache, HEADER, MAGIC, SEALED, Salt, Secret, Tag, block_aad, damaged, file_key,
    file_tag, unpadded,
};
use crate::crypto::frame;

/// A file that is open.
pub(super) struct SealedFile {
    file: File,
    path: PathBuf,
    key: Secret,
    tag: Tag,
    /// How many blocks there are, and how many bytes in the clear.
    blocks: u64,
    length: usize,
    cache: BlockCache,
}

impl SealedFile {
    /// Opens the file. Its last block is read, which shows that nothing was cut off.
    pub(super) fn open(
        file: File,
        index: &Secret,
        path: &Path,
        cache: BlockCache,
    ) -> io::Result<Self> {
        let mut header = [0; HEADER];
        file.read_exact_at(&mut header, 0)?;
        let (magic, salt) = header.split_at(MAGIC.len());
        let salt = Salt::try_from(salt).ok().filter(|_| magic == MAGIC);
        let salt = salt.ok_or_else(|| damaged("a file of the index does not begin like one"))?;
        let size = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)? - HEADER;
        let blocks = size / SEALED;
        if blocks == 0 || !size.is_multiple_of(SEALED) {
            return Err(damaged("a file of the index was cut off"));
        }
        let mut sealed = Self {
            file,
            path: path.to_owned(),
            key: file_key(index, &salt, path)?,
            tag: file_tag(index, &salt, path)?,
            blocks: blocks as u64,
            length: (blocks - 1) * BLOCK,
            cache,
        };
        sealed.length += sealed.block(sealed.blocks - 1)?.len();
        Ok(sealed)
    }

    fn block(&self, number: u64) -> io::Result<Plain> {
        if let Some(block) = self.cache.get(self.tag, number) {
            return Ok(block);
        }
        let is_last = number + 1 == self.blocks;
        let mut sealed = vec![0; SEALED];
        self.file.read_exact_at(&mut sealed, HEADER as u64 + number * SEALED as u64)?;
        let opened = frame::open(&self.key, &block_aad(number, is_last), &sealed)
            .map_err(|_| damaged("a block of the index is not what was written there"))?;
        let opened = Zeroizing::new(opened);
        let length = if is_last { unpadded(&opened) } else { Some(opened.len()) };
        let plain = length.and_then(|length| opened.get(..length));
        let plain = plain.ok_or_else(|| damaged("the last block of the index has no end"))?;
        Ok(self.cache.keep(self.tag, number, plain))
    }
}

impl FileHandle for SealedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.length {
            return Err(damaged("the index names bytes that its file does not have"));
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        let (first, last) = (range.start / BLOCK, (range.end - 1) / BLOCK);
        let within = |number: usize| {
            let begin = number * BLOCK;
            range.start.saturating_sub(begin)..(range.end - begin).min(BLOCK)
        };
        if first == last {
            return Ok(OwnedBytes::new(self.block(first as u64)?).slice(within(first)));
        }
        let mut all: Plain = std::iter::repeat_n(0, range.len()).collect();
        let mut left = Arc::get_mut(&mut all).unwrap_or_default();
        let filled = (first..=last).try_for_each(|number| {
            let block = self.block(number as u64)?;
            let short = || damaged("a block of the index is short");
            let part = block.get(within(number)).ok_or_else(short)?;
            let (to, rest) =
                std::mem::take(&mut left).split_at_mut_checked(part.len()).ok_or_else(short)?;
            to.copy_from_slice(part);
            left = rest;
            Ok::<_, io::Error>(())
        });
        // Listed in either case: what was put together until then is wiped.
        let plain = self.cache.lend(all);
        filled.map(|()| OwnedBytes::new(plain))
    }
}

impl HasLen for SealedFile {
    fn len(&self) -> usize {
        self.length
    }
}

impl fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedFile")
            .field("path", &self.path)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
