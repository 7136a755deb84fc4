//! What Loket understands of a mail, as JSON, for `loket mail inspect`.

use serde_json::{Value, json};

use super::model::{Address, Bounce, ParsedMail};
use super::{Limits, parse};

/// One JSON object: the mail's parts by name, or `{file, error}` when it is refused.
#[must_use]
pub fn inspect(file: &str, raw: &[u8], limits: &Limits) -> Value {
    match parse(raw, limits) {
        Ok(mail) => describe(file, &mail),
        Err(refused) => json!({ "file": file, "error": refused.to_string() }),
    }
}

fn describe(file: &str, mail: &ParsedMail) -> Value {
    let attachments: Vec<Value> = mail
        .attachments
        .iter()
        .map(|a| {
            json!({
                "name": a.name,
                "content_type": a.content_type,
                "size": a.size,
                "inline": a.inline,
                "content_id": a.content_id,
            })
        })
        .collect();
    json!({
        "file": file,
        "message_id": mail.message_id,
        "from": addresses(&mail.from),
        "to": addresses(&mail.to),
        "cc": addresses(&mail.cc),
        "reply_to": addresses(&mail.reply_to),
        "subject": mail.subject,
        "date": mail.date.map(|d| d.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "text": mail.text,
        "html": mail.html,
        "reply_text": mail.reply_text,
        "attachments": attachments,
        "auto": { "is_auto": mail.auto.is_auto, "reason": mail.auto.reason },
        "bounce": mail.bounce.as_ref().map(bounce),
        "defects": mail.defects,
    })
}

fn addresses(list: &[Address]) -> Vec<Value> {
    list.iter().map(|a| json!({ "name": a.name, "address": a.address })).collect()
}

fn bounce(bounce: &Bounce) -> Value {
    let recipients: Vec<Value> = bounce
        .recipients
        .iter()
        .map(|r| {
            json!({
                "address": r.address,
                "status": r.status,
                "action": r.action,
                "diagnostic": r.diagnostic,
            })
        })
        .collect();
    json!({ "recipients": recipients, "original_message_id": bounce.original_message_id })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().expect("an object").keys().map(String::as_str).collect()
    }

    /// Other programs read these: a key that is missing or new breaks them.
    #[test]
    fn the_keys_are_a_contract() {
        let raw = b"From: Jo <jo@example.org>\r\nSubject: x\r\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
            --b\r\n\r\ntext\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
            Final-Recipient: rfc822; a@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\
            --b\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n--b--\r\n";
        let value = inspect("a.eml", raw, &Limits::default());
        let mut all = keys(&value);
        all.sort_unstable();
        let mut expected = vec![
            "file",
            "message_id",
            "from",
            "to",
            "cc",
            "reply_to",
            "subject",
            "date",
            "in_reply_to",
            "references",
            "text",
            "html",
            "reply_text",
            "attachments",
            "auto",
            "bounce",
            "defects",
        ];
        expected.sort_unstable();
        assert_eq!(all, expected);
        let of = |pointer: &str| {
            let mut keys = keys(value.pointer(pointer).expect("is there"));
            keys.sort_unstable();
            keys
        };
        assert_eq!(of("/from/0"), ["address", "name"]);
        assert_eq!(of("/attachments/0"), ["content_id", "content_type", "inline", "name", "size"]);
        assert_eq!(of("/auto"), ["is_auto", "reason"]);
        assert_eq!(of("/bounce"), ["original_message_id", "recipients"]);
        assert_eq!(of("/bounce/recipients/0"), ["action", "address", "diagnostic", "status"]);
        let plain = inspect("b.eml", b"From: a@example.org\r\n\r\nx", &Limits::default());
        for key in ["message_id", "date", "html", "bounce"] {
            assert!(plain[key].is_null(), "{key}");
        }
        assert_eq!(keys(&inspect("c.eml", b"", &Limits::default())), ["error", "file"]);
    }
}
