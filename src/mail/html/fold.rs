//! Finds what a mail's HTML quotes of earlier mails, so that the page can fold it. The ids,
//! types and names by which mail programs mark it do not survive the sanitizer, so the place is
//! sought before and written as [`MARK`].
//!
//! 1. Each quote that stands by itself is a *block*: a cited blockquote, or the element that a
//!    program puts around attribution and quote.
//! 2. Outlook and its kin only mark where the earlier mail begins: all that follows belongs to it.
//! 3. A mail with words between its quotes answers them one by one: nothing is folded there.

use super::tokens::{Tag, Token, Tokens};
use crate::mail::quote;

/// The attribute on what may be folded: `this` for the element, `rest` for it and all after it.
pub const MARK: &str = "data-loket-quote";

/// Blockquotes without a mark of their own above which an attribution is sought.
const MOST_ATTRIBUTIONS: usize = 20;
/// Bytes of the last line that are kept to look for one.
const LINE: usize = 500;

/// Which start tags, by their number in the HTML, get [`MARK`].
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Folds {
    /// In ascending order.
    these: Vec<usize>,
    rest: Option<usize>,
}

impl Folds {
    /// The attribute's value for the start tag with this number.
    pub(super) fn value(&self, tag: usize) -> Option<&'static str> {
        if self.rest == Some(tag) {
            return Some("rest");
        }
        self.these.binary_search(&tag).is_ok().then_some("this")
    }
}

/// Whether the value is one that this module writes.
pub(super) fn is_value(value: &str) -> bool {
    matches!(value, "this" | "rest")
}

/// Whether an earlier mail begins here, and goes on to the end (Outlook, Exchange, Zimbra).
pub(super) fn begins_rest(tag: &Tag<'_>) -> bool {
    if tag.attributes.is_empty() {
        return false;
    }
    let id = lower(tag, "id");
    let style: String = lower(tag, "style").chars().filter(|c| !c.is_whitespace()).collect();
    let line = [
        "border-top:solid#e1e1e1",
        "border-top:solid#b5c4df",
        "border-top:#b5c4df",
        "border-top:1ptsolid#b5c4df",
        "border-top:1ptsolid#e1e1e1",
    ];
    let ends = |name: &str| id.strip_suffix(name).is_some_and(|r| r.is_empty() || r.ends_with('_'));
    line.iter().any(|border| style.contains(border))
        || ends("divrplyfwdmsg")
        || ends("olk_src_body_section")
        || ends("appendonsend")
        || id == "mail-editor-reference-message-container"
        || has_class(tag, |class| class == "outlookmessageheader")
        || (tag.name == "hr" && matches!(id.as_str(), "stopspelling" | "zwchr"))
}

/// Finds them.
pub(super) fn find(html: &str) -> Folds {
    let mut finder = Finder::default();
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => finder.text(&super::entities::decode(text)),
            Token::Raw(text) => finder.text(text),
            Token::Start(tag) => finder.start(&tag),
            Token::End(name) => finder.end(&name),
        }
        if finder.rest.is_some() {
            break;
        }
    }
    finder.finish()
}

/// A quote that is open.
struct Block {
    tag: usize,
    element: &'static str,
    /// How many of `element` are open around it.
    outside: usize,
    /// Blockquotes that are open around it.
    quotes: usize,
    /// What to fold where answers stand below the quote, within the block.
    inner: Vec<usize>,
    inner_quotes: usize,
    forwarded: bool,
    answered: bool,
}

#[derive(Default)]
struct Finder {
    tags: usize,
    divs: usize,
    quotes: usize,
    block: Option<Block>,
    these: Vec<usize>,
    rest: Option<usize>,
    /// A rule with no words behind it yet.
    rule: Option<usize>,
    quoted: bool,
    written_after: bool,
    between: bool,
    line: String,
    attributions: usize,
}

