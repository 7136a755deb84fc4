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
