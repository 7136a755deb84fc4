//! Mails that carry a word wherever a mail can carry one.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::WORD;

/// Everything that is kept of a well-made mail.
pub(super) fn full(mailbox: &str) -> Vec<u8> {
    let file = BASE64_STANDARD.encode(format!("{WORD} in een bestand").repeat(3));
    format!(
        "From: \"Zeekanarie Jansen\" <{WORD}@klant.example>\r\n\
        To: \"Hulp bij {WORD}\" <{mailbox}>\r\n\
        Cc: Neef <neef.{WORD}@klant.example>\r\n\
        Reply-To: <antwoord.{WORD}@klant.example>\r\n\
        Subject: Mijn {WORD} zingt niet =?utf-8?B?ZWVuIHplZWthbmFyaWU=?=\r\n\
        Message-ID: <{WORD}.1@klant.example>\r\n\
        In-Reply-To: <{WORD}.0@klant.example>\r\n\
        References: <{WORD}.9@klant.example> <{WORD}.0@klant.example>\r\n\
        Date: Mon, 2 Mar 2026 08:30:00 +0000\r\n\
        X-Zeekanarie: {WORD}\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"{WORD}-1\"\r\n\r\n\
        --{WORD}-1\r\nContent-Type: multipart/alternative; boundary=\"{WORD}-2\"\r\n\r\n\
        --{WORD}-2\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
        Mijn {WORD} zingt niet meer.\r\n\r\n\
        Op zo 1 mrt 2026 om 10:00 schreef Hulp <{mailbox}>:\r\n> Hoe is het met de {WORD}?\r\n\
        --{WORD}-2\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <p class=\"{WORD}\">Mijn <b>{WORD}</b> zingt niet meer.</p>\
        <img src=\"https://{WORD}.example/x.png\" alt=\"{WORD}\">\
        <blockquote type=\"cite\">Hoe is het met de {WORD}?</blockquote>\r\n\
        --{WORD}-2--\r\n\
        --{WORD}-1\r\nContent-Type: application/x-{WORD}; name=\"{WORD}.txt\"\r\n\
        Content-Disposition: attachment; filename=\"{WORD}.txt\"\r\n\
        Content-ID: <{WORD}@klant.example>\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n{file}\r\n--{WORD}-1--\r\n"
    )
    .into_bytes()
}

/// So large that it goes to the object store, and packs badly: its words lie bare in frames.
pub(super) fn large(mailbox: &str, noise: &[u8]) -> Vec<u8> {
    let noise = BASE64_STANDARD.encode(noise);
    let mut mail = format!(
        "From: <groot.{WORD}@klant.example>\r\nTo: <{mailbox}>\r\nSubject: Grote {WORD}\r\n\
        Message-ID: <{WORD}.2@klant.example>\r\nDate: Mon, 2 Mar 2026 08:31:00 +0000\r\n\
        Content-Type: text/plain\r\n\r\n"
    );
    for line in noise.as_bytes().chunks(60) {
        mail.extend([&String::from_utf8_lossy(line), " ", WORD, "\r\n"]);
    }
    mail.into_bytes()
}

/// Wrong in as many ways as still make a message.
pub(super) fn broken(mailbox: &str) -> Vec<u8> {
    format!(
        "From: {WORD} <<>> =?x-{WORD}?Q?{WORD}?= {WORD}@\r\nFrom: Tweede <tweede.{WORD}@klant.example>\r\n\
        To: {mailbox}, {WORD}:;\r\nSubject: =?{WORD}?B?{WORD}\r\nDate: {WORD}\r\n\
        Message-ID: {WORD} zonder haken\r\nReferences: {WORD} <{WORD}\r\n{WORD} is geen veld\r\n\
        Content-Type: multipart/mixed; boundary={WORD}; charset={WORD}\r\n\r\n--{WORD}\r\n\
        Content-Type: text/html; charset=x-{WORD}\r\nContent-Transfer-Encoding: x-{WORD}\r\n\r\n\
        <table><{WORD}><p onclick={WORD}()>{WORD}</table><style>@import '{WORD}';.{WORD}{{color:{WORD}}}"
    )
    .into_bytes()
}

/// What another server says of an answer that it could not hand over.
pub(super) fn bounce(mailbox: &str) -> Vec<u8> {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: <{mailbox}>\r\nSubject: Undelivered: {WORD}\r\n\
        Auto-Submitted: auto-replied\r\nMessage-ID: <{WORD}.3@mx.example>\r\n\
        Date: Mon, 2 Mar 2026 08:32:00 +0000\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\n{WORD}@klant.example is unknown here.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {WORD}@klant.example\r\n\
        Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 {WORD}: no such user\r\n\
        --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{WORD}.1@klant.example>\r\n\
        --b--\r\n"
    )
    .into_bytes()
}

/// The same of an answer that was sent, by its Message-ID.
pub(super) fn returned(mailbox: &str, original: &str, recipient: &str) -> Vec<u8> {
    let text = String::from_utf8(bounce(mailbox)).unwrap();
    text.replace(&format!("{WORD}.1@klant.example"), original)
        .replace(&format!("{WORD}.3@mx.example"), &format!("{WORD}.4@mx.example"))
        .replace(&format!("rfc822; {WORD}@klant.example"), &format!("rfc822; {recipient}"))
        .into_bytes()
}

/// More fields than any mail has: it is quarantined.
pub(super) fn refused(mailbox: &str) -> Vec<u8> {
    let fields = format!("X-Zeekanarie: {WORD}\r\n").repeat(10_001);
    format!("From: <{WORD}@klant.example>\r\nTo: <{mailbox}>\r\n{fields}\r\n{WORD}\r\n")
        .into_bytes()
}
