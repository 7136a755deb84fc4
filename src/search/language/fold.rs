//! Folding: what is left of a word when case, accents and ways of writing a letter are taken away.

use unicode_normalization::UnicodeNormalization;

use super::words::{cut, is_dropped_mark};

/// No term is longer, in bytes: nobody searches for more, and a word of a megabyte must cost
/// nothing. The rest of a longer word is not looked at.
pub(super) const LONGEST: usize = 64;

/// Folds a word: compatibility forms taken apart (NFKD), accents and vowel points off, lower case,
/// `ß` as `ss`, `ø` as `o`, one alef, one sigma. At most 64 bytes, so that any word has a bounded
/// cost; the empty string when nothing is left.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len().min(LONGEST));
    fold_into(word, &mut folded);
    folded
}

/// [`fold`] into a buffer that is used again.
pub(super) fn fold_into(word: &str, folded: &mut String) {
    folded.clear();
    let word = cut(word, LONGEST);
    if word.is_ascii() {
        folded.push_str(word);
        folded.make_ascii_lowercase();
        return;
    }
    let bare = word.nfkd().filter(|c| !is_dropped_mark(*c) && !is_invisible(*c));
    let lower = bare.flat_map(char::to_lowercase).filter(|c| !is_dropped_mark(*c)).flat_map(plain);
    // Composed again for the scripts whose letters are made of parts that are kept: Hangul, kana.
    folded.extend(lower.nfc());
    let kept = cut(folded, LONGEST).len();
    folded.truncate(kept);
}

/// A letter as people without it on their keyboard type it.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ı' => ('i', None),
        'ł' => ('l', None),
        'ŧ' => ('t', None),
        'ŋ' => ('n', None),
        // Greek final sigma; Arabic and Persian forms that keyboards mix up.
        'ς' => ('σ', None),
        'ى' | 'ی' => ('ي', None),
        'ة' => ('ه', None),
        'ک' => ('ك', None),
        'ٱ' => ('ا', None),
        // Hebrew letters that have a form of their own at the end of a word stay as they are:
        // everybody types them so.
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}
