//! Makes the committed dictionaries again. Not run with the other tests: it needs the word lists
//! that `dictionaries/README.md` names.

use std::collections::HashSet;
use std::path::Path;

use fst::raw::Fst;

use super::super::fold::fold;
use super::{Dictionary, SHORTEST};

/// Endings that are words too, by chance: `leve-ring`, `beta-ling`.
const NO_PARTS: &str = "ling lingen ring ringen heid heden schap schappen baar bare loos loze lijk \
    lijke ende ster sters achtig achtige waarts wijs zaam zame dom ment teit tjes matig matige \
    eren eerd eert erij ting ding gend gende rend rende lend nend zende kend kende tend tende sten \
    isch ische deren ders gers sen ten den aars leve beta lend ende ener eren ener erin ette ette \
    keit haft lich liche lichen ungen eln ern isch ische sche schen chen lein tum tums bar bare \
    sam same los lose losen igen eren erer erte erten iert ierte ieren tion tionen tier kund \
    onde aten aten eens eden enen ijen elen ales ares vers vert verd gest best bene bent \
    king kings ging gingen mal tijk verst verg prak maxi gehol trac eher nier bart rijf teel stor \
    inge inner unge tigen tige liger lige ster esten este ande ante anten enten ente";

/// Particles that make new words rather than compounds: what is one of them and one other word
/// (over-zicht, nach-name) stays whole, to be a part of compounds itself.
const PARTICLES: &str = "over door voor onder achter tegen terug weer samen tussen mede binnen \
    buiten boven neer rond langs heen toe mee uit \
    uber unter durch hinter wider wieder zuruck nach gegen zusammen weiter fort haupt sonder \
    neben zwischen";

#[test]
#[ignore = "makes files of the repository; needs the word lists"]
fn make_dictionaries() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lists = home.join("target/words");
    let home = home.join("src/search/language/dictionaries");
    let (dutch, german) = (lists.join("nl.txt"), lists.join("de.txt"));

    let mut words = plain(&dutch);
    words.retain(|w| !is_dutch_form(w));
    let mut kept = reduce(words, &["s", "e", "en", "n", "er"]);
    // Chosen one by one: they stay whole, and those with a minus do not.
    let (out, whole): (Vec<_>, Vec<_>) =
        own(&home, "nl").into_iter().partition(|word| word.starts_with('-'));
    kept.retain(|word| !out.iter().any(|out| out.strip_prefix('-') == Some(word)));
    kept.extend(whole);
    write(&home, "nl", &kept);

    let mut words = plain(&german);
    let known: HashSet<_> = words.iter().cloned().collect();
    // The stems of verbs are first parts: bestell-nummer, liefer-schein.
    for verb in known.iter().filter(|w| w.len() >= 6) {
        if let Some(stem) = verb.strip_suffix("en")
            && (known.contains(&format!("{stem}t")) || known.contains(&format!("{stem}ung")))
        {
            words.push(stem.to_owned());
        }
    }
    words.retain(|w| !is_german_form(w, &known));
    words.extend(own(&home, "de"));
    write(&home, "de", &reduce(words, &["s", "es", "n", "en", "e", "er"]));
}

/// The words of a list that begin with a small letter (the Dutch list has names in capitals).
fn plain(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let small = text.lines().filter(|l| l.chars().next().is_some_and(char::is_lowercase));
    small.map(fold).filter(|w| is_plain(w)).collect()
}

fn is_plain(word: &str) -> bool {
    (4..=13).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// Past tenses, participles and diminutives: no parts of compounds, and half the list.
fn is_dutch_form(word: &str) -> bool {
    [
        "jes", "je", "den", "ten", "de", "te", "end", "ende", "ster", "sters", "st", "ig", "ige",
        "lijk",
    ]
    .iter()
    .any(|ending| word.len() >= 8 && word.ends_with(ending))
}

fn is_german_form(word: &str, known: &HashSet<String>) -> bool {
    let verb = |ending: &str, base: &str| {
        word.strip_suffix(ending).is_some_and(|stem| known.contains(&format!("{stem}{base}")))
    };
    verb("te", "en")
        || verb("ten", "en")
        || verb("test", "en")
        || verb("ste", "e")
        || verb("em", "e")
        || verb("end", "en")
        || verb("ende", "en")
        || verb("enden", "en")
        || word.ends_with("lich")
        || word.ends_with("liche")
        || word.ends_with("lichen")
        || word.ends_with("licher")
        || word.ends_with("iger")
        || word.ends_with("igen")
}

/// Leaves out what is itself made of the shorter words.
fn reduce(mut words: Vec<String>, links: &'static [&'static str]) -> Vec<String> {
    let no_parts: HashSet<&str> = NO_PARTS.split_whitespace().collect();
    let particles: HashSet<&str> = PARTICLES.split_whitespace().collect();
    words.retain(|w| !no_parts.contains(w.as_str()));
    words.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    words.dedup();
    let mut kept: Vec<String> = Vec::new();
    let mut left = words.into_iter().peekable();
    // Length by length: a word can only be made of shorter ones.
    while let Some(length) = left.peek().map(String::len) {
        let mut sorted = kept.clone();
        sorted.sort();
        let shorter = Dictionary { words: set(&sorted), links };
        while let Some(word) = left.next_if(|w| w.len() == length) {
            let whole = shorter.split(&word).is_none_or(
                |split| matches!(split.parts.as_slice(), [first, _] if particles.contains(first)),
            );
            if length < SHORTEST || whole {
                kept.push(word);
            }
        }
    }
    kept
}

fn set(sorted: &[String]) -> Fst<Vec<u8>> {
    Fst::from_iter_set(sorted.iter()).unwrap()
}

/// Loket's own words, in their own files, a minus before what is to be left out.
fn own(home: &Path, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(home.join(format!("{language}-own.txt"))).unwrap();
    let lines = text.lines().filter(|l| !l.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(fold).collect()
}

fn write(home: &Path, language: &str, kept: &[String]) {
    let mut sorted = kept.to_vec();
    sorted.sort();
    sorted.dedup();
    let set = set(&sorted);
    std::fs::write(home.join(format!("{language}.fst")), set.as_bytes()).unwrap();
    eprintln!("{language}: {} words, {} bytes", sorted.len(), set.as_bytes().len());
}
