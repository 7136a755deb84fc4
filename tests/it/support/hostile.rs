//! Mail that was made to hurt. The bench measures with the same.

/// Each with a word for it.
pub(crate) fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let with = |headers: &str, body: &str| {
        format!("From: Boef <boef@elders.test>\r\nSubject: Gemeen\r\n{headers}\r\n{body}\r\n")
            .into_bytes()
    };
    let html = "Content-Type: text/html\r\n";
    let words = "=?utf-8?q?a?= ".repeat(200_000);
    let mut literal = with("Content-Type: application/octet-stream\r\n", "");
    literal.extend(
        b"0123456789012345678901234567890123456789012345678901234567890123456789012\r\n"
            .repeat(25 * 14_000),
    );
    let mut nested = b"From: boef@elders.test\r\nSubject: Diep\r\n".to_vec();
    nested.extend(b"Content-Type: message/rfc822\r\n\r\n".repeat(30_000));
    let charset =
        "Content-Type: text/plain; charset=x-bestaat-niet\r\nContent-Transfer-Encoding: 8bit\r\n";
    vec![
        ("30,000 nested message/rfc822", nested),
        ("50,000 nested <div>", with(html, &"<div>".repeat(50_000))),
        (
            "2 × 200,000 encoded words",
            with(&format!("X-Words: {words}\r\nTo: {words}\r\n"), "woorden"),
        ),
        ("no From", b"Subject: Zonder afzender\r\n\r\nWie?\r\n".to_vec()),
        (
            "two Froms",
            b"From: een@elders.test\r\nFrom: twee@elders.test\r\nSubject: Twee afzenders\r\n\r\nWij\r\n"
                .to_vec(),
        ),
        ("a literal of 25 MB", literal),
        ("NULs", with("", "een \0 en \0\0 nog een")),
        ("a bare CR", b"From: cr@elders.test\rSubject: Kale CR\r\n\r\nregel\rregel\r\n".to_vec()),
        ("a charset that does not exist", with(charset, "caf\u{e9} \u{fffd}")),
        ("nothing", Vec::from(&b"\r\n"[..])),
    ]
}
