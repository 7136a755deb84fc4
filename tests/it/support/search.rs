//! Finds a word in bytes, in every spelling that a leak would have.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use memchr::memmem;

/// The first bytes of a zstd frame (RFC 8878 §3.1.1): what is packed and not sealed.
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// As much of a frame is unpacked.
const UNPACKED: u64 = 4 * 1024 * 1024;

/// A word's spellings.
#[derive(Debug)]
pub(crate) struct Word {
    /// Looked for in lower-cased bytes.
    folded: Vec<(&'static str, Vec<u8>)>,
    /// Looked for as they are.
    exact: Vec<(&'static str, Vec<u8>)>,
}

impl Word {
    /// `word` is in lower-case ASCII.
    pub(crate) fn new(word: &str) -> Self {
        let (first, rest) = word.split_at(1);
        let cases = [word.to_owned(), word.to_uppercase(), first.to_uppercase() + rest];
        let utf16 = |order: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(order).collect();
        let mut folded = vec![
            ("plain", word.as_bytes().to_vec()),
            ("UTF-16LE", utf16(u16::to_le_bytes)),
            ("UTF-16BE", utf16(u16::to_be_bytes)),
        ];
        let mut exact = Vec::new();
        for case in &cases {
            folded.push(("hex", hex::encode(case).into_bytes()));
            for shift in 0..3 {
                exact.push(("base64", base64(&BASE64_STANDARD_NO_PAD, case, shift)));
                exact.push(("base64url", base64(&BASE64_URL_SAFE_NO_PAD, case, shift)));
            }
        }
        // Mostly the two alphabets spell it alike.
        exact.dedup_by(|(_, one), (_, other)| one == other);
        Self { folded, exact }
    }

    /// Each spelling in `bytes`, packed or not, with what stands around the first.
    pub(crate) fn find(&self, bytes: &[u8]) -> Vec<String> {
        let mut found = self.find_unpacked(bytes);
        for at in memmem::find_iter(bytes, ZSTD) {
            let mut unpacked = Vec::new();
            if let Ok(frame) = zstd::stream::read::Decoder::new(&bytes[at..]) {
                // What could be read before an error counts.
                let _ = frame.take(UNPACKED).read_to_end(&mut unpacked);
            }
            found.extend(self.find_unpacked(&unpacked).iter().map(|at| format!("zstd, {at}")));
        }
        found
    }

    fn find_unpacked(&self, bytes: &[u8]) -> Vec<String> {
        let lower = bytes.to_ascii_lowercase();
        let folded = self.folded.iter().map(|(name, word)| (name, word, lower.as_slice()));
        let exact = self.exact.iter().map(|(name, word)| (name, word, bytes));
        folded
            .chain(exact)
            .filter_map(|(name, word, within)| {
                let at = memmem::find(within, word)?;
                let around = &bytes[at.saturating_sub(60)..(at + word.len() + 60).min(bytes.len())];
                Some(format!("{name} at {at}: {}", String::from_utf8_lossy(around)))
            })
            .collect()
    }
}

/// The names of a word's spellings, and their bytes.
type Spellings = Vec<(&'static str, Vec<u8>)>;

/// Many words, all of which are looked for at once.
#[derive(Debug)]
pub(crate) struct Words {
    all: Vec<String>,
    /// Of each pattern, the word and the spelling.
    folded: (AhoCorasick, Vec<(usize, &'static str)>),
    exact: (AhoCorasick, Vec<(usize, &'static str)>),
}

impl Words {
    /// `words` are in lower-case ASCII.
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let words: Vec<String> = words.into_iter().collect();
        let spellings: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
        let all = |of: fn(&Word) -> &Spellings, ignores_case| {
            let each = || {
                spellings.iter().enumerate().flat_map(move |(n, word)| {
                    of(word).iter().map(move |(name, bytes)| (n, *name, bytes))
                })
            };
            let machine = AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .ascii_case_insensitive(ignores_case)
                .build(each().map(|(_, _, bytes)| bytes))
                .unwrap();
            (machine, each().map(|(n, name, _)| (n, name)).collect())
        };
        let (folded, exact) = (all(|word| &word.folded, true), all(|word| &word.exact, false));
        Self { all: words, folded, exact }
    }

    /// The words that are in `bytes`, packed or not, and in which spelling.
    pub(crate) fn find(&self, bytes: &[u8]) -> BTreeSet<(&str, &'static str)> {
        let mut found = BTreeSet::new();
        self.find_unpacked(bytes, &mut found);
        for at in memmem::find_iter(bytes, ZSTD) {
            let mut unpacked = Vec::new();
            if let Ok(frame) = zstd::stream::read::Decoder::new(&bytes[at..]) {
                let _ = frame.take(UNPACKED).read_to_end(&mut unpacked);
            }
            self.find_unpacked(&unpacked, &mut found);
        }
        found
    }

    fn find_unpacked<'a>(&'a self, bytes: &[u8], found: &mut BTreeSet<(&'a str, &'static str)>) {
        for (machine, patterns) in [&self.folded, &self.exact] {
            // Words overlap: one that lies within another counts as well.
            for hit in machine.find_overlapping_iter(bytes) {
                let (word, spelling) = patterns[hit.pattern().as_usize()];
                found.insert((self.all[word].as_str(), spelling));
            }
        }
    }

    /// Adds what is found in the files of a folder, in their names, and in what is left of a sealed file
    /// without its headers; answers how many files there are.
    pub(crate) fn search_files(&self, folder: &Path, found: &mut BTreeSet<String>) -> usize {
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            let mut add = |how: &str, bytes: &[u8]| {
                let words = self.find(bytes);
                found.extend(
                    words
                        .iter()
                        .map(|(word, spelling)| format!("{word} ({spelling}) in {name}, {how}")),
                );
            };
            add("its name", name.as_bytes());
            if path.is_dir() {
                files += self.search_files(&path, found);
                continue;
            }
            // What is being written may be gone again.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            files += 1;
            add("raw", &bytes);
            if let Some(bare) = without_headers(&bytes) {
                add("without headers", &bare);
            }
        }
        files
    }

    /// Adds what is found in a `PostgreSQL` database, as its own backup tool writes it.
    pub(crate) fn search_dump(&self, url: &str, found: &mut BTreeSet<String>) {
        let dump = dump(url);
        let mut add = |bytes: &[u8]| {
            let words = self.find(bytes);
            found.extend(
                words.iter().map(|(word, spelling)| format!("{word} ({spelling}) in a dump")),
            );
        };
        add(&dump);
        add(&values(&dump).flatten().collect::<Vec<u8>>());
    }
}

/// The head of a file of the search index, and what is around each of its blocks
/// (`src/search/sealed`).
pub(crate) const HEAD: usize = 5 + 16;
const NONCE: usize = 12;
const BLOCK: usize = 16 * 1024;
const TAG: usize = 16;
pub(crate) const SEALED: usize = NONCE + BLOCK + TAG;

/// What a sealed file of the index has beside its headers: the blocks, one after the other.
fn without_headers(bytes: &[u8]) -> Option<Vec<u8>> {
    let rest = bytes.get(HEAD..)?;
    let sealed = match bytes.get(..4)? {
        b"LKSB" => SEALED,
        b"LKSW" => rest.len(),
        _ => return None,
    };
    let blocks = rest.chunks(sealed.max(1));
    Some(
        blocks
            .filter_map(|block| block.get(NONCE..block.len().checked_sub(TAG)?))
            .flatten()
            .copied()
            .collect(),
    )
}

/// The characters that stand for the word whatever precedes it, `shift` bytes into a group.
fn base64(engine: &impl base64::Engine, word: &str, shift: usize) -> Vec<u8> {
    let text = engine.encode([&vec![0; shift], word.as_bytes()].concat());
    let first = (shift * 8).div_ceil(6);
    let last = (shift + word.len()) * 8 / 6;
    text.as_bytes()[first..last].to_vec()
}

/// Adds what is found in the files of a folder, and in their names; answers how many there are.
pub(crate) fn search_files(folder: &Path, word: &Word, found: &mut Vec<String>) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        found.extend(word.find(name.as_bytes()));
        if path.is_dir() {
            files += search_files(&path, word, found);
        } else {
            files += 1;
            let traces = word.find(&std::fs::read(&path).unwrap());
            found.extend(traces.iter().map(|trace| format!("{name}: {trace}")));
        }
    }
    files
}

/// Adds what is found in a `PostgreSQL` database, as its own backup tool writes it.
pub(crate) fn search_dump(url: &str, word: &Word, found: &mut Vec<String>) {
    let dump = dump(url);
    let mut traces = word.find(&dump);
    for value in values(&dump) {
        traces.extend(word.find(&value));
    }
    found.extend(traces.iter().map(|trace| format!("dump: {trace}")));
}

fn dump(url: &str) -> Vec<u8> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut tools: Vec<_> =
        folders.map(|folder| folder.unwrap().path().join("bin/pg_dump")).collect();
    tools.sort();
    let tool = tools.pop().filter(|tool| tool.exists()).unwrap_or_else(|| "pg_dump".into());
    let output = Command::new(tool).args(["--dbname", url]).output().expect("pg_dump");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The values of type bytea in a dump.
fn values(dump: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    static VALUE: LazyLock<regex::bytes::Regex> =
        LazyLock::new(|| regex::bytes::Regex::new(r"\\\\x([0-9a-f]+)").unwrap());
    VALUE.captures_iter(dump).map(|found| hex::decode(&found[1]).unwrap())
}

#[test]
fn every_spelling_is_found() {
    let word = Word::new("zeekanarie");
    let words = Words::new(["kanariepiet", "zeekanarie", "kanarie"].map(str::to_owned));
    let noise: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    for text in ["zeekanarie", "ZEEKANARIE", "Zeekanarie"] {
        for shift in 0..3 {
            let plain = [&b"-+_"[..shift], text.as_bytes(), b"!?"].concat();
            let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
            let spellings: [Vec<u8>; 9] = [
                plain.clone(),
                hex::encode(&plain).into(),
                hex::encode_upper(&plain).into(),
                BASE64_STANDARD_NO_PAD.encode(&plain).into(),
                BASE64_URL_SAFE_NO_PAD.encode(&plain).into(),
                base64::prelude::BASE64_STANDARD.encode(&plain).into(),
                utf16(u16::to_le_bytes),
                utf16(u16::to_be_bytes),
                zstd::encode_all(plain.repeat(9).as_slice(), 1).unwrap(),
            ];
            for spelling in spellings {
                let all = [&noise[..], &spelling, &noise].concat();
                assert!(!word.find(&all).is_empty(), "{text} {shift} {spelling:?}");
                let found = words.find(&all);
                assert!(found.iter().any(|(word, _)| *word == "zeekanarie"), "{text} {shift}");
            }
        }
    }
    assert_eq!(word.find(&noise), [""; 0]);
    assert_eq!(words.find(&noise), BTreeSet::new());
}

#[test]
fn a_word_that_lies_across_two_blocks_is_found_without_their_headers() {
    let words = Words::new(["zeekanarie".to_owned()]);
    let text = [vec![0; BLOCK - 3], b"zeekanarie".to_vec()].concat();
    let mut file = b"LKSB\x01".to_vec();
    file.extend([7; 16]);
    for block in text.chunks(BLOCK) {
        file.extend([7; NONCE]);
        file.extend(block);
        file.extend([7; TAG]);
    }
    assert_eq!(words.find(&file), BTreeSet::new());
    assert_eq!(words.find(&without_headers(&file).unwrap()).len(), 1);
    assert_eq!(without_headers(&file), Some(text));
}
