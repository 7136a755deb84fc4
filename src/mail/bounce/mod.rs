//! Delivery reports: which of our mails did not arrive, at whom, and why.
//!
//! 1. `dsn` reads the machine-readable form (RFC 3464, 6533).
//! 2. Where there is none, `suspect` says whether the mail looks like a report at all, and `human`
//!    takes recipients, status and words out of the text that qmail, Exim, Postfix, Exchange and
//!    hundreds of others write.
//! 3. The Message-ID of the returned mail is looked for in the returned part, else in the text.
//!
//! Feedback reports (ARF), read receipts and out-of-office answers are no bounces. To teach a
//! new style: a phrase in `phrases`, a test with a small mail.

mod dsn;
mod human;
mod phrases;
mod suspect;

use self::suspect::Looks;
use super::attachments::text_of;
use super::ids;
use super::mime::{Kind, Tree};
use super::model::{Bounce, ParsedMail};

/// Reads a delivery report; `None` when the mail is none. The recipients' actions tell whether
/// it is about a failure.
#[must_use]
pub fn read(raw: &[u8], tree: &Tree<'_>, mail: &ParsedMail, text: &str) -> Option<Bounce> {
    if is_other_report(tree, mail) {
        return None;
    }
    let mut bounce = Bounce::default();
    let returned = Returned::find(raw, tree, text);
    if let Some(report) = dsn::read(raw, tree) {
        bounce.is_certain = true;
        bounce.recipients = report;
        for recipient in &mut bounce.recipients {
            human::complete(recipient, text, mail, &returned);
        }
    }
    if bounce.recipients.is_empty() {
        let looks = suspect::looks(tree, mail, text);
        if looks == Looks::Other {
            return None;
        }
        bounce.is_certain |= suspect::has_machine_signs(tree, mail);
        bounce.recipients = human::recipients(tree, mail, text, &returned);
        if looks == Looks::Delay {
            for recipient in &mut bounce.recipients {
                "delayed".clone_into(&mut recipient.action);
            }
        }
    }
    bounce.original_message_id = returned.message_id;
    Some(bounce)
}

/// Reports of other kinds: complaints (RFC 5965) and read receipts (RFC 8098). Dovecot's
/// Sieve says "rejected" in a read receipt; that is a failure all the same.
fn is_other_report(tree: &Tree<'_>, mail: &ParsedMail) -> bool {
    let rejected = mail.subject.to_lowercase().contains("rejected");
    tree.parts.iter().filter(|p| p.level == 0).any(|p| match p.content_type.value.as_str() {
        "message/feedback-report" | "message/tracking-status" => true,
        "message/disposition-notification" | "message/global-disposition-notification" => !rejected,
        _ => false,
    })
}

/// The mail that came back, as far as it did.
#[derive(Debug, Default)]
pub(crate) struct Returned {
    /// Its Message-ID.
    pub(crate) message_id: Option<String>,
    /// Its To, lower case.
    pub(crate) to: Vec<String>,
    /// Its From, lower case.
    pub(crate) from: Vec<String>,
}

impl Returned {
    fn find(raw: &[u8], tree: &Tree<'_>, text: &str) -> Self {
        let limits = super::Limits::default();
        for part in tree.parts.iter().filter(|p| p.level == 0) {
            let value = part.content_type.value.as_str();
            if part.kind == Kind::Message {
                let child = part.children.first().and_then(|c| tree.parts.get(*c));
                if let Some(child) = child {
                    return Self::of(&child.header);
                }
            }
            if matches!(
                value,
                "text/rfc822-headers"
                    | "message/global-headers"
                    | "message/rfc822"
                    | "message/rfc822-headers"
            ) {
                let (headers, _) = text_of(raw, part);
                if let Ok(block) = super::mime::Block::read(headers.as_bytes(), &limits) {
                    return Self::of(&block);
                }
            }
        }
        Self::in_text(text)
    }

    fn of(header: &super::mime::Block<'_>) -> Self {
        let list = |name: &str| -> Vec<String> {
            header
                .first(name)
                .map(|f| super::address::parse_list(&f.unfolded(), 50))
                .unwrap_or_default()
                .into_iter()
                .filter(|a| a.address.contains('@'))
                .map(|a| a.key())
                .collect()
        };
        Self { message_id: ids::own(header), to: list("To"), from: list("From") }
    }

    /// Header lines of the returned mail within the text.
    fn in_text(text: &str) -> Self {
        let mut found = Self::default();
        for line in text.lines().take(5_000) {
            let line = line.trim_start_matches(['>', ' ', '|', '\t']);
            let Some((name, value)) = line.split_once(':') else { continue };
            let addresses = || -> Vec<String> {
                super::address::parse_list(value.as_bytes(), 50)
                    .into_iter()
                    .filter(|a| a.address.contains('@'))
                    .map(|a| a.key())
                    .collect()
            };
            if name.eq_ignore_ascii_case("message-id") && found.message_id.is_none() {
                found.message_id = ids::extract(value.as_bytes(), 1).pop();
            } else if name.eq_ignore_ascii_case("to") && found.to.is_empty() {
                found.to = addresses();
            } else if name.eq_ignore_ascii_case("from") && found.from.is_empty() {
                found.from = addresses();
            }
        }
        found
    }
}
