//! The tree of parts, walked with an explicit stack: no mail can overflow ours.

use std::ops::Range;

use super::header::Block;
use super::params::Params;
use crate::mail::limits::{Limits, Refused};
use crate::mail::model::Encoding;

/// What a part is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Has children.
    Multipart,
    /// A mail within the mail; its child is that mail's root.
    Message,
    /// Bytes.
    Leaf,
}

/// One part. Ranges are offsets in the raw mail.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// Its own header fields.
    pub header: Block<'a>,
    /// Content-Type; `value` is never empty.
    pub content_type: Params,
    /// Content-Disposition.
    pub disposition: Params,
    /// Content-Transfer-Encoding.
    pub encoding: Encoding,
    /// The encoded body.
    pub body: Range<usize>,
    /// Children, in order.
    pub children: Vec<usize>,
    /// How many mails this one is inside of; 0 for the mail's own parts.
    pub level: usize,
    /// What it is made of.
    pub kind: Kind,
}

/// All parts; the first is the root.
#[derive(Debug)]
pub struct Tree<'a> {
    /// The parts, parents before children.
    pub parts: Vec<Part<'a>>,
    /// What is odd about the structure.
    pub defects: Vec<&'static str>,
    /// Fields of all parts.
    fields: usize,
}

struct Todo {
    range: Range<usize>,
    parent: Option<usize>,
    depth: usize,
    level: usize,
    in_digest: bool,
}

impl<'a> Tree<'a> {
    /// Reads the structure of `raw`.
    pub fn read(raw: &'a [u8], limits: &Limits) -> Result<Self, Refused> {
        let mut tree = Self { parts: Vec::new(), defects: Vec::new(), fields: 0 };
        let root = Todo { range: 0..raw.len(), parent: None, depth: 0, level: 0, in_digest: false };
        let mut todo = vec![root];
        while let Some(next) = todo.pop() {
            if tree.parts.len() >= limits.parts {
                // Not taken apart further: the rest is one file.
                tree.rest(next.range.start..raw.len(), next.level);
                break;
            }
            if next.level > limits.nested_messages {
                return Err(Refused::NestedTooDeep(limits.nested_messages));
            }
            tree.add(raw, &next, limits, &mut todo)?;
        }
        Ok(tree)
    }

    fn add(
        &mut self,
        raw: &'a [u8],
        job: &Todo,
        limits: &Limits,
        todo: &mut Vec<Todo>,
    ) -> Result<(), Refused> {
        let bytes = raw.get(job.range.clone()).unwrap_or_default();
        let mut header = Block::read(bytes, limits)?;
        header.fields.shrink_to_fit();
        self.fields += header.fields.len();
        if self.fields > limits.all_fields {
            return Err(Refused::TooManyHeaders(limits.all_fields));
        }
        if header.malformed {
            self.defect("malformed_header");
        }
        let start = job.range.start + header.body;
        let mut part = part(header, start..job.range.end, job);
        let index = self.parts.len();
        if part.content_type.value.starts_with("multipart/") {
            if job.depth >= limits.depth {
                self.defect("nested_too_deep");
            } else if let Some(children) = self.split(raw, &part, limits) {
                part.kind = Kind::Multipart;
                let in_digest = part.content_type.value == "multipart/digest";
                // The stack is last in, first out.
                for range in children.into_iter().rev() {
                    todo.push(Todo {
                        range,
                        parent: Some(index),
                        depth: job.depth + 1,
                        level: job.level,
                        in_digest,
                    });
                }
            } else {
                self.defect("multipart_without_parts");
            }
        } else if is_message(&part.content_type.value)
            && part.encoding == Encoding::Identity
            && !part.body.is_empty()
        {
            part.kind = Kind::Message;
            todo.push(Todo {
                range: part.body.clone(),
                parent: Some(index),
                depth: job.depth + 1,
                level: job.level + 1,
                in_digest: false,
            });
        }
        if let Some(parent) = job.parent.and_then(|p| self.parts.get_mut(p)) {
            parent.children.push(index);
        }
        self.parts.push(part);
        Ok(())
    }

