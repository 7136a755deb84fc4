//! No readable word is on disk, and who mails words in and takes the disk learns nothing of others' words.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use loket::service::search::operate;

use super::quality::{arrive, raw, work_on};
use super::quality_corpus::{Mail, corpus};
use super::{Shop, ask, settle};
use crate::support::command::Command;
use crate::support::db::{On, on_both};
use crate::support::search::{HEAD, SEALED, Words};

/// Words of a mail, its subject, its sender and a note are in no file of the indexes, in no spelling; while one is being
/// written as little as afterwards.
async fn no_word_is_in_the_files(on: On) {
    let mut shop = Shop::new(on).await;
    let words: Vec<String> = (0..1_000)
        .map(|n| format!("zq{}word{n}", char::from(b'a' + u8::try_from(n % 26).unwrap())))
        .collect();
    let known = Words::new(words.iter().cloned());
    let mut feeder = shop.feeder();
    let channel = shop.channel;
    for (number, chunk) in words.chunks(50).enumerate() {
        let from = format!("{} <c@example.net>", chunk[0]);
        shop.mail(channel, &from, &chunk[1], &chunk.join(" ")).await;
        if number % 4 == 0 {
            settle(&mut feeder).await;
            assert_eq!(traces_of_index(&shop, &known), [""; 0]);
        }
    }
    settle(&mut feeder).await;
    assert!(
        shop.app.services.search().has_word(shop.org.id, channel, &words[7]),
        "they are indexed"
    );
    assert_eq!(traces_of_index(&shop, &known), [""; 0]);
    feeder.end().await;
    assert_eq!(traces_of_index(&shop, &known), [""; 0]);
}

fn traces_of_index(shop: &Shop, words: &Words) -> Vec<String> {
    let mut found = BTreeSet::new();
    let seen = words.search_files(&shop.app.search(), &mut found);
    assert!(seen > 4, "there are files to look at");
    found.into_iter().collect()
}

/// The first seven letters of every word of the mails that has so many: what the index makes of a word
/// begins with them as well.
fn beginnings(mails: &[Mail]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for mail in mails {
        for text in [&mail.from, &mail.subject, &mail.body, &mail.quote, &mail.note] {
            for word in text.split(|c: char| !c.is_ascii_alphabetic()) {
                words.extend(word.get(..7).map(str::to_ascii_lowercase));
            }
        }
    }
    words
}

/// What is found of them below the home folder, and in the databases.
fn traces(shop: &Shop, on: On, words: &Words) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let home = &shop.app.home;
    let mut files = 0;
    for folder in [home.folder(), &shop.app.search(), &shop.app.blobs()] {
        files += words.search_files(folder, &mut found);
    }
    assert!(files > 6, "only {files} files were searched");
    if on == On::Postgres {
        for url in [&home.data_url, &home.keys_url] {
            words.search_dump(url, &mut found);
        }
    }
    found
}

/// A mail of which no word counts.
const NOTHING: &str = "x";

/// Of a thousand words of mails in four languages, their subjects, senders, quotes and notes, none is in any
/// file of the server or in its databases: raw, in another spelling, or without the headers of sealed files.
async fn a_thousand_known_words_are_nowhere(on: On) {
    let mails = corpus();
    let beginnings = beginnings(&mails);
    // What a server says of its own accord, such as the names of columns, is no trace.
    let mut empty = Shop::new(on).await;
    let channel = empty.channel;
    empty.mail(channel, "x@x.test", NOTHING, NOTHING).await;
    settle(&mut empty.feeder()).await;
    let own: HashSet<String> = traces(&empty, on, &Words::new(beginnings.iter().cloned()))
        .iter()
        .map(|trace| trace.split(' ').next().unwrap().to_owned())
        .collect();
    let known: Vec<String> = beginnings.into_iter().filter(|word| !own.contains(word)).collect();
    assert!(known.len() >= 1_000, "{} words; of its own: {own:?}", known.len());
    let words = Words::new(known);

    let shop = Shop::new(on).await;
    let numbers = arrive(&shop, &mails).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    work_on(&mut owner, &mails, &numbers).await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    assert_ne!(ask(&mut owner, "wasmachine").await["total"], 0, "they are indexed");
    assert_eq!(traces(&shop, on, &words), BTreeSet::new());
    feeder.end().await;
    assert_eq!(traces(&shop, on, &words), BTreeSet::new());
}