impl Finder {
    fn text(&mut self, text: &str) {
        let words = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{200b}');
        if words.is_empty() {
            return;
        }
        let Some(block) = &mut self.block else {
            self.rule = None;
            self.written_after |= self.quoted;
            if self.line.len() < LINE {
                self.line
                    .push_str(words.get(..words.floor_char_boundary(LINE)).unwrap_or_default());
                self.line.push(' ');
            }
            return;
        };
        if block.element == "blockquote" || self.quotes > block.quotes {
            return;
        }
        if block.inner_quotes == 0 {
            // "---------- Forwarded message ---------": what follows is what the mail is about.
            block.forwarded |= words.starts_with("-----");
        } else {
            block.answered = true;
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let at = self.tags;
        self.tags += 1;
        let quotes = self.quotes;
        match tag.name.as_str() {
            "div" => self.divs += 1,
            "blockquote" => self.quotes += 1,
            _ => {}
        }
        if let Some(block) = &mut self.block {
            let direct = quotes == block.quotes && block.element != "blockquote";
            if direct && tag.name == "blockquote" {
                self.between |= block.answered;
                block.inner.push(at);
                block.inner_quotes += 1;
            } else if direct && has_class(tag, |class| class == "gmail_attr") {
                block.inner.push(at);
            }
            return;
        }
        if begins_rest(tag) {
            self.rest = Some(self.rule.unwrap_or(at));
            return;
        }
        if tag.name == "hr" {
            self.rule = Some(at);
        }
        let element = match tag.name.as_str() {
            "div" if is_container(tag) => "div",
            "blockquote" if is_cited(tag) || self.is_introduced() => "blockquote",
            name => {
                if matches!(name, "div" | "p" | "br" | "blockquote" | "td" | "li" | "hr") {
                    self.line.clear();
                }
                return;
            }
        };
        self.line.clear();
        self.between |= self.quoted && self.written_after;
        let outside = if element == "div" { self.divs - 1 } else { quotes };
        self.block = Some(Block {
            tag: at,
            element,
            outside,
            quotes,
            inner: Vec::new(),
            inner_quotes: 0,
            forwarded: false,
            answered: false,
        });
    }

    fn end(&mut self, name: &str) {
        let open = match name {
            "div" => &mut self.divs,
            "blockquote" => &mut self.quotes,
            _ => return,
        };
        *open = open.saturating_sub(1);
        let now = *open;
        if self.block.as_ref().is_some_and(|b| b.element == name && now <= b.outside) {
            self.close();
        }
    }

    fn close(&mut self) {
        let Some(block) = self.block.take() else { return };
        self.quoted = true;
        if block.forwarded {
            return;
        }
        if block.answered {
            self.these.extend(block.inner);
        } else {
            self.these.push(block.tag);
        }
    }

    /// The line above says who wrote what is quoted.
    fn is_introduced(&mut self) -> bool {
        if self.line.is_empty() || self.attributions >= MOST_ATTRIBUTIONS {
            return false;
        }
        self.attributions += 1;
        quote::is_attribution(self.line.trim())
    }

    fn finish(mut self) -> Folds {
        self.close();
        if self.between {
            return Folds { these: Vec::new(), rest: self.rest };
        }
        Folds { these: self.these, rest: self.rest }
    }
}

/// What programs put around attribution and quote: Gmail, Yahoo, Proton, GMX and WEB.DE, Zoho;
/// and Thunderbird's attribution, which stands before the quote.
fn is_container(tag: &Tag<'_>) -> bool {
    !tag.attributes.is_empty()
        && (has_class(tag, |class| {
            matches!(
                class,
                "gmail_quote"
                    | "gmail_quote_container"
                    | "protonmail_quote"
                    | "zmail_extra"
                    | "moz-cite-prefix"
            ) || class.ends_with("yahoo_quoted")
        }) || lower(tag, "id").starts_with("yahoo_quoted")
            || lower(tag, "name") == "quote")
}

fn is_cited(tag: &Tag<'_>) -> bool {
    !tag.attributes.is_empty()
        && (lower(tag, "type") == "cite"
            || has_class(tag, |class| {
                matches!(class, "gmail_quote" | "protonmail_quote" | "front-blockquote")
            }))
}

fn lower(tag: &Tag<'_>, name: &str) -> String {
    tag.get(name).unwrap_or_default().trim().to_ascii_lowercase()
}

fn has_class(tag: &Tag<'_>, test: impl Fn(&str) -> bool) -> bool {
    lower(tag, "class").split_ascii_whitespace().any(test)
}
