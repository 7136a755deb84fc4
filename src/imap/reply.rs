//! Takes one whole reply apart (RFC 3501 sections 7 and 9). Items that we do not know are kept or
//! passed over, never an error.

use bytes::Bytes;

use super::ImapError;

/// Lists inside lists. BODYSTRUCTURE of a hostile mail nests without end; we never ask for it.
const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
}

/// A response code: `[UIDVALIDITY 3]` is name `UIDVALIDITY`, rest `3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) name: String,
    pub(super) rest: String,
}

/// A status reply, tagged or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) status: Status,
    pub(super) code: Option<Code>,
    pub(super) text: String,
}

impl Done {
    pub(super) fn has_code(&self, names: &[&str]) -> bool {
        self.code.as_ref().is_some_and(|code| names.contains(&code.name.as_str()))
    }
}

/// A value of IMAP's grammar. Strings share the reply's memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Nil,
    Atom(Bytes),
    Text(Bytes),
    List(Vec<Value>),
}

impl Value {
    pub(super) fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Atom(bytes) | Self::Text(bytes) => Some(bytes),
            Self::Nil | Self::List(_) => None,
        }
    }

    pub(super) fn string(&self) -> Option<String> {
        self.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    pub(super) fn number<T: std::str::FromStr>(&self) -> Option<T> {
        std::str::from_utf8(self.bytes()?).ok()?.parse().ok()
    }

    pub(super) fn list(&self) -> Option<&[Value]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.bytes().is_some_and(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// `+ text`
    Continue(String),
    /// `A12 OK …`
    Tagged(String, Done),
    /// `* OK …`
    Status(Done),
    /// `* 12 EXISTS`
    Exists(u32),
    /// `* 12 EXPUNGE`, also VANISHED
    Expunge,
    /// `* 12 FETCH (…)`: names and values in turns.
    Fetch(Vec<Value>),
    /// `* SEARCH 1 2 3`
    Search(Vec<u32>),
    /// Any other: its name in capitals, its values.
    Data(String, Vec<Value>),
}

/// Takes a reply apart. Only the outermost form can be wrong; the rest is read as far as it goes.
pub(super) fn parse(raw: &Bytes) -> Result<Reply, ImapError> {
    let line = raw.strip_suffix(b"\n").unwrap_or(raw);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if let Some(rest) = line.strip_prefix(b"+") {
        return Ok(Reply::Continue(String::from_utf8_lossy(rest).trim().to_owned()));
    }
    let (tag, rest) = split(line);
    let (word, text) = split(rest);
    if word.is_empty() {
        return Err(ImapError::Protocol("a reply without a word"));
    }
    let untagged = tag == b"*";
    if let Some(status) = status(word) {
        let done = done(status, text);
        let tag = String::from_utf8_lossy(tag).into_owned();
        return Ok(if untagged { Reply::Status(done) } else { Reply::Tagged(tag, done) });
    }
    if !untagged {
        return Err(ImapError::Protocol("a tagged reply without a result"));
    }
    // A rest is the line's tail: where it begins in `raw`, so that values can share its memory.
    let offset = |rest: &[u8]| line.len() - rest.len();
    if let Some(number) = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok()) {
        let (kind, rest) = split(text);
        return Ok(match kind.to_ascii_uppercase().as_slice() {
            b"EXISTS" => Reply::Exists(number),
            b"EXPUNGE" => Reply::Expunge,
            b"FETCH" => {
                let mut values = Reader { raw, at: offset(rest), depth: 0 }.values();
                match values.pop() {
                    Some(Value::List(items)) if values.is_empty() => Reply::Fetch(items),
                    _ => Reply::Fetch(Vec::new()),
                }
            }
            other => Reply::Data(String::from_utf8_lossy(other).into_owned(), Vec::new()),
        });
    }
    Ok(match word.to_ascii_uppercase().as_slice() {
        b"SEARCH" => Reply::Search(numbers(text)),
        b"VANISHED" => Reply::Expunge,
        name => Reply::Data(
            String::from_utf8_lossy(name).into_owned(),
            Reader { raw, at: offset(text), depth: 0 }.values(),
        ),
    })
}

