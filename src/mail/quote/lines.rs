//! What each line of a text looks like.

use super::patterns;
use crate::mail::html::text::CUT;

/// A line and what it looks like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) kind: Kind,
}

/// Kinds of lines; the numbers say how many lines belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    Text,
    /// Begins with `>`.
    Quote,
    /// "On … wrote:", over so many lines.
    Attribution(usize),
    /// `From:`, `Sent:`, `To:`, `Subject:` in any language.
    Header(usize),
    /// "Original Message", "Forwarded message" and the header lines behind it.
    Original(usize),
    /// An HTML mark: see [`CUT`].
    Cut,
    /// `--` alone.
    Signature,
    /// "Sent from my telephone".
    Device,
    /// A row of dashes, stars or the like.
    Rule,
}

/// More lines are not told apart: the rest is one piece of whatever its first line is.
const MOST_LINES: usize = 50_000;
/// Lines that are looked at closely: patterns cost more than all else here.
const MOST_ATTEMPTS: usize = 2_000;

pub(super) fn classify(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = text
        .splitn(MOST_LINES + 1, '\n')
        .enumerate()
        .map(|(at, text)| Line {
            text,
            kind: if at < MOST_LINES { simple(text) } else { rest(text) },
        })
        .collect();
    let count = lines.len().min(MOST_LINES);
    let mut at = 0;
    let mut attempts = MOST_ATTEMPTS;
    while at < count {
        let mut step = 1;
        if let Some(length) = original(&lines, at) {
            set(&mut lines, at, Kind::Original(length));
            step = length;
        } else if let Some(length) = header_block(&lines, at) {
            set(&mut lines, at, Kind::Header(length));
            step = length;
        } else if let Some(start) = attribution(&lines, at, &mut attempts) {
            set(&mut lines, start, Kind::Attribution(at + 1 - start));
        }
        at += step.max(1);
    }
    lines
}

/// What many lines in one piece are.
fn rest(text: &str) -> Kind {
    let first = text.lines().find(|line| !line.trim().is_empty());
    match first.map(simple) {
        None => Kind::Empty,
        Some(Kind::Quote) => Kind::Quote,
        Some(_) => Kind::Text,
    }
}

