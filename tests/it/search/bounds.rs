//! What is too large, too long or makes no sense takes no longer, and no more memory, than it may.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde_json::json;

use super::{SEARCH, Shop, ask, marked, numbers, settle};
use crate::support::db::{On, on_both};

/// Longer than anything here takes on a busy machine, in a build for tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// The most that the process had in memory at once, in MiB, since it began.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn size(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            if entry.path().is_dir() {
                size(&entry.path())
            } else {
                entry.metadata().unwrap().len()
            }
        })
        .sum()
}

/// A mail of 25 MB of text and one with a word of 1 MB are indexed, found by what they begin with, and are in the
/// way of no other.
async fn mails_without_measure_are_found_by_their_beginning(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    let (before, small) = (most_memory(), size(&shop.app.search()));
    let begun = Instant::now();

    let mut text = "A telescope comes first.\r\n".to_owned();
    for number in 0_u64.. {
        if text.len() >= 25 << 20 {
            break;
        }
        // All of them differ, as the dictionary of a whole language would not.
        let word = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        write!(text, "w{word:x} ").unwrap();
        if number % 12 == 0 {
            text.push_str("\r\n");
        }
    }
    text.push_str("\r\nA microscope comes last.");
    let channel = shop.channel;
    shop.mail(channel, "long@example.net", "Long", &text).await;
    drop(text);
    let word = "zqwx".repeat(1 << 18);
    let text = format!("Sundial {word} hourglass {word}");
    shop.mail(channel, "wide@example.net", "Wide", &text).await;
    settle(&mut feeder).await;

    assert_eq!(numbers(&ask(&mut owner, "telescope").await), [5]);
    assert_eq!(numbers(&ask(&mut owner, "hourglass").await), [6], "beyond the word");
    let found = ask(&mut owner, "sundial").await;
    assert_eq!(
        (numbers(&found), marked(&found["items"][0]["snippet"])),
        (vec![6], vec!["Sundial"])
    );
    let typed = json!({ "q": "zqwxzq", "typing": true });
    assert_eq!(numbers(&owner.post(SEARCH, &typed).await.json()), [6]);
    assert_eq!(numbers(&ask(&mut owner, "lighthouse").await), [1, 4]);
    assert_eq!(numbers(&ask(&mut owner, "from:anna").await), [1]);
    let within = owner.post("/api/v1/tickets/5/search", &json!({ "q": "telescope" })).await.json();
    assert_eq!(marked(&within["messages"][0]["pieces"]), ["telescope"]);

    let (took, grown) = (begun.elapsed(), most_memory() - before);
    let on_disk = (size(&shop.app.search()) - small) >> 20;
    println!("took {took:?}, {grown} MiB more memory, {on_disk} MiB of index");
    assert!(took < PATIENCE, "{took:?}");
    assert!(grown < 400, "{grown} MiB");
    assert!(on_disk < 10, "{on_disk} MiB: an index takes so many words of a mail and no more");
}

/// Whatever is typed is answered, or refused with a reason, at once.
async fn nothing_that_is_typed_takes_long(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    let many = |text: &str| text.repeat(10_000 / text.len());
    // Below the limit of what may be typed, too: that is where work is done.
    let most = |text: &str| text.repeat(990 / text.len());
    let mut asked: Vec<String> = Vec::new();
    for piece in [
        "a", "a ", "*", "ab* ", "* ", "\"", "\" ", "(", ")", "()", "((a) ", "-", "-a ", "OR ",
        "a OR ", "from:", "from:a ", "from:\"", "before:", "is:open ", "tag:x ", "#1 ", "1", "1-",
        "NL91 ", "\u{0}", "\u{202e}", "e\u{301}", "字", "😀", "\\", "%", "_", "'", "é", "\n",
        "AND NOT ",
    ] {
        asked.extend([many(piece), most(piece)]);
    }
    asked.push("lighthouse ".to_owned() + &"a* ".repeat(1_000));
    asked.push("lighthouse \"lamp".to_owned());
    let begun = Instant::now();
    for query in &asked {
        for typing in [false, true] {
            let body = json!({ "q": query, "typing": typing });
            let one = Instant::now();
            let answer = owner.post(SEARCH, &body).await;
            let start: String = query.chars().take(20).collect();
            let fine = [StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY].contains(&answer.status);
            assert!(fine, "{start:?}: {answer:?}");
            if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
                let problem = answer.json();
                assert!(problem["query_problem"]["code"].is_string(), "{start:?}: {problem}");
            }
            assert!(one.elapsed() < PATIENCE / 6, "{start:?}: {:?}", one.elapsed());
        }
    }
    println!("{} queries in {:?}", asked.len() * 2, begun.elapsed());
    assert_eq!(numbers(&ask(&mut owner, "lighthouse").await), [1, 4]);
}

on_both! {
    mails_without_measure_are_found_by_their_beginning,
    nothing_that_is_typed_takes_long,
}
