//! From pieces to a query.

use std::ops::Range;

use super::dates::Days;
use super::error::{Problem, QueryError};
use super::fields::{Assignee, Filter, Has, Is, Name, Place, priority};
use super::scan::{Piece, What, scan};
use super::{Node, Phrase, Prefix, Query, Text, Word};
use crate::search::language::is_code;

/// How many words in a row may be one code.
const CODE_WORDS: usize = 8;

/// How a query is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is being typed: the last word may not be finished, what is open at the end counts as
    /// closed, and what is not yet a value says nothing.
    Typing,
    /// It is what is meant.
    Done,
}

/// Understands a query.
///
/// # Errors
/// When it cannot be searched for, with the first reason.
pub fn parse(text: &str, mode: Mode) -> Result<Query, QueryError> {
    let length = text.chars().count();
    if length > Problem::LONGEST {
        // Not cut into pieces first: it may be a megabyte.
        let whole = 0..text.chars().take(Problem::LONGEST).map(char::len_utf16).sum();
        return Err(QueryError { problem: Problem::TooLong, at: whole });
    }
    let pieces = scan(text);
    let mut parser =
        Parser { text, mode, pieces: &pieces, at: 0, words: 0, wildcards: 0, depth: 0 };
    let nodes = parser.sequence()?;
    Ok(Query { nodes })
}

/// What is being typed at the end of a text, to complete it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typing<'a> {
    /// The field whose value is being typed; none while it is a word, or a field's name.
    pub field: Option<Name>,
    /// What there is of it.
    pub text: &'a str,
    /// Where it begins, in UTF-16 code units.
    pub start: usize,
}

/// What is being typed at the end of a text; `None` after a space, and in what is too long.
#[must_use]
pub fn typing(text: &str) -> Option<Typing<'_>> {
    if text.len() > Problem::LONGEST * 4 {
        return None;
    }
    let pieces = scan(text);
    let (last, before) = pieces.split_last()?;
    if last.end != text.len() {
        return None;
    }
    let at = |byte: usize| utf16(text, byte);
    let field = before.last().and_then(|piece| match piece.what {
        What::Field { name, tight: true } if piece.end == last.start => Name::of(name),
        _ => None,
    });
    match last.what {
        What::Word(text) | What::Quoted { text, closed: false } => {
            Some(Typing { field, text, start: at(last.start) })
        }
        What::Field { name, .. } => {
            Some(Typing { field: Name::of(name), text: "", start: at(last.end) })
        }
        _ => None,
    }
}

/// The place of a byte, as a browser counts.
fn utf16(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).chars().map(char::len_utf16).sum()
}

struct Parser<'a> {
    text: &'a str,
    mode: Mode,
    pieces: &'a [Piece<'a>],
    at: usize,
    words: usize,
    wildcards: usize,
    depth: usize,
}

