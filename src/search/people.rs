//! Who may be meant, by what colleagues wrote down about customers.
//!
//! Of each customer there is a signature in memory: a Bloom filter of the terms of their names, addresses, numbers
//! and notes, under a random key of the process. It holds no word and goes to no disk. It says no for certain and
//! yes at times wrongly: whoever asks opens those that say yes, as the asker may see them, and looks ([`Asked::is_in`]).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::ops::ControlFlow;

use super::language::{Forms, Kind, Language, analyze, detect};
use crate::domain::ids::{ChannelId, ContactId};

/// Bits of a signature for each thing in it: fewer than one in two hundred is a wrong yes.
const BITS: usize = 12;

/// How many bits of these are set.
const SET: u64 = 4;

/// The largest signature, in bits: what is written down has no end, and then it says yes more often.
const LARGEST: usize = 1 << 17;

/// Beginnings of a term from so many characters on, and up to so many.
const BEGINNINGS: std::ops::RangeInclusive<usize> = 2..=20;

/// Terms of one text.
const TERMS: usize = 20_000;

/// Something that is known of somebody.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What it says.
    pub text: &'a str,
    /// Whether it is in a language; a name is in none.
    pub is_prose: bool,
}

/// A word that is looked for, and whether it may go on.
#[derive(Debug, Clone)]
pub struct Sought {
    forms: Forms,
    /// What its last word begins with.
    beginning: Option<String>,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A word, a phrase as its words, or a code.
    Word(Sought),
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
}

/// The signatures of an organization's customers.
#[derive(Debug, Default)]
pub struct People {
    key: RandomState,
    all: HashMap<ContactId, Signature>,
}

#[derive(Debug)]
struct Signature {
    /// By which the customer is known.
    channels: Box<[ChannelId]>,
    bits: Box<[u64]>,
}

