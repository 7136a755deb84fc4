//! Which language a message is in.

use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::{Detector, Lang, Script};

use super::Language;
use super::words::cut;

/// How much of a message is looked at: more changes nothing, and costs time on each message.
pub(super) const LOOKED_AT: usize = 1024;

/// Below so many letters, trigrams are a lottery.
const ENOUGH: usize = 24;

/// Bytes of the longest of [`TELLING`], and some.
const LONGEST_TELLING: usize = 20;

/// Words that are frequent in one of the languages and in none of the others. They decide where a
/// message is too short for trigrams, as "waar blijft mijn bestelling?" is.
const TELLING: [(Language, &[&str]); 4] = [
    (
        Language::Dutch,
        &[
            "aan",
            "bij",
            "dank",
            "dat",
            "deze",
            "dit",
            "een",
            "geen",
            "graag",
            "groet",
            "groeten",
            "heb",
            "hebben",
            "heeft",
            "het",
            "hoe",
            "ik",
            "is",
            "jullie",
            "kan",
            "maar",
            "met",
            "mijn",
            "mvg",
            "naar",
            "niet",
            "nog",
            "nu",
            "ook",
            "op",
            "te",
            "uw",
            "van",
            "voor",
            "waar",
            "wanneer",
            "wat",
            "wij",
            "worden",
            "zijn",
            "bedankt",
            "beste",
            "hallo",
            "kunt",
            "kunnen",
            "wil",
            "ben",
            "was",
            "goedemorgen",
            "goedemiddag",
            "de",
            "en",
        ],
    ),
    (
        Language::English,
        &[
            "about", "and", "any", "are", "best", "but", "can", "could", "dear", "for", "from",
            "have", "hello", "hi", "how", "is", "it", "my", "not", "of", "our", "please",
            "regards", "thank", "thanks", "that", "the", "this", "to", "we", "what", "when",
            "where", "which", "will", "with", "would", "you", "your", "been", "has", "was", "i",
        ],
    ),
    (
        Language::German,
        &[
            "aber", "auch", "auf", "bei", "bitte", "das", "dem", "den", "der", "die", "ein",
            "eine", "einen", "für", "grüße", "grüßen", "habe", "haben", "hallo", "ich", "ihr",
            "ihre", "ihrem", "ist", "kann", "können", "mein", "meine", "mit", "nicht", "noch",
            "sie", "sind", "und", "uns", "von", "wann", "warum", "wie", "wir", "wird", "wo", "zu",
            "zum", "danke", "sehr", "geehrte", "des", "im", "mfg", "wurde",
        ],
    ),
    (
        Language::French,
        &[
            "avec",
            "avez",
            "bonjour",
            "ce",
            "cette",
            "cordialement",
            "dans",
            "de",
            "des",
            "du",
            "elle",
            "est",
            "et",
            "j",
            "je",
            "la",
            "le",
            "les",
            "ma",
            "mais",
            "merci",
            "mes",
            "mon",
            "ne",
            "nous",
            "ont",
            "par",
            "pas",
            "pour",
            "pouvez",
            "que",
            "qui",
            "sur",
            "une",
            "vos",
            "votre",
            "vous",
            "l",
            "d",
            "n",
            "au",
            "ai",
            "un",
            "en",
            "quand",
            "où",
        ],
    ),
];

/// The language of a text; `hint` where the text is too short or too mixed to tell (the language
/// of the mailbox's other mail, say). A text in another script is [`Language::Other`].
#[must_use]
pub fn detect(text: &str, hint: Language) -> Language {
    detect_or(text, || hint)
}

/// As [`detect`], with a hint that is found out when it is needed: seldom, for most texts have words that tell.
pub fn detect_or(text: &str, hint: impl FnOnce() -> Language) -> Language {
    let text = cut(text.trim_start(), LOOKED_AT);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 {
        return hint();
    }
    match whatlang::detect_script(text) {
        Some(Script::Latin) => {}
        _ => return Language::Other,
    }
    let votes = votes(text);
    if let Some(language) = told(votes) {
        return language;
    }
    let hint = hint();
    if letters < ENOUGH {
        return hint;
    }
    let known = vec![Lang::Nld, Lang::Eng, Lang::Deu, Lang::Fra];
    let Some(info) = Detector::with_allowlist(known).detect(text) else { return hint };
    let (language, votes_for) = match info.lang() {
        Lang::Nld => (Language::Dutch, votes[0]),
        Lang::Eng => (Language::English, votes[1]),
        Lang::Deu => (Language::German, votes[2]),
        Lang::Fra => (Language::French, votes[3]),
        _ => return hint,
    };
    // Trigrams of one sentence are seldom sure of themselves; a word that agrees is enough.
    let most = votes.into_iter().max().unwrap_or_default();
    let agreed = votes_for > 0 && votes_for == most;
    if info.is_reliable() || agreed || language == hint { language } else { hint }
}

/// How many telling words there are of each language.
fn votes(text: &str) -> [u32; 4] {
    static OF_WORDS: LazyLock<HashMap<&str, [u32; 4]>> = LazyLock::new(|| {
        let mut all: HashMap<&str, [u32; 4]> = HashMap::new();
        for (at, (_, telling)) in TELLING.iter().enumerate() {
            for word in *telling {
                if let Some(votes) = all.entry(word).or_default().get_mut(at) {
                    *votes = 1;
                }
            }
        }
        all
    });
    let mut votes = [0_u32; 4];
    for raw in super::words::words(text) {
        if raw.text.len() > LONGEST_TELLING {
            continue;
        }
        if let Some(of) = OF_WORDS.get(raw.text.to_lowercase().as_str()) {
            votes.iter_mut().zip(of).for_each(|(votes, of)| *votes += of);
        }
    }
    votes
}

/// What the telling words say, if they are of one mind.
fn told(votes: [u32; 4]) -> Option<Language> {
    let (best, most) = votes.iter().enumerate().max_by_key(|(_, votes)| **votes)?;
    let second = votes.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, v)| *v).max()?;
    let clear = *most >= 2 && *most >= second * 2;
    clear.then(|| TELLING.get(best).map(|(language, _)| *language)).flatten()
}
