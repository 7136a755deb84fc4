//! Folder names for people: modified UTF-7 (RFC 3501 section 5.1.3) decoded. Commands use the name as
//! the server wrote it.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::IMAP_MUTF7, NO_PAD.with_decode_allow_trailing_bits(true));

/// Decodes a folder name; what is not valid stays as it is.
pub(super) fn decode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, shifted)) = rest.split_once('&') {
        out.push_str(before);
        let Some((coded, after)) = shifted.split_once('-') else {
            out.push('&');
            out.push_str(shifted);
            return out;
        };
        if coded.is_empty() {
            out.push('&');
        } else if let Some(text) = utf16(coded) {
            out.push_str(&text);
        } else {
            out.push('&');
            out.push_str(coded);
            out.push('-');
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn utf16(coded: &str) -> Option<String> {
    let bytes = BASE64.decode(coded).ok()?;
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    let units: Vec<u16> = pairs.iter().copied().map(u16::from_be_bytes).collect();
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn names_are_decoded_or_kept() {
        assert_eq!(decode("INBOX"), "INBOX");
        assert_eq!(decode("Entw&APw-rfe"), "Entwürfe");
        assert_eq!(decode("~peter/mail/&U,BTFw-/&ZeVnLIqe-"), "~peter/mail/台北/日本語");
        assert_eq!(decode("Q&-A"), "Q&A");
        for broken in ["&", "a&b", "&!!!-", "&AA-"] {
            assert_eq!(decode(broken), broken);
        }
    }
}