fn set(lines: &mut [Line<'_>], at: usize, kind: Kind) {
    if let Some(line) = lines.get_mut(at) {
        line.kind = kind;
    }
}

fn simple(text: &str) -> Kind {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.chars().all(|c| matches!(c, '\u{200b}' | '\u{feff}' | 'ᐧ')) {
        return Kind::Empty;
    }
    if trimmed.starts_with(CUT) {
        return Kind::Cut;
    }
    if is_quote(text) {
        return Kind::Quote;
    }
    if matches!(trimmed, "--" | "—" | "– –" | "-- -" | "__") {
        return Kind::Signature;
    }
    if is_rule(trimmed) {
        return Kind::Rule;
    }
    if patterns::is_device(trimmed) {
        return Kind::Device;
    }
    Kind::Text
}

/// `>`, `JD>`, and `|` with a space as some web mailers write it.
fn is_quote(text: &str) -> bool {
    let trimmed = text.trim_start();
    if trimmed.starts_with('>') {
        return true;
    }
    let initials = trimmed.bytes().take(4).take_while(u8::is_ascii_uppercase).count();
    (1..=3).contains(&initials)
        && trimmed.as_bytes().get(initials) == Some(&b'>')
        && matches!(trimmed.as_bytes().get(initials + 1), None | Some(b' '))
}

fn is_rule(trimmed: &str) -> bool {
    let mut chars = trimmed.chars().filter(|c| !c.is_whitespace());
    let Some(first) = chars.next() else { return false };
    matches!(first, '-' | '_' | '*' | '#' | '=' | '~' | '+' | '—' | '─' | '•')
        && trimmed.chars().filter(|c| !c.is_whitespace()).count() >= 3
        && chars.all(|c| c == first)
}

/// A line without the marks of quoting and emphasis around it.
fn bare(text: &str) -> &str {
    text.trim().trim_start_matches(['>', ' ', '*', '|']).trim_end_matches(['*', ' ', '\u{a0}'])
}

fn original(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let line = lines.get(at)?;
    if matches!(line.kind, Kind::Empty | Kind::Quote) || !patterns::is_original(bare(line.text)) {
        return None;
    }
    let mut next = at + 1;
    while lines.get(next).is_some_and(|l| l.kind == Kind::Empty) && next < at + 4 {
        next += 1;
    }
    Some(header_block(lines, next).map_or(1, |length| next + length - at))
}

/// At least two header lines of which the first says from whom.
fn header_block(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?;
    if !matches!(first.kind, Kind::Text | Kind::Rule) {
        return None;
    }
    if first.kind == Kind::Rule {
        // Outlook draws a line above.
        let mut next = at + 1;
        while lines.get(next).is_some_and(|l| l.kind == Kind::Empty) && next < at + 4 {
            next += 1;
        }
        let below = lines.get(next)?;
        return (below.kind == Kind::Text)
            .then(|| header_block(lines, next))
            .flatten()
            .map(|length| next + length - at);
    }
    let first_key = patterns::header_key(bare(first.text))?;
    if first_key != patterns::Key::From {
        return None;
    }
    let mut keys = 1;
    let mut length = 1;
    let mut gap = 0;
    for (offset, line) in lines.iter().enumerate().skip(at + 1).take(14) {
        if line.kind == Kind::Empty {
            gap += 1;
            // Some put an empty line between the fields.
            if gap > 1 || keys >= 4 {
                break;
            }
            continue;
        }
        if patterns::header_key(bare(line.text)).is_some() {
            keys += 1;
            length = offset + 1 - at;
            gap = 0;
        } else if gap > 0 || offset > at + length + 2 {
            break;
        }
    }
    (keys >= 3).then_some(length)
}

/// Where the "On … wrote:" that ends in line `at` begins.
fn attribution(lines: &[Line<'_>], at: usize, attempts: &mut usize) -> Option<usize> {
    let last = lines.get(at)?;
    // `<address` and `> wrote:` on lines of their own.
    let trimmed = last.text.trim();
    let broken_bracket = trimmed.starts_with('>') && trimmed.ends_with(':') && trimmed.len() < 40;
    if !(last.kind == Kind::Text || (last.kind == Kind::Quote && broken_bracket)) {
        return None;
    }
    let tail = bare(last.text);
    if !patterns::may_end_attribution(tail) {
        return None;
    }
    *attempts = attempts.checked_sub(1)?;
    let quoted_next = lines
        .iter()
        .skip(at + 1)
        .find(|l| l.kind != Kind::Empty)
        .is_some_and(|l| l.kind == Kind::Quote);
    let mut joined = String::new();
    for back in 0..6 {
        let Some(start) = at.checked_sub(back) else { break };
        let Some(line) = lines.get(start) else { break };
        if matches!(
            line.kind,
            Kind::Attribution(_) | Kind::Header(_) | Kind::Original(_) | Kind::Cut
        ) {
            break;
        }
        if back > 0 && line.kind == Kind::Quote && !broken_bracket {
            break;
        }
        joined = if joined.is_empty() {
            bare(line.text).to_owned()
        } else {
            format!("{} {joined}", line.text.trim())
        };
        if line.kind == Kind::Empty {
            continue;
        }
        let alone = start == 0 || lines.get(start - 1).is_some_and(|l| l.kind != Kind::Text);
        if patterns::is_attribution(&joined, alone, quoted_next)
            && !(broken_bracket && joined.starts_with('<'))
        {
            return Some(start);
        }
        // A paragraph that ends in a colon is no wrapped attribution beyond its first line.
        if joined.len() > 500 {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_very_many_lines_is_one_piece() {
        let text = "\n".repeat(MOST_LINES * 3);
        let lines = classify(&text);
        assert_eq!(lines.len(), MOST_LINES + 1);
        assert!(lines.iter().all(|line| line.kind == Kind::Empty));
        let text = format!("hello\n{}", "> quoted\n".repeat(MOST_LINES * 2));
        assert_eq!(classify(&text).last().map(|line| line.kind), Some(Kind::Quote));
        let length: usize = classify(&text).iter().map(|line| line.text.len() + 1).sum();
        assert_eq!(length, text.len() + 1, "nothing is lost");
    }
}
