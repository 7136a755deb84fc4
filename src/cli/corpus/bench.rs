//! A large corpus to measure with: the mix of a busy helpdesk, drawn from a seed.
//!
//! Of ten mails six begin a conversation and four answer an earlier one of the same sender.
//! Each has text and HTML of 2 to 10 KB together; one in five carries a file of 20 to 200 KB;
//! 500 senders write in four charsets. Mails are made one at a time, oldest first: ten thousand
//! would take 300 MB.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use super::Mail;
use super::encode::Charset;
use super::files::File;
use super::letter::{Letter, Transfer};

const SENDERS: usize = 500;
const CHARSETS: &[Charset] =
    &[Charset::Utf8, Charset::Utf8, Charset::Windows, Charset::Latin1, Charset::Latin9];
const TRANSFERS: &[Transfer] =
    &[Transfer::Quoted, Transfer::Quoted, Transfer::Base64, Transfer::EightBit];
/// Time between two mails.
const PACE: TimeDelta = TimeDelta::seconds(97);

const WORDS: &[&str] = &[
    "bestelling",
    "the",
    "invoice",
    "Lieferung",
    "wij",
    "hebben",
    "received",
    "yesterday",
    "für",
    "fiets",
    "payment",
    "graag",
    "Rechnung",
    "order",
    "please",
    "niet",
    "könnten",
    "customer",
    "retour",
    "agreement",
    "één",
    "morgen",
    "contract",
    "nummer",
    "address",
    "geändert",
    "sinds",
    "account",
    "vraag",
    "again",
    "versturen",
    "café",
    "nothing",
    "helaas",
    "Größe",
    "delivery",
    "antwoord",
    "because",
    "bijlage",
    "überwiesen",
    "week",
    "problem",
    "sorry",
    "before",
    "levering",
    "spare",
    "onderdeel",
    "warranty",
    "vóór",
    "weekend",
    "refund",
    "Termin",
    "kosten",
    "euro",
];
const FIRST: &[&str] =
    &["Anna", "Ben", "Chloë", "Daan", "Eva", "Finn", "Güler", "Hugo", "Inès", "Jan"];
const LAST: &[&str] = &[
    "Bakker", "Müller", "Smith", "de Vries", "Janssens", "Peeters", "Weiß", "Visser", "Brown",
    "Núñez",
];

/// The mails of a corpus, oldest first.
#[derive(Debug)]
pub struct Corpus {
    random: ChaCha12Rng,
    to: String,
    end: DateTime<Utc>,
    made: usize,
    count: usize,
    /// Of each sender the conversations that they began: subject, and the ids so far.
    conversations: Vec<Vec<(String, Vec<String>)>>,
}

/// `count` mails to the address `to`, the last of them sent at `end`.
#[must_use]
pub fn corpus(seed: u64, count: usize, to: &str, end: DateTime<Utc>) -> Corpus {
    Corpus {
        random: ChaCha12Rng::seed_from_u64(seed),
        to: to.to_owned(),
        end,
        made: 0,
        count,
        conversations: vec![Vec::new(); SENDERS],
    }
}

impl Iterator for Corpus {
    type Item = Mail;

    fn next(&mut self) -> Option<Mail> {
        if self.made == self.count {
            return None;
        }
        let number = self.made;
        self.made += 1;
        let left = i32::try_from(self.count - self.made).unwrap_or(i32::MAX);
        let at = self.end - PACE * left;
        Some(self.letter(number, at))
    }
}

impl Corpus {
    fn letter(&mut self, number: usize, at: DateTime<Utc>) -> Mail {
        let sender = self.random.random_range(0..SENDERS);
        let id = format!("{number:06}.{:016x}@bench.example.net", self.random.next_u64());
        let reply = self.random.random_ratio(4, 10);
        let (subject, references) = self.conversation(sender, &id, reply);
        let charset = pick(&mut self.random, CHARSETS, Charset::Utf8);
        let transfer = pick(&mut self.random, TRANSFERS, Transfer::Quoted);
        let size = self.random.random_range(900..4_300);
        let text = self.prose(size);
        let html = html(&text, charset);
        let attached =
            if self.random.random_ratio(1, 5) { vec![self.file(number)] } else { Vec::new() };
        let first = FIRST.get(sender % FIRST.len()).copied().unwrap_or_default();
        let last = LAST.get(sender / FIRST.len() % LAST.len()).copied().unwrap_or_default();
        let letter = Letter {
            from: (format!("{first} {last}"), format!("sender{sender:03}@bench.example.net")),
            to: self.to.clone(),
            at,
            subject,
            id,
            references,
            headers: Vec::new(),
            text: Some(text),
            html: Some(html),
            inline: Vec::new(),
            attached,
            charset,
            transfer,
        };
        Mail { at, raw: letter.to_bytes() }
    }

    /// Joins an earlier conversation of the sender, or begins one.
    fn conversation(&mut self, sender: usize, id: &str, reply: bool) -> (String, Vec<String>) {
        let new = self.title();
        let all: usize = self.conversations.iter().map(Vec::len).sum();
        // The first mails of a sender cannot answer anything: others answer the more.
        let Some(theirs) = self.conversations.get_mut(sender) else { return (new, Vec::new()) };
        if (reply || all > self.count * 6 / 10) && !theirs.is_empty() {
            let which = self.random.random_range(0..theirs.len());
            if let Some((subject, ids)) = theirs.get_mut(which) {
                let references = ids.clone();
                ids.push(id.to_owned());
                return (format!("Re: {subject}"), references);
            }
        }
        theirs.push((new.clone(), vec![id.to_owned()]));
        (new, Vec::new())
    }

    fn title(&mut self) -> String {
        let words = self.random.random_range(3..8);
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn word(&mut self) -> &'static str {
        pick(&mut self.random, WORDS, "")
    }

    /// Sentences and paragraphs of about `size` bytes.
    fn prose(&mut self, size: usize) -> String {
        let mut text = String::with_capacity(size + 64);
        let mut sentence = 0;
        while text.len() < size {
            text.push_str(self.word());
            sentence += 1;
            if sentence > 5 && self.random.random_ratio(1, 6) {
                sentence = 0;
                text.push_str(if self.random.random_ratio(1, 4) { ".\n\n" } else { ". " });
            } else {
                text.push(' ');
            }
        }
        text.truncate(text.trim_end().len());
        text.push_str(".\n");
        text
    }

    /// A file that compresses as little as a photograph or a PDF does.
    fn file(&mut self, number: usize) -> File {
        let mut bytes = vec![0; self.random.random_range(20_000..200_000)];
        self.random.fill_bytes(&mut bytes);
        let (name, content_type, magic): (_, _, &[u8]) = if self.random.random_ratio(1, 2) {
            (format!("document-{number}.pdf"), "application/pdf", b"%PDF-1.7\n")
        } else {
            (format!("photo-{number}.jpg"), "image/jpeg", b"\xff\xd8\xff\xe0")
        };
        bytes.splice(..magic.len(), magic.iter().copied());
        File { name, content_type, bytes }
    }
}

fn pick<T: Copy>(random: &mut ChaCha12Rng, from: &[T], otherwise: T) -> T {
    from.get(random.random_range(0..from.len())).copied().unwrap_or(otherwise)
}

fn html(text: &str, charset: Charset) -> String {
    let body = html_escape::encode_text(text).replace("\n\n", "</p>\n<p>");
    format!(
        "<html><head><meta charset=\"{}\"><style>p {{ margin: 0 0 1em }}</style></head>\n\
         <body style=\"font-family:Arial\"><p>{body}</p></body></html>\n",
        charset.label()
    )
}
