//! What we write is what others read.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, TimeZone, Utc};
use proptest::prelude::*;

use crate::mail::compose::{
    AutoSubmitted, ComposeError, File, InlineImage, Language, Outgoing, Quoted, compose, envelope,
};
use crate::mail::{Address, Limits, ParsedMail, parse, raw_attachment};

fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 2, 3, 9, 0, 0).unwrap()
}

fn address(name: &str, address: &str) -> Address {
    Address { name: (!name.is_empty()).then(|| name.to_owned()), address: address.to_owned() }
}

fn outgoing() -> Outgoing {
    Outgoing {
        from: address("Fietsen & Zo, klantenservice", "hulp@fietsen.example"),
        to: vec![address("Zoë Müller", "zoe@example.org")],
        cc: vec![address("", "cc@example.org")],
        bcc: vec![address("", "secret@example.org")],
        reply_to: Vec::new(),
        subject: "Re: Kapotte fiets – wat nu?".to_owned(),
        date: at(),
        message_id: "lkt.abc.def@fietsen.example".to_owned(),
        in_reply_to: Some("1@example.org".to_owned()),
        references: vec!["0@example.org".to_owned(), "1@example.org".to_owned()],
        text: "Beste Zoë,\n\nDat lossen we op.\n.\nFrom hier verder".to_owned(),
        html: None,
        plain: false,
        signature: Some("Groet,\nAnna".to_owned()),
        quoted: Some(Quoted {
            at: FixedOffset::east_opt(3600).unwrap().with_ymd_and_hms(2025, 2, 3, 9, 30, 0).unwrap(),
            from: address("Zoë Müller", "zoe@example.org"),
            text: "Mijn fiets is kapot.\n> ouder".to_owned(),
            html: Some("<p>Mijn <b>fiets</b> is kapot.<img data-remote-src=\"https://t.example/x.gif\"></p>".to_owned()),
            passed_on: None,
        }),
        attachments: Vec::new(),
        inline_images: Vec::new(),
        language: Language::Nl,
        auto_submitted: None,
    }
}

fn read_back(mail: &Outgoing) -> (Vec<u8>, ParsedMail) {
    let raw = compose(mail).expect("composed");
    let parsed = parse(&raw, &Limits::default()).expect("read");
    (raw, parsed)
}

/// Lines end in CRLF, are short, and are ASCII.
fn check_wire(raw: &[u8]) {
    assert!(raw.is_ascii());
    let text = String::from_utf8(raw.to_vec()).unwrap();
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n', '\0']), "a bare line end in {line:?}");
        assert!(line.len() <= 998, "a line of {} bytes", line.len());
    }
}

#[test]
fn an_answer_reads_well() {
    let (raw, mail) = read_back(&outgoing());
    check_wire(&raw);
    assert_eq!(mail.from, [address("Fietsen & Zo, klantenservice", "hulp@fietsen.example")]);
    assert_eq!(mail.to, [address("Zoë Müller", "zoe@example.org")]);
    assert_eq!(mail.subject, "Re: Kapotte fiets – wat nu?");
    assert_eq!(mail.date, Some(at()));
    assert_eq!(mail.message_id.as_deref(), Some("lkt.abc.def@fietsen.example"));
    assert_eq!(mail.references, ["0@example.org", "1@example.org"]);
    assert_eq!(mail.in_reply_to, ["1@example.org"]);
    assert_eq!(mail.reply_text, "Beste Zoë,\n\nDat lossen we op.\n.\nFrom hier verder");
    assert!(
        mail.quoted_text
            .contains("Op 3 februari 2025 om 09:30 schreef Zoë Müller <zoe@example.org>:")
    );
    assert!(mail.quoted_text.contains("> Mijn fiets is kapot.\n>> ouder"));
    let html = mail.html.unwrap();
    assert!(html.contains("<b>fiets</b>") && html.contains("gmail_quote"));
    assert!(!html.contains("t.example"), "the customer's tracking image goes nowhere");
    assert_eq!(mail.defects, Vec::<&str>::new());
}

#[test]
fn what_was_written_without_format_leaves_without() {
    let mut mail = Outgoing { plain: true, ..outgoing() };
    let (raw, read) = read_back(&mail);
    check_wire(&raw);
    assert!(memchr::memmem::find(&raw, b"Content-Type: text/plain; charset=utf-8\r\n").is_some());
    assert!(memchr::memmem::find(&raw, b"multipart").is_none());
    assert_eq!(read.reply_text, "Beste Zoë,\n\nDat lossen we op.\n.\nFrom hier verder");
    assert!(read.quoted_text.contains("> Mijn fiets is kapot.\n>> ouder"));
    assert_eq!(read.html, None);
    mail.attachments.push(file("rekening.pdf", "application/pdf", b"%PDF"));
    let (raw, read) = read_back(&mail);
    assert!(memchr::memmem::find(&raw, b"text/html").is_none());
    assert_eq!(read.attachments.len(), 1);
}