/// What a term is in a signature.
#[derive(Hash)]
enum Thing<'a> {
    Term(&'a str),
    Beginning(&'a str),
    Gram(&'a str),
}

impl Asked {
    /// Whether it is in these texts.
    #[must_use]
    pub fn is_in(&self, texts: &[Known<'_>]) -> bool {
        self.holds(&|word| word.is_in(texts))
    }

    fn holds(&self, has: &dyn Fn(&Sought) -> bool) -> bool {
        match self {
            Self::Word(word) => has(word),
            Self::All(all) => all.iter().all(|one| one.holds(has)),
            Self::Any(any) => any.iter().any(|one| one.holds(has)),
        }
    }
}

impl Sought {
    /// The word; `is_begun` when it may go on.
    #[must_use]
    pub fn new(forms: Forms, is_begun: bool) -> Self {
        let last = forms.folded.rsplit(' ').next().filter(|last| is_begun && !last.is_empty());
        let beginning = last.map(str::to_owned);
        Self { forms, beginning }
    }

    /// Whether it is in any of these texts.
    fn is_in(&self, texts: &[Known<'_>]) -> bool {
        texts.iter().any(|known| {
            let mut terms: HashSet<String> = HashSet::new();
            let mut grams: Vec<(u32, String)> = Vec::new();
            walk(*known, &mut |kind, term, position| match kind {
                Kind::Gram => grams.push((position, term.to_owned())),
                Kind::Word | Kind::Part => _ = terms.insert(term.to_owned()),
            });
            let has = |thing: &Thing<'_>| match thing {
                Thing::Term(term) => terms.contains(*term),
                Thing::Beginning(text) => terms.iter().any(|term| term.starts_with(text)),
                Thing::Gram(gram) => grams.iter().any(|(_, own)| own == gram),
            };
            let in_a_row = |code: &[String]| {
                (0..grams.len()).any(|from| {
                    let own = grams.get(from..from + code.len()).unwrap_or_default();
                    let joined =
                        own.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a + 1 == *b));
                    joined && own.iter().map(|(_, gram)| gram).eq(code)
                })
            };
            self.fits(&has, &in_a_row)
        })
    }

    /// Whether something that knows its terms has the word.
    fn fits(&self, has: &dyn Fn(&Thing<'_>) -> bool, in_a_row: &dyn Fn(&[String]) -> bool) -> bool {
        let any = |terms: &[String]| terms.iter().any(|term| has(&Thing::Term(term)));
        let last = self.forms.words.len().saturating_sub(1);
        let begins = || self.beginning.as_deref().is_some_and(|text| has(&Thing::Beginning(text)));
        let words = &self.forms.words;
        let whole =
            || words.iter().enumerate().all(|(at, terms)| any(terms) || (at == last && begins()));
        (!words.is_empty() && whole())
            || any(&self.forms.joined)
            || self.forms.parts.iter().any(|parts| parts.iter().all(|terms| any(terms)))
            || self.forms.codes.iter().any(|code| !code.is_empty() && in_a_row(code))
    }
}

impl People {
    /// What is known of a customer, in the place of what was.
    pub fn put(&mut self, id: ContactId, channels: Vec<ChannelId>, texts: &[Known<'_>]) {
        let mut things: HashSet<u64> = HashSet::new();
        for known in texts {
            walk(*known, &mut |kind, term, _| {
                if kind == Kind::Gram {
                    things.insert(self.key.hash_one(Thing::Gram(term)));
                    return;
                }
                if things.insert(self.key.hash_one(Thing::Term(term))) {
                    let ends = term.char_indices().map(|(at, _)| at).chain([term.len()]);
                    let begun = ends.enumerate().filter(|(count, _)| BEGINNINGS.contains(count));
                    things.extend(begun.filter_map(|(_, end)| {
                        Some(self.key.hash_one(Thing::Beginning(term.get(..end)?)))
                    }));
                }
            });
        }
        let size = (things.len() * BITS).next_power_of_two().clamp(64, LARGEST);
        let mut bits = vec![0_u64; size / 64].into_boxed_slice();
        for place in things.into_iter().flat_map(|thing| places(thing, size)) {
            if let Some(word) = bits.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
        self.all.insert(id, Signature { channels: channels.into_boxed_slice(), bits });
    }

    /// Forgets a customer.
    pub fn remove(&mut self, id: ContactId) {
        self.all.remove(&id);
    }

    /// Forgets all but these.
    pub fn retain(&mut self, keep: impl Fn(ContactId) -> bool) {
        self.all.retain(|id, _| keep(*id));
    }

    /// Those who may have what is asked for, known by a channel that is reached; the newest first, at most so many.
    #[must_use]
    pub fn candidates(
        &self,
        asked: &Asked,
        reaches: impl Fn(ChannelId) -> bool,
        most: usize,
    ) -> Vec<ContactId> {
        let may_have = |signature: &Signature, thing: &Thing<'_>| {
            let thing = match thing {
                Thing::Beginning(text) => {
                    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                    let ends: Vec<usize> = ends.take(BEGINNINGS.end() + 1).collect();
                    match ends.as_slice() {
                        // One letter is in everything.
                        [] | [_] | [_, _] => return true,
                        [.., end] => Thing::Beginning(text.get(..*end).unwrap_or(text)),
                    }
                }
                Thing::Term(term) => Thing::Term(term),
                Thing::Gram(gram) => Thing::Gram(gram),
            };
            let size = signature.bits.len() * 64;
            places(self.key.hash_one(thing), size).all(|place| {
                signature.bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
            })
        };
        let mut found: Vec<ContactId> = self
            .all
            .iter()
            .filter(|(_, signature)| signature.channels.iter().any(|id| reaches(*id)))
            .filter(|(_, signature)| {
                let has = |thing: &Thing<'_>| may_have(signature, thing);
                let in_a_row = |code: &[String]| code.iter().all(|gram| has(&Thing::Gram(gram)));
                asked.holds(&|word| word.fits(&has, &in_a_row))
            })
            .map(|(id, _)| *id)
            .collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.truncate(most);
        found
    }

    /// How many customers there are, and bytes of their signatures.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let bytes = |one: &Signature| size_of_val(&*one.bits) + size_of_val(&*one.channels);
        (self.all.len(), self.all.values().map(bytes).sum())
    }
}

/// The bits of a thing.
fn places(thing: u64, size: usize) -> impl Iterator<Item = usize> {
    let (first, step) = (thing & 0xffff_ffff, (thing >> 32) | 1);
    let size = size as u64;
    (0..SET).map(move |n| usize::try_from((first + n * step) % size.max(1)).unwrap_or_default())
}

fn walk(known: Known<'_>, each: &mut impl FnMut(Kind, &str, u32)) {
    let language =
        if known.is_prose { detect(known.text, Language::Other) } else { Language::Other };
    let mut left = TERMS;
    analyze(known.text, language, &mut |token| {
        each(token.kind, token.term, token.position);
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> ContactId {
        ContactId(Uuid::from_u128(n))
    }

    fn channel(n: u128) -> ChannelId {
        ChannelId(Uuid::from_u128(n))
    }

    const NAME: Known<'static> = Known { text: "Sanne de Vries-Müller", is_prose: false };
    const PHONE: Known<'static> = Known { text: "+31 (0)6 - 1234 5678", is_prose: false };
    const NOTE: Known<'static> =
        Known { text: "Zij wil graag dat wij de fietsen voor haar bewaren.", is_prose: true };

    fn sought(text: &str, is_begun: bool) -> Asked {
        Asked::Word(Sought::new(Forms::of(text), is_begun))
    }

    #[test]
    fn finds_parts_of_names_numbers_in_any_grouping_and_words_in_any_form() {
        let mut people = People::default();
        let texts = [NAME, PHONE, NOTE];
        people.put(id(1), vec![channel(1)], &texts);
        for (text, is_begun, expected) in [
            ("sanne", false, true),
            ("san", true, true),
            ("san", false, false),
            ("mueller", false, true),
            ("vries", false, true),
            ("0612345678", false, true),
            ("06 12 34 56 78", false, true),
            ("12345678", false, true),
            ("345678", false, true),
            ("87654321", false, false),
            ("fiets", false, true),
            ("bakker", false, false),
            ("bakker", true, false),
        ] {
            let word = sought(text, is_begun);
            let found = people.candidates(&word, |_| true, 10) == [id(1)];
            // A signature says yes wrongly at times, by its random key; a no is certain.
            assert!(found || !expected, "{text} {is_begun}");
            assert_eq!(word.is_in(&texts), expected, "{text} {is_begun}");
        }
        assert_eq!(people.candidates(&sought("sanne", false), |id| id == channel(2), 10), []);
        people.remove(id(1));
        assert_eq!(people.candidates(&sought("sanne", false), |_| true, 10), []);
    }

    #[test]
    fn says_yes_wrongly_so_seldom_that_few_are_opened_in_vain() {
        // Names and words that have nothing in common: something that is in all of them may be said yes to wrongly for all
        // of them at once, by the random key.
        let word = |n: u32| -> String {
            let bytes = n.wrapping_mul(2_654_435_761).to_be_bytes();
            let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            halves.map(|half| char::from(b'a' + half)).collect()
        };
        let mut people = People::default();
        for n in 0..2_000_u32 {
            let name = format!("{} van {}", word(2 * n), word(2 * n + 1));
            let phone = format!("06{:08}", u64::from(n) * 48_271 % 100_000_000);
            let texts = [name.as_str(), &phone].map(|text| Known { text, is_prose: false });
            people.put(id(n.into()), vec![channel(1)], &texts);
        }
        let (count, bytes) = people.size();
        assert_eq!(count, 2_000);
        assert!(bytes / count < 300, "{} bytes for each", bytes / count);
        let mut wrong = 0;
        for n in 0..200 {
            wrong += people.candidates(&sought(&word(10_000 + n), true), |_| true, 9_999).len();
        }
        // It is one in a hundred, and eight times the deviation that was seen lies between.
        assert!(wrong < 200 * 2_000 / 50, "{wrong} of 400,000");
    }
}
