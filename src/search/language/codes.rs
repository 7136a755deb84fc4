//! Codes: what people know their things by. Order numbers, invoices, IBANs, telephone numbers,
//! postcodes, serial numbers, in any grouping.
//!
//! A code is a run of groups of letters and digits that has digits in it, parted by single spaces,
//! dots, dashes, slashes or brackets. Joined and folded (`NL91 ABNA 0417` is `nl91abna0417`) it is
//! indexed as overlapping pieces of four characters: a phrase of pieces then finds any part of it
//! that is four characters or longer, however it is grouped in the text or in the query. Amounts,
//! dates and times are left out, which are in every mail; they are found as words.

use super::words::{Raw, words};

/// A gram's length, in characters.
pub(super) const GRAM: usize = 4;

/// Longer runs are no code that a person has read: keys, hashes, tracking links. The longest IBAN
/// has 34 characters, a UUID 32.
const LONGEST: usize = 40;

/// A code with fewer characters is found as a word.
const SHORTEST: usize = 5;

/// A number of so many digits tells enough without the letters before it.
const NUMBER: usize = 6;

/// Groups of letters longer than this are words, not a part of a code: `ABNA` is the longest that
/// is usual (the bank's letters in an IBAN).
const LETTERS: usize = 4;

/// Country codes that a telephone number may begin with, those that our mail has most of.
const COUNTRIES: [&str; 16] = [
    "31", "32", "49", "33", "44", "352", "353", "41", "43", "45", "46", "47", "48", "34", "39", "1",
];

/// What a group consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Digits,
    Mixed,
    /// Letters, few enough to belong to a code.
    Letters,
}

/// A code: its characters, joined and folded, with where each stands in the text.
#[derive(Debug, Default, Clone)]
pub(super) struct Code {
    joined: String,
    /// For each character (all ASCII) where it stands, in bytes.
    places: Vec<usize>,
}

impl Code {
    /// The grams, with where each begins and ends in the text.
    pub(super) fn grams(&self) -> impl Iterator<Item = (&str, usize, usize)> {
        grams(&self.joined)
            .zip(self.places.windows(GRAM))
            .filter_map(|(gram, places)| Some((gram, *places.first()?, places.last()? + 1)))
    }
}

/// The overlapping grams of a joined code.
pub(super) fn grams(joined: &str) -> impl Iterator<Item = &str> {
    (0..(joined.len() + 1).saturating_sub(GRAM)).filter_map(|at| joined.get(at..at + GRAM))
}

/// Puts groups together to codes while a text is walked over.
#[derive(Debug, Default)]
pub(super) struct Runs<'a> {
    code: Code,
    groups: Vec<(Group, &'a str, &'a str)>,
    /// A query: people type codes in small letters.
    relaxed: bool,
    /// The run has become too long to be a code; what belongs to it is passed over.
    over: bool,
}

impl<'a> Runs<'a> {
    pub(super) fn relaxed() -> Self {
        Self { relaxed: true, ..Self::default() }
    }

    /// The next word, with what stands between it and the one before; returns the code that has
    /// ended before it, if any.
    pub(super) fn add(&mut self, gap: &'a str, raw: Raw<'a>) -> Option<Code> {
        let Some(group) = kind(raw) else {
            return self.finish();
        };
        let ended = if self.groups.is_empty() || self.joins(gap, group, raw.text) {
            None
        } else {
            self.finish()
        };
        if self.over || self.code.joined.len() + raw.text.len() > LONGEST {
            self.over = true;
            self.groups.clear();
            self.groups.push((group, gap, raw.text));
            return ended;
        }
        self.groups.push((group, gap, raw.text));
        for (at, byte) in raw.text.bytes().enumerate() {
            self.code.joined.push(char::from(byte.to_ascii_lowercase()));
            self.code.places.push(raw.start + at);
        }
        ended
    }

    /// The code that was being put together, if it is one.
    pub(super) fn finish(&mut self) -> Option<Code> {
        let code = std::mem::take(&mut self.code);
        let is_code = !self.over && is_telling(&code.joined, &self.groups);
        self.groups.clear();
        self.over = false;
        is_code.then_some(code)
    }

    fn joins(&self, gap: &str, group: Group, text: &str) -> bool {
        let Some((before, _, before_text)) = self.groups.last() else { return true };
        let short = gap.chars().count() <= 3;
        let known = gap.chars().all(|c| " \u{a0}-./()_+\u{2011}\u{2013}".contains(c));
        if !short || !known || gap.contains("  ") {
            return false;
        }
        let spaced = gap.contains([' ', '\u{a0}']);
        if !spaced {
            return true;
        }
        // Numbers in a row, as in a table: the next code begins.
        if self.code.joined.len() + text.len() > LONGEST {
            return false;
        }
        // A new telephone number in a list of them.
        if gap.contains('+') || (is_date(&self.groups)) {
            return false;
        }
        let shown = |group: Group, text: &str| match group {
            Group::Digits => true,
            Group::Mixed | Group::Letters => {
                self.relaxed || !text.bytes().any(|b| b.is_ascii_lowercase())
            }
        };
        // People write their IBAN in small letters too: nl91 abna 0417 …
        let bank = self.groups.len() == 1 || group != Group::Letters;
        let iban = self.groups.first().is_some_and(|(_, _, first)| is_iban(first));
        if iban && bank && text.len() <= GRAM {
            return true;
        }
        let letters_only = *before == Group::Letters && group == Group::Letters;
        !letters_only && shown(*before, before_text) && shown(group, text)
    }
}

