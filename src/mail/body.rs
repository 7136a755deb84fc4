//! Which parts are the text of the mail, and that text.
//!
//! A mail's body is a row of blocks; each has plain text, HTML, or both (an alternative).
//! Nothing that can be read is left out: a footer that a list added stands below either form.

use std::collections::HashSet;

use super::attachments::{file_name, text_of_at_most};
use super::html::text;
use super::limits::Limits;
use super::mime::{Kind, Part, Tree};

/// The text of the mail and the parts that it came from.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Plain text, line ends as `\n`; may hold [`text::CUT`] lines.
    pub text: String,
    /// HTML as it came, when there is any.
    pub html: Option<String>,
    /// Indices of the parts that are shown.
    pub shown: HashSet<usize>,
    /// Indices of parts that belong to HTML (`multipart/related`).
    pub related: HashSet<usize>,
    /// What is odd.
    pub defects: Vec<&'static str>,
    /// Bytes of plain text and of HTML that were read so far.
    read: (usize, usize),
}

/// HTML is read up to this many times the text that is kept of it.
const MARKUP: usize = 4;

#[derive(Default)]
struct Block {
    plain: Option<String>,
    html: Option<String>,
}

/// Chooses and reads the text.
#[must_use]
pub fn choose(raw: &[u8], tree: &Tree<'_>, limits: &Limits) -> Chosen {
    let mut chosen = Chosen::default();
    let blocks = collect(raw, tree, 0, Place::Top, limits, &mut chosen);
    let has_html = blocks.iter().any(|b| b.html.is_some());
    for Block { plain, html } in blocks {
        let plain = plain.filter(|p| !p.trim().is_empty());
        let html_text = || html.as_deref().map(|h| text::from_html(h, limits.text_bytes));
        let from_html = match &plain {
            Some(plain) if is_stub(plain) => {
                html_text().filter(|t| t.len() > plain.len() * 4 + 200)
            }
            Some(_) => None,
            None => Some(html_text().unwrap_or_default()),
        };
        if has_html {
            let piece = match (html, &plain) {
                (Some(html), _) => Some(html),
                (None, plain) => plain.as_deref().map(plain_as_html),
            };
            match (&mut chosen.html, piece) {
                (Some(out), Some(piece)) => out.push_str(&piece),
                (out @ None, piece) => *out = piece,
                (Some(_), None) => {}
            }
        }
        append(&mut chosen.text, from_html.or(plain).unwrap_or_default());
    }
    if chosen.text.len() > limits.text_bytes {
        let mut end = limits.text_bytes;
        while !chosen.text.is_char_boundary(end) {
            end -= 1;
        }
        chosen.text.truncate(end);
        chosen.defects.push("text_truncated");
    }
    chosen
}

/// "Your program cannot show HTML" and the like: the text is in the HTML.
fn is_stub(plain: &str) -> bool {
    plain.len() < 600
}

