//! Encoded words (RFC 2047) in header values, as they are met and not only as they should be:
//! glued to text, inside quotes, with spaces in them, cut in the middle of a character.

use super::charset;
use super::transfer;

/// Decodes an unfolded header value on one line. `fallback` is the charset of raw bytes.
#[must_use]
pub fn decode(value: &[u8], fallback: Option<&str>) -> String {
    let mut out = String::with_capacity(value.len());
    let mut pending = Pending::default();
    let mut rest = value;
    // Searched for once: a search at each `=?` would go over the rest each time.
    let last_end = memchr::memmem::rfind(value, b"?=").unwrap_or(0);
    while let Some(start) = memchr::memmem::find(rest, b"=?") {
        let (before, from) = rest.split_at(start);
        let Some((word, after)) = read_word(from) else {
            if value.len() - from.len() + 2 > last_end {
                break;
            }
            pending.flush(&mut out);
            let (skipped, tail) = rest.split_at(start + 2);
            push_raw(&mut out, skipped, fallback);
            rest = tail;
            continue;
        };
        // White space between two encoded words does not count (RFC 2047 §6.2).
        if !(pending.open && before.iter().all(u8::is_ascii_whitespace)) {
            pending.flush(&mut out);
            push_raw(&mut out, before, fallback);
        }
        pending.add(&word, &mut out);
        rest = after;
    }
    pending.flush(&mut out);
    push_raw(&mut out, rest, fallback);
    out
}

/// The same, with white space folded to single spaces and trimmed, without control characters.
#[must_use]
pub fn decode_line(value: &[u8], fallback: Option<&str>) -> String {
    one_line(&decode(value, fallback))
}

/// Folds white space and drops control characters.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = !out.is_empty();
        } else if !c.is_control() {
            if space {
                out.push(' ');
                space = false;
            }
            out.push(c);
        }
    }
    out
}

struct Word<'a> {
    charset: &'a [u8],
    bytes: Vec<u8>,
}

/// Bytes of adjacent words in one charset: a character may be cut between two of them.
#[derive(Default)]
struct Pending {
    open: bool,
    charset: String,
    bytes: Vec<u8>,
}

impl Pending {
    fn add(&mut self, word: &Word<'_>, out: &mut String) {
        let charset = String::from_utf8_lossy(word.charset).to_ascii_lowercase();
        if self.open && self.charset != charset {
            self.flush(out);
        }
        self.open = true;
        self.charset = charset;
        // ISO-2022-JP starts each word in ASCII again.
        if self.charset.starts_with("iso-2022") {
            out.push_str(&charset::decode(&word.bytes, Some(&self.charset)).0);
        } else {
            self.bytes.extend_from_slice(&word.bytes);
        }
    }

    fn flush(&mut self, out: &mut String) {
        if !self.bytes.is_empty() {
            out.push_str(&charset::decode(&self.bytes, Some(&self.charset)).0);
            self.bytes.clear();
        }
        self.open = false;
    }
}

fn push_raw(out: &mut String, bytes: &[u8], fallback: Option<&str>) {
    if bytes.is_ascii() && !bytes.contains(&0x1b) {
        out.extend(bytes.iter().filter(|b| **b != 0).map(|b| char::from(*b)));
    } else {
        out.push_str(&charset::decode(bytes, fallback).0);
    }
}

/// Reads `=?charset?encoding?text?=` at the start of `from`.
fn read_word(from: &[u8]) -> Option<(Word<'_>, &[u8])> {
    let body = from.strip_prefix(b"=?")?;
    let mark = memchr::memchr(b'?', body.get(..80.min(body.len()))?)?;
    let (charset, rest) = (body.get(..mark)?, body.get(mark + 1..)?);
    if charset.is_empty()
        || !charset.iter().all(|b| b.is_ascii_graphic() && !b"\"()<>@,;:[]=/".contains(b))
    {
        return None;
    }
    let base64 = match rest.first()? {
        b'b' | b'B' => true,
        b'q' | b'Q' => false,
        _ => return None,
    };
    let text = rest.get(1..)?.strip_prefix(b"?")?;
    let end = memchr::memmem::find(text, b"?=")?;
    let (content, after) = (text.get(..end)?, text.get(end + 2..)?);
    let bytes = if base64 { transfer::base64(content) } else { q_decode(content) };
    Some((Word { charset, bytes }, after))
}

fn q_decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'_', _) => out.push(b' '),
            (b'=', [high, low, after @ ..]) => match transfer::hex_pair(*high, *low) {
                Some(byte) => {
                    out.push(byte);
                    rest = after;
                }
                None => out.push(b'='),
            },
            (b'\r' | b'\n', _) => {}
            (other, _) => out.push(*other),
        }
    }
    out
}
