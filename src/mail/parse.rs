//! Reads one mail: see the folder's doc for the order.

use std::borrow::Cow;

use super::html::{sanitize, text};
use super::limits::{Limits, Refused};
use super::mime::{Block, Tree};
use super::model::{Address, ParsedMail};
use super::{address, attachments, auto, body, bounce, date, forward, ids, quote, words};

const MOST_IDS: usize = 1_000;

/// Reads `raw`. Whatever it holds, the answer is a mail (with `defects`) or a clear refusal.
pub fn parse(raw: &[u8], limits: &Limits) -> Result<ParsedMail, Refused> {
    if raw.len() > limits.size {
        return Err(Refused::TooLarge(limits.size));
    }
    if raw.trim_ascii().is_empty() {
        return Err(Refused::Empty);
    }
    let raw = &*with_line_feeds(raw);
    let tree = Tree::read(raw, limits)?;
    let mut mail = ParsedMail { defects: tree.defects.clone(), ..ParsedMail::default() };
    let Some(root) = tree.parts.first() else { return Err(Refused::Empty) };
    let body_bytes = raw.get(root.body.clone()).unwrap_or_default();
    headers(&mut mail, &root.header, body_bytes, limits);
    if memchr::memchr(0, raw).is_some() {
        mail.defects.push("nul");
    }

    let chosen = body::choose(raw, &tree, limits);
    mail.defects.extend(&chosen.defects);
    if let Some(html) = &chosen.html {
        match sanitize::store(html, limits.html_bytes, limits.html_depth) {
            Some((html, flattened)) => {
                mail.html = Some(html).filter(|h| !h.trim().is_empty());
                if flattened {
                    mail.defects.push("html_flattened");
                }
            }
            None => mail.defects.push("html_too_large"),
        }
    }
    mail.attachments = attachments::list(raw, &tree, &chosen);
    mail.auto = auto::judge(&root.header, &mail);
    mail.marked_spam = auto::marked_spam(&root.header);
    let report = bounce::read(raw, &tree, &mail, &chosen.text);
    if let Some(report) = report {
        if report.recipients.iter().any(|r| r.action == "failed") || report.recipients.is_empty() {
            mail.bounce = Some(report);
        } else {
            mail.delivery_notice = Some(report);
        }
        mail.auto.is_auto = true;
        mail.auto.reason = Some("delivery_report");
    }
    mail.forwarded_from = forward::sender(raw, &tree, &chosen.text, &mail.subject, limits);

    let split = quote::split(&chosen.text);
    mail.reply_text = split.reply;
    mail.quoted_text = split.quoted;
    mail.snippet = snippet(&mail.reply_text);
    mail.text = chosen.text.replace(text::CUT, "");
    mail.defects.dedup();
    Ok(mail)
}

/// Line ends of old Macs: a mail whose lines all end in a bare CR. Places stay the same.
fn with_line_feeds(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\n', raw).is_some() || memchr::memchr(b'\r', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect())
}

fn headers(mail: &mut ParsedMail, header: &Block<'_>, body: &[u8], limits: &Limits) {
    let list = |name: &str| -> Vec<Address> {
        let mut out = Vec::new();
        for field in header.all(name) {
            let room = limits.addresses.saturating_sub(out.len());
            out.extend(address::parse_list(&field.unfolded(), room));
        }
        out
    };
    mail.from = list("From");
    mail.from.retain(|a| !a.address.is_empty() || a.name.is_some());
    mail.sender = list("Sender").into_iter().find(|a| !a.address.is_empty());
    mail.to = list("To");
    mail.cc = list("Cc");
    mail.bcc = list("Bcc");
    for recipients in [&mut mail.to, &mut mail.cc, &mut mail.bcc] {
        recipients.retain(|a| !a.address.is_empty());
    }
    mail.reply_to = list("Reply-To");
    mail.reply_to.retain(|a| a.address.contains('@'));
    let subject = header.first("Subject").map(super::mime::Field::unfolded).unwrap_or_default();
    mail.subject = words::decode_line(&subject, None);
    let dates = ["Date", "Resent-Date", "Delivery-Date"];
    mail.date = dates.iter().find_map(|n| date::parse(&header.text(n)?));
    mail.message_id = ids::own(header);
    mail.derived_message_id = mail.message_id.clone().unwrap_or_else(|| ids::derive(header, body));
    let all_ids = |name: &str| -> Vec<String> {
        header
            .all(name)
            .flat_map(|f| ids::extract(&f.unfolded(), MOST_IDS))
            .take(MOST_IDS)
            .collect()
    };
    mail.in_reply_to = all_ids("In-Reply-To");
    mail.references = all_ids("References");
    mail.alternate_ids = all_ids("X-Microsoft-Original-Message-ID");
    mail.authentication_results = header
        .all("Authentication-Results")
        .take(50)
        .map(|f| words::decode_line(&f.unfolded(), None))
        .collect();

    let mut defect = |found: bool, word: &'static str| {
        if found {
            mail.defects.push(word);
        }
    };
    defect(mail.from.is_empty(), "no_from");
    defect(mail.from.len() > 1 || header.all("From").count() > 1, "two_from");
    defect(mail.message_id.is_none(), "no_message_id");
    defect(mail.date.is_none(), "no_date");
    defect(
        mail.from.iter().any(|a| !a.address.is_empty() && !a.address.contains('@')),
        "from_without_domain",
    );
}

/// The first 160 characters on one line.
fn snippet(text: &str) -> String {
    let head: String = text.chars().take(2_000).collect();
    let line = words::one_line(&head);
    if line.chars().count() <= 160 {
        return line;
    }
    let mut cut: String = line.chars().take(159).collect();
    cut.push('…');
    cut
}
