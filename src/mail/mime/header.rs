//! Header blocks (RFC 5322 §2.2), tolerant of what is met: `From ` lines, broken folding,
//! missing blank lines, bare CR at line ends.

use crate::mail::limits::{Limits, Refused};
use crate::mail::words;

/// One header field as it stands in the mail.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The name as written.
    pub name: &'a [u8],
    /// Everything after the colon, with its folds.
    pub value: &'a [u8],
}

impl Field<'_> {
    /// The value on one line: each fold is the white space that followed it (RFC 5322 §2.2.3).
    #[must_use]
    pub fn unfolded(&self) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::with_capacity(self.value.len());
        for byte in self.value {
            match byte {
                b'\r' | b'\n' | 0 => {}
                b'\t' => out.push(b' '),
                other => out.push(*other),
            }
        }
        let start = out.iter().take_while(|b| **b == b' ').count();
        out.drain(..start);
        while out.last() == Some(&b' ') {
            out.pop();
        }
        out
    }
}

/// A header block and where the body begins.
#[derive(Debug, Clone, Default)]
pub struct Block<'a> {
    /// The fields in their order.
    pub fields: Vec<Field<'a>>,
    /// Offset of the body within the bytes that were given.
    pub body: usize,
    /// A line was met that is no header field.
    pub malformed: bool,
}

impl<'a> Block<'a> {
    /// Reads the block at the start of `bytes`.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refused> {
        let mut block = Self::default();
        let mut at = 0;
        let mut value_start = 0;
        while let Some(line) = line_at(bytes, at) {
            let content = trim_end(line);
            let next = at + line.len();
            if content.is_empty() {
                if !block.fields.is_empty() || at > 0 || !blank_then_header(bytes, next) {
                    at = next;
                    break;
                }
                // Blank lines before the first field.
                at = next;
                continue;
            }
            if content.first().is_some_and(|b| matches!(b, b' ' | b'\t'))
                && !block.fields.is_empty()
            {
                if content.iter().all(|b| matches!(b, b' ' | b'\t')) && !more_fields(bytes, next) {
                    at = next;
                    break;
                }
                block.extend_last(bytes, value_start..next);
            } else if let Some((name, value_at)) = field_name(content) {
                value_start = at + value_at;
                let value = bytes.get(value_start..next).map(trim_end).unwrap_or_default();
                block.fields.push(Field { name, value });
            } else if at == 0 && (content.starts_with(b"From ") || content.starts_with(b">From ")) {
                // mbox separator
            } else if !block.fields.is_empty() && more_fields(bytes, next) {
                block.malformed = true;
                block.extend_last(bytes, value_start..next);
            } else if block.fields.is_empty() && more_fields(bytes, next) {
                block.malformed = true;
            } else {
                // The blank line is missing: this is the body already.
                block.malformed = true;
                break;
            }
            at = next;
            if at > limits.header_bytes {
                return Err(Refused::HeaderTooLarge(limits.header_bytes));
            }
            if block.fields.len() > limits.header_fields {
                return Err(Refused::TooManyHeaders(limits.header_fields));
            }
        }
        block.body = at.min(bytes.len());
        Ok(block)
    }

    fn extend_last(&mut self, bytes: &'a [u8], range: std::ops::Range<usize>) {
        if let (Some(last), Some(value)) = (self.fields.last_mut(), bytes.get(range)) {
            last.value = trim_end(value);
        }
    }

    /// Fields of that name, in their order.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.fields.iter().filter(move |f| f.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The first field of that name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|f| f.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The first field's value, encoded words decoded, on one line; `None` when empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = words::decode_line(&self.first(name)?.unfolded(), None);
        (!text.is_empty()).then_some(text)
    }

    /// True when a field of that name is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }
}

/// The line at `at` with its line feed.
fn line_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..).filter(|r| !r.is_empty())?;
    match memchr::memchr(b'\n', rest) {
        Some(end) => rest.get(..=end),
        None => Some(rest),
    }
}

fn trim_end(line: &[u8]) -> &[u8] {
    let mut line = line;
    while let [head @ .., b'\r' | b'\n'] = line {
        line = head;
    }
    line
}

/// Splits `Name: value` and returns the name and the offset after the colon.
fn field_name(line: &[u8]) -> Option<(&[u8], usize)> {
    let colon = memchr::memchr(b':', line.get(..line.len().min(1000))?)?;
    let name = line.get(..colon)?;
    let name = name.trim_ascii_end();
    let valid = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    valid.then_some((name, colon + 1))
}

/// After a line that is no field: do real fields follow before the blank line?
fn more_fields(bytes: &[u8], from: usize) -> bool {
    let mut at = from;
    for _ in 0..8 {
        let Some(line) = line_at(bytes, at) else { return false };
        let content = trim_end(line);
        if content.is_empty() {
            return false;
        }
        if field_name(content).is_some_and(|(name, _)| is_known(name)) {
            return true;
        }
        at += line.len();
    }
    false
}

fn blank_then_header(bytes: &[u8], from: usize) -> bool {
    line_at(bytes, from)
        .is_some_and(|line| field_name(trim_end(line)).is_some_and(|(name, _)| is_known(name)))
}

/// Names that nobody writes at the start of a line of text by accident.
fn is_known(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(b"x-")
        || name.starts_with(b"content-")
        || [
            &b"from"[..],
            b"to",
            b"cc",
            b"subject",
            b"date",
            b"received",
            b"message-id",
            b"mime-version",
            b"return-path",
            b"reply-to",
            b"references",
            b"in-reply-to",
            b"sender",
            b"delivered-to",
            b"dkim-signature",
            b"authentication-results",
            b"list-id",
        ]
        .contains(&name.as_slice())
}
