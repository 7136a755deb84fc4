//! What we write keeps to what Gmail, Outlook and Apple Mail all show alike.

use bytes::Bytes;
use chrono::{FixedOffset, TimeZone, Utc};

use crate::mail::compose::{File, InlineImage, Language, Outgoing, Quoted, compose};
use crate::mail::{Address, Limits, parse, raw_attachment};

/// Properties that Outlook for Windows (Word), Gmail and Apple Mail know
/// (<https://www.caniemail.com>, 2025).
const KNOWN: &[&str] = &[
    "border",
    "border-left",
    "color",
    "font-family",
    "font-size",
    "height",
    "line-height",
    "margin",
    "max-width",
    "padding-left",
];

fn address(address: &str) -> Address {
    Address { name: None, address: address.to_owned() }
}

fn answer(html: &str) -> Outgoing {
    // A PNG that is 1,200 pixels wide.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\xb0\0\0\x02\x58";
    Outgoing {
        from: address("hulp@fietsen.example"),
        to: vec![address("zoe@example.org")],
        cc: Vec::new(),
        bcc: Vec::new(),
        reply_to: Vec::new(),
        subject: "Re: Fiets".to_owned(),
        date: Utc.with_ymd_and_hms(2025, 2, 3, 9, 0, 0).unwrap(),
        message_id: "lkt.abc.def@fietsen.example".to_owned(),
        in_reply_to: None,
        references: Vec::new(),
        text: "Zie de foto.".to_owned(),
        html: Some(html.to_owned()),
        plain: false,
        signature: Some("Team Fietsen\nhttps://fietsen.example/".to_owned()),
        quoted: Some(Quoted {
            at: FixedOffset::east_opt(0).unwrap().with_ymd_and_hms(2025, 2, 3, 9, 30, 0).unwrap(),
            from: address("zoe@example.org"),
            text: "Kapot.".to_owned(),
            html: None,
            passed_on: None,
        }),
        attachments: Vec::new(),
        inline_images: vec![InlineImage {
            cid: "foto@loket".to_owned(),
            file: File {
                name: "foto.png".to_owned(),
                content_type: "image/png".to_owned(),
                bytes: Bytes::from_static(png),
            },
        }],
        language: Language::Nl,
        auto_submitted: None,
    }
}

/// The HTML part as it goes over the wire.
fn html_of(mail: &Outgoing) -> String {
    let raw = compose(mail).unwrap();
    let at = memchr::memmem::find(&raw, b"text/html").unwrap();
    let start = at + memchr::memmem::find(&raw[at..], b"\r\n\r\n").unwrap() + 4;
    let end = start + memchr::memmem::find(&raw[start..], b"\r\n--=_").unwrap();
    let decoded = raw_attachment(&raw[start..end], crate::mail::Encoding::QuotedPrintable);
    String::from_utf8(decoded.into_owned()).unwrap()
}

fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!(" {name}=\"");
    html.split(&opening).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

const WRITTEN: &str = "<p>Zie de <strong>foto</strong>:</p><p></p>\
     <p><img src=\"cid:foto@loket\" alt=\"foto.png\"></p><ul><li><p>een</p></li></ul>\
     <p><a href=\"https://fietsen.example/hulp\">hulp</a></p>";

#[test]
fn style_stands_with_its_element_and_is_known_to_all() {
    let html = html_of(&answer(WRITTEN));
    // Gmail takes <style> away with one mistake in it, Outlook knows neither grid nor scripts.
    for never in ["<style", "<link", "<script", "<svg", "position:", "flex", "grid", "url("] {
        assert!(!html.contains(never), "{never} in {html}");
    }
    let styles = attributes(&html, "style");
    assert!(!styles.is_empty());
    for declaration in styles.iter().flat_map(|style| style.split(';')) {
        let property = declaration.split(':').next().unwrap().trim();
        assert!(KNOWN.contains(&property), "{property} in {html}");
    }
}

#[test]
fn pictures_have_a_width_for_outlook_and_room_for_phones() {
    let html = html_of(&answer(WRITTEN));
    let (_, picture) = html.split_once("<img").unwrap();
    let picture = picture.split('>').next().unwrap();
    assert!(picture.contains("width=\"600\""), "never wider than the window: {picture}");
    assert!(picture.contains("max-width:100%") && picture.contains("height:auto"), "{picture}");
    assert!(picture.contains("alt=\"foto.png\""), "shown until pictures are allowed: {picture}");
    // Gmail shows no data: pictures.
    assert_eq!(attributes(picture, "src"), ["cid:foto@loket"]);
}

#[test]
fn paragraphs_look_the_same_in_all_of_them() {
    let html = html_of(&answer(WRITTEN));
    let (written, _) = html.split_once("gmail_signature").unwrap();
    assert!(!written.contains("<p>"), "margins are said, not left to the program: {written}");
    assert!(written.contains("<p style=\"margin:0 0 1em\"><br></p>"), "{written}");
    assert!(written.contains("<li><p style=\"margin:0\">een</p></li>"), "{written}");
}

#[test]
fn the_frame_is_what_all_of_them_read() {
    let html = html_of(&answer(WRITTEN));
    assert!(html.starts_with("<!DOCTYPE html>"), "Apple Mail shows quirks otherwise");
    assert!(html.contains("<meta charset=\"utf-8\">"), "Outlook guesses otherwise");
    // Gmail and Apple Mail fold what is marked as a quote.
    assert!(html.contains("<blockquote class=\"gmail_quote\" type=\"cite\""), "{html}");
    for link in attributes(&html, "href") {
        assert!(link.starts_with("https://"), "a relative link leads nowhere: {link}");
    }
}

#[test]
fn a_plain_answer_needs_no_editor_to_look_right() {
    let mut mail = answer(WRITTEN);
    (mail.html, mail.inline_images) = (None, Vec::new());
    mail.text = "Eerste.\n\n  Tweede https://fietsen.example/x.".to_owned();
    let raw = compose(&mail).unwrap();
    let html = parse(&raw, &Limits::default()).unwrap().html.unwrap();
    assert!(html.contains("Eerste.<br>\n<br>\n&nbsp;&nbsp;Tweede "), "{html}");
    assert!(html.contains("href=\"https://fietsen.example/x\""), "{html}");
}
