//! How text and bytes travel in a mail: charsets, quoted-printable, base64, encoded words.
//!
//! Written apart from `mail`, on purpose: a generated mail must not be what our own composer
//! happens to make.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, ISO_2022_JP, ISO_8859_2, ISO_8859_15, UTF_8, WINDOWS_1252};

/// The charset of a mail's text, as its sender's program labels it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// `utf-8`.
    Utf8,
    /// `iso-8859-1`, which every program reads as windows-1252.
    Latin1,
    /// `iso-8859-2`.
    Latin2,
    /// `iso-8859-15`.
    Latin9,
    /// `windows-1252`.
    Windows,
    /// `iso-2022-jp`.
    Japanese,
}

impl Charset {
    /// The label in headers.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Latin1 => "iso-8859-1",
            Self::Latin2 => "iso-8859-2",
            Self::Latin9 => "iso-8859-15",
            Self::Windows => "windows-1252",
            Self::Japanese => "iso-2022-jp",
        }
    }

    const fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Latin1 | Self::Windows => WINDOWS_1252,
            Self::Latin2 => ISO_8859_2,
            Self::Latin9 => ISO_8859_15,
            Self::Japanese => ISO_2022_JP,
        }
    }

    /// The bytes of `text` in this charset.
    #[must_use]
    pub fn bytes(self, text: &str) -> Vec<u8> {
        self.encoding().encode(text).0.into_owned()
    }
}

/// Base64 in lines of 76 characters.
#[must_use]
pub fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 4 / 3 + bytes.len() / 40 + 4);
    for line in bytes.chunks(57) {
        out.extend_from_slice(STANDARD.encode(line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// Quoted-printable (RFC 2045, section 6.7) of text with `\n` line ends.
#[must_use]
pub fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    let mut width = 0;
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte == b'\n' {
            out.extend_from_slice(b"\r\n");
            width = 0;
            continue;
        }
        let last = rest.peek().is_none_or(|next| *next == b'\n');
        let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && !last);
        let need = if plain { 1 } else { 3 };
        if width + need > 75 {
            out.extend_from_slice(b"=\r\n");
            width = 0;
        }
        if plain {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
        }
        width += need;
    }
    out
}

/// Text for a header: as it is when ASCII, otherwise in encoded words (RFC 2047).
#[must_use]
pub fn header_text(text: &str, charset: Charset) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut piece = String::new();
    for character in text.chars() {
        // 45 bytes make 60 of base64, which with its label stays under 75.
        let longer = format!("{piece}{character}");
        if charset.bytes(&longer).len() > 42 {
            words.push(encoded_word(&piece, charset));
            piece = character.to_string();
        } else {
            piece = longer;
        }
    }
    words.push(encoded_word(&piece, charset));
    words.join("\r\n ")
}

fn encoded_word(text: &str, charset: Charset) -> String {
    format!("=?{}?B?{}?=", charset.label(), STANDARD.encode(charset.bytes(text)))
}

/// A display name and address for a header.
#[must_use]
pub fn mailbox(name: &str, address: &str, charset: Charset) -> String {
    if name.is_empty() {
        address.to_owned()
    } else if name.is_ascii() {
        format!("\"{name}\" <{address}>")
    } else {
        format!("{} <{address}>", header_text(name, charset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_within_the_rules() {
        let long = "café = €5 ".repeat(20) + "\nnext \n";
        let encoded = quoted_printable(long.as_bytes());
        for line in encoded.split(|byte| *byte == b'\n') {
            assert!(line.len() <= 77 && line.is_ascii());
            assert!(!line.ends_with(b" \r"), "a space at a line's end gets lost");
        }
    }

    #[test]
    fn encoded_words_are_short_and_read_back() {
        for (text, charset) in [
            (
                "Vraag over mijn bestelling: €24,95 teruggestort én nogmaals afgeschreven?",
                Charset::Latin9,
            ),
            ("ご注文の自転車について教えてください。よろしくお願いします。", Charset::Japanese),
            ("Zażółć gęślą jaźń", Charset::Latin2),
        ] {
            let header = header_text(text, charset);
            assert!(header.split("\r\n ").all(|word| word.len() <= 75), "{header}");
            let raw = format!("Subject: {header}\r\n\r\n.\r\n");
            let parsed = mail_parser::MessageParser::default().parse(raw.as_bytes());
            assert_eq!(parsed.as_ref().and_then(|mail| mail.subject()), Some(text));
        }
    }
}
