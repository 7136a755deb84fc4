//! A tokenizer after the HTML standard (§13.2.5), with one difference: what is never closed
//! (a quote, a comment, `<style>`) does not swallow the rest, so that no text is lost.
//! Linear: a search that failed once is not made again.

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text with its character references.
    Text(&'a str),
    /// Text in which `&` means itself (`<xmp>`, `<plaintext>`).
    Raw(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag's name, lower case.
    End(String),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tag<'a> {
    /// Lower case.
    pub name: String,
    /// Names in lower case, values with their character references; at most 64.
    pub attributes: Vec<(String, &'a str)>,
}

impl Tag<'_> {
    /// An attribute's value, decoded.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        let (_, value) = self.attributes.iter().find(|(n, _)| n == name)?;
        Some(super::entities::decode(value).into_owned())
    }
}

const MOST_ATTRIBUTES: usize = 64;

/// Elements whose content is not HTML, and whether that content is text to show.
const RAW_TEXT: [(&str, bool); 9] = [
    ("script", false),
    ("style", false),
    ("title", false),
    ("iframe", false),
    ("noembed", false),
    ("noframes", false),
    ("textarea", true),
    ("xmp", true),
    ("template", false),
];

/// Cuts HTML into tokens.
#[derive(Debug)]
pub struct Tokens<'a> {
    rest: &'a str,
    raw_until: Option<(&'static str, bool)>,
    no_close: [bool; RAW_TEXT.len()],
    no_comment_end: bool,
    no_markup_end: bool,
    no_quote: [bool; 2],
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning of `html`.
    #[must_use]
    pub fn new(html: &'a str) -> Self {
        Self {
            rest: html,
            raw_until: None,
            no_close: [false; RAW_TEXT.len()],
            no_comment_end: false,
            no_markup_end: false,
            no_quote: [false; 2],
        }
    }

    fn take(&mut self, at: usize) -> &'a str {
        let (head, tail) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
        self.rest = tail;
        head
    }

    fn raw_text(&mut self, name: &'static str, shown: bool) -> Option<Token<'a>> {
        let slot = RAW_TEXT.iter().position(|(n, _)| *n == name)?;
        if self.no_close.get(slot).copied().unwrap_or(true) {
            return None;
        }
        if let Some(end) = find_close(self.rest, name) {
            let content = self.take(end);
            return (shown && !content.is_empty()).then_some(Token::Text(content));
        }
        if let Some(flag) = self.no_close.get_mut(slot) {
            *flag = true;
        }
        None
    }

    /// Skips `<!…>` and `<?…>`; false when it is only text.
    fn skip_markup(&mut self) {
        if let Some(body) = self.rest.strip_prefix("<!--") {
            if body.starts_with('>') || body.starts_with("->") {
                let end = body.find('>').unwrap_or(0) + 5;
                self.take(end);
                return;
            }
            if !self.no_comment_end {
                // One search for both ends: one for `--!>` alone would pass over all comments.
                let bytes = body.as_bytes();
                let end = memchr::memchr_iter(b'>', bytes).find(|at| {
                    let before = bytes.get(..*at).unwrap_or_default();
                    before.ends_with(b"--") || before.ends_with(b"--!")
                });
                if let Some(end) = end {
                    self.take(end + 5);
                    return;
                }
                self.no_comment_end = true;
            }
            self.take(4);
            return;
        }
        if !self.no_markup_end {
            if let Some(end) = find(self.rest, ">") {
                self.take(end + 1);
                return;
            }
            self.no_markup_end = true;
        }
        self.take(2);
    }

    fn tag(&mut self) -> Token<'a> {
        let closing = self.rest.starts_with("</");
        let from = self.rest.get(if closing { 2 } else { 1 }..).unwrap_or_default();
        let name_len = from.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>');
        let (name, mut rest) = from.split_at(name_len.unwrap_or(from.len()));
        let name = name.to_ascii_lowercase();
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            if rest.is_empty() {
                // Never closed: shown as it is, or its words would be lost.
                let all = self.take(self.rest.len());
                return Token::Raw(all);
            }
            let (attribute, after) = self.attribute(rest);
            rest = after;
            if attributes.len() < MOST_ATTRIBUTES
                && !attributes.iter().any(|(n, _)| *n == attribute.0)
            {
                attributes.push(attribute);
            }
        }
        self.rest = rest;
        if closing {
            return Token::End(name);
        }
        if let Some((raw, shown)) = RAW_TEXT.iter().find(|(n, _)| *n == name) {
            self.raw_until = Some((raw, *shown));
        }
        if name == "plaintext" {
            let all = self.take(self.rest.len());
            return Token::Raw(all);
        }
        Token::Start(Tag { name, attributes })
    }

    fn attribute(&mut self, text: &'a str) -> ((String, &'a str), &'a str) {
        // A `=` at the start is part of the name.
        let end = text
            .char_indices()
            .find(|(i, c)| {
                c.is_ascii_whitespace() || matches!(c, '/' | '>') || (*c == '=' && *i > 0)
            })
            .map_or(text.len(), |(i, _)| i);
        let (name, rest) = text.split_at(end);
        let name = name.to_ascii_lowercase();
        let after_space = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = after_space.strip_prefix('=') else { return ((name, ""), rest) };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        for (slot, quote) in ['"', '\''].into_iter().enumerate() {
            let Some(inner) = value.strip_prefix(quote) else { continue };
            if self.no_quote.get(slot).copied().unwrap_or(true) {
                continue;
            }
            if let Some((content, after)) = inner.split_once(quote) {
                return ((name, content), after);
            }
            if let Some(flag) = self.no_quote.get_mut(slot) {
                *flag = true;
            }
        }
        let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
        let (content, after) = value.split_at(end);
        ((name, content), after)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some((name, shown)) = self.raw_until.take()
                && let Some(token) = self.raw_text(name, shown)
            {
                return Some(token);
            }
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                let end = find(self.rest, "<").unwrap_or(self.rest.len());
                return Some(Token::Text(self.take(end)));
            }
            let mut ahead = self.rest.bytes().skip(1);
            match (ahead.next(), ahead.next()) {
                (Some(b'/'), Some(b'>')) => {
                    self.take(3);
                }
                (Some(b'/'), Some(c)) if c.is_ascii_alphabetic() => return Some(self.tag()),
                (Some(b'!' | b'?'), _) | (Some(b'/'), Some(_)) => self.skip_markup(),
                (Some(c), _) if c.is_ascii_alphabetic() => return Some(self.tag()),
                _ => return Some(Token::Text(self.take(1))),
            }
        }
    }
}

fn find(text: &str, what: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes(), what.as_bytes())
}

/// Where `</name` stands, in any case.
fn find_close(text: &str, name: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), b"</").find(|at| {
        let tail = text.as_bytes().get(at + 2..).unwrap_or_default();
        tail.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
            && tail
                .get(name.len())
                .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
    })
}