type Parsed<T> = Result<T, QueryError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Piece<'a>> {
        self.pieces.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Piece<'a>> {
        let piece = self.peek();
        self.at += usize::from(piece.is_some());
        piece
    }

    fn error<T>(&self, problem: Problem, at: Range<usize>) -> Parsed<T> {
        let at = utf16(self.text, at.start)..utf16(self.text, at.end);
        Err(QueryError { problem, at })
    }

    /// An error, unless the query is being typed and nothing comes after it.
    fn unfinished(&self, problem: Problem, at: Range<usize>) -> Parsed<Option<Node>> {
        if self.mode == Mode::Typing && self.peek().is_none() {
            Ok(None)
        } else {
            self.error(problem, at)
        }
    }

    /// Whether a piece is the last, with nothing after it.
    fn is_typed(&self, piece: &Piece<'_>) -> bool {
        self.mode == Mode::Typing && piece.end == self.text.len()
    }

    /// Everything up to the closing bracket, or the end.
    fn sequence(&mut self) -> Parsed<Vec<Node>> {
        let mut nodes: Vec<Node> = Vec::new();
        // Whether the node of the same index is a plain word, which may be a piece of a code.
        let mut plain: Vec<bool> = Vec::new();
        while let Some(piece) = self.peek() {
            match piece.what {
                What::Close if self.depth > 0 => break,
                What::Close => {
                    self.at += 1;
                    if self.mode == Mode::Done {
                        return self.error(Problem::UnopenedBracket, piece.range());
                    }
                    continue;
                }
                What::Or => {
                    self.at += 1;
                    let right = self.term()?;
                    match (nodes.pop(), right) {
                        (Some(left), Some(right)) => {
                            plain.pop();
                            nodes.push(either(left, right));
                            plain.push(false);
                        }
                        (left, right) => {
                            nodes.extend(left);
                            let found = right.is_some();
                            nodes.extend(right);
                            plain.resize(nodes.len(), false);
                            if self.mode == Mode::Done || (found && nodes.len() == 1) {
                                return self.error(Problem::DanglingOr, piece.range());
                            }
                        }
                    }
                    continue;
                }
                _ => {}
            }
            if let Some(node) = self.term()? {
                plain.push(matches!(&node, Node::Word(w) if w.prefix != Prefix::Star));
                nodes.push(node);
            }
        }
        Ok(codes(nodes, &plain))
    }

    /// One thing; nothing where a piece says nothing (`&`, say).
    fn term(&mut self) -> Parsed<Option<Node>> {
        let Some(piece) = self.next() else { return Ok(None) };
        match piece.what {
            What::Open => self.group(&piece),
            What::Minus => match self.term()? {
                Some(node) => Ok(Some(Node::Not(Box::new(node)))),
                None => self.unfinished(Problem::DanglingNot, piece.range()),
            },
            What::Word(word) => self.word(word, &piece),
            What::Quoted { text, closed } => {
                let phrase = self.phrase(text, closed, &piece)?;
                Ok(phrase.map(Node::Phrase))
            }
            What::Field { name, tight } => self.field(name, tight, &piece),
            What::Or | What::Close => {
                self.at -= 1;
                // `a OR OR b`, `a OR )`: the caller says what is missing.
                if piece.what == What::Or {
                    self.error(Problem::DanglingOr, piece.range())
                } else {
                    Ok(None)
                }
            }
        }
    }

    fn group(&mut self, open: &Piece<'_>) -> Parsed<Option<Node>> {
        if self.depth == Problem::DEEPEST {
            return self.error(Problem::TooDeep, open.range());
        }
        self.depth += 1;
        let mut nodes = self.sequence()?;
        self.depth -= 1;
        match self.next() {
            Some(piece) if piece.what == What::Close => {}
            _ if self.mode == Mode::Typing => {}
            _ => return self.error(Problem::UnclosedBracket, open.range()),
        }
        Ok(match nodes.len() {
            0 | 1 => nodes.pop(),
            _ => Some(Node::All(nodes)),
        })
    }

    fn count(&mut self, piece: &Piece<'_>) -> Parsed<()> {
        self.words += 1;
        if self.words > Problem::MOST_WORDS {
            return self.error(Problem::TooManyWords, piece.range());
        }
        Ok(())
    }

    fn word(&mut self, text: &str, piece: &Piece<'_>) -> Parsed<Option<Node>> {
        let Some(word) = self.plain(text, piece)? else { return Ok(None) };
        // #123: the ticket of that number, or a text that speaks of it.
        let number = word.text.strip_prefix('#').and_then(|n| n.parse::<u32>().ok());
        let Some(number) = number else { return Ok(Some(Node::Word(word))) };
        let text = word.text.trim_start_matches('#').to_owned();
        Ok(Some(Node::Any(vec![
            Node::Filter(Filter::Number(i64::from(number))),
            Node::Word(Word { text, prefix: word.prefix }),
        ])))
    }

    fn plain(&mut self, text: &str, piece: &Piece<'_>) -> Parsed<Option<Word>> {
        if !text.chars().any(char::is_alphanumeric) {
            return Ok(None);
        }
        self.count(piece)?;
        let bare = text.trim_end_matches('*');
        if bare.contains('*') {
            return self.error(Problem::WildcardPlace, piece.range());
        }
        let prefix = if bare.len() < text.len() {
            self.wildcards += 1;
            if self.wildcards > Problem::MOST_WILDCARDS {
                return self.error(Problem::TooManyWildcards, piece.range());
            }
            let enough =
                bare.chars().filter(|c| c.is_alphanumeric()).count() >= Problem::SHORTEST_WILDCARD;
            if !enough && !self.is_typed(piece) {
                return self.error(Problem::WildcardTooShort, piece.range());
            }
            if enough { Prefix::Star } else { Prefix::Typed }
        } else if self.is_typed(piece)
            && bare.chars().next_back().is_some_and(char::is_alphanumeric)
        {
            Prefix::Typed
        } else {
            Prefix::No
        };
        Ok(Some(Word { text: bare.to_owned(), prefix }))
    }

    fn phrase(&mut self, text: &str, closed: bool, piece: &Piece<'_>) -> Parsed<Option<Phrase>> {
        if !closed && self.mode == Mode::Done {
            return self.error(Problem::UnclosedQuote, piece.range());
        }
        if !text.chars().any(char::is_alphanumeric) {
            return Ok(None);
        }
        self.count(piece)?;
        let open = !closed && text.chars().next_back().is_some_and(char::is_alphanumeric);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Some(Phrase { text, prefix: if open { Prefix::Typed } else { Prefix::No } }))
    }

    fn field(&mut self, name: &str, tight: bool, piece: &Piece<'_>) -> Parsed<Option<Node>> {
        let Some(field) = Name::of(name) else { return Ok(None) };
        let value = self.peek().filter(|next| {
            let stands = tight || field.may_stand_apart();
            stands && matches!(next.what, What::Word(_) | What::Quoted { .. } | What::Open)
        });
        let Some(value) = value else {
            // `status: nieuw`, `on: …`: words of a text, not a field.
            if !tight && self.peek().is_some() {
                self.count(piece)?;
                return Ok(Some(Node::Word(Word { text: name.to_owned(), prefix: Prefix::No })));
            }
            return self.unfinished(Problem::MissingValue(field), piece.range());
        };
        self.at += 1;
        match (field, value.what) {
            (Name::In(place), What::Open) => {
                Ok(self.group(&value)?.map(|node| within(place, node)))
            }
            (Name::In(place), What::Word(text)) => {
                let word = self.plain(text, &value)?;
                Ok(word.map(|word| Node::In(place, Text::Word(word))))
            }
            (Name::In(place), What::Quoted { text, closed }) => {
                let phrase = self.phrase(text, closed, &value)?;
                Ok(phrase.map(|phrase| Node::In(place, Text::Phrase(phrase))))
            }
            (_, What::Word(text)) => self.filters(field, text, &value),
            (_, What::Quoted { text, closed }) => {
                if !closed && self.mode == Mode::Done {
                    return self.error(Problem::UnclosedQuote, value.range());
                }
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                self.filter(field, &text, &value)
            }
            _ => self.error(Problem::MissingValue(field), piece.range()),
        }
    }

    /// `is:open,pending` is either.
    fn filters(&mut self, field: Name, text: &str, piece: &Piece<'_>) -> Parsed<Option<Node>> {
        let several = matches!(field, Name::Is | Name::Priority | Name::Has | Name::Tag);
        if !several || !text.contains(',') {
            return self.filter(field, text, piece);
        }
        let mut any = Vec::new();
        for value in text.split(',').filter(|value| !value.is_empty()) {
            any.extend(self.filter(field, value, piece)?);
        }
        Ok(if any.len() > 1 { Some(Node::Any(any)) } else { any.pop() })
    }

    fn filter(&mut self, field: Name, value: &str, piece: &Piece<'_>) -> Parsed<Option<Node>> {
        self.count(piece)?;
        if value.trim().is_empty() {
            return self.unfinished(Problem::MissingValue(field), piece.range());
        }
        let filter = match field {
            Name::Is => Is::of(value).map(Filter::Is),
            Name::Has => Has::of(value).map(Filter::Has),
            Name::Priority => priority(value).map(Filter::Priority),
            Name::Before => Days::parse(value).map(Filter::Before),
            Name::After => Days::parse(value).map(Filter::After),
            Name::On => Days::parse(value).map(Filter::On),
            Name::Number => number(value).map(Filter::Number),
            Name::Tag => Some(Filter::Tag(value.to_owned())),
            Name::Mailbox => Some(Filter::Mailbox(value.to_owned())),
            Name::Team => Some(Filter::Team(value.to_owned())),
            Name::Contact => Some(Filter::Contact(value.to_owned())),
            Name::Assignee => Some(Filter::Assignee(Assignee::of(value))),
            Name::In(_) => None,
        };
        if let Some(filter) = filter {
            return Ok(Some(Node::Filter(filter)));
        }
        let problem = match field {
            Name::Before | Name::After | Name::On => Problem::BadDate(field),
            Name::Number => Problem::BadNumber,
            _ => Problem::UnknownValue(field),
        };
        // Half a value is no mistake yet.
        if self.is_typed(piece) && (may_become(field, value) || value.ends_with(',')) {
            return Ok(None);
        }
        self.error(problem, piece.range())
    }
}

