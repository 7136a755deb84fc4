//! No readable word is on disk.

use std::fs;

use super::{Shop, settle};
use crate::support::db::{On, on_both};
use crate::support::search::Word;

/// Words of a mail, its subject, its sender and a note are in no file of the indexes, in no spelling; while one is being
/// written as little as afterwards.
async fn no_word_is_in_the_files(on: On) {
    let mut shop = Shop::new(on).await;
    let words: Vec<String> = (0..1_000)
        .map(|n| format!("zq{}word{n}", char::from(b'a' + u8::try_from(n % 26).unwrap())))
        .collect();
    let mut feeder = shop.feeder();
    let channel = shop.channel;
    for (number, chunk) in words.chunks(50).enumerate() {
        let from = format!("{} <c@example.net>", chunk[0]);
        shop.mail(channel, &from, &chunk[1], &chunk.join(" ")).await;
        if number % 4 == 0 {
            settle(&mut feeder).await;
            assert_no_word(&shop, &words);
        }
    }
    settle(&mut feeder).await;
    assert!(
        shop.app.services.search().has_word(shop.org.id, channel, &words[7]),
        "they are indexed"
    );
    assert_no_word(&shop, &words);
    feeder.end().await;
    assert_no_word(&shop, &words);
}

fn assert_no_word(shop: &Shop, words: &[String]) {
    let words: Vec<Word> = words.iter().step_by(37).map(|word| Word::new(word)).collect();
    let mut seen = 0;
    let mut folders = vec![shop.app.search()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            seen += 1;
            // A merge may have removed it.
            let Ok(bytes) = fs::read(&path) else { continue };
            for word in &words {
                let found = word.find(&bytes);
                assert!(found.is_empty(), "{}: {found:?}", path.display());
            }
        }
    }
    assert!(seen > 4, "there are files to look at");
}

on_both! {
    no_word_is_in_the_files,
}
