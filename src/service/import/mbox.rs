//! Where each mail of an mbox begins and ends, and what its Date header says.
//!
//! Line by line, keeping of each only its beginning, so that neither a large archive nor a long
//! line takes memory. A separator is a line that begins with `From ` (RFC 4155), behind an
//! empty line or with a date as programs write it, and before something that looks like a
//! header: text of careless archives that do not escape such lines stays text.

use std::io::{self, BufRead};

use chrono::{DateTime, Utc};

use crate::mail::date;

/// Of each line this much is looked at.
const LOOKED_AT: usize = 512;

/// A line: where it is, and how it begins, without its end.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) head: Vec<u8>,
}

impl Line {
    fn is_empty(&self) -> bool {
        self.head.is_empty()
    }
}

/// Lines of a file of any size.
#[derive(Debug)]
pub(super) struct Lines<R> {
    from: R,
    at: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, at: 0 }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut line = Line { start: self.at, end: self.at, head: Vec::new() };
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let found = memchr::memchr(b'\n', buffer);
            let (text, used) = match found {
                Some(end) => (buffer.get(..end).unwrap_or_default(), end + 1),
                None => (buffer, buffer.len()),
            };
            let room = LOOKED_AT.saturating_sub(line.head.len()).min(text.len());
            line.head.extend_from_slice(text.get(..room).unwrap_or_default());
            self.from.consume(used);
            self.at += used as u64;
            if found.is_some() {
                break;
            }
        }
        line.end = self.at;
        if line.head.last() == Some(&b'\r') {
            line.head.pop();
        }
        Ok((line.end > line.start).then_some(line))
    }
}

/// Reads the Date header as lines go by.
#[derive(Debug, Default)]
pub(super) struct DateHeader {
    value: Option<Vec<u8>>,
    in_it: bool,
    over: bool,
}

impl DateHeader {
    /// Takes a line of the head; nothing after the first empty one.
    pub(super) fn take(&mut self, line: &[u8]) {
        if self.over {
            return;
        }
        if line.is_empty() {
            self.over = true;
        } else if line.starts_with(b" ") || line.starts_with(b"\t") {
            if let Some(value) = self.value.as_mut().filter(|_| self.in_it) {
                value.extend_from_slice(line.get(..LOOKED_AT.min(line.len())).unwrap_or_default());
                self.in_it = value.len() < LOOKED_AT;
            }
        } else {
            let is_date = line.get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"date:"));
            self.in_it = is_date && self.value.is_none();
            if self.in_it {
                self.value = line.get(5..).map(<[u8]>::to_vec);
            }
        }
    }

    /// Whether the head has ended.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    pub(super) fn date(&self) -> Option<DateTime<Utc>> {
        date::parse(&String::from_utf8_lossy(self.value.as_deref()?))
    }
}

/// A mail in an mbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Its Date header, or else the date in its separator.
    pub(super) date: Option<DateTime<Utc>>,
}

/// Finds the mails of an mbox, in order.
pub(super) fn scan(from: impl BufRead, mut found: impl FnMut(Found)) -> io::Result<()> {
    let mut lines = Lines::new(from);
    let mut mail: Option<Mail> = None;
    // A line that is a separator if the next one looks like a header.
    let mut candidate: Option<Line> = None;
    let mut after_empty: Option<u64> = Some(0);
    while let Some(line) = lines.next()? {
        if let Some(separator) = candidate.take() {
            if looks_like_header(&line.head) {
                if let Some(mail) = mail.take() {
                    // The empty line before a separator belongs to the mbox, not to the mail.
                    found(mail.found(after_empty.unwrap_or(separator.start)));
                }
                mail = Some(Mail::after(&separator));
            } else if let Some(mail) = &mut mail {
                mail.date.take(&separator.head);
            }
            after_empty = None;
        }
        if is_separator(&line.head, after_empty.is_some()) {
            candidate = Some(line);
            continue;
        }
        after_empty = line.is_empty().then_some(line.start);
        if let Some(mail) = &mut mail {
            mail.date.take(&line.head);
            mail.end = line.end;
        }
    }
    if let Some(mail) = mail {
        let end = match candidate {
            Some(text) => text.end,
            None => after_empty.unwrap_or(mail.end),
        };
        found(mail.found(end));
    }
    Ok(())
}

#[derive(Debug)]
struct Mail {
    start: u64,
    end: u64,
    separator: Vec<u8>,
    date: DateHeader,
}

impl Mail {
    fn after(separator: &Line) -> Self {
        Self {
            start: separator.end,
            end: separator.end,
            separator: separator.head.clone(),
            date: DateHeader::default(),
        }
    }

