//! A query cut into pieces.

use std::ops::Range;

/// A piece of a query, with its place in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub what: What<'a>,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'a> {
    Open,
    Close,
    /// A `-` right before the next piece.
    Minus,
    /// `OR`, `|`
    Or,
    /// Characters without a space.
    Word(&'a str),
    /// What stands between quotes; `closed` unless the query ended first.
    Quoted {
        text: &'a str,
        closed: bool,
    },
    /// `name:` right before the next piece, if `tight`; before a space or the end, if not.
    Field {
        name: &'a str,
        tight: bool,
    },
}

impl Piece<'_> {
    pub(super) const fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

pub(super) const fn is_minus(c: char) -> bool {
    matches!(c, '-' | '−' | '–')
}

/// Cuts a query. Every character belongs to a piece or is white space.
pub(super) fn scan(text: &str) -> Vec<Piece<'_>> {
    let shouting = !text.chars().any(char::is_lowercase);
    let mut scanner = Scanner { text, at: 0, shouting, pieces: Vec::new() };
    while let Some(c) = scanner.peek() {
        scanner.step(c);
    }
    scanner.pieces
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Nothing is in small letters, so capitals say nothing.
    shouting: bool,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether the place is the beginning of a piece.
    fn is_start(&self) -> bool {
        let before = self.text.get(..self.at).and_then(|t| t.chars().next_back());
        before.is_none_or(|c| {
            c.is_whitespace() || is_minus(c) || matches!(c, '(' | ')') || is_quote(c)
        })
    }

    fn take(&mut self, what: What<'a>, bytes: usize) {
        self.pieces.push(Piece { what, start: self.at, end: self.at + bytes });
        self.at += bytes;
    }

    fn step(&mut self, c: char) {
        match c {
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '(' => {
                // (020) 1234567, +31 (0)6: no brackets of a query.
                match digits_in_brackets(self.rest()) {
                    Some(bytes) => self.word(bytes),
                    None => self.take(What::Open, 1),
                }
            }
            ')' => self.take(What::Close, 1),
            c if is_minus(c) && self.is_start() && self.goes_on() => {
                self.take(What::Minus, c.len_utf8());
            }
            c if is_quote(c) => self.quoted(c),
            _ => self.word(0),
        }
    }

    /// Whether something follows right away.
    fn goes_on(&self) -> bool {
        let next = self.rest().chars().nth(1);
        let doubled =
            self.pieces.last().is_some_and(|last| last.what == What::Minus && last.end == self.at);
        !doubled && next.is_some_and(|n| !n.is_whitespace() && !is_minus(n) && n != ')')
    }

    fn quoted(&mut self, open: char) {
        let inner = self.at + open.len_utf8();
        let rest = self.text.get(inner..).unwrap_or_default();
        let close = rest.char_indices().find(|(_, c)| is_quote(*c));
        let (length, end) = match close {
            Some((length, c)) => (length, inner + length + c.len_utf8()),
            None => (rest.len(), self.text.len()),
        };
        let text = rest.get(..length).unwrap_or_default();
        let bytes = end - self.at;
        self.take(What::Quoted { text, closed: close.is_some() }, bytes);
    }

    /// A word, from `known` bytes on that belong to it already.
    fn word(&mut self, known: usize) {
        let rest = self.rest();
        let mut end = known;
        while let Some(c) = rest.get(end..).and_then(|r| r.chars().next()) {
            if c.is_whitespace() || is_quote(c) || c == ')' {
                break;
            }
            if c == '(' {
                let Some(bytes) = digits_in_brackets(rest.get(end..).unwrap_or_default()) else {
                    break;
                };
                end += bytes;
                continue;
            }
            end += c.len_utf8();
            if c == ':' && known == 0 && self.is_start() && self.field(rest, end) {
                return;
            }
        }
        let word = rest.get(..end).unwrap_or_default();
        let what = match word {
            "OR" | "|" | "||" | "ODER" => What::Or,
            "OF" | "OU" if !self.shouting => What::Or,
            word => What::Word(word),
        };
        self.take(what, end.max(1));
    }

    /// Takes `name:` if it is a field's name.
    fn field(&mut self, rest: &'a str, end: usize) -> bool {
        let name = rest.get(..end - 1).unwrap_or_default();
        if super::Name::of(name).is_none() {
            return false;
        }
        let next = rest.get(end..).and_then(|r| r.chars().next());
        let tight = next.is_some_and(|c| !c.is_whitespace() && c != ')');
        // from://: an address of some kind.
        if rest.get(end..).is_some_and(|r| r.starts_with("//") || r.starts_with(':')) {
            return false;
        }
        self.take(What::Field { name, tight }, end);
        true
    }
}

/// The length of `(020)` at the beginning of a text.
fn digits_in_brackets(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('(')?;
    let digits = inner.bytes().take_while(|b| b.is_ascii_digit() || *b == b'+').count();
    let closed = (1..=6).contains(&digits) && inner.as_bytes().get(digits) == Some(&b')');
    closed.then_some(digits + 2)
}