#[test]
fn blind_copies_are_never_written() {
    let (raw, mail) = read_back(&outgoing());
    let text = String::from_utf8(raw).unwrap().to_lowercase();
    assert!(!text.contains("secret@") && !text.contains("bcc"));
    assert!(mail.bcc.is_empty());
    assert_eq!(envelope(&outgoing()), ["zoe@example.org", "cc@example.org", "secret@example.org"]);
}

#[test]
fn line_breaks_and_nul_are_refused_everywhere() {
    for bad in ["a\r\nBcc: x@example.org", "a\nb", "a\rb", "a\0b"] {
        let id = format!("{bad}@example.org");
        let named = |mail: &mut Outgoing, what: usize| match what {
            0 => mail.subject = bad.to_owned(),
            1 => mail.from.name = Some(bad.to_owned()),
            2 => mail.to = vec![address(bad, "x@example.org")],
            3 => mail.cc = vec![address("", &id)],
            4 => mail.bcc = vec![address("", &id)],
            5 => mail.reply_to = vec![address("", &id)],
            6 => mail.message_id.clone_from(&id),
            7 => mail.in_reply_to = Some(id.clone()),
            8 => mail.references.push(id.clone()),
            9 => mail.attachments.push(file(bad, "text/plain", b"x")),
            10 => mail.attachments.push(file("a", bad, b"x")),
            _ => mail
                .inline_images
                .push(InlineImage { cid: id.clone(), file: file("a", "image/png", b"x") }),
        };
        for what in 0..12 {
            let mut mail = outgoing();
            named(&mut mail, what);
            assert!(
                matches!(compose(&mail), Err(ComposeError::UnsafeHeader { .. })),
                "{bad:?} passed as {what}"
            );
        }
    }
}

#[test]
fn bad_addresses_and_ids_are_refused() {
    for bad in [
        "",
        "x",
        "@example.org",
        "x@",
        "a b@example.org",
        "a@b@example.org",
        "<a@example.org>",
        "a@exa mple.org",
        "a@b,c@d",
    ] {
        let mut mail = outgoing();
        mail.to = vec![address("", bad)];
        assert!(
            matches!(compose(&mail), Err(ComposeError::InvalidAddress { field: "to" })),
            "{bad}"
        );
    }
    let mut mail = outgoing();
    mail.to = vec![address("", "zoë@example.org")];
    assert_eq!(compose(&mail), Err(ComposeError::NeedsSmtpUtf8 { field: "to" }));
    mail.to = vec![address("", "info@bücher.example")];
    let raw = String::from_utf8(compose(&mail).unwrap()).unwrap();
    assert!(raw.contains("info@xn--bcher-kva.example"));
    mail.references = vec!["a> <b".to_owned()];
    assert_eq!(compose(&mail), Err(ComposeError::InvalidMessageId { field: "references" }));
    let mut mail = outgoing();
    (mail.to, mail.cc, mail.bcc) = (vec![], vec![], vec![]);
    assert_eq!(compose(&mail), Err(ComposeError::NoRecipient));
}

fn file(name: &str, content_type: &str, bytes: &'static [u8]) -> File {
    File {
        name: name.to_owned(),
        content_type: content_type.to_owned(),
        bytes: Bytes::from_static(bytes),
    }
}

#[test]
fn files_and_images_come_back_byte_for_byte() {
    let mut mail = outgoing();
    mail.html = Some(
        "<p>Zie <img src=\"cid:plaatje@1\" onerror=\"x()\"><script>x()</script></p>".to_owned(),
    );
    mail.attachments.push(file(
        "Überweisung für Zoë – heel lange naam van een bestand dat niet past.pdf",
        "application/pdf",
        b"\x00\xff%PDF",
    ));
    mail.attachments.push(file("mail.eml", "message/rfc822", b"Subject: x\r\n\r\n"));
    mail.inline_images.push(InlineImage {
        cid: "plaatje@1".to_owned(),
        file: file("a.png", "image/png", b"\x89PNG"),
    });
    let (raw, parsed) = read_back(&mail);
    check_wire(&raw);
    let html = parsed.html.unwrap();
    assert!(html.contains("data-cid=\"plaatje@1\""), "{html}");
    assert!(!html.contains("onerror") && !String::from_utf8_lossy(&raw).contains("onerror"));
    let names: Vec<_> = parsed.attachments.iter().map(|a| (a.name.as_str(), a.inline)).collect();
    assert_eq!(
        names,
        [
            ("a.png", true),
            ("Überweisung für Zoë – heel lange naam van een bestand dat niet past.pdf", false),
            ("mail.eml", false),
        ]
    );
    let pdf = &parsed.attachments[1];
    let bytes = &raw[pdf.raw_range.start as usize..pdf.raw_range.end as usize];
    assert_eq!(raw_attachment(bytes, pdf.encoding).as_ref(), b"\x00\xff%PDF");
}

