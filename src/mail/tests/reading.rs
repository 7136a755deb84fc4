//! Mail as it is met.

use super::read;
use crate::mail::{Address, Limits, address, customer_of, parse, raw_attachment, sanitize};

fn named(name: &str, address: &str) -> Address {
    Address { name: Some(name.to_owned()), address: address.to_owned() }
}

#[test]
fn a_plain_mail() {
    let mail = read(
        "From: Jan Jansen <jan@example.org>\nTo: hulp@fietsen.example\nSubject: Kapotte\n fiets\n\
         Date: Mon, 3 Feb 2025 10:00:00 +0100 (CET)\nMessage-ID: <1@example.org> (added by x)\n\nHallo,\n\nkapot.\n",
    );
    assert_eq!(mail.from, [named("Jan Jansen", "jan@example.org")]);
    assert_eq!(mail.subject, "Kapotte fiets");
    assert_eq!(mail.date.unwrap().to_rfc3339(), "2025-02-03T09:00:00+00:00");
    assert_eq!(mail.message_id.as_deref(), Some("1@example.org"));
    assert_eq!(mail.text, "Hallo,\n\nkapot.\n");
    assert_eq!(mail.snippet, "Hallo, kapot.");
    assert_eq!(mail.html, None);
    assert!(mail.defects.is_empty());
}

#[test]
fn senders_are_odd_and_it_is_told() {
    let none = read("Subject: x\n\ntext");
    assert_eq!(none.defects, ["no_from", "no_message_id", "no_date"]);
    assert!(none.derived_message_id.ends_with("@loket.invalid"));
    assert_eq!(none.derived_message_id, read("Subject: x\n\ntext").derived_message_id);
    assert_ne!(none.derived_message_id, read("Subject: x\n\ntext2").derived_message_id);
    assert!(read("From: a@example.org, b@example.org\n\n").defects.contains(&"two_from"));
    assert!(read("From: a@example.org\nFrom: b@example.org\n\n").defects.contains(&"two_from"));
    assert!(read("From: root\n\n").defects.contains(&"from_without_domain"));
}

#[test]
fn addresses_in_all_their_forms() {
    for (header, expected) in [
        ("\"Doe, John\" <j@example.org>", named("Doe, John", "j@example.org")),
        ("Doe, John <j@example.org>", named("Doe, John", "j@example.org")),
        ("j@example.org (John Doe)", named("John Doe", "j@example.org")),
        (
            "=?utf-8?q?J=C3=BCrgen?= =?utf-8?q?_M?= <j@example.org>",
            named("Jürgen M", "j@example.org"),
        ),
        ("\"=?utf-8?b?SsO8cmdlbg==?=\" <j@example.org>", named("Jürgen", "j@example.org")),
        ("=?utf-8?q?John_=3Cj=40example=2Eorg=3E?=", named("John", "j@example.org")),
        ("John <mailto:j@example.org>", named("John", "j@example.org")),
        ("Team: John <j@example.org>;", named("John", "j@example.org")),
        ("'John' <j@example.org>", named("John", "j@example.org")),
        ("John < j@example.org >", named("John", "j@example.org")),
        ("\"j@example.org\" <j@example.org>", named("j@example.org", "j@example.org")),
        ("John <j(office)@example.org>", named("John", "j@example.org")),
    ] {
        assert_eq!(read(&format!("From: {header}\n\n")).from, [expected], "{header}");
    }
    let mail = read("To: undisclosed-recipients:;\nCc: a@example.org,, b@example.org;\n\n");
    assert!(mail.to.is_empty());
    assert_eq!(mail.cc.len(), 2);
}

#[test]
fn encoded_words_as_they_are_met() {
    for (header, expected) in [
        ("=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c"),
        ("=?utf-8?B?4oKs?==?utf-8?B?4oKs?=", "€€"),
        ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),
        ("=?cp932?B?g2WDWINn?=", "テスト"),
        ("=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト"),
        ("=?iso-8859-15?q?=A4?=", "€"),
        ("=?utf-8*nl?q?fiets?=", "fiets"),
        ("=?nonsense?q?abc?=", "abc"),
        ("50 =? 60", "50 =? 60"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("=?utf-8?q?two words?=", "two words"),
    ] {
        assert_eq!(read(&format!("Subject: {header}\n\n")).subject, expected, "{header}");
    }
}

