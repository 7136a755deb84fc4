//! Message-IDs (RFC 5322 §3.6.4) out of headers as they come: with text behind them, folded,
//! without brackets, without `@`, or not at all.

use sha2::{Digest, Sha256};

use super::mime::Block;

/// Ids longer than this are not kept; nobody writes them in good faith.
const LONGEST: usize = 900;

/// The ids of a header value, in their order, without brackets; at most `max`, each once.
#[must_use]
pub fn extract(value: &[u8], max: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut add = |id: String| {
        if is_usable(&id) && seen.insert(id.clone()) {
            out.push(id);
        }
        out.len() < max
    };
    if memchr::memchr(b'<', value).is_some() {
        let mut rest = value;
        while let Some(start) = memchr::memchr(b'<', rest) {
            let inner = rest.get(start + 1..).unwrap_or_default();
            // A second `<` before any `>` begins anew.
            let Some(end) = memchr::memchr2(b'>', b'<', inner) else { break };
            let (id, after) = inner.split_at(end);
            rest = after;
            if after.first() == Some(&b'<') {
                continue;
            }
            if !add(tidy(id)) {
                break;
            }
        }
    } else {
        for word in value.split(|b| b.is_ascii_whitespace() || *b == b',') {
            if (word.contains(&b'@')) && !add(tidy(word)) {
                break;
            }
        }
    }
    out
}

/// The mail's own id, when the header has a usable one; brackets and `@` may be missing.
#[must_use]
pub fn own(header: &Block<'_>) -> Option<String> {
    let value = header.first("Message-ID")?.unfolded();
    extract(&value, 1).into_iter().next().or_else(|| {
        let word = value.split(u8::is_ascii_whitespace).find(|w| !w.is_empty())?;
        Some(tidy(word)).filter(|id| is_usable(id))
    })
}

/// An id for a mail that has none: the same at each reading of the same mail.
#[must_use]
pub fn derive(header: &Block<'_>, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for name in ["From", "Date", "Subject", "To"] {
        let value = header.first(name).map(super::mime::Field::unfolded).unwrap_or_default();
        hash.update((value.len() as u64).to_be_bytes());
        hash.update(&value);
    }
    hash.update(body);
    let digest = hash.finalize();
    let short = digest.get(..20).unwrap_or_default();
    format!("derived.{}@loket.invalid", hex::encode(short))
}

fn tidy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>'))
        .collect()
}

fn is_usable(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len())
}
