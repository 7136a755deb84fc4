//! Languages of texts that were looked at lately. Whoever pages, or has results open that refresh, is shown the same
//! messages again and again, and where no word tells, finding out takes longer than marking the hits.
//!
//! There is no text in it: what is known is kept under hashes with random keys of the process.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use lru::LruCache;

use super::Language;
use super::detect::LOOKED_AT;
use super::words::cut;

/// Languages that are known, of so many texts.
#[derive(Debug)]
pub struct Languages {
    most: usize,
    seeds: [RandomState; 2],
    known: Mutex<LruCache<[u64; 2], Language>>,
}

impl Languages {
    /// Of at most so many texts.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let known = Mutex::new(LruCache::unbounded());
        Self { most, seeds: Default::default(), known }
    }

    /// As it is known, or as `find` finds it in the beginnings of these texts that [`super::detect`] looks at.
    pub fn of(&self, texts: [&str; 2], find: impl FnOnce() -> Language) -> Language {
        let begin = texts.map(|text| cut(text.trim_start(), LOOKED_AT));
        let key = self.seeds.each_ref().map(|seed| seed.hash_one(begin));
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(language) = known().get(&key) {
            return *language;
        }
        let language = find();
        let mut known = known();
        known.put(key, language);
        if known.len() > self.most {
            known.pop_lru();
        }
        language
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_out_once_for_the_same_beginning() {
        let languages = Languages::new(2);
        let mut asked = 0;
        let long = "x".repeat(LOOKED_AT);
        let [longer, another] = ["y", "z"].map(|end| format!(" {long}{end}"));
        let mut of = |texts| {
            languages.of(texts, || {
                asked += 1;
                Language::Dutch
            });
            asked
        };
        assert_eq!(of(["a", &long]), 1);
        assert_eq!(of(["a", &longer]), 1);
        assert_eq!(of(["a", &another]), 1);
        assert_eq!(of(["b", &long]), 2, "another subject");
        assert_eq!(of(["c", "d"]), 3);
        assert_eq!(of(["a", &long]), 4, "it was forgotten");
    }
}