/// The same of the program itself and of the folder for temporary files.
#[test]
fn the_program_leaves_no_word_in_its_folders() {
    let mails = corpus();
    let beginnings = beginnings(&mails);
    let of = |count: usize, words: &Words| -> BTreeSet<String> {
        let mut loket = Command::with_mailbox("hulp@acme.test");
        let (temporary, given) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        loket.set("TMPDIR", temporary.path().to_str().unwrap());
        loket.set("SQLITE_TMPDIR", temporary.path().to_str().unwrap());
        let archive = given.path().join("archive.mbox");
        let all: Vec<String> = (1..)
            .zip(mails.iter().take(count))
            .map(|(uid, mail)| format!("From x\n{}\n\n", raw(mail, uid).replace("\r\n", "\n")))
            .collect();
        std::fs::write(&archive, all.concat()).unwrap();
        loket.run(&["import", archive.to_str().unwrap(), "--mailbox", "hulp@acme.test"]);
        loket.run(&["search", "rebuild"]);
        loket.run(&["search", "check"]);
        let mut found = BTreeSet::new();
        let files = words.search_files(loket.folder(), &mut found);
        assert!(files > 6, "only {files} files were searched");
        words.search_files(temporary.path(), &mut found);
        found
    };
    let own: HashSet<String> = of(0, &Words::new(beginnings.iter().cloned()))
        .iter()
        .map(|trace| trace.split(' ').next().unwrap().to_owned())
        .collect();
    let known: Vec<String> = beginnings.into_iter().filter(|word| !own.contains(word)).collect();
    assert!(known.len() >= 1_000, "{} words; of its own: {own:?}", known.len());
    assert_eq!(of(mails.len(), &Words::new(known)), BTreeSet::new());
}

/// The words of a mail that somebody wants to find out.
const SECRET: [&str; 6] = ["merger", "harbour", "lawyer", "seventy", "million", "october"];

/// As long, letter by letter, and about something else.
const HARMLESS: [&str; 6] = ["picnic", "lantern", "tomato", "evening", "blanket", "daisies"];

/// Files of an index by kind: how many, and how many bytes.
type Sizes = BTreeMap<String, (usize, usize)>;

/// A home with a mail of these words among others, into which fifty mails with combinations of the words of
/// [`SECRET`] come. What lies there of the index: at once, and when it has been merged into one segment.
async fn attacked(on: On, of: [&str; 6]) -> [Vec<(String, Vec<u8>)>; 2] {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let channel = shop.channel;
    shop.mail(channel, "ceo@example.net", &of[..2].join(" "), &of.join(" ")).await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    for mask in 1_usize..=50 {
        let chosen = (0..6).filter(|bit| mask >> bit & 1 == 1).map(|bit| SECRET[bit]);
        let text = chosen.collect::<Vec<_>>().join(" ");
        shop.mail(channel, "mallory@example.net", "Question", &text).await;
    }
    settle(&mut feeder).await;
    feeder.end().await;
    let at_once = files(&shop);
    let services = shop.app.services.clone();
    operate::rebuild(&services, Some(channel), |_| {}).await.unwrap();
    [at_once, files(&shop)]
}

/// The files of the indexes: their kind, and what is in them.
fn files(shop: &Shop) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for folder in std::fs::read_dir(shop.app.search()).unwrap() {
        let folder = folder.unwrap().path();
        for file in
            folder.is_dir().then(|| std::fs::read_dir(folder).unwrap()).into_iter().flatten()
        {
            let path = file.unwrap().path();
            let kind = path.extension().unwrap().to_str().unwrap().to_owned();
            all.push((kind, std::fs::read(path).unwrap()));
        }
    }
    all
}

fn sizes(files: &[(String, Vec<u8>)]) -> Sizes {
    let mut sizes = Sizes::new();
    for (kind, bytes) in files {
        let size = sizes.entry(kind.clone()).or_default();
        *size = (size.0 + 1, size.1 + bytes.len());
    }
    sizes
}

/// Somebody mails in fifty mails with all combinations of the words that they suspect in another one, and takes
/// the disk. Where the words are in it and where others are, there are as many files; no two places of any two
/// files are alike; and sizes are whole blocks, of which there is one more in one of them at the most.
async fn crafted_mails_tell_nothing_of_other_words(on: On) {
    let [with, without] = [attacked(on, SECRET).await, attacked(on, HARMLESS).await];
    for (when, with, without) in
        [("at once", &with[0], &without[0]), ("merged", &with[1], &without[1])]
    {
        let (first, second) = (sizes(with), sizes(without));
        println!("{when}: known {first:?}; unknown {second:?}");
        assert!(first.len() > 5 && first.keys().eq(second.keys()), "{first:?} {second:?}");
        for (kind, (count, size)) in &first {
            let (other_count, other_size) = second[kind];
            assert_eq!(*count, other_count, "{when}, {kind}");
            // A file may just have outgrown a block.
            assert!(size.abs_diff(other_size) <= SEALED, "{when}, {kind}: {size} and {other_size}");
        }
        for (kind, bytes) in with.iter().chain(without).filter(|(kind, _)| kind != "json") {
            assert_eq!((bytes.len() - HEAD) % SEALED, 0, "{when}, {kind}: {}", bytes.len());
        }
        // Sixteen bytes anywhere, in the same home or in the other one.
        let mut seen = HashSet::new();
        let mut count = 0;
        for (_, bytes) in with.iter().chain(without) {
            for piece in bytes.windows(16) {
                count += 1;
                seen.insert(u128::from_be_bytes(piece.try_into().unwrap()));
            }
        }
        assert_eq!(seen.len(), count, "{when}: the same bytes in two places");
    }
}

on_both! {
    crafted_mails_tell_nothing_of_other_words,
    no_word_is_in_the_files,
    a_thousand_known_words_are_nowhere,
}
