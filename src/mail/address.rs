//! Address lists (RFC 5322 §3.4), with comments, groups, encoded words and the many ways of
//! writing them wrongly.

use super::model::Address;
use super::words;

/// Reads an unfolded address list; at most `max` addresses.
#[must_use]
pub fn parse_list(value: &[u8], max: usize) -> Vec<Address> {
    let found = merge_commas(read_items(value, max));
    if found.iter().all(|a| !a.address.contains('@'))
        && memchr::memmem::find(value, b"=?").is_some()
    {
        // The whole of `Name <address>` was put into an encoded word.
        let decoded = words::decode(value, None);
        if decoded.contains('@') && memchr::memmem::find(decoded.as_bytes(), b"=?").is_none() {
            return merge_commas(read_items(decoded.as_bytes(), max));
        }
    }
    found
}

/// True when the name shows an address of another domain than the real one: what readers see
/// pretends to be somebody else.
#[must_use]
pub fn names_another(address: &Address) -> bool {
    let domain = |text: &str| text.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let Some(real) = domain(&address.address) else { return false };
    let name = address.name.as_deref().unwrap_or_default();
    name.split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c))
        .filter(|word| !word.starts_with('@'))
        .filter_map(domain)
        .filter(|shown| shown.split('.').count() > 1 && !shown.ends_with('.'))
        .any(|shown| {
            let within = |one: &str, other: &str| {
                one == other || one.strip_suffix(other).is_some_and(|rest| rest.ends_with('.'))
            };
            !within(&shown, &real) && !within(&real, &shown)
        })
}

/// `Doe, John <john@example.org>` without quotes is one person.
fn merge_commas(items: Vec<Address>) -> Vec<Address> {
    let mut out: Vec<Address> = Vec::with_capacity(items.len());
    let mut before: Option<String> = None;
    let pair = matches!(items.as_slice(), [first, second]
        if first.name.is_none() && !first.address.contains('@')
            && second.name.is_some() && second.address.contains('@'));
    for (index, mut item) in items.into_iter().enumerate() {
        if pair && index == 0 {
            item.name = Some(std::mem::take(&mut item.address));
        }
        if item.address.is_empty() {
            let name = item.name.unwrap_or_default();
            match &mut before {
                Some(before) => {
                    before.push_str(", ");
                    before.push_str(&name);
                }
                None => before = Some(name),
            }
            continue;
        }
        let name = match (before.take(), item.name) {
            (Some(b), Some(n)) => Some(format!("{b}, {n}")),
            (Some(b), None) if out.is_empty() => Some(b),
            (_, name) => name,
        };
        out.push(Address { name, address: item.address });
    }
    if let (true, Some(name)) = (out.is_empty(), before) {
        out.push(Address { name: Some(name), address: String::new() });
    }
    out
}

#[derive(Default)]
struct Item {
    phrase: Vec<u8>,
    comment: Vec<u8>,
    angle: Option<Vec<u8>>,
    quoted: bool,
    /// Whether phrase and angle have an `@`: they are too long to look each time.
    phrase_at: bool,
    angle_at: bool,
}

fn read_items(value: &[u8], max: usize) -> Vec<Address> {
    let mut out = Vec::new();
    let mut item = Item::default();
    let mut rest = value;
    let (mut quotes, mut comments) = (true, true);
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            b'"' if quotes => match read_quoted(tail) {
                Some((text, after)) => {
                    if item.phrase.is_empty() {
                        item.quoted = true;
                    }
                    // A quoted local part keeps its quotes.
                    if after.first() == Some(&b'@') {
                        item.phrase.push(b'"');
                        item.phrase.extend_from_slice(&text);
                        item.phrase.push(b'"');
                    } else {
                        item.phrase.extend_from_slice(&text);
                    }
                    item.phrase_at |= text.contains(&b'@');
                    rest = after;
                }
                None => quotes = false,
            },
            b'(' if comments && item.angle.is_none() => match read_comment(tail) {
                Some((text, after)) => {
                    if !item.comment.is_empty() {
                        item.comment.push(b' ');
                    }
                    item.comment.extend_from_slice(&text);
                    item.phrase.push(b' ');
                    rest = after;
                }
                None => comments = false,
            },
            b'<' => {
                let end = memchr::memchr2(b'>', b'<', tail).unwrap_or(tail.len());
                let (inner, after) = tail.split_at(end);
                if !item.angle_at {
                    item.angle_at = inner.contains(&b'@');
                    item.angle = Some(inner.to_vec());
                }
                rest = after.strip_prefix(b">").unwrap_or(after);
            }
            b',' | b';' => {
                out.extend(std::mem::take(&mut item).finish());
                if out.len() >= max {
                    return out;
                }
            }
            b':' if item.angle.is_none()
                && !item.phrase_at
                && !item
                    .phrase
                    .last_chunk()
                    .is_some_and(|end: &[u8; 6]| end.eq_ignore_ascii_case(b"mailto")) =>
            {
                // A group's name (RFC 5322 §3.4) is no address.
                item = Item::default();
            }
            other => {
                item.phrase_at |= *other == b'@';
                item.phrase.push(*other);
            }
        }
    }
    out.extend(item.finish());
    out
}