#[test]
fn charsets_are_valid_utf8_or_declared_or_guessed() {
    let body = |charset: &str, bytes: &[u8]| {
        let mut raw = format!("From: a@example.org\r\nContent-Type: text/plain{charset}\r\n\r\n")
            .into_bytes();
        raw.extend_from_slice(bytes);
        parse(&raw, &Limits::default()).unwrap().text
    };
    assert_eq!(body("; charset=iso-8859-1", "Zoë".as_bytes()), "Zoë", "valid UTF-8 wins");
    assert_eq!(body("; charset=iso-8859-1", b"Zo\xeb"), "Zoë");
    assert_eq!(body("", b"Zo\xeb"), "Zoë");
    assert_eq!(body("; charset=nonsense", b"Zo\xeb"), "Zoë");
    assert_eq!(body("; charset=us-ascii", b"\x80 100"), "€ 100");
    assert_eq!(body("; charset=gb2312", b"\xc1\xaa\xcd\xa8"), "联通", "not UTF-8 by chance");
    assert_eq!(body("; charset=windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2"), "Привет");
    assert_eq!(body("; charset=utf-7", b"Zo+AOs-"), "Zoë");
    assert_eq!(body("", b"\xef\xbb\xbfhi"), "hi");
    assert_eq!(body("; charset=utf-16le", b"h\0i\0"), "hi");
    assert_eq!(body("", b"a\0b"), "ab");
}

#[test]
fn line_ends_of_all_kinds() {
    let old_mac =
        parse(b"From: a@example.org\rSubject: x\r\rone\rtwo", &Limits::default()).unwrap();
    assert_eq!((old_mac.subject.as_str(), old_mac.text.as_str()), ("x", "one\ntwo"));
    let bare =
        parse(b"From: a@example.org\r\nSubject: x\ry\r\n\r\none\rtwo\r\n", &Limits::default())
            .unwrap();
    assert_eq!((bare.subject.as_str(), bare.text.as_str()), ("xy", "one\ntwo\n"));
    let doubled =
        parse(b"Subject: x\r\r\nTo: a@example.org\r\r\n\r\r\nbody", &Limits::default()).unwrap();
    assert_eq!(
        (doubled.subject.as_str(), doubled.to.len(), doubled.text.as_str()),
        ("x", 1, "body")
    );
}

const NESTED: &str = "From: a@example.org\nContent-Type: multipart/mixed; boundary=\"o ut\"\n\npreamble\n--o ut\n\
    Content-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: text/plain\n\nplain\n--in\n\
    Content-Type: multipart/related; boundary=rel\n\n--rel\nContent-Type: text/html\n\n<p>rich <img src=\"cid:i@1\">\n--rel\n\
    Content-Type: image/png; name=i.png\nContent-ID: <i@1>\nContent-Transfer-Encoding: base64\n\niVBORw==\n--rel--\n--in--\n\
    --o ut\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%e2%82%ac.pdf\n\
    Content-Transfer-Encoding: base64\n\nJVBERg==\n--o ut\nContent-Type: text/plain\n\nfooter of a list\n--o ut--\nepilogue";

#[test]
fn text_files_and_images_find_their_places() {
    let mail = read(NESTED);
    assert_eq!(mail.text, "plain\n\nfooter of a list");
    let html = mail.html.unwrap();
    assert!(
        html.contains("rich")
            && html.contains("data-cid=\"i@1\"")
            && html.contains("footer of a list")
    );
    let raw = NESTED.replace('\n', "\r\n");
    let [image, pdf] = mail.attachments.as_slice() else { panic!("{:?}", mail.attachments) };
    assert_eq!(
        (image.name.as_str(), image.inline, image.content_id.as_deref()),
        ("i.png", true, Some("i@1"))
    );
    assert_eq!((pdf.name.as_str(), pdf.inline, pdf.size), ("€.pdf", false, 4));
    let bytes = &raw.as_bytes()[pdf.raw_range.start as usize..pdf.raw_range.end as usize];
    assert_eq!(raw_attachment(bytes, pdf.encoding).as_ref(), b"%PDF");
}

