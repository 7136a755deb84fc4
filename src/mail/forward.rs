//! The sender of the mail that a user forwarded: attached, or inline below his own words.

use super::limits::Limits;
use super::mime::{Kind, Tree};
use super::model::Address;
use super::{address, html::text::CUT};

/// The forwarded mail's sender, if this mail looks like a forward.
#[must_use]
pub fn sender(
    raw: &[u8],
    tree: &Tree<'_>,
    text: &str,
    subject: &str,
    limits: &Limits,
) -> Option<Address> {
    let _ = raw;
    attached(tree, limits).or_else(|| inline(text, subject))
}

fn attached(tree: &Tree<'_>, limits: &Limits) -> Option<Address> {
    let root = tree.parts.first()?;
    if root.content_type.value == "multipart/report" {
        return None;
    }
    let message = tree.parts.iter().find(|p| p.level == 0 && p.kind == Kind::Message)?;
    let inner = tree.parts.get(*message.children.first()?)?;
    let from = inner.header.first("From")?;
    address::parse_list(&from.unfolded(), limits.addresses)
        .into_iter()
        .find(|a| a.address.contains('@'))
}

/// Looks for `From:` below a line that says "forwarded", or, when the subject says so, below
/// any block of header lines.
fn inline(text: &str, subject: &str) -> Option<Address> {
    let subject = subject.trim_start().to_lowercase();
    let by_subject = ["fwd:", "fw:", "wg:", "tr:", "doorst:", "fwd ", "rv:", "i:", "enc:"]
        .iter()
        .any(|p| subject.starts_with(p));
    let mut announced = by_subject.then_some(usize::MAX);
    for line in text.lines().take(5_000) {
        let line = line.trim_matches(['>', ' ', '*', '\t', CUT, '\u{a0}']);
        let lower = line.to_lowercase();
        if FORWARDED.iter().any(|f| lower.contains(f)) && line.len() < 120 {
            announced = Some(12);
            continue;
        }
        if let Some(left) = announced {
            if let Some((key, value)) = line.split_once([':', '：'])
                && FROM.contains(&key.trim_matches(['*', ' ']).to_lowercase().as_str())
            {
                let value = value.replace("[mailto:", "<").replace(']', ">");
                let found = address::parse_list(value.trim_matches(['*', ' ']).as_bytes(), 5);
                if let Some(found) = found.into_iter().find(|a| a.address.contains('@')) {
                    return Some(found);
                }
            }
            announced = left.checked_sub(usize::from(left != usize::MAX));
        }
    }
    None
}

const FORWARDED: [&str; 12] = [
    "forwarded message",
    "forwarded by",
    "doorgestuurd bericht",
    "weitergeleitete nachricht",
    "weitergeleiteten nachricht",
    "message transféré",
    "message réexpédié",
    "mensaje reenviado",
    "messaggio inoltrato",
    "mensagem encaminhada",
    "vidarebefordrat meddelande",
    "videresendt",
];
const FROM: [&str; 11] =
    ["from", "van", "von", "de", "da", "från", "fra", "od", "от", "expéditeur", "afzender"];
