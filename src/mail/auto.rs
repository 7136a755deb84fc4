//! Mail that a machine sent by itself (RFC 3834, and the older signs). Such mail never gets an
//! automatic answer and never reopens a ticket.

use super::mime::Block;
use super::model::{Auto, ParsedMail};

/// Judges by the headers; the first sign that is found is the reason.
#[must_use]
pub fn judge(header: &Block<'_>, mail: &ParsedMail) -> Auto {
    let subject = mail.subject.to_lowercase();
    let by_subject = SUBJECTS.iter().any(|s| subject.starts_with(s));
    let by_header = reason(header, mail);
    let is_reply = match by_header {
        Some("autoresponder") => true,
        Some("report") => is_receipt(header),
        Some(_) => by_subject || answers_by_itself(header),
        None => false,
    };
    let reason = by_header.or(by_subject.then_some("subject"));
    Auto { is_auto: reason.is_some(), reason, is_reply }
}

/// RFC 3834 §5.1, and what was there before it.
fn answers_by_itself(header: &Block<'_>) -> bool {
    [("Auto-Submitted", "auto-replied"), ("Precedence", "auto"), ("X-Precedence", "auto")]
        .iter()
        .any(|(name, word)| {
            header.text(name).is_some_and(|value| value.to_lowercase().starts_with(word))
        })
}

/// A read receipt (RFC 8098).
fn is_receipt(header: &Block<'_>) -> bool {
    header
        .text("Content-Type")
        .is_some_and(|value| value.to_lowercase().contains("disposition-notification"))
}

fn reason(header: &Block<'_>, mail: &ParsedMail) -> Option<&'static str> {
    let lower = |name: &str| header.text(name).map(|t| t.to_lowercase());
    let starts = |name: &str, words: &[&str]| {
        lower(name).is_some_and(|value| words.iter().any(|w| value.starts_with(w)))
    };
    if lower("Auto-Submitted").is_some_and(|v| !v.starts_with("no")) {
        return Some("auto_submitted");
    }
    let report = header.text("Content-Type").unwrap_or_default().to_lowercase();
    if report.starts_with("multipart/report") {
        return Some("report");
    }
    if ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From", "X-Mail-Autoreply"]
        .iter()
        .any(|name| header.has(name) && !starts(name, &["no", "false"]))
        || starts("X-Auto-Submitted", &["auto"])
        || starts("X-POST-MessageClass", &["9; autoresponder"])
        || starts("Delivered-To", &["autoresponder"])
        || header.has("X-FC-MachineGenerated")
    {
        return Some("autoresponder");
    }
    if starts("X-Auto-Response-Suppress", &["all", "oof", "autoreply", "dr, ", "rn, nrn, oof"]) {
        return Some("auto_response_suppress");
    }
    if starts("Precedence", &["auto_reply", "auto-reply", "bulk", "junk", "list"])
        || starts("X-Precedence", &["auto_reply", "auto-reply", "bulk", "junk", "list"])
    {
        return Some("precedence");
    }
    if header.has("List-Id") || header.has("List-Unsubscribe") || header.has("List-Post") {
        return Some("list");
    }
    if header
        .first("Return-Path")
        .is_some_and(|f| f.unfolded().iter().filter(|b| !b.is_ascii_whitespace()).eq(b"<>"))
    {
        return Some("null_return_path");
    }
    if header.has("X-Loop") || header.has("X-Loket-Loop") {
        return Some("loop");
    }
    if header.has("Feedback-ID") || header.has("X-Failed-Recipients") {
        return Some("bulk");
    }
    mail.from.first().is_some_and(|a| is_machine(&a.address)).then_some("sender")
}

/// Whether a filter on the way says so: `SpamAssassin`, rspamd, and Exchange (a spam confidence level
/// of 5 and more). Anybody can write these fields; nothing but an automatic answer depends on them.
#[must_use]
pub fn marked_spam(header: &Block<'_>) -> bool {
    let lower = |name: &str| header.text(name).unwrap_or_default().trim().to_lowercase();
    let level = |text: &str| text.trim().parse::<i32>().is_ok_and(|level| level >= 5);
    let exchange = lower("X-Forefront-Antispam-Report");
    ["X-Spam-Flag", "X-Spam-Status", "X-Spam"].iter().any(|name| lower(name).starts_with("yes"))
        || level(&lower("X-MS-Exchange-Organization-SCL"))
        || exchange.split(';').any(|part| part.trim().strip_prefix("scl:").is_some_and(level))
}

/// How out-of-office answers begin where no header tells.
const SUBJECTS: [&str; 16] = [
    "automatic reply:",
    "auto:",
    "autoreply:",
    "auto-reply:",
    "out of office:",
    "out of office reply",
    "automatisch antwoord:",
    "afwezigheidsbericht",
    "automatische antwort:",
    "abwesenheitsnotiz",
    "réponse automatique",
    "respuesta automática",
    "risposta automatica",
    "resposta automática",
    "autosvar:",
    "automatisch bericht",
];

fn is_machine(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    matches!(local.as_str(), "mailer-daemon" | "mailerdaemon" | "postmaster" | "mail-daemon")
}