    /// The ranges between the boundary lines, or `None` where there is no boundary at all.
    fn split(&mut self, raw: &[u8], part: &Part<'_>, limits: &Limits) -> Option<Vec<Range<usize>>> {
        let body = raw.get(part.body.clone()).unwrap_or_default();
        let declared = part.content_type.raw("boundary").map(|b| b.trim_ascii_end().to_vec());
        let boundary = match declared.filter(|b| !b.is_empty()) {
            Some(boundary) => boundary,
            None => match guess_boundary(body) {
                Some(guess) => {
                    self.defect("no_boundary");
                    guess
                }
                None => return None,
            },
        };
        let mut ranges = Vec::new();
        let mut open: Option<usize> = None;
        let mut closed = false;
        let mut delimiter = b"--".to_vec();
        delimiter.extend_from_slice(&boundary);
        for found in memchr::memmem::find_iter(body, &delimiter) {
            let line_start = found == 0 || matches!(body.get(found - 1), Some(b'\n' | b'\r'));
            let tail = body.get(found + delimiter.len()..).unwrap_or_default();
            let (last, tail) = tail.strip_prefix(b"--").map_or((false, tail), |rest| (true, rest));
            // No search for the line feed: it may be far away, and there may be many of us.
            let end = tail.iter().position(|b| *b == b'\n' || !b.is_ascii_whitespace());
            let blank = end.is_none_or(|at| tail.get(at) == Some(&b'\n'));
            if !line_start || !blank {
                continue;
            }
            let line_len = end.map_or(tail.len(), |at| at + 1);
            if let Some(start) = open.take() {
                ranges.push(start..trim_line_end(body, start, found));
            }
            if last {
                closed = true;
                break;
            }
            if ranges.len() >= limits.parts {
                // The last one goes on to the end.
                open = Some(body.len() - tail.len() + line_len);
                self.defect("too_many_parts");
                break;
            }
            open = Some(body.len() - tail.len() + line_len);
        }
        if let Some(start) = open
            && start <= body.len()
        {
            ranges.push(start..body.len());
        }
        if !closed && !ranges.is_empty() {
            self.defect("unclosed_multipart");
        }
        let offset = part.body.start;
        let shifted = ranges.into_iter().map(|r| r.start + offset..r.end.max(r.start) + offset);
        let shifted: Vec<_> = shifted.collect();
        (!shifted.is_empty()).then_some(shifted)
    }

    fn rest(&mut self, body: Range<usize>, level: usize) {
        self.defect("too_many_parts");
        let content_type = Params::read(b"application/octet-stream");
        let index = self.parts.len();
        self.parts.push(Part {
            header: Block::default(),
            content_type,
            disposition: Params::read(b"attachment"),
            encoding: Encoding::Identity,
            body,
            children: Vec::new(),
            level,
            kind: Kind::Leaf,
        });
        if let Some(root) = self.parts.first_mut() {
            root.children.push(index);
        }
    }

    fn defect(&mut self, word: &'static str) {
        if !self.defects.contains(&word) {
            self.defects.push(word);
        }
    }
}

/// `message/rfc822`, its internationalised form, and Netscape's for news.
#[must_use]
pub fn is_message(content_type: &str) -> bool {
    matches!(content_type, "message/rfc822" | "message/global" | "message/news")
}

fn part<'a>(header: Block<'a>, body: Range<usize>, job: &Todo) -> Part<'a> {
    let read = |name| header.first(name).map(|f| Params::read(&f.unfolded())).unwrap_or_default();
    let mut content_type: Params = read("Content-Type");
    if !content_type.value.contains('/') {
        let default = if job.in_digest { "message/rfc822" } else { "text/plain" };
        default.clone_into(&mut content_type.value);
    }
    let encoding = match header.text("Content-Transfer-Encoding") {
        Some(text) => {
            let word = text.split([';', ' ']).next().unwrap_or_default().to_ascii_lowercase();
            match word.trim_matches(['"', '\'']) {
                "base64" => Encoding::Base64,
                "quoted-printable" | "quotedprintable" => Encoding::QuotedPrintable,
                _ => Encoding::Identity,
            }
        }
        None => Encoding::Identity,
    };
    Part {
        disposition: read("Content-Disposition"),
        content_type,
        encoding,
        body,
        children: Vec::new(),
        level: job.level,
        kind: Kind::Leaf,
        header,
    }
}

/// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
fn trim_line_end(body: &[u8], start: usize, end: usize) -> usize {
    let mut end = end;
    if end > start && body.get(end - 1) == Some(&b'\n') {
        end -= 1;
    }
    if end > start && body.get(end - 1) == Some(&b'\r') {
        end -= 1;
    }
    end
}

/// A multipart that does not say its boundary: the first line that begins with `--` and is met
/// again.
fn guess_boundary(body: &[u8]) -> Option<Vec<u8>> {
    let line = body.split(|b| *b == b'\n').take(200).find(|l| l.starts_with(b"--"))?;
    let word = line.get(2..)?.trim_ascii_end();
    let usable = (3..=100).contains(&word.len())
        && word.iter().all(u8::is_ascii_graphic)
        && word.iter().any(|b| *b != b'-');
    (usable && memchr::memmem::find_iter(body, word).nth(1).is_some()).then(|| word.to_vec())
}