fn number(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('#').unwrap_or(value);
    digits.parse::<u32>().ok().map(i64::from)
}

/// Whether a value is the beginning of a good one.
fn may_become(field: Name, value: &str) -> bool {
    let lower = value.to_lowercase();
    match field {
        Name::Before | Name::After | Name::On => {
            let word = ["today", "yesterday", "vandaag", "gisteren"];
            word.iter().any(|word| word.starts_with(&lower))
                || (value.len() < 10
                    && value.bytes().all(|b| b.is_ascii_digit() || b"-/.".contains(&b)))
        }
        Name::Number => value == "#",
        _ => {
            let last = lower.rsplit(',').next().unwrap_or_default();
            field.any_value_begins(last)
        }
    }
}

fn either(left: Node, right: Node) -> Node {
    match left {
        // `a OR b OR c` is one choice. A list in brackets, `(a OR b) OR c`, means the same.
        Node::Any(mut any) => {
            any.push(right);
            Node::Any(any)
        }
        left => Node::Any(vec![left, right]),
    }
}

/// Everything in a bracket after a place's name, in that place.
fn within(place: Place, node: Node) -> Node {
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| within(place, node)).collect();
    match node {
        Node::All(nodes) => Node::All(each(nodes)),
        Node::Any(nodes) => Node::Any(each(nodes)),
        Node::Not(node) => Node::Not(Box::new(within(place, *node))),
        Node::Word(word) => Node::In(place, Text::Word(word)),
        Node::Phrase(phrase) => Node::In(place, Text::Phrase(phrase)),
        Node::Code { words, .. } => {
            Node::All(words.into_iter().map(|word| Node::In(place, Text::Word(word))).collect())
        }
        other => other,
    }
}

