//! Character references (HTML §13.2.5.72), in time linear in the text: a reference is looked
//! for in the few bytes behind its `&` only.

use std::borrow::Cow;

/// The longest name has 32 characters.
const LONGEST: usize = 34;
/// Those that are met without their semicolon.
const BARE: [(&str, char); 7] = [
    ("nbsp", '\u{a0}'),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("copy", '©'),
    ("reg", '®'),
];

/// The text that is meant.
#[must_use]
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.find('&').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let length = reference(from, &mut out);
        if length == 0 {
            out.push('&');
        }
        rest = from.get(length.max(1)..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes what the reference at the start of `from` stands for; its length, or 0 for none.
fn reference(from: &str, out: &mut String) -> usize {
    let head = from.as_bytes().get(1..from.len().min(LONGEST)).unwrap_or_default();
    if let [b'#', digits @ ..] = head {
        let (radix, digits, start) = match digits {
            [b'x' | b'X', hex @ ..] => (16, hex, 3),
            decimal => (10, decimal, 2),
        };
        let length = digits.iter().take_while(|b| char::from(**b).is_digit(radix)).count();
        let number = digits.get(..length).and_then(|d| std::str::from_utf8(d).ok());
        let Some(number) = number.filter(|n| !n.is_empty()) else { return 0 };
        let code = u32::from_str_radix(number, radix).unwrap_or(u32::MAX);
        out.push(character(code));
        let end = start + length;
        return end + usize::from(from.as_bytes().get(end) == Some(&b';'));
    }
    let name = head.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    if name == 0 {
        return 0;
    }
    if from.as_bytes().get(name + 1) == Some(&b';')
        && let Some(whole) = from.get(..name + 2)
    {
        let decoded = html_escape::decode_html_entities(whole);
        if decoded != whole {
            out.push_str(&decoded);
            return name + 2;
        }
    }
    let word = from.get(1..=name).unwrap_or_default();
    match BARE.iter().find(|(bare, _)| *bare == word) {
        Some((_, c)) if from.as_bytes().get(name + 1) != Some(&b'=') => {
            out.push(*c);
            name + 1
        }
        _ => 0,
    }
}

/// Numbers of windows-1252 stand for its characters (HTML §13.2.5.80).
fn character(code: u32) -> char {
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
        let bytes = [byte];
        let (text, _, _) = encoding_rs::WINDOWS_1252.decode(&bytes);
        return text.chars().next().unwrap_or('\u{fffd}');
    }
    char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn references_of_all_kinds() {
        for (text, expected) in [
            ("a &amp; b", "a & b"),
            ("&euro;&#8364;&#x20AC;&#128;", "€€€€"),
            ("&nbsp&lt", "\u{a0}<"),
            ("?a=1&copy=2", "?a=1&copy=2"),
            ("&unknown; & &;&#;&#x;", "&unknown; & &;&#;&#x;"),
            ("&#99999999999;&#0;&#xd800;", "\u{fffd}\u{fffd}\u{fffd}"),
            ("&#106avascript", "javascript"),
            ("&é;", "&é;"),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }
}
