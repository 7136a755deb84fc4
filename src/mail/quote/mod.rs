//! Tells what was newly written from what is quoted and from the signature. Nothing is lost:
//! what does not go into `reply` goes into `quoted`, and the whole text is kept beside both.
//!
//! 1. `lines` says of each line what it looks like.
//! 2. A cut is sought: the first line from which on everything is an earlier mail (a block of
//!    header lines, "Original Message", "On … wrote:" without new text behind the quote).
//! 3. Signature, quotes and rules at the end go.
//!
//! When in doubt a line stays in the reply. A new language is a word in `patterns`.

mod lines;
mod patterns;

use lines::{Kind, Line};

/// A text in two parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    /// What was newly written.
    pub reply: String,
    /// The rest, in its order.
    pub quoted: String,
}

/// Splits `text`; it may hold [`CUT`](super::html::text::CUT) lines.
#[must_use]
pub fn split(text: &str) -> Split {
    let lines = lines::classify(text);
    let mut keep = vec![true; lines.len()];
    let mut end = lines.len();
    let mut at = 0;
    // Text was met already, so that what follows can be a quote of something earlier.
    let mut written = false;
    while at < end {
        let Some(line) = lines.get(at) else { break };
        match line.kind {
            Kind::Attribution(length) => {
                let after = at + length;
                let quote_end = quote_end(&lines, after);
                let more = has_text(&lines, quote_end.max(after));
                drop_lines(&mut keep, at, after);
                if written && (quote_end == after || !more) {
                    end = at;
                } else if !written && more && quote_end > after {
                    drop_lines(&mut keep, after, quote_end);
                    at = quote_end;
                } else if !written && !more {
                    end = at;
                } else {
                    at = after;
                }
            }
            Kind::Header(length) | Kind::Original(length) => {
                drop_lines(&mut keep, at, at + length);
                if written {
                    end = at;
                } else {
                    at += length;
                }
            }
            Kind::Cut => {
                drop_lines(&mut keep, at, at + 1);
                // Behind a mark with nothing before it stands a forwarded mail.
                if written {
                    end = at;
                } else {
                    at += 1;
                }
            }
            Kind::Text => {
                written = true;
                at += 1;
            }
            _ => at += 1,
        }
    }
    let end = trim_end(&lines, &keep, end);
    assemble(&lines, &keep, end)
}

/// Whether a line above a quote says who wrote it ("On … wrote:").
#[must_use]
pub fn is_attribution(line: &str) -> bool {
    patterns::may_end_attribution(line) && patterns::is_attribution(line, true, true)
}

fn drop_lines(keep: &mut [bool], from: usize, to: usize) {
    keep.iter_mut().take(to).skip(from).for_each(|k| *k = false);
}

/// Where the quoted lines that begin at `from` (after empty ones) end; `from` when there are none.
fn quote_end(lines: &[Line<'_>], from: usize) -> usize {
    let mut end = from;
    for (at, line) in lines.iter().enumerate().skip(from) {
        match line.kind {
            Kind::Quote => end = at + 1,
            Kind::Empty => {}
            // A word that fell off the end of a wrapped quoted line.
            Kind::Text
                if end > from
                    && at == end
                    && line.text.trim().len() < 20
                    && lines.get(at + 1).is_some_and(|l| l.kind == Kind::Quote) => {}
            _ => break,
        }
    }
    end
}

/// Is anything written after `from` that is neither quote nor signature?
fn has_text(lines: &[Line<'_>], from: usize) -> bool {
    for line in lines.iter().skip(from) {
        match line.kind {
            Kind::Text => return true,
            Kind::Signature | Kind::Header(_) | Kind::Original(_) | Kind::Cut => return false,
            _ => {}
        }
    }
    false
}

/// Drops signature, device lines, rules and quotes at the end.
fn trim_end(lines: &[Line<'_>], keep: &[bool], end: usize) -> usize {
    let kept = |at: usize| keep.get(at).copied().unwrap_or(false);
    let is_text = |at: usize| {
        lines.get(at).is_some_and(|l| matches!(l.kind, Kind::Text | Kind::Quote)) && kept(at)
    };
    let mut end = end;
    // The first separator after which no quote is answered any more.
    let separator = (0..end).find(|at| {
        lines.get(*at).is_some_and(|l| l.kind == Kind::Signature)
            && (0..*at).any(is_text)
            && !answers_follow(lines, *at + 1, end)
    });
    if let Some(at) = separator {
        end = at;
    }
    let has_words =
        (0..end).any(|at| lines.get(at).is_some_and(|l| l.kind == Kind::Text) && kept(at));
    while let Some(last) = end.checked_sub(1).and_then(|at| lines.get(at)) {
        let gone = match last.kind {
            Kind::Empty | Kind::Rule | Kind::Device | Kind::Signature => true,
            Kind::Quote => has_words,
            _ => !kept(end - 1),
        };
        if !gone {
            break;
        }
        end -= 1;
    }
    end
}

/// A `--` in the middle of answers between quotes is no signature.
fn answers_follow(lines: &[Line<'_>], from: usize, end: usize) -> bool {
    let mut quoted = false;
    for line in lines.iter().take(end).skip(from) {
        match line.kind {
            Kind::Quote => quoted = true,
            Kind::Text if quoted => return true,
            _ => {}
        }
    }
    false
}

fn assemble(lines: &[Line<'_>], keep: &[bool], end: usize) -> Split {
    let mut reply = String::new();
    let mut quoted = String::new();
    for (at, line) in lines.iter().enumerate() {
        if line.kind == Kind::Cut {
            continue;
        }
        let stays = at < end && keep.get(at).copied().unwrap_or(false);
        let out = if stays { &mut reply } else { &mut quoted };
        out.push_str(line.text.trim_end());
        out.push('\n');
    }
    let tidy = |text: &str| {
        let text = text.trim_end();
        let start =
            text.char_indices().find(|(_, c)| !c.is_whitespace()).map_or(0, |(first, _)| {
                text.get(..first).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1)
            });
        text.get(start..).unwrap_or_default().to_owned()
    };
    Split { reply: tidy(&reply), quoted: tidy(&quoted) }
}