#[test]
fn long_quotes_are_trimmed_and_the_mail_stays_small() {
    let mut mail = outgoing();
    let long = (0..20_000).map(|n| format!("regel {n} ééé")).collect::<Vec<_>>().join("\n");
    if let Some(quoted) = &mut mail.quoted {
        quoted.html = Some(format!("<p>{}</p>", long.replace('\n', "<br>")));
        quoted.text = long;
    }
    let (raw, parsed) = read_back(&mail);
    assert!(raw.len() < 100_000, "{} bytes", raw.len());
    assert!(parsed.quoted_text.contains("regel 0 ééé") && parsed.quoted_text.contains("[…]"));
    assert!(parsed.reply_text.starts_with("Beste Zoë"));
}

#[test]
fn references_keep_the_first_and_the_last() {
    let mut mail = outgoing();
    mail.references = (0..200).map(|n| format!("{n}@example.org")).collect();
    mail.in_reply_to = Some("199@example.org".to_owned());
    let (raw, parsed) = read_back(&mail);
    check_wire(&raw);
    assert_eq!(parsed.references.first().unwrap(), "0@example.org");
    assert_eq!(parsed.references.last().unwrap(), "199@example.org");
    assert_eq!(parsed.references.len(), 30);
}

#[test]
fn automatic_mail_says_so() {
    let mut mail = outgoing();
    mail.auto_submitted = Some(AutoSubmitted::Replied);
    let (_, parsed) = read_back(&mail);
    assert_eq!(parsed.auto.reason, Some("auto_submitted"));
    assert_eq!(compose(&mail), compose(&mail), "a retry sends the same bytes");
}

#[test]
fn each_language_writes_its_own_line() {
    for (language, line) in [
        (Language::En, "On 3 February 2025 at 09:30, Zoë Müller <zoe@example.org> wrote:"),
        (Language::Nl, "Op 3 februari 2025 om 09:30 schreef Zoë Müller <zoe@example.org>:"),
        (Language::De, "Am 3. Februar 2025 um 09:30 schrieb Zoë Müller <zoe@example.org>:"),
    ] {
        let mut mail = outgoing();
        mail.language = language;
        let (_, parsed) = read_back(&mail);
        assert!(parsed.quoted_text.contains(line), "{}", parsed.quoted_text);
        assert!(!parsed.reply_text.contains("Zoë Müller"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn headers_and_text_come_back(
        subject in "[^\\p{C}\\p{Z}]{1,40}( [^\\p{C}\\p{Z}]{1,120}){0,5}",
        name in "[^\\p{C}\\p{Z}\"'<>=?]{1,20}( [^\\p{C}\\p{Z}\"'<>=?]{1,30}){0,3}",
        file_name in "[^\\p{C}\\p{Z}/\\\\<>:\"|?*.']{1,40}\\.[a-z]{3}",
        text in "([^\\p{C}\\p{Z}>|-]{1,12} ?){1,60}",
    ) {
        let mut mail = outgoing();
        mail.subject.clone_from(&subject);
        mail.from.name = Some(name.clone());
        mail.text.clone_from(&text);
        mail.quoted = None;
        mail.signature = None;
        mail.attachments.push(file(&file_name, "application/pdf", b"x"));
        let raw = compose(&mail).unwrap();
        check_wire(&raw);
        let parsed = parse(&raw, &Limits::default()).unwrap();
        prop_assert_eq!(&parsed.subject, &subject);
        prop_assert_eq!(parsed.from[0].name.as_deref(), Some(name.as_str()));
        prop_assert_eq!(&parsed.attachments[0].name, &file_name);
        prop_assert_eq!(parsed.text.trim(), text.trim());
    }

    #[test]
    fn nothing_can_break_out_of_a_header(evil in "\\PC{0,20}(\r\n|\n|\r|\0)?[ -~]{0,40}") {
        let mut mail = outgoing();
        mail.subject.clone_from(&evil);
        mail.from.name = Some(evil.clone());
        mail.attachments.push(file(&evil, &evil, b"x"));
        match compose(&mail) {
            Err(error) => {
                let refused = matches!(error, ComposeError::UnsafeHeader { .. });
                prop_assert!(refused);
            }
            Ok(raw) => {
                check_wire(&raw);
                let parsed = parse(&raw, &Limits::default()).unwrap();
                prop_assert!(parsed.bcc.is_empty());
                prop_assert_eq!(parsed.to.len(), 1);
            }
        }
    }
}
