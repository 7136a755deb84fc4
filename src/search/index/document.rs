//! From a message to what the index is told of it.

use std::collections::HashSet;
use std::ops::ControlFlow;

use sha2::{Digest as _, Sha256};
use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};
use uuid::Uuid;

use super::schema::{Fields, SCHEMA};
use crate::search::language::{self, Kind, Language, analyze};

/// Terms of one text: a mail of 25 MB is found by what stands in its first 200,000 words.
const TERMS: usize = 200_000;

/// Quoted terms of one message that are not in its own words.
const QUOTED: usize = 20_000;

/// A message as the index takes it.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// The number of the ticket that it is in.
    pub ticket: u64,
    /// The key that it is sealed with: another one means that something was taken out of it.
    pub key_id: Uuid,
    /// Whether it is a note among colleagues.
    pub is_note: bool,
    /// The subject.
    pub subject: String,
    /// What is new in it.
    pub text: String,
    /// What it quotes.
    pub quoted: Option<String>,
    /// Names and addresses that it came from.
    pub sender: Vec<String>,
    /// Names and addresses that it went to.
    pub recipients: Vec<String>,
    /// The names of its files.
    pub files: Vec<String>,
}

/// What of a message may change, in one number of 32 bits: its ticket, and its key.
#[must_use]
pub fn stamp(ticket: u64, key_id: Uuid) -> u64 {
    let mut hash = Sha256::new();
    hash.update(ticket.to_be_bytes());
    hash.update(key_id.as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    hash.first_chunk().map_or(0, |four| u64::from(u32::from_be_bytes(*four)))
}

/// What of a message changes with any of its words, in one number: a digest of its terms, their fields and their
/// places.
#[must_use]
pub fn digest(message: &Message) -> u32 {
    let terms = terms(message);
    terms.digest()
}

/// The halves of a message's id.
pub(super) fn halves(id: Uuid) -> (u64, u64) {
    id.as_u64_pair()
}

/// The language of a message, as it is indexed and as its hits are marked.
#[must_use]
pub fn language_of(subject: &str, text: &str) -> Language {
    language::detect_or(text, || language::detect(subject, Language::Other))
}

/// The terms of one message, field by field.
struct Terms<'a> {
    fields: &'a Fields,
    language: Language,
    document: TantivyDocument,
    parts: HashSet<String>,
    grams: HashSet<String>,
    /// Of all that was put into the document.
    hash: Sha256,
}

pub(super) fn document(message: &Message) -> TantivyDocument {
    let fields = &SCHEMA.1;
    let (high, low) = halves(message.id);
    let terms = terms(message);
    let stamp = stamp(message.ticket, message.key_id) | u64::from(terms.digest()) << 32;
    let mut document = terms.document;
    document.add_u64(fields.low, low);
    document.add_u64(fields.high, high);
    document.add_u64(fields.ticket, message.ticket);
    document.add_u64(fields.stamp, stamp);
    document
}

fn terms(message: &Message) -> Terms<'static> {
    let fields = &SCHEMA.1;
    let language = language_of(&message.subject, &message.text);
    let mut terms = Terms {
        fields,
        language,
        document: TantivyDocument::new(),
        parts: HashSet::new(),
        grams: HashSet::new(),
        hash: Sha256::new(),
    };
    let own = if message.is_note { fields.note } else { fields.body };
    let mut known = HashSet::new();
    terms.add(fields.subject, [message.subject.as_str()], &mut known);
    terms.add(own, [message.text.as_str()], &mut known);
    if let Some(quoted) = &message.quoted {
        terms.quote(quoted, &known);
    }
    // Names are in no language.
    terms.language = Language::Other;
    terms.add(fields.sender, message.sender.iter().map(String::as_str), &mut HashSet::new());
    let recipients = message.recipients.iter().map(String::as_str);
    terms.add(fields.recipient, recipients, &mut HashSet::new());
    terms.language = language;
    let files = message.files.iter().map(String::as_str);
    terms.add(fields.file, files, &mut HashSet::new());
    terms.finish();
    terms
}

impl Terms<'_> {
    /// Adds texts to a field, one after the other; no phrase goes from one to the next.
    fn add<'t>(
        &mut self,
        field: Field,
        texts: impl IntoIterator<Item = &'t str>,
        known: &mut HashSet<String>,
    ) {
        let mut tokens = Vec::new();
        let mut begin = 0;
        for text in texts {
            let mut end = begin;
            let mut left = TERMS.saturating_sub(tokens.len());
            analyze(text, self.language, &mut |token| {
                match token.kind {
                    Kind::Word => {
                        let position = begin + token.position;
                        end = end.max(position + 2);
                        known.insert(token.term.to_owned());
                        tokens.push(told(token.term, position));
                    }
                    Kind::Part => {
                        self.parts.insert(token.term.to_owned());
                    }
                    Kind::Gram => {
                        self.grams.insert(token.term.to_owned());
                    }
                }
                left = left.saturating_sub(1);
                if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            begin = end;
        }
        self.put(field, tokens);
    }

    /// What is quoted is mostly in the ticket already, as the message that is quoted: each word once,
    /// without its places, and not those that the message says itself.
    fn quote(&mut self, quoted: &str, known: &HashSet<String>) {
        let mut words = HashSet::new();
        let mut left = TERMS;
        analyze(quoted, self.language, &mut |token| {
            if token.kind == Kind::Word && !known.contains(token.term) {
                words.insert(token.term.to_owned());
            }
            left -= 1;
            if left == 0 || words.len() >= QUOTED {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        self.put(self.fields.quote, counted(words));
    }

    fn finish(&mut self) {
        let parts = std::mem::take(&mut self.parts);
        self.put(self.fields.part, counted(parts));
        let grams = std::mem::take(&mut self.grams);
        self.put(self.fields.gram, counted(grams));
    }

    fn put(&mut self, field: Field, tokens: Vec<Token>) {
        if tokens.is_empty() {
            return;
        }
        self.hash.update(field.field_id().to_be_bytes());
        for token in &tokens {
            // No term has a zero in it.
            self.hash.update(token.text.as_bytes());
            self.hash.update([0]);
            self.hash.update(token.position.to_be_bytes());
        }
        let text = PreTokenizedString { text: String::new(), tokens };
        self.document.add_pre_tokenized_text(field, text);
    }

    fn digest(&self) -> u32 {
        let hash: [u8; 32] = self.hash.clone().finalize().into();
        hash.first_chunk().map_or(0, |four| u32::from_be_bytes(*four))
    }
}

/// In one order, so that the same message always makes the same document.
fn counted(words: HashSet<String>) -> Vec<Token> {
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort_unstable();
    (0_u32..).zip(words).map(|(position, word)| told(&word, position)).collect()
}

fn told(term: &str, position: u32) -> Token {
    let position = usize::try_from(position).unwrap_or(usize::MAX);
    Token { offset_from: 0, offset_to: 0, position, text: term.to_owned(), position_length: 1 }
}
