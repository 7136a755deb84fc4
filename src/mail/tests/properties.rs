//! What holds for any input.

use proptest::prelude::*;

use crate::mail::{Limits, parse, raw_attachment, sanitize};

const SEED: &str = "Return-Path: <a@example.org>\r\nFrom: =?utf-8?q?J=C3=BCrgen?= <j@example.org>, \
    \"B, C\" <b@example.org>\r\nTo: undisclosed-recipients:;\r\nSubject: =?iso-8859-1?B?5A==?= Re: x\r\n\
    Date: Mon, 3 Feb 2025 10:00:00 +0100\r\nMessage-ID: <1@example.org>\r\nReferences: <a@b>\r\n <c@d>\r\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\r\n\r\n--b1\r\n\
    Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    <p style=3D\"color:red\">Hi<img src=3Dcid:x><blockquote>On 3 Feb 2025, A <a@b.c> wrote:</blockquote>\r\n\
    --b1\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; u@example.org\r\n\
    Action: failed\r\nStatus: 5.1.1\r\n\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nz\r\n\
    --b1\r\nContent-Type: application/pdf; name*0*=utf-8''%41; name*1=\".pdf\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b1--\r\n";

fn check(raw: &[u8]) {
    let limits = Limits::default();
    let Ok(mail) = parse(raw, &limits) else { return };
    assert_eq!(Ok(&mail), parse(raw, &limits).as_ref(), "reading is repeatable");
    assert!(!mail.derived_message_id.is_empty());
    assert!(mail.snippet.chars().count() <= 160);
    for text in [&mail.text, &mail.reply_text, &mail.quoted_text, &mail.subject] {
        assert!(!text.contains('\0'));
    }
    assert!(!mail.subject.contains(['\r', '\n']));
    for attachment in &mail.attachments {
        let range = usize::try_from(attachment.raw_range.start).expect("small")
            ..usize::try_from(attachment.raw_range.end).expect("small");
        let bytes = raw.get(range).expect("within the mail");
        assert_eq!(raw_attachment(bytes, attachment.encoding).len() as u64, attachment.size);
        assert!(!attachment.name.is_empty() && !attachment.name.contains(['/', '\\', '\0', '\n']));
    }
    if let Some(html) = &mail.html {
        let low = html.to_lowercase();
        for bad in
            ["<script", "<style", "<svg", "<iframe", " src=\"http", " onerror=\"", "\"javascript:"]
        {
            assert!(!low.contains(bad), "{bad} in {html}");
        }
        assert_eq!(
            sanitize::render(&sanitize::render(html, |_| None), |_| None),
            sanitize::render(html, |_| None)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        check(&raw);
    }

    #[test]
    fn any_mail_like_text_is_read(raw in "((From|To|Subject|Date|References|Content-Type|Content-Transfer-Encoding): [ -~]{0,60}\r?\n){0,6}\r?\n(.|\r?\n){0,400}") {
        check(raw.as_bytes());
    }

    #[test]
    fn a_mutated_mail_is_read(edits in proptest::collection::vec((0_usize..SEED.len(), 0_u8..4, any::<u8>(), 0_usize..60), 1..12)) {
        let mut raw = SEED.as_bytes().to_vec();
        for (at, what, byte, length) in edits {
            let at = at.min(raw.len().saturating_sub(1));
            let end = (at + length).min(raw.len());
            match what {
                0 => { if let Some(b) = raw.get_mut(at) { *b = byte; } }
                1 => { raw.drain(at..end); }
                2 => { let copy: Vec<u8> = raw.get(at..end).unwrap_or_default().to_vec(); raw.splice(at..at, copy); }
                _ => raw.insert(at, byte),
            }
        }
        check(&raw);
    }

    #[test]
    fn any_html_comes_out_clean(html in "(<[a-z]{1,10}( [a-z-]{1,10}=[\"']?[ -~]{0,20}[\"']?)?/?>|</[a-z]{1,8}>|[ -~]{0,12}|<!--|-->|<svg|<math|<style>|</p>){0,40}") {
        check(format!("From: a@example.org\r\nContent-Type: text/html\r\n\r\n{html}").as_bytes());
    }
}
