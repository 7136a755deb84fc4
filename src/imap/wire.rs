//! Cuts the byte stream into whole replies: lines with their literals.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::ImapError;
use crate::net::{NetError, Stream};

/// The server may be silent this long inside an answer. Gmail takes up to a minute to begin a search.
pub(super) const SILENCE: Duration = Duration::from_secs(90);
/// Sending a command; only a dead peer lets its window fill up.
const SEND: Duration = Duration::from_mins(1);
/// A reply without its literals. The longest is a SEARCH answer: 100,000 UIDs are 1.1 MB.
const MAX_LINE: usize = 8 << 20;
/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// A connection that yields whole replies.
pub(super) struct Wire {
    stream: Stream,
    buffer: BytesMut,
    /// A literal announced larger than this is a protocol error (memory).
    pub(super) max_literal: usize,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("buffered", &self.buffer.len()).finish_non_exhaustive()
    }
}

impl Wire {
    pub(super) fn new(stream: Stream, max_literal: usize) -> Self {
        Self { stream, buffer: BytesMut::new(), max_literal }
    }

    /// Gives the stream back for STARTTLS. Text that came after the OK in plain is an injected command
    /// (CVE-2011-0411 and its many relatives): refused.
    pub(super) fn into_plain_stream(self) -> Result<Stream, ImapError> {
        if self.buffer.is_empty() {
            Ok(self.stream)
        } else {
            Err(ImapError::Protocol("text after STARTTLS"))
        }
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), ImapError> {
        let sending = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(SEND, sending)
            .await
            .map_err(|_| NetError::Timeout("sending a command"))?
            .map_err(NetError::from_io)?;
        Ok(())
    }

    /// The next whole reply, CRLF included. Literals stay inside; their bytes are not copied.
    pub(super) async fn next(&mut self, silence: Duration) -> Result<Bytes, ImapError> {
        let mut cut = Cut::default();
        loop {
            match cut.advance(&self.buffer, self.max_literal)? {
                Progress::Whole(length) => return Ok(self.buffer.split_to(length).freeze()),
                Progress::Needs(more) => self.fill(more, silence).await?,
            }
        }
    }

    async fn fill(&mut self, more: usize, silence: Duration) -> Result<(), ImapError> {
        self.buffer.reserve(more.max(CHUNK));
        let got = timeout(silence, self.stream.read_buf(&mut self.buffer))
            .await
            .map_err(|_| NetError::Timeout("waiting for the server's answer"))?
            .map_err(NetError::from_io)?;
        if got == 0 { Err(NetError::Closed.into()) } else { Ok(()) }
    }
}

enum Progress {
    /// The reply ends at this offset.
    Whole(usize),
    /// At least so many bytes are missing.
    Needs(usize),
}

/// Where the search for the end of a reply stands; nothing is scanned twice.
#[derive(Default)]
struct Cut {
    /// Start of the present line (after the last literal).
    line: usize,
    /// No line feed before this offset.
    scanned: usize,
    /// Bytes outside literals so far.
    text: usize,
}

impl Cut {
    fn advance(&mut self, buffer: &[u8], max_literal: usize) -> Result<Progress, ImapError> {
        loop {
            if self.scanned > buffer.len() {
                return Ok(Progress::Needs(self.scanned - buffer.len()));
            }
            let unseen = buffer.get(self.scanned..).unwrap_or_default();
            let Some(found) = memchr::memchr(b'\n', unseen) else {
                self.scanned = buffer.len();
                if self.text + self.scanned - self.line > MAX_LINE {
                    return Err(ImapError::Protocol("a reply is too long"));
                }
                return Ok(Progress::Needs(1));
            };
            let end = self.scanned + found + 1;
            let line = buffer.get(self.line..end).unwrap_or_default();
            self.text += line.len();
            if self.text > MAX_LINE {
                return Err(ImapError::Protocol("a reply is too long"));
            }
            // Human text (`* OK …`, `A1 NO …`) may end in braces; it never holds a literal.
            let first = self.line == 0;
            match literal_length(line) {
                Some(length) if !(first && is_status(line)) => {
                    if length > max_literal {
                        return Err(ImapError::Protocol("a literal is too large"));
                    }
                    self.line = end + length;
                    self.scanned = self.line;
                }
                _ => return Ok(Progress::Whole(end)),
            }
        }
    }
}

/// `{123}` (also `{123+}` and `~{123}`) at the end of a line announces 123 raw bytes.
fn literal_length(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line).strip_suffix(b"}")?;
    let line = line.strip_suffix(b"+").unwrap_or(line);
    let open = line.iter().rposition(|b| !b.is_ascii_digit())?;
    if line.get(open) != Some(&b'{') {
        return None;
    }
    std::str::from_utf8(line.get(open + 1..)?).ok()?.parse().ok()
}

fn is_status(line: &[u8]) -> bool {
    let mut words = line.split(|b| *b == b' ');
    let tag = words.next().unwrap_or_default();
    let word = words.next().unwrap_or_default();
    let known: [&[u8]; 5] = [b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"];
    tag == b"+" || known.iter().any(|status| word.eq_ignore_ascii_case(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds a text byte by byte, as the slowest network would, and returns the replies.
    fn cut(text: &[u8]) -> Vec<Vec<u8>> {
        let (mut out, mut buffer, mut state) = (Vec::new(), Vec::new(), Cut::default());
        for byte in text {
            buffer.push(*byte);
            if let Progress::Whole(end) = state.advance(&buffer, 1000).unwrap() {
                out.push(buffer.drain(..end).collect());
                state = Cut::default();
            }
        }
        assert!(buffer.is_empty(), "left over: {buffer:?}");
        out
    }

    #[test]
    fn replies_end_after_their_literals() {
        let replies: [&[u8]; 5] = [
            b"* 1 FETCH (BODY[] {5}\r\na\r\nb)\r\n",
            b"* 2 FETCH (BODY[] {0}\r\n X {3+}\r\n{9} FLAGS ())\r\n",
            b"* OK quota {7}\r\n",
            b"A1 NO not {70}\r\n",
            b"* SEARCH 1 2\n",
        ];
        assert_eq!(cut(&replies.concat()), replies);
    }

    #[test]
    fn a_line_feed_inside_a_literal_does_not_end_the_reply() {
        let text = b"* 1 FETCH (BODY[] {9}\r\n\n{3}\r\n\n\n\n)\r\n";
        assert_eq!(cut(text), [text.to_vec()]);
    }

    #[test]
    fn an_endless_line_and_a_huge_literal_are_refused() {
        assert!(Cut::default().advance(&vec![b'x'; MAX_LINE + 1], 1000).is_err());
        assert!(Cut::default().advance(b"* 1 FETCH (BODY[] {1001}\r\n", 1000).is_err());
        assert!(Cut::default().advance(b"* X {99999999999999999999999}\r\n", 9).is_ok());
    }
}
