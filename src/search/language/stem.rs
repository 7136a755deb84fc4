//! Stems: what the forms of a word have in common, one per language.
//!
//! Snowball's algorithms do the work, on folded words, since half of all mail is typed without
//! accents and both ways must meet. Around them stand a few rules for what tells in a helpdesk's
//! mail and what those algorithms keep apart: participles (`geleverd` with `leveren`, `geliefert`
//! with `liefern`), French participles without their accents, and verbs that change their vowel.
//! A stem is no word: it is only ever compared with other stems.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::Language;

/// Verbs and nouns whose forms no rule brings together, by language: form, then what to stem.
const IRREGULAR: [(Language, &[(&str, &str)]); 4] = [
    (
        Language::Dutch,
        &[
            ("aangekocht", "aankopen"),
            ("begreep", "begrijpen"),
            ("begrepen", "begrijpen"),
            ("besloten", "besluiten"),
            ("bevroren", "bevriezen"),
            ("deed", "doen"),
            ("gebracht", "brengen"),
            ("gebroken", "breken"),
            ("gedaan", "doen"),
            ("gegeven", "geven"),
            ("gekocht", "kopen"),
            ("gekregen", "krijgen"),
            ("gelezen", "lezen"),
            ("genomen", "nemen"),
            ("geschreven", "schrijven"),
            ("gevonden", "vinden"),
            ("gezonden", "zenden"),
            ("gescheurd", "scheuren"),
            ("kocht", "kopen"),
            ("kreeg", "krijgen"),
            ("kregen", "krijgen"),
            ("ontbreekt", "ontbreken"),
            ("ontbrak", "ontbreken"),
            ("ontving", "ontvangen"),
            ("opgezegd", "opzeggen"),
            ("steden", "stad"),
            ("teruggestuurd", "terugsturen"),
            ("verbroken", "verbreken"),
            ("verloren", "verliezen"),
            ("verzonden", "verzenden"),
        ],
    ),
    (
        Language::English,
        &[
            ("bought", "buy"),
            ("broke", "break"),
            ("broken", "break"),
            ("children", "child"),
            ("deliveries", "deliver"),
            ("delivery", "deliver"),
            ("forgot", "forget"),
            ("forgotten", "forget"),
            ("froze", "freeze"),
            ("frozen", "freeze"),
            ("gave", "give"),
            ("given", "give"),
            ("gotten", "get"),
            ("leaves", "leave"),
            ("lost", "lose"),
            ("paid", "pay"),
            ("payment", "pay"),
            ("payments", "pay"),
            ("resent", "resend"),
            ("sent", "send"),
            ("shipment", "ship"),
            ("shipments", "ship"),
            ("sold", "sell"),
            ("spoke", "speak"),
            ("spoken", "speak"),
            ("stolen", "steal"),
            ("torn", "tear"),
            ("took", "take"),
            ("taken", "take"),
            ("went", "go"),
            ("wrote", "write"),
            ("written", "write"),
        ],
    ),
    (
        Language::German,
        &[
            ("abgebrochen", "abbrechen"),
            ("angekommen", "ankommen"),
            ("bekam", "bekommen"),
            ("erhielt", "erhalten"),
            ("gebrochen", "brechen"),
            ("gefunden", "finden"),
            ("gegangen", "gehen"),
            ("gekauft", "kaufen"),
            ("gekundigt", "kundigung"),
            ("kundigen", "kundigung"),
            ("gerissen", "reissen"),
            ("geschickt", "schicken"),
            ("verloren", "verlieren"),
            ("verlor", "verlieren"),
            ("versandt", "versand"),
            ("zerbrochen", "zerbrechen"),
            ("zuruckgeschickt", "zuruckschicken"),
            ("zuruckgesendet", "zurucksenden"),
        ],
    ),
    (
        Language::French,
        &[
            ("envoi", "envoyer"),
            ("envois", "envoyer"),
            ("envoie", "envoyer"),
            ("paiement", "payer"),
            ("paiements", "payer"),
            ("paie", "payer"),
            ("paye", "payer"),
            ("payee", "payer"),
            ("payees", "payer"),
            ("payes", "payer"),
            ("recu", "recevoir"),
            ("recue", "recevoir"),
            ("recus", "recevoir"),
            ("recues", "recevoir"),
            ("recois", "recevoir"),
            ("perdu", "perdre"),
            ("perdue", "perdre"),
            ("rompu", "rompre"),
            ("vendu", "vendre"),
        ],
    ),
];

/// Dutch verbs whose stem begins with `ge`: it is no participle's there.
const DUTCH_GE: [&str; 12] = [
    "gebeur", "gebied", "gebruik", "gedraag", "geduld", "gehoor", "geloof", "gemoed", "geneest",
    "geniet", "gewicht", "gezond",
];

/// Shorter words have no endings worth taking off.
const SHORTEST: usize = 4;

/// Forms that begin otherwise than their stems may, with their language, and what is stemmed for them.
pub(super) fn irregular_forms() -> impl Iterator<Item = (Language, &'static str, &'static str)> {
    IRREGULAR
        .iter()
        .flat_map(|(language, list)| list.iter().map(|(form, base)| (*language, *form, *base)))
}

/// The stem of a folded word. A word with digits, or in another script, is its own stem.
pub(super) fn stem(folded: &str, language: Language) -> Cow<'_, str> {
    let stemmed = language != Language::Other
        && folded.len() >= SHORTEST
        && folded.bytes().all(|b| b.is_ascii_lowercase());
    if !stemmed {
        return Cow::Borrowed(folded);
    }
    let word = irregular(folded, language);
    let stem = match language {
        Language::Dutch => dutch(word),
        Language::English => Stemmer::new(Algorithm::English).stem(word),
        Language::German => german(word),
        Language::French => french(word),
        Language::Other => Cow::Borrowed(word),
    };
    // A stem of nothing would find everything.
    if stem.len() < 2 { Cow::Borrowed(folded) } else { stem }
}

