//! What Google Takeout says of a mail in `X-Gmail-Labels`: one archive holds all folders.

use crate::mail::words;

/// Of a mail's head this much is searched.
const HEAD: usize = 64 << 10;

/// Labels of mail that is no correspondence, in the languages of our users, lower case, with
/// the reason in the ledger.
const UNWANTED: [(&str, &str); 10] = [
    ("spam", "spam"),
    ("trash", "trash"),
    ("bin", "trash"),
    ("prullenbak", "trash"),
    ("papierkorb", "trash"),
    ("corbeille", "trash"),
    ("drafts", "draft"),
    ("concepten", "draft"),
    ("entw\u{fc}rfe", "draft"),
    ("brouillons", "draft"),
];

/// Why a mail is left out, if it is.
pub(super) fn unwanted(raw: &[u8]) -> Option<&'static str> {
    let labels = words::decode_line(&field(raw)?, None).to_lowercase();
    let mut labels = labels.split(',').map(|label| label.trim().trim_matches('"'));
    labels.find_map(|label| {
        UNWANTED.iter().find(|(unwanted, _)| *unwanted == label).map(|(_, reason)| *reason)
    })
}

/// The field's value with its folds undone.
fn field(raw: &[u8]) -> Option<Vec<u8>> {
    const NAME: &[u8] = b"x-gmail-labels:";
    let head = raw.get(..HEAD.min(raw.len()))?;
    let mut value: Option<Vec<u8>> = None;
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let folded = matches!(line.first(), Some(b' ' | b'\t'));
        match &mut value {
            Some(value) if folded => value.extend_from_slice(line),
            Some(_) => break,
            None if line.is_empty() => break,
            None => {
                let name = line.get(..NAME.len());
                if name.is_some_and(|name| name.eq_ignore_ascii_case(NAME)) {
                    value = line.get(NAME.len()..).map(<[u8]>::to_vec);
                }
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spam_trash_and_drafts_are_left_out() {
        let of = |labels: &str| {
            unwanted(format!("From: a@example.org\r\n{labels}\r\nX: y\r\n\r\nbody").as_bytes())
        };
        assert_eq!(of("X-Gmail-Labels: Inbox,Important"), None);
        assert_eq!(of("X-Gmail-Labels: Spam,Unread"), Some("spam"));
        assert_eq!(of("X-GMail-Labels: Important,\r\n Prullenbak"), Some("trash"));
        assert_eq!(of("X-Gmail-Labels: =?UTF-8?Q?Entw=C3=BCrfe,Ge=C3=B6ffnet?="), Some("draft"));
        assert_eq!(of("X-Gmail-Labels: \"Spam report\""), None);
        assert_eq!(unwanted(b"From: a\n\nX-Gmail-Labels: Spam\n"), None, "it is the body");
    }
}
