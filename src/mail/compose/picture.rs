//! How large a picture is, from its first bytes. Outlook shows a picture without a width in its own
//! size, however wide the window is.

/// Width in pixels of a PNG, GIF, JPEG or WebP.
pub(super) fn width(bytes: &[u8]) -> Option<u32> {
    let wide = match bytes {
        [0x89, b'P', b'N', b'G', ..] => big_endian(bytes.get(16..20)?),
        [b'G', b'I', b'F', b'8', ..] => little_endian(bytes.get(6..8)?),
        [0xFF, 0xD8, ..] => jpeg(bytes)?,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes)?,
        _ => return None,
    };
    (wide > 0).then_some(wide)
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

fn little_endian(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// The frame header is behind other segments (ITU T.81, annex B).
fn jpeg(bytes: &[u8]) -> Option<u32> {
    let mut at = 2;
    loop {
        let (marker, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if marker != 0xFF {
            return None;
        }
        match kind {
            0xFF => at += 1,
            // Start of frame; the others in this range are tables.
            0xC0..=0xCF if !matches!(kind, 0xC4 | 0xC8 | 0xCC) => {
                return Some(big_endian(bytes.get(at + 7..at + 9)?));
            }
            0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 | 0xDA => return None,
            _ => at += 2 + usize::try_from(big_endian(bytes.get(at + 2..at + 4)?)).ok()?,
        }
    }
}

/// Lossy, lossless and extended files each say it elsewhere (RFC 9649, section 2).
fn webp(bytes: &[u8]) -> Option<u32> {
    match bytes.get(12..16)? {
        b"VP8 " => Some(little_endian(bytes.get(26..28)?) & 0x3FFF),
        b"VP8L" => Some((little_endian(bytes.get(21..25)?) & 0x3FFF) + 1),
        b"VP8X" => Some(little_endian(bytes.get(24..27)?) + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_of_each_kind_is_read() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\xb0\0\0\0\x01";
        assert_eq!(width(png), Some(1_200));
        assert_eq!(width(b"GIF89a\x40\x01\xf0\0"), Some(320));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc4\0\x03x\xff\xc2\0\x11\x08\0\x10\x03\x20\x03";
        assert_eq!(width(jpeg), Some(800));
        let head = b"RIFF\0\0\0\0WEBP".to_vec();
        let lossy = [&head[..], b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x2c\x41\0\0"].concat();
        assert_eq!(width(&lossy), Some(300));
        let lossless = [&head[..], b"VP8L\0\0\0\0\x2f\x2b\x01\0\0"].concat();
        assert_eq!(width(&lossless), Some(300));
        let extended = [&head[..], b"VP8X\x0a\0\0\0\0\0\0\0\x2b\x01\0\0\0\0"].concat();
        assert_eq!(width(&extended), Some(300));
    }

    #[test]
    fn what_is_cut_short_or_unknown_has_none() {
        for bytes in
            [&b""[..], b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xff\xd8ab", b"BM\0\0", b"<svg"]
        {
            assert_eq!(width(bytes), None, "{bytes:?}");
        }
    }
}
