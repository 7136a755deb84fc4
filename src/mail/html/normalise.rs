//! Writes plain HTML out of anybody's HTML: known elements only, attributes quoted, everything
//! bounded, so that what the sanitizer's parser gets cannot make it slow or large.
//!
//! The parser is quadratic in depth, in unclosed formatting elements (it opens them again in
//! each block, HTML §13.2.4.3) and in text that stands where only table rows may stand (it is
//! moved before the table). All three are estimated here from above while writing; HTML that
//! goes over is written a second time, flat: no tables, every element closed, few levels.
//!
//! Its serializer is quadratic as well (html5ever 0.40.1, seen 2026-11: 40,000 no-break spaces,
//! 80 KB, take 20 s unoptimised): at each `&` and at each byte 0xC2 it searches the rest of the
//! text or attribute for `<`. So a text with these is broken every [`RUN`] bytes by an empty
//! comment, which the sanitizer drops, and what attributes may cost is bounded.

use std::borrow::Cow;

use super::fold::{self, Folds};
use super::tokens::{Tag, Token, Tokens};

/// An image in the stored HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageRef<'a> {
    /// On another server.
    Remote(&'a str),
    /// In the mail itself, by Content-ID (without brackets).
    Cid(&'a str),
}

/// What becomes of images: a URL to show, or `None` to leave it out.
pub type Images<'a> = &'a dyn Fn(ImageRef<'_>) -> Option<String>;

/// Elements that are written; also the sanitizer's list.
pub const ELEMENTS: [&str; 61] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
];
/// The rest of them; two lists keep the lines short.
pub const MORE_ELEMENTS: [&str; 6] = ["tr", "tt", "u", "ul", "var", "wbr"];

const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];
const FORMATTING: [&str; 13] =
    ["a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];
/// Written in flat HTML.
const FLAT: [&str; 14] =
    ["a", "b", "blockquote", "br", "div", "em", "i", "img", "li", "p", "span", "strong", "u", "ul"];
const FLAT_DEPTH: usize = 40;
const MOST_TAGS: usize = 60_000;
const MOST_FLAT_TAGS: usize = 20_000;
const MOST_WORK: usize = 2_000_000;
const MOST_FOSTERED: usize = 2_000;
/// Bytes of text without a break, when something in it makes the serializer search.
const RUN: usize = 256;
/// Bytes that the serializer may search in attributes; further ones that make it are left out.
const MOST_SEARCHED: usize = 64 << 20;

/// The result: HTML, the image addresses it may load, and whether it had to be flattened.
#[derive(Debug)]
pub struct Normal {
    /// HTML for the sanitizer.
    pub html: String,
    /// Values of `src` that were put in on purpose.
    pub sources: Vec<String>,
    /// Depth or work went over the bounds.
    pub flattened: bool,
}

/// Normalises `html`. With `images`, `data-remote-src` and `data-cid` become `src`; without,
/// `src` becomes these, and what it quotes is marked.
#[must_use]
pub fn normalise(html: &str, depth: usize, images: Option<Images<'_>>) -> Normal {
    let mut sources = Vec::new();
    let folds = if images.is_none() { fold::find(html) } else { Folds::default() };
    if let Some(html) = write(html, Shape::Full(depth), images, &folds, &mut sources) {
        return Normal { html, sources, flattened: false };
    }
    sources.clear();
    let html = write(html, Shape::Flat, images, &folds, &mut sources).unwrap_or_default();
    Normal { html, sources, flattened: true }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Full(usize),
    Flat,
}

struct Writer<'a, 'i> {
    out: String,
    shape: Shape,
    images: Option<Images<'i>>,
    folds: &'a Folds,
    /// Start tags met so far.
    met: usize,
    sources: &'a mut Vec<String>,
    stack: Vec<String>,
    formatting: usize,
    work: usize,
    tags: usize,
    fostered: usize,
    /// Bytes of text since the last break, and whether something in them is searched for.
    run: usize,
    searched_run: bool,
    searched: usize,
}

fn write(
    html: &str,
    shape: Shape,
    images: Option<Images<'_>>,
    folds: &Folds,
    sources: &mut Vec<String>,
) -> Option<String> {
    let mut writer = Writer {
        out: String::with_capacity(html.len() + html.len() / 8),
        shape,
        images,
        folds,
        met: 0,
        sources,
        stack: Vec::new(),
        formatting: 0,
        work: 0,
        tags: 0,
        fostered: 0,
        run: 0,
        searched_run: false,
        searched: 0,
    };
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => writer.text(text, false),
            Token::Raw(text) => writer.text(text, true),
            Token::Start(tag) => writer.start(&tag),
            Token::End(name) => writer.end(&name),
        }
        if shape != Shape::Flat && writer.is_too_much() {
            return None;
        }
    }
    while let Some(name) = writer.stack.pop() {
        writer.close(&name);
    }
    Some(writer.out)
}

