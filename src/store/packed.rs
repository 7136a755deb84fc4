//! Texts are compressed before they are sealed, when that makes them smaller.

use std::cell::RefCell;

use super::error::{Result, StoreError};

/// Shorter texts are not worth the frame's own bytes.
const WORTH_IT: usize = 192;

/// No text that Loket stores is longer once unpacked: larger is damage, not a text.
const MAX_UNPACKED: usize = 64 * 1024 * 1024;

/// Fast, and within a few percent of the slower levels on texts of a few kilobytes.
const LEVEL: i32 = 1;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;

thread_local! {
    /// To make one costs more than what it does for a short text.
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

/// One byte that says how, then the bytes.
pub(super) fn pack(text: &[u8]) -> Vec<u8> {
    if text.len() >= WORTH_IT
        && let Ok(small) = zstd::bulk::compress(text, LEVEL)
        && small.len() < text.len()
    {
        return prefixed(ZSTD, &small);
    }
    prefixed(PLAIN, text)
}

fn prefixed(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1);
    out.push(kind);
    out.extend_from_slice(bytes);
    out
}

/// What [`pack`] was given.
pub(super) fn unpack(packed: &[u8]) -> Result<String> {
    const DAMAGED: StoreError =
        StoreError::Corrupt { table: "message", what: "a text that does not unpack" };
    let bytes = match packed.split_first() {
        Some((&PLAIN, rest)) => rest.to_vec(),
        Some((&ZSTD, rest)) => {
            let size = zstd::zstd_safe::get_frame_content_size(rest).ok().flatten();
            let size = size.and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= MAX_UNPACKED);
            let size = size.ok_or(DAMAGED)?;
            DECOMPRESSOR
                .with_borrow_mut(|one| match one {
                    Some(one) => one.decompress(rest, size),
                    none => none.insert(zstd::bulk::Decompressor::new()?).decompress(rest, size),
                })
                .map_err(|_| DAMAGED)?
        }
        _ => return Err(DAMAGED),
    };
    String::from_utf8(bytes).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_short_long_and_random() {
        for text in ["", "kort", &"de fiets kwam niet aan ".repeat(500), &"x".repeat(191)] {
            assert_eq!(unpack(&pack(text.as_bytes())).expect("unpacks"), *text);
        }
        assert!(pack("de fiets kwam niet aan ".repeat(500).as_bytes()).len() < 200);
    }

    #[test]
    fn refuses_damage() {
        assert!(unpack(&[]).is_err());
        assert!(unpack(&[9, 1, 2]).is_err());
        assert!(unpack(&[ZSTD, 1, 2, 3]).is_err());
    }
}