fn read_quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [b'\\', escaped, tail @ ..] => {
                out.push(*escaped);
                rest = tail;
            }
            [b'"', tail @ ..] => return Some((out, tail)),
            [other, tail @ ..] => {
                out.push(*other);
                rest = tail;
            }
            [] => return None,
        }
    }
}

fn read_comment(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut depth = 1_u32;
    loop {
        match rest {
            [b'\\', escaped, tail @ ..] => {
                out.push(*escaped);
                rest = tail;
            }
            [byte, tail @ ..] => {
                match byte {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return Some((out, tail));
                }
                out.push(*byte);
                rest = tail;
            }
            [] => return None,
        }
    }
}

impl Item {
    fn finish(self) -> Option<Address> {
        let phrase = self.phrase.trim_ascii();
        let name_of = |bytes: &[u8]| {
            let name = words::decode_line(bytes, None);
            let name = unquote(&name);
            (!name.is_empty()).then(|| name.to_owned())
        };
        let comment = || name_of(&self.comment);
        if let Some(angle) = &self.angle {
            let address = clean(angle);
            // `<>` and `"a@b.c" <>`
            if address.is_empty() && phrase.contains(&b'@') {
                return Some(Address { name: comment(), address: clean(phrase) });
            }
            let name = name_of(phrase).or_else(comment);
            return (!address.is_empty() || name.is_some()).then_some(Address { name, address });
        }
        if phrase.is_empty() {
            return None;
        }
        if phrase.contains(&b'@') {
            let words: Vec<&[u8]> =
                phrase.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).collect();
            // `Name name@example.org`; spaces around the @ are allowed.
            let at = words.iter().position(|w| w.contains(&b'@') && w.len() > 1);
            if let (Some(at), false) = (at, self.quoted && words.len() == 1) {
                let address = words.get(at).map(|w| clean(w)).unwrap_or_default();
                if address.starts_with('@') || address.ends_with('@') || words.len() == 1 {
                    return Some(Address { name: comment(), address: clean(phrase) });
                }
                let others: Vec<&[u8]> =
                    words.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, w)| *w).collect();
                let name = name_of(&others.join(&b' ')).or_else(comment);
                return Some(Address { name, address });
            }
            return Some(Address { name: comment(), address: clean(phrase) });
        }
        let text = words::decode_line(phrase, None);
        // One bare word may be a local user; several are a name whose address is missing.
        if !self.quoted && !text.contains(' ') && !text.is_empty() && text == phrase_text(phrase) {
            let is_address = !self.comment.is_empty() || text.is_ascii();
            if is_address {
                return Some(Address { name: comment(), address: text });
            }
        }
        (!text.is_empty()).then_some(Address { name: Some(text), address: String::new() })
    }
}

fn phrase_text(phrase: &[u8]) -> String {
    String::from_utf8_lossy(phrase).into_owned()
}

/// Drops white space, `mailto:`, an obsolete route (RFC 5322 §4.4) and stray quotes.
fn clean(bytes: &[u8]) -> String {
    let text = words::decode(bytes, None);
    let text = without_comments(&text);
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let mut text = text.trim_matches(['<', '>', ',', ';', '\'', '[', ']']);
    if text.get(..7).is_some_and(|p| p.eq_ignore_ascii_case("mailto:")) {
        text = text.get(7..).unwrap_or_default();
    }
    if text.starts_with('@')
        && let Some((_, tail)) = text.split_once(':')
    {
        text = tail;
    }
    let text = text.trim_end_matches('.');
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(inner) if inner.contains('@') => inner.to_owned(),
        _ => text.to_owned(),
    }
}

/// `pete(his account)@example.org(his host)` (RFC 5322 §3.2.2)
fn without_comments(text: &str) -> String {
    if text.matches('(').count() != text.matches(')').count() {
        return text.to_owned();
    }
    let mut depth = 0_u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn unquote(name: &str) -> &str {
    let name = name.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = name.strip_prefix(quote).and_then(|n| n.strip_suffix(quote))
            && !inner.is_empty()
        {
            return inner.trim();
        }
    }
    name
}