fn append(out: &mut String, text: String) {
    if out.is_empty() {
        *out = text;
        return;
    }
    if !text.is_empty() {
        while !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    out.push_str(&text);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Mixed,
    Alternative,
    RelatedRoot,
    Related,
}

fn collect(
    raw: &[u8],
    tree: &Tree<'_>,
    index: usize,
    place: Place,
    limits: &Limits,
    chosen: &mut Chosen,
) -> Vec<Block> {
    let Some(part) = tree.parts.get(index) else { return Vec::new() };
    if part.kind == Kind::Message {
        return Vec::new();
    }
    if part.kind == Kind::Leaf {
        return leaf(raw, part, index, place, limits, chosen).into_iter().collect();
    }
    let mut blocks = Vec::new();
    let mut plain: Option<String> = None;
    let mut html: Option<String> = None;
    for (position, child) in part.children.iter().enumerate() {
        match part.content_type.value.as_str() {
            "multipart/alternative" => {
                let inner = collect(raw, tree, *child, Place::Alternative, limits, chosen);
                if inner.iter().any(|b| b.html.is_some()) {
                    let out = html.get_or_insert_default();
                    for block in inner {
                        match (block.html, block.plain) {
                            (Some(h), p) => {
                                out.push_str(&h);
                                if let Some(p) = p {
                                    append(plain.get_or_insert_default(), p);
                                }
                            }
                            (None, Some(p)) => out.push_str(&plain_as_html(&p)),
                            (None, None) => {}
                        }
                    }
                } else {
                    for block in inner {
                        append(plain.get_or_insert_default(), block.plain.unwrap_or_default());
                    }
                }
            }
            "multipart/related" => {
                let role = if position == 0 { Place::RelatedRoot } else { Place::Related };
                blocks.extend(collect(raw, tree, *child, role, limits, chosen));
            }
            _ => blocks.extend(collect(raw, tree, *child, Place::Mixed, limits, chosen)),
        }
    }
    if plain.is_some() || html.is_some() {
        blocks.push(Block { plain, html });
    }
    blocks
}

fn leaf(
    raw: &[u8],
    part: &Part<'_>,
    index: usize,
    place: Place,
    limits: &Limits,
    chosen: &mut Chosen,
) -> Option<Block> {
    if place == Place::Related {
        chosen.related.insert(index);
    }
    if !is_shown(part, place) {
        return None;
    }
    let subtype = part.content_type.value.as_str();
    let (read, most) = match subtype {
        "text/html" => (&mut chosen.read.1, limits.text_bytes.saturating_mul(MARKUP)),
        _ => (&mut chosen.read.0, limits.text_bytes),
    };
    let (text, replaced, length) = text_of_at_most(raw, part, most.saturating_sub(*read));
    let is_cut = length < part.body.len();
    *read = if is_cut { most } else { *read + length };
    if replaced {
        chosen.defects.push("charset");
    }
    if is_cut {
        chosen.defects.push("text_truncated");
    }
    // What is not shown at all is a file.
    if is_cut && text.is_empty() {
        return None;
    }
    chosen.shown.insert(index);
    let text = unify_line_ends(text);
    if subtype == "text/html"
        || (subtype == "text/plain" && place == Place::Top && looks_like_html(&text))
    {
        return Some(Block { plain: None, html: Some(text) });
    }
    let text = if subtype == "text/enriched" || subtype == "text/richtext" {
        text::from_html(&text, limits.text_bytes)
    } else {
        text
    };
    let flowed = part.content_type.get("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed"));
    let text = if flowed {
        let delsp = part.content_type.get("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"));
        unflow(&text, delsp)
    } else {
        text
    };
    Some(Block { plain: Some(text), html: None })
}

fn is_shown(part: &Part<'_>, place: Place) -> bool {
    if part.disposition.value == "attachment" && (place != Place::Top || file_name(part).is_some())
    {
        return false;
    }
    match part.content_type.value.as_str() {
        "text/plain" | "text/html" => {
            place != Place::Related
                && (file_name(part).is_none()
                    || part.disposition.value == "inline"
                    || place == Place::Alternative)
        }
        // Nothing else is there to be read.
        "text/enriched" | "text/richtext" => place != Place::Related && file_name(part).is_none(),
        other => {
            (place == Place::Top && file_name(part).is_none())
                && (other.starts_with("text/")
                    || other.starts_with("multipart/")
                    || other == "text")
        }
    }
}

fn looks_like_html(text: &str) -> bool {
    let head = text.trim_start();
    ["<!doctype html", "<html"]
        .iter()
        .any(|tag| head.get(..tag.len()).is_some_and(|h| h.eq_ignore_ascii_case(tag)))
}

/// Each CR LF, CR, or row of CRs is one line feed; in place, since texts may be large.
fn unify_line_ends(text: String) -> String {
    let mut text = if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        let mut bytes = text.into_bytes();
        let mut after_return = false;
        bytes.retain_mut(|byte| match *byte {
            b'\r' => {
                *byte = b'\n';
                !std::mem::replace(&mut after_return, true)
            }
            b'\n' => !std::mem::take(&mut after_return),
            _ => {
                after_return = false;
                true
            }
        });
        // Only ASCII was touched.
        String::from_utf8(bytes).unwrap_or_default()
    } else {
        text
    };
    if text.contains(text::CUT) {
        text.retain(|c| c != text::CUT);
    }
    text
}

/// `format=flowed` (RFC 3676): lines that end in a space go on in the next one.
fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if open == Some(depth) && !signature {
            out.push_str(content);
        } else {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
            out.push_str(content);
        }
        if content.ends_with(' ') && !signature {
            if delsp {
                out.pop();
            }
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    out
}

fn plain_as_html(text: &str) -> String {
    let mut out = String::from("<div>");
    for line in text.trim_end().split('\n') {
        html_escape::encode_text_to_string(line, &mut out);
        out.push_str("<br>");
    }
    out.push_str("</div>");
    out
}
