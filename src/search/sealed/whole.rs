//! Small files that are replaced as a whole.
//!
//! ```text
//! "LKSW" | version (1) | salt (16) | nonce (12) | ciphertext of: number (8, big endian), content | tag (16)
//! ```

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use zeroize::{Zeroize as _, Zeroizing};

use super::{Salt, Secret, damaged, file_key, new_salt, pad, unpadded};
use crate::crypto::frame;

const MAGIC: &[u8; 5] = b"LKSW\x01";

/// To what multiple of bytes the content is filled up: the file's size tells not how many segments
/// there are exactly.
const STEP: usize = 4 * 1024;

/// What is being written until it takes the other's place.
pub(super) const BEGUN: &str = "begun";

/// Replaces `folder/name`. Afterwards it is there whole, or as it was.
pub(super) fn write(
    folder: &Path,
    name: &Path,
    index: &Secret,
    number: u64,
    content: &[u8],
) -> io::Result<()> {
    let salt = new_salt();
    // Room for all of it, so that no copy is left behind when it grows.
    let mut plain = Zeroizing::new(Vec::with_capacity(size_of::<u64>() + content.len() + STEP));
    plain.extend_from_slice(&number.to_be_bytes());
    plain.extend_from_slice(content);
    pad(&mut plain, STEP);
    let mut out = [MAGIC.as_slice(), &salt].concat();
    frame::seal(&file_key(index, &salt, name)?, MAGIC, &plain, &mut out);
    let begun = folder.join(name).with_extension(BEGUN);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&begun)?;
    file.write_all(&out)?;
    file.sync_data()?;
    crate::crash::point();
    fs::rename(&begun, folder.join(name))?;
    crate::crash::point();
    Ok(())
}

/// The number and the content of what was written last.
pub(super) fn read(folder: &Path, name: &Path, index: &Secret) -> io::Result<(u64, Vec<u8>)> {
    let bytes = fs::read(folder.join(name))?;
    let opened = bytes.strip_prefix(MAGIC).and_then(|rest| {
        let (salt, sealed) = rest.split_first_chunk::<{ size_of::<Salt>() }>()?;
        frame::open(&file_key(index, salt, name).ok()?, MAGIC, sealed).ok()
    });
    let mut plain = opened.ok_or_else(|| damaged("a file of the index is not what was written"))?;
    let length = unpadded(&plain).ok_or_else(|| damaged("a file of the index has no end"))?;
    plain.truncate(length);
    let number = plain.first_chunk().map(|number| u64::from_be_bytes(*number));
    let number = number.ok_or_else(|| damaged("a file of the index is too short"))?;
    let content = plain.split_off(8);
    plain.zeroize();
    Ok((number, content))
}
