//! The parts that are files.

use super::mime::{Kind, Part, Tree};
use super::model::{Attachment, Encoding};
use super::{body::Chosen, names, transfer};

/// Lists what is not shown as text, and what is shown but also has a file name.
#[must_use]
pub fn list(raw: &[u8], tree: &Tree<'_>, chosen: &Chosen) -> Vec<Attachment> {
    let mut out: Vec<Attachment> = Vec::new();
    for (index, part) in tree.parts.iter().enumerate() {
        if part.level > 0 || part.kind == Kind::Multipart || chosen.shown.contains(&index) {
            continue;
        }
        let wanted = file_name(part);
        if wanted.is_none() && part.body.is_empty() {
            continue;
        }
        let name = names::safe(wanted.as_deref(), &part.content_type.value, out.len() + 1);
        out.push(attachment(raw, part, name, wanted.is_some(), chosen.related.contains(&index)));
    }
    out
}

fn attachment(raw: &[u8], part: &Part<'_>, name: String, named: bool, related: bool) -> Attachment {
    let bytes = raw.get(part.body.clone()).unwrap_or_default();
    let content_id = part.header.first("Content-ID").map(|f| {
        let text = String::from_utf8_lossy(&f.unfolded()).into_owned();
        text.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
    });
    let content_id = content_id.filter(|id| !id.is_empty());
    let is_image = part.content_type.value.starts_with("image/");
    let attached = part.disposition.value == "attachment";
    Attachment {
        name,
        named,
        size: transfer::decoded_size(bytes, part.encoding),
        inline: (part.disposition.value == "inline" && is_image)
            || (related && !attached && content_id.is_some()),
        content_id,
        content_type: part.content_type.value.clone(),
        raw_range: part.body.start as u64..part.body.end as u64,
        encoding: part.encoding,
    }
}

/// The name as the mail gives it: Content-Disposition first, then Content-Type.
#[must_use]
pub fn file_name(part: &Part<'_>) -> Option<String> {
    part.disposition.get("filename").or_else(|| part.content_type.get("name"))
}

/// Reads a part's text.
#[must_use]
pub fn text_of(raw: &[u8], part: &Part<'_>) -> (String, bool) {
    let bytes = raw.get(part.body.clone()).unwrap_or_default();
    text_of_bytes(bytes, part)
}

/// As [`text_of`], of at most `max` bytes as they stand in the mail; with how many those were.
#[must_use]
pub fn text_of_at_most(raw: &[u8], part: &Part<'_>, max: usize) -> (String, bool, usize) {
    let bytes = raw.get(part.body.clone()).unwrap_or_default();
    let Some(head) = bytes.get(..max).filter(|_| max < bytes.len()) else {
        let (text, replaced) = text_of_bytes(bytes, part);
        return (text, replaced, bytes.len());
    };
    // Whole lines where there are any, or else whole characters of UTF-8.
    let end = memchr::memrchr(b'\n', head).map_or_else(
        || {
            let tail = head.iter().rev().take_while(|b| **b & 0xc0 == 0x80).take(3).count();
            let lead = head.iter().rev().nth(tail).is_some_and(|b| *b >= 0xc0);
            head.len() - tail - usize::from(lead)
        },
        |at| at + 1,
    );
    let (text, replaced) = text_of_bytes(head.get(..end).unwrap_or_default(), part);
    (text, replaced, end)
}

fn text_of_bytes(bytes: &[u8], part: &Part<'_>) -> (String, bool) {
    let decoded = transfer::decode(bytes, part.encoding);
    // A body that says base64 but is not, such as a footer that a list added.
    let decoded = if part.encoding == Encoding::Base64
        && decoded.is_empty()
        && !bytes.trim_ascii().is_empty()
    {
        std::borrow::Cow::Borrowed(bytes)
    } else {
        decoded
    };
    let charset = part.content_type.get("charset");
    super::charset::decode(&decoded, charset.as_deref())
}