impl Writer<'_, '_> {
    fn is_too_much(&self) -> bool {
        let Shape::Full(depth) = self.shape else { return false };
        self.stack.len() > depth
            || self.work > MOST_WORK
            || self.tags > MOST_TAGS
            || self.fostered > MOST_FOSTERED
    }

    fn text(&mut self, text: &str, raw: bool) {
        // Decoded and written anew: the parser is slow on a `&` that begins nothing.
        let text = if raw { Cow::Borrowed(text) } else { super::entities::decode(text) };
        if self.in_table_frame() && !text.trim().is_empty() {
            // Moved before the table it is one text again, without the breaks.
            self.fostered += 1 + searches(&text);
        }
        let mut rest = &*text;
        loop {
            let end = rest.floor_char_boundary(RUN.saturating_sub(self.run));
            let (piece, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            escape(piece, &mut self.out);
            self.run += piece.len();
            self.searched_run |= searches(piece) > 0;
            if tail.is_empty() {
                return;
            }
            if std::mem::take(&mut self.searched_run) {
                self.out.push_str("<!---->");
            }
            self.run = 0;
            rest = tail;
        }
    }

    /// Only rows and cells may stand here; anything else is moved before the table.
    fn in_table_frame(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|n| matches!(n.as_str(), "table" | "tbody" | "thead" | "tfoot" | "tr"))
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let fold = self.folds.value(self.met);
        self.met += 1;
        // The body's colours belong to the mail.
        let name = match tag.name.as_str() {
            "body" | "main" | "nav" | "fieldset" | "form" | "details" | "summary" => "div",
            "image" => "img",
            "menu" | "dir" => "ul",
            "listing" | "xmp" => "pre",
            "acronym" => "abbr",
            other => other,
        };
        let known = match self.shape {
            Shape::Flat => FLAT.contains(&name),
            Shape::Full(_) => {
                ELEMENTS.binary_search(&name).is_ok() || MORE_ELEMENTS.contains(&name)
            }
        };
        if !known {
            if self.shape == Shape::Flat
                && matches!(name, "tr" | "table" | "h1" | "h2" | "h3" | "pre")
            {
                self.out.push_str("<br>");
            }
            return;
        }
        if self.shape == Shape::Flat
            && (self.tags > MOST_FLAT_TAGS
                || (self.stack.len() >= FLAT_DEPTH && !VOID.contains(&name)))
        {
            return;
        }
        if !self.make_room(name) {
            return;
        }
        self.tags += 1;
        self.work += self.formatting;
        self.out.push('<');
        self.out.push_str(name);
        self.attributes(name, tag);
        if let Some(fold) = fold {
            self.attribute(fold::MARK, fold);
        }
        self.out.push('>');
        if !VOID.contains(&name) {
            if FORMATTING.contains(&name) {
                self.formatting += 1;
            }
            self.stack.push(name.to_owned());
        }
    }

    /// Closes what the parser would close by itself; false when it would ignore the element.
    fn make_room(&mut self, name: &str) -> bool {
        let top = self.stack.last().map(String::as_str);
        match name {
            "tr" | "tbody" | "thead" | "tfoot" | "caption" | "col" | "colgroup" | "td" | "th" => {
                self.work += self.stack.len() / 8;
                let Some(table) = self.stack.iter().rposition(|n| n == "table") else {
                    return false;
                };
                let inside = self.stack.get(table + 1..).unwrap_or_default();
                let keep = match name {
                    "td" | "th" => inside
                        .iter()
                        .position(|n| n == "tr")
                        .map(|p| p + 1)
                        .or_else(|| inside.iter().position(|n| is_row_group(n)).map(|p| p + 1)),
                    "tr" => inside.iter().position(|n| is_row_group(n)).map(|p| p + 1),
                    _ => None,
                };
                self.stack.truncate(table + 1 + keep.unwrap_or(0));
            }
            "li" | "dt" | "dd" if top.is_some_and(|t| matches!(t, "li" | "dt" | "dd")) => {
                self.pop_flat();
            }
            "p" | "div" | "ul" | "ol" | "table" | "blockquote" | "hr" | "pre" | "h1" | "h2"
            | "h3" | "h4" | "h5" | "h6" | "center" | "dl" | "address"
                if top == Some("p") =>
            {
                self.pop_flat();
            }
            _ => {}
        }
        if self.in_table_frame()
            && !matches!(
                name,
                "tr" | "tbody" | "thead" | "tfoot" | "caption" | "col" | "colgroup" | "td" | "th"
            )
        {
            self.fostered += 1;
        }
        true
    }

    fn pop_flat(&mut self) {
        if let Some(name) = self.stack.pop()
            && self.shape == Shape::Flat
        {
            self.close(&name);
        }
    }