#[test]
fn file_names_are_made_safe() {
    for (given, expected) in [
        ("name=\"a.pdf\"", "a.pdf"),
        ("name=a b.pdf", "a b.pdf"),
        ("name=\"..\\\\..\\\\evil.exe\"", "evil.exe"),
        ("name=\"../../etc/passwd\"", "passwd"),
        ("name=\"=?utf-8?q?=E2=82=AC=2Epdf?=\"", "€.pdf"),
        ("name=\"exe.\u{202e}gpj\"", "exe.gpj"),
        ("name=\"CON.txt\"", "_CON.txt"),
        ("name=\"a\u{1}b?.pdf\"", "ab_.pdf"),
        ("name*0=\"a\"; name*1=\"b.pdf\"", "ab.pdf"),
        ("name*0*=iso-8859-1'de'%DC; name*1*=%DC.pdf", "ÜÜ.pdf"),
        ("name=\"/\"", "attachment-1.pdf"),
        ("name=\"a.pdf. . \"", "a.pdf"),
    ] {
        let mail =
            read(&format!("From: a@example.org\nContent-Type: application/pdf; {given}\n\nx"));
        assert_eq!(mail.attachments[0].name, expected, "{given}");
    }
    let long =
        read(&format!("Content-Type: application/pdf; name=\"{}.pdf\"\n\nx", "é".repeat(300)));
    assert!(
        long.attachments[0].name.len() <= 200
            && long.attachments[0].name.strip_suffix(".pdf").is_some()
    );
}

#[test]
fn broken_multiparts_lose_nothing() {
    let open = read(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/plain\n\ntwo",
    );
    assert_eq!(open.text, "one\n\ntwo");
    assert!(open.defects.contains(&"unclosed_multipart"));
    let none = read("Content-Type: multipart/mixed; boundary=b\n\nonly text");
    assert!(none.text.contains("only text"));
    let unnamed =
        read("Content-Type: multipart/mixed\n\n--frontier\n\none\n--frontier\n\ntwo\n--frontier--");
    assert_eq!(unnamed.text, "one\n\ntwo");
    let prefix =
        read("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none --b\n--bb\ntwo\n--b--");
    assert_eq!(prefix.text, "one --b\n--bb\ntwo");
    let no_blank = read("From: a@example.org\nSubject: x\nThis is the body already\nand more");
    assert!(
        no_blank.text.contains("This is the body already") && no_blank.text.contains("and more")
    );
}

#[test]
fn the_customer_is_the_sender_or_who_is_to_be_answered() {
    let own = ["info@shop.example".to_owned()];
    let found = |headers: &str| customer_of(&read(&format!("{headers}\n\n")), &own);
    let who = |headers: &str| found(headers).map(|(customer, _)| customer.address);
    assert_eq!(
        who("From: a@example.org\nReply-To: b@example.org").as_deref(),
        Some("a@example.org")
    );
    assert_eq!(
        who("From: no-reply@shop.example\nReply-To: b@example.org").as_deref(),
        Some("b@example.org")
    );
    assert_eq!(who("From: noreply@shop.example").as_deref(), Some("noreply@shop.example"));
    assert_eq!(
        who("From: WordPress <wordpress@shop.example>\nReply-To: b@example.org").as_deref(),
        Some("b@example.org")
    );
    assert_eq!(who("Subject: x"), None);
    let form = found("From: Shop <Info@shop.example>\nReply-To: b@example.org").unwrap();
    assert_eq!((form.0.address.as_str(), form.1), ("b@example.org", true));
    assert_eq!(who("From: info@shop.example").as_deref(), Some("info@shop.example"));
}

#[test]
fn a_name_may_show_another_address_than_the_real_one() {
    let shows = |from: &str| address::names_another(&read(&format!("From: {from}\n\n")).from[0]);
    assert!(shows("\"service@bank.example\" <x@evil.example>"));
    assert!(shows("\"Bank (service@bank.example)\" <x@evil.example>"));
    assert!(!shows("\"jan@Example.org\" <jan@example.org>"));
    assert!(!shows("\"jan@example.org\" <jan@mail.example.org>"));
    assert!(!shows("\"Jan @ Fietsen\" <jan@example.org>"));
    assert!(!shows("Jan <jan@example.org>"));
}

