//! Recipients and reasons out of reports that were written for people.

use std::sync::LazyLock;

use regex::Regex;

use super::{Returned, dsn, phrases};
use crate::mail::mime::Tree;
use crate::mail::model::{BounceRecipient, ParsedMail};
use crate::mail::{address, words};

const MOST_LINES: usize = 2_000;
/// A longer line is looked at in its beginning only.
const LINE: usize = 600;
const MOST_RECIPIENTS: usize = 50;

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take(MOST_LINES).map(|line| {
        let mut end = line.len().min(LINE);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        line.get(..end).unwrap_or_default()
    })
}

static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:"[^"\s<>]{1,64}"|[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]+)@(?:[A-Za-z0-9\-]+\.)*[A-Za-z0-9\-]+"#,
    )
    .ok()
});

/// Fills in what the machine-readable part left out.
pub(super) fn complete(
    recipient: &mut BounceRecipient,
    text: &str,
    mail: &ParsedMail,
    returned: &Returned,
) {
    if !recipient.address.contains('@')
        && let Some(found) = candidates(text, mail).into_iter().next()
    {
        recipient.address = found;
    }
    if recipient.address.is_empty()
        && let Some(to) = returned.to.first()
    {
        recipient.address.clone_from(to);
    }
    // The other server's own code says more than the reporting server's translation of it.
    let told = recipient.diagnostic.as_deref().and_then(phrases::telling_code);
    let vague = |s: &str| s.ends_with(".0.0");
    match (&recipient.status, told) {
        (_, Some(code)) if !vague(&code) && recipient.action == "failed" => {
            recipient.status = Some(code);
        }
        (None, code) => {
            recipient.status =
                code.or_else(|| recipient.diagnostic.as_deref().and_then(phrases::status_of));
        }
        (Some(status), _) if vague(status) && recipient.diagnostic.is_none() => {
            let words = reason(before_returned(text), &recipient.address);
            if let Some(code) = words.as_deref().and_then(phrases::telling_code) {
                recipient.status = Some(code);
            }
            recipient.diagnostic = words;
        }
        _ => {}
    }
}

/// Recipients of a report without a machine-readable part.
pub(super) fn recipients(
    tree: &Tree<'_>,
    mail: &ParsedMail,
    text: &str,
    returned: &Returned,
) -> Vec<BounceRecipient> {
    let head = before_returned(text);
    // Some put the fields into plain text.
    let fields: Vec<BounceRecipient> = if text.contains("inal-Recipient:") {
        let start =
            ["Final-Recipient:", "Original-Recipient:"].iter().filter_map(|f| text.find(f)).min();
        let tail = start.and_then(|s| text.get(s..)).unwrap_or_default();
        dsn::from_fields(tail).into_iter().filter(|r| r.address.contains('@')).collect()
    } else {
        Vec::new()
    };
    if !fields.is_empty() {
        return fields;
    }
    let mut found = failed_header(tree);
    if found.is_empty() {
        found = candidates(head, mail);
    }
    if found.is_empty() {
        found = returned.to.iter().take(1).cloned().collect();
    }
    if found.is_empty() {
        found.push(String::new());
    }
    found
        .into_iter()
        .take(MOST_RECIPIENTS)
        .map(|address| {
            let diagnostic = reason(head, &address);
            let status = diagnostic
                .as_deref()
                .and_then(phrases::status_of)
                .or_else(|| phrases::status_of(head))
                .or_else(|| Some("5.0.0".to_owned()));
            BounceRecipient { address, status, action: "failed".to_owned(), diagnostic }
        })
        .collect()
}

/// Exim tells them in a header.
fn failed_header(tree: &Tree<'_>) -> Vec<String> {
    let Some(field) = tree.parts.first().and_then(|p| p.header.first("X-Failed-Recipients")) else {
        return Vec::new();
    };
    address::parse_list(&field.unfolded(), 200)
        .into_iter()
        .filter(|a| a.address.contains('@'))
        .map(|a| a.address)
        .collect()
}

/// The report without the mail that it returns.
fn before_returned(text: &str) -> &str {
    let mut offset = 0;
    let mut header_lines = 0;
    let mut header_start = 0;
    for line in text.split_inclusive('\n') {
        let lower = line.trim_matches(['-', ' ', '>', '*', '=', '#', '\n', '\r']).to_lowercase();
        let dashed = line.trim_start().starts_with(['-', '=', '*', '#', '>']);
        let marks = (dashed && COPY_DASHED.iter().any(|m| lower.starts_with(m)))
            || COPY.iter().any(|m| lower.starts_with(m));
        if marks && offset > 0 {
            return text.get(..offset).unwrap_or(text);
        }
        let is_header = line.split_once(':').is_some_and(|(name, _)| {
            [
                "received",
                "return-path",
                "message-id",
                "mime-version",
                "x-mailer",
                "content-type",
                "delivered-to",
            ]
            .contains(&name.to_ascii_lowercase().as_str())
        });
        if is_header {
            if header_lines == 0 {
                header_start = offset;
            }
            header_lines += 1;
            if header_lines >= 2 {
                return text.get(..header_start).unwrap_or(text);
            }
        }
        offset += line.len();
    }
    text
}

