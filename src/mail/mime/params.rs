//! `value; name=value` headers: Content-Type and Content-Disposition, with the continuations
//! and charsets of RFC 2231, and encoded words where they should not be.

use crate::mail::{charset, transfer, words};

/// A parameterised header value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    /// The value before the parameters, lower case, such as `text/plain`.
    pub value: String,
    list: Vec<(String, Vec<u8>)>,
}

impl Params {
    /// Reads an unfolded value.
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let end = memchr::memchr(b';', text).unwrap_or(text.len());
        let (head, mut rest) = text.split_at(end);
        let mut head_words = head.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty());
        let mut value: Vec<u8> = head_words.next().unwrap_or_default().to_ascii_lowercase();
        let mut params = Self::default();
        // `text/ plain`, or a parameter without its semicolon.
        for word in head_words {
            if value.ends_with(b"/") || word.starts_with(b"/") {
                value.extend(word.to_ascii_lowercase());
            } else if word.contains(&b'=') {
                let at = head.len() - find_tail(head, word);
                params.read_list(head.get(at..).unwrap_or_default());
                break;
            }
        }
        if value.contains(&b'=') && !value.contains(&b'/') {
            params.read_list(head);
            value.clear();
        }
        String::from_utf8_lossy(&value).trim_matches('"').clone_into(&mut params.value);
        if let [b';', tail @ ..] = rest {
            rest = tail;
        }
        params.read_list(rest);
        params
    }

    fn read_list(&mut self, text: &[u8]) {
        let mut rest = text;
        while self.list.len() < 200 {
            rest = skip(rest, |b| b == b';' || b.is_ascii_whitespace());
            if rest.is_empty() {
                break;
            }
            let name_len = rest.iter().take_while(|b| !matches!(b, b'=' | b';')).count();
            let (name, after) = rest.split_at(name_len);
            let [b'=', after @ ..] = after else {
                rest = after;
                continue;
            };
            let after = skip(after, |b| b.is_ascii_whitespace());
            let (value, tail) = read_value(after);
            let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
            // `filename* =` and the like
            self.list.push((name.replace(' ', ""), value));
            rest = tail;
        }
    }

    /// A parameter, decoded; RFC 2231 forms win over plain ones.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.extended(name).or_else(|| {
            let raw = self.raw(name)?;
            let text = words::decode(raw, None);
            let text = words::one_line(&text);
            (!text.is_empty()).then_some(text)
        })
    }

    /// A parameter's bytes as written, without its quotes.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&[u8]> {
        self.list.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_slice())
    }

    /// `name*=charset'language'text` and `name*0=`, `name*1*=` (RFC 2231 §3, §4).
    fn extended(&self, name: &str) -> Option<String> {
        let mut pieces: Vec<(u32, bool, &[u8])> = self
            .list
            .iter()
            .filter_map(|(key, value)| {
                let tail = key.strip_prefix(name)?.strip_prefix('*')?;
                let encoded = tail.ends_with('*') || tail.is_empty();
                let tail = tail.trim_end_matches('*');
                let index = if tail.is_empty() { 0 } else { tail.parse().ok()? };
                Some((index, encoded, value.as_slice()))
            })
            .collect();
        if pieces.is_empty() {
            return None;
        }
        pieces.sort_by_key(|(index, ..)| *index);
        let mut charset_name = None;
        let mut bytes = Vec::new();
        for (position, (_, encoded, value)) in pieces.iter().enumerate() {
            let mut value = *value;
            if position == 0 && *encoded {
                let mut split = value.splitn(3, |b| *b == b'\'');
                if let (Some(set), Some(_), Some(text)) = (split.next(), split.next(), split.next())
                {
                    charset_name = Some(String::from_utf8_lossy(set).into_owned());
                    value = text;
                }
            }
            if *encoded {
                percent_decode(value, &mut bytes);
            } else {
                bytes.extend_from_slice(value);
            }
        }
        let text = if memchr::memmem::find(&bytes, b"=?").is_some() {
            words::decode(&bytes, charset_name.as_deref())
        } else {
            charset::decode(&bytes, charset_name.as_deref().filter(|c| !c.is_empty())).0
        };
        let text = words::one_line(&text);
        (!text.is_empty()).then_some(text)
    }
}

/// Length of `text` from where `word` begins (`word` is a slice of it).
fn find_tail(text: &[u8], word: &[u8]) -> usize {
    text.len() - memchr::memmem::find(text, word).unwrap_or(0)
}

fn skip(bytes: &[u8], what: impl Fn(u8) -> bool) -> &[u8] {
    let count = bytes.iter().take_while(|b| what(**b)).count();
    bytes.get(count..).unwrap_or_default()
}

/// A quoted or bare value and what follows it.
fn read_value(text: &[u8]) -> (Vec<u8>, &[u8]) {
    if let [b'"', inner @ ..] = text {
        let mut value = Vec::new();
        let mut rest = inner;
        loop {
            match rest {
                // A backslash escapes quotes and itself; Windows paths have others.
                [b'\\', quoted @ (b'"' | b'\\'), tail @ ..] => {
                    value.push(*quoted);
                    rest = tail;
                }
                [b'"', tail @ ..] => {
                    // Up to the next semicolon nothing more belongs here.
                    let next = memchr::memchr(b';', tail).unwrap_or(tail.len());
                    let between = tail.get(..next).unwrap_or_default();
                    if let Some(equals) = memchr::memchr(b'=', between) {
                        // The semicolon is missing: `name="a" charset=b`.
                        let _ = equals;
                        return (value, tail);
                    }
                    return (value, tail.get(next..).unwrap_or_default());
                }
                [other, tail @ ..] => {
                    value.push(*other);
                    rest = tail;
                }
                [] => return (value, rest),
            }
        }
    }
    let end = memchr::memchr(b';', text).unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    (value.trim_ascii().to_vec(), rest)
}

fn percent_decode(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let Some(byte) = transfer::hex_pair(*high, *low)
        {
            out.push(byte);
            rest = after;
        } else {
            out.push(*first);
            rest = tail;
        }
    }
}
