//! Mail that wants to hurt: each is read or refused, soon, and nothing is lost.
//!
//! Nothing is timed here, since a busy machine is not a bug. The inputs are as large as they are
//! so that linear work takes part of a second in a dev build and quadratic work takes minutes,
//! at which nextest ends the test.

use std::fmt::Write as _;

use crate::mail::{Limits, ParsedMail, Refused, parse};

fn parsed(raw: &[u8]) -> Result<ParsedMail, Refused> {
    parse(raw, &Limits::default())
}

fn read(raw: &[u8]) -> ParsedMail {
    parsed(raw).expect("read")
}

fn html_mail(html: &str) -> Vec<u8> {
    format!("From: a@example.org\r\nContent-Type: text/html\r\n\r\n{html}").into_bytes()
}

#[test]
fn thirty_thousand_nested_mails_are_refused() {
    let mut raw = String::from("From: a@example.org\r\n");
    for _ in 0..30_000 {
        raw.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    raw.push_str("Subject: inside\r\n\r\ntext");
    let refused = parsed(raw.as_bytes()).expect_err("refused");
    assert_eq!(refused, Refused::NestedTooDeep(50));
}

#[test]
fn forty_nested_mails_are_read() {
    let mut raw = String::from("From: a@example.org\r\n");
    for _ in 0..40 {
        raw.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    raw.push_str("Subject: inside\r\n\r\ntext");
    let mail = read(raw.as_bytes());
    assert_eq!(mail.attachments.len(), 1);
}

#[test]
fn twenty_thousand_nested_parts_are_kept_as_a_file() {
    let mut raw =
        String::from("From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n");
    for depth in 0..20_000 {
        let _ = write!(
            raw,
            "--b{depth}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n",
            depth + 1
        );
    }
    let mail = read(raw.as_bytes());
    assert!(mail.defects.contains(&"nested_too_deep"));
    assert_eq!(mail.attachments.len(), 1);
}

#[test]
fn a_hundred_thousand_parts_end_in_one_file() {
    let mut raw =
        String::from("From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    raw.push_str(&"--b\r\n\r\nx\r\n".repeat(100_000));
    let mail = read(raw.as_bytes());
    assert!(mail.defects.contains(&"too_many_parts"));
}

#[test]
fn boundaries_between_bare_returns_are_found_soon() {
    let head = "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    for line in ["\r--b", "\r--bb", "--b", " --b\t"] {
        let mail = read(format!("{head}\n{}", line.repeat(500_000)).as_bytes());
        assert!(mail.attachments.len() <= 1, "{line:?}");
    }
}

#[test]
fn fifty_thousand_nested_divs_keep_their_text() {
    let html = format!("{}deep text{}after", "<div>".repeat(50_000), "</div>".repeat(50_000));
    let mail = read(&html_mail(&html));
    assert!(mail.text.contains("deep text") && mail.text.contains("after"));
    let shown = mail.html.expect("flattened");
    assert!(shown.contains("deep text") && shown.contains("after"));
    assert!(mail.defects.contains(&"html_flattened"));
}

#[test]
fn html_that_makes_parsers_quadratic_is_flattened() {
    let mut fonts = String::new();
    for n in 0..5_000 {
        let _ = write!(fonts, "<font color=c{n}>");
    }
    let in_cell = format!("{fonts}<table><tr><td>{}</td></tr></table>", "</font>".repeat(5_000));
    let mut siblings = String::new();
    for n in 0..5_000 {
        let _ = write!(siblings, "<p><font color=c{n}></p>");
    }
    let cases = [
        ("fonts", format!("{fonts}{}", "<p>word".repeat(20_000))),
        ("fonts closed in a cell", format!("{in_cell}{}", "<p>word".repeat(20_000))),
        ("fonts in paragraphs", format!("{siblings}{}", "<p>word".repeat(20_000))),
        ("foster parents", format!("<table>{}", "word<br>".repeat(60_000))),
        (
            "foster parents after a cell",
            format!("<table><tr><td></tr>{}", "word<br>".repeat(60_000)),
        ),
        ("nested tables", "<table><tr><td>word".repeat(20_000)),
        ("cells closed by rows", format!("{}word", "<div><table><tr><td></div>".repeat(20_000))),
        ("links in links", "<a href=http://x><div>word".repeat(20_000)),
        ("lists", "<ul><li>word".repeat(20_000)),
        ("buttons", "<button><p>word".repeat(50_000)),
        ("selects", "<select><option>word".repeat(50_000)),
        ("headings", "<h1><b>word".repeat(50_000)),
    ];
    for (name, html) in cases {
        let mail = read(&html_mail(&html));
        assert!(mail.text.contains("word"), "{name}");
        assert!(mail.html.is_some_and(|h| h.contains("word")), "{name}");
    }
}

#[test]
fn html_that_makes_tokenizers_quadratic_is_read() {
    let mut attributes = String::from("<a ");
    for n in 0..100_000 {
        let _ = write!(attributes, "a{n}=\">\" ");
    }
    attributes.push_str(">word</a>");
    let cases = [
        ("attributes", attributes),
        ("comments", format!("{}word", "<!--a-->".repeat(300_000))),
        ("open comments", format!("{}word", "<!--".repeat(300_000))),
        ("open styles", format!("{}word", "<style>".repeat(100_000))),
        ("open quotes", format!("{}word", "<a href=\"x ".repeat(100_000))),
        ("quotes of both kinds", format!("{}word", "<a b='x c=\"y ".repeat(100_000))),
        ("angles", format!("{}word", "<".repeat(200_000))),
        ("closing angles", format!("{}word", "</".repeat(200_000))),
        ("nuls", format!("{}word", "\0".repeat(200_000))),
        ("bare returns", format!("{}word", "\r".repeat(200_000))),
        ("long entity", format!("word&{}", "a".repeat(1_000_000))),
        ("numbers", format!("{}word", "&#99999999999;".repeat(100_000))),
        ("styles", format!("<p style=\"{}\">word", "color:rgb((((".repeat(50_000))),
        ("quotes", format!("{}word", "<blockquote>".repeat(50_000))),
        ("breaks", format!("{}word", "<br>".repeat(300_000))),
    ];
    for (name, html) in cases {
        let mail = read(&html_mail(&html));
        assert!(mail.text.contains("word"), "{name}: {:?}", mail.text.get(..50));
    }
}

#[test]
fn html_that_makes_serializers_quadratic_is_kept() {
    let cases = [
        ("entities", format!("{}word", "&".repeat(200_000))),
        ("written entities", format!("{}word", "&amp;a".repeat(200_000))),
        ("no-break spaces", format!("{}word", "&nbsp;".repeat(200_000))),
        ("entities and a long text", format!("{}word", "&".repeat(200) + &"a".repeat(1_000_000))),
        ("entities and end tags", format!("{}word", "&</b>".repeat(100_000))),
        ("entities in a table", format!("<table>{}word", "&".repeat(200_000))),
        ("entities in a title", format!("<p title=\"{}\">word", "&".repeat(200_000))),
        ("entities in titles", format!("<p title=\"{}\">word", "&".repeat(2_000)).repeat(100)),
    ];
    for (name, html) in cases {
        let mail = read(&html_mail(&html));
        assert!(mail.text.contains("word"), "{name}: {:?}", mail.text.get(..50));
        assert!(mail.html.is_some_and(|h| h.contains("word")), "{name}");
    }
}

#[test]
fn html_that_makes_stacks_quadratic_is_kept() {
    let cases = [
        ("end tags in depth", "<span>".repeat(400) + &"</b>".repeat(200_000) + "word"),
        ("cells in depth", "<div>".repeat(400) + &"<td>".repeat(200_000) + "word"),
        (
            "cells after white space",
            format!("<pre>x{}{}word", " ".repeat(500_000), "<td>".repeat(50_000)),
        ),
    ];
    for (name, html) in cases {
        let mail = read(&html_mail(&html));
        assert!(mail.text.contains("word"), "{name}: {:?}", mail.text.get(..50));
        assert!(mail.html.is_some_and(|h| h.contains("word")), "{name}");
    }
}

#[test]
fn address_lists_of_any_length_are_read() {
    let cases = [
        ("mailto", format!("To: {}", "mailto:".repeat(500_000))),
        ("colons after an at", format!("To: {}@{}", "a".repeat(500_000), ":".repeat(500_000))),
        ("angles after an at", format!("To: <{}@>{}", "a".repeat(500_000), "<b>".repeat(300_000))),
        ("names", format!("To: {}", format!("{} a,", "a".repeat(2_000)).repeat(2_000))),
        ("brackets", format!("To: {}", "(".repeat(500_000))),
        ("quotes", format!("To: {}", "\"".repeat(500_001))),
        ("angles", format!("To: {}", "<".repeat(500_000))),
        ("escapes", format!("To: \"{}", "\\".repeat(500_001))),
        ("commas", format!("To: {}", ",".repeat(500_000))),
        ("addresses", format!("To: {}", "a@example.org, ".repeat(100_000))),
        ("colons", format!("To: {}", "a:".repeat(300_000))),
    ];
    for (name, header) in cases {
        let mail = read(format!("{header}\r\n\r\ntext").as_bytes());
        assert!(mail.to.len() <= 2_000, "{name}");
        assert_eq!(mail.text, "text", "{name}");
    }
}

#[test]
fn headers_of_any_length_are_read() {
    let words = "=?utf-8?q?a?= ".repeat(200_000);
    let cases: Vec<(&str, String)> = vec![
        ("encoded words", format!("Subject: {words}")),
        ("encoded words in From", format!("From: {words}<a@example.org>")),
        ("unfinished words", format!("Subject: {}", "=?utf-8?q?".repeat(300_000))),
        ("unfinished words, one end", format!("Subject: {}?=", "=?utf-8?x?".repeat(300_000))),
        ("words without an end", format!("Subject: {}?=", "=?utf-8?x ".repeat(300_000))),
        ("references", format!("References: {}", "<a@b> ".repeat(200_000))),
        ("ids", format!("References: {}", "<".repeat(500_000))),
        ("folds", format!("Subject: a{}", "\r\n b".repeat(200_000))),
        ("parameters", format!("Content-Type: text/plain{}", "; a=b".repeat(200_000))),
        ("continuations", format!("Content-Type: text/plain{}", "; name*0*=a".repeat(200_000))),
        ("parameter quotes", format!("Content-Type: text/plain; a=\"{}", "\\\"".repeat(200_000))),
        ("date", format!("Date: {}", "1 ".repeat(300_000))),
        ("no colon", "word\r\n".repeat(100_000)),
        ("blank folds", format!("Subject: a\r\n{}", " \r\n".repeat(100_000))),
    ];
    for (name, header) in cases {
        let raw = format!("{header}\r\nX-End: 1\r\n\r\ntext");
        let mail = read(raw.as_bytes());
        assert!(mail.references.len() <= 1_000, "{name}");
    }
    let subject = read(format!("Subject: {words}\r\n\r\n").as_bytes()).subject;
    assert_eq!(subject, "a".repeat(200_000));
}

#[test]
fn too_much_header_is_refused() {
    let many = "X-A: 1\r\n".repeat(20_000);
    assert_eq!(parsed(many.as_bytes()), Err(Refused::TooManyHeaders(10_000)));
    let long = format!("Subject: {}\r\nX: 1\r\n\r\n", "a".repeat(17 * 1024 * 1024));
    assert_eq!(parsed(long.as_bytes()), Err(Refused::HeaderTooLarge(16 * 1024 * 1024)));
    assert_eq!(parsed(b" \r\n "), Err(Refused::Empty));
    let big = vec![b'a'; 50 * 1024 * 1024 + 1];
    assert_eq!(parsed(&big), Err(Refused::TooLarge(50 * 1024 * 1024)));
}

#[test]
fn fields_of_many_parts_are_counted_together() {
    let mut raw =
        String::from("From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    for _ in 0..30 {
        let _ = write!(raw, "--b\n{}\nx\n", "a:\n".repeat(5_000));
    }
    assert_eq!(parsed(raw.as_bytes()), Err(Refused::TooManyHeaders(100_000)));
}

#[test]
fn no_more_text_is_read_than_is_kept() {
    let limits = Limits { text_bytes: 10_000, ..Limits::default() };
    let head = "From: a@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    for (name, line) in [("lines", "wörd wörd\r\n"), ("one line", "ö")] {
        let mail = parse(format!("{head}{}", line.repeat(20_000)).as_bytes(), &limits).expect(name);
        assert!((5_000..=10_000).contains(&mail.text.len()), "{name}: {}", mail.text.len());
        assert_eq!(mail.defects, ["no_message_id", "no_date", "text_truncated"], "{name}");
    }
    // Of many parts together as well; what is not shown is a file.
    let part = format!("--b\r\n\r\n{}\r\n", "word word\r\n".repeat(500));
    let head = "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    let mail = parse(format!("{head}{}--b--", part.repeat(4)).as_bytes(), &limits).expect("read");
    assert!(mail.text.len() <= 10_000 && mail.attachments.len() == 2, "{}", mail.text.len());
    // HTML is mostly markup.
    let html = "<p style=\"color:#000000\">word</p>".repeat(700);
    let mail = parse(&html_mail(&html), &limits).expect("read");
    assert_eq!(mail.text.matches("word").count(), 700);
}

#[test]
fn texts_of_any_shape_are_split() {
    let cases = [
        ("quotes", "> a\n".repeat(200_000)),
        ("angles", ">".repeat(1_000_000)),
        ("attributions", "On 3 Feb 2025 at 10:00, A <a@example.org> wrote:\n".repeat(20_000)),
        ("almost attributions", "On 3 Feb 2025 A <a@example.org>:\n".repeat(50_000)),
        ("headers", "From: a\nTo: b\nSubject: c\n".repeat(50_000)),
        ("rules", "----------\n".repeat(100_000)),
        ("signatures", "-- \nx\n".repeat(100_000)),
        ("one line", "word ".repeat(500_000)),
        ("colons", "a:\n".repeat(200_000)),
        ("empty lines", "\n".repeat(1_000_000)),
        ("wrapped quotes", "> a\nb\n".repeat(100_000)),
        ("originals", "-----Original Message-----\n".repeat(100_000)),
    ];
    for (name, text) in cases {
        let raw = format!("From: a@example.org\r\n\r\nhello\n\n{text}");
        let mail = read(raw.as_bytes());
        assert!(mail.text.starts_with("hello"), "{name}");
        assert!(mail.reply_text.starts_with("hello"), "{name}");
    }
}

#[test]
fn reports_of_any_shape_are_read() {
    let head =
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.org\r\nSubject: Undelivered Mail\r\n";
    let cases = [
        (
            "addresses",
            format!("{head}\r\nfailed:\n{}", "<u@example.org>: unknown\n".repeat(50_000)),
        ),
        ("codes", format!("{head}\r\nfailed {}", "5.1.1 ".repeat(200_000))),
        ("ats", format!("{head}\r\nfailed {}", "a@".repeat(300_000))),
        ("dots", format!("{head}\r\nfailed a@{}", "b.".repeat(300_000))),
        (
            "status",
            format!(
                "{head}Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: \
                 message/delivery-status\r\n\r\n{}",
                "Final-Recipient: rfc822; a@example.org\nAction: failed\n\n".repeat(50_000)
            ),
        ),
    ];
    for (name, raw) in cases {
        let mail = read(raw.as_bytes());
        let bounce = mail.bounce.expect("a bounce");
        assert!(bounce.recipients.len() <= 500, "{name}");
    }
}

#[test]
fn a_mail_of_25_megabytes_is_read() {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let mut raw = String::from(
        "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n\
         Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    );
    raw.push_str(&line.repeat(25 * 1024 * 1024 / line.len()));
    raw.push_str("--b--\r\n");
    let mail = read(raw.as_bytes());
    assert_eq!(mail.text.trim(), "hello");
    assert!(mail.attachments.iter().any(|a| a.name == "a.zip" && a.size > 18_000_000));
}
