//! Does a mail without a machine-readable report look like a delivery report?

use super::phrases;
use crate::mail::mime::{Kind, Part, Tree};
use crate::mail::model::ParsedMail;

/// What a mail looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    /// A failed delivery.
    Failure,
    /// A delivery that is still tried.
    Delay,
    /// No report.
    Other,
}

/// Sender, subject and text speak for a report together.
pub(super) fn looks(tree: &Tree<'_>, mail: &ParsedMail, text: &str) -> Looks {
    let Some(root) = tree.parts.first() else { return Looks::Other };
    if root.header.has("X-Failed-Recipients") {
        return Looks::Failure;
    }
    let lower: String = text.chars().take(20_000).collect::<String>().to_lowercase();
    let subject = mail.subject.to_lowercase();
    let failure = phrases::FAILURE.iter().any(|p| lower.contains(p));
    let delayed = ["delay", "warning:", "deferred", "retry"].iter().any(|w| subject.contains(w));
    let delay = delayed || phrases::DELAY.iter().any(|p| lower.contains(p));
    let report = root.content_type.value == "multipart/report";
    let sender = is_daemon(mail);
    if delay && !is_final(&lower) && !failed_for_good(&lower) {
        let told = delayed || SUBJECTS.iter().any(|s| subject.contains(s));
        let is_told = sender && told && !vacation(&subject);
        return if is_told { Looks::Delay } else { Looks::Other };
    }
    let by_subject = SUBJECTS.iter().any(|s| subject.contains(s));
    let null_path = has_null_path(root);
    let signs =
        u8::from(sender) * 2 + u8::from(by_subject) * 2 + u8::from(null_path) + u8::from(report);
    // A person who asks about a bounce quotes one, but answers to something, or hands it on.
    let is_answer =
        !mail.in_reply_to.is_empty() && !sender && crate::mail::subject::is_reply(&mail.subject);
    let is_forward = !sender && !null_path && crate::mail::subject::is_forward(&mail.subject);
    if is_answer || is_forward || vacation(&subject) {
        return Looks::Other;
    }
    let codes = phrases::enhanced_code(&lower).is_some_and(|c| !c.starts_with('2'))
        || phrases::reply_code(&lower).is_some();
    let returned = has_returned(tree);
    let failed = (returned && failure && (null_path || by_subject))
        || (returned && sender && signs >= 2)
        || (signs >= 2 && failure)
        || (signs >= 2 && codes)
        || (signs >= 4);
    if failed { Looks::Failure } else { Looks::Other }
}

/// Signs that only a mail server leaves on a report. An out-of-office note has the null return
/// path too, so that alone is none.
pub(super) fn has_machine_signs(tree: &Tree<'_>, mail: &ParsedMail) -> bool {
    let Some(root) = tree.parts.first() else { return false };
    let is_mailer_daemon = mail.from.iter().any(|a| {
        let local = a.address.split('@').next().unwrap_or_default().to_lowercase();
        matches!(local.as_str(), "mailer-daemon" | "mailerdaemon" | "mail-daemon")
    });
    root.header.has("X-Failed-Recipients")
        || root.content_type.get("report-type").is_some_and(|kind| kind == "delivery-status")
        || is_mailer_daemon
        || (has_null_path(root) && (is_daemon(mail) || has_returned(tree)))
}

/// The mail that came back is in it.
fn has_returned(tree: &Tree<'_>) -> bool {
    tree.parts.iter().any(|p| {
        p.level == 0
            && (p.kind == Kind::Message
                || crate::mail::mime::tree::is_message(&p.content_type.value))
    })
}

fn has_null_path(root: &Part<'_>) -> bool {
    root.header
        .first("Return-Path")
        .is_some_and(|f| f.unfolded().iter().filter(|b| !b.is_ascii_whitespace()).eq(b"<>"))
}

/// A warning in the subject, but the text says 5xx or that nobody is there.
fn failed_for_good(lower: &str) -> bool {
    let waiting = phrases::DELAY.iter().any(|p| lower.contains(p));
    let permanent = phrases::enhanced_code(lower).is_some_and(|c| c.starts_with('5'))
        || phrases::reply_code(lower).is_some_and(|c| c >= 500)
        || ["user unknown", "no such user", "unknown user", "host unknown", "envelope expired"]
            .iter()
            .any(|w| lower.contains(w));
    !waiting && permanent
}

fn is_final(lower: &str) -> bool {
    [
        "giving up",
        "permanent fatal errors",
        "permanent error",
        "i've given up",
        "gave up",
        "will not be retried",
        "delivery failed",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

fn vacation(subject: &str) -> bool {
    [
        "out of office",
        "automatic reply",
        "autoreply",
        "auto-reply",
        "vacation",
        "abwesen",
        "afwezig",
    ]
    .iter()
    .any(|w| subject.contains(w))
}

fn is_daemon(mail: &ParsedMail) -> bool {
    mail.from.iter().any(|a| {
        let local = a.address.split('@').next().unwrap_or_default().to_lowercase();
        let name = a.name.as_deref().unwrap_or_default().to_lowercase();
        [
            "mailer-daemon",
            "mailerdaemon",
            "mailer_daemon",
            "postmaster",
            "mail-daemon",
            "mmdf",
            "mailer",
            "bounce",
            "bounces",
            "mdaemon",
            "delivery",
            "administrator",
        ]
        .iter()
        .any(|w| local.contains(w))
            || [
                "mail delivery",
                "mailer-daemon",
                "mailer daemon",
                "delivery subsystem",
                "delivery system",
                "postmaster",
                "mail administrator",
                "system administrator",
            ]
            .iter()
            .any(|w| name.contains(w))
    }) || mail.from.is_empty()
}

const SUBJECTS: &[&str] = &[
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "mail delivery",
    "returned mail",
    "failure notice",
    "delivery notification",
    "delivery report",
    "non delivery",
    "non-delivery",
    "nondeliver",
    "message status - undeliverable",
    "mail system error",
    "could not be delivered",
    "message not delivered",
    "not delivered",
    "failed mail",
    "mail failure",
    "mail error",
    "bounce",
    "returned to sender",
    "returning to sender",
    "automatically rejected",
    "return to sender",
    "error in delivery",
    "nicht zugestellt",
    "unzustellbar",
    "niet bezorgd",
    "onbestelbaar",
    "non remis",
    "non remise",
    "échec de la remise",
    "no entregado",
    "mancata consegna",
    "não entregue",
    "user unknown",
    "unknown user",
    "rejected",
    "unable to deliver",
    "delivery problem",
    "delivery error",
    "エラー",
    "配信",
    "failure delivery",
    "mail not delivered",
    "message delivery",
    "error de entrega",
    "auto-reply: delivery",
    "problem delivering",
];
