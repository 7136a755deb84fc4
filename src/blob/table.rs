//! The offset table: where each frame begins, sealed.

use std::ops::Range;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{BlobError, FRAME, frame};
use crate::crypto::{Column, OpenKey, random_bytes};

const FORMAT: u8 = 1;
/// Where tables are sealed; table 0 is kept for `crypto` and `blob`.
const COLUMN: Column = Column { table: 0, column: 1 };
/// No frame of any build is larger than this.
const LARGEST_FRAME: u32 = 1024 * 1024;

/// An opened offset table: what is needed to read any part of a blob.
pub struct BlobTable {
    pub(super) secret: Zeroizing<[u8; 32]>,
    pub(super) binding: Vec<u8>,
    row: Uuid,
    id: [u8; 16],
    size: u64,
    frame: u32,
    /// Where each frame begins in the body, and where the last one ends.
    offsets: Vec<u64>,
}

impl BlobTable {
    /// An empty table for a new blob.
    pub(super) fn new(key: &OpenKey, row: Uuid, size: u64) -> Self {
        let mut id = [0; 16];
        random_bytes(&mut id);
        Self::of(key, row, id, size, FRAME)
    }

    fn of(key: &OpenKey, row: Uuid, id: [u8; 16], size: u64, frame: u32) -> Self {
        // The frames' key is this sealing's own, so their nonces only have to differ within it.
        let binding = [
            row.as_bytes().as_slice(),
            key.organization_id().as_bytes(),
            key.id().as_bytes(),
            &key.version().to_be_bytes(),
            &id,
            &size.to_be_bytes(),
            &frame.to_be_bytes(),
        ]
        .concat();
        let secret = Zeroizing::new(key.mac("blob.frames.1", &binding));
        Self { secret, binding, row, id, size, frame, offsets: vec![0] }
    }

    /// Opens the table of the row `row`.
    pub fn open(key: &OpenKey, row: Uuid, sealed: &[u8]) -> Result<Self, BlobError> {
        let plain = key.open(COLUMN.of(row), sealed)?;
        let mut reader = Reader(&plain);
        let format = reader.take::<1>()?;
        if format != [FORMAT] {
            return Err(BlobError::Damaged(
                "its table has a format that this version does not know",
            ));
        }
        let id = reader.take::<16>()?;
        let size = u64::from_be_bytes(reader.take()?);
        let frame = u32::from_be_bytes(reader.take()?);
        if frame == 0 || frame > LARGEST_FRAME {
            return Err(BlobError::Damaged("its frames have an impossible size"));
        }
        let mut table = Self::of(key, row, id, size, frame);
        while !reader.0.is_empty() {
            let length = u32::from_be_bytes(reader.take()?);
            table.push(usize::try_from(length).unwrap_or(usize::MAX))?;
        }
        if table.frames() != size.div_ceil(u64::from(frame)) {
            return Err(BlobError::Damaged("its table lists another number of frames"));
        }
        Ok(table)
    }

    /// Notes the next frame's sealed length.
    pub(super) fn push(&mut self, length: usize) -> Result<(), BlobError> {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        if length < frame::OVERHEAD || length > u64::from(self.frame) + frame::OVERHEAD {
            return Err(BlobError::Damaged("a frame has an impossible length"));
        }
        self.offsets.push(self.stored_size().saturating_add(length));
        Ok(())
    }

    /// The table as it is stored.
    pub(super) fn seal(&self, key: &OpenKey) -> Vec<u8> {
        let mut plain = vec![FORMAT];
        plain.extend_from_slice(&self.id);
        plain.extend_from_slice(&self.size.to_be_bytes());
        plain.extend_from_slice(&self.frame.to_be_bytes());
        for (start, end) in self.offsets.iter().zip(self.offsets.iter().skip(1)) {
            let length = u32::try_from(end - start).unwrap_or(u32::MAX);
            plain.extend_from_slice(&length.to_be_bytes());
        }
        key.seal(COLUMN.of(self.row), &plain)
    }

    /// The size of what was sealed.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The size of the body.
    #[must_use]
    pub fn stored_size(&self) -> u64 {
        self.offsets.last().copied().unwrap_or(0)
    }

    fn frames(&self) -> u64 {
        u64::try_from(self.offsets.len().saturating_sub(1)).unwrap_or(u64::MAX)
    }

    /// The bytes of the body that hold `range`: whole frames.
    pub fn stored_range(&self, range: &Range<u64>) -> Result<Range<u64>, BlobError> {
        let frames = self.frames_of(range)?;
        Ok(self.offset(frames.start)?..self.offset(frames.end)?)
    }

    /// Cuts `range` into consecutive parts that touch at most `frames` frames each.
    pub(super) fn windows(
        &self,
        range: &Range<u64>,
        frames: u64,
    ) -> Result<impl Iterator<Item = Range<u64>> + use<>, BlobError> {
        self.frames_of(range)?;
        let (step, end) = (u64::from(self.frame) * frames.max(1), range.end);
        let mut start = range.start;
        Ok(std::iter::from_fn(move || {
            (start < end).then(|| {
                let part = start..((start / step + 1) * step).min(end);
                start = part.end;
                part
            })
        }))
    }

    /// Opens `range` out of the bytes of [`Self::stored_range`].
    pub fn open_stored(&self, stored: &[u8], range: &Range<u64>) -> Result<Vec<u8>, BlobError> {
        let frames = self.frames_of(range)?;
        let mut rest = stored;
        let mut out = Vec::with_capacity(usize::try_from(range.end - range.start).unwrap_or(0));
        for number in frames {
            let length = self.offset(number + 1)? - self.offset(number)?;
            let (sealed, after) = usize::try_from(length)
                .ok()
                .and_then(|length| rest.split_at_checked(length))
                .ok_or(BlobError::Damaged("its body is cut short"))?;
            rest = after;
            let begin = number * u64::from(self.frame);
            let expected = u64::from(self.frame).min(self.size - begin);
            let raw = frame::open(self, number, sealed, expected)?;
            let from = range.start.saturating_sub(begin);
            let to = (range.end - begin).min(expected);
            let wanted = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            let wanted = wanted.and_then(|(from, to)| raw.get(from..to));
            out.extend_from_slice(wanted.ok_or(BlobError::Damaged("a frame is too short"))?);
        }
        if !rest.is_empty() {
            return Err(BlobError::Damaged("its body is too long"));
        }
        Ok(out)
    }

    /// Whether the frame is the blob's last.
    pub(super) fn is_last(&self, number: u64) -> bool {
        number + 1 == self.size.div_ceil(u64::from(self.frame))
    }

    fn frames_of(&self, range: &Range<u64>) -> Result<Range<u64>, BlobError> {
        if range.start > range.end || range.end > self.size {
            return Err(BlobError::Range { range: range.clone(), size: self.size });
        }
        let frame = u64::from(self.frame);
        let first = range.start / frame;
        // An empty range touches no frame.
        Ok(if range.is_empty() { first..first } else { first..range.end.div_ceil(frame) })
    }

    fn offset(&self, number: u64) -> Result<u64, BlobError> {
        let offset = usize::try_from(number).ok().and_then(|number| self.offsets.get(number));
        offset.copied().ok_or(BlobError::Damaged("its table is cut short"))
    }
}

impl std::fmt::Debug for BlobTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobTable")
            .field("row", &self.row)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], BlobError> {
        let (taken, rest) =
            self.0.split_first_chunk::<N>().ok_or(BlobError::Damaged("its table is cut short"))?;
        self.0 = rest;
        Ok(*taken)
    }
}
