use std::collections::{BTreeMap, BTreeSet};

use mail_parser::{MessageParser, MimeHeaders};

use super::*;

fn now() -> DateTime<Utc> {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

#[test]
fn every_mail_of_the_demo_is_read_as_it_was_meant() {
    let mails = demo::mailbox(now());
    assert!(mails.len() >= 55, "{} mails", mails.len());
    let mut ids = BTreeSet::new();
    let (mut replies, mut attached, mut inline, mut charsets) = (0, 0, 0, BTreeSet::new());
    for mail in &mails {
        let parsed = MessageParser::default().parse(&mail.raw).unwrap();
        let subject = parsed.subject().unwrap();
        assert!(ids.insert(parsed.message_id().unwrap().to_owned()), "twice: {subject}");
        assert!(mail.at <= now() && parsed.date().unwrap().to_timestamp() == mail.at.timestamp());
        let text = parsed.body_text(0).unwrap();
        assert!(!text.contains('\u{fffd}') || subject == "Selle trop dure", "{subject}: {text}");
        replies += usize::from(parsed.in_reply_to().as_text().is_some());
        attached += parsed.attachments().filter(|part| part.content_id().is_none()).count();
        inline += parsed.attachments().filter(|part| part.content_id().is_some()).count();
        for part in parsed.parts.iter().filter_map(|part| part.content_type()) {
            charsets.extend(part.attribute("charset").map(str::to_owned));
        }
    }
    assert!(replies >= 15 && attached >= 10 && inline >= 4, "{replies} {attached} {inline}");
    assert!(charsets.len() >= 6, "{charsets:?}");
}

#[test]
fn every_address_belongs_to_nobody() {
    let pattern = regex::bytes::Regex::new(r"[\w.+-]+@([\w-]+\.)+\w+").unwrap();
    let corpus: Vec<_> = bench::corpus(1, 40, "service@example.com", now()).collect();
    for mail in demo::mailbox(now()).iter().chain(&corpus) {
        // Quoted-printable may break an address over two lines.
        let raw = String::from_utf8_lossy(&mail.raw).replace("=\r\n", "");
        for found in pattern.find_iter(raw.as_bytes()) {
            let address = String::from_utf8_lossy(found.as_bytes());
            let reserved = ["example.com", "example.org", "example.net"];
            assert!(reserved.iter().any(|domain| address.ends_with(domain)), "{address}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let raw = |seed| -> Vec<_> {
        bench::corpus(seed, 30, "a@example.com", now()).map(|mail| mail.raw).collect()
    };
    assert_eq!(raw(7), raw(7));
    assert_ne!(raw(7), raw(8));
    let demo = |at| demo::mailbox(at).into_iter().map(|mail| mail.raw).collect::<Vec<_>>();
    assert_eq!(demo(now()), demo(now()));
}

#[test]
fn the_corpus_has_the_mix_that_is_measured() {
    let count = 1_000;
    let (mut replies, mut files, mut last) = (0, 0, None);
    let mut senders = BTreeMap::new();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for mail in bench::corpus(42, count, "service@example.com", now()) {
        let parsed = MessageParser::default().parse(&mail.raw).unwrap();
        let sender = parsed.from().unwrap().first().unwrap().address().unwrap().to_owned();
        let body = parsed.body_text(0).unwrap().len() + parsed.body_html(0).unwrap().len();
        assert!((1_800..10_240).contains(&body), "{body}");
        if let Some(id) = parsed.in_reply_to().as_text() {
            assert_eq!(known.get(id), Some(&sender), "an answer to somebody else's mail");
            replies += 1;
        }
        for file in parsed.attachments() {
            assert!((20_000..200_000).contains(&file.contents().len()));
            files += 1;
        }
        known.insert(parsed.message_id().unwrap().to_owned(), sender.clone());
        *senders.entry(sender).or_insert(0) += 1;
        assert!(last.is_none_or(|last| last < mail.at));
        last = Some(mail.at);
    }
    assert_eq!(last, Some(now()));
    assert!((count * 30 / 100..=count * 45 / 100).contains(&replies), "{replies} replies");
    assert!((count * 17 / 100..=count * 23 / 100).contains(&files), "{files} files");
    assert!(senders.len() > 400, "{} senders", senders.len());
}

#[test]
fn a_maildir_holds_each_mail_once() {
    let folder = tempfile::tempdir().unwrap();
    let mails = demo::mailbox(now());
    maildir::deliver(folder.path(), &mails).unwrap();
    let delivered = std::fs::read_dir(folder.path().join("new")).unwrap().count();
    assert_eq!(delivered, mails.len());
    assert_eq!(std::fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
}