fn kind(raw: Raw<'_>) -> Option<Group> {
    if raw.single || !raw.text.is_ascii() {
        return None;
    }
    let digits = raw.text.bytes().filter(u8::is_ascii_digit).count();
    match digits {
        0 if raw.text.len() <= LETTERS => Some(Group::Letters),
        0 => None,
        all if all == raw.text.len() => Some(Group::Digits),
        _ => Some(Group::Mixed),
    }
}

/// Whether a group may begin an IBAN: a country's two letters, and two digits.
fn is_iban(group: &str) -> bool {
    matches!(group.as_bytes(), [a, b, c, d]
        if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
            && c.is_ascii_digit() && d.is_ascii_digit())
}

/// Whether a run is worth the room of its grams.
fn is_telling(joined: &str, groups: &[(Group, &str, &str)]) -> bool {
    let digits = joined.bytes().filter(u8::is_ascii_digit).count();
    // The looser its parts stand, the more a run must look like a code: numbers follow numbers.
    let spaced = groups.iter().skip(1).any(|(_, gap, _)| gap.contains([' ', '\u{a0}']));
    let enough = match groups.len() {
        1 => 2,
        _ if spaced => 4,
        _ => 3,
    };
    joined.len() >= SHORTEST && digits >= enough && !is_date(groups) && !is_amount(joined, groups)
}

/// `12-03-2026`, `2026/3/12`, `12.03.26`.
fn is_date(groups: &[(Group, &str, &str)]) -> bool {
    let [(Group::Digits, _, first), (Group::Digits, gap, month), (Group::Digits, other, last)] =
        groups
    else {
        return false;
    };
    let day =
        |text: &str| text.len() <= 2 && text.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n));
    let year = |text: &str| {
        text.len() == 2 || (text.len() == 4 && (text.starts_with("19") || text.starts_with("20")))
    };
    let parted = gap == other && matches!(*gap, "-" | "/" | ".");
    let year_first = first.len() == 4 && year(first) && day(last);
    parted && day(month) && (year_first || (day(first) && year(last)))
}

/// `1.250.000`; what has a comma was parted there.
fn is_amount(joined: &str, groups: &[(Group, &str, &str)]) -> bool {
    let [(Group::Digits, _, first), rest @ ..] = groups else { return false };
    let thousand = |(group, gap, text): &(Group, &str, &str)| {
        *group == Group::Digits && *gap == "." && text.len() == 3
    };
    !rest.is_empty() && joined.len() <= 7 && first.len() <= 3 && rest.iter().all(thousand)
}

/// Whether words of a query that stand in a row are one code: `nl91 abna 0417`, `06 12345678`. A
/// single word with digits in it is one as well, from four characters on.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let mut runs = Runs::relaxed();
    let mut end = 0;
    let mut count = 0;
    for raw in words(text) {
        let gap = text.get(end..raw.start).unwrap_or_default();
        if runs.add(gap, raw).is_some() || runs.groups.is_empty() || runs.over {
            return false;
        }
        end = raw.end();
        count += 1;
    }
    let digits = runs.code.joined.bytes().filter(u8::is_ascii_digit).count();
    if count == 1 {
        return digits >= 2 && runs.code.joined.len() >= GRAM;
    }
    runs.groups.len() == count && runs.finish().is_some()
}

/// What a code in a query may be in a text, the likeliest first: as it is; without the letters
/// before a long number (`ORD 2026 0012` may stand there as `order 2026 0012`); and, as a telephone
/// number, without what is dialled before the number proper (`+31 6 …`, `0031 6 …`, `06 …`).
/// Joined and folded; each at least one gram long.
pub(super) fn variants(text: &str) -> Vec<String> {
    let joined: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .take(LONGEST)
        .collect();
    let mut variants = Vec::new();
    if joined.len() >= GRAM {
        variants.push(joined.clone());
    }
    let number = joined.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    if digits && number.len() >= NUMBER && number.len() < joined.len() {
        variants.push(number.to_owned());
    }
    if joined.len() >= 9 && joined.bytes().all(|b| b.is_ascii_digit()) {
        let plus = text.trim_start().starts_with(['+', '(']);
        let abroad = joined.strip_prefix("00").or_else(|| plus.then_some(joined.as_str()));
        let own = match abroad {
            Some(abroad) => COUNTRIES.iter().find_map(|country| abroad.strip_prefix(country)),
            None if joined.starts_with('0') => Some(joined.as_str()),
            // Without a plus: 31612345678.
            None if joined.len() >= 11 => {
                COUNTRIES.iter().find_map(|country| joined.strip_prefix(country))
            }
            None => None,
        };
        if let Some(own) = own {
            let own = own.trim_start_matches('0');
            if own.len() >= 7 && own != joined {
                variants.push(own.to_owned());
            }
        }
    }
    variants
}