    fn end(&mut self, name: &str) {
        let name = match name {
            "body" | "main" | "nav" | "fieldset" | "form" | "details" | "summary" => "div",
            "menu" | "dir" => "ul",
            "listing" | "xmp" => "pre",
            "acronym" => "abbr",
            "br" => {
                self.out.push_str("<br>");
                return;
            }
            other => other,
        };
        self.work += self.formatting;
        let in_table =
            matches!(name, "tr" | "tbody" | "thead" | "tfoot" | "caption" | "td" | "th" | "table");
        let mut found = None;
        for (at, open) in self.stack.iter().enumerate().rev() {
            self.work += usize::from(at % 8 == 0);
            if open == name {
                found = Some(at);
                break;
            }
            // The parser does not look beyond the cell, and for rows not beyond the table.
            let wall = if in_table {
                open == "table"
            } else {
                matches!(open.as_str(), "td" | "th" | "caption" | "table")
            };
            if wall {
                break;
            }
        }
        match found {
            Some(at) if self.shape == Shape::Flat => {
                while self.stack.len() > at {
                    self.pop_flat();
                }
            }
            Some(at) => {
                if FORMATTING.contains(&name) && at + 1 == self.stack.len() {
                    self.formatting = self.formatting.saturating_sub(1);
                }
                self.stack.truncate(at);
                self.close(name);
            }
            None if self.shape == Shape::Flat => {}
            None => {
                if matches!(name, "tr" | "tbody" | "thead" | "tfoot")
                    && let Some(table) = self.stack.iter().rposition(|n| n == "table")
                {
                    self.stack.truncate(table + 1);
                }
                if ELEMENTS.binary_search(&name).is_ok() || MORE_ELEMENTS.contains(&name) {
                    self.close(name);
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn attributes(&mut self, element: &str, tag: &Tag<'_>) {
        for (name, _) in &tag.attributes {
            let Some(value) = tag.get(name) else { continue };
            if element == "img" && self.image(name, &value) {
                continue;
            }
            // Our own mark on the way out; a mail brings none of its own in.
            if name == fold::MARK && self.images.is_some() && fold::is_value(&value) {
                self.attribute(name, &value);
            }
            if matches!(
                name.as_str(),
                "style"
                    | "href"
                    | "title"
                    | "dir"
                    | "lang"
                    | "align"
                    | "valign"
                    | "width"
                    | "height"
                    | "bgcolor"
                    | "color"
                    | "face"
                    | "size"
                    | "border"
                    | "cellpadding"
                    | "cellspacing"
                    | "colspan"
                    | "rowspan"
                    | "start"
                    | "type"
                    | "alt"
                    | "span"
                    | "nowrap"
                    | "class"
            ) {
                self.attribute(name, &value);
            }
        }
    }

    /// Handles the attributes that say where an image is; true when it was one of them.
    fn image(&mut self, name: &str, value: &str) -> bool {
        let value = value.trim();
        match (self.images, name) {
            (None, "src") => {
                let lower = value.get(..40.min(value.len())).unwrap_or(value).to_ascii_lowercase();
                if let Some(cid) = lower.starts_with("cid:").then(|| value.get(4..)).flatten() {
                    self.attribute("data-cid", &percent_decode(cid.trim()));
                } else if lower.starts_with("http://") || lower.starts_with("https://") {
                    self.attribute("data-remote-src", value);
                } else if value.starts_with("//") {
                    self.attribute("data-remote-src", &format!("https:{value}"));
                } else if super::sanitize::is_image_data(value) {
                    self.attribute("src", value);
                }
            }
            (Some(images), "data-cid" | "data-remote-src") => {
                let which =
                    if name == "data-cid" { ImageRef::Cid(value) } else { ImageRef::Remote(value) };
                if let Some(source) = images(which) {
                    self.attribute("src", &source);
                    self.sources.push(source);
                } else {
                    self.attribute(name, value);
                }
            }
            (Some(_), "src") => {
                if super::sanitize::is_image_data(value) {
                    self.attribute("src", value);
                }
            }
            (_, "data-cid" | "data-remote-src" | "srcset") => {}
            _ => return false,
        }
        true
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.searched += searches(value).saturating_mul(value.len());
        if self.searched > MOST_SEARCHED && searches(value) > 0 {
            return;
        }
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }
}

/// How often the serializer would search the rest of this text.
fn searches(text: &str) -> usize {
    memchr::memchr2_iter(b'&', 0xc2, text.as_bytes()).count()
}

/// Numbers, not names, so that the parser has no name to look up.
fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, from)) =
        rest.find(['<', '>', '&', '"']).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(before);
        out.push_str(match from.as_bytes().first() {
            Some(b'<') => "&#60;",
            Some(b'>') => "&#62;",
            Some(b'"') => "&#34;",
            _ => "&#38;",
        });
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

fn is_row_group(name: &str) -> bool {
    matches!(name, "tbody" | "thead" | "tfoot")
}

fn percent_decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let Some(byte) = crate::mail::transfer::hex_pair(*high, *low)
        {
            out.push(byte);
            rest = after;
        } else {
            out.push(*first);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
