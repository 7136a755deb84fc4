//! Bytes to text: valid UTF-8, else as declared, else recognised, else replaced. Never fails.

use encoding_rs::Encoding;

/// Decodes `bytes`, for which the mail declared `label`. The flag is true when characters
/// had to be replaced.
#[must_use]
pub fn decode(bytes: &[u8], label: Option<&str>) -> (String, bool) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        let (text, bad) =
            encoding.decode_without_bom_handling(bytes.get(bom..).unwrap_or_default());
        return (without_nul(text.into_owned()), bad);
    }
    let label = label.map(normalise_label).filter(|label| !label.is_empty());
    let label = label.as_deref();
    let declared = label.and_then(find);
    // Encodings that are written in ASCII bytes only would pass as UTF-8.
    let seven_bit = declared == Some(encoding_rs::ISO_2022_JP)
        || declared.is_some_and(|e| {
            e == encoding_rs::UTF_16LE
                || e == encoding_rs::UTF_16BE
                || e == encoding_rs::REPLACEMENT
        })
        || matches!(label, Some("utf-7" | "unicode-1-1-utf-7" | "hz-gb-2312" | "iso-2022-kr"));
    if !seven_bit
        && let Ok(text) = std::str::from_utf8(bytes)
        && !(text.contains("\u{1b}$B") || text.contains("\u{1b}(J") || text.contains("\u{1b}$@"))
        && !(is_cjk(declared) && only_two_byte_sequences(bytes))
    {
        return (without_nul(text.to_owned()), false);
    }
    decode_other(bytes, label, declared)
}

fn decode_other(
    bytes: &[u8],
    label: Option<&str>,
    declared: Option<&'static Encoding>,
) -> (String, bool) {
    let mut first: Option<String> = None;
    if let Some(encoding) = declared.filter(|e| *e != encoding_rs::REPLACEMENT) {
        let (text, bad) = encoding.decode_without_bom_handling(bytes);
        if !bad {
            return (without_nul(text.into_owned()), false);
        }
        first = Some(text.into_owned());
    } else if let Some(decoder) =
        label.and_then(|l| mail_parser::decoders::charsets::map::charset_decoder(l.as_bytes()))
    {
        return (without_nul(decoder(bytes)), false);
    }
    if let Some(encoding) = recognise(bytes) {
        let (text, bad) = encoding.decode_without_bom_handling(bytes);
        if !bad {
            return (without_nul(text.into_owned()), false);
        }
    }
    if let Some(text) = first
        && declared != Some(encoding_rs::UTF_8)
    {
        return (without_nul(text), true);
    }
    // UTF-8 with a few broken characters stays UTF-8; otherwise it is most likely Western.
    let lossy = String::from_utf8_lossy(bytes);
    let replaced = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    let good = lossy.chars().filter(|c| !c.is_ascii()).count().saturating_sub(replaced);
    if good >= replaced && good > 0 {
        return (without_nul(lossy.into_owned()), true);
    }
    let (text, _, _) = encoding_rs::WINDOWS_1252.decode(bytes);
    (without_nul(text.into_owned()), declared.is_some())
}

fn normalise_label(label: &str) -> String {
    let label = label.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    label.split('*').next().unwrap_or_default().to_owned()
}

/// The encoding behind a label, with the names that the WHATWG list does not know.
fn find(label: &str) -> Option<&'static Encoding> {
    if let Some(found) = Encoding::for_label(label.as_bytes()) {
        return Some(found);
    }
    let squeezed: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(match squeezed.as_str() {
        "cp932" | "mscp932" | "sjis" | "sjiswin" | "windows932" | "shiftjisx0213" => {
            encoding_rs::SHIFT_JIS
        }
        "cp936" | "windows936" | "gbk2312" | "ms936" => encoding_rs::GBK,
        "cp949" | "windows949" | "ksc5601" | "uhc" | "ms949" => encoding_rs::EUC_KR,
        "cp950" | "windows950" | "ms950" => encoding_rs::BIG5,
        "cp50220" | "cp50221" | "iso2022jp1" | "iso2022jp2" | "iso2022jpms" => {
            encoding_rs::ISO_2022_JP
        }
        "eucjpms" | "cp51932" => encoding_rs::EUC_JP,
        "utf8" | "utf8mb4" | "xutf8" => encoding_rs::UTF_8,
        "latin1" | "iso88591" | "iso885901" => encoding_rs::WINDOWS_1252,
        _ => {
            let digits = squeezed
                .strip_prefix("windows")
                .or_else(|| squeezed.strip_prefix("win"))
                .or_else(|| squeezed.strip_prefix("cp"))
                .or_else(|| squeezed.strip_prefix("ansi"))?;
            let label = if digits.len() == 4 && digits.starts_with("125") {
                format!("windows-{digits}")
            } else {
                return None;
            };
            return Encoding::for_label(label.as_bytes());
        }
    })
}

fn is_cjk(encoding: Option<&'static Encoding>) -> bool {
    encoding.is_some_and(|e| {
        [
            encoding_rs::GBK,
            encoding_rs::GB18030,
            encoding_rs::BIG5,
            encoding_rs::EUC_KR,
            encoding_rs::EUC_JP,
            encoding_rs::SHIFT_JIS,
        ]
        .contains(&e)
    })
}

/// A few words of GBK or EUC-KR may be valid UTF-8 by chance, but never with the
/// three-byte sequences that Chinese, Japanese and Korean have in UTF-8.
fn only_two_byte_sequences(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && !bytes.iter().any(|b| *b >= 0xe0)
}

/// Encodings that give themselves away.
fn recognise(bytes: &[u8]) -> Option<&'static Encoding> {
    let has = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    if has(b"\x1b$B") || has(b"\x1b(J") || has(b"\x1b$@") {
        return Some(encoding_rs::ISO_2022_JP);
    }
    None
}

fn without_nul(text: String) -> String {
    if memchr::memchr(0, text.as_bytes()).is_some() { text.replace('\0', "") } else { text }
}