    fn found(self, end: u64) -> Found {
        let date = self.date.date().or_else(|| date_of(&self.separator));
        Found { start: self.start, end: end.max(self.start), date }
    }
}

fn is_separator(line: &[u8], after_empty: bool) -> bool {
    line.starts_with(b"From ") && (after_empty || date_of(line).is_some())
}

/// The date of a separator: `From jo@example.com Mon Jan  1 10:00:00 2024`.
fn date_of(separator: &[u8]) -> Option<DateTime<Utc>> {
    let text = String::from_utf8_lossy(separator.strip_prefix(b"From ")?);
    let (_, date) = text.trim_start().split_once(' ')?;
    if !date.contains(':') {
        return None;
    }
    date::parse(date)
}

/// `Name: value`, or the escaped separator that some archives begin a mail with.
fn looks_like_header(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len() && !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
        || line.starts_with(b">From ")
}

/// A mail as it was before it was put into an mbox: `>From ` is `From ` again (mboxrd; in
/// mboxo, which escapes fewer lines, the same but for what began with `>` already).
pub(super) fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let escaped = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
        out.extend_from_slice(line.get(usize::from(escaped)..).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(text: &str) -> Vec<(String, Option<String>)> {
        let mut all = Vec::new();
        // A small buffer, so that lines lie across its end.
        scan(io::BufReader::with_capacity(7, text.as_bytes()), |found| {
            let range = usize::try_from(found.start).unwrap()..usize::try_from(found.end).unwrap();
            let raw = unescape(text.as_bytes().get(range).unwrap());
            all.push((String::from_utf8(raw).unwrap(), found.date.map(|d| d.to_rfc3339())));
        })
        .unwrap();
        all
    }

    #[test]
    fn mails_are_told_apart_and_come_out_as_they_went_in() {
        let text = "From a@example.com Mon Jan  1 10:00:00 2024\nDate: Tue, 2 Jan 2024 10:00:00\n \
            +0100\nSubject: one\n\nDear all,\n>From here it is quoted,\n>>From here twice.\n\n\
            From now on we are closed.\n\nFrom - Wed Jan  3 10:00:00 2024\nSubject: two\n\nx\n\n";
        assert_eq!(
            mails(text),
            [
                (
                    "Date: Tue, 2 Jan 2024 10:00:00\n +0100\nSubject: one\n\nDear all,\n\
                     From here it is quoted,\n>From here twice.\n\nFrom now on we are closed.\n"
                        .to_owned(),
                    Some("2024-01-02T09:00:00+00:00".to_owned())
                ),
                ("Subject: two\n\nx\n".to_owned(), Some("2024-01-03T10:00:00+00:00".to_owned())),
            ]
        );
    }

    #[test]
    fn separators_without_an_empty_line_or_a_date_are_known_as_well() {
        let text = "From a@example.com Mon Jan  1 10:00:00 2024\r\nSubject: one\r\n\r\nx\r\n\
            From b@example.com Tue Jan  2 10:00:00 2024\r\nSubject: two\r\n\r\nno end\r\n\r\n\
            From \r\nSubject: three\r\n\r\nlast line without an end";
        let bodies: Vec<String> = mails(text).into_iter().map(|(raw, _)| raw).collect();
        assert_eq!(
            bodies,
            [
                "Subject: one\r\n\r\nx\r\n",
                "Subject: two\r\n\r\nno end\r\n",
                "Subject: three\r\n\r\nlast line without an end"
            ]
        );
    }

    #[test]
    fn odd_archives_end() {
        assert!(mails("").is_empty());
        assert!(mails("no mbox at all\n").is_empty());
        assert!(mails("From \n\n\n").is_empty());
        let long = format!("From x\nSubject: {}\n\n{}", "s".repeat(5_000), "t".repeat(5_000));
        assert_eq!(mails(&long).len(), 1);
        let within = "From x\nSubject: a\n\nFrom the shop";
        assert_eq!(mails(within), [("Subject: a\n\nFrom the shop".to_owned(), None)]);
    }

    #[test]
    fn the_first_date_header_of_the_head_counts() {
        let of = |head: &str| {
            let mut date = DateHeader::default();
            head.lines().for_each(|line| date.take(line.as_bytes()));
            date.date().map(|date| date.to_rfc3339())
        };
        assert_eq!(
            of(
                "X-Date: 1 Jan 2020 00:00:00 +0000\nDATE:\n\tFri, 3 May 2024 08:00:00 +0200\nDate: x"
            ),
            Some("2024-05-03T06:00:00+00:00".to_owned())
        );
        assert_eq!(of("Subject: x\n\nDate: Fri, 3 May 2024 08:00:00 +0200"), None);
    }
}
