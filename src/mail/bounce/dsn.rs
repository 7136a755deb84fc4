//! The fields of `message/delivery-status` (RFC 3464 §2).

use crate::mail::attachments::text_of;
use crate::mail::limits::Limits;
use crate::mail::mime::{Block, Tree};
use crate::mail::model::BounceRecipient;
use crate::mail::words;

/// Reports on more recipients than this are cut.
const MOST_RECIPIENTS: usize = 500;

/// Recipients of the first delivery status in the mail; `None` when it has none.
pub(super) fn read(raw: &[u8], tree: &Tree<'_>) -> Option<Vec<BounceRecipient>> {
    let part = tree.parts.iter().find(|p| {
        p.level == 0
            && matches!(
                p.content_type.value.as_str(),
                "message/delivery-status" | "message/global-delivery-status"
            )
    })?;
    let (text, _) = text_of(raw, part);
    let found = from_fields(&text);
    (!found.is_empty()).then_some(found)
}

/// Reads groups of fields separated by empty lines.
pub(super) fn from_fields(text: &str) -> Vec<BounceRecipient> {
    let limits = Limits::default();
    let text = text.replace("\r\n", "\n");
    let mut out: Vec<BounceRecipient> = Vec::new();
    for group in text.split("\n\n") {
        let group = group.trim_start_matches('\n');
        let Ok(block) = Block::read(group.as_bytes(), &limits) else { continue };
        if let Some(recipient) = recipient(&block)
            && !out.contains(&recipient)
        {
            out.push(recipient);
        }
        if out.len() >= MOST_RECIPIENTS {
            break;
        }
    }
    out
}

fn recipient(block: &Block<'_>) -> Option<BounceRecipient> {
    let final_recipient = address(block, "Final-Recipient");
    let original =
        address(block, "Original-Recipient").or_else(|| address(block, "X-Actual-Recipient"));
    let action = block.text("Action").unwrap_or_default().to_lowercase();
    if final_recipient.is_none() && original.is_none() && action.is_empty() {
        return None;
    }
    // The address that we wrote to, where the final one is an inner name of the other system.
    let usable = |a: &String| a.split_once('@').is_some_and(|(local, _)| !local.is_empty());
    let whole = |a: &String| a.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    let address = final_recipient
        .clone()
        .filter(|a| usable(a) && (whole(a) || !original.as_ref().is_some_and(whole)))
        .or_else(|| original.filter(usable))
        .or(final_recipient)
        .unwrap_or_default();
    let diagnostic = block.text("Diagnostic-Code").map(|text| {
        let text = match text.split_once(';') {
            Some((kind, words)) if kind.len() < 20 && !kind.contains(' ') => {
                words.trim().to_owned()
            }
            _ => text,
        };
        words::one_line(&text)
    });
    let status = block.text("Status").as_deref().and_then(super::phrases::enhanced_code);
    let word = action.split(|c: char| !c.is_ascii_alphabetic()).find(|w| !w.is_empty());
    let action = match word {
        Some("failed" | "failure" | "fail" | "hardfail") => "failed",
        Some("delayed" | "deferred") => "delayed",
        Some("delivered") => "delivered",
        Some("relayed") => "relayed",
        Some("expanded") => "expanded",
        _ => match status.as_deref().and_then(|s| s.chars().next()) {
            Some('2') => "delivered",
            _ => "failed",
        },
    };
    Some(BounceRecipient { address, status, action: action.to_owned(), diagnostic })
}

/// `rfc822; user@example.org`
fn address(block: &Block<'_>, name: &str) -> Option<String> {
    let text = block.text(name)?;
    let value = match text.split_once(';') {
        Some((_, value)) => value,
        None => &text,
    };
    let value = value.trim().trim_matches(['<', '>', '"', '\'', ' ']);
    let value = value.split(['<', '>']).find(|v| v.contains('@')).unwrap_or(value);
    let value = value.split_whitespace().next().unwrap_or_default();
    (!value.is_empty()).then(|| value.to_owned())
}