/// Puts words in a row together that may be one code.
fn codes(nodes: Vec<Node>, plain: &[bool]) -> Vec<Node> {
    let word = |at: usize| match nodes.get(at) {
        Some(Node::Word(word)) if plain.get(at).is_some_and(|plain| *plain) => Some(word),
        _ => None,
    };
    // For each node where a code begins: how many words it has, and its text.
    let mut at = 0;
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    while at < nodes.len() {
        let row: Vec<&Word> = (at..nodes.len()).map_while(word).take(CODE_WORDS).collect();
        let code = (2..=row.len()).rev().find_map(|count| {
            let texts: Vec<&str> = row.iter().take(count).map(|w| w.text.as_str()).collect();
            let text = texts.join(" ");
            is_code(&text).then_some((at, count, text))
        });
        at += code.as_ref().map_or(1, |(_, count, _)| *count);
        found.extend(code);
    }
    if found.is_empty() {
        return nodes;
    }
    let mut grouped = Vec::with_capacity(nodes.len());
    let mut codes = found.into_iter().peekable();
    let mut nodes = nodes.into_iter().enumerate();
    while let Some((at, node)) = nodes.next() {
        let Some((_, count, text)) = codes.next_if(|(first, ..)| *first == at) else {
            grouped.push(node);
            continue;
        };
        let rest = nodes.by_ref().take(count - 1).map(|(_, node)| node);
        let words = std::iter::once(node).chain(rest);
        let words = words
            .filter_map(|node| match node {
                Node::Word(word) => Some(word),
                _ => None,
            })
            .collect();
        grouped.push(Node::Code { text, words });
    }
    grouped
}
