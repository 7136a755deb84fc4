//! Content-Transfer-Encoding (RFC 2045 §6), forgiving: what cannot be decoded is kept or skipped.

use std::borrow::Cow;

use super::model::Encoding;

/// Undoes the encoding of an attachment's bytes as they stand in the raw mail.
#[must_use]
pub fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Identity => Cow::Borrowed(bytes),
        Encoding::Base64 => Cow::Owned(base64(bytes)),
        Encoding::QuotedPrintable => Cow::Owned(quoted_printable(bytes)),
    }
}

/// How large `decode` would make it, without keeping the result.
#[must_use]
pub fn decoded_size(bytes: &[u8], encoding: Encoding) -> u64 {
    let size = match encoding {
        Encoding::Identity => bytes.len(),
        Encoding::QuotedPrintable => quoted_printable(bytes).len(),
        Encoding::Base64 => {
            let mut digits = 0_usize;
            let mut size = 0_usize;
            for byte in bytes {
                match value_of(*byte) {
                    PAD => {
                        size += tail_size(digits);
                        digits = 0;
                    }
                    OTHER => {}
                    _ => {
                        digits += 1;
                        if digits == 4 {
                            digits = 0;
                            size += 3;
                        }
                    }
                }
            }
            size + tail_size(digits)
        }
    };
    size as u64
}

const fn tail_size(digits: usize) -> usize {
    match digits {
        2 => 1,
        3 => 2,
        _ => 0,
    }
}

const OTHER: u8 = 255;
const PAD: u8 = 254;

/// What a byte stands for in Base64.
fn value_of(byte: u8) -> u8 {
    VALUES.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "bounded at compile time"
)]
const VALUES: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [OTHER; 256];
    let mut i = 0;
    while i < 64 {
        table[alphabet[i] as usize] = i as u8;
        i += 1;
    }
    table[b'=' as usize] = PAD;
    table
};

/// Base64 that may be broken: other characters are skipped, padding may be missing or in the
/// middle (where two encoded texts were joined).
#[must_use]
pub fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut group: u32 = 0;
    let mut digits = 0_u8;
    for byte in text {
        match value_of(*byte) {
            OTHER => {}
            PAD => {
                flush(&mut out, group, digits);
                group = 0;
                digits = 0;
            }
            value => {
                group = (group << 6) | u32::from(value);
                digits += 1;
                if digits == 4 {
                    let [_, a, b, c] = group.to_be_bytes();
                    out.extend_from_slice(&[a, b, c]);
                    group = 0;
                    digits = 0;
                }
            }
        }
    }
    flush(&mut out, group, digits);
    out
}

fn flush(out: &mut Vec<u8>, group: u32, digits: u8) {
    match digits {
        2 => {
            let [_, a, ..] = (group << 12).to_be_bytes();
            out.push(a);
        }
        3 => {
            let [_, a, b, _] = (group << 6).to_be_bytes();
            out.extend_from_slice(&[a, b]);
        }
        _ => {}
    }
}

/// Quoted-printable; a `=` that means nothing is kept.
#[must_use]
pub fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'=', b'\n', rest) {
        let (before, from) = rest.split_at(at);
        match from {
            [b'\n', tail @ ..] => {
                // White space at a line's end was added on the way (RFC 2045 §6.7, rule 3).
                let carriage = before.ends_with(b"\r");
                let line = before.strip_suffix(b"\r").unwrap_or(before);
                let kept = line.len()
                    - line.iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
                out.extend_from_slice(line.get(..kept).unwrap_or_default());
                if carriage {
                    out.push(b'\r');
                }
                out.push(b'\n');
                rest = tail;
            }
            [b'=', high, low, tail @ ..] if hex_pair(*high, *low).is_some() => {
                out.extend_from_slice(before);
                out.extend(hex_pair(*high, *low));
                rest = tail;
            }
            [b'=', tail @ ..] => {
                out.extend_from_slice(before);
                let blank = tail.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
                match tail.get(blank..) {
                    Some([b'\n', next @ ..]) => rest = next,
                    Some([]) => rest = &[],
                    _ => {
                        out.push(b'=');
                        rest = tail;
                    }
                }
            }
            _ => break,
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Two hexadecimal digits as a byte.
#[must_use]
pub fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(high)? << 4 | digit(low)?)
}