#[test]
fn forwards_name_their_sender() {
    let inline = read(
        "From: agent@fietsen.example\nSubject: Fwd: kapot\n\nZie onder.\n\n---------- Forwarded message ---------\n\
        Van: Klant <klant@example.org>\nDate: ma 3 feb 2025\nSubject: kapot\nTo: x@example.org\n\nMijn fiets",
    );
    assert_eq!(inline.forwarded_from, Some(named("Klant", "klant@example.org")));
    assert_eq!(inline.reply_text, "Zie onder.");
    let attached = read(
        "From: agent@fietsen.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nzie\n--b\n\
        Content-Type: message/rfc822\n\nFrom: Klant <klant@example.org>\nSubject: kapot\n\nx\n--b--",
    );
    assert_eq!(attached.forwarded_from.unwrap().address, "klant@example.org");
    assert_eq!(
        read("From: a@example.org\nSubject: Re: x\n\nFrom: klant@example.org\n").forwarded_from,
        None
    );
}

#[test]
fn automatic_mail_is_recognised() {
    for (header, reason) in [
        ("Auto-Submitted: auto-replied", Some("auto_submitted")),
        ("Auto-Submitted: no", None),
        ("Precedence: bulk", Some("precedence")),
        ("List-Id: <x.example.org>", Some("list")),
        ("X-Auto-Response-Suppress: All", Some("auto_response_suppress")),
        ("Return-Path: <>", Some("null_return_path")),
        ("X-Loop: x", Some("loop")),
        ("X-Autoreply: yes", Some("autoresponder")),
        ("Subject: Automatisch antwoord: weg", Some("subject")),
        ("Subject: gewoon", None),
    ] {
        let mail = read(&format!("From: a@example.org\n{header}\n\nx"));
        assert_eq!(mail.auto.reason, reason, "{header}");
    }
}

#[test]
fn what_answers_by_itself_is_told_apart() {
    for (headers, is_reply) in [
        ("Auto-Submitted: auto-replied", true),
        ("X-Autoreply: yes", true),
        ("Precedence: auto_reply", true),
        ("Auto-Submitted: auto-generated\nSubject: Automatisch antwoord: weg", true),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", true),
        ("Auto-Submitted: auto-generated\nSubject: Nieuwe bestelling", false),
        ("Precedence: bulk", false),
        // Without a header somebody may have written it, and waits.
        ("Subject: Out of office: hoe stel ik dat in?", false),
    ] {
        let mail = read(&format!("From: a@example.org\n{headers}\n\nx"));
        assert_eq!(mail.auto.is_reply, is_reply, "{headers}");
    }
}

#[test]
fn html_is_shown_without_its_dangers() {
    let html = "<body style='background:#fff;position:fixed'><p onclick=x() style=\"color:red;background:url(http://t.example)\">\
        Hi<img src=http://t.example/p.gif width=1><img src='cid:a%401'><img src=\"data:image/png;base64,AA\"><img src=data:text/html,x>\
        <a href=\"javascript:x()\">no</a><a href=https://example.org/?a=1&amp;b=2>yes</a><svg><script>x()</script></svg>\
        <style>p{}</style><form action=x><input></form><a href=//evil.example>r</a>";
    let mail = read(&format!("From: a@example.org\nContent-Type: text/html\n\n{html}"));
    let stored = mail.html.unwrap();
    for gone in [
        "onclick",
        "position",
        "url(",
        " src=\"http",
        "javascript",
        "<svg",
        "<script",
        "<style",
        "<form",
        "<input",
        "text/html",
        "//evil",
    ] {
        assert!(!stored.contains(gone), "{gone} in {stored}");
    }
    for kept in [
        "data-remote-src=\"http://t.example/p.gif\"",
        "data-cid=\"a@1\"",
        "src=\"data:image/png;base64,AA\"",
        "color:red",
        "href=\"https://example.org/?a=1&amp;b=2\"",
        "target=\"_blank\"",
        "noopener noreferrer",
    ] {
        assert!(stored.contains(kept), "{kept} not in {stored}");
    }
    assert_eq!(sanitize::remote_images(&stored), ["http://t.example/p.gif"]);
    let shown = sanitize::render(&stored, |image| match image {
        crate::mail::ImageRef::Cid(cid) => Some(format!("/a?cid={cid}&x=\"")),
        crate::mail::ImageRef::Remote(_) => None,
    });
    assert!(shown.contains("src=\"/a?cid=a@1&amp;x=&quot;\""), "{shown}");
    assert!(!shown.contains(" src=\"http"));
}