fn split(line: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b' ', line) {
        Some(at) => (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default()),
        None => (line, &[]),
    }
}

fn status(word: &[u8]) -> Option<Status> {
    Some(match word.to_ascii_uppercase().as_slice() {
        b"OK" => Status::Ok,
        b"NO" => Status::No,
        b"BAD" => Status::Bad,
        b"BYE" => Status::Bye,
        b"PREAUTH" => Status::PreAuth,
        _ => return None,
    })
}

fn done(status: Status, text: &[u8]) -> Done {
    let text = String::from_utf8_lossy(text);
    let coded = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((code, said)) = coded else {
        return Done { status, code: None, text: text.trim().to_owned() };
    };
    let (name, rest) = code.split_once(' ').unwrap_or((code, ""));
    let code = Code { name: name.to_ascii_uppercase(), rest: rest.trim().to_owned() };
    Done { status, code: Some(code), text: said.trim().to_owned() }
}

fn numbers(text: &[u8]) -> Vec<u32> {
    let words = text.split(|b| *b == b' ');
    // A trailing `(MODSEQ n)` (RFC 7162) is not a UID.
    words
        .take_while(|word| !word.starts_with(b"("))
        .filter_map(|word| std::str::from_utf8(word).ok()?.parse().ok())
        .collect()
}

