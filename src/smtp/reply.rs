//! One answer of an SMTP server (RFC 5321 section 4.2), and the lines it is made of.

use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::net::{NetError, ServerWords, Stream};

/// RFC 5321 section 4.5.3.1.5 allows 512 bytes a line; Microsoft's are longer.
const MAX_LINE: usize = 8 << 10;
/// Lines of one answer. EHLO answers have about 20.
const MAX_LINES: usize = 200;

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// The enhanced status code (RFC 3463), as `(5, 7, 139)`.
    pub(super) enhanced: Option<(u16, u16, u16)>,
    pub(super) lines: Vec<String>,
}

impl Reply {
    pub(super) fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }

    /// The answer as the server gave it, on one line.
    pub(super) fn words(&self) -> ServerWords {
        ServerWords::new(&format!("{} {}", self.code, self.lines.join(" ")))
    }
}

/// Reads answers and writes commands; counts nothing, knows no step.
pub(super) struct Lines {
    stream: Stream,
    buffer: BytesMut,
}

impl Lines {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, buffer: BytesMut::new() }
    }

    /// Gives the stream back for STARTTLS; what came after the answer in plain text is refused
    /// (CVE-2011-0411).
    pub(super) fn into_plain_stream(self) -> Result<Stream, NetError> {
        if self.buffer.is_empty() { Ok(self.stream) } else { Err(NetError::Closed) }
    }

    pub(super) async fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), NetError> {
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(within, writing)
            .await
            .map_err(|_| NetError::Timeout("sending"))?
            .map_err(NetError::from_io)
    }

    pub(super) async fn read(&mut self, within: Duration) -> Result<Reply, NetError> {
        timeout(within, self.read_reply())
            .await
            .map_err(|_| NetError::Timeout("waiting for the server's answer"))?
    }

    async fn read_reply(&mut self) -> Result<Reply, NetError> {
        let mut reply: Option<Reply> = None;
        for _ in 0..MAX_LINES {
            let line = self.line().await?;
            let (code, last, text) = parse_line(&line).ok_or(NetError::Closed)?;
            let reply = reply.get_or_insert(Reply { code, enhanced: None, lines: Vec::new() });
            let (enhanced, text) = enhanced(text);
            reply.enhanced = reply.enhanced.or(enhanced);
            reply.lines.push(text.to_owned());
            if last {
                reply.code = code;
                return Ok(reply.clone());
            }
        }
        Err(NetError::Closed)
    }

    async fn line(&mut self) -> Result<String, NetError> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.buffer) {
                let line = self.buffer.split_to(end);
                self.buffer.advance(1);
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.buffer.len() > MAX_LINE {
                return Err(NetError::Closed);
            }
            let got = self.stream.read_buf(&mut self.buffer).await.map_err(NetError::from_io)?;
            if got == 0 {
                return Err(NetError::Closed);
            }
        }
    }
}

/// `250-text` or `250 text`: code, whether it is the last line, text.
fn parse_line(line: &str) -> Option<(u16, bool, &str)> {
    let code: u16 = line.get(..3)?.parse().ok().filter(|code| (200..600).contains(code))?;
    let rest = line.get(3..)?;
    match rest.strip_prefix('-') {
        Some(text) => Some((code, false, text)),
        None if rest.is_empty() => Some((code, true, "")),
        None => Some((code, true, rest.strip_prefix(' ')?)),
    }
}

/// `5.7.1 text`
fn enhanced(text: &str) -> (Option<(u16, u16, u16)>, &str) {
    let status = text.split(' ').next().unwrap_or_default();
    let parts: Vec<Option<u16>> = status.split('.').map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [Some(class @ (2 | 4 | 5)), Some(subject), Some(detail)] => {
            (Some((*class, *subject, *detail)), text)
        }
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_servers_write_them() {
        assert_eq!(parse_line("250-SIZE 100"), Some((250, false, "SIZE 100")));
        assert_eq!(parse_line("250 ok"), Some((250, true, "ok")));
        assert_eq!(parse_line("354"), Some((354, true, "")));
        for bad in ["", "25", "abc hello", "250_x", "999 x", "é50 x", "HTTP/1.1 400"] {
            assert_eq!(parse_line(bad), None, "{bad}");
        }
        assert_eq!(enhanced("5.7.139 No").0, Some((5, 7, 139)));
        assert_eq!(enhanced("1.2.3.4 is listed").0, None);
        assert_eq!(enhanced("Try again").0, None);
    }
}