const COPY_DASHED: &[&str] = &[
    "this is a copy of",
    "below this line is",
    "original message",
    "returned message",
    "unsent message",
    "message header",
    "header of",
    "headers of",
    "start of returned",
    "copy of your message",
    "included is",
    "message text follows",
    "undelivered message",
    "the unsent message",
    "message headers follow",
    "forwarded message",
    "original mail",
    "the header of",
    "failed message",
];
const COPY: &[&str] = &[
    "below this line is a copy",
    "this is a copy of the message",
    "unsent message below",
    "original message follows",
    "message header follows",
    "the original message",
    "your original message",
    "the first lines of your message",
    "message contents follow",
    "received: from",
    "a copy of your original message",
    "start of your message",
    "included below",
];

/// Addresses that the text complains about, best first: those at the head of a line or named
/// as recipients, then any other that is neither the reader nor the reporting system.
fn candidates(text: &str, mail: &ParsedMail) -> Vec<String> {
    let Some(pattern) = ADDRESS.as_ref() else { return Vec::new() };
    let mut scored: Vec<(i32, String)> = Vec::new();
    let mut announced = 0_i32;
    for line in lines(text) {
        let lower = line.to_lowercase();
        let trimmed = line.trim();
        if ANNOUNCE.iter().any(|a| lower.contains(a)) {
            announced = 6;
        } else if !trimmed.is_empty() {
            announced = (announced - 1).max(0);
        }
        for found in pattern.find_iter(line) {
            let address =
                found.as_str().trim_matches(['.', '\'', '-', '=', '*', '/', '|']).to_owned();
            if !usable(&address) {
                continue;
            }
            let address = match address.split_once('=') {
                Some((key, rest)) if key.eq_ignore_ascii_case("smtp") => rest.to_owned(),
                _ => address,
            };
            let before = line.get(..found.start()).unwrap_or_default().trim();
            let after = line.get(found.end()..).unwrap_or_default().trim();
            let mut score = if is_own(&address, mail) { -3 } else { 1 };
            let lone = before
                .trim_matches(['<', '"', '(', '[', '-', '*', '\'', '>', '.', ':', '“'])
                .is_empty();
            if lone {
                score += 3;
                if after.starts_with(['>', ':']) || after.is_empty() || after.starts_with("...") {
                    score += 2;
                }
            }
            if announced > 0 {
                score += 3;
            }
            if NAMED.iter().any(|n| lower.contains(n)) {
                score += 4;
            }
            if phrases::FAILURE.iter().any(|p| lower.contains(p)) {
                score += 2;
            }
            if [
                "from:",
                "mail from",
                "sender",
                "reply-to",
                "message-id",
                "contact",
                "http",
                "postmaster",
            ]
            .iter()
            .any(|n| lower.contains(n))
            {
                score -= 6;
            }
            if before.ends_with("cid:") || before.ends_with('=') {
                score -= 3;
            }
            match scored.iter_mut().find(|(_, a)| a.eq_ignore_ascii_case(&address)) {
                Some((best, _)) => *best = (*best).max(score),
                None => scored.push((score, address)),
            }
            if scored.len() > 200 {
                break;
            }
        }
    }
    let best = scored.iter().map(|(s, _)| *s).max().unwrap_or(0);
    scored.into_iter().filter(|(s, _)| *s >= best - 1 && *s > 0).map(|(_, a)| a).collect()
}

fn usable(address: &str) -> bool {
    let key = address.to_lowercase();
    let Some((local, domain)) = key.split_once('@') else { return false };
    !(matches!(local, "postmaster" | "mailer-daemon" | "mailerdaemon" | "abuse")
        || domain.is_empty()
        || local.is_empty())
}

/// The reader of the report, or its sender.
fn is_own(address: &str, mail: &ParsedMail) -> bool {
    let key = address.to_lowercase();
    mail.to.iter().chain(&mail.from).any(|a| a.key() == key)
}

const ANNOUNCE: &[&str] = &[
    "following address",
    "following recipient",
    "following destination",
    "following user",
    "could not be delivered to",
    "not delivered to",
    "was not delivered",
    "following e-mail address",
    "did not reach",
    "failed to deliver to",
    "following mail",
    "failed addresses",
    "addresses failed",
    "undeliverable to",
    "permanent fatal errors",
    "unable to deliver",
    "could not be reached",
    "failed recipient",
    "could not deliver",
    "cannot be delivered",
];
const NAMED: &[&str] = &[
    "rcpt to",
    "recipient",
    "user unknown",
    "unknown user",
    "no such user",
    "intended for",
    "addressed to",
    "delivery to",
    "message to",
    "mail to",
    "deliver mail to",
    "account",
    "mailbox",
];

/// The server's words about one recipient: the rest of its line and what stands below it.
fn reason(text: &str, address: &str) -> Option<String> {
    if address.is_empty() {
        return None;
    }
    let lower = address.to_lowercase();
    let lines: Vec<&str> = lines(text).collect();
    let mut best: Option<(u8, String)> = None;
    for (at, line) in lines.iter().enumerate() {
        if !line.to_lowercase().contains(&lower) {
            continue;
        }
        let mut words = (*line).to_owned();
        for next in lines.iter().skip(at + 1).take(5) {
            if next.trim().is_empty() {
                break;
            }
            words.push(' ');
            words.push_str(next.trim());
        }
        let score = u8::from(phrases::enhanced_code(&words).is_some()) * 4
            + u8::from(phrases::reply_code(&words).is_some()) * 2
            + u8::from(phrases::status_of(&words).is_some());
        if best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, words));
        }
    }
    let (_, words) = best?;
    let words = words::one_line(&words);
    let short: String = words.chars().take(500).collect();
    (short.len() > address.len() + 2).then_some(short)
}