fn irregular(folded: &str, language: Language) -> &str {
    static BY_FORM: LazyLock<HashMap<(Language, &str), &str>> = LazyLock::new(|| {
        irregular_forms().map(|(language, form, base)| ((language, form), base)).collect()
    });
    BY_FORM.get(&(language, folded)).copied().unwrap_or(folded)
}

/// Porter's Dutch stemmer, evened out: Snowball's newer one takes `verzending` for `vers` and
/// keeps `adres` from `adressen`.
fn dutch(word: &str) -> Cow<'_, str> {
    let mut stem = Cow::Borrowed(word);
    // Diminutives: pakketje, mailtje.
    if let Some(base) = stem.strip_suffix("jes").or_else(|| stem.strip_suffix("je"))
        && base.len() >= 4
    {
        let base = base.strip_suffix('t').filter(|b| ends_in(b, b"lnrw")).unwrap_or(base);
        stem = Cow::Owned(base.to_owned());
    }
    if is_dutch_participle(&stem)
        && let Some(base) = stem.strip_prefix("ge")
    {
        stem = Cow::Owned(base.to_owned());
    }
    let mut stem = Stemmer::new(Algorithm::DutchPorter).stem(&stem).into_owned();
    undouble(&mut stem);
    // The t or d of verbs (levert, besteld); of nouns as well, which do not notice. Of short words
    // only where it can be nothing else (laadt, koopt; not kaart).
    let long = stem.len() >= 6 && (stem.ends_with('t') || stem.ends_with('d'));
    if long || is_short_verb(&stem) {
        // verzendt: the t of the verb on the d of its stem.
        if stem.ends_with("dt") {
            stem.pop();
        }
        stem.pop();
        undouble(&mut stem);
    }
    // A plural's s that Porter took off in one form only (fiets, fietsen).
    if stem.len() >= 5
        && stem.ends_with('s')
        && !ends_in(stem.get(..stem.len() - 1).unwrap_or_default(), b"aeiouyjs")
    {
        stem.pop();
    }
    shorten(&mut stem);
    // prijzen, brieven.
    for (voiced, voiceless) in [('z', 's'), ('v', 'f')] {
        if stem.ends_with(voiced) {
            stem.pop();
            stem.push(voiceless);
        }
    }
    Cow::Owned(stem)
}

fn is_dutch_participle(word: &str) -> bool {
    word.len() >= 7
        && word.starts_with("ge")
        && (word.ends_with('t') || word.ends_with('d') || word.ends_with("de"))
        && !DUTCH_GE.iter().any(|verb| word.starts_with(verb))
}

/// `laadt`, `koopt`: a long vowel, a consonant and the t of the third person.
fn is_short_verb(stem: &str) -> bool {
    let [_, first, second, last, b't'] = stem.as_bytes() else { return false };
    *last == b'd' || (first == second && b"aeou".contains(first) && b"fgklmnp".contains(last))
}

/// One of two like consonants at the end.
fn undouble(stem: &mut String) {
    let mut last = stem.bytes().rev();
    if let (Some(a), Some(b)) = (last.next(), last.next())
        && a == b
        && !b"aeiou".contains(&a)
        && stem.len() > 3
    {
        stem.pop();
    }
}

/// A long vowel before the last consonant as it is in an open syllable: `betaal` as `betal(en)`.
fn shorten(stem: &mut String) {
    let bytes = stem.as_bytes();
    let [.., first, second, last] = bytes else { return };
    if first == second && b"aeou".contains(first) && !b"aeiou".contains(last) && bytes.len() > 3 {
        let last = char::from(*last);
        stem.truncate(stem.len() - 2);
        stem.push(last);
    }
}

fn german(word: &str) -> Cow<'_, str> {
    // Digraphs for umlauts: the stemmer knows them, folding has taken the umlauts themselves.
    let mut base = Cow::Borrowed(word);
    if base.len() >= 8
        && base.ends_with('t')
        && let Some(rest) = base.strip_prefix("ge")
    {
        base = Cow::Owned(rest.to_owned());
    }
    let mut stem = Stemmer::new(Algorithm::German).stem(&base).into_owned();
    // bestellt with Bestellung.
    if stem.len() >= 6 && stem.ends_with('t') && !stem.ends_with("st") {
        stem.pop();
    }
    // Lieferung and geliefert with liefern.
    if stem.len() >= 6 && stem.ends_with("er") {
        stem.truncate(stem.len() - 2);
    }
    Cow::Owned(stem)
}

fn french(word: &str) -> Cow<'_, str> {
    // livré, livrée, livrées: without accents, livre, livree, livrees.
    let base = word
        .strip_suffix("ees")
        .or_else(|| word.strip_suffix("ee"))
        .filter(|base| base.len() >= 3)
        .map_or(Cow::Borrowed(word), |base| Cow::Owned(format!("{base}e")));
    let mut stem = Stemmer::new(Algorithm::French).stem(&base).into_owned();
    while stem.len() >= 5 && (stem.ends_with('i') || stem.ends_with('e')) {
        stem.pop();
    }
    Cow::Owned(stem)
}

fn ends_in(word: &str, any: &[u8]) -> bool {
    word.as_bytes().last().is_some_and(|last| any.contains(last))
}
