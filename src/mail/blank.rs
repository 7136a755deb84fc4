//! Takes a person out of the head of somebody else's mail: each header field that names them is
//! filled with `x`, byte for byte, so that every part of the mail stays where it was.

/// The mail with the values of such fields blanked; nothing when no field names any of `addresses`
/// (in lower case). Only the mail's own head is looked at: what it encloses is its sender's text.
#[must_use]
pub fn blank_fields(raw: &[u8], addresses: &[String]) -> Option<Vec<u8>> {
    let mut out = raw.to_vec();
    let mut found = false;
    let mut start = 0;
    while let Some(end) = field_end(raw, start) {
        let field = raw.get(start..end).unwrap_or_default();
        if names(field, addresses) {
            found = true;
            let value = field.iter().position(|byte| *byte == b':').map_or(0, |at| at + 1);
            for byte in out.get_mut(start + value..end).unwrap_or_default() {
                if !matches!(byte, b'\r' | b'\n' | b' ' | b'\t') {
                    *byte = b'x';
                }
            }
        }
        start = end;
    }
    found.then_some(out)
}

/// Whether the field `name` (in lower case) of the mail's head names any of `addresses`.
#[must_use]
pub fn field_names(raw: &[u8], fields: &[&str], addresses: &[String]) -> bool {
    let mut start = 0;
    while let Some(end) = field_end(raw, start) {
        let field = raw.get(start..end).unwrap_or_default();
        let name = field.split(|byte| *byte == b':').next().unwrap_or_default();
        let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        if fields.contains(&name.as_str()) && names(field, addresses) {
            return true;
        }
        start = end;
    }
    false
}

/// The addresses in the fields of these names (in lower case) of the mail's head, in lower case.
#[must_use]
pub fn addresses_in(raw: &[u8], fields: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(end) = field_end(raw, start) {
        let field = raw.get(start..end).unwrap_or_default();
        let mut parts = field.splitn(2, |byte| *byte == b':');
        let name = String::from_utf8_lossy(parts.next().unwrap_or_default());
        if fields.contains(&name.trim().to_ascii_lowercase().as_str()) {
            let words = parts.next().unwrap_or_default().split(|byte| !is_of_address(*byte));
            let address = words.filter(|word| word.contains(&b'@'));
            found.extend(
                address.map(|word| {
                    String::from_utf8_lossy(word).trim_matches('.').to_ascii_lowercase()
                }),
            );
        }
        start = end;
    }
    found
}

/// Where the field that begins at `start` ends, its folded lines included; nothing at the end of
/// the head.
fn field_end(raw: &[u8], start: usize) -> Option<usize> {
    let line_end = |from: usize| {
        let rest = raw.get(from..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(raw.len(), |at| from + at + 1)
    };
    let first = raw.get(start..)?;
    if first.is_empty() || first.starts_with(b"\n") || first.starts_with(b"\r\n") {
        return None;
    }
    let mut end = line_end(start);
    while raw.get(end).is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
        end = line_end(end);
    }
    Some(end)
}

fn names(field: &[u8], addresses: &[String]) -> bool {
    let field = field.to_ascii_lowercase();
    addresses.iter().any(|address| {
        memchr::memmem::find_iter(&field, address.as_bytes()).any(|at| {
            let before = at.checked_sub(1).and_then(|at| field.get(at));
            let after = field.get(at + address.len());
            !before.copied().is_some_and(is_of_address)
                && !after.copied().is_some_and(is_of_address)
        })
    })
}

/// A byte that would make it another, longer address.
fn is_of_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'@')
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"From: Bert <bert@example.net>\r\nTo: Us <us@desk.test>,\r\n \
        Anna <Anna@Example.net>\r\nCc: joanna@example.net\r\n\r\nDear anna@example.net\r\n";

    #[test]
    fn a_field_that_names_them_is_blanked_and_nothing_moves() {
        let addresses = ["anna@example.net".to_owned()];
        let blank = blank_fields(MAIL, &addresses).unwrap();
        assert_eq!(blank.len(), MAIL.len());
        let text = String::from_utf8(blank).unwrap();
        assert!(text.starts_with("From: Bert <bert@example.net>\r\nTo: xx"), "{text}");
        assert!(text.contains("\r\n xxxx"), "{text}");
        assert!(text.contains("Cc: joanna@example.net\r\n\r\nDear anna@example.net"), "{text}");
        assert_eq!(blank_fields(MAIL, &["nobody@example.net".to_owned()]), None);
    }

    #[test]
    fn addresses_of_the_named_fields_are_found() {
        assert_eq!(addresses_in(MAIL, &["from"]), ["bert@example.net"]);
        assert_eq!(addresses_in(MAIL, &["to"]), ["us@desk.test", "anna@example.net"]);
        assert_eq!(addresses_in(MAIL, &["reply-to"]), [""; 0]);
    }

    #[test]
    fn only_the_named_fields_are_looked_at() {
        let addresses = ["anna@example.net".to_owned()];
        assert!(field_names(MAIL, &["to"], &addresses));
        assert!(!field_names(MAIL, &["from", "cc"], &addresses));
    }
}
