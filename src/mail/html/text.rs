//! HTML to readable text, linear in its length whatever its depth. Quoted parts get the `> `
//! that plain text has, so that one piece of code finds quotes in both.

use super::tokens::{Tag, Token, Tokens};

/// Stands alone on a line where everything that follows was quoted by Outlook and its kin.
/// A private character: it never reaches the text that is shown.
pub const CUT: char = '\u{f8f0}';

/// The text of `html`, at most `max` bytes of it. May hold [`CUT`] lines.
#[must_use]
pub fn from_html(html: &str, max: usize) -> String {
    let mut writer = Writer::default();
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => writer.text(&super::entities::decode(text)),
            Token::Raw(text) => writer.text(text),
            Token::Start(tag) => writer.start(&tag),
            Token::End(name) => writer.end(&name),
        }
        if writer.out.len() > max {
            break;
        }
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    line: String,
    /// White space is due before the next word.
    space: bool,
    quotes: usize,
    /// Line feeds at the end of `out` that are empty lines.
    blank: usize,
    pre: usize,
    /// Elements that count as a quote without being a blockquote, by their depth of `div`.
    cited: Vec<usize>,
    divs: usize,
    lists: Vec<Option<u32>>,
    hidden_head: bool,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if self.hidden_head {
            return;
        }
        if self.pre > 0 {
            for (i, line) in text.split('\n').enumerate() {
                if i > 0 {
                    self.line_break();
                }
                self.line.push_str(line.trim_end_matches('\r'));
            }
            return;
        }
        for c in text.chars() {
            if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u{c}' {
                self.space = true;
            } else if c != CUT && !(c.is_control()) && c != '\u{200b}' && c != '\u{feff}' {
                if self.space && !self.line.is_empty() {
                    self.line.push(' ');
                }
                self.space = false;
                self.line.push(if c == '\u{a0}' { ' ' } else { c });
            }
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag.name.as_str() {
            "br" => self.line_break(),
            "hr" => self.block(false),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "dl" => self.block(true),
            "ul" | "menu" => {
                self.block(self.lists.is_empty());
                self.lists.push(None);
            }
            "ol" => {
                self.block(self.lists.is_empty());
                let first = tag.get("start").and_then(|s| s.trim().parse().ok()).unwrap_or(1);
                self.lists.push(Some(first));
            }
            "li" => self.item(),
            "div" | "section" | "article" | "header" | "footer" | "address" | "center" | "main"
            | "form" | "fieldset" | "tr" | "dt" | "dd" | "caption" | "figure" | "figcaption"
            | "aside" | "nav" | "body" | "tbody" | "thead" => {
                self.block(false);
                if tag.name == "div" {
                    self.divs += 1;
                }
            }
            "td" | "th" => {
                // Cut, so that the next cell does not look at the same white space again.
                self.line.truncate(self.line.trim_end().len());
                if !self.line.is_empty() {
                    self.space = false;
                    self.line.push_str("  ");
                }
            }
            "pre" | "listing" | "xmp" => {
                self.block(true);
                self.pre += 1;
            }
            "blockquote" => {
                self.block(true);
                self.quotes += 1;
            }
            "head" => self.hidden_head = false,
            "img" => {
                if let Some(alt) = tag.get("alt").filter(|alt| !alt.trim().is_empty()) {
                    self.space = self.space || !self.line.is_empty();
                    self.text(alt.trim());
                    self.space = true;
                }
            }
            _ => {}
        }
        self.cite(tag);
    }

    /// Marks that clients leave on what they quote.
    fn cite(&mut self, tag: &Tag<'_>) {
        if tag.attributes.is_empty() {
            return;
        }
        if super::fold::begins_rest(tag) {
            self.block(false);
            self.line.push(CUT);
            self.block(false);
        }
        let class = tag.get("class").unwrap_or_default().to_ascii_lowercase();
        let cited = class.split(' ').any(|c| c == "gmail_attr" || c == "moz-cite-prefix");
        if cited && tag.name == "div" {
            self.quotes += 1;
            self.cited.push(self.divs);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "dl" => self.block(true),
            "ul" | "ol" | "menu" => {
                self.lists.pop();
                self.block(self.lists.is_empty());
            }
            "div" => {
                self.block(false);
                if self.cited.last() == Some(&self.divs) {
                    self.cited.pop();
                    self.quotes = self.quotes.saturating_sub(1);
                }
                self.divs = self.divs.saturating_sub(1);
            }
            "li" | "section" | "article" | "header" | "footer" | "address" | "center" | "main"
            | "form" | "fieldset" | "tr" | "dt" | "dd" | "caption" | "figure" | "figcaption"
            | "aside" | "nav" | "body" => self.block(false),
            "pre" | "listing" | "xmp" => {
                self.block(true);
                self.pre = self.pre.saturating_sub(1);
            }
            "blockquote" => {
                self.block(false);
                self.quotes = self.quotes.saturating_sub(1);
                self.block(true);
            }
            _ => {}
        }
    }

    fn item(&mut self) {
        self.block(false);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number = number.saturating_add(1);
                mark
            }
            _ => "- ".to_owned(),
        };
        let depth = self.lists.len().saturating_sub(1).min(8);
        self.line.push_str(&"  ".repeat(depth));
        self.line.push_str(&mark);
    }

    /// Ends the line; with `gap`, an empty one follows.
    fn block(&mut self, gap: bool) {
        if !self.line.trim().is_empty() {
            self.write_line();
        }
        self.line.clear();
        self.space = false;
        if gap && self.blank == 0 && !self.out.is_empty() {
            self.write_line();
        }
    }

    fn line_break(&mut self) {
        self.space = false;
        if self.line.trim().is_empty() {
            self.line.clear();
            if self.blank >= 2 {
                return;
            }
        }
        self.write_line();
    }

    fn write_line(&mut self) {
        let line = self.line.trim_end();
        let depth = self.quotes.min(20);
        if line.chars().eq([CUT]) {
            self.out.push(CUT);
        } else if !(line.is_empty() && self.out.is_empty()) {
            self.out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !line.is_empty() {
                self.out.push(' ');
            }
            self.out.push_str(line);
        } else {
            self.line.clear();
            return;
        }
        self.out.push('\n');
        self.blank = if line.is_empty() { self.blank + 1 } else { 0 };
        self.line.clear();
    }

    fn finish(mut self) -> String {
        self.block(false);
        let end = self.out.trim_end_matches(['\n', '>', ' ']).len();
        let quoted_tail = self.out.get(end..).is_some_and(|t| t.contains('>'));
        if !quoted_tail {
            self.out.truncate(end);
            if !self.out.is_empty() {
                self.out.push('\n');
            }
        }
        self.out
    }
}
