//! Where words begin and end.
//!
//! A word is a run of letters, digits and the marks on them; everything else parts words, in
//! addresses and host names too: `jan.de-vries@example.org` is five words in a row, which a phrase
//! finds as a whole. Scripts that put no spaces between words (Chinese, Japanese, Thai, …; Korean,
//! whose particles hang on the word) are taken one character at a time, to be found as phrases.

/// A word as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw<'a> {
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// One character of a script without spaces.
    pub single: bool,
}

impl Raw<'_> {
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text, in order.
pub(super) fn words(text: &str) -> impl Iterator<Item = Raw<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, first) = loop {
            let c = char_at(text, at)?;
            if is_single(c) || c.is_alphanumeric() {
                break (at, c);
            }
            at += c.len_utf8();
        };
        let single = is_single(first);
        at += first.len_utf8();
        while let Some(c) = char_at(text, at) {
            let goes_on = is_mark(c) || (!single && c.is_alphanumeric() && !is_single(c));
            if !goes_on {
                break;
            }
            at += c.len_utf8();
        }
        Some(Raw { text: text.get(start..at)?, start, single })
    })
}

/// The character that begins at this byte. Most are one byte long and need not be put together.
#[inline]
fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at)? {
        byte if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(at..)?.chars().next(),
    }
}

/// The longest beginning of a text that has no more than so many bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// Whether a script puts no spaces between its words, so that each character is taken alone.
#[inline]
pub(super) const fn is_single(c: char) -> bool {
    // Most text is of scripts that come before.
    c >= FIRST_SINGLE && is_single_beyond(c)
}

/// The first of them, of Thai.
const FIRST_SINGLE: char = '\u{0E00}';

const fn is_single_beyond(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0E7F}' | '\u{0E80}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' // Burmese, Khmer
        | '\u{1100}'..='\u{11FF}' // Hangul, decomposed
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{318F}' // kana, bopomofo, Hangul letters
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{323AF}'
    ) && !is_mark(c)
        && !matches!(c, '\u{30FB}' | '\u{30A0}' | '\u{0E5A}' | '\u{0E5B}' | '\u{0E2F}')
}

/// Whether a character belongs to the one before it: accents, vowel points, voicing marks.
#[inline]
pub(super) const fn is_mark(c: char) -> bool {
    c == '\u{AD}' || c >= FIRST_MARK && is_mark_beyond(c)
}

/// The first of them but the soft hyphen.
const FIRST_MARK: char = '\u{0300}';

const fn is_mark_beyond(c: char) -> bool {
    is_dropped_mark(c)
        || matches!(c, '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}' | '\u{200C}' | '\u{200D}')
        // Vowel signs of the Indic scripts and of Thai are no letters to Rust, but part words.
        || matches!(c, '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{0951}'..='\u{0957}'
            | '\u{0962}'..='\u{0963}' | '\u{0981}'..='\u{0983}' | '\u{09BC}'..='\u{09CD}'
            | '\u{0A01}'..='\u{0A03}' | '\u{0A3C}'..='\u{0A4D}' | '\u{0B82}' | '\u{0BBE}'..='\u{0BCD}'
            | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}')
}

/// A mark that folding takes away: nobody types it, or not always.
pub(super) const fn is_dropped_mark(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{0483}'..='\u{0489}' // Cyrillic
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}' | '\u{05C5}' | '\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_before_all_of_a_kind_is_none_of_it() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_single(c), is_single_beyond(c), "{c:?}");
            assert_eq!(is_mark(c), c == '\u{AD}' || is_mark_beyond(c), "{c:?}");
        }
    }
}