struct Reader<'a> {
    raw: &'a Bytes,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.raw.get(self.at).copied()
    }

    fn values(&mut self) -> Vec<Value> {
        let mut values = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\r' | b'\n' => self.at += 1,
                b')' => break,
                b'(' if self.depth >= MAX_DEPTH => break,
                b'(' => {
                    self.at += 1;
                    self.depth += 1;
                    values.push(Value::List(self.values()));
                    self.depth -= 1;
                    if self.peek() != Some(b')') {
                        break;
                    }
                    self.at += 1;
                }
                b'"' => values.push(Value::Text(self.quoted())),
                b'{' => values.push(self.literal()),
                _ => values.push(self.atom()),
            }
        }
        values
    }

    fn quoted(&mut self) -> Bytes {
        self.at += 1;
        let start = self.at;
        let mut unescaped: Option<Vec<u8>> = None;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => break,
                b'\\' => {
                    let so_far = || self.raw.get(start..self.at).unwrap_or_default().to_vec();
                    let text = unescaped.get_or_insert_with(so_far);
                    self.at += 1;
                    text.extend(self.raw.get(self.at));
                }
                _ => {
                    if let Some(text) = &mut unescaped {
                        text.push(byte);
                    }
                }
            }
            self.at += 1;
        }
        let end = self.at.min(self.raw.len());
        self.at += 1;
        unescaped.map_or_else(|| self.raw.slice(start.min(end)..end), Bytes::from)
    }

    fn literal(&mut self) -> Value {
        let rest = self.raw.get(self.at..).unwrap_or_default();
        let Some(line) = memchr::memchr(b'\n', rest) else { return self.atom() };
        let digits: Vec<u8> = rest
            .get(1..line)
            .unwrap_or_default()
            .iter()
            .copied()
            .take_while(u8::is_ascii_digit)
            .collect();
        let Some(length) = std::str::from_utf8(&digits).ok().and_then(|d| d.parse::<usize>().ok())
        else {
            return self.atom();
        };
        let start = self.at + line + 1;
        let end = start.saturating_add(length).min(self.raw.len());
        self.at = end;
        Value::Text(self.raw.slice(start.min(end)..end))
    }

    /// An atom, a number, a flag, or an item name such as `BODY[HEADER.FIELDS (TO)]<0>`.
    fn atom(&mut self) -> Value {
        let start = self.at;
        let mut brackets = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'\r' | b'\n' => break,
                b' ' | b'(' | b')' | b'"' if brackets == 0 && self.at > start => break,
                _ => {}
            }
            self.at += 1;
        }
        if self.at == start {
            self.at += 1; // a stray byte must not stop the reader
        }
        let atom = self.raw.slice(start..self.at.min(self.raw.len()));
        if atom.eq_ignore_ascii_case(b"NIL") { Value::Nil } else { Value::Atom(atom) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &'static str) -> Reply {
        parse(&Bytes::from_static(text.as_bytes())).unwrap()
    }

    fn atom(text: &'static str) -> Value {
        Value::Atom(Bytes::from_static(text.as_bytes()))
    }

    fn text(text: &'static str) -> Value {
        Value::Text(Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn status_replies_have_code_and_text() {
        let Reply::Tagged(tag, done) = read("A7 no [authenticationfailed] Go away.\r\n") else {
            panic!("not tagged")
        };
        assert_eq!((tag.as_str(), done.status), ("A7", Status::No));
        assert!(done.has_code(&["AUTHENTICATIONFAILED"]));
        assert_eq!(done.text, "Go away.");
        let Reply::Status(done) = read("* OK [UIDVALIDITY 3857529045] UIDs valid\r\n") else {
            panic!("not a status")
        };
        assert_eq!(done.code.unwrap().rest, "3857529045");
        assert_eq!(read("+ eyJ9\r\n"), Reply::Continue("eyJ9".into()));
        assert_eq!(read("+\r\n"), Reply::Continue(String::new()));
    }

    #[test]
    fn numbers_and_lists_are_read() {
        assert_eq!(read("* 23 EXISTS\r\n"), Reply::Exists(23));
        assert_eq!(
            read("* SEARCH 2 84 882 (MODSEQ 917162500)\r\n"),
            Reply::Search(vec![2, 84, 882])
        );
        assert_eq!(read("* SEARCH\r\n"), Reply::Search(vec![]));
        let list = vec![
            Value::List(vec![atom("\\HasNoChildren"), atom("\\Sent")]),
            text("/"),
            text("a \"b\" \\c"),
        ];
        assert_eq!(
            read("* LIST (\\HasNoChildren \\Sent) \"/\" \"a \\\"b\\\" \\\\c\"\r\n"),
            Reply::Data("LIST".into(), list)
        );
    }

    #[test]
    fn fetch_items_survive_unknown_neighbours() {
        let Reply::Fetch(items) = read(
            "* 12 FETCH (X-NEW (a (b \"c\")) INTERNALDATE NIL UID 7 BODY[]<0> {6}\r\n)\r\n(\r\n \
             BODY[HEADER.FIELDS (TO)] \"x\" FLAGS (\\Seen))\r\n",
        ) else {
            panic!("not a FETCH")
        };
        let names: Vec<_> = items.iter().step_by(2).filter_map(Value::string).collect();
        assert_eq!(
            names,
            ["X-NEW", "INTERNALDATE", "UID", "BODY[]<0>", "BODY[HEADER.FIELDS (TO)]", "FLAGS"]
        );
        assert_eq!(items.get(7), Some(&text(")\r\n(\r\n")));
    }

    #[test]
    fn deep_nesting_ends_the_reading() {
        let mut hostile = b"* 1 FETCH ".to_vec();
        hostile.extend(std::iter::repeat_n(b'(', 1_000_000));
        assert!(parse(&Bytes::from(hostile)).is_ok());
    }

    proptest! {
        #[test]
        fn no_reply_makes_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
            for head in ["* 1 FETCH (", "* LIST ", "* SEARCH ", "* OK [", "A1 ", "* ", ""] {
                let mut raw = head.as_bytes().to_vec();
                raw.extend(&tail);
                let _ = parse(&Bytes::from(raw));
            }
        }
    }
}
