//! What servers say when mail does not arrive, and the codes that stand for it (RFC 3463).

use std::sync::LazyLock;

use regex::Regex;

static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:$|[^\d.]|\.(?:\s|$))").ok()
});
static REPLY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s(<#:\[=>])([45]\d\d)(?:[\s:\-]|$)").ok());

/// The first enhanced status code in a text.
pub(super) fn enhanced_code(text: &str) -> Option<String> {
    let found = CODE.as_ref()?.captures(text)?;
    found.get(1).map(|m| m.as_str().to_owned())
}

/// The code that says most: the last one that names a cause, or else the first.
pub(super) fn telling_code(text: &str) -> Option<String> {
    let codes: Vec<&str> =
        CODE.as_ref()?.captures_iter(text).filter_map(|c| c.get(1)).map(|m| m.as_str()).collect();
    let vague = |code: &&&str| code.ends_with(".0.0") || code.ends_with(".1.0");
    let best = codes.iter().rev().find(|c| !vague(c) && !c.starts_with('2')).or(codes.first())?;
    Some((*best).to_owned())
}

/// The first SMTP reply code of failure.
pub(super) fn reply_code(text: &str) -> Option<u16> {
    REPLY.as_ref()?.captures(text)?.get(1)?.as_str().parse().ok()
}

/// Words (lower case) and the status that they mean; the first that is found counts.
const MEANINGS: &[(&str, &str)] = &[
    ("mailbox full", "5.2.2"),
    ("mailbox is full", "5.2.2"),
    ("over quota", "5.2.2"),
    ("quota exceeded", "5.2.2"),
    ("exceeded storage", "5.2.2"),
    ("exceeds allowed message count", "5.2.2"),
    ("mailbox exceeds", "5.2.2"),
    ("not enough space", "5.2.2"),
    ("not enough storage", "5.2.2"),
    ("disk quota", "5.2.2"),
    ("user unknown", "5.1.1"),
    ("unknown user", "5.1.1"),
    ("no such user", "5.1.1"),
    ("no mailbox", "5.1.1"),
    ("no such recipient", "5.1.1"),
    ("no such mailbox", "5.1.1"),
    ("does not exist", "5.1.1"),
    ("doesn't exist", "5.1.1"),
    ("unknown recipient", "5.1.1"),
    ("recipient unknown", "5.1.1"),
    ("unknown address", "5.1.1"),
    ("unknown local part", "5.1.1"),
    ("not listed in", "5.1.1"),
    ("invalid recipient", "5.1.1"),
    ("recipient rejected", "5.1.1"),
    ("mailbox unavailable", "5.1.1"),
    ("mailbox not found", "5.1.1"),
    ("unrouteable address", "5.1.1"),
    ("addressee unknown", "5.1.1"),
    ("account has been disabled", "5.2.1"),
    ("account disabled", "5.2.1"),
    ("mailbox disabled", "5.2.1"),
    ("inactive", "5.2.1"),
    ("suspended", "5.2.1"),
    ("host unknown", "5.1.2"),
    ("unknown host", "5.1.2"),
    ("host not found", "5.1.2"),
    ("domain not found", "5.1.2"),
    ("name or service not known", "5.1.2"),
    ("couldn't find any host", "5.1.2"),
    ("nxdomain", "5.1.2"),
    ("has no mail exchanger", "5.1.2"),
    ("message size", "5.3.4"),
    ("too large", "5.3.4"),
    ("too big", "5.3.4"),
    ("connection timed out", "4.4.1"),
    ("connection refused", "4.4.1"),
    ("no route to host", "4.4.1"),
    ("timed out", "4.4.7"),
    ("too many hops", "5.4.6"),
    ("mail loop", "5.4.6"),
    ("mail forwarding loop", "5.4.6"),
    ("relay", "5.7.1"),
    ("spam", "5.7.1"),
    ("blocked", "5.7.1"),
    ("denied", "5.7.1"),
    ("virus", "5.7.1"),
];

/// The status that a server's words stand for, if they are known.
pub(super) fn status_of(words: &str) -> Option<String> {
    if let Some(code) = enhanced_code(words) {
        return Some(code);
    }
    let lower = words.to_lowercase();
    let reply = reply_code(words);
    let meaning = MEANINGS.iter().find(|(phrase, _)| lower.contains(phrase)).map(|(_, code)| *code);
    match (meaning, reply) {
        // What the server said is temporary stays temporary.
        (Some(code), Some(reply)) => {
            let class = if reply < 500 { "4" } else { "5" };
            Some(format!("{class}{}", code.get(1..).unwrap_or_default()))
        }
        (Some(code), None) => Some(code.to_owned()),
        (None, Some(reply)) => Some(if reply < 500 { "4.0.0" } else { "5.0.0" }.to_owned()),
        (None, None) => None,
    }
}

/// Words in the text of a report on a failure (lower case).
pub(super) const FAILURE: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "couldn’t be delivered",
    "can't be delivered",
    "cannot be delivered",
    "can not be delivered",
    "was not delivered",
    "wasn't delivered",
    "wasn’t delivered",
    "not be delivered",
    "undeliverable",
    "undelivered",
    "unable to deliver",
    "delivery failed",
    "delivery to the following",
    "delivery failure",
    "delivery has failed",
    "failed to deliver",
    "failed permanently",
    "permanent error",
    "permanent fatal error",
    "fatal error",
    "returned mail",
    "returned to sender",
    "mail is being returned",
    "message is being returned",
    "did not reach the following",
    "could not deliver",
    "couldn't deliver",
    "cannot deliver",
    "can't deliver",
    "user unknown",
    "unknown user",
    "no such user",
    "host unknown",
    "recipient rejected",
    "mailbox unavailable",
    "mailbox full",
    "mailbox is full",
    "mailbox exceeds",
    "over quota",
    "unrouteable address",
    "not our customer",
    "does not exist",
    "following addresses had",
    "following recipients",
    "following recipient",
    "following address",
    "failed recipient",
    "failed recipients",
    "message has been rejected",
    "message was rejected",
    "mail transaction failed",
    "rejected your message",
    "transcript of session follows",
    "no longer valid",
    "address is invalid",
    "not accepting mail",
    "is not a valid",
    "undeliverable",
    "kon niet worden bezorgd",
    "niet worden afgeleverd",
    "konnte nicht zugestellt",
    "nicht zugestellt werden",
    "unzustellbar",
    "n'a pas pu être remis",
    "n'a pas pu être délivré",
    "no se pudo entregar",
    "no se ha podido entregar",
    "non è stato possibile",
    "não pôde ser entregue",
    "配信できません",
    "配信不能",
    "送信できません",
    "エラーが発生",
    "delivery error",
    "delivery incomplete",
    "message could not be sent",
    "unable to send",
    "unable to relay",
    "account is disabled",
    "invalid recipient",
    "unknown recipient",
    "not listed in",
    "mail delivery problem",
    "exceeded the maximum",
    "giving up",
    "i'm afraid i wasn't able",
    "could not send",
    "could not be sent",
    "address not found",
    "destination mailbox",
    "error has occurred while attempting to deliver",
    "envelope expired",
    "no valid recipients",
    "failed addresses",
    "unknown host",
    "no user by that name",
    "was automatically rejected",
    "no such address",
    "returning to sender",
    "rejected and discarded",
    "delivery was unsuccessful",
];

/// Words of a report on a delay: the server still tries (lower case).
pub(super) const DELAY: &[&str] = &[
    "will continue to try",
    "will keep trying",
    "will be retried",
    "continue to be retried",
    "still trying",
    "continue trying",
    "this is a warning message only",
    "you do not need to resend",
    "do not need to resend",
    "no action is required on your part",
    "delivery attempts will continue",
    "has not yet been delivered",
    "has not been delivered yet",
    "warning: message still undelivered",
    "temporarily deferred",
    "delivery will be attempted",
    "message is delayed",
    "will be attempted again",
    "not have to resend",
    "need not resend",
    "has been delayed",
    "delivery delayed",
    "retry for up to",
    "transient non-fatal errors",
];