#[test]
fn a_mail_cannot_choose_its_own_image_addresses() {
    let mail = read(
        "From: a@example.org\nContent-Type: text/html\n\n<img data-cid=x data-remote-src=http://a src=/api/v1/me>word",
    );
    let stored = mail.html.unwrap();
    assert!(!stored.contains("src=") && !stored.contains("data-cid"), "{stored}");
}

#[test]
fn html_becomes_readable_text() {
    let mail = read(
        "Content-Type: text/html\n\n<h1>Titel</h1><p>Een&nbsp;zin &amp; meer<br>regel</p><ul><li>een<li>twee</ul>\
        <table><tr><td>a<td>b</tr></table><script>x</script><blockquote>oud</blockquote>",
    );
    assert_eq!(mail.text, "Titel\n\nEen zin & meer\nregel\n\n- een\n- twee\n\na  b\n\n> oud\n");
}

#[test]
fn replies_are_told_from_quotes() {
    for (text, reply) in [
        ("Ja.\n\nOn Mon, 3 Feb 2025 at 10:00, A B <a@example.org>\nwrote:\n> oud\n", "Ja."),
        ("Ja.\n\nOp ma 3 feb 2025 om 10:00 schreef A B <a@example.org>:\n\n> oud\n", "Ja."),
        ("Ja.\n\nAm 03.02.2025 um 10:00 schrieb A:\n> alt\n", "Ja."),
        ("Ja.\n\nAm 03.02.25 um 10:00 schrieb Fahrradladen Kette:\n> alt\n", "Ja."),
        ("Ja.\n\nOp 03-02-2025 om 10:00 schreef De Ketting:\n> oud\n", "Ja."),
        ("Ja.\n\nLe 3 févr. 2025 à 10:00, A <a@example.org> a écrit :\n> vieux\n", "Ja."),
        ("Ja.\n-- \nAnna", "Ja."),
        ("Ja.\n--  \nAnna", "Ja."),
        (
            "Ja.\n\nVerstuurd vanaf mijn iPhone\n\nOp 3 feb. 2025 om 10:00 heeft A <a@example.org> het volgende geschreven:\n\n> oud",
            "Ja.",
        ),
        (
            "Ja.\n\nVan: A <a@example.org>\nVerzonden: maandag 3 februari 2025\nAan: B\nOnderwerp: x\n\noud",
            "Ja.",
        ),
        (
            "> vraag 1\nantwoord 1\n> vraag 2\nantwoord 2",
            "> vraag 1\nantwoord 1\n> vraag 2\nantwoord 2",
        ),
        ("On 3 Feb 2025, A <a@example.org> wrote:\n> oud\n\nonder", "onder"),
        (
            "I wrote to them on 5 May 2024:\n\nno answer",
            "I wrote to them on 5 May 2024:\n\nno answer",
        ),
        ("Prijs: 10\nVan: Utrecht\ngraag", "Prijs: 10\nVan: Utrecht\ngraag"),
    ] {
        let mail = read(&format!("From: a@example.org\n\n{text}"));
        assert_eq!(mail.reply_text, reply, "{text}");
        let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut parts = words(&mail.reply_text);
        parts.extend(words(&mail.quoted_text));
        parts.sort();
        let mut whole = words(&mail.text);
        whole.sort();
        assert_eq!(parts, whole, "nothing is lost");
    }
}

#[test]
fn outlook_marks_its_quotes_in_html() {
    let mail = read(
        "Content-Type: text/html\n\n<p>Nieuw</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>Irgendwas:</b> x</p></div><p>oud</p>",
    );
    assert_eq!(mail.reply_text, "Nieuw");
    assert!(mail.text.contains("oud") && mail.quoted_text.contains("oud"));
}
